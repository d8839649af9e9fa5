"""Signing in: what opens a session, what does not, and what a session is worth to whoever steals the database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from people import NOW, PASSPHRASE, Hire
from tocsin.accounts import actions, queries, second_factor, staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import TOTP, Actor, may, verbs_of_roles
from tocsin.accounts.models import Account, Session
from tocsin.core.errors import BadRequest, Locked, NotAllowed, WrongSecret
from tocsin.journal.queries import list_entries
from tocsin.vault import queries as vault


@pytest.fixture
def tomas(hire: Hire) -> NewAccount:
    return hire("tomas", "case_lead")


def sign_in(account: NewAccount, at: datetime = NOW, code: str | None = None) -> bytes:
    return actions.sign_in("tomas", PASSPHRASE, code or second_factor.code_at(account.totp, at), now=at)


def test_name_passphrase_and_code_open_a_session_of_that_person(tomas: NewAccount) -> None:
    actor = actions.resume(sign_in(tomas), now=NOW)
    assert actor == tomas.actor


@pytest.mark.parametrize("login", ["tomas", " Tomas ", "TOMAS", "ｔｏｍａｓ"])
def test_a_name_is_the_same_in_any_case_and_width(tomas: NewAccount, login: str) -> None:
    assert actions.sign_in(login, PASSPHRASE, second_factor.code_at(tomas.totp, NOW), now=NOW)


WRONG: dict[str, Callable[[str], tuple[str, str, str]]] = {
    "name": lambda code: ("nobody", PASSPHRASE, code),
    "no name": lambda code: (" ", PASSPHRASE, code),
    "passphrase": lambda code: ("tomas", "wrong horse battery staple", code),
    "code": lambda code: ("tomas", PASSPHRASE, f"{(int(code) + 1) % 1_000_000:06}"),
    "code of letters": lambda code: ("tomas", PASSPHRASE, "abcdef"),
    "code in other digits": lambda code: (
        "tomas",
        PASSPHRASE,
        code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ),
    "no code": lambda code: ("tomas", PASSPHRASE, ""),
}


@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_is_refused_in_the_same_words_and_written_down(tomas: NewAccount, what: str) -> None:
    with pytest.raises(WrongSecret, match="name, passphrase or code is wrong"):
        actions.sign_in(*WRONG[what](second_factor.code_at(tomas.totp, NOW)), now=NOW)
    assert not Session.objects.exists()
    newest = list_entries()[0]
    assert (newest.kind, newest.actor) == ("accounts.session.refused", None)


@pytest.mark.parametrize("typed", [lambda code: code, lambda code: f" {code[:3]} {code[3:]} "], ids=["same", "padded"])
def test_a_code_works_once(tomas: NewAccount, typed: Callable[[str], str]) -> None:
    code = second_factor.code_at(tomas.totp, NOW)
    sign_in(tomas, code=code)
    with pytest.raises(WrongSecret):
        sign_in(tomas, code=typed(code))
    with pytest.raises(WrongSecret):
        sign_in(tomas, NOW + timedelta(seconds=20), code=code)


def test_an_older_code_does_not_work_after_a_newer_one(tomas: NewAccount) -> None:
    older = second_factor.code_at(tomas.totp, NOW - timedelta(seconds=30))
    sign_in(tomas)
    with pytest.raises(WrongSecret):
        sign_in(tomas, code=older)


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, with six digits."""
    secret = b"12345678901234567890"
    moments = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {at: second_factor.code_at(secret, datetime.fromtimestamp(at, NOW.tzinfo)) for at in moments} == moments


@pytest.mark.parametrize(
    ("later", "open_"),
    [([29], True), ([30], False), ([29, 29, 29], True), ([29] * 25, False)],
    ids=["29 minutes idle", "30 minutes idle", "busy", "12 hours busy"],
)
def test_a_session_ends_when_idle_or_too_long(tomas: NewAccount, later: list[int], open_: bool) -> None:
    cookie, now, actor = sign_in(tomas), NOW, None
    for minutes in later:
        now += timedelta(minutes=minutes)
        actor = actions.resume(cookie, now=now)
    assert (actor is not None) == open_


def test_a_second_session_ends_the_first(tomas: NewAccount) -> None:
    first = sign_in(tomas)
    second = sign_in(tomas, NOW + timedelta(minutes=1))
    assert actions.resume(first, now=NOW) is None
    assert actions.resume(second, now=NOW + timedelta(minutes=1)) == tomas.actor


def test_signing_out_ends_the_session(tomas: NewAccount) -> None:
    cookie = sign_in(tomas)
    actions.sign_out(tomas.actor, now=NOW)
    assert actions.resume(cookie, now=NOW) is None


def test_closing_an_account_ends_its_session_at_the_next_request(tomas: NewAccount) -> None:
    cookie = sign_in(tomas)
    Account.objects.filter(id=tomas.actor.id).update(disabled_at=NOW)
    assert actions.resume(cookie, now=NOW) is None
    with pytest.raises(WrongSecret):
        sign_in(tomas, NOW + timedelta(minutes=1))


def test_a_change_of_roles_holds_at_the_next_request(tomas: NewAccount) -> None:
    cookie = sign_in(tomas)
    Account.objects.filter(id=tomas.actor.id).update(roles="auditor")
    actor = actions.resume(cookie, now=NOW)
    assert actor is not None
    assert actor.roles == {"auditor"}


def test_the_store_of_sessions_opens_nothing_without_the_cookie(tomas: NewAccount) -> None:
    cookie = sign_in(tomas)
    session = Session.objects.get()
    for guess in (session.id.encode(), bytes.fromhex(session.id), bytes(32), cookie[::-1]):
        assert actions.resume(guess, now=NOW) is None
        with pytest.raises(Locked):
            vault.open_session(tomas.actor.id, bytes(session.ring), guess)


def test_a_session_moved_to_another_account_opens_nothing(tomas: NewAccount, hire: Hire) -> None:
    cookie, other = sign_in(tomas), hire("jon", "administrator")
    Session.objects.update(account=other.actor.id)
    with pytest.raises(Locked):
        actions.resume(cookie, now=NOW)


def test_no_name_and_no_secret_stands_in_the_tables(tomas: NewAccount) -> None:
    row = b"".join(
        bytes(value) for value in Account.objects.filter(id=tomas.actor.id).values_list("login", "name", "totp")[0]
    )
    for word in (b"tomas", b"Tomas", tomas.totp):
        assert word not in row


def test_colleagues_read_names_and_an_administrator_reads_no_second_factor(
    tomas: NewAccount, administrator: NewAccount
) -> None:
    assert queries.list_names(tomas.actor, now=NOW) == {
        tomas.actor.id: "Tomas",
        administrator.actor.id: "Vera Lindqvist",
    }
    sealed = bytes(Account.objects.get(id=tomas.actor.id).totp)
    with pytest.raises(Locked):
        vault.open_own(administrator.actor.ring, sealed, "totp")


def test_a_session_keeps_her_own_name_sealed_and_forgets_it_when_it_changes(
    tomas: NewAccount,
    administrator: NewAccount,
    django_assert_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    cookie = sign_in(tomas)
    session = Session.objects.get()
    assert b"Tomas" not in bytes(session.name)
    with pytest.raises(Locked):
        vault.open_own(
            administrator.actor.ring, bytes(session.name), f"name {sha256(session.account.name).hexdigest()}"
        )
    first = actions.resume(cookie, now=NOW)
    assert first is not None
    with django_assert_num_queries(0):
        assert queries.name_of(first, now=NOW) == "Tomas"
    actions.write_name(administrator.actor.ring, tomas.actor.id, "Tomas Ander", now=NOW)
    later = actions.resume(cookie, now=NOW)
    assert later is not None
    assert queries.name_of(later, now=NOW) == "Tomas Ander"


def test_only_who_may_creates_accounts(tomas: NewAccount) -> None:
    with pytest.raises(NotAllowed):
        staff.invite(tomas.actor, "eve", "Eve", ["administrator"], now=NOW)
    assert Account.objects.count() == 2


@pytest.mark.parametrize(
    ("login", "roles"),
    [("tomas", ["auditor"]), ("new", ["emperor"]), ("", ["auditor"])],
    ids=["taken", "no role", "no name"],
)
def test_an_account_that_cannot_be_is_refused(
    tomas: NewAccount, administrator: NewAccount, login: str, roles: list[str]
) -> None:
    with pytest.raises(BadRequest):
        staff.invite(administrator.actor, login, "Name", roles, now=NOW)


def test_a_site_is_founded_once(administrator: NewAccount) -> None:
    with pytest.raises(BadRequest):
        actions.create_first_account("eve", "Eve", PASSPHRASE, ["administrator"], now=NOW)


@pytest.mark.parametrize("role", verbs_of_roles())
@pytest.mark.parametrize("verb", [*sorted(frozenset().union(*verbs_of_roles().values())), "case.sell"])
def test_a_role_may_what_its_line_says_and_nothing_else(tomas: NewAccount, role: str, verb: str) -> None:
    actor = Actor(tomas.actor.id, frozenset({role, "unheard of"}), tomas.actor.ring, TOTP)
    assert may(actor, verb, now=NOW) == (verb in verbs_of_roles()[role])
    assert not may(actor, verb, tomas.actor.id, now=NOW), "there is no grant on this thing"
