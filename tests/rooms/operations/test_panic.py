"""In an emergency everything stops at once, whatever else hangs; what the journal cannot be told, it is told later."""

import gc
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connections
from django.test import Client

from killed import Killed
from people import NOW, PASSPHRASE, Hire
from tocsin.accounts import actions as accounts
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.models import Session
from tocsin.casework import actions as casework
from tocsin.casework.models import CaseFile
from tocsin.cli.site import panic as commands
from tocsin.core.errors import BadRequest, CannotOpen, Frozen, Unreachable
from tocsin.core.records import from_yaml
from tocsin.dispatch import halting
from tocsin.journal.models import Entry
from tocsin.journal.queries import verify
from tocsin.operations import ballast, panic
from tocsin.operations.settling import settle
from tocsin.vault import emergency, slots
from tocsin.vault import queries as keys
from tocsin.vault.actions import LONGEST_GRANT
from tocsin.vault.models import Grant, Slot

# A database that somebody holds refuses the first word of a connection, which Django then drops without closing it:
# since 3.13 Python warns of that, whenever it finds it.
pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning"),
]
CASE = from_yaml(Path(__file__).parents[1].joinpath("casework/case.yaml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def dropped_connections_are_found_here() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def lead(hire: Hire) -> NewAccount:
    return hire("tomas", "case_lead")


@pytest.fixture
def case(lead: NewAccount) -> casework.OpenCase:
    return casework.open_new_case(lead.actor, CASE, reason="a report", now=NOW)


def signed_in(person: NewAccount) -> bytes:
    return accounts.open_session(accounts.Account.objects.get(id=person.actor.id), person.actor.ring, now=NOW)


@contextmanager
def held(alias: str, tables: str) -> Iterator[None]:
    """Let somebody else hold a database so that it can be neither written nor, on PostgreSQL, these tables read."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
        return
    import psycopg

    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute(f"LOCK TABLE {tables}")
        yield
        other.rollback()


def main_database_held() -> AbstractContextManager[None]:
    return held("default", "journal_head, accounts_session, casework_casefile, vault_grant")


def kinds() -> list[str]:
    entries = Entry.objects.filter(kind__startswith="site.panic").exclude(kind="site.panic.begun")
    return list(entries.order_by("number").values_list("kind", flat=True))


def test_a_lock_ends_every_session_even_one_whose_row_and_cookie_were_copied(lead: NewAccount, tmp_path: Path) -> None:
    cookie = signed_in(lead)
    stolen = Session.objects.get()
    assert accounts.resume(cookie, now=NOW) is not None, "the control"
    assert panic.stop(emergency.lock, tmp_path, now=NOW)
    assert accounts.resume(cookie, now=NOW) is None
    stolen.save(force_insert=True)
    with pytest.raises(CannotOpen):
        accounts.resume(cookie, now=NOW)
    assert accounts.resume(signed_in(lead), now=NOW) is not None
    assert kinds() == ["site.panic.locked"]


def test_a_frozen_site_does_nothing_until_it_is_lifted(
    lead: NewAccount, hire: Hire, case: casework.OpenCase, tmp_path: Path
) -> None:
    colleague, ends_at = hire("amina", "verifier").actor, NOW + LONGEST_GRANT
    grants = Grant.objects.count()
    panic.stop(emergency.freeze, tmp_path, now=NOW)
    actions = [
        lambda: signed_in(lead),
        lambda: accounts.sign_in("tomas", PASSPHRASE, "000000", now=NOW),
        lambda: casework.read_case(lead.actor, case.id, now=NOW),
        lambda: casework.save_case(lead.actor, case, CASE, now=NOW),
        lambda: casework.open_new_case(lead.actor, CASE, reason="another", now=NOW),
        lambda: casework.give_access(
            lead.actor, case.id, "facts", colleague.id, reason="to read", ends_at=ends_at, now=NOW
        ),
        lambda: casework.shred_case(lead.actor, case.id, now=NOW),
        lambda: accounts.sign_out(lead.actor, now=NOW),
    ]
    for action in actions:
        with pytest.raises(Frozen):
            action()
    assert Grant.objects.count() == grants
    for page in ("/", "/sign-in", f"/cases/{case.id}"):
        assert Client().get(page).status_code == 503
    panic.stop(emergency.lift, tmp_path, now=NOW)
    assert casework.read_case(lead.actor, case.id, now=NOW).case == CASE
    assert Client().get("/sign-in").status_code == 200
    assert kinds() == ["site.panic.frozen", "site.panic.lifted"]


def test_whoever_freezes_a_site_learns_whether_mailers_could_be_told(
    lead: NewAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "boot", lambda: None)
    monkeypatch.setattr(settings, "SITE", SimpleNamespace(directory=tmp_path), raising=False)
    by_hand, run = "systemctl stop tocsin-mailer", CliRunner()
    with main_database_held():
        assert by_hand in run.invoke(commands.panic, ["freeze"]).output
    assert not halting.is_halted(), "the mailers see it nowhere"
    assert settle(NOW)
    assert halting.is_halted()
    for word in ("freeze", "lock", "lift"):
        ended = run.invoke(commands.panic, [word])
        assert (ended.exit_code, by_hand in ended.output) == (0, False)


def test_shredding_destroys_every_key_of_the_chosen_cases_and_of_no_other(
    lead: NewAccount, case: casework.OpenCase, tmp_path: Path
) -> None:
    other = casework.open_new_case(lead.actor, CASE, reason="another report", now=NOW)
    panic.choose([case.id], now=NOW)
    assert panic.stop(panic.shred, tmp_path, now=NOW)
    with pytest.raises(CannotOpen):
        keys.open_case(lead.actor.ring, case.id, NOW)
    assert {slots.read_one(number) for number in slots.numbers_of([case.id])} == {b""}
    assert casework.read_case(lead.actor, other.id, now=NOW).case == CASE
    assert CaseFile.objects.get(id=case.id).shredded_at == NOW
    assert (kinds(), emergency.list_doomed()) == (["site.panic.chosen", "site.panic.shredded"], [])
    assert verify()


@pytest.mark.parametrize("action", [emergency.lock, emergency.freeze, panic.shred], ids=["lock", "freeze", "shred"])
def test_nothing_waits_for_a_main_database_that_somebody_holds(
    lead: NewAccount, case: casework.OpenCase, tmp_path: Path, action: panic.Callable[..., object]
) -> None:
    cookie = signed_in(lead)
    panic.choose([case.id], now=NOW)
    panic.wait_little()
    with main_database_held():
        assert not panic.stop(action, tmp_path, now=NOW), "the journal cannot be told"
        if action is panic.shred:
            assert {slots.read_one(number) for number in slots.numbers_of([case.id])} == {b""}
        else:
            assert emergency.is_frozen() == (action is emergency.freeze)
    if action is not panic.shred:
        with pytest.raises(CannotOpen):
            accounts.resume(cookie, now=NOW)
    assert len(kinds()) == 1
    assert settle(NOW)
    assert len(kinds()) == 2
    assert settle(NOW)
    assert len(kinds()) == 2


def test_a_shredding_that_broke_off_is_completed_by_the_next(
    case: casework.OpenCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panic.choose([case.id], now=NOW)
    monkeypatch.setattr(slots, "_IN_ONE_TRANSACTION", 1)
    numbers = slots.numbers_of([case.id])
    real, left = slots.destroy, [len(numbers) // 2]

    def break_off(some: list[int]) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        real(some)

    monkeypatch.setattr(slots, "destroy", break_off)
    with pytest.raises(Killed):
        panic.stop(panic.shred, tmp_path, now=NOW)
    assert emergency.list_doomed(shredded=False) == [case.id], "it is not said to be done"
    monkeypatch.setattr(slots, "destroy", real)
    panic.stop(panic.shred, tmp_path, now=NOW)
    assert {slots.read_one(number) for number in numbers} == {b""}


def test_only_cases_that_are_there_are_chosen_and_they_can_be_spared(case: casework.OpenCase, tmp_path: Path) -> None:
    with pytest.raises(BadRequest):
        panic.choose([case.id, uuid4()], now=NOW)
    assert emergency.list_doomed() == []
    panic.choose([case.id], now=NOW)
    assert panic.spare([case.id, uuid4()], now=NOW) == 1
    assert panic.stop(panic.shred, tmp_path, now=NOW)
    assert CaseFile.objects.get(id=case.id).shredded_at is None


def key_store_held() -> AbstractContextManager[None]:
    return held("keys", "vault_slot, vault_emergency, vault_doomed")


@pytest.mark.parametrize("action", [emergency.lock, emergency.freeze, panic.shred], ids=["lock", "freeze", "shred"])
def test_a_key_store_that_somebody_holds_is_said_within_seconds(
    case: casework.OpenCase, tmp_path: Path, action: panic.Callable[..., object]
) -> None:
    panic.choose([case.id], now=NOW)
    panic.wait_little()
    start = time.monotonic()
    with key_store_held(), pytest.raises(Unreachable, match="stop every process"):
        panic.stop(action, tmp_path, now=NOW)
    assert time.monotonic() - start < 5
    assert all(slots.read_one(number) for number in slots.numbers_of([case.id]))
    assert not emergency.is_frozen()
    assert panic.stop(action, tmp_path, now=NOW), "repeated once nobody holds it, it works"


# PostgreSQL has no rollback journal.
@pytest.mark.database("sqlite")
def test_shredding_never_asks_more_of_the_journal_than_is_kept_for_it(lead: NewAccount) -> None:
    slots.preallocate(6_000)
    assert slots.has_room()
    before = slots.journal_room()
    numbers = list(Slot.objects.order_by("-number").values_list("number", flat=True)[:6_000])
    slots.destroy_all(numbers)
    assert slots.journal_room() == before
    assert set(slots.read(numbers).values()) == {b""}


def test_ballast_is_real_and_given_back_on_a_full_disk_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ballast.keep(tmp_path)
    path = tmp_path / "ballast"
    assert path.stat().st_size == ballast.BYTES
    assert path.stat().st_blocks * 512 >= ballast.BYTES
    assert path.stat().st_mode & 0o077 == 0
    assert not ballast.free_if_full(tmp_path)
    monkeypatch.setattr(ballast, "_LITTLE", 1 << 62)
    assert ballast.free_if_full(tmp_path)
    assert not ballast.is_kept(tmp_path)
    assert settings.SITE.directory != tmp_path
