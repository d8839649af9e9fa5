"""Searching all cases that one may open: what is found, by whom, and what never lies anywhere."""

import dataclasses
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from desk import signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts import actions as accounts
from tocsin.accounts import door
from tocsin.accounts.actor import Actor
from tocsin.accounts.models import Account, Session
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.models import CaseSummary, SealedRecord
from tocsin.casework.search import memory
from tocsin.casework.search.actions import MOST_SHOWN, Found, search
from tocsin.core.errors import NotAllowed
from tocsin.core.records import Case, from_yaml
from tocsin.journal.queries import list_entries
from tocsin.vault import boxes, slots
from tocsin.vault.models import Grant

WORDS = from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8"))
ENDING = next(iter(reasons_to_end()))
SOON = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # The watch has a connection of its own, which sees nothing of what a test will roll back.
    monkeypatch.setattr(memory, "_watch", [threading.current_thread()])
    memory._kept.clear()
    yield
    memory._kept.clear()


@pytest.fixture
def lead(hire: Hire) -> Actor:
    return hire("tomas", "case_lead").actor


@pytest.fixture
def opened(lead: Actor) -> OpenCase:
    return actions.open_new_case(lead, WORDS, reason="a report came in", now=NOW)


@pytest.fixture
def colleague(hire: Hire, lead: Actor, opened: OpenCase) -> Actor:
    colleague = hire("amina", "case_lead").actor
    actions.give_access(lead, opened.id, "facts", colleague.id, reason="verifies", ends_at=LATER, now=NOW)
    return colleague


def found(actor: Actor, question: str, *, now: object = NOW) -> list[tuple[object, str]]:
    answer = search(actor, question, now=now)  # type: ignore[arg-type]
    return [(hit.case, hit.compartment) for hit in answer.hits]


def with_manner(case: Case, manner: str) -> Case:
    return dataclasses.replace(case, events=(dataclasses.replace(case.events[0], manner=manner), *case.events[1:]))


@pytest.mark.parametrize(
    ("question", "compartment"),
    [
        ("Marosh", "facts"),
        ("LENA mar", "facts"),
        ("marósh, lena", "facts"),
        ("clothes Velm", "facts"),
        ("ministry held", "facts"),
        ("sister ADA", "sources"),
        ("+999 0000 0001", None),
        ("+99900000001", "sources"),
        ("arosh", None),
        ("Marosh Ada", None),
        ("arbitrary", None),
        ("person", None),
    ],
)
def test_a_case_is_found_by_the_beginnings_of_its_words(
    lead: Actor, opened: OpenCase, question: str, compartment: str | None
) -> None:
    assert found(lead, question) == ([(opened.id, compartment)] if compartment else [])


def test_a_hit_is_shown_by_the_name_of_its_case(lead: Actor, opened: OpenCase) -> None:
    answer = search(lead, "ada", now=NOW)
    assert [hit.title for hit in answer.hits] == ["Lena Marosh"]
    assert answer == Found(answer.hits, more=False, closed=0)


@pytest.mark.parametrize("name", ["Лена Марош", "لينا ماروش", "Lyena Maroŝ"])
def test_a_case_is_found_by_a_name_in_other_letters_while_one_may_open_it(
    name: str, lead: Actor, colleague: Actor, opened: OpenCase, hire: Hire
) -> None:
    assert [hit.case for hit in search(lead, name, now=NOW, names=True).hits] == [opened.id]
    assert [hit.case for hit in search(colleague, name, now=NOW, names=True).hits] == [opened.id]
    assert search(colleague, name, now=LATER + timedelta(minutes=1), names=True).hits == ()
    assert search(lead, name, now=NOW).hits == ()
    assert search(hire("noor", "case_lead").actor, name, now=NOW, names=True).hits == ()


def test_nobody_finds_what_they_do_not_hold(colleague: Actor, opened: OpenCase, hire: Hire) -> None:
    assert found(colleague, "marosh") == [(opened.id, "facts")]
    assert found(colleague, "sister") == []
    assert found(hire("sami", "case_lead").actor, "marosh") == []
    with pytest.raises(NotAllowed):
        search(hire("olga", "administrator").actor, "marosh", now=NOW)


def test_what_others_save_is_found_and_what_they_take_out_is_not(
    lead: Actor, colleague: Actor, opened: OpenCase
) -> None:
    assert found(colleague, "quickly") == []
    saved = actions.save_case(lead, opened, with_manner(opened.case, "quickly"), now=SOON)
    assert found(colleague, "quickly", now=SOON) == [(opened.id, "facts")]
    actions.save_case(lead, saved, with_manner(opened.case, "slowly"), now=SOON)
    assert found(colleague, "quickly", now=SOON) == []
    assert found(colleague, "slowly", now=SOON) == [(opened.id, "facts")]


def test_a_case_that_is_granted_while_one_is_signed_in_is_found(lead: Actor, opened: OpenCase, hire: Hire) -> None:
    amina = hire("amina", "case_lead").actor
    assert found(amina, "marosh") == []
    sure = just_confirmed(lead, SOON)
    actions.give_access(sure, opened.id, "facts", amina.id, reason="verifies", ends_at=LATER, now=SOON)
    assert found(amina, "marosh", now=SOON) == [(opened.id, "facts")]


def test_access_that_ended_finds_nothing_though_the_words_are_still_in_memory(
    lead: Actor, colleague: Actor, opened: OpenCase
) -> None:
    assert found(colleague, "marosh")
    assert found(colleague, "marosh", now=LATER) == []
    actions.end_access(lead, Grant.objects.get(holder=colleague.id, case=opened.id).id, reason=ENDING, now=NOW)
    assert memory.is_kept(colleague.id)
    assert found(colleague, "marosh") == []


def test_after_a_change_of_keys_both_old_and_new_summaries_open(
    lead: Actor, colleague: Actor, opened: OpenCase
) -> None:
    assert found(lead, "marosh")
    actions.end_access(lead, Grant.objects.get(holder=colleague.id, case=opened.id).id, reason=ENDING, now=NOW)
    memory.drop(lead.id)
    assert found(lead, "marosh") == [(opened.id, "facts")]
    actions.save_case(lead, opened, with_manner(opened.case, "quickly"), now=SOON)
    assert found(lead, "quickly", now=SOON) == [(opened.id, "facts")]


def test_a_shredded_case_is_found_no_more(lead: Actor, opened: OpenCase) -> None:
    assert found(lead, "marosh")
    actions.shred_case(lead, opened.id, now=NOW)
    assert found(lead, "marosh") == []
    memory.drop(lead.id)
    assert found(lead, "marosh") == []


def test_a_case_without_a_summary_is_found_by_opening_it(lead: Actor, opened: OpenCase) -> None:
    CaseSummary.objects.all().delete()
    assert found(lead, "marosh") == [(opened.id, "facts")]
    assert found(lead, "sister") == [(opened.id, "sources")]


def test_a_summary_that_was_set_back_is_not_believed(lead: Actor, opened: OpenCase) -> None:
    before = CaseSummary.objects.get(case=opened.id, compartment="facts")
    actions.save_case(lead, opened, with_manner(opened.case, "quickly"), now=NOW)
    before.save()
    assert found(lead, "quickly") == [(opened.id, "facts")]


def test_a_case_that_somebody_tampered_with_is_counted_and_the_others_are_found(lead: Actor, opened: OpenCase) -> None:
    other = actions.open_new_case(lead, WORDS, reason="another report", now=NOW)
    row = CaseSummary.objects.get(case=other.id, compartment="facts")
    CaseSummary.objects.filter(case=opened.id, compartment="facts").update(sealed=row.sealed)
    SealedRecord.objects.filter(case=opened.id).delete()
    answer = search(lead, "marosh", now=NOW)
    assert ([hit.case for hit in answer.hits], answer.closed) == ([other.id], 1)


def test_more_than_one_page_of_hits_is_said(lead: Actor) -> None:
    for _ in range(MOST_SHOWN + 1):
        opened = actions.open_new_case(lead, WORDS, reason="a report", now=NOW)
    answer = search(lead, "marosh", now=NOW)
    assert (len(answer.hits), answer.more) == (MOST_SHOWN, True)
    actions.save_case(lead, opened, with_manner(WORDS, "quickly"), now=SOON)
    assert found(lead, "marosh quickly", now=SOON) == [(opened.id, "facts")]


@pytest.mark.parametrize("question", ["", "   ", "…", "'", "\x00", "\ud800"[:0] + "\u0301"])
def test_a_question_without_a_word_finds_nothing(lead: Actor, opened: OpenCase, question: str) -> None:
    assert found(lead, question) == []


def test_the_journal_tells_that_something_was_searched_and_not_what(lead: Actor, opened: OpenCase) -> None:
    search(lead, "marosh", now=NOW)
    entry = list_entries().filter(kind="casework.cases.searched").get()
    assert (entry.actor, entry.facts) == (lead.id, '{"cases":1}')


@pytest.mark.parametrize("ending", ["sign_out", "lock", "sign in elsewhere", "timeout"])
def test_the_index_goes_with_the_session(lead: Actor, opened: OpenCase, ending: str) -> None:
    account = Account.objects.get(id=lead.id)
    cookie = accounts.open_session(account, lead.ring, now=NOW)
    search(lead, "marosh", now=NOW)
    assert memory.is_kept(lead.id)
    if ending == "timeout":
        assert accounts.resume(cookie, now=NOW + accounts.IDLE) is None
    elif ending == "sign in elsewhere":
        accounts.open_session(account, lead.ring, now=NOW)
    else:
        getattr(accounts, ending)(lead, now=NOW)
    assert not memory.is_kept(lead.id)


def test_the_watch_forgets_those_whose_session_ended_in_another_worker(lead: Actor, opened: OpenCase) -> None:
    accounts.open_session(Account.objects.get(id=lead.id), lead.ring, now=NOW)
    search(lead, "marosh", now=NOW)
    memory.sweep(NOW)
    assert memory.is_kept(lead.id)
    memory.sweep(NOW + accounts.IDLE)
    assert not memory.is_kept(lead.id)
    search(lead, "marosh", now=NOW)
    Session.objects.all()._raw_delete("default")
    memory.sweep(NOW)
    assert not memory.is_kept(lead.id)


def test_nothing_of_a_search_lies_in_a_database(lead: Actor, opened: OpenCase) -> None:
    search(lead, "marosh", now=NOW)
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {table}")
                written = b"\n".join(
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for row in cursor.fetchall()
                    for value in row
                )
                assert b"marosh" not in written.lower()


def test_a_box_is_sealed_again_for_its_holder_and_for_nobody_else(
    lead: Actor, colleague: Actor, opened: OpenCase
) -> None:
    grant = Grant.objects.get(holder=colleague.id, case=opened.id)
    before = slots.read_one(grant.slot)
    assert not boxes.is_adopted(before)
    search(colleague, "marosh", now=NOW)
    box = slots.read_one(grant.slot)
    assert boxes.is_adopted(box)
    assert len(before) > len(box)
    memory.drop(colleague.id)
    assert found(colleague, "marosh") == [(opened.id, "facts")]
    # In the slot of the lead it opens nothing: she counts the case among those that somebody tampered with.
    hers = Grant.objects.get(holder=lead.id, case=opened.id, compartment="facts")
    slots.overwrite(hers.slot, box)
    assert search(lead, "marosh", now=NOW) == Found((), more=False, closed=1)


def test_a_grant_that_was_destroyed_meanwhile_is_not_brought_back(colleague: Actor, opened: OpenCase) -> None:
    grant = Grant.objects.get(holder=colleague.id, case=opened.id)
    before = slots.read_one(grant.slot)
    slots.destroy([grant.slot])
    slots.exchange({grant.slot: (before, b"the old key again")})
    assert slots.read_one(grant.slot) == b""


def test_the_page_finds_a_case_without_a_word_in_an_address(hire: Hire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)
    tomas = hire("tomas", "case_lead")
    opened = actions.open_new_case(tomas.actor, WORDS, reason="a report", now=NOW)
    client = signed_in(tomas)
    assert '<form class="search" role="search" method="post"' in client.get("/").content.decode()
    page = client.post("/search", {"question": " <b>Velm</b> marosh"}).content.decode()
    assert page.count(f'href="/cases/{opened.id}"') == 0
    assert "&lt;b&gt;Velm&lt;/b&gt; marosh" in page
    page = client.post("/search", {"question": "Velm"}).content.decode()
    assert page.count(f'href="/cases/{opened.id}"') == 1
    assert "Lena Marosh" in page
    # A word in an address is not looked for, whoever put it there.
    assert "Lena Marosh" not in client.get("/search?question=Velm").content.decode()
    assert client.post("/lock").status_code == 302
    assert client.post("/search", {"question": "Velm"}).headers["Location"] == "/sign-in"
