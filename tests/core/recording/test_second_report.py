"""A second report about a case that is there already: its facts beside what the case says, and both claims kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from tocsin.core import reader
from tocsin.core.recording import (
    AboutReport,
    Beside,
    Choices,
    Decision,
    Fact,
    Signed,
    added_fact,
    beside,
    brought_in,
    case_of,
    facts_of,
    has_file,
    settle,
    told_case,
)
from tocsin.core.records import Case, Claim, Event, Person, from_plain, to_plain

FIRST = """\
I am writing about Lena Marosh, a lawyer of the Velm Legal Aid Centre in Velm, Zarvania.

On 3 November 2026, at around 8 pm, two men in plain clothes arrested Ms. Marosh in Velm.
"""
# The same arrest, told in Russian by somebody else, who has another day and another person.
SECOND = """\
Адвоката Лену Марош арестовали 4 ноября 2026 года в Велме.
Вместе с ней арестовали Павла Ондрича.
"""
ON = dt.date(2026, 11, 25)
SIGNED = Signed("an-account", ON, "kx3", "another report says otherwise", "decided for the other")


def told(language: str, identity: str, number: int) -> AboutReport:
    return AboutReport(
        language=language,
        source_type="local_partner",
        source_identity=identity,
        received=dt.datetime(2026, 11, 24, 9, 12, tzinfo=dt.UTC),
        sha256=str(number) * 64,
        size=1_234,
        media_type="text/plain",
        address=f"urn:uuid:5d3c4c5e-0000-4000-8000-00000000000{number}",
    )


def confirmed(facts: tuple[Fact, ...], values: Mapping[str, Mapping[str, str]] | None = None) -> object:
    wanted = values or {}
    return settle(
        facts, [Decision(at, each.key, "confirmed", wanted.get(each.key, {})) for at, each in enumerate(facts)]
    )


@cache
def first() -> Case:
    read = tuple(each.document for each in reader.read(FIRST))
    return case_of(confirmed(facts_of(read, ON)), told("en", "Irja Solveen", 1))


def added(key: str, kind: str, words: str, values: Mapping[str, str], within: str = "") -> Fact:
    at = SECOND.index(words)
    return added_fact(key, kind, (at, at + len(words)), values, within, SECOND, ON)


def second(date: str = "2026-11-04", **act: str) -> Case:
    event = {"what": "арестовали", "date": date, "time": "", "until": "", "place": "place-n1"}
    facts = (
        added("place-n1", "place", "Велме", {"name": "Велм", "kind": ""}),
        added("person-n2", "person", "Лену Марош", person("Лена Марош")),
        added("person-n3", "person", "Павла Ондрича", person("Павел Ондрич")),
        added("event-n4", "event", "арестовали 4 ноября 2026 года", event),
        added("act-n5", "act", "арестовали", arrest("person-n2") | act, within="event-n4"),
    )
    return told_case(confirmed(facts), told("ru", "Sefa Tarn", 2))


def person(name: str) -> dict[str, str]:
    return {"name": name, "role": "", "described_as": "", "organisations": ""}


def arrest(victim: str) -> dict[str, str]:
    return {"type": "arbitrary_arrest", "method": "", "victims": victim, "actors": ""}


def sides(theirs: Case, said: Mapping[str, str] | None = None) -> dict[str, Beside]:
    return {each.pairing.theirs: each for each in beside(first(), theirs, said)}


def standings(side: Beside) -> dict[str, str]:
    return {each.predicate: each.standing for each in side.fields}


def claims(case: Case, about: str) -> list[Claim]:
    return [each for each in case.claims if about in each.about]


def test_who_and_what_is_the_same_is_found_across_scripts_with_the_reason() -> None:
    found = sides(second())
    lena, pavel, arrested = found["person:1"], found["person:2"], found["e1"]
    assert (lena.pairing.ours, lena.pairing.why) == ("person:1", ("name",))
    assert (pavel.pairing.ours, pavel.ours) == ("", None)
    assert arrested.pairing.ours == "e1"
    assert arrested.pairing.why == ("act", "people", "near_time", "place")
    assert standings(arrested) == {
        "t": "differs",
        "place": "agrees",
        "act_type": "agrees",
        "victims": "agrees",
        "what": "words",
    }
    assert standings(lena) == {"names": "more"}


def test_contradictory_dates_stay_side_by_side_and_the_claim_gains_a_source() -> None:
    before, case = first(), brought_in(first(), second(), Choices(), SIGNED)
    assert from_plain(to_plain(case)) == case
    # The case shows what it showed.
    assert case.get_record("e1", Event).t == before.get_record("e1", Event).t
    whole, old, new = claims(case, "e1")
    assert (len(claims(before, "e1")), len(claims(before, "e1")[0].sources)) == (1, 1)
    assert whole.sources == ("source:report", "source:kx3")
    assert [each.evidence for each in whole.citations] == ["ev:report", "ev:kx3"]
    assert (old.predicate, old.value, old.sources, old.status) == (
        "t",
        "2026-11-03 20:00~",
        ("source:report",),
        "contested",
    )
    assert (new.predicate, new.value, new.sources, new.status) == ("t", "2026-11-04", ("source:kx3",), "contested")
    assert (old.disagrees_with, new.disagrees_with) == ((new.id,), (old.id,))
    assert new.citations[0].evidence == "ev:kx3"
    quoted = SECOND[new.citations[0].start : new.citations[0].end]
    assert quoted == "арестовали 4 ноября 2026 года"
    # A third who says the third of November too makes two who say so.
    third = replace(second("2026-11-03"), evidence=(replace(second().evidence[0], sha256="3" * 64),))
    again = brought_in(case, third, Choices(), replace(SIGNED, word="kx4"))
    (agreed,) = (each for each in claims(again, "e1") if each.id == old.id)
    assert agreed.sources == ("source:report", "source:kx4")


@pytest.mark.parametrize(
    ("chosen", "shown", "standing"),
    [
        ("ours", "2026-11-03T20:00", {"2026-11-03 20:00~": "recorded", "2026-11-04": "superseded"}),
        ("theirs", "2026-11-04", {"2026-11-03 20:00~": "superseded", "2026-11-04": "recorded"}),
    ],
)
def test_a_person_says_which_of_two_is_in_force_and_the_other_is_kept(
    chosen: str, shown: str, standing: dict[str, str]
) -> None:
    case = brought_in(first(), second(), Choices(fields={("e1", "t"): chosen}), SIGNED)
    t = case.get_record("e1", Event).t
    assert t is not None
    assert (t.start or t.date) == shown
    of_time = [each for each in claims(case, "e1") if each.predicate == "t"]
    assert {each.value: each.status for each in of_time} == standing
    behind = next(each for each in of_time if each.status == "superseded")
    assert [(each.by, each.as_of) for each in behind.statuses] == [("an-account", ON)]


def test_another_way_to_write_a_name_comes_to_the_person_and_the_first_stays_preferred() -> None:
    case = brought_in(first(), second(), Choices(), SIGNED)
    lena = case.get_record("person:1", Person)
    assert [(each.full, each.use, each.script) for each in lena.names] == [
        ("Lena Marosh", "preferred", None),
        ("Лена Марош", "transliteration", "Cyrl"),
    ]
    pavel = next(each for each in case.persons if each.preferred.full == "Павел Ондрич")
    assert (pavel.rc, pavel.recorded_on) == ("C", ON)
    (claim,) = claims(case, pavel.id)
    assert claim.sources == ("source:kx3",)


def test_a_sender_who_is_known_makes_no_second_source() -> None:
    case = brought_in(first(), second(), Choices(source="source:report"), SIGNED)
    assert case.sources == first().sources
    assert {each.sources for each in case.claims} == {("source:report",)}
    # That it was said again is cited all the same.
    assert len(claims(case, "e1")[0].citations) == 2


def test_the_same_file_twice_is_told_and_is_evidence_once() -> None:
    theirs = replace(second(), evidence=(replace(second().evidence[0], sha256="1" * 64),))
    assert (has_file(first(), theirs), has_file(first(), second())) == (True, False)
    case = brought_in(first(), theirs, Choices(), SIGNED)
    assert [each.id for each in case.evidence] == ["ev:report"]


def test_a_person_may_say_that_it_is_another_one() -> None:
    theirs = second()
    found = sides(theirs, {"person:1": ""})
    assert (found["person:1"].pairing.ours, found["person:1"].pairing.is_said) == ("", True)
    # Then the arrest is another arrest too.
    assert found["e1"].pairing.ours == ""
    case = brought_in(first(), theirs, Choices(pairs={"person:1": ""}), SIGNED)
    assert [each.preferred.full for each in case.persons] == ["Lena Marosh", "Лена Марош", "Павел Ондрич"]
    assert len([each for each in case.events if each.act_type == "arbitrary_arrest"]) == 2
    assert all(each in case.claims for each in first().claims)


@pytest.mark.parametrize(
    ("date", "act", "ours"),
    [
        ("2026-11-03", {}, "e1"),
        ("2026-11", {}, "e1"),
        ("", {}, "e1"),
        ("2026-11-10", {}, "e1"),
        # Weeks apart, or something else, is another event unless a person says otherwise.
        ("2026-12-10", {}, ""),
        ("2026-11-03", {"type": "torture"}, ""),
        ("2026-11-03", {"victims": "person-n3"}, ""),
    ],
)
def test_what_happened_is_found_by_act_people_and_time(date: str, act: dict[str, str], ours: str) -> None:
    assert sides(second(date, **act))["e1"].pairing.ours == ours


def test_nothing_that_the_case_says_is_lost_whatever_is_chosen() -> None:
    for chosen in ("", "ours", "theirs"):
        case = brought_in(first(), second(), Choices(fields={("e1", "t"): chosen}), SIGNED)
        before, after = to_plain(first()), to_plain(case)
        t = next(each for each in before["events"] if each["id"] == "e1").pop("t")
        assert holds(after, before)
        # What the record said of its time stands in a claim, exactly.
        assert t in [each.get("t") for each in after["claims"] if each["about"] in ("e1", ["e1"])]


def holds(after: object, before: object) -> bool:
    """Tell whether everything in one value is in another, whatever has come to it."""
    if isinstance(before, dict):
        return isinstance(after, dict) and all(holds(after.get(key), each) for key, each in before.items())
    items = after if isinstance(after, list) else [after]
    if isinstance(before, list):
        return all(any(holds(one, each) for one in items) for each in before)
    return before in items
