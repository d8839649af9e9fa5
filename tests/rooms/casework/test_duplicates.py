"""Whether we have a report already: cases that name its people in any script, with the evidence, decided by people."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client

from desk import signed_in
from people import LATER, NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.search import memory
from tocsin.casework.search.duplicates import list_known
from tocsin.core.records import Case, from_plain, from_yaml, to_plain
from tocsin.intake import actions as intake
from tocsin.intake.actions import Incoming
from tocsin.journal.queries import list_entries

PLAIN = to_plain(from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8")))
REPORT = "Mr. Timur Akhmetov, a lawyer, was arrested in Velm on 5 November 2026. Ms. Mirela Tosk was beaten."

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(memory, "_watch", [threading.current_thread()])
    memory._kept.clear()
    yield
    memory._kept.clear()


def case_of(*names: str, place: str = "") -> Case:
    people = [{**PLAIN["persons"][0], "names": [{"full": name, "use": "preferred"} for name in names[:1]]}]
    people[0]["names"] += [{"full": name, "use": "transliteration"} for name in names[1:]]
    places = [{"id": "place:town", "name": {"en": place}}] if place else []
    return from_plain({**PLAIN, "persons": people, "places": places})


def opened(owner: NewAccount, *names: str, place: str = "") -> UUID:
    return actions.open_new_case(owner.actor, case_of(*names, place=place), reason="a report", now=NOW).id


@pytest.fixture
def report(tomas: NewAccount) -> UUID:
    report = intake.receive(tomas.actor, Incoming(REPORT.encode(), source_type="lawyer"), now=NOW)
    intake.understand(tomas.actor, report, now=NOW)
    return report


@pytest.fixture
def client(tomas: NewAccount) -> Client:
    return signed_in(tomas)


def known(who: NewAccount, report: UUID) -> list[UUID]:
    return [each.case for each in list_known(who.actor, intake.open_report(who.actor, report, now=NOW), now=NOW)]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def say(client: Client, report: UUID, case: object, said: str) -> int:
    page = client.get(f"/reports/{report}/known").content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page)
    fields = {"case": str(case), "same": said, "seen": seen[1] if seen else "0"}
    return client.post(f"/reports/{report}/known", fields).status_code


def test_a_case_in_cyrillic_is_found_for_a_report_in_latin_letters_with_the_evidence(
    tomas: NewAccount, client: Client, report: UUID
) -> None:
    case = opened(tomas, "Тимур Ахметов")
    opened(tomas, "Davit Anhalt")
    reading = client.get(f"/reports/{report}").content.decode()
    assert f"/reports/{report}/known" in reading
    page = client.get(f"/reports/{report}/known").content.decode()
    said = words(page)
    assert "Timur Akhmetov ~ Тимур Ахметов" in said
    assert "akhmetov ~ ахметов : the same, written in another way" in said
    assert "Anhalt" not in said
    assert page.count('class="known flow"') == 1
    assert known(tomas, report) == [case]


@pytest.mark.database("sqlite")
def test_two_reports_of_one_arrest_that_both_wait_meet_however_the_name_is_spelled(
    tomas: NewAccount, client: Client, report: UUID
) -> None:
    texts = "Mr. Tymur Ahmetov was arrested in Velm.", "Ms. Ines Rovan was arrested in Velm."
    other, stranger = (
        intake.receive(tomas.actor, Incoming(each.encode(), source_type="media"), now=NOW) for each in texts
    )
    for each in (other, stranger):
        intake.understand(tomas.actor, each, now=NOW)
    page = client.get(f"/reports/{report}/known").content.decode()
    part = page[page.index('aria-labelledby="waiting"') :].partition("</section>")[0]
    assert re.findall(r"/reports/([0-9a-f-]{36})", part) == [str(other)]
    assert "Timur Akhmetov" in part
    assert "Tymur Ahmetov" in part
    assert str(report) in client.get(f"/reports/{other}/known").content.decode().partition('"waiting"')[2]
    assert 'aria-labelledby="waiting"' not in client.get(f"/reports/{stranger}/known").content.decode()


def test_place_and_month_rank_and_find_nobody(tomas: NewAccount, report: UUID) -> None:
    elsewhere = opened(tomas, "Тимур Ахметов", place="Ostrava Nova")
    here = opened(tomas, "تيمور أحمدوف", "Тимур Ахметов", place="Велм")
    opened(tomas, "Ines Rovan", place="Velm")
    assert known(tomas, report) == [here, elsewhere]
    found = list_known(tomas.actor, intake.open_report(tomas.actor, report, now=NOW), now=NOW)
    assert found[0].places == ("Велм",)
    assert found[0].months == found[1].months


def test_two_people_of_a_report_in_one_case_come_first(tomas: NewAccount, report: UUID) -> None:
    one = opened(tomas, "Timur Akhmetov")
    both = actions.open_new_case(
        tomas.actor,
        from_plain(
            {
                **PLAIN,
                "persons": [
                    {**PLAIN["persons"][0], "names": [{"full": "Тимур Ахметов", "use": "preferred"}]},
                    {
                        **PLAIN["persons"][0],
                        "id": "person:tosk",
                        "names": [{"full": "Мирела Тоск", "use": "preferred"}],
                    },
                ],
            }
        ),
        reason="a report",
        now=NOW,
    ).id
    assert known(tomas, report) == [both, one]


def test_nobody_learns_of_a_case_that_is_not_hers(tomas: NewAccount, hire: Hire, report: UUID) -> None:
    case = opened(tomas, "Timur Akhmetov")
    sefa = hire("sefa", "source_handler")
    intake.answer(tomas.actor, report, "urgent", "no", seen=0, now=NOW)  # gives her the key of the report
    page = signed_in(sefa).get(f"/reports/{report}/known")
    assert page.status_code == 200
    assert str(case) not in page.content.decode()
    assert say(signed_in(sefa), report, case, "same") == say(signed_in(sefa), report, uuid4(), "same") == 404
    actions.give_access(tomas.actor, case, "facts", sefa.actor.id, reason="knows", ends_at=LATER, now=NOW)
    assert known(sefa, report) == [case]
    assert say(signed_in(sefa), report, case, "same") == 302


def test_a_case_that_was_taken_from_somebody_is_not_shown_to_her_any_more(
    tomas: NewAccount, hire: Hire, report: UUID
) -> None:
    case, sefa = opened(tomas, "Timur Akhmetov"), hire("sefa", "source_handler")
    intake.answer(tomas.actor, report, "urgent", "no", seen=0, now=NOW)
    given = actions.give_access(tomas.actor, case, "facts", sefa.actor.id, reason="knows", ends_at=LATER, now=NOW)
    assert known(sefa, report) == [case]
    reason = next(iter(reasons_to_end()))
    actions.end_access(tomas.actor, given.id, reason=reason, now=NOW)
    assert known(sefa, report) == []


def test_what_a_person_says_is_kept_journalled_and_taken_back(tomas: NewAccount, client: Client, report: UUID) -> None:
    case = opened(tomas, "Тимур Ахметов")
    for said in ("unsure", "other", "same"):
        assert say(client, report, case, said) == 302
        assert intake.open_report(tomas.actor, report, now=NOW).cases == {case: said}
    assert f"/cases/{case}" in client.get(f"/reports/{report}").content.decode()
    assert say(client, report, case, "open") == 302
    assert intake.open_report(tomas.actor, report, now=NOW).cases == {}
    assert f"/cases/{case}" not in client.get(f"/reports/{report}").content.decode()
    entries = [each for each in list_entries(subject=report) if each.kind == "intake.report.decided"]
    assert len(entries) == 4
    assert all(str(case) in each.facts for each in entries)
    assert not any("хметов" in each.facts or "khmetov" in each.facts for each in list_entries())


def test_what_somebody_else_said_meanwhile_is_not_overwritten(tomas: NewAccount, client: Client, report: UUID) -> None:
    case = opened(tomas, "Тимур Ахметов")
    assert say(client, report, case, "other") == 302
    late = client.post(f"/reports/{report}/known", {"case": str(case), "same": "same", "seen": "0"})
    assert late.status_code == 409
    assert "Nothing was saved" in late.content.decode()
    assert intake.open_report(tomas.actor, report, now=NOW).cases == {case: "other"}


@pytest.mark.parametrize(("case", "said", "status"), [("x", "same", 404), ("", "same", 404), (None, "maybe", 409)])
def test_nonsense_is_refused(
    tomas: NewAccount, client: Client, report: UUID, case: str | None, said: str, status: int
) -> None:
    there = opened(tomas, "Тимур Ахметов")
    assert say(client, report, there if case is None else case, said) == status
    assert intake.open_report(tomas.actor, report, now=NOW).cases == {}


def test_a_report_that_names_nobody_as_the_case_does_is_brought_to_it_by_a_search(
    tomas: NewAccount, client: Client, report: UUID, hire: Hire
) -> None:
    case = opened(tomas, "Ines Rovan")
    foreign = opened(hire("ada", "case_lead"), "Ines Rovan")
    address = f"/reports/{report}/known"
    assert str(case) not in client.get(address).content.decode()
    found = client.post(address, {"question": "Инес Рован"}).content.decode()
    assert "It is this one : Ines Rovan" in words(found)
    assert str(foreign) not in found
    assert say(client, report, foreign, "same") == 404
    assert say(client, report, case, "same") == 302
    page = client.get(address).content.decode()
    assert "It has no name like one of the report" in page
    assert f"/reports/{report}/beside/{case}" in page or "Put the report beside this case" in words(page)
    assert say(client, report, case, "open") == 302
    assert "Put the report beside this case" not in words(client.get(address).content.decode())
    assert "None of the cases that you may open fits." in client.post(address, {"question": "zarquon"}).content.decode()
