"""Inviting, vouching, changing, closing, restoring: whoever looks after accounts sees no secret and reads no case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.apps import apps

from people import LATER, NOW, PASSPHRASE, Hire
from tocsin.accounts import actions, factors, queries, second_factor, staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import NO_PROOF, PASSKEY, Actor
from tocsin.accounts.models import Account, Invitation, Session
from tocsin.accounts.names import DIRECTORY
from tocsin.accounts.queries import CLOSED, INVITED, UNVOUCHED, WORKING
from tocsin.casework import actions as casework
from tocsin.casework.actions import OpenCase
from tocsin.core.errors import BadRequest, CannotOpen, NotAllowed, NotVouched, WrongSecret
from tocsin.core.records import Case, Event, from_yaml
from tocsin.core.records.values import Translation, Wording
from tocsin.journal.queries import list_entries
from tocsin.vault import queries as keys
from tocsin.vault.models import Grant, Holder, KeyState

CASE = from_yaml((Path(__file__).parent.parent / "casework/case.yaml").read_text("utf-8"))
CHOSEN = "chosen in her own session"


@pytest.fixture
def root(administrator: NewAccount) -> Actor:
    return administrator.actor


@pytest.fixture
def link(root: Actor) -> str:
    return staff.invite(root, "newcomer", "Newcomer", ["verifier"], now=NOW)


def newcomer(link: str) -> Actor:
    actor = actions.resume(staff.join(link, CHOSEN, now=NOW).cookie, now=NOW)
    assert actor is not None
    return actor


def state(root: Actor, account: UUID) -> str:
    return queries.get_staff(root, account, now=NOW).state


def fingerprint(actor: Actor) -> str:
    return actor.ring.public().fingerprint()


def test_somebody_joins_is_vouched_for_and_is_given_a_case(root: Actor, link: str, hire: Hire) -> None:
    lead = hire("tomas", "case_lead").actor
    opened = casework.open_new_case(lead, CASE, reason="a report", now=NOW)
    invited = Invitation.objects.get().account_id
    assert state(root, invited) == INVITED
    actor = newcomer(link)
    assert (actor.id, actor.proof) == (invited, NO_PROOF)
    assert state(root, invited) == UNVOUCHED
    factors.offer_totp(actor, now=NOW)
    secret = factors.offered_totp(actor, now=NOW) or b""
    whole = actions.resume(factors.confirm_totp(actor, second_factor.code_at(secret, NOW), now=NOW), now=NOW)
    assert whole is not None

    def give() -> Grant:
        return casework.give_access(lead, opened.id, "facts", invited, reason="verifies", ends_at=LATER, now=NOW)

    with pytest.raises(NotVouched):
        give()
    assert queries.list_names(whole, now=NOW) == {}
    staff.vouch(lead, invited, fingerprint(whole), now=NOW)
    assert state(root, invited) == WORKING
    assert queries.list_names(whole, now=NOW)[invited] == "Newcomer"
    give()
    assert casework.read_case(whole, opened.id, now=NOW).case.persons
    told = {entry.kind for entry in list_entries() if invited in (entry.actor, entry.subject)}
    assert told >= {f"accounts.account.{each}" for each in ("created", "joined", "vouched")}


def test_a_link_works_once_and_for_three_days(root: Actor, link: str) -> None:
    for link_, now in ((link, NOW + staff.LINK_LIFE), (link[:-1], NOW), ("", NOW), ("é" * 50, NOW)):
        with pytest.raises(NotAllowed):
            staff.join(link_, CHOSEN, now=now)
    newcomer(link)
    with pytest.raises(NotAllowed):
        staff.join(link, "a second passphrase", now=NOW)
    with pytest.raises(NotAllowed):
        staff.is_joining(link, now=NOW)


def test_a_passphrase_that_cannot_be_taken_uses_no_link_up(link: str) -> None:
    with pytest.raises(BadRequest):
        staff.join(link, "short", now=NOW)
    assert newcomer(link)
    assert Holder.objects.count() == 2


def test_a_new_link_ends_the_one_before(root: Actor, link: str) -> None:
    account = Invitation.objects.get().account_id
    again = staff.invite_again(root, account, now=NOW)
    with pytest.raises(NotAllowed):
        staff.join(link, CHOSEN, now=NOW)
    newcomer(again)
    with pytest.raises(BadRequest):
        staff.invite_again(root, account, now=NOW)


def test_the_link_is_not_in_the_database(link: str) -> None:
    assert link not in "".join(Invitation.objects.values_list("id", flat=True))


@pytest.mark.parametrize("typed", ["", "0000 0000 0000 0000 0000", "é", "x" * 5000])
def test_nobody_vouches_for_keys_that_she_did_not_hear(root: Actor, link: str, typed: str) -> None:
    actor = newcomer(link)
    with pytest.raises(BadRequest):
        staff.vouch(root, actor.id, typed, now=NOW)
    assert state(root, actor.id) == UNVOUCHED


def test_who_used_the_link_in_her_place_has_another_fingerprint_than_the_one_she_reads(root: Actor, link: str) -> None:
    thief = newcomer(link)
    real = replace(thief, ring=type(thief.ring).new(thief.id))
    with pytest.raises(BadRequest):
        staff.vouch(root, thief.id, fingerprint(real), now=NOW)


def test_a_fingerprint_is_taken_as_people_type_it(root: Actor, link: str) -> None:
    actor = newcomer(link)
    staff.vouch(root, actor.id, f" {fingerprint(actor).upper().replace(' ', '')} ", now=NOW)
    assert state(root, actor.id) == WORKING


def test_an_administrator_who_resets_a_second_factor_comes_in_nowhere(root: Actor, hire: Hire) -> None:
    """The link is one thing of two; it opens nothing without the passphrase, which she does not know."""
    amina = hire("amina", "verifier")
    cookie = actions.sign_in("amina", PASSPHRASE, second_factor.code_at(amina.totp, NOW), now=NOW)
    link = staff.reset_second_factor(root, amina.actor.id, now=NOW)
    assert actions.resume(cookie, now=NOW) is None
    later = NOW + timedelta(minutes=1)
    with pytest.raises(WrongSecret):
        actions.sign_in("amina", PASSPHRASE, second_factor.code_at(amina.totp, later), now=later)
    with pytest.raises(WrongSecret):
        staff.come_back(link, "a guess of hers", now=NOW)
    with pytest.raises(NotAllowed):
        staff.join(link, "a passphrase of hers", now=NOW)
    back = actions.resume(staff.come_back(link, PASSPHRASE, now=NOW), now=NOW)
    assert back is not None
    assert (back, back.proof) == (amina.actor, NO_PROOF)
    with pytest.raises(NotAllowed):
        staff.come_back(link, PASSPHRASE, now=NOW)


def test_a_recovery_code_and_a_link_bring_somebody_back_who_lost_all_else(root: Actor, hire: Hire) -> None:
    amina = hire("amina", "verifier")
    link = staff.reset_second_factor(root, amina.actor.id, now=NOW)
    assert actions.resume(staff.come_back(link, amina.recovery_code, now=NOW), now=NOW) == amina.actor


@pytest.fixture
def amina(hire: Hire) -> NewAccount:
    return hire("amina", "verifier")


@pytest.fixture
def lead(hire: Hire) -> Actor:
    return hire("tomas", "case_lead").actor


@pytest.fixture
def opened(lead: Actor, amina: NewAccount) -> OpenCase:
    opened = casework.open_new_case(lead, CASE, reason="a report", now=NOW)
    casework.give_access(lead, opened.id, "facts", amina.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    return opened


def with_one_more_event(case: Case) -> Case:
    said = Wording((Translation("en", "said after she had left"),))
    return replace(case, events=(*case.events, Event(id="e99", kind="context", what=said)))


def test_who_leaves_has_nothing_left_and_what_is_saved_after_is_closed_to_her_copies(
    root: Actor, lead: Actor, amina: NewAccount, opened: OpenCase
) -> None:
    kept_by_her = keys.open_case(amina.actor.ring, opened.id, NOW)["facts"]
    cookie = actions.sign_in("amina", PASSPHRASE, second_factor.code_at(amina.totp, NOW), now=NOW)
    outcome = staff.disable(root, amina.actor.id, now=NOW)
    assert {grant.case for grant in outcome.ended} == {opened.id, DIRECTORY}
    assert outcome.kept == ()
    assert actions.resume(cookie, now=NOW) is None
    for model, field in (("Session", "account"), ("Invitation", "account")):
        assert not apps.get_model("accounts", model).objects.filter(**{field: amina.actor.id}).exists()
    assert not keys.list_grants(NOW, holder=amina.actor.id).exists()
    with pytest.raises(NotAllowed):
        casework.read_case(amina.actor, opened.id, now=NOW)
    casework.save_case(lead, opened, with_one_more_event(opened.case), now=NOW)
    place = keys.reason_place(uuid4())
    sealed = keys.open_case(lead.ring, opened.id, NOW)["facts"].seal(b"new", place)
    with pytest.raises(CannotOpen):
        kept_by_her.open(sealed, place)


def test_a_name_that_is_written_after_somebody_left_is_closed_to_her(root: Actor, amina: NewAccount) -> None:
    before = keys.open_case(amina.actor.ring, DIRECTORY, NOW)["names"].newest.version
    staff.disable(root, amina.actor.id, now=NOW)
    staff.invite(root, "next", "The next", [], now=NOW)
    assert keys.open_case(root.ring, DIRECTORY, NOW)["names"].newest.version == before + 1


def test_what_nobody_else_could_open_is_kept_and_told(root: Actor, lead: Actor, opened: OpenCase) -> None:
    outcome = staff.disable(root, lead.id, now=NOW)
    assert "facts" not in {grant.compartment for grant in outcome.kept}
    assert {"sources", "evidence"} <= {grant.compartment for grant in outcome.kept}
    assert len(outcome.kept) == KeyState.objects.filter(case=opened.id).count() - 1
    entry = list_entries(subject=lead.id)[0]
    assert entry.kind == "accounts.account.disabled"


def test_a_closed_account_is_opened_again_without_its_grants(root: Actor, amina: NewAccount, opened: OpenCase) -> None:
    staff.disable(root, amina.actor.id, now=NOW)
    assert state(root, amina.actor.id) == CLOSED
    staff.enable(root, amina.actor.id, now=NOW)
    assert state(root, amina.actor.id) == WORKING
    assert {grant.case for grant in keys.list_grants(NOW, holder=amina.actor.id)} == {DIRECTORY}
    assert actions.sign_in("amina", PASSPHRASE, second_factor.code_at(amina.totp, NOW), now=NOW)


def test_who_joined_and_was_not_vouched_for_learns_no_names_by_a_closing_and_opening(root: Actor, link: str) -> None:
    new = newcomer(link)
    staff.disable(root, new.id, now=NOW)
    staff.enable(root, new.id, now=NOW)
    assert not Grant.objects.filter(holder=new.id).exists()
    staff.vouch(root, new.id, fingerprint(new), now=NOW)
    staff.vouch(root, new.id, fingerprint(new), now=NOW)
    assert [grant.case for grant in keys.list_grants(NOW, holder=new.id)] == [DIRECTORY], "once, however often"


def test_a_closed_account_and_one_that_nobody_joined_get_no_link_and_nobodys_word(
    root: Actor, link: str, amina: NewAccount, hire: Hire
) -> None:
    invited = Invitation.objects.get().account_id
    staff.disable(root, amina.actor.id, now=NOW)
    second = hire("zoe", "verifier").actor
    known = fingerprint(amina.actor)
    for account in (invited, amina.actor.id):
        for act in (
            lambda of: staff.reset_second_factor(root, of, now=NOW),
            lambda of: staff.break_glass(root, second, of, now=NOW),
            lambda of: staff.vouch(root, of, known, now=NOW),
        ):
            with pytest.raises(BadRequest, match="has not joined yet, or the account is closed"):
                act(account)
    assert Invitation.objects.get().account_id == invited
    with pytest.raises(BadRequest, match="name"):
        staff.invite(root, "nameless", " \t", ["verifier"], now=NOW)


def test_restoring_gives_back_the_account_and_never_the_data(
    root: Actor, lead: Actor, amina: NewAccount, opened: OpenCase
) -> None:
    link = staff.restore(root, amina.actor.id, now=NOW)
    again = newcomer(link)
    assert again.roles == amina.actor.roles
    assert again.id != amina.actor.id
    assert not keys.list_grants(NOW, holder=again.id).exists()
    whole = replace(again, proof=PASSKEY, confirmed_at=NOW)
    with pytest.raises(NotAllowed):
        casework.read_case(whole, opened.id, now=NOW)
    staff.vouch(lead, again.id, fingerprint(again), now=NOW)
    assert queries.list_names(whole, now=NOW)[again.id] == "Amina"
    casework.give_access(lead, opened.id, "facts", again.id, reason="again", ends_at=LATER, now=NOW)
    assert casework.read_case(whole, opened.id, now=NOW).case.persons
    with pytest.raises(WrongSecret):
        actions.sign_in("amina", PASSPHRASE, second_factor.code_at(amina.totp, NOW), now=NOW)


def test_a_case_that_a_restored_person_gave_away_stays_open_to_the_others(
    root: Actor, lead: Actor, amina: NewAccount, opened: OpenCase
) -> None:
    staff.restore(root, lead.id, now=NOW)
    assert casework.read_case(amina.actor, opened.id, now=NOW).case.persons


def test_a_change_of_roles_holds_at_the_next_request_and_is_written_down(root: Actor, amina: NewAccount) -> None:
    cookie = actions.sign_in("amina", PASSPHRASE, second_factor.code_at(amina.totp, NOW), now=NOW)
    staff.set_roles(root, amina.actor.id, ["auditor", "legal"], now=NOW)
    actor = actions.resume(cookie, now=NOW)
    assert actor is not None
    assert actor.roles == {"auditor", "legal"}
    entry = list_entries(subject=amina.actor.id)[0]
    assert (entry.kind, entry.facts) == ("accounts.account.roles", '{"auditor":1,"legal":1}')
    with pytest.raises(BadRequest):
        staff.set_roles(root, amina.actor.id, ["emperor"], now=NOW)


CHANGES: dict[str, Callable[[Actor, UUID], object]] = {
    "roles": lambda actor, whom: staff.set_roles(actor, whom, ["auditor"], now=NOW),
    "disable": lambda actor, whom: staff.disable(actor, whom, now=NOW),
    "enable": lambda actor, whom: staff.enable(actor, whom, now=NOW),
    "reset": lambda actor, whom: staff.reset_second_factor(actor, whom, now=NOW),
    "restore": lambda actor, whom: staff.restore(actor, whom, now=NOW),
    "invite again": lambda actor, whom: staff.invite_again(actor, whom, now=NOW),
    "vouch": lambda actor, whom: staff.vouch(actor, whom, "0", now=NOW),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nobody_changes_her_own_account_nor_without_the_verb_nor_one_that_is_not_there(
    root: Actor, amina: NewAccount, what: str
) -> None:
    before = list(Account.objects.order_by("id").values())
    with pytest.raises(BadRequest):
        CHANGES[what](root, root.id)
    with pytest.raises(NotAllowed):
        CHANGES[what](amina.actor, root.id)
    with pytest.raises(NotAllowed):
        CHANGES[what](root, uuid4())
    assert list(Account.objects.order_by("id").values()) == before


def test_the_operator_of_the_machine_closes_an_account_without_a_secret(amina: NewAccount) -> None:
    staff.disable(None, amina.actor.id, now=NOW)
    assert not Session.objects.filter(account=amina.actor.id).exists()
    entry = list_entries(subject=amina.actor.id)[0]
    assert (entry.kind, entry.actor) == ("accounts.account.disabled", None)
