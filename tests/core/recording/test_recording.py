"""From a report to a case: what is asked, what a person decides, and what becomes a record."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import ROOT
from tocsin.core import reader
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import BadCase, BadRequest
from tocsin.core.recording import FIELDS, AboutReport, Decision, Fact, Settled, case_of, check_values, facts_of, settle
from tocsin.core.records import Case, Event, from_plain, to_plain

RECEIVED = dt.date(2021, 10, 14)
TOLD = AboutReport(
    language="en",
    source_type="local_partner",
    source_identity="Orla Venn",
    received=dt.datetime(2021, 10, 14, 9, 12, tzinfo=dt.UTC),
    sha256="0" * 64,
    size=1_234,
    media_type="text/plain",
    address="urn:uuid:5d3c4c5e-0000-4000-8000-000000000000",
)
EXAMPLE = (ROOT / "examples/report.eml").read_text("utf-8").partition("\n\n")[2]
REPORTS = sorted((ROOT / "tests/corpus").glob("*/source.txt"))


@cache
def documents(text: str) -> tuple[AppealDocument, ...]:
    return tuple(each.document for each in reader.read(text))


def facts(text: str = EXAMPLE) -> tuple[Fact, ...]:
    return facts_of(documents(text), RECEIVED)


def confirmed(found: tuple[Fact, ...], changes: Mapping[str, Mapping[str, str]] | None = None) -> tuple[Settled, ...]:
    wanted = changes or {}
    decisions = [Decision(at, each.key, "confirmed", wanted.get(each.key, {})) for at, each in enumerate(found, 1)]
    return settle(found, decisions)


def source(text: str) -> str:
    return next(each.source.text for each in documents(text) if each.source)


def test_the_example_is_asked_about_fact_by_fact() -> None:
    asked = {fact.key: fact for fact in facts()}
    assert asked["person-0"].values["name"] == "Mirela Tosk"
    assert asked["person-0"].values["role"] == "defender"
    assert asked["group-0"].values == {"name": "four masked men", "actor_type": "unknown"}
    event, act = asked["event-0"], asked["act-0-0"]
    assert (event.values["date"], event.values["time"]) == ("2021-10-12", "18:30")
    assert act.within == "event-0"
    assert (act.values["type"], act.values["victims"], act.values["actors"]) == (
        "burglary",
        "person-0 person-1",
        "group-0",
    )
    assert asked["event-2"].doubts == ("hedged",)
    assert asked["event-2"].hedges == ("reportedly",)
    assert asked["charge-0"].values["offence"] == "disorderly conduct"
    # What the charge says already is not asked twice; that no investigation was opened is asked.
    assert [each.values["status"] for each in asked.values() if each.kind == "proceeding"] == ["not_opened"]


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.parent.name)
def test_every_fact_of_every_fixture_stands_in_its_text_and_all_together_make_a_whole_case(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    found = facts(text)
    assert len({fact.key for fact in found}) == len(found)
    length = len(source(text))
    for fact in found:
        assert set(fact.values) == set(FIELDS[fact.kind])
        if fact.span is not None:
            assert 0 <= fact.span[0] < fact.span[1] <= length
    if path.parent.name[:2] not in reader.FACT_LANGUAGES:
        with pytest.raises(BadRequest, match="at least one person"):  # nobody is read where there is no grammar
            case_of(confirmed(found), TOLD)
        return
    case = case_of(confirmed(found), TOLD)
    assert from_plain(to_plain(case)) == case


@pytest.mark.parametrize(
    ("where", "place"),
    [("in Velm,\nZarvania", "Velm"), ("in Velm and then held in Brandsund", "Brandsund"), ("in Velm", "Velm")],
)
def test_something_happened_at_the_more_exact_of_two_places_and_else_at_the_last(where: str, place: str) -> None:
    found = facts(f"On 3 May 2021, the police arrested Ms. Mirela Tosk, a lawyer, at her office {where}.\n")
    names = {each.key: each.values["name"] for each in found if each.kind == "place"}
    assert [names[each.values["place"]] for each in found if each.kind == "event"] == [place]


def test_only_what_was_confirmed_is_recorded() -> None:
    found = facts()
    settled = settle(found, [Decision(1, "person-0", "confirmed"), Decision(2, "person-1", "rejected")])
    case = case_of(settled, TOLD)
    assert [person.preferred.full for person in case.persons] == ["Mirela Tosk"]
    assert (case.events, case.groups, case.places, case.proceedings) == ((), (), (), ())


def test_each_record_cites_the_words_that_it_rests_on() -> None:
    found = facts()
    case, text = case_of(confirmed(found), TOLD), source(EXAMPLE)
    about = {claim.about[0]: claim for claim in case.claims}
    quoted = {}
    for ref, claim in about.items():
        citation = claim.citations[0]
        assert citation.evidence == "ev:report"
        assert claim.sources == ("source:report",)
        quoted[ref] = text[citation.start : citation.end]
    for event in case.events:
        assert quoted[event.id] in text
        assert event.what is None or event.what.text("en") == quoted[event.id]
    assert quoted[case.persons[0].id] == "Mirela Tosk"
    recorded = [*case.persons, *case.events, *case.groups, *case.proceedings, *case.detentions]
    assert {record.id for record in recorded} <= about.keys()


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("On 3 November 2026 police arrested Ms. Greta Ilvane in Velm. Ms. Ilvane remains in detention.", True),
        ("On 3 November 2026 police beat Ms. Greta Ilvane in Velm. Ms. Ilvane remains in detention.", False),
        (
            "On 3 May 2026 police arrested Ms. Ilvane. On 3 June 2026 police arrested her. She remains in detention.",
            False,
        ),
        ("On 3 November 2026 police arrested Ms. Greta Ilvane. Ms. Ilvane was released on 4 November 2026.", False),
    ],
    ids=["one arrest", "no arrest", "two arrests", "released"],
)
def test_somebody_is_held_since_the_one_arrest_that_the_report_tells(text: str, taken: bool) -> None:
    case = case_of(confirmed(facts(text)), TOLD)
    (detention,) = case.detentions
    arrests = [each.id for each in case.events if each.act_type == "arbitrary_arrest"]
    assert detention.apprehended_in == (arrests[0] if taken else None)


def test_nothing_of_a_report_is_public_before_somebody_was_asked_and_no_id_holds_a_name() -> None:
    case = case_of(confirmed(facts()), TOLD)
    told = [*case.persons, *case.events, *case.groups, *case.places, *case.proceedings, *case.detentions]
    assert {record.rc for record in told} == {"C"}
    ids = " ".join(record.id for record in case.records())
    assert not any(word in ids for word in ("tosk", "anhalt", "karvel", "venn"))


def test_the_example_tells_its_story_as_records() -> None:
    case = case_of(confirmed(facts()), TOLD)
    events = {event.act_type or event.procedure or event.kind: event for event in case.events}
    attack = events["physical_attack"]
    assert (attack.victims, attack.actors, attack.method) == (("person:2",), ("grp:1",), "beaten")
    assert attack.t is not None
    assert (attack.t.date, attack.t.precision) == ("2021-10-12", "day")
    burglary = events["burglary"]
    assert burglary.t is not None
    assert (burglary.t.start, burglary.t.precision) == ("2021-10-12T18:30", "minute")
    assert events["failure_to_protect"].kind == "omission"
    assert events["failure_to_protect"].attribution == "reportedly"
    assert (events["release"].kind, events["release"].concerns) == ("procedure", ("person:1",))
    # Two acts of one sentence: the sentence stands once.
    told = [event for event in case.events if event.episode == attack.episode]
    assert [event.what is not None for event in told] == [True, False]
    charge = case.proceedings[0].charges[0]
    assert charge.provision is not None
    assert (charge.provision.article, charge.stage) == ("214", "filed")
    assert case.sources[0].identity == "Orla Venn"


def test_a_correction_is_recorded_and_what_was_read_stays() -> None:
    found = facts()
    event = next(each for each in found if each.key == "event-0")
    changed = confirmed(found, {"event-0": {**event.values, "date": "2021-10", "time": ""}})
    settled = next(each for each in changed if each.fact.key == "event-0")
    assert settled.is_corrected
    assert settled.fact.values["date"] == "2021-10-12"
    case = case_of(changed, TOLD)
    burglary = next(each for each in case.events if each.act_type == "burglary")
    assert burglary.t is not None
    assert (burglary.t.date, burglary.t.precision) == ("2021-10", "month")


@pytest.mark.parametrize(
    ("decisions", "verdict", "date"),
    [
        ([], "open", "2021-10-12"),
        ([("confirmed", {})], "confirmed", "2021-10-12"),
        ([("confirmed", {"date": "2021-10-11"})], "confirmed", "2021-10-11"),
        ([("confirmed", {"date": "2021-10-11"}), ("rejected", {})], "rejected", "2021-10-11"),
        # Taking a decision back loses no correction: it stands in the form again.
        ([("confirmed", {"date": "2021-10-11"}), ("open", {})], "open", "2021-10-11"),
        ([("rejected", {}), ("confirmed", {})], "confirmed", "2021-10-12"),
    ],
)
def test_the_last_decision_holds(decisions: list[tuple[str, dict[str, str]]], verdict: str, date: str) -> None:
    made = [
        Decision(at, "event-0", said, values)  # type: ignore[arg-type]
        for at, (said, values) in enumerate(decisions, 1)
    ]
    settled = next(each for each in settle(facts(), made) if each.fact.key == "event-0")
    assert (settled.verdict, settled.values["date"], settled.seen) == (verdict, date, len(decisions))


def test_an_act_of_a_rejected_event_is_rejected_with_it() -> None:
    settled = settle(facts(), [Decision(1, "act-0-0", "confirmed"), Decision(2, "event-0", "rejected")])
    assert next(each for each in settled if each.fact.key == "act-0-0").verdict == "rejected"


KINDS = {fact.key: fact.kind for fact in facts()}


@pytest.mark.parametrize(
    ("kind", "values", "kept"),
    [
        ("person", {"name": "  Mirela \n Tosk "}, {"name": "Mirela Tosk"}),
        ("person", {"name": "Мирела Тоск", "organisations": "organisation-0"}, {"organisations": "organisation-0"}),
        ("event", {"what": "it", "date": "2021-10"}, {"date": "2021-10"}),
        ("event", {"what": "it", "date": "XXXX-02-29"}, {"date": "XXXX-02-29"}),
        ("event", {"what": "it", "time": "23:59"}, {"time": "23:59"}),
        ("act", {"type": "killing", "victims": "person-0 group-1"}, {"victims": "person-0 group-1"}),
        ("act", {"type": "release"}, {"type": "release"}),
    ],
)
def test_what_a_person_writes_is_tidied(kind: str, values: dict[str, str], kept: dict[str, str]) -> None:
    checked = check_values(kind, values, KINDS)  # type: ignore[arg-type]
    assert {name: checked[name] for name in kept} == kept
    assert set(checked) == set(FIELDS[kind])  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("person", {"name": " "}),
        ("person", {"name": "M" * 2_001}),
        ("person", {"name": "Mirela Tosk", "role": "hero"}),
        ("person", {"name": "Mirela Tosk", "organisations": "person-1"}),
        ("event", {"what": "it", "date": "12 October"}),
        ("event", {"what": "it", "date": "2021-02-30"}),
        ("event", {"what": "it", "date": "0001-01-01"}),
        ("event", {"what": "it", "time": "24:00"}),
        ("event", {"what": "it", "place": "place-0 place-1"}),
        ("act", {"type": "burglary", "victims": "place-0"}),
        ("act", {"type": "burglary", "victims": "person-99"}),
        ("status", {"person": "person-0", "status": "released", "as_of": "2021-10"}),
    ],
)
def test_what_cannot_be_is_refused(kind: str, values: dict[str, str]) -> None:
    with pytest.raises(BadRequest) as refused:
        check_values(kind, values, KINDS)  # type: ignore[arg-type]
    assert not any(word in str(refused.value) for word in values.values() if word.strip())


def test_a_case_is_somebodys() -> None:
    with pytest.raises(BadRequest, match="at least one person"):
        case_of(settle(facts(), [Decision(1, "place-0", "confirmed")]), TOLD)


def test_a_span_that_leads_out_of_the_text_is_forgotten() -> None:
    from dataclasses import replace

    document = documents(EXAMPLE)[0]
    person = replace(document.facts.people[0], span=(5, 10_000_000))
    broken = replace(document, facts=replace(document.facts, people=(person,)))
    assert next(each for each in facts_of([broken], RECEIVED) if each.kind == "person").span is None


def test_whom_an_act_names_and_no_list_does_is_a_fact_too() -> None:
    from dataclasses import replace

    document = documents(EXAMPLE)[0]
    bare = replace(document, facts=replace(document.facts, groups=()))
    named = {each.values["name"] for each in facts_of([bare], RECEIVED) if each.kind == "group"}
    assert {"four masked men", "the police"} <= named


@given(st.lists(st.sampled_from(sorted(KINDS)), unique=True), st.data())
def test_whatever_is_confirmed_makes_a_whole_case_or_is_refused(keys: list[str], data: st.DataObject) -> None:
    verdicts = [data.draw(st.sampled_from(["confirmed", "rejected", "open"])) for _ in keys]
    settled = settle(
        facts(), [Decision(at, key, said) for at, (key, said) in enumerate(zip(keys, verdicts, strict=True), 1)]
    )
    try:
        case = case_of(settled, TOLD)
    except (BadRequest, BadCase):
        taken = {each.fact.kind for each in settled if each.verdict == "confirmed"}
        assert not taken & {"person", "organisation"}
        return
    assert isinstance(case, Case)
    assert from_plain(to_plain(case)) == case
    assert all(claim.about[0] in case.by_id for claim in case.claims)
    assert all(isinstance(event, Event) and event.rc == "C" for event in case.events)
