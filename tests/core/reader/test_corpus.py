"""The corpus is sound, the scorer counts right, and the reader loses nothing and stays above its floors."""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tocsin.core import reader, vocab
from tocsin.core.appeal import AppealDocument
from tocsin.core.reader.normalise import normalise

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

from expected_document import as_read
from reader_corpus import CORPUS, Fixture, fold, load
from reader_facts import KINDS, compare, match, wanted
from reader_score import read_documents, score

FIXTURES = load()
LANGUAGES = sorted({fixture.language for fixture in FIXTURES})
ROW_KEYS: Mapping[str, set[str]] = {
    "demands": {"ordinal", "types", "beneficiaries"},
    "addressees": {"style", "title", "name", "post", "location", "channels"},
    "people": {"name", "title", "role", "other_forms", "organisations", "optional"},
    "groups": {"label", "also", "size", "actor_type", "optional"},
    "events": {"date", "until", "time", "precision", "ambiguous", "starts", "acts", "optional"},
    "charges": {"offence", "provision", "law", "person", "status", "optional"},
    "proceedings": {"direction", "status", "optional"},
    "quotations": {"text", "speaker", "optional"},
    "laws": {"instrument", "article", "optional"},
    "statuses": {"person", "status", "optional"},
}
LISTS = {"people", "groups", "events", "charges", "proceedings", "quotations", "laws", "statuses"}
DOCUMENT_KEYS = {
    *ROW_KEYS, "kind", "language", "title", "code", "violations", "violation_modes", "countries", "issued_on",
    "issued_at", "urgent", "sections", "requests", "notes", "contacts", "has_about", "unread", "names",
}  # fmt: skip
ACT_KEYS = {"type", "method", "victims", "actors", "voice", "optional"}
PRECISIONS = {"minute", "hour", "part_of_day", "day", "month", "year", "range", "vague", "before", "after"}


def alternatives(value: object) -> list[str]:
    return [part for part in str(value).removeprefix("?").split("|") if part]


def each_fixture(*, held_out: bool | None = None) -> Any:
    chosen = [one for one in FIXTURES if held_out in {None, one.held_out}]
    return pytest.mark.parametrize("fixture", chosen, ids=[one.name for one in chosen])


def codes_used(expected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give each code with the lists that may hold it."""
    acts = [act for event in expected.get("events", []) for act in event.get("acts", [])]
    yield from (("violation_types procedure_types", code) for code in expected["violations"] if code[0] != "?")
    yield from (("violation_types procedure_types", act["type"]) for act in acts)
    yield from (("act_methods", act["method"]) for act in acts if "method" in act)
    yield from (("demand_types", code) for demand in expected.get("demands", []) for code in demand.get("types", []))
    yield from (("actor_types", row["actor_type"]) for row in expected.get("groups", []) if "actor_type" in row)
    yield from (("person_roles", row["role"]) for row in expected.get("people", []) if "role" in row)
    yield from (("proceeding_status", row["status"]) for row in expected.get("proceedings", []))
    yield from (("proceeding_status", row["status"]) for row in expected.get("charges", []) if "status" in row)
    yield from (("instruments", row["instrument"]) for row in expected.get("laws", []))
    yield from (("request_kinds", code) for code in expected.get("requests", []))
    yield from (("detention_status", row["status"]) for row in expected.get("statuses", []))


def words_quoted(expected: Mapping[str, Any]) -> Iterator[str]:
    """Give what a fixture says stands in the text; the first alternative is as printed."""
    yield from (row["starts"] for row in expected.get("events", []))
    yield from (row["name"] for row in expected.get("people", []))
    yield from (form for row in expected.get("people", []) for form in row.get("other_forms", []))
    yield from (text for row in expected.get("groups", []) for text in (row["label"], *row.get("also", [])))
    yield from (row["text"] for row in expected.get("quotations", []))
    yield from (row["offence"] for row in expected.get("charges", []))
    yield from (name for names in expected.get("names", {}).values() for name in names)
    yield from (row["name"] for row in expected.get("addressees", []) if "name" in row)
    yield from expected.get("unread", [])
    yield from ([expected["title"]] if "title" in expected else [])


def known_names(expected: Mapping[str, Any]) -> set[str]:
    rows = [row["name"] for row in expected.get("people", [])]
    rows += [text for row in expected.get("groups", []) for text in (row["label"], *row.get("also", []))]
    rows += [name for names in expected.get("names", {}).values() for name in names]
    return {fold(part) for row in rows for part in alternatives(row)} | {"-"}


@each_fixture()
def test_a_fixture_holds_only_keys_that_the_scorer_reads(fixture: Fixture) -> None:
    for expected in fixture.documents:
        assert set(expected) <= DOCUMENT_KEYS
        for key, allowed in ROW_KEYS.items():
            assert {name for row in expected.get(key, []) for name in row} <= allowed
        assert {name for row in expected.get("events", []) for act in row.get("acts", []) for name in act} <= ACT_KEYS


@each_fixture()
def test_every_code_of_a_fixture_is_in_the_vocabulary(fixture: Fixture) -> None:
    special = {"killed", "disappeared"}
    unknown = [
        code
        for expected in fixture.documents
        for lists, codes in codes_used({"violations": [], **expected})
        for code in alternatives(codes)
        if not any(code in vocab.load(name) for name in lists.split()) and code not in special
    ]
    assert unknown == []


@each_fixture()
def test_what_a_fixture_quotes_stands_in_the_mended_text(fixture: Fixture) -> None:
    text = "".join(fold(normalise(fixture.source)).split())
    absent = [
        words
        for expected in fixture.documents
        for words in words_quoted(expected)
        if not any("".join(fold(part).split()) in text for part in alternatives(words))
    ]
    assert absent == []


@each_fixture()
def test_who_acts_and_suffers_is_listed_in_the_fixture(fixture: Fixture) -> None:
    for expected in fixture.documents:
        named = known_names(expected)
        acts = [act for event in expected.get("events", []) for act in event.get("acts", [])]
        who = [name for act in acts for key in ("victims", "actors") for name in act.get(key, [])]
        assert [name for name in who if not named & {fold(part) for part in alternatives(name)}] == []


@each_fixture()
def test_precision_and_voice_are_of_the_closed_lists(fixture: Fixture) -> None:
    for expected in fixture.documents:
        for event in expected.get("events", []):
            assert set(alternatives(event.get("precision", "day"))) <= PRECISIONS
            for act in event.get("acts", []):
                assert set(alternatives(act.get("voice", "active"))) <= {"active", "passive", "nominal"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_third_or_more_of_each_language_is_held_out(language: str) -> None:
    held_out = [one.held_out for one in FIXTURES if one.language == language]
    assert sum(held_out) * 3 >= len(held_out)


@each_fixture()
def test_the_scorer_finds_nothing_wrong_with_a_perfect_reading(fixture: Fixture) -> None:
    for expected in fixture.documents:
        wrong = {kind: one for kind, one in compare(expected, as_read(expected)).items() if one.f1 < 1}
        assert wrong == {}


@each_fixture()
def test_the_scorer_finds_nothing_right_in_an_empty_reading(fixture: Fixture) -> None:
    empty = AppealDocument(kind="press_release", language=None)
    for expected in fixture.documents:
        scores = compare(expected, empty)
        assert sum(one.true for kind, one in scores.items() if kind not in {"urgency", "about", "kind"}) == 0
        assert scores["people"].expected > 0


def test_an_invented_fact_costs_precision_and_a_missed_one_recall() -> None:
    one = match([wanted("a"), wanted("b"), wanted("?c")], ["a", "d", "c"])
    assert (one.true, one.found, one.expected) == (1, 2, 2)
    assert (one.misses, one.inventions) == (["b"], ["d"])


def test_a_group_mentioned_twice_counts_once() -> None:
    document = as_read({"kind": "report", "groups": [{"label": "two armed men"}, {"label": "the two armed men"}]})
    one = compare({"groups": [{"label": "two armed men"}]}, document)["groups"]
    assert (one.true, one.found, one.expected) == (1, 1, 1)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("Ms. Marosh", "Marosh"),
        ("Mr. D’Arcy-Velm", "Mr D'Arcy-Velm"),
        ("M. Ould Brahm", "Ould Brahm"),
        ("Sra. Íñiguez", "ÍÑIGUEZ"),
    ],
)
def test_forms_of_a_name_compare_without_titles_quotes_and_case(expected: str, found: str) -> None:
    people = {"people": [{"name": "Lena X", "other_forms": [expected]}]}
    read = as_read({"kind": "report", "people": [{"name": "Lena X", "other_forms": [found]}]})
    assert compare(people, read)["person forms"].f1 == 1


def test_an_act_with_the_wrong_victim_is_both_missed_and_invented() -> None:
    def told(victim: str) -> dict[str, Any]:
        act = {"type": "arbitrary_arrest", "victims": [victim], "voice": "passive"}
        return {"kind": "report", "events": [{"date": "2021-02-09", "starts": "She was", "acts": [act]}]}

    one = compare(told("Lena Marosh"), as_read(told("Ana Marosh")))["acts"]
    assert (one.true, one.found, one.expected) == (0, 1, 1)


@each_fixture()
def test_every_sign_of_a_fixture_is_taken_by_a_field_or_listed_as_unread(fixture: Fixture) -> None:
    text = normalise(fixture.source)
    taken = bytearray(len(text))
    for reading in reader.read(fixture.source):
        spans = [mark.span for mark in reading.marks] + [one.span for one in reading.document.unread]
        for start, end in spans:
            taken[start:end] = b"\x01" * (end - start)
    lost = [text[max(0, at - 20) : at + 20] for at, sign in enumerate(text) if sign.isalnum() and not taken[at]]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reader_stays_above_its_floors(language: str) -> None:
    floors = tomllib.loads((CORPUS / "floors.toml").read_text(encoding="utf-8"))
    reached = score([one for one in FIXTURES if one.language == language], read_documents)
    mine = floors.get(language, {})
    assert set(mine) <= {"documents", *KINDS}
    fallen = {kind: round(one.f1, 3) for kind, one in reached.items() if one.f1 < mine.get(kind, floors["default"])}
    assert fallen == {}
