"""What an officer does at the desk: sees the audience, sends, watches, pauses, stops."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from mailroom import SENDING
from pytest_django import Settings

from desk import client_of
from invented_appeals import ENGLISH
from people import NOW, Hire
from public_site import Press
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import PASSKEY
from tocsin.accounts.models import Session
from tocsin.appeals.mailing import words
from tocsin.core.publication import PublicAppeal, from_file
from tocsin.dispatch import orders, outbox
from tocsin.dispatch.models import SUBSCRIBER_STATES, Audience, Delivery, Fixing, Mailer, Mailing, Subscriber
from tocsin.journal.models import Entry
from tocsin.publishing import signatories
from tocsin.publishing.models import Publication

ROOM = Path(outbox.__file__).parent


def test_she_sees_to_whom_it_goes_and_sends_it_once(officer: Client, address: str) -> None:
    page = officer.get(address).content.decode()
    assert "Send to 5 readers" in page
    assert "Arabic" in page
    for _ in range(2):
        assert officer.post(f"{address}/step", SENDING).status_code == 302
    mailing = Mailing.objects.get()
    assert (mailing.state, str(mailing.id)) == ("sending", SENDING["mailing"])
    assert orders.is_ordered(mailing, signatories.in_office())
    assert Delivery.objects.count() == 5
    assert Entry.objects.filter(kind="appeals.mailing.sent").count() == 1
    listed = officer.get("/mailings").content.decode()
    assert "is being sent" in listed
    assert ENGLISH.title is not None
    assert ENGLISH.title.text in listed
    assert ENGLISH.title.text in officer.get(address).content.decode()


def test_she_watches_without_a_script_and_may_let_it_stand_still(officer: Client, address: str) -> None:
    officer.post(f"{address}/step", SENDING)
    some = Delivery.objects.order_by("id")
    some.filter(id=some[0].id).update(state="handed_over", settled_at=NOW)
    some.filter(id=some[1].id).update(state="failed", reason="gone")
    Mailing.objects.update(held_for="embargo")
    Mailer.objects.create(id=Mailing.objects.get().id, since=NOW, seen_at=NOW, connections=2, holds_for="server")
    page = officer.get(address)
    assert page["Refresh"] == "10"
    text = page.content.decode()
    for said in ("its embargo has not ended", "the mail server cannot be reached", "there is no such mailbox"):
        assert said in text
    for said in ("1 in the last minute", "1 mailer at work", "sent once more, and may come twice"):
        assert said in text
    assert "minutes left" not in text, "nothing goes out"
    Mailing.objects.update(held_for="", policy="hold")
    Mailer.objects.update(holds_for="")
    text = officer.get(address).content.decode()
    assert "about 3 minutes left" in text
    assert "not sent again before you decide" in text
    assert "still being counted" not in text
    assert "Refresh" not in officer.get(f"{address}?still")
    Fixing.objects.create(mailing=Mailing.objects.get(), wanted="", as_of=NOW)
    text = officer.get(address).content.decode()
    assert "so far: they are still being counted" in text
    assert "minutes left" not in text, "nobody knows how many there are"


def test_before_she_sends_she_is_told_what_would_be_wrong_and_reads_what_they_get(
    officer: Client, address: str, approvers: Press
) -> None:
    Subscriber.objects.filter(languages=" ar ").update(languages=" fr ")
    text = officer.get(address).content.decode()
    for said in (
        "2 more want an appeal like this",
        "In the time of UTC.",
        "published",
        "/en/change.html",
        "/ar/change.html",
    ):
        assert said in text
    assert ENGLISH.title is not None
    assert text.count(ENGLISH.title.text) == 2, "and what they get begins with it"
    assert "Something later" not in text
    first = Publication.objects.get()
    statement = from_file(bytes(first.statement))
    assert isinstance(statement, PublicAppeal)
    approvers.follow_up(statement, [ENGLISH], now=NOW)
    later = Publication.objects.exclude(id=first.id).get()
    warned = officer.get(address).content.decode()
    assert "Something later is published of the same case" in warned
    assert f"/mailings/{later.id}" in warned
    text = officer.get(f"/mailings/{later.id}").content.decode()
    assert "Those who were sent what came before it get it first" in text
    assert "Something later" not in text


@pytest.mark.parametrize("there", [True, False])
def test_of_what_was_sent_and_reached_nobody_the_page_says_why(officer: Client, address: str, there: bool) -> None:
    officer.post(f"{address}/step", SENDING)
    Delivery.objects.update(state="suppressed", reason="left")
    if not there:
        Delivery.objects.all().delete()
        Audience.objects.all().delete()
    Mailing.objects.update(state="finished", ended_at=NOW)
    text = officer.get(address).content.decode()
    assert "Nobody got it" in text
    assert ("the reader has left" in text, "nobody had asked for an appeal like this" in text) == (there, not there)


def test_each_reason_for_which_somebody_gets_nothing_has_words() -> None:
    """Those of the code: what stands behind the state in an `End`, and the words by which it settles rows itself."""
    assert reasons_of_ends() >= {"gone", "refused", "gave_up", "address", "key"}
    states = set(SUBSCRIBER_STATES) - {"active"}
    barred = tomllib.loads((ROOM / "returning.toml").read_text("utf-8"))["reasons"]
    settled = reasons_of_ends() | states | set(barred) | {"stopped", "retracted", "uncertain"}
    assert settled == set(words()["reasons"])


def reasons_of_ends() -> set[str]:
    found = set()
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node).startswith("End(") and "'failed'" in ast.unparse(node):
                found |= {str(each.value) for each in ast.walk(node.args[2]) if isinstance(each, ast.Constant)}
    return found


def test_what_was_held_and_then_stopped_was_not_sent_because_it_was_stopped(officer: Client, address: str) -> None:
    officer.post(f"{address}/step", SENDING)
    assert "No mailer is at work" in officer.get(address).content.decode()
    officer.post(f"{address}/step", {"step": "stop"})
    Mailing.objects.update(held_for="signatures")
    outbox.close(Mailing.objects.get())
    page = officer.get(address).content.decode()
    assert "the mailing was stopped" in page
    # What held it, and how many mailers are at work, says nothing any more.
    assert not any(said in page for said in ("Nothing goes out", "at work", "in the last minute"))


def test_she_pauses_resumes_and_stops_and_the_journal_says_so(officer: Client, address: str) -> None:
    officer.post(f"{address}/step", SENDING)
    for step, state in (("pause", "paused"), ("resume", "sending"), ("stop", "stopped")):
        assert officer.post(f"{address}/step", {"step": step}).status_code == 302
        assert Mailing.objects.get().state == state
    assert officer.post(f"{address}/step", {"step": "resume"}).status_code == 400
    kinds = list(
        Entry.objects.filter(kind__startswith="appeals.mailing").order_by("number").values_list("kind", flat=True)
    )
    assert kinds == [f"appeals.mailing.{each}" for each in ("sent", "paused", "resumed", "stopped")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"not_before": "2020-01-01T10:00"},
        {"not_before": "tomorrow"},
        {"policy": "guess"},
        {"mailing": "x"},
        {"step": "fly"},
        {"step": "pause"},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_is_begun(officer: Client, address: str, wrong: dict[str, str]) -> None:
    assert officer.post(f"{address}/step", SENDING | wrong).status_code == 400
    assert not Mailing.objects.exists()


def test_it_waits_for_the_time_that_she_gives(officer: Client, address: str) -> None:
    officer.post(f"{address}/step", SENDING | {"not_before": "2026-12-01T08:30"})
    mailing = Mailing.objects.get()
    assert mailing.state == "scheduled"
    assert mailing.not_before == timezone.make_aware(timezone.datetime(2026, 12, 1, 8, 30))  # type: ignore[attr-defined]
    assert "waits for its time" in officer.get(address).content.decode()


def test_what_waits_for_its_time_gets_another_one_by_a_new_order_and_nothing_else_does(
    officer: Client, address: str
) -> None:
    officer.post(f"{address}/step", {**SENDING, "not_before": "2031-01-01T10:00"})
    assert "Change its time" in officer.get(address).content.decode()
    before = Mailing.objects.get()
    for wrong in ("2020-01-01T10:00", "tomorrow"):
        assert officer.post(f"{address}/step", {"step": "move", "not_before": wrong}).status_code == 400
    assert officer.post(f"{address}/step", {"step": "move", "not_before": "2030-01-01T10:00"}).status_code == 302
    moved = Mailing.objects.get()
    assert moved.not_before is not None
    assert (moved.state, moved.not_before.year, moved.begun_at) == ("scheduled", 2030, moved.not_before)
    assert moved.epoch > before.epoch, "what was claimed under the old time is not begun"
    assert officer.post(f"{address}/step", {"step": "move", "not_before": ""}).status_code == 302
    moved = Mailing.objects.get()
    assert (moved.state, moved.not_before) == ("sending", None)
    assert orders.is_ordered(moved, signatories.in_office()), "no mailer believes another time than that of the order"
    assert Entry.objects.filter(kind="appeals.mailing.moved").count() == 2
    assert "Change its time" not in officer.get(address).content.decode()
    assert officer.post(f"{address}/step", {"step": "move", "not_before": "2030-01-01T10:00"}).status_code == 400


def test_who_leads_a_case_may_stop_a_mailing_and_not_send_it(officer: Client, address: str, hire: Hire) -> None:
    lead = client_of(hire("tomas", "case_lead").actor)
    assert "Send to" not in lead.get(address).content.decode()
    assert lead.post(f"{address}/step", SENDING).status_code == 404
    officer.post(f"{address}/step", SENDING)
    assert lead.post(f"{address}/step", {"step": "stop"}).status_code == 302
    assert Mailing.objects.get().state == "stopped"


def test_where_nothing_is_mailed_the_pages_say_who_can_set_it_up(
    officer: Client, address: str, settings: Settings
) -> None:
    settings.TOCSIN_MAILINGS = None
    for page in ("/mailings", address):
        assert "Whoever looks after its machine sets that up" in officer.get(page).content.decode()
    assert "Send to" not in officer.get(address).content.decode()
    assert officer.post(f"{address}/step", SENDING).status_code == 400
    assert not Mailing.objects.exists()


def test_to_send_asks_for_the_second_factor_anew(address: str, ada: NewAccount) -> None:
    client = client_of(ada.actor, PASSKEY)
    Session.objects.update(confirmed_at=None)
    answer = client.post(f"{address}/step", SENDING)
    assert answer.status_code != 302 or "confirm" in answer["Location"]
    assert not Mailing.objects.exists()
