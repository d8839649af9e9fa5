"""The reader beside a careful human reading of one published appeal; both lie outside the project."""

import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

from human_reading import HumanReading, Row, table
from reader_promises import broken_promises

from tocsin.core import reader
from tocsin.core.appeal import AppealDocument, Event

SHARED = Path(__file__).parents[4] / "shared"
HUMAN = SHARED / "domain" / "worked-example.yaml"
MISSES = Path(__file__).with_name("worked_example_misses.toml")


@pytest.fixture(scope="module")
def reading() -> HumanReading:
    import yaml

    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    if not HUMAN.is_file() or not seeds:
        pytest.skip("the worked example is not there: it lies beside the project, under shared/")
    human = yaml.safe_load(HUMAN.read_text("utf-8"))
    code = human["appeal"]["code"]["display"]
    raw = next(text for seed in seeds if code in (text := seed.read_text("utf-8")))
    readings = reader.read(raw)
    assert len(readings) == 1
    return HumanReading(human, raw, readings[0].document)


@pytest.fixture(scope="module")
def document(reading: HumanReading) -> AppealDocument:
    return reading.document


@pytest.fixture(scope="module")
def rows(reading: HumanReading) -> dict[str, Row]:
    rows = reading.rows()
    assert not [name for name, times in Counter(row.id for row in rows).items() if times > 1]
    return {row.id: row for row in rows}


def test_what_the_reader_misses_is_what_the_committed_list_says(
    rows: dict[str, Row], record_property: Callable[[str, object], None]
) -> None:
    shown = table(list(rows.values()))
    print(shown)  # noqa: T201 - `pytest -s` or `-rP` shows the table
    record_property("elements matched", shown.rsplit("\n", 1)[-1])
    listed: dict[str, str] = tomllib.loads(MISSES.read_text("utf-8"))["misses"]
    missed = {row.id for row in rows.values() if row.result != "matched"}
    lost, gained = sorted(missed - set(listed)), sorted(set(listed) - missed)
    assert (lost, gained) == ([], []), f"no longer read: {lost}; now read, take off the list: {gained}\n{shown}"


def test_what_the_reader_invents_is_what_the_committed_list_says(reading: HumanReading) -> None:
    invented = {row.id: row.result for row in reading.inventions()}
    assert sorted(invented) == sorted(tomllib.loads(MISSES.read_text("utf-8"))["inventions"]), invented


@pytest.mark.parametrize("kind", ["misses", "inventions"])
def test_everything_listed_has_a_reason(kind: str) -> None:
    assert all(len(reason.split()) > 3 for reason in tomllib.loads(MISSES.read_text("utf-8"))[kind].values())


PROMISED = """
appeal.code appeal.title appeal.kind appeal.issued_on appeal.issued_at appeal.countries appeal.opening appeal.violations
appeal.narrative_paragraphs appeal.position_paragraphs appeal.description_heading appeal.actions_heading
appeal.actions_intro appeal.addressees_heading appeal.footnote_1 request.write_to_mission request.report_action
appeal.about contacts.heading contact.1 contact.2 contact.3 d1 d2 d3 a1 a2 a3 a4 a5
e04.time e05.time e07.time e25.time e28.time e15.act e16.act e18.act e19.act e20.act
s4 det1 pr1 pr1.charge pr2 pr3 law.iccpr law.constitution law.criminal_code
""".split()


def test_promised_elements_are_read_as_a_careful_human_reads_them(rows: dict[str, Row]) -> None:
    assert [str(rows[name]) for name in PROMISED if rows[name].result != "matched"] == []


def test_every_named_defender_is_found_with_forms_title_and_organisation(
    reading: HumanReading, rows: dict[str, Row]
) -> None:
    people = [row for row in rows.values() if row.id.startswith("person.")]
    assert [row.result for row in people] == ["matched"] * len(reading.people)
    assert [one.name for one in reading.document.facts.people] == list(reading.people.values())


def test_nothing_of_the_text_is_left_unread_or_lost(reading: HumanReading) -> None:
    assert reading.document.unread == ()
    assert broken_promises(reading.text, reader.read(reading.text)) == []


def test_four_demands_have_types_and_those_that_name_people_have_beneficiaries(document: AppealDocument) -> None:
    assert [one.ordinal for one in document.demands] == ["i", "ii", "iii", "iv"]
    assert all(one.types for one in document.demands)
    named = [one for one in document.demands if any(each.name in one.text for each in document.facts.people)]
    assert all(len(one.beneficiaries) == len(document.facts.people) for one in named)


def test_contacts_are_international_numbers(document: AppealDocument) -> None:
    phones = [one.value or "" for one in document.contacts if one.kind == "phone"]
    assert len(phones) == 2
    assert all(value.startswith("+") and value[1:].isdigit() for value in phones)


def events_where(document: AppealDocument, **parts: Any) -> list[Event]:
    return [one for one in document.facts.events if all(getattr(one, name) == part for name, part in parts.items())]


def test_the_time_before_the_start_of_the_meeting_is_computed(document: AppealDocument) -> None:
    (meeting,) = events_where(document, time="16:00")
    (before,) = events_where(document, time="15:55")
    assert (before.date, before.precision, before.words) == (meeting.date, "minute", "five minutes before")
    assert before.derived_from


def test_on_the_same_day_takes_the_day_of_the_sentence_before(document: AppealDocument) -> None:
    (meeting,) = events_where(document, time="16:00")
    (same,) = events_where(document, words="on the same day")
    assert (same.date, same.time, same.precision) == (meeting.date, None, "day")


def test_midnight_is_marked_as_ambiguous_and_nothing_else_is(document: AppealDocument) -> None:
    (midnight,) = events_where(document, ambiguous=True)
    assert midnight.words is not None
    assert midnight.words.endswith("at midnight")
    assert [act.type for act in midnight.acts] == ["release"]


def test_many_days_before_stays_vague(document: AppealDocument) -> None:
    vague = [one for one in events_where(document, precision="vague", date=None) if "days before" in (one.words or "")]
    assert [one.time for one in vague] == [None]


def test_the_groups_have_their_sizes_and_types(reading: HumanReading) -> None:
    sizes = {name: group.size for name, group in reading.groups.items()}
    assert (sizes["grp:three-men"], sizes["grp:crowd"]) == (3, None)
    kinds = {name: group.actor_type for name, group in reading.groups.items()}
    assert kinds["grp:three-men"] == "unknown"
    assert kinds["grp:crowd"] == "crowd"
    assert kinds["grp:arresting-police"] == "police"


def test_blows_are_passive_without_an_actor_and_the_arrest_is_active(document: AppealDocument) -> None:
    acts = [act for event in document.facts.events if event.date != "2021-06-08" for act in event.acts]
    methods = {act.method: act for act in acts}
    for method in ("dragged_by_hair", "punched_in_face"):
        assert (methods[method].voice, methods[method].actors) == ("passive", ())
    taken = [act for act in acts if act.method == "taken_to_police_station"]
    assert [(act.voice, len(act.victims), len(act.actors)) for act in taken if act.victims] == [("active", 2, 1)]
    assert [len(act.victims) for act in acts if act.type == "release" and act.voice == "passive"] == [2]


def test_the_charge_is_discontinued_and_says_according_to_whom(document: AppealDocument) -> None:
    (charge,) = [one for one in document.facts.charges if one.provision]
    assert charge.status == "discontinued"
    assert charge.attribution


def test_that_no_investigation_was_opened_is_a_proceeding_as_of_the_date_of_issue(document: AppealDocument) -> None:
    (absent,) = [one for one in document.facts.proceedings if one.status == "not_opened"]
    assert (absent.direction, absent.as_of) == ("for_defender", document.issued_on)
