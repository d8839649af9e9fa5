"""The days of a case in a calendar: what each is, and nothing of the case."""

import datetime as dt
import re
from pathlib import Path

import pytest

from desk import signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions, days
from tocsin.casework.actions import OpenCase
from tocsin.core.errors import NotAllowed
from tocsin.core.icalendar import Day, write
from tocsin.core.records import from_plain, from_yaml, to_plain
from tocsin.journal.models import Entry

pytestmark = pytest.mark.usefixtures("frozen")
CASE = to_plain(from_yaml((Path(__file__).parent / "case.yaml").read_text("utf-8")))
AHEAD = {
    "timezone_default": "Asia/Almaty",
    "proceedings": [
        {"id": "pr1", "kind": "criminal", "defendants": ["person:lena-marosh"], "next_hearing": "2026-12-01T10:00"},
        {"id": "pr2", "kind": "civil", "defendants": ["person:lena-marosh"], "next_hearing": "2026-11-24"},
        {"id": "pr3", "kind": "civil", "defendants": ["person:lena-marosh"], "next_hearing": "2027-01"},
    ],
    "demands": [
        {"id": "d1", "types": ["release"], "deadline": "2026-12-05"},
        {
            "id": "d2",
            "types": ["release"],
            "deadline": "2026-12-06",
            "statuses": [{"value": "met", "as_of": "2026-11-20"}],
        },
    ],
    "statuses": [{"value": "monitoring", "as_of": "2026-11-20", "review_on": "2026-12-12"}],
}


@pytest.fixture
def opened(tomas: NewAccount) -> OpenCase:
    return actions.open_new_case(tomas.actor, from_plain(CASE | AHEAD), reason="a report", now=NOW)


def test_the_days_that_lie_ahead_are_taken_along_without_a_word_of_the_case(
    tomas: NewAccount, opened: OpenCase
) -> None:
    client, at = signed_in(tomas), f"/cases/{opened.id}/days"
    assert "Take its days into my calendar" in client.get(f"/cases/{opened.id}").content.decode()
    answer = client.post(at)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="days.ics"'
    lines = answer.content.decode().split("\r\n")
    assert [line for line in lines if line.startswith(("DTSTART", "SUMMARY"))] == [
        *("DTSTART:20261201T050000Z", "SUMMARY:Hearing"),
        *("DTSTART;VALUE=DATE:20261212", "SUMMARY:Review"),
        *("DTSTART;VALUE=DATE:20261205", "SUMMARY:Deadline"),
    ]
    assert lines.count("CLASS:PRIVATE") == 3
    for told in ("Marosh", "marosh", "Velm", "tocsin", "Tocsin", str(opened.id), str(opened.id)[:8]):
        assert told not in answer.content.decode()
    entry = Entry.objects.order_by("-number").first()
    assert entry is not None
    assert (entry.kind, entry.actor, entry.subject) == ("casework.days.taken_out", tomas.actor.id, opened.id)
    uids = re.findall(r"UID:(\S+)", answer.content.decode())
    assert re.findall(r"UID:(\S+)", client.post(at).content.decode()) == uids


def test_who_may_take_nothing_out_gets_no_day_and_a_stranger_learns_not_that_there_is_one(
    hire: Hire, tomas: NewAccount, opened: OpenCase
) -> None:
    stranger = signed_in(hire("stranger", "case_lead"))
    nowhere = stranger.post("/cases/00000000-0000-4000-8000-000000000000/days")
    refused = stranger.post(f"/cases/{opened.id}/days")
    assert refused.status_code == nowhere.status_code
    assert refused.status_code in {403, 404}
    reader = hire("reader", "verifier")
    lead = just_confirmed(tomas.actor, NOW)
    actions.give_access(lead, opened.id, "facts", reader.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    client = signed_in(reader)
    page = client.get(f"/cases/{opened.id}")
    assert page.status_code == 200
    assert "Take its days" not in page.content.decode()
    assert client.post(f"/cases/{opened.id}/days").status_code == refused.status_code
    # The door of the pages asks, and the action asks again.
    with pytest.raises(NotAllowed):
        days.take_out(reader.actor, opened.id, now=NOW)
    assert not Entry.objects.filter(kind="casework.days.taken_out").exists()


def test_where_no_day_lies_ahead_none_is_offered(tomas: NewAccount) -> None:
    case = actions.open_new_case(tomas.actor, from_plain(CASE), reason="a report", now=NOW)
    client = signed_in(tomas)
    assert "Take its days" not in client.get(f"/cases/{case.id}").content.decode()
    assert client.post(f"/cases/{case.id}/days").headers["Location"] == f"/cases/{case.id}"


def test_a_calendar_is_written_as_the_standard_has_it() -> None:
    long = Day("1", "Слушание; в суде, " + "ж" * 60, dt.datetime(2026, 12, 1, 10, 0))  # noqa: DTZ001 - no zone known
    written = write((long,), NOW)
    assert written.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    unfolded = written.replace(b"\r\n ", b"").decode()
    assert f"SUMMARY:Слушание\\; в суде\\, {'ж' * 60}\r\n" in unfolded
    assert "DTSTART:20261201T100000\r\n" in unfolded
