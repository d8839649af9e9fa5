"""Lists of one's cases: filtered, sorted, counted, a page at a time, and of nothing that one may not open."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from desk import signed_in
from people import LATER, NOW, Hire
from remembering import Remembering
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.casework import actions, charge, todo
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.models import CaseSummary, Merge, SavedSearch
from tocsin.casework.search import memory, opening, saved, summary
from tocsin.casework.search.actions import search
from tocsin.casework.search.holdings import ORDERS
from tocsin.casework.search.listing import (
    AHEAD,
    IN_CHARGE,
    NONE,
    ON_A_PAGE,
    OVERDUE,
    WATCHED,
    Wanted,
    list_cases,
)
from tocsin.casework.together import remarks
from tocsin.core.errors import BadRequest, NotAllowed, StillOpening
from tocsin.core.records import Case, from_plain, from_yaml, to_plain

PLAIN = to_plain(from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8")))
TODAY = NOW.date()
Asked = TypeVar("Asked")

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(memory, "_watch", [threading.current_thread()])
    memory._kept.clear()
    yield
    memory._kept.clear()


def case_of(name: str, **appeal: object) -> Case:
    """Give a case of one person with another name, and with other fields of its appeal."""
    return from_plain(plain_of(name, **appeal))


def plain_of(name: str, **appeal: object) -> dict[str, object]:
    people = [{**PLAIN["persons"][0], "names": [{"full": name, "use": "preferred"}]}]
    return {**PLAIN, "persons": people, "appeal": {**PLAIN["appeal"], **appeal}}


def held(case: dict[str, object], status: str, act: str) -> Case:
    """Give a case in which somebody is held, and that has another act."""
    detention = {"id": "det1", "persons": ["person:lena-marosh"], "status": {"value": status, "as_of": str(TODAY)}}
    events = [*PLAIN["events"], {"id": "e03", "kind": "act", "act_type": act, "victims": ["person:lena-marosh"]}]
    return from_plain({**case, "detentions": [detention], "events": events})


@pytest.fixture
def cases(tomas: NewAccount, remember: Remembering) -> dict[str, UUID]:
    return remember("four cases", lambda: four_cases(tomas))


# An assessment of risks that is out of date, and a cover that says how soon somebody has to act.
PRESSING = {
    "risks": [{"id": "risk1", "exposed": ["person:lena-marosh"], "valid_until": str(TODAY - timedelta(days=2))}],
    "cover": {"priority": "urgent"},
}


def four_cases(tomas: NewAccount) -> dict[str, UUID]:
    """Open four cases that differ in what lists are narrowed by."""
    made = {
        "late": held(
            plain_of("Mirela Tosk", review_on=str(TODAY - timedelta(days=3)), countries=["XZV"], status="draft"),
            "released",
            "torture",
        ),
        "later": held(
            plain_of("Davit Anhalt", review_on=str(TODAY + timedelta(days=31)), countries=["XOS"], status="published"),
            "pretrial_detention",
            "search_seizure",
        ),
        "none": from_plain({**plain_of("Ines Rovan", countries=["XZV", "XOS"]), **PRESSING}),
        "latest": case_of("Ada Marosh", review_on=str(TODAY - timedelta(days=9))),
    }
    return {
        name: actions.open_new_case(tomas.actor, case, reason="a report", now=NOW - timedelta(minutes=9 - at)).id
        for at, (name, case) in enumerate(made.items())
    }


def listed(actor: Actor, cases: dict[str, UUID], **wanted: str) -> list[str]:
    names = {case: name for name, case in cases.items()}
    return [names[row.id] for row in list_cases(actor, Wanted(**wanted), now=NOW).rows]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ["latest", "late", "later", "none"]),
        ({"order": "changed"}, ["latest", "none", "later", "late"]),
        ({"order": "name"}, ["latest", "later", "none", "late"]),
        ({"review": OVERDUE}, ["latest", "late"]),
        ({"review": AHEAD}, ["later"]),
        ({"review": NONE}, ["none"]),
        ({"country": "XZV"}, ["late", "none"]),
        ({"country": "XOS", "review": AHEAD}, ["later"]),
        ({"status": "draft"}, ["late"]),
        ({"priority": "urgent"}, ["none"]),
        ({"priority": "low"}, []),
        ({"alarm": "risk_out_of_date"}, ["none"]),
        ({"alarm": "any"}, ["none"]),
        ({"alarm": "no_act"}, []),
        ({"violation": "arbitrary_arrest"}, ["latest", "late", "later", "none"]),
        ({"violation": "torture"}, ["late"]),
        ({"violation": "search_seizure"}, ["later"]),
        ({"violation": "unlawful_killing"}, []),
        ({"detention": "released"}, ["late"]),
        ({"detention": "pretrial_detention"}, ["later"]),
        ({"detention": "released", "violation": "search_seizure"}, []),
        ({"question": "Tosk"}, ["late"]),
        ({"question": "clothes velm"}, ["latest", "late", "later", "none"]),
        ({"question": "Мирела Тоск"}, ["late"]),
        ({"question": "Rowan Inès"}, ["none"]),
        ({"question": "Tosk", "country": "XOS"}, []),
        ({"question": "qqzzy"}, []),
        ({"question": "…"}, []),
    ],
)
def test_a_list_holds_what_was_asked_for_in_order(
    tomas: NewAccount, cases: dict[str, UUID], wanted: dict[str, str], names: list[str]
) -> None:
    assert listed(tomas.actor, cases, **wanted) == names


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("days", "review", "names"),
    [
        (0, "month", []),
        (1, "month", ["later"]),
        (23, "week", []),
        (24, "week", ["later"]),
        (31, "week", ["later"]),
        (32, "week", []),
    ],
)
def test_a_list_holds_the_reviews_of_the_next_days_and_none_that_is_over(
    tomas: NewAccount, cases: dict[str, UUID], days: int, review: str, names: list[str]
) -> None:
    now = NOW + timedelta(days=days)
    page = list_cases(tomas.actor, Wanted(review=review), now=now)
    assert [row.id for row in page.rows] == [cases[name] for name in names]


def test_every_order_sorts_and_overdue_reviews_are_marked(tomas: NewAccount, cases: dict[str, UUID]) -> None:
    for order in ORDERS:
        assert len(listed(tomas.actor, cases, order=order)) == len(cases)
    page = list_cases(tomas.actor, Wanted(), now=NOW)
    assert [row.is_overdue for row in page.rows] == [True, True, False, False]
    assert page.choices["country"] == {"XZV": 2, "XOS": 2}
    assert page.choices["status"] == {"draft": 1, "published": 1}


def case_that(name: str, *statuses: dict[str, str], **appeal: object) -> Case:
    """Give a case of one person that has come a part of its way."""
    return from_plain({**to_plain(case_of(name, **appeal)), "statuses": list(statuses)})


def test_a_case_is_listed_by_where_it_stands_itself_and_reviewed_on_its_own_day(tomas: NewAccount) -> None:
    past, soon = str(TODAY - timedelta(days=2)), str(TODAY + timedelta(days=2))
    watched = {"value": "monitoring", "as_of": "2026-09-01", "review_on": past}
    ended = {"value": "closed", "as_of": "2026-09-01", "outcome": "released", "reason": "she is free"}
    mistaken = [ended, {"value": "active", "as_of": "2026-09-02", "corrects": True, "reason": "she is not"}]
    for case in (
        case_that("Mirela Tosk", watched, review_on=soon),
        case_that("Davit Anhalt", ended, review_on=past),
        case_that("Ines Rovan", *mistaken, review_on=soon),
        case_that("Ada Marosh", review_on=soon),
    ):
        actions.open_new_case(tomas.actor, case, reason="a report", now=NOW)

    def names(**wanted: str) -> set[str]:
        return {row.title or "" for row in list_cases(tomas.actor, Wanted(**wanted), now=NOW).rows}

    assert names(standing="monitoring") == names(review=OVERDUE) == {"Mirela Tosk"}
    assert names(standing="closed") == names(review=NONE) == {"Davit Anhalt"}
    assert names(standing="active") == {"Ines Rovan"}
    assert names(review=AHEAD) == {"Ines Rovan", "Ada Marosh"}
    choices = list_cases(tomas.actor, Wanted(), now=NOW).choices["standing"]
    assert choices == {"monitoring": 1, "closed": 1, "active": 1}


def test_the_first_page_begins_with_what_was_due_first(tomas: NewAccount, cases: dict[str, UUID]) -> None:
    hearing = {"id": "pr1", "kind": "criminal", "next_hearing": f"{TODAY + timedelta(days=5)}T09:30"}
    heard = from_plain({**to_plain(case_of("Runa Otteken")), "proceedings": [hearing]})
    cases["heard"] = actions.open_new_case(tomas.actor, heard, reason="a report", now=NOW).id
    names = {case: name for name, case in cases.items()}
    due = [names[each.id] for each in todo.list_work(tomas.actor, now=NOW).today]
    assert due == ["latest", "late", "none", "heard"]


def test_a_list_is_of_ones_own_charges_and_of_what_one_watches(
    tomas: NewAccount, cases: dict[str, UUID], hire: Hire
) -> None:
    amina = hire("amina", "case_lead").actor
    for case in cases.values():
        actions.give_access(tomas.actor, case, "facts", amina.id, reason="verifies", ends_at=LATER, now=NOW)
    assert listed(amina, cases, whose=IN_CHARGE) == []
    charge.offer(tomas.actor, cases["late"], amina.id, reason="leave", now=NOW)
    charge.answer(amina, cases["late"], accept=True, now=NOW)
    charge.watch(amina, cases["none"], wanted=True, now=NOW)
    assert listed(amina, cases, whose=IN_CHARGE) == ["late"]
    assert listed(amina, cases, whose=WATCHED) == ["none"]
    assert listed(tomas.actor, cases, whose=IN_CHARGE) == ["latest", "later", "none"]


def test_a_stranger_learns_of_no_case_by_lists_counts_choices_or_names(
    tomas: NewAccount, cases: dict[str, UUID], hire: Hire
) -> None:
    eve = hire("eve", "case_lead")
    page = list_cases(eve.actor, Wanted(), now=NOW)
    assert (page.rows, page.count, page.closed) == ((), 0, 0)
    assert not any(page.choices.values())
    # One case of four is hers: the other three count nowhere.
    actions.give_access(tomas.actor, cases["later"], "facts", eve.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    page = list_cases(eve.actor, Wanted(), now=NOW)
    assert (page.count, page.choices["country"]) == (1, {"XOS": 1})
    assert listed(eve.actor, cases, question="Mirela Tosk") == []
    for wanted in ({}, {"question": "Tosk"}, {"country": "XZV"}):
        body = signed_in(eve).post("/cases", wanted).content.decode()
        assert "Mirela" not in body
        assert str(cases["late"]) not in body
    with pytest.raises(NotAllowed):
        list_cases(hire("olga", "administrator").actor, Wanted(), now=NOW)


@pytest.mark.parametrize("ending", ["ended", "over", "shredded"])
def test_what_one_may_open_no_more_leaves_list_counts_and_names_though_it_is_in_memory(
    tomas: NewAccount, cases: dict[str, UUID], hire: Hire, ending: str
) -> None:
    eve, case, now = hire("eve", "case_lead").actor, cases["late"], NOW
    given = actions.give_access(tomas.actor, case, "facts", eve.id, reason="verifies", ends_at=LATER, now=NOW)
    assert listed(eve, cases, question="Тоск Мирела") == ["late"]
    if ending == "ended":
        actions.end_access(tomas.actor, given.id, reason=next(iter(reasons_to_end())), now=NOW)
    elif ending == "shredded":
        actions.shred_case(tomas.actor, case, now=NOW)
    else:
        now = LATER + timedelta(seconds=1)
    for wanted in (Wanted(), Wanted(question="Тоск Мирела"), Wanted(question="tosk")):
        page = list_cases(eve, wanted, now=now)
        assert (page.rows, page.count) == ((), 0)
        assert not any(page.choices.values())


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each page have time for no more than one case."""
    monkeypatch.setattr(opening, "AT_ONCE", 1)
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", -1)


@pytest.mark.usefixtures("slowly")
@pytest.mark.parametrize("addresses", [["/"], ["/cases"], ["/cases/{late}/merge"], ["/", "/cases"]])
def test_while_cases_are_being_opened_a_page_says_how_far_it_is_and_nothing_of_the_whole(
    tomas: NewAccount, cases: dict[str, UUID], addresses: list[str]
) -> None:
    """Of one page, and of two tabs that are opened at once: they share what is opened, and both come to their end."""
    client, bodies = signed_in(tomas), []
    waiting = [each.format(late=cases["late"]) for each in addresses]
    wholes = {}
    while waiting:
        answer = client.get(address := waiting.pop(0))
        if answer.headers.get("Refresh") == "0":
            bodies.append(answer.content.decode())
            waiting.append(address)
        else:
            wholes[address] = answer.content.decode()
    told = [how_far(body) for body in bodies]
    assert len(told) > 2
    assert told == sorted(set(told)), "each page goes on from where the one before was"
    others = {str(case) for case in cases.values()} - {str(cases["late"])}
    for body in bodies:
        assert not any(case in body for case in others)
        assert "Nothing needs you" not in body
        assert "You hold no case" not in body
    for address, whole in wholes.items():
        assert not how_far(whole)
        assert all(case in whole for case in others)
        assert "Refresh" not in client.get(address).headers


def how_far(page: str) -> tuple[str, ...]:
    """Give what a page says of how far it is: whether cases are opened or names sorted, and how many of four."""
    said = re.search(r"being (opened|sorted): (\d) of 4\.", page)
    return said.groups() if said else ()


@pytest.mark.usefixtures("slowly")
@pytest.mark.parametrize(
    ("address", "sent", "shown"),
    [
        ("/search", {"question": 'clothes "velm"'}, "Mirela Tosk"),
        ("/cases", {"question": "Мирела Тоск", "save": "yes", "name": "hers & his"}, "Mirela Tosk"),
        ("/cases/{late}/merge", {"other": "{none}", "reason": "two reports of one"}, "two reports of one"),
    ],
)
def test_what_is_sent_while_cases_are_being_opened_is_kept_in_the_page_and_goes_on_once(
    tomas: NewAccount, cases: dict[str, UUID], address: str, sent: dict[str, str], shown: str
) -> None:
    client, at = signed_in(tomas), address.format(**cases)
    fields = {name: value.format(**cases) for name, value in sent.items()}
    first = client.post(at, fields)
    assert how_far(first.content.decode()) == ("opened", "2")
    assert "Refresh" not in first.headers, "what was sent would be lost"
    (form,) = html.fromstring(first.content).xpath("//form[contains(@action, 'goes-on')]")
    assert {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"} == fields
    answer = client.post(form.get("action"), fields, follow=True)
    assert shown in html.fromstring(answer.content).text_content()
    again = [url for url, status in answer.redirect_chain if status == 307]
    assert again == [f"{at}?goes-on={times}" for times in range(2, len(again) + 2)]
    assert SavedSearch.objects.count() == ("save" in fields)
    assert Merge.objects.count() == ("other" in fields)


@pytest.mark.usefixtures("slowly")
@pytest.mark.parametrize("event", ["ended", "given", "saved", "signed out", "searched"])
def test_what_happens_while_cases_are_being_opened_is_as_it_is_when_they_are_open(
    tomas: NewAccount, cases: dict[str, UUID], hire: Hire, event: str
) -> None:
    eve = hire("eve", "case_lead").actor
    first, *others, last = sorted(cases.values())
    terms = {"reason": "verifies", "ends_at": LATER, "now": NOW}
    held = {case: actions.give_access(tomas.actor, case, "facts", eve.id, **terms) for case in (*others, last)}
    with pytest.raises(StillOpening):
        list_cases(eve, Wanted(), now=NOW)
    expected = set(held)
    if event == "ended":
        for case in (others[0], last):
            actions.end_access(tomas.actor, held[case].id, reason=next(iter(reasons_to_end())), now=NOW)
            expected.remove(case)
    elif event == "given":
        actions.give_access(tomas.actor, first, "facts", eve.id, **terms)
        expected.add(first)
    elif event == "saved":
        opened = actions.read_case(tomas.actor, others[0], now=NOW)
        actions.save_case(tomas.actor, opened, case_of("Runa Otteken"), now=NOW)
        found = at_last(lambda: list_cases(eve, Wanted(question="otteken"), now=NOW))
        assert [row.id for row in found.rows] == [others[0]]
    elif event == "signed out":
        memory.drop(eve.id)
        with pytest.raises(StillOpening) as error:
            list_cases(eve, Wanted(), now=NOW)
        assert error.value.opened == 2, "it begins anew"
    else:
        assert {hit.case for hit in at_last(lambda: search(eve, "clothes", now=NOW)).hits} == set(held)
    assert {row.id for row in at_last(lambda: list_cases(eve, Wanted(), now=NOW)).rows} == expected


def at_last(ask: Callable[[], Asked]) -> Asked:
    """Ask until all cases are open."""
    for _ in range(9):
        with suppress(StillOpening):
            return ask()
    raise AssertionError("they are never all open")


def test_a_name_that_was_corrected_is_found_by_the_new_one_alone(tomas: NewAccount) -> None:
    opened = actions.open_new_case(tomas.actor, case_of("Mirela Tosk"), reason="a report", now=NOW)
    cases = {"it": opened.id}
    assert listed(tomas.actor, cases, question="Тоск Мирела") == ["it"]
    actions.save_case(tomas.actor, opened, case_of("Davit Anhalt"), now=NOW)
    assert listed(tomas.actor, cases, question="Тоск Мирела") == []
    assert listed(tomas.actor, cases, question="Давит Анхальт") == ["it"]


@pytest.mark.parametrize("loss", ["gone", "of before there were facets"])
def test_a_case_without_facets_in_its_summary_is_listed_by_opening_it(
    tomas: NewAccount, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    with monkeypatch.context() as before:
        before.setattr(summary, "facets_of", lambda *_of: None)
        opened = actions.open_new_case(tomas.actor, case_of("Mirela Tosk", countries=["XZV"]), reason="a", now=NOW)
    if loss == "gone":
        CaseSummary.objects.all().delete()
    assert listed(tomas.actor, {"it": opened.id}, country="XZV") == ["it"]


def test_pages_are_turned_and_keep_what_was_asked_for(tomas: NewAccount) -> None:
    for at in range(ON_A_PAGE + 2):
        actions.open_new_case(tomas.actor, case_of(f"Ines Rovan {at:02}", countries=["XZV"]), reason="a", now=NOW)
    client = signed_in(tomas)
    first = client.post("/cases", {"country": "XZV", "order": "name"}).content.decode()
    assert '<details class="fold" open>' in first, "what narrows the list is seen"
    assert '<details class="fold">' in client.post("/cases", {"question": "tosk", "order": "name"}).content.decode()
    assert first.count('<li class="split">') == ON_A_PAGE
    assert '<option value="XZV" selected>' in first
    assert "page 1 of 2" in first
    second = client.post("/cases", {"country": "XZV", "order": "name", "page": "2"}).content.decode()
    assert second.count('<li class="split">') == 2
    assert "Ines Rovan 26" in second
    for odd in ("0", "99", "-1", "x", "٣", "9" * 400):
        assert client.post("/cases", {"page": odd}).status_code == 200


def test_a_search_is_kept_for_its_person_alone_and_nothing_of_it_is_in_clear(
    tomas: NewAccount, cases: dict[str, UUID], hire: Hire
) -> None:
    client = signed_in(tomas)
    fields = {"question": "Mirela", "country": "XZV", "save": "yes", "name": "People of Karvel"}
    client.post("/cases", fields)
    (kept,) = saved.list_saved(tomas.actor)
    assert (kept.name, kept.wanted.question, kept.wanted.country) == ("People of Karvel", "Mirela", "XZV")
    page = client.post("/cases", {"saved": str(kept.id)}).content.decode()
    assert "Mirela Tosk" in page
    assert "Ines Rovan" not in page
    sealed = bytes(SavedSearch.objects.get().sealed)
    assert not any(word in sealed for word in (b"Mirela", b"Karvel", b"XZV"))
    eve = hire("eve", "case_lead")
    SavedSearch.objects.update(account=eve.actor.id)
    assert saved.list_saved(eve.actor) == ()
    saved.forget(tomas.actor, kept.id)
    assert SavedSearch.objects.count() == 1
    SavedSearch.objects.update(account=tomas.actor.id)
    client.post("/cases", {"forget": str(kept.id)})
    assert not SavedSearch.objects.exists()


def test_a_search_is_kept_under_a_name_once_and_not_without_end(tomas: NewAccount) -> None:
    for _ in range(2):
        saved.save(tomas.actor, " the  same ", Wanted(country="XZV"), now=NOW)
    assert [each.name for each in saved.list_saved(tomas.actor)] == ["the same"]
    for at in range(saved.MOST - 1):
        saved.save(tomas.actor, str(at), Wanted(), now=NOW)
    for name in ("one more", "", "  "):
        with pytest.raises(BadRequest):
            saved.save(tomas.actor, name, Wanted(), now=NOW)
    assert "forget one first" in signed_in(tomas).post("/cases", {"save": "yes", "name": "x"}).content.decode()


def queries_of(client: Client, address: str, **posted: str) -> int:
    """Count the questions to both databases that one request asks."""
    with CaptureQueriesContext(connections["default"]) as data, CaptureQueriesContext(connections["keys"]) as keys:
        page = client.post(address, posted) if posted else client.get(address)
    assert page.status_code == 200
    return len(data) + len(keys)


@pytest.mark.parametrize("address", ["/", "/cases", "/search", "/journal"])
def test_a_page_asks_no_more_questions_for_more_cases(tomas: NewAccount, address: str) -> None:
    client = signed_in(tomas)
    counts = []
    for _ in range(3):
        for _ in range(4):
            actions.open_new_case(tomas.actor, case_of("Ines Rovan"), reason="a report", now=NOW)
        posted = {"question": "rovan"} if address == "/search" else {}
        queries_of(client, address, **posted)
        counts.append(queries_of(client, address, **posted))
    assert counts[1] == counts[2], counts
    assert counts[2] <= MOST_QUERIES[address], counts


MOST_QUERIES = {"/": 53, "/cases": 37, "/search": 19, "/journal": 12}


@pytest.mark.parametrize("page", ["", "/together", "/access"])
def test_a_page_of_a_case_asks_no_more_questions_for_more_records(tomas: NewAccount, page: str) -> None:
    client, counts = signed_in(tomas), []
    for size in (2, 40):
        events = [{"id": f"e{at}", "kind": "context", "what_en": f"Something {at}."} for at in range(1, size)]
        case = from_plain({**PLAIN, "events": events})
        opened = actions.open_new_case(tomas.actor, case, reason="a report", now=NOW)
        for at in range(size):
            remarks.comment(tomas.actor, opened.id, f"who saw {at}?", about="e1", now=NOW)
        counts.append(queries_of(client, f"/cases/{opened.id}{page}"))
    assert counts[0] == counts[1] <= 52
