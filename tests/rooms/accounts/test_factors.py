"""Second factors: passkeys and authenticators, showing them again, and secrets that are one's own alone."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from authenticator import DESK, Authenticator
from people import NOW, PASSPHRASE, Hire, just_confirmed
from tocsin.accounts import actions, factors, passkeys, second_factor
from tocsin.accounts.actions import NewAccount, Shown
from tocsin.accounts.actor import NO_PROOF, PASSKEY, TOTP, Actor, _table, demand, verbs_of_roles
from tocsin.accounts.models import Account, Passkey, Session
from tocsin.accounts.passkeys import Origin
from tocsin.accounts.throttle import Visitor
from tocsin.core.errors import BadRequest, NotAllowed, StepUpNeeded, TocsinError, WrongSecret
from tocsin.journal.queries import list_entries

SOON = NOW + timedelta(minutes=1)
STALE = NOW + timedelta(minutes=5)


@pytest.fixture
def tomas(hire: Hire) -> NewAccount:
    return hire("tomas", "case_lead")


def with_passkey(actor: Actor, now: datetime = NOW, *, counts: bool = True) -> Authenticator:
    own = Authenticator(counts=counts)
    question = passkeys.ask_to_make(actor.id, [], DESK, now=now)
    factors.add_passkey(just_confirmed(actor, now), Shown(own.make(question), DESK), now=now)
    return own


def shown(own: Authenticator, now: datetime = NOW, origin: Origin = DESK) -> Shown:
    return Shown(own.show(passkeys.ask_to_show(origin, now=now), origin), DESK)


def actor_of(cookie: bytes, now: datetime = NOW) -> Actor:
    actor = actions.resume(cookie, now=now)
    assert actor is not None
    return actor


def test_a_passkey_takes_the_place_of_a_code(tomas: NewAccount) -> None:
    own = with_passkey(tomas.actor)
    actor = actor_of(actions.sign_in("tomas", PASSPHRASE, shown(own), now=NOW))
    assert (actor, actor.proof) == (tomas.actor, PASSKEY)
    with pytest.raises(WrongSecret):
        actions.sign_in("tomas", "wrong horse battery staple", shown(own), now=NOW)


def test_the_answer_of_a_passkey_works_once(tomas: NewAccount) -> None:
    own = with_passkey(tomas.actor, counts=False)
    answer = shown(own)
    assert actions.sign_in("tomas", PASSPHRASE, answer, now=NOW)
    with pytest.raises(WrongSecret):
        actions.sign_in("tomas", PASSPHRASE, answer, now=NOW)
    assert actions.sign_in("tomas", PASSPHRASE, shown(own), now=NOW)


FALSE: dict[str, Callable[[Authenticator], Shown]] = {
    "another authenticator": lambda own: shown(Authenticator()),
    "another key of the same name": lambda own: shown(_twin(own)),
    "made for a false page": lambda own: shown(own, origin=Origin("https", "desk.example")),
    "too old a question": lambda own: shown(own, NOW - passkeys.LIFE),
    "a question of tomorrow": lambda own: shown(own, NOW + timedelta(hours=1)),
    "a question of its own": lambda own: Shown(own.show('{"rpId": "testserver", "challenge": "AAAA"}'), DESK),
    "a question to make one": lambda own: Shown(own.show(_asked_to_make()), DESK),
    "uses set back": lambda own: _set_back(own, 7),
    "nobody in front of it": lambda own: shown(_unverified(own)),
    "no answer": lambda own: Shown("", DESK),
    "too long": lambda own: Shown(" " * 30_000, DESK),
}


def _twin(own: Authenticator) -> Authenticator:
    twin = Authenticator()
    twin.id = own.id
    return twin


def _asked_to_make() -> str:
    question = json.loads(passkeys.ask_to_make(uuid4(), [], DESK, now=NOW))
    return json.dumps({"rpId": "testserver", "challenge": question["challenge"]})


def _set_back(own: Authenticator, uses: int) -> Shown:
    Passkey.objects.update(uses=uses)
    return shown(own)


def _unverified(own: Authenticator) -> Authenticator:
    own._flags = 0x01
    return own


@pytest.mark.parametrize("what", FALSE)
def test_a_false_answer_opens_nothing(tomas: NewAccount, what: str) -> None:
    own = with_passkey(tomas.actor)
    with pytest.raises(WrongSecret, match="name, passphrase or code is wrong"):
        actions.sign_in("tomas", PASSPHRASE, FALSE[what](own), now=NOW)


def test_a_colleagues_passkey_is_not_mine(tomas: NewAccount, hire: Hire) -> None:
    amina = hire("amina", "verifier")
    theirs = with_passkey(amina.actor)
    with pytest.raises(WrongSecret):
        actions.sign_in("tomas", PASSPHRASE, shown(theirs), now=NOW)


@given(noise=st.one_of(st.text(max_size=40), st.binary(max_size=40)), at=st.integers(0, 10_000))
def test_no_answer_of_a_stranger_breaks_anything(noise: str | bytes, at: int) -> None:
    own = Authenticator()
    whole = own.make(passkeys.ask_to_make(uuid4(), [], DESK, now=NOW))
    text = noise if isinstance(noise, str) else noise.decode("latin-1")
    cut = at % len(whole)
    for answer in (text, whole[:cut] + text + whole[cut + 1 :], whole[:cut]):
        with pytest.raises(TocsinError):
            # The question was put to somebody else, so that even an unharmed answer is refused.
            passkeys.check_made(answer, uuid4(), DESK, now=NOW)


def test_what_is_asked_of_a_browser_names_nobody(tomas: NewAccount) -> None:
    with_passkey(tomas.actor)
    known = [bytes(each.credential) for each in Passkey.objects.all()]
    asked = passkeys.ask_to_make(tomas.actor.id, known, DESK, now=NOW) + passkeys.ask_to_show(DESK, now=NOW)
    assert "omas" not in asked
    assert json.loads(passkeys.ask_to_show(DESK, now=NOW)).get("allowCredentials", []) == []


def test_of_twenty_who_send_one_code_at_once_one_gets_in(committed: None, hire: Hire) -> None:
    tomas = hire("tomas", "case_lead")
    code = second_factor.code_at(tomas.totp, NOW)

    def knock(number: int) -> bool:
        try:
            return bool(actions.sign_in("tomas", PASSPHRASE, code, visitor=Visitor(f"192.0.2.{number}"), now=NOW))
        except WrongSecret:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(knock, range(20))) == 1


def test_a_code_that_was_used_stays_used_after_a_failed_sign_in(tomas: NewAccount) -> None:
    code = second_factor.code_at(tomas.totp, NOW)
    assert actions.sign_in("tomas", PASSPHRASE, code, now=NOW)
    with pytest.raises(WrongSecret):
        actions.sign_in("tomas", PASSPHRASE, "000000", now=NOW)
    with pytest.raises(WrongSecret):
        actions.sign_in("tomas", PASSPHRASE, code, now=NOW)


@pytest.mark.parametrize("verb", _table()["step_up"])
def test_what_is_far_reaching_needs_a_second_factor_of_the_last_five_minutes(tomas: NewAccount, verb: str) -> None:
    roles = frozenset(verbs_of_roles())
    actor = replace(tomas.actor, roles=roles, proof=PASSKEY, confirmed_at=NOW)
    demand(actor, verb, now=NOW + timedelta(minutes=4, seconds=59))
    for refused in (
        replace(actor, confirmed_at=NOW - timedelta(minutes=5)),
        replace(actor, confirmed_at=NOW + timedelta(seconds=1)),
        replace(actor, confirmed_at=None),
        replace(actor, proof=TOTP),
    ):
        with pytest.raises(StepUpNeeded):
            demand(refused, verb, now=NOW)
    with pytest.raises(NotAllowed):
        demand(replace(actor, proof=NO_PROOF), verb, now=NOW)


def test_a_case_lead_steps_up_with_a_code_and_an_administrator_does_not(tomas: NewAccount) -> None:
    demand(tomas.actor, "case.grant", now=NOW)
    with pytest.raises(StepUpNeeded):
        demand(replace(tomas.actor, roles=frozenset({"administrator"})), "account.create", now=NOW)


def test_stepping_up_gives_the_session_a_new_secret_and_no_longer_life(tomas: NewAccount) -> None:
    first = actions.sign_in("tomas", PASSPHRASE, second_factor.code_at(tomas.totp, NOW), now=NOW)
    later = NOW + timedelta(minutes=20)
    second = actions.step_up(actor_of(first, later), second_factor.code_at(tomas.totp, later), now=later)
    assert actions.resume(first, now=later) is None
    assert actor_of(second, later).confirmed_at == later
    assert Session.objects.get().opened_at == NOW
    with pytest.raises(WrongSecret):
        actions.step_up(actor_of(second, later), second_factor.code_at(tomas.totp, later), now=later)


def test_a_new_passphrase_ends_every_session_and_the_old_passphrase(tomas: NewAccount) -> None:
    old = actions.sign_in("tomas", PASSPHRASE, second_factor.code_at(tomas.totp, NOW), now=NOW)
    fresh = actions.change_passphrase(actor_of(old), PASSPHRASE, "another horse battery staple", now=NOW)
    assert actions.resume(old, now=NOW) is None
    assert actor_of(fresh) == tomas.actor
    with pytest.raises(WrongSecret):
        actions.sign_in("tomas", PASSPHRASE, second_factor.code_at(tomas.totp, SOON), now=SOON)
    assert actions.sign_in("tomas", "another horse battery staple", second_factor.code_at(tomas.totp, SOON), now=SOON)


@pytest.mark.parametrize(("present", "passphrase"), [("wrong", "a new one, long enough"), (PASSPHRASE, "short")])
def test_a_passphrase_that_cannot_be_changed_stays(tomas: NewAccount, present: str, passphrase: str) -> None:
    with pytest.raises((WrongSecret, BadRequest)):
        actions.change_passphrase(tomas.actor, present, passphrase, now=NOW)
    assert actions.sign_in("tomas", PASSPHRASE, second_factor.code_at(tomas.totp, NOW), now=NOW)


def test_a_recovery_code_takes_the_place_of_a_forgotten_passphrase(tomas: NewAccount) -> None:
    cookie = actions.sign_in("tomas", tomas.recovery_code, second_factor.code_at(tomas.totp, NOW), now=NOW)
    actions.change_passphrase(actor_of(cookie), tomas.recovery_code, "another horse battery staple", now=NOW)
    assert "accounts.recovery.used" in {entry.kind for entry in list_entries(actor=tomas.actor.id)}


def test_passphrase_and_recovery_code_open_the_setting_up_of_a_second_factor_and_nothing_else(
    tomas: NewAccount,
) -> None:
    lost = with_passkey(tomas.actor)
    cookie = actions.sign_in_without_factor("tomas", PASSPHRASE, tomas.recovery_code, now=NOW)
    actor = actor_of(cookie)
    assert actor.proof == NO_PROOF
    with pytest.raises(NotAllowed):
        demand(actor, "case.open", now=NOW)
    for proof in (shown(lost), second_factor.code_at(tomas.totp, NOW)):
        with pytest.raises(WrongSecret):
            actions.sign_in("tomas", PASSPHRASE, proof, now=NOW)
    factors.offer_totp(actor, now=NOW)
    secret = factors.offered_totp(actor, now=NOW)
    assert secret is not None
    whole = actor_of(factors.confirm_totp(actor, second_factor.code_at(secret, NOW), now=NOW))
    assert whole.proof == TOTP
    assert actions.resume(cookie, now=NOW) is None


@pytest.mark.parametrize("one", ["passphrase", "recovery code", "both wrong"])
def test_one_thing_alone_or_twice_lets_nobody_in(tomas: NewAccount, one: str) -> None:
    first, second = {
        "passphrase": (PASSPHRASE, PASSPHRASE),
        "recovery code": (tomas.recovery_code, tomas.recovery_code),
        "both wrong": ("wrong horse battery staple", "AAAAAA-AAAAAA"),
    }[one]
    with pytest.raises(WrongSecret, match="name, passphrase or code is wrong"):
        actions.sign_in_without_factor("tomas", first, second, now=NOW)
    assert bytes(Account.objects.get(id=tomas.actor.id).totp)


def test_a_new_recovery_code_ends_the_old_one(tomas: NewAccount) -> None:
    code = factors.change_recovery_code(tomas.actor, now=NOW)
    with pytest.raises(WrongSecret):
        actions.sign_in_without_factor("tomas", PASSPHRASE, tomas.recovery_code, now=NOW)
    assert actions.sign_in_without_factor("tomas", PASSPHRASE, code, now=NOW)


def test_an_authenticator_is_taken_only_with_its_code_and_the_old_one_works_till_then(tomas: NewAccount) -> None:
    factors.offer_totp(tomas.actor, now=NOW)
    with pytest.raises(WrongSecret):
        factors.confirm_totp(tomas.actor, second_factor.code_at(tomas.totp, NOW), now=NOW)
    assert actions.sign_in("tomas", PASSPHRASE, second_factor.code_at(tomas.totp, NOW), now=NOW)


CHANGES: dict[str, Callable[[Actor, datetime], object]] = {
    "authenticator": lambda actor, now: factors.offer_totp(actor, now=now),
    "its secret": lambda actor, now: factors.offered_totp(actor, now=now),
    "passkey": lambda actor, now: factors.add_passkey(actor, Shown("", DESK), now=now),
    "removal": lambda actor, now: factors.remove_passkey(actor, Passkey.objects.get().id, now=now),
    "recovery code": lambda actor, now: factors.change_recovery_code(actor, now=now),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nobody_changes_factors_at_a_desk_that_was_left(tomas: NewAccount, what: str) -> None:
    with_passkey(tomas.actor)
    with pytest.raises(StepUpNeeded):
        CHANGES[what](tomas.actor, STALE)


def test_where_a_role_asks_for_passkeys_a_code_is_enough_for_the_first_alone(hire: Hire) -> None:
    root = hire("jon", "administrator").actor
    with_passkey(root)
    with pytest.raises(StepUpNeeded):
        with_passkey(root)
    with_passkey(replace(root, proof=PASSKEY))
    assert Passkey.objects.count() == 2


def test_the_last_factor_stays_and_others_are_not_mine_to_remove(tomas: NewAccount, hire: Hire) -> None:
    with_passkey(tomas.actor)
    passkey = Passkey.objects.get().id
    for stranger in (hire("amina", "verifier").actor, hire("jon", "administrator").actor):
        with pytest.raises(NotAllowed):
            factors.remove_passkey(stranger, passkey, now=NOW)
    Account.objects.filter(id=tomas.actor.id).update(totp=b"")
    with pytest.raises(BadRequest):
        factors.remove_passkey(tomas.actor, passkey, now=NOW)
    Account.objects.filter(id=tomas.actor.id).update(totp=b"x")
    factors.remove_passkey(tomas.actor, passkey, now=NOW)
    assert not Passkey.objects.exists()


def test_a_passkey_that_somebody_has_is_taken_for_nobody_else(tomas: NewAccount, hire: Hire) -> None:
    own = with_passkey(tomas.actor)
    other = hire("amina", "verifier").actor
    question = passkeys.ask_to_make(other.id, [], DESK, now=NOW)
    with pytest.raises(WrongSecret, match="known already"):
        factors.add_passkey(other, Shown(own.make(question), DESK), now=NOW)
    assert Passkey.objects.get().account_id == tomas.actor.id
