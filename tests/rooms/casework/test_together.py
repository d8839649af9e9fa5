"""Several people at one case: tasks, comments, who is in charge, and what changed since somebody looked."""

import dataclasses
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client

from desk import signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.casework import actions, charge
from tocsin.casework.actions import OpenCase
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.models import HandOver, Remark, Watch
from tocsin.casework.together import looking, remarks
from tocsin.casework.together.asked import Asked, asked_of
from tocsin.casework.together.remarks import Said
from tocsin.core.errors import BadRequest, NotAllowed, StepUpNeeded
from tocsin.core.records import Case, from_yaml
from tocsin.journal.queries import list_entries
from tocsin.vault import queries as vault
from tocsin.vault.models import Grant

CASE = from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8"))
EARLIER = NOW - timedelta(hours=2)
ENDING = next(iter(reasons_to_end()))
WORDS = "ask her sister whether the lawyer was let in"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def amina(hire: Hire) -> NewAccount:
    return hire("amina", "case_lead")


@pytest.fixture
def opened(tomas: NewAccount) -> OpenCase:
    return actions.open_new_case(tomas.actor, CASE, reason="a report", now=EARLIER)


def give(opened: OpenCase, tomas: NewAccount, to: NewAccount, compartment: str = "facts") -> Grant:
    sure = just_confirmed(tomas.actor, EARLIER)
    return actions.give_access(sure, opened.id, compartment, to.actor.id, reason="verifies", ends_at=LATER, now=EARLIER)


@pytest.fixture
def shared(opened: OpenCase, tomas: NewAccount, amina: NewAccount) -> OpenCase:
    give(opened, tomas, amina)
    return opened


def said_in(actor: Actor, case: UUID) -> list[Said]:
    return list(remarks.list_remarks(vault.open_case(actor.ring, case, NOW)))


def words(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def with_manner(case: Case, manner: str) -> Case:
    return dataclasses.replace(case, events=(dataclasses.replace(case.events[0], manner=manner), *case.events[1:]))


def without_second_event(case: Case) -> Case:
    return dataclasses.replace(case, events=case.events[:1])


def test_a_task_stands_on_the_first_page_of_whom_it_is_for_until_it_is_done(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount
) -> None:
    task = remarks.set_task(
        tomas.actor, shared.id, WORDS, to=amina.actor.id, until=NOW.date() + timedelta(days=2), now=NOW
    )
    hers, his = signed_in(amina), signed_in(tomas)
    assert WORDS in words(hers, "/")
    assert WORDS not in words(his, "/")
    assert WORDS in words(his, f"/cases/{shared.id}/together")
    answer = hers.post(f"/cases/{shared.id}/remarks/{task}/settle")
    assert answer.headers["Location"].endswith("/together?settled")
    assert WORDS not in words(hers, "/")
    assert "done by Amina" in words(his, f"/cases/{shared.id}/together")
    his.post(f"/cases/{shared.id}/remarks/{task}/reopen")
    assert WORDS in words(hers, "/")


def test_a_day_that_is_over_is_said(shared: OpenCase, tomas: NewAccount) -> None:
    day = (NOW - timedelta(days=1)).date()
    remarks.set_task(tomas.actor, shared.id, WORDS, to=tomas.actor.id, until=day, now=EARLIER)
    assert '<span class="urgent">until' in signed_in(tomas).get("/").content.decode()


def test_a_comment_stands_beside_its_record_and_can_be_resolved_and_opened_again(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount
) -> None:
    client = signed_in(amina)
    fields = {"about": "e01", "text": WORDS, "to": str(tomas.actor.id), "compartment": "facts"}
    assert client.post(f"/cases/{shared.id}/comments", fields).status_code == 302
    (comment,) = said_in(tomas.actor, shared.id)
    assert (comment.text, comment.about, comment.row.to) == (WORDS, "e01", tomas.actor.id)
    page = signed_in(tomas).get(f"/cases/{shared.id}").content.decode()
    line = page[page.index('<li id="e01">') : page.index('<li id="e02">')]
    assert "1 comment" in line
    assert "Amina asks you to look:" in words(signed_in(tomas), "/")
    remarks.settle(tomas.actor, shared.id, comment.id, now=NOW)
    assert "1 comment" not in signed_in(tomas).get(f"/cases/{shared.id}").content.decode()
    remarks.reopen(amina.actor, shared.id, comment.id, now=NOW)
    assert [each.row.settled_at for each in said_in(tomas.actor, shared.id)] == [None]
    kinds = [each.kind for each in list_entries(subject=shared.id) if ".comment." in each.kind]
    assert kinds == [f"casework.comment.{each}" for each in ("reopened", "resolved", "made")]


def test_a_comment_for_a_closed_compartment_is_for_its_holders_alone(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, hire: Hire
) -> None:
    remarks.comment(tomas.actor, shared.id, WORDS, about="source:sister", compartment="sources", now=NOW)
    assert said_in(amina.actor, shared.id) == []
    assert WORDS not in words(signed_in(amina), f"/cases/{shared.id}/together")
    with pytest.raises(BadRequest):
        remarks.comment(tomas.actor, shared.id, WORDS, to=amina.actor.id, compartment="sources", now=NOW)
    give(shared, tomas, amina, "sources")
    assert [each.text for each in said_in(amina.actor, shared.id)] == [WORDS]
    (row,) = Remark.objects.all()
    jon = hire("jon", "case_lead")
    give(shared, tomas, jon)
    with pytest.raises(NotAllowed):
        remarks.settle(jon.actor, shared.id, row.id, now=NOW)


def test_nobody_is_asked_who_cannot_open_the_case(shared: OpenCase, tomas: NewAccount, hire: Hire) -> None:
    stranger = hire("eve", "case_lead")
    with pytest.raises(BadRequest):
        remarks.set_task(tomas.actor, shared.id, WORDS, to=stranger.actor.id, until=None, now=NOW)
    with pytest.raises(BadRequest):
        remarks.comment(tomas.actor, shared.id, WORDS, to=stranger.actor.id, now=NOW)
    with pytest.raises(BadRequest):
        charge.offer(tomas.actor, shared.id, stranger.actor.id, reason="leave", now=NOW)
    for nothing in ("", " \n"):
        with pytest.raises(BadRequest):
            remarks.comment(tomas.actor, shared.id, nothing, now=NOW)
    assert not Remark.objects.exists()


def test_a_stranger_learns_nothing_of_a_case_and_of_what_is_said_in_it(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, hire: Hire
) -> None:
    task = remarks.set_task(tomas.actor, shared.id, WORDS, to=amina.actor.id, until=None, now=NOW)
    charge.offer(tomas.actor, shared.id, amina.actor.id, reason="leave", now=NOW)
    eve = hire("eve", "case_lead")
    client = signed_in(eve)
    for ways, addresses in {
        "get": ("together",),
        "post": ("tasks", "comments", "watch", "hand-over", "hand-over/answer", f"remarks/{task}/settle"),
    }.items():
        for address in addresses:
            theirs = getattr(client, ways)(f"/cases/{shared.id}/{address}")
            nobodys = getattr(client, ways)(f"/cases/{uuid4()}/{address}")
            assert (theirs.status_code, nobodys.status_code) == (404, 404)
    for act in (remarks.settle, remarks.reopen):
        with pytest.raises(NotAllowed):
            act(eve.actor, shared.id, task, now=NOW)
    assert asked_of(eve.actor, now=NOW) == Asked()
    assert Remark.objects.get(id=task).settled_at is None


def test_a_remark_is_reached_by_its_own_case_alone(shared: OpenCase, tomas: NewAccount, amina: NewAccount) -> None:
    task = remarks.set_task(tomas.actor, shared.id, WORDS, to=amina.actor.id, until=None, now=NOW)
    own = actions.open_new_case(amina.actor, CASE, reason="a report", now=NOW)
    assert signed_in(amina).post(f"/cases/{own.id}/remarks/{task}/settle").status_code == 404
    assert Remark.objects.get(id=task).settled_at is None


def test_what_was_asked_goes_with_the_access(shared: OpenCase, tomas: NewAccount, amina: NewAccount) -> None:
    remarks.set_task(tomas.actor, shared.id, WORDS, to=amina.actor.id, until=None, now=NOW)
    assert asked_of(amina.actor, now=NOW).count == 1
    grant = Grant.objects.get(holder=amina.actor.id, case=shared.id)
    actions.end_access(just_confirmed(tomas.actor, NOW), grant.id, reason=ENDING, now=NOW)
    assert asked_of(amina.actor, now=NOW) == Asked()


def test_a_remark_that_somebody_readdressed_or_moved_opens_no_more(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount
) -> None:
    first = remarks.set_task(tomas.actor, shared.id, WORDS, to=tomas.actor.id, until=None, now=EARLIER)
    second = remarks.comment(tomas.actor, shared.id, "another", now=NOW)
    assert not any(each.is_broken for each in said_in(tomas.actor, shared.id))
    Remark.objects.filter(id=first).update(to=amina.actor.id)
    assert [each.is_broken for each in said_in(tomas.actor, shared.id)] == [True, False]
    assert "Somebody changed this in the database" in words(signed_in(amina), "/")
    Remark.objects.filter(id=first).update(to=tomas.actor.id)
    Remark.objects.filter(id=second).update(sealed=Remark.objects.get(id=first).sealed)
    assert [each.is_broken for each in said_in(tomas.actor, shared.id)] == [False, True]


def test_a_case_is_handed_over_only_by_consent(shared: OpenCase, tomas: NewAccount, amina: NewAccount) -> None:
    his, hers = signed_in(tomas), signed_in(amina)
    assert charge.in_charge([shared.id]) == {shared.id: tomas.actor.id}
    fields = {"to": str(amina.actor.id), "reason": "away until spring"}
    assert his.post(f"/cases/{shared.id}/hand-over", fields).status_code == 302
    assert charge.in_charge([shared.id]) == {shared.id: tomas.actor.id}
    assert "Tomas asks you to take a case over" in words(hers, "/")
    assert "away until spring" in words(hers, f"/cases/{shared.id}/together")
    # Nobody but the one who was asked accepts, and no second offer stands beside the first.
    assert his.post(f"/cases/{shared.id}/hand-over/answer", {"answer": "accept"}).status_code == 404
    assert his.post(f"/cases/{shared.id}/hand-over", fields).status_code == 400
    assert hers.post(f"/cases/{shared.id}/hand-over/answer", {"answer": "accept"}).status_code == 302
    assert charge.in_charge([shared.id]) == {shared.id: amina.actor.id}
    assert "In charge: Amina" in words(his, f"/cases/{shared.id}")
    # It can be given back in the same way.
    fields = {"to": str(tomas.actor.id), "reason": "back again"}
    assert hers.post(f"/cases/{shared.id}/hand-over", fields).status_code == 302
    assert his.post(f"/cases/{shared.id}/hand-over/answer", {"answer": "accept"}).status_code == 302
    assert "In charge: Tomas" in words(hers, f"/cases/{shared.id}")
    assert b"away until spring" not in b"".join(bytes(each.sealed) for each in HandOver.objects.all())


@pytest.mark.parametrize("who", ["giver", "asked"])
def test_an_offer_can_be_taken_back_and_declined(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, who: str
) -> None:
    his, hers, at = signed_in(tomas), signed_in(amina), f"/cases/{shared.id}/hand-over"
    assert his.post(at, {"to": str(amina.actor.id), "reason": "leave"}).status_code == 302
    ender, button = (his, "Take the offer back") if who == "giver" else (hers, "Decline")
    assert button in words(ender, f"/cases/{shared.id}/together")
    assert ender.post(f"{at}/answer", {"answer": "decline"}).status_code == 302
    assert "In charge: Tomas" in words(hers, f"/cases/{shared.id}")
    assert hers.post(f"{at}/answer", {"answer": "accept"}).status_code == 404
    assert "asks you to take a case over" not in words(hers, "/")


def test_who_is_not_in_charge_hands_over_only_as_one_who_gives_access(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, hire: Hire
) -> None:
    sami = hire("sami", "verifier")
    give(shared, tomas, sami)
    with pytest.raises(NotAllowed):
        charge.offer(sami.actor, shared.id, amina.actor.id, reason="leave", now=NOW)
    with pytest.raises(StepUpNeeded):
        charge.offer(amina.actor, shared.id, sami.actor.id, reason="she left", now=NOW + timedelta(hours=1))


def test_who_may_only_read_addresses_only_whom_the_case_shows_her(
    shared: OpenCase, tomas: NewAccount, hire: Hire
) -> None:
    sami = hire("sami", "verifier")
    give(shared, tomas, sami)
    page = words(signed_in(sami), f"/cases/{shared.id}/together")
    assert "Tomas" in page
    assert "Amina" not in page
    assert "Amina" in words(signed_in(tomas), f"/cases/{shared.id}/together")


def test_marks_say_what_others_did_since_one_looked(shared: OpenCase, tomas: NewAccount, amina: NewAccount) -> None:
    seen = actions.read_case(tomas.actor, shared.id, now=EARLIER)
    later = actions.read_case(amina.actor, shared.id, now=EARLIER)
    saved = actions.save_case(amina.actor, later, with_manner(later.case, "quickly"), now=NOW - timedelta(hours=1))
    actions.save_case(amina.actor, saved, without_second_event(saved.case), now=NOW - timedelta(minutes=50))
    # Opened again and again within one sitting the marks stay.
    for _ in range(2):
        page = words(signed_in(tomas), f"/cases/{shared.id}")
        assert "2 records changed since you looked" in page
    keys = vault.open_case(tomas.actor.ring, shared.id, NOW)
    state = actions.read_case(tomas.actor, shared.id, now=NOW).state
    told = looking.changed_since(tomas.actor, keys, state, seen.version)
    assert [(each.record, each.what, each.by) for each in told] == [
        ("e01", looking.CHANGED, amina.actor.id),
        ("e02", looking.REMOVED, amina.actor.id),
    ]
    # What one did oneself is no news.
    assert looking.changed_since(amina.actor, keys, state, later.version) == ()
    assert looking.last_look(tomas.actor, shared.id, now=NOW + looking.SITTING) == state.version


def test_a_case_is_new_to_who_never_looked_and_nothing_is_marked(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount
) -> None:
    assert looking.last_look(amina.actor, shared.id, now=NOW) == 0
    assert "changed since you looked" not in words(signed_in(amina), f"/cases/{shared.id}")


def test_a_case_is_watched_and_watched_no_more(shared: OpenCase, amina: NewAccount) -> None:
    client = signed_in(amina)
    for _ in range(2):
        client.post(f"/cases/{shared.id}/watch", {"watch": "yes"})
    assert [(each.case_id, each.account) for each in Watch.objects.all()] == [(shared.id, amina.actor.id)]
    client.post(f"/cases/{shared.id}/watch", {"watch": "no"})
    assert not Watch.objects.exists()


def test_forms_say_what_is_wrong_and_keep_what_was_typed(shared: OpenCase, tomas: NewAccount) -> None:
    client = signed_in(tomas)
    wrong = {"text": "<b>call</b>", "to": str(uuid4()), "until": "2020-01-01"}
    page = client.post(f"/cases/{shared.id}/tasks", wrong)
    assert page.status_code == 400
    assert "&lt;b&gt;call&lt;/b&gt;" in page.content.decode()
    assert "This day is over" in page.content.decode()
    assert not Remark.objects.exists()
