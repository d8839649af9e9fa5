"""A sealed case: two people close it for everybody, nothing opens, finds or changes it, and two open it again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from desk import client_of, signed_in
from desk_of_appeals import Office, open_office
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import may
from tocsin.appeals import actions as appeals
from tocsin.appeals import recalling
from tocsin.appeals.models import Appeal
from tocsin.casework import actions, barring
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import enter_status
from tocsin.casework.evidence import actions as evidence
from tocsin.casework.models import CaseFile
from tocsin.casework.parts import compartments
from tocsin.casework.queries import list_readable_entries
from tocsin.casework.search.actions import search
from tocsin.core.errors import BadRequest, CannotOpen, NotAllowed
from tocsin.core.records import CaseStatus, from_yaml
from tocsin.journal.queries import list_entries
from tocsin.vault import actions as vault
from tocsin.vault import queries
from tocsin.vault.models import Bar, Grant

CASE = from_yaml((Path(__file__).parents[1] / "casework/case.yaml").read_text("utf-8"))
WHY = "the file of the two from the harbour"

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.database("sqlite")]


@pytest.fixture
def mara(hire: Hire) -> NewAccount:
    return hire("mara", "case_lead")


@pytest.fixture
def opened(tomas: NewAccount, mara: NewAccount) -> OpenCase:
    opened = actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
    actions.give_accesses(
        tomas.actor, opened.id, compartments().words, mara.actor.id, reason="works on it", ends_at=LATER, now=NOW
    )
    return actions.read_case(tomas.actor, opened.id, now=NOW)


@pytest.fixture
def sealed(opened: OpenCase, tomas: NewAccount, mara: NewAccount) -> OpenCase:
    barring.ask(tomas.actor, opened.id, WHY, now=NOW)
    barring.agree(mara.actor, opened.id, now=NOW)
    return opened


def test_one_person_alone_seals_nothing(tomas: NewAccount, mara: NewAccount, opened: OpenCase) -> None:
    with pytest.raises(BadRequest, match="say why"):
        barring.ask(tomas.actor, opened.id, " ", now=NOW)
    barring.ask(tomas.actor, opened.id, WHY, now=NOW)
    with pytest.raises(BadRequest, match="already"):
        barring.ask(mara.actor, opened.id, WHY, now=NOW)
    with pytest.raises(BadRequest, match="another person"):
        barring.agree(tomas.actor, opened.id, now=NOW)
    # Until somebody agrees it is a case like any other; a refusal leaves it so.
    assert actions.read_case(mara.actor, opened.id, now=NOW).case == CASE
    barring.leave(mara.actor, opened.id, now=NOW)
    with pytest.raises(BadRequest, match="nobody asks"):
        barring.agree(mara.actor, opened.id, now=NOW)
    status = CaseStatus(value="sealed", as_of=NOW.date(), reason="alone")
    with pytest.raises(BadRequest, match="takes two people"):
        enter_status(tomas.actor, opened, "", "", status, now=NOW)


# What is done to a case, each by a person who may do it to any other.
REFUSED: dict[str, Callable[[Any, OpenCase, Any], object]] = {
    "read": lambda who, case, _: actions.read_case(who, case.id, now=NOW),
    "read as it was": lambda who, case, _: actions.read_case(who, case.id, now=NOW, version=1),
    "save": lambda who, case, _: actions.save_case(who, case, case.case, now=NOW),
    "let somebody in": lambda who, case, other: actions.give_access(
        who, case.id, "facts", other, reason="verifies", ends_at=LATER, now=NOW
    ),
    "prolong": lambda who, case, _: actions.prolong_access(
        who, case.id, Grant.objects.filter(case=case.id)[0].id, reason="longer", ends_at=LATER, now=NOW
    ),
    "take evidence in": lambda who, case, _: evidence.begin(who, case.id, now=NOW),
    "draft an appeal": lambda who, case, _: appeals.open_draft(who, case.id, now=NOW),
    "open its keys": lambda who, case, _: queries.open_case(who.ring, case.id, NOW),
    "give its key": lambda who, case, other: vault.grant(
        who.ring, case.id, "facts", other, reason="verifies", ends_at=LATER, now=NOW
    ),
}


def refuses(act: Callable[[Any, OpenCase, Any], object], *what: Any) -> bool:
    try:
        act(*what)
    except NotAllowed:
        return True
    return False


def test_nobody_does_anything_with_a_sealed_case_whoever_holds_it(
    tomas: NewAccount, mara: NewAccount, hire: Hire, sealed: OpenCase
) -> None:
    other = hire("other", "verifier").actor.id
    for who in (just_confirmed(tomas.actor, NOW), just_confirmed(mara.actor, NOW)):
        for name, act in REFUSED.items():
            assert refuses(act, who, sealed, other), name
        assert search(who, "Marosh", now=NOW).hits == ()
        assert (
            not list_readable_entries(who, now=NOW)
            .filter(subject=sealed.id, kind="casework.case.sealed")
            .exclude(actor=who.id)
        )
    verbs = ["case.read", "case.edit", "case.grant", "case.take_out", "appeal.draft", "appeal.release"]
    assert not any(may(tomas.actor, verb, sealed.id, now=NOW) for verb in verbs)
    # It can be destroyed all the same.
    assert may(tomas.actor, "case.shred", sealed.id, now=NOW)


def test_its_pages_are_not_there_and_one_page_says_why(tomas: NewAccount, mara: NewAccount, sealed: OpenCase) -> None:
    client = signed_in(mara)
    for page in ("", "/status", "/together", "/addressees", "/access", "/appeals"):
        assert client.get(f"/cases/{sealed.id}{page}").status_code == 404, page
    assert "Marosh" not in client.get("/cases").content.decode()
    assert "Marosh" not in client.get("/").content.decode()
    assert "/cases/sealed" in client.get("/cases").content.decode()
    assert WHY in client.get("/cases/sealed").content.decode()
    page = client.get(f"/cases/{sealed.id}/seal").content.decode()
    assert WHY in page
    assert "No appeal of it is public." in page
    assert "Marosh" not in page


def test_what_is_public_of_it_waits_on_first_pages_until_somebody_says_that_she_looked(
    tomas: NewAccount, mara: NewAccount, hire: Hire, sealed: OpenCase
) -> None:
    first, page, looked = "Sealed: look at what is public of it", f"/cases/{sealed.id}/seal", {"act": "looked"}
    stranger = signed_in(hire("stranger", "case_lead"))
    assert first not in stranger.get("/").content.decode()
    assert stranger.post(page, looked).status_code == 404
    for account in (tomas, mara):
        shown = signed_in(account).get("/").content.decode()
        assert first in shown
        assert WHY in shown
        assert "overdue" not in shown
    # Neither the database nor opening it again takes it off; on the next day it is overdue.
    Bar.objects.filter(case=sealed.id).update(sealed=b"changed")
    assert [each.why for each in barring.list_to_look_at(mara.actor, now=NOW)] == [""]
    Bar.objects.all().delete()
    a_day = barring.LOOKED_AT_WITHIN + timedelta(seconds=1)
    assert [each.is_overdue(NOW + a_day) for each in barring.list_to_look_at(tomas.actor, now=NOW + a_day)] == [True]
    assert (barring.count_overdue(now=NOW), barring.count_overdue(now=NOW + a_day)) == (0, 1)
    client = signed_in(mara)
    assert "I have looked at what is public of it" in client.get(page).content.decode()
    assert client.post(page, looked).status_code == 302
    assert client.post(page, looked).status_code == 409
    assert first not in signed_in(tomas).get("/").content.decode()
    assert barring.count_overdue(now=NOW + a_day) == 0


def test_a_stranger_does_not_learn_that_a_case_is_sealed(hire: Hire, sealed: OpenCase) -> None:
    stranger = signed_in(hire("stranger", "case_lead"))
    assert stranger.get(f"/cases/{sealed.id}/seal").status_code == 404
    assert WHY not in stranger.get("/cases/sealed").content.decode()
    assert "/cases/sealed" not in stranger.get("/cases").content.decode()


def test_two_people_open_it_again_and_everything_is_as_it_was(
    tomas: NewAccount, mara: NewAccount, sealed: OpenCase
) -> None:
    one, two = signed_in(mara), signed_in(tomas)
    page = f"/cases/{sealed.id}/seal"
    assert one.post(page, {"act": "ask", "why": "the account is safe"}).status_code == 302
    assert one.post(page, {"act": "agree"}).status_code == 409
    assert one.get(f"/cases/{sealed.id}").status_code == 404
    assert two.post(page, {"act": "agree"}).status_code == 302
    now = actions.read_case(tomas.actor, sealed.id, now=NOW).case
    assert [each.value for each in now.statuses[-2:]] == ["sealed", "verification"]
    assert now.persons == CASE.persons
    assert [hit.case for hit in search(mara.actor, "Marosh", now=NOW).hits] == [sealed.id]
    kinds = list_entries(subject=sealed.id).filter(kind__contains="seal").order_by("number")
    assert list(kinds.values_list("kind", flat=True)) == [
        "casework.sealing.asked",
        "casework.case.sealed",
        "casework.case.unsealed",
    ]
    assert not Bar.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("harm", ["the bar is gone", "another asked", "the case was set back"])
def test_who_writes_into_the_database_opens_nothing(
    tomas: NewAccount, mara: NewAccount, opened: OpenCase, harm: str
) -> None:
    barring.ask(tomas.actor, opened.id, WHY, now=NOW)
    if harm == "another asked":
        Bar.objects.update(by=mara.actor.id)
        with pytest.raises(CannotOpen):
            barring.agree(tomas.actor, opened.id, now=NOW)
        return
    barring.agree(mara.actor, opened.id, now=NOW)
    Bar.objects.all().delete()
    if harm == "the case was set back":
        CaseFile.objects.filter(id=opened.id).update(version=opened.version)
    for who in (tomas, mara):
        with pytest.raises(CannotOpen):
            actions.read_case(who.actor, opened.id, now=NOW)


def test_a_page_posts_nothing_that_was_not_chosen(tomas: NewAccount, opened: OpenCase) -> None:
    client: Client = signed_in(tomas)
    page = f"/cases/{opened.id}/seal"
    assert client.post(page, {"act": "shut"}).status_code == 409
    assert client.post(page, {"act": "ask", "appeal": "none"}).status_code == 404
    assert not Bar.objects.exists()


@pytest.fixture
def office(hire: Hire, administrator: NewAccount) -> Office:
    return open_office(hire, administrator)


def test_what_is_public_of_a_sealed_case_is_taken_back_by_two_approvers_and_nothing_else_is_done(
    office: Office,
) -> None:
    key = office.approved()
    code = office.release(key)
    first, second = office.approvers()
    barring.ask(office.lead, key.case, WHY, now=NOW)
    barring.agree(first, key.case, now=NOW)
    page = client_of(first).get(f"/cases/{key.case}/seal").content.decode()
    assert code in page
    assert "To be looked at until" in page
    with pytest.raises(NotAllowed):
        appeals.read_appeal(first, key, now=NOW)
    with pytest.raises(BadRequest, match="keeps hidden"):
        recalling.ask(first, key, "It named Rhosyn Anhalt.", now=NOW)
    recalling.ask(first, key, "It was withdrawn for the safety of those concerned.", now=NOW)
    recalling.agree(second, key, now=NOW)
    assert Appeal.objects.get(id=key.appeal).state == "retracted"
