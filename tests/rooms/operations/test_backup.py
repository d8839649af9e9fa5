"""A backup is sealed, of one moment, and becomes a working site again on an empty machine, or nothing at all."""

import os
import threading
import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from desk_of_appeals import Office, waiting
from invented_appeals import ENGLISH
from people import LATER, NOW, PASSPHRASE, Hire, just_confirmed
from public_site import Press
from test_cli_site import site
from tocsin.accounts import actions as accounts
from tocsin.accounts import second_factor
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.models import Session
from tocsin.casework import actions as casework
from tocsin.casework.evidence import actions as evidence
from tocsin.casework.evidence import files as evidence_files
from tocsin.casework.queries import list_shredded
from tocsin.config import writing
from tocsin.core.errors import BadBackup, BadOutput, BadSettings, MissingInput, NewerBackup, TocsinError
from tocsin.core.records import from_yaml
from tocsin.journal import verifying
from tocsin.journal.models import Entry
from tocsin.operations import archive, backup, rows
from tocsin.operations.backup import Made
from tocsin.operations.manifest import DATA, KEYS, Manifest, manifest_of
from tocsin.operations.restore import Restored, restore
from tocsin.publishing import queries, search, signatories
from tocsin.publishing.models import Publication
from tocsin.vault import actions as vault
from tocsin.vault import inspection, slots
from tocsin.vault.models import Emergency, Grant, StepKey
from two_databases import Maker, SQLite, point_at

pytestmark = pytest.mark.usefixtures("committed")
CASE = from_yaml(Path(__file__).parents[1].joinpath("casework/case.yaml").read_text("utf-8"))
SECRET, PUBLIC = archive.new_key()
Do = Callable[[], None]
Keys = list[archive.x25519.Identity]
WORDS = [b"Marosh", b"plain clothes", b"tomas", b"sealed_record", b"site.toml", b"secret_key"]


@pytest.fixture
def lead(hire: Hire) -> NewAccount:
    return hire("tomas", "case_lead")


@pytest.fixture
def case(lead: NewAccount) -> casework.OpenCase:
    return casework.open_new_case(lead.actor, CASE, reason="a report", now=NOW)


@pytest.fixture
def key(tmp_path: Path) -> Keys:
    path = tmp_path / "key.txt"
    path.write_text(f"# made for the tests\n{SECRET}\n", "utf-8")
    return archive.identities(path)


def made(directory: Path, *, now: datetime = LATER) -> Made:
    (directory / "data").mkdir(exist_ok=True)
    (directory / "keys").mkdir(exist_ok=True)
    return backup.make(settings.SITE.directory, directory / "data", directory / "keys", [PUBLIC], now=now)


@pytest.fixture
def on_an_empty_machine(maker: Maker) -> Do:
    return lambda: point_at(maker.empty("restored"))


def code(person: NewAccount) -> str:
    return second_factor.code_at(person.totp, LATER)


def test_a_restored_site_works(
    lead: NewAccount, case: casework.OpenCase, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    accounts.open_session(accounts.Account.objects.get(id=lead.actor.id), lead.actor.ring, now=NOW)
    entries, secret = Entry.objects.count(), Emergency.objects.get().session_secret
    files = made(tmp_path)
    on_an_empty_machine()
    restored = restore(files.data, files.keys, key, now=LATER)
    assert restored == Restored(LATER, LATER, entries, 0, 0, 0, 0)
    cookie = accounts.sign_in("tomas", PASSPHRASE, code(lead), now=LATER)
    actor = accounts.resume(cookie, now=LATER)
    assert actor is not None
    assert casework.read_case(actor, case.id, now=LATER).case == CASE
    assert casework.open_new_case(actor, CASE, reason="work goes on", now=LATER).version == 1
    report = verifying.inspect()
    assert report.starts[1:] == (entries,), "that the key was begun anew stays visible"
    assert Emergency.objects.get().session_secret != secret
    assert slots.has_room()


def test_what_is_public_is_found_by_its_words_in_a_restored_site(
    hire: Hire, administrator: NewAccount, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    ana, boris = hire("ana", "case_lead"), hire("boris", "case_lead")
    for each in (ana, boris):
        signatories.admit(administrator.actor.ring, each.actor.id, now=NOW)
    Press(ana, boris).publish([ENGLISH], now=NOW)
    question = search.asked(ENGLISH.title.text.split()[-1])
    assert question
    there = search.find(question, 10, now=LATER)
    files = made(tmp_path)
    on_an_empty_machine()
    restore(files.data, files.keys, key, now=LATER)
    assert there[1] == 1
    assert search.find(question, 10, now=LATER) == there
    assert search.is_sound()


def test_files_of_evidence_come_back_with_their_chain_and_not_those_of_a_case_that_was_shredded(
    lead: NewAccount, case: casework.OpenCase, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    content = os.urandom(9_000_000)
    doomed = casework.open_new_case(lead.actor, CASE, reason="a report", now=NOW)
    ids = [put_in_evidence(lead, each.id, content) for each in (case, doomed)]
    files = made(tmp_path, now=NOW)
    inside: list[bytes] = []
    archive.read(files.data, key, inside.append)
    # Frames are written from memory: a long film must not fill it.
    assert max(map(len, inside)) < 9_000_000
    assert not [frame for frame in inside if content[:32] in frame]
    casework.shred_case(lead.actor, doomed.id, now=NOW)
    keys = made(tmp_path, now=LATER).keys
    on_an_empty_machine()
    # The data of before, with the keys of afterwards: what an old backup is worth once the case was shredded.
    restore(files.data, keys, key, now=LATER)
    seen = evidence.open_file(lead.actor, case.id, ids[0], now=LATER)
    assert seen.chain is not None
    assert seen.chain.faults == ()
    with evidence.hold(lead.actor, case.id, ids[0], now=LATER) as held:
        assert b"".join(evidence_files.content_of(held.keys, held.file, held.sheet)) == content
    with pytest.raises(TocsinError):
        evidence.open_file(lead.actor, doomed.id, ids[1], now=LATER)


def put_in_evidence(lead: NewAccount, case: UUID, content: bytes) -> UUID:
    taking = evidence.begin(lead.actor, case, now=NOW)
    for at in range(0, len(content), 65_536):
        taking.take(content[at : at + 65_536])
    evidence.receive(lead.actor, case, [("film.mp4", taking.end())], evidence.AboutFiles("a film", "en"), now=NOW)
    return taking.id


@pytest.mark.database("postgresql")
def test_a_backup_moves_a_site_from_one_kind_of_database_to_the_other_and_back(
    case: casework.OpenCase, lead: NewAccount, key: Keys, tmp_path: Path, maker: Maker
) -> None:
    for number, to in enumerate((SQLite(tmp_path), maker)):
        files = made(tmp_path, now=LATER + timedelta(days=number))
        point_at(to.empty("moved"))
        assert restore(files.data, files.keys, key, now=LATER).missing_keys == 0
        assert casework.read_case(lead.actor, case.id, now=LATER).case == CASE
    connections[KEYS].ensure_connection()
    assert slots.take(b"a key", LATER) > max(slots.numbers_of([case.id])), "counters go on behind the rows"


def test_a_backup_says_nothing_and_holds_no_session_and_no_key_of_the_journal(
    case: casework.OpenCase, lead: NewAccount, key: Keys, tmp_path: Path
) -> None:
    accounts.open_session(accounts.Account.objects.get(id=lead.actor.id), lead.actor.ring, now=NOW)
    files = made(tmp_path)
    assert [(path, word) for path in (files.data, files.keys) for word in WORDS if word in path.read_bytes()] == []
    inside: list[bytes] = []
    for path in (files.data, files.keys):
        archive.read(path, key, inside.append)
    labels = {msgspec.msgpack.decode(frame)[1] for frame in inside if frame[0] & 0xF0 == 0x90}
    assert {"vault.Slot", "casework.SealedRecord", "journal.Entry"} <= labels
    assert labels & {model._meta.label for model in (Session, StepKey, Emergency)} == set()
    assert [word for word in WORDS[:3] if word in b"".join(inside)] == [], "what is sealed stays sealed inside"


def test_keys_and_settings_lie_in_one_file_and_data_in_the_other(
    case: casework.OpenCase, key: Keys, tmp_path: Path
) -> None:
    files = made(tmp_path)
    data, keys = manifest_of(files.data, key, DATA), manifest_of(files.keys, key, KEYS)
    assert (data.pair, data.files) == (keys.pair, {})
    assert "secret_key" in keys.files["site.toml"]
    assert oct(files.keys.stat().st_mode & 0o777) == "0o600"


def test_a_backup_is_of_one_moment_while_people_save(
    case: casework.OpenCase, lead: NewAccount, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    stopped, failures, saved = threading.Event(), [], []

    def save() -> None:
        try:
            # Between two saves others get a turn, as they do where people save.
            while not stopped.wait(0.01):
                saved.append(casework.open_new_case(lead.actor, CASE, reason="under load", now=NOW).id)
        except Exception as error:  # noqa: BLE001 - shown by the test
            failures.append(error)
        finally:
            connections.close_all()

    writer = threading.Thread(target=save)
    writer.start()
    try:
        files = [made(tmp_path, now=LATER + timedelta(seconds=n)) for n in range(3)]
    finally:
        stopped.set()
        writer.join()
    assert failures == []
    assert saved, "somebody wrote meanwhile"
    on_an_empty_machine()
    restored = restore(files[-1].data, files[-1].keys, key, now=LATER)
    assert restored.missing_keys == 0
    kept = [each for each in saved if casework.CaseFile.objects.filter(id=each).exists()]
    for each in [case.id, *kept]:
        assert casework.read_case(lead.actor, each, now=LATER).case == CASE


@pytest.mark.parametrize("part", ["data", "keys"])
@pytest.mark.parametrize("harm", ["cut", "cut at the end", "flipped", "emptied", "no backup", "swapped", "gone"])
def test_a_harmed_backup_leaves_nothing(
    case: casework.OpenCase,
    key: Keys,
    tmp_path: Path,
    on_an_empty_machine: Do,
    part: str,
    harm: str,
) -> None:
    files = made(tmp_path)
    path = files.data if part == "data" else files.keys
    content = path.read_bytes()
    middle = len(content) // 2
    whole = {"cut": content[:middle], "cut at the end": content[:-1], "emptied": b"", "no backup": b"hello" * 99}
    if harm == "flipped":
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    elif harm == "swapped":
        path.write_bytes((files.keys if part == "data" else files.data).read_bytes())
    elif harm == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[harm])
    on_an_empty_machine()
    with pytest.raises((BadBackup, MissingInput)):
        restore(files.data, files.keys, key, now=LATER)
    assert rows.is_empty(DATA)
    assert rows.is_empty(KEYS)


def test_another_key_opens_nothing(case: casework.OpenCase, tmp_path: Path) -> None:
    files = made(tmp_path)
    (tmp_path / "other.txt").write_text(archive.new_key()[0], "utf-8")
    with pytest.raises(BadBackup, match="does not open"):
        manifest_of(files.data, archive.identities(tmp_path / "other.txt"), DATA)


@pytest.mark.parametrize(
    ("words", "error"), [("", BadBackup), ("AGE-SECRET-KEY-1ABC", BadBackup), (None, MissingInput)]
)
def test_a_file_without_a_key_is_said(tmp_path: Path, words: str | None, error: type[TocsinError]) -> None:
    if words is not None:
        (tmp_path / "key").write_text(words, "utf-8")
    with pytest.raises(error):
        archive.identities(tmp_path / "key")


def test_a_database_that_holds_something_is_never_written_over(
    case: casework.OpenCase, lead: NewAccount, key: Keys, tmp_path: Path
) -> None:
    files = made(tmp_path)
    with pytest.raises(BadOutput, match="not empty"):
        restore(files.data, files.keys, key, now=LATER)
    assert casework.read_case(lead.actor, case.id, now=LATER).case == CASE


def test_keys_that_are_older_than_the_data_are_refused_or_said(
    lead: NewAccount, case: casework.OpenCase, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    older = made(tmp_path)
    lost = casework.open_new_case(lead.actor, CASE, reason="after the keys", now=NOW).id
    newer = made(tmp_path, now=LATER + timedelta(days=1))
    on_an_empty_machine()
    with pytest.raises(BadBackup, match="keys are missing"):
        restore(newer.data, older.keys, key, now=LATER)
    on_an_empty_machine()
    assert restore(newer.data, older.keys, key, now=LATER, incomplete=True).missing_keys > 0
    assert casework.read_case(lead.actor, case.id, now=LATER).case == CASE
    with pytest.raises(TocsinError):
        casework.read_case(lead.actor, lost, now=LATER)


def test_data_that_are_older_than_the_keys_open_and_shredded_cases_do_not(
    lead: NewAccount, case: casework.OpenCase, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    doomed = casework.open_new_case(lead.actor, CASE, reason="to be shredded", now=NOW).id
    older = made(tmp_path)
    casework.shred_case(lead.actor, doomed, now=NOW)
    newer = made(tmp_path, now=LATER + timedelta(days=1))
    on_an_empty_machine()
    assert restore(older.data, newer.keys, key, now=LATER).missing_keys == 0
    assert casework.read_case(lead.actor, case.id, now=LATER).case == CASE
    with pytest.raises(TocsinError):
        casework.read_case(lead.actor, doomed, now=LATER)


def test_what_waits_in_old_data_for_its_hour_never_shows_where_its_case_was_shredded_since(
    office: Office, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    hour = timezone.make_aware(datetime.combine((NOW + timedelta(days=3)).date(), time(9, 30)))
    waiting(office, hour.date(), hour.time())
    slug = Publication.objects.get().slug
    older = made(tmp_path)
    casework.shred_case(just_confirmed(office.lead, NOW), office.case, now=NOW)
    newer = made(tmp_path, now=LATER + timedelta(days=1))
    on_an_empty_machine()
    restore(older.data, newer.keys, key, now=NOW)
    assert list_shredded() == [office.case]
    assert queries.find(slug, now=hour) is None


def test_what_was_destroyed_after_the_keys_were_backed_up_stays_destroyed(
    lead: NewAccount, case: casework.OpenCase, hire: Hire, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    doomed = casework.open_new_case(lead.actor, CASE, reason="to be shredded", now=NOW).id
    colleague = hire("amina", "verifier").actor.id
    ends_at = NOW + timedelta(days=1)
    given = casework.give_access(lead.actor, case.id, "facts", colleague, reason="to read", ends_at=ends_at, now=NOW)
    older = made(tmp_path)
    casework.shred_case(lead.actor, doomed, now=NOW)
    assert vault.end_expired(ends_at) == 1
    newer = made(tmp_path, now=LATER + timedelta(days=1))
    on_an_empty_machine()
    assert restore(newer.data, older.keys, key, now=ends_at).missing_keys == 0
    assert {slots.read_one(number) for number in slots.numbers_of([doomed])} == {b""}
    assert slots.read_one(given.slot) == b""
    assert casework.read_case(lead.actor, case.id, now=ends_at).case == CASE


def test_access_that_ended_after_the_data_were_backed_up_stays_ended_by_the_newer_keys(
    lead: NewAccount, case: casework.OpenCase, hire: Hire, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    colleague, stays = hire("amina", "verifier").actor, hire("jonas", "verifier").actor
    terms = {"reason": "to read", "ends_at": NOW + timedelta(days=9), "now": NOW}
    given = casework.give_access(lead.actor, case.id, "facts", colleague.id, **terms)
    casework.give_access(lead.actor, case.id, "facts", stays.id, **terms)
    older = made(tmp_path)
    casework.end_access(lead.actor, given.id, reason="left", now=NOW)
    newer = made(tmp_path, now=LATER + timedelta(days=1))
    on_an_empty_machine()
    assert restore(older.data, newer.keys, key, now=LATER).missing_keys == 0
    assert Grant.objects.get(id=given.id).ended_at == LATER
    with pytest.raises(TocsinError):
        casework.read_case(colleague, case.id, now=LATER)
    assert casework.read_case(lead.actor, case.id, now=LATER).case == CASE
    assert Grant.objects.get(holder=stays.id, case=case.id).ended_at is None


def test_access_that_ends_between_the_two_parts_of_one_backup_is_ended_in_it(
    lead: NewAccount,
    case: casework.OpenCase,
    hire: Hire,
    key: Keys,
    tmp_path: Path,
    on_an_empty_machine: Do,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    colleague, snapshot = hire("amina", "verifier").actor, rows.snapshot
    terms = {"reason": "to read", "ends_at": NOW + timedelta(days=9), "now": NOW}
    given = casework.give_access(lead.actor, case.id, "facts", colleague.id, **terms)

    def late(alias: str) -> AbstractContextManager[None]:
        if alias == KEYS:
            casework.end_access(lead.actor, given.id, reason="left", now=NOW)
        return snapshot(alias)

    monkeypatch.setattr(rows, "snapshot", late)
    files = made(tmp_path)
    on_an_empty_machine()
    assert restore(files.data, files.keys, key, now=LATER).missing_keys == 0
    assert Grant.objects.get(id=given.id).ended_at == LATER
    assert casework.read_case(lead.actor, case.id, now=LATER).case == CASE


@pytest.mark.long
@pytest.mark.database("sqlite")
def test_a_restored_site_names_the_databases_that_it_was_restored_into(
    case: casework.OpenCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_site = tmp_path / "of the site"
    of_site.mkdir()
    writing.write_new(of_site / "site.toml", "working", ("desk.example",), (PUBLIC,))
    text = (of_site / "site.toml").read_text("utf-8")
    text = text.replace('\ndatabase_url = ""', '\ndatabase_url = "postgresql://tocsin@data.site.example/tocsin"')
    (of_site / "site.toml").write_text(text.replace('keys_database_url = ""\n', ""), "utf-8")
    monkeypatch.setenv("KEYS_DATABASE_URL", "postgresql://tocsin@keys.site.example/tocsin")
    files = backup.make(of_site, tmp_path, tmp_path, [PUBLIC], now=LATER)
    (tmp_path / "key.txt").write_text(SECRET, "utf-8")
    words = ("restore", "--here", files.data, files.keys, "--identity", tmp_path / "key.txt")
    refused = site(tmp_path / "new", *words)
    assert (refused.returncode, (tmp_path / "new").exists()) == (2, False)
    assert "either --here, or DATABASE_URL" in refused.stderr
    monkeypatch.delenv("KEYS_DATABASE_URL")
    ended = site(tmp_path / "new", *words)
    assert (ended.returncode, ended.stderr) == (0, "")
    settings_now = tomllib.loads((tmp_path / "new/site.toml").read_text("utf-8"))
    assert (settings_now["database_url"], settings_now["keys_database_url"]) == ("", "")
    assert settings_now["backup_recipients"] == [PUBLIC], "all else stands as it was"
    assert {each.name for each in (tmp_path / "new").glob("*.db")} == {"data.db", "keys.db"}


def test_two_backups_at_once_do_not_write_into_the_same_place(case: casework.OpenCase, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with archive.alone(tmp_path / "data"), pytest.raises(BadOutput, match="another backup"):
        made(tmp_path)
    assert made(tmp_path).data.exists()


def test_a_backup_of_a_later_version_is_refused_by_name(
    case: casework.OpenCase, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    MigrationRecorder(connections[DATA]).record_applied("casework", "9999_of_the_future")
    files = made(tmp_path)
    on_an_empty_machine()
    with pytest.raises(NewerBackup, match="9999_of_the_future"):
        restore(files.data, files.keys, key, now=LATER)


def test_keys_are_kept_for_days_and_data_for_good(case: casework.OpenCase, tmp_path: Path) -> None:
    def after(**time: int) -> Made:
        return made(tmp_path, now=LATER + timedelta(**time))

    first = after(days=0)
    assert after(days=7).removed == ()
    third = after(days=7, seconds=1)
    assert third.removed == (first.keys,)
    assert [path.exists() for path in (first.keys, first.data, third.keys)] == [False, True, True]


def test_what_cannot_be_written_leaves_the_last_backup_and_no_half(
    case: casework.OpenCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(tmp_path)
    entries = Entry.objects.count()

    def full(number: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(BadOutput, match="cannot be written"):
        made(tmp_path, now=LATER + timedelta(days=30))
    monkeypatch.undo()
    monkeypatch.setattr(backup, "_keys", lambda *_: (_ for _ in ()).throw(BadOutput("the keys cannot be read")))
    with pytest.raises(BadOutput):
        made(tmp_path, now=LATER + timedelta(days=31))
    assert sorted(each for each in tmp_path.rglob("*.age*")) == sorted([first.data, first.keys])
    assert Entry.objects.count() == entries
    assert backup.last_made() == LATER


def test_a_backup_needs_somebody_who_can_open_it(case: casework.OpenCase, tmp_path: Path) -> None:
    for words in ([], ["age1nobody"]):
        with pytest.raises(BadSettings):
            backup.make(settings.SITE.directory, tmp_path, tmp_path, words, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_every_key_that_the_data_need_is_in_the_backup(
    case: casework.OpenCase, key: Keys, tmp_path: Path, on_an_empty_machine: Do
) -> None:
    before = inspection.inspect(LATER)
    files = made(tmp_path)
    assert isinstance(manifest_of(files.keys, key, KEYS), Manifest)
    on_an_empty_machine()
    restore(files.data, files.keys, key, now=LATER)
    after = inspection.inspect(LATER)
    assert (after.missing, after.orphans) == (before.missing, before.orphans) == (0, ())
