"""The invented cases: whole, written as they were read, and telling the story that the example appeal tells."""

import dataclasses
import hashlib
import inspect
import json
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cases import CASES, EXAMPLE, FILES, PLAIN, ROOT, changed, one
from tocsin.core import reader, records
from tocsin.core.records import Act, Consent, Detention, Event, Person, Record

SCHEMA_FILE = ROOT / "docs" / "case-schema.json"
VALIDATOR = jsonschema.Draft202012Validator(records.json_schema())


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_written_as_it_was_read(name: str) -> None:
    case = CASES[name]
    assert records.from_yaml(records.to_yaml(case)) == case
    assert records.from_json(records.to_json(case)) == case


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_value_of_a_file_is_in_the_case(path: Any) -> None:
    def leaves(plain: Any) -> list[str]:
        if isinstance(plain, dict):
            return [each for value in plain.values() for each in leaves(value)]
        if isinstance(plain, list):
            return [each for value in plain for each in leaves(value)]
        return [] if plain is None else [str(plain)]

    assert sorted(leaves(yaml.safe_load(path.read_text("utf-8")))) == sorted(leaves(records.to_plain(CASES[path.stem])))


@pytest.mark.parametrize("name", CASES)
def test_a_case_fits_the_schema(name: str) -> None:
    VALIDATOR.validate(json.loads(records.to_json(CASES[name])))


def test_the_schema_is_valid_and_closed_and_knows_the_codes() -> None:
    jsonschema.Draft202012Validator.check_schema(records.json_schema())
    assert VALIDATOR.is_valid(PLAIN)
    for record_id, key, value in (
        ("e08", "mood", "grey"),
        ("e08", "act_type", "unkindness"),
        ("e08", "victims", ["Davit"]),
        ("e08", "what_en", 3),
        ("e08", "t", {"date": "soon"}),
        ("person:tosk", "names", []),
    ):
        strange = changed(lambda plain, at=record_id, k=key, v=value: one(plain, at).update({k: v}))
        assert not VALIDATOR.is_valid(strange), key


def test_the_published_schema_is_current(golden) -> None:
    golden(SCHEMA_FILE, json.dumps(records.json_schema(), indent=2, ensure_ascii=False) + "\n")


def test_nothing_of_a_case_can_be_changed() -> None:
    classes = [part for _, part in inspect.getmembers(records, inspect.isclass) if dataclasses.is_dataclass(part)]
    assert len(classes) > 50
    assert [part.__name__ for part in classes if not part.__dataclass_params__.frozen] == []
    assert [part.__name__ for part in classes if "__slots__" not in vars(part)] == []
    with pytest.raises(TypeError):
        CASES["case"].by_id["e01"] = CASES["case"].by_id["e02"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("in_post", {"office": "in_post"}),
        ("unknown", {"office": "unknown"}),
        ("charged", {"prosecution": "charged"}),
        ("convicted", {"prosecution": "convicted"}),
    ],
)
def test_what_one_word_said_of_an_actor_is_read_as_what_became_of_him_in_office_or_in_court(
    said: str, known: dict[str, str]
) -> None:
    plain = changed(lambda plain: one(plain, "inv2").update(accountability=said))
    for key in ("office", "prosecution"):
        del one(plain, "inv2")[key]
    read = one(records.to_plain(records.from_plain(plain)), "inv2")
    assert {key: read[key] for key in ("accountability", "office", "prosecution") if key in read} == known


@pytest.mark.parametrize(
    ("heard", "sources", "count"),
    [
        ({}, ["source1", "source2", "source3"], 3),
        ({"source1": "source2"}, ["source1", "source2"], 1),
        ({"source1": "source2"}, ["source1", "source3"], 2),
        ({"source1": "source3", "source2": "source3"}, ["source1", "source2"], 1),
        ({"source1": "source2", "source2": "source3"}, ["source1", "source2", "source3"], 1),
        ({}, [], 0),
    ],
)
def test_who_heard_it_from_another_source_adds_none(heard: dict[str, str], sources: list[str], count: int) -> None:
    def change(plain: dict[str, Any]) -> None:
        for each in ("source1", "source2", "source3"):
            one(plain, each)["heard_from"] = heard.get(each)

    assert records.independent(records.from_plain(changed(change)), sources) == count


@given(st.text())
def test_any_text_comes_back_from_yaml_and_json(text: str) -> None:
    case = records.from_plain(changed(lambda plain: one(plain, "e08").update(what_en=text)))
    assert case.get_record("e08", Event).what.text("en") == text
    assert records.from_yaml(records.to_yaml(case)) == case
    assert records.from_json(records.to_json(case)) == case


@pytest.mark.parametrize("word", ["null", "~", "NO", "on", "true", "3", "2021-10-12", "0621", "1e3", "<<", "=", "- x"])
def test_a_word_that_looks_like_something_else_stays_a_text(word: str) -> None:
    case = records.from_plain(changed(lambda plain: one(plain, "e08").update(manner=word)))
    assert records.from_yaml(records.to_yaml(case)).get_record("e08", Event).manner == word


def test_what_is_written_without_quotation_marks_is_what_its_field_wants() -> None:
    text = EXAMPLE.read_text("utf-8")
    bare = text
    for quoted in ('article: "214"', 'rc: "N"', 'answer: "no"'):
        assert quoted in bare
        bare = bare.replace(quoted, quoted.replace('"', ""))
    assert records.from_yaml(bare) == CASES["case"]


def test_a_word_has_its_language_and_a_regional_tag_finds_the_shorter_one() -> None:
    title = CASES["case"].get_record("person:tosk", Person).title
    assert title is not None
    assert (title.text("en"), title.text("fr-CA"), title.text("ar")) == ("Ms.", "Mme", None)


def test_the_name_of_an_organisation_is_the_preferred_one_of_the_language() -> None:
    by_id = {one.id: one for one in CASES["case"].organisations}
    assert by_id["org:river"].preferred_name("en") == "Open River Network"
    assert by_id["org:mhrl"].preferred_name("fr") == "Ligue méridienne des droits humains"
    assert by_id["org:gbat"].preferred_name("fr") == "Global Bar Against Torture"


def test_a_consent_answers_for_the_audience_before_it_answers_for_all() -> None:
    consent = CASES["travel-ban"].get_record("consent:sturm", Consent)
    assert consent.answer("publish_name", "public").answer == "yes"
    assert consent.answer("publish_photo", "public").answer == "no"
    assert consent.answer("publish_quote", "public") is None
    assert consent.answer("publish_name", "un_mechanism") is None


class TestActs:
    @pytest.mark.parametrize("name", CASES)
    def test_each_act_has_one_victim_and_a_type(self, name: str) -> None:
        case = CASES[name]
        acts = records.acts(case)
        assert len(acts) == sum(len(event.victims) for event in case.events if event.act_type)
        assert len({act.id for act in acts}) == len(acts) > 0
        assert all(case.find_record(act.victim, Record) for act in acts)

    def test_an_actor_is_suspected_unless_an_involvement_says_otherwise(self) -> None:
        def degrees(event: str) -> dict[str, set[str]]:
            found: dict[str, set[str]] = {}
            for act in records.acts(CASES["case"]):
                if act.event == event:
                    found[act.victim] = {f"{each.actor} {each.degree} {each.involvement}" for each in act.actors}
            return found

        assert degrees("e08") == {"person:anhalt": {"grp:masked-men suspected None"}}
        assert degrees("e14") == {"person:tosk": {"grp:arresting-police direct inv1"}}
        assert set(degrees("e11")) == {"person:anhalt", "person:tosk"}

    def test_an_involvement_with_one_victim_holds_for_that_one_alone(self) -> None:
        ordered = {"id": "inv3", "event": "e11", "actor": "org:town-hall", "victim": "person:tosk", "degree": "ordered"}
        case = records.from_plain(changed(lambda plain: plain["involvements"].append(ordered)))
        acts = {act.victim: act for act in records.acts(case) if act.event == "e11"}
        assert [each.actor for each in acts["person:tosk"].actors] == ["grp:door-officers", "org:town-hall"]
        assert [each.actor for each in acts["person:anhalt"].actors] == ["grp:door-officers"]

    def test_an_omission_is_one_by_its_mode(self) -> None:
        modes: dict[str, set[str]] = {}
        for act in records.acts(CASES["case"]):
            modes.setdefault(act.mode, set()).add(act.event)
        assert modes["omission"] == {"e11", "e28", "e29"}
        assert modes["ongoing"] == {"e03"}

    def test_an_act_is_a_value(self) -> None:
        assert isinstance(records.acts(CASES["case"])[0], Act)


@pytest.mark.parametrize(
    ("record_id", "expected"),
    [
        ("e08", "P"),
        ("e03", "R"),
        ("person:anhalt-sister", "C"),
        ("consent:tosk", "N"),
        ("source1", "N"),
        ("claim1", "C"),
        ("risk1", "N"),
    ],
)
def test_a_record_has_its_release_class_or_that_of_its_kind(record_id: str, expected: str) -> None:
    assert records.release_class(CASES["case"].by_id[record_id]) == expected


def test_what_is_never_published_by_its_kind_or_code_stays_so() -> None:
    case = records.from_plain(changed(lambda plain: one(plain, "consent:tosk").update(rc="P")))
    assert records.release_class(case.by_id["consent:tosk"]) == "N"
    case = records.from_plain(changed(lambda plain: one(plain, "e08").update(act_type="sexual_violence")))
    assert records.release_class(case.by_id["e08"]) == "N"
    phone = {"type": "phone", "value": "+442079460958", "rc": "P"}
    case = records.from_plain(changed(lambda plain: one(plain, "person:tosk").update(contact_points=[phone])))
    person = case.get_record("person:tosk", Person)
    assert records.release_class(person.contact_points[0], of=person) == "N"
    assert records.release_class(person.contact_points[0]) == "P"
    sister = case.get_record("person:anhalt", Person).relationships[0]
    assert records.release_class(sister) == "C"


CASE = CASES["case"]
APPEAL = reader.read((ROOT / "examples/appeal.txt").read_text("utf-8"))[0].document


class TestExample:
    """The example case tells the story of the example APPEAL."""

    def test_it_is_as_rich_as_the_worked_example(self) -> None:
        assert len(CASE.events) == 30
        assert len(CASE.addressees) == len(CASE.appeal.addressees) == 5
        assert {each.state for each in CASE.consents} == {"given", "refused"}
        assert all((CASE.groups, CASE.statements, CASE.detentions, CASE.proceedings, CASE.claims, CASE.occupancies))

    def test_the_head_of_the_appeal_is_that_of_the_case(self) -> None:
        plan = CASE.appeal
        assert plan.code is not None
        assert APPEAL.reference is not None
        assert plan.code.display == APPEAL.reference.canonical
        assert plan.title is not None
        assert APPEAL.title is not None
        assert plan.title.text("en") == APPEAL.title.text
        assert [each.code for each in plan.violation_headings] == [each.code for each in APPEAL.violations]
        assert (plan.issued_on, plan.issued_at_places) == (APPEAL.issued_on, APPEAL.issued_at)
        assert plan.countries == APPEAL.countries

    def test_its_people_demands_and_addressees_are_those_of_the_case(self) -> None:
        people = {CASE.get_record(each, Person).preferred.full for each in CASE.appeal.protagonists}
        assert people == {each.name for each in APPEAL.facts.people if each.role == "defender"}
        assert [each.types for each in CASE.demands] == [each.types for each in APPEAL.demands]
        printed = [(each.name, [channel.value for channel in each.channels]) for each in APPEAL.addressees]
        assert [(each.person, [channel.value for channel in each.channels]) for each in CASE.addressees] == printed

    def test_each_act_that_the_appeal_prints_is_one_of_the_case(self) -> None:
        names = {person.preferred.full: person.id for person in CASE.persons}
        printed = {
            (act.type, names[victim])
            for event in APPEAL.facts.events
            for act in event.acts
            for victim in act.victims
            if victim in names
        }
        known = {(act.type, act.victim) for act in records.acts(CASE)}
        known |= {(event.procedure, person) for event in CASE.events for person in (*event.concerns, *event.victims)}
        # The reader takes the men who broke into the library for burglars.
        misread = {("burglary", "person:anhalt"), ("burglary", "person:tosk")}
        assert printed - known == misread
        assert len(printed) > 5

    def test_its_evidence_is_the_report_that_lies_beside_it(self) -> None:
        report = (ROOT / "examples/report.eml").read_bytes()
        assert hashlib.sha256(report).hexdigest() in {each.sha256 for each in CASE.evidence}

    def test_the_source_who_asked_not_to_be_named_stands_nowhere_but_in_its_record(self) -> None:
        (identity,) = (each.identity for each in CASES["case"].sources if each.identity)
        rest = {key: value for key, value in PLAIN.items() if key != "sources"}
        assert identity in (ROOT / "examples/report.eml").read_text("utf-8")
        assert identity not in json.dumps(rest)


def test_a_follow_up_finds_what_changed_since_the_first_appeal() -> None:
    case = CASES["follow-up-release"]
    (first,) = case.appeal.follows
    found = [(each.record, each.on.isoformat(), each.what) for each in records.changes_since(case, first.issued_on)]
    assert found == [
        ("e04", "2021-09-09", "happened"),
        ("e05", "2021-09-10", "happened"),
        ("consent:leuwen", "2021-09-11", "recorded"),
        ("e03", "2021-09-11", "recorded"),
        ("e06", "2021-09-13", "happened"),
        ("det1", "2021-09-14", "status"),
        ("pr1", "2021-09-14", "status"),
    ]
    assert records.changes_since(case, case.appeal.issued_on) == ()


def test_a_status_that_was_only_dated_anew_is_no_change() -> None:
    def same(plain: dict[str, Any]) -> None:
        detention = one(plain, "det1")
        detention["history"] = [{"value": "released_pending", "as_of": "2021-10-13"}]

    case = records.from_plain(changed(same))
    detention = case.get_record("det1", Detention)
    assert detention.status is not None
    assert "det1" not in {each.record for each in records.changes_since(case, detention.history[0].as_of)}
