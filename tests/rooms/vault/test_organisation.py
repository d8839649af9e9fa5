"""Any three of the five custodians open what nobody else can open; no two of them do."""

from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.casework import actions as casework
from tocsin.casework import recovery
from tocsin.casework.actions import OpenCase
from tocsin.core.errors import NotAllowed, TocsinError, WrongSecret
from tocsin.core.records import from_yaml
from tocsin.journal.queries import list_entries
from tocsin.vault import inspection, organisation
from tocsin.vault.models import Grant, Slot

WORDS = from_yaml((Path(__file__).parents[1] / "casework/case.yaml").read_text("utf-8"))
AFTER = NOW + timedelta(days=91)
UNTIL = AFTER + timedelta(days=30)


@pytest.fixture
def two(administrator: NewAccount, hire: Hire) -> tuple[Actor, Actor]:
    return administrator.actor, hire("olena", "auditor").actor


@pytest.fixture
def lead(hire: Hire) -> Actor:
    return hire("tomas", "case_lead").actor


def opened(lead: Actor, **words: bool) -> OpenCase:
    return casework.open_new_case(lead, WORDS, reason="a report", now=NOW, **words)


def made(two: tuple[Actor, Actor]) -> tuple[str, ...]:
    drawn = organisation.draw()
    recovery.make_shares(two, drawn, now=NOW)
    return drawn.shares


def recovered(two: tuple[Actor, Actor], shares: tuple[str, ...], case: OpenCase, to: Actor) -> None:
    two = (just_confirmed(two[0], AFTER), just_confirmed(two[1], AFTER))
    recovery.recover_case(two, shares, case.id, to.id, reason="nobody is left", ends_at=UNTIL, now=AFTER)


def test_every_three_of_the_five_shares_open_a_case_and_no_two_do(
    two: tuple[Actor, Actor], lead: Actor, hire: Hire
) -> None:
    shares = made(two)
    assert len(set(shares)) == 5
    case = opened(lead)
    with pytest.raises(NotAllowed):
        casework.read_case(lead, case.id, now=AFTER)
    for pair in combinations(shares, 2):
        with pytest.raises(WrongSecret):
            recovered(two, pair, case, lead)
    for number, triple in enumerate(combinations(shares, 3)):
        colleague = hire(f"colleague{number}", "case_lead").actor
        recovered(two, triple, case, colleague)
        assert casework.read_case(colleague, case.id, now=AFTER).case == WORDS
    kinds = [entry.kind for entry in list_entries()]
    assert kinds.count("casework.case.recovered") == 10
    assert kinds.count("organisation.key.made") == 1


@pytest.mark.parametrize("slip", ["a wrong word", "a missing word", "one share twice", "of another set"])
def test_a_slip_in_a_share_is_said_and_opens_nothing(two: tuple[Actor, Actor], lead: Actor, slip: str) -> None:
    other = made(two)
    shares = made(two)
    case = opened(lead)
    words = shares[0].split()
    mistyped = {
        "a wrong word": " ".join([*words[:-1], "academic" if words[-1] != "academic" else "acid"]),
        "a missing word": " ".join(words[:-1]),
        "one share twice": shares[1],
        "of another set": other[0],
    }[slip]
    with pytest.raises(WrongSecret) as said:
        recovered(two, (mistyped, *shares[1:3]), case, lead)
    assert not {*words} & {*str(said.value).split()}
    assert not Grant.objects.filter(case=case.id, holder=lead.id, ended_at=None, ends_at=UNTIL).exists()


def test_it_takes_two_people_who_may(two: tuple[Actor, Actor], lead: Actor) -> None:
    shares = made(two)
    case = opened(lead)
    one, other = two
    for pair in ((one, one), (one, lead), (lead, other)):
        with pytest.raises(NotAllowed):
            made(pair)
        with pytest.raises(NotAllowed):
            recovered(pair, shares[:3], case, lead)


def test_a_case_without_recovery_is_closed_to_the_custodians(two: tuple[Actor, Actor], lead: Actor) -> None:
    shares = made(two)
    case = opened(lead, recovery=False)
    with pytest.raises(NotAllowed):
        recovered(two, shares[:3], case, lead)


def test_a_case_from_before_the_shares_is_covered_by_the_next_who_saves(two: tuple[Actor, Actor], lead: Actor) -> None:
    case = opened(lead)
    shares = made(two)
    with pytest.raises(NotAllowed):
        recovered(two, shares[:3], case, lead)
    casework.save_case(lead, case, case.case, now=NOW)
    recovered(two, shares[2:], case, lead)
    assert casework.read_case(lead, case.id, now=AFTER).case == WORDS


def test_the_custodians_of_before_lose_what_those_of_today_hold(two: tuple[Actor, Actor], lead: Actor) -> None:
    old = made(two)
    case = opened(lead)
    new = made(two)
    casework.save_case(lead, case, case.case, now=NOW)
    with pytest.raises(NotAllowed):
        recovered(two, old[:3], case, lead)
    recovered(two, new[:3], case, lead)


def test_after_a_revocation_the_custodians_still_open_what_is_new(
    two: tuple[Actor, Actor], lead: Actor, hire: Hire
) -> None:
    shares = made(two)
    case, colleague = opened(lead), hire("amina", "case_lead").actor
    grant = casework.give_access(lead, case.id, "facts", colleague.id, reason="helps", ends_at=LATER, now=NOW)
    organisation_grants = Grant.objects.filter(case=case.id).exclude(holder__in=[lead.id, colleague.id])
    assert {each.holder for each in organisation_grants} == {*organisation.holders()}
    from tocsin.vault import actions as vault

    vault.revoke(lead.ring, grant.id, now=NOW)
    recovered(two, shares[:3], case, lead)


def test_the_key_of_the_organisation_is_not_taken_for_a_key_that_is_missing(
    two: tuple[Actor, Actor], lead: Actor
) -> None:
    made(two)
    opened(lead)
    assert inspection.inspect(AFTER).belong_together


def test_nothing_of_the_shares_stays_on_the_machine(two: tuple[Actor, Actor], lead: Actor) -> None:
    """Without shares: every slot there is, under the keys of everybody who holds no grant, opens nothing."""
    made(two)
    case = opened(lead)
    from tocsin.vault import queries, slots

    theirs = Grant.objects.filter(case=case.id).exclude(holder=lead.id)
    assert theirs
    for payload in slots.read(Slot.objects.exclude(taken_at=None).values_list("number", flat=True)).values():
        for grant in theirs:
            for ring in (two[0].ring, two[1].ring):
                with pytest.raises(TocsinError):
                    queries.Opener(ring).open(payload, queries.terms_of(grant))
