"""What becomes of the documents of an archive: one table of archives, each with what a careful person says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented_archive import english, french
from tocsin.core.archive import DOUBTS, Found, Plan, Shelf, find_in, plan
from tocsin.core.codes import OBSERVATORY, Entry, Scheme, format_code, load_scheme, parse
from tocsin.core.publication import PublicAppeal

FIRST = "XZV 001 / 0309 / OBS 040"
FOLLOWING: dict[str, Any] = {"day": "April 2, 2009", "follow_up": True}
REST = "\nSkip to main content\nLog in\n"


def found(files: Mapping[str, str], scheme: Scheme = OBSERVATORY) -> tuple[Found, ...]:
    return tuple(
        each
        for name, text in files.items()
        for each in find_in(text, file=name, digest=sha256(text.encode()).hexdigest(), scheme=scheme)
    )


def entry(printed: str, *, void: bool = False) -> Entry:
    return Entry(parse(printed).code, void=void)


def shelved(files: Mapping[str, str]) -> Shelf:
    """Give the shelf on which an archive stands."""
    planned = plan(found(files), Shelf())
    published = {unit.appeal.code: unit.appeal for unit in planned.units}
    return Shelf(planned.codes, published, frozenset(), frozenset(published))


@dataclass(frozen=True)
class Archive:
    """Files, what is there already, and what becomes of each: `outcome: doubts`."""

    files: dict[str, str]
    says: dict[str, str]
    shelf: Shelf = field(default_factory=Shelf)
    accept: tuple[str, ...] = ()


A, FR = {"a": english()}, {"fr": french()}
B1 = {"b1": english(f"{FIRST}.1", **FOLLOWING)}
B3 = {"b3": english(f"{FIRST}.3", "June 2, 2009", follow_up=True)}
UA = Shelf(scheme=load_scheme("amnesty"))
UA_FIRST = {"a": english("UA 219/09")}
APPROVED = PublicAppeal(FIRST, "urgent_appeal", plan(found(A), Shelf()).units[0].appeal.editions)
ARCHIVES = {
    "two languages": Archive(A | FR, {"a": "taken", "fr": "taken"}),
    "a chain": Archive(B1 | A, {"b1": "taken", "a": "taken"}),
    "a chain begun earlier": Archive(B1, {"b1": "taken"}, shelved(A)),
    "one more language": Archive(FR, {"fr": "taken"}, shelved(A)),
    "the country number drifts": Archive(
        A | {"b": english("XZV 002 / 0309 / OBS 040.1", **FOLLOWING)}, {"a": "taken", "b": "taken"}
    ),
    "the same again": Archive(A, {"a": "same"}, shelved(A)),
    "the same twice": Archive(A | {"copy": english() + "\n"}, {"a": "taken", "copy": "same"}),
    "no code": Archive({"a": english("")}, {"a": "doubtful: no_code"}),
    "a code of no month": Archive({"a": english("XZV 001 / 9999 / OBS 040")}, {"a": "doubtful: incomplete_code"}),
    "a code of either month": Archive({"a": english("XZV 001 / 03O9 / OBS 040")}, {"a": "doubtful: odd_code"}),
    "one code, two texts": Archive(
        A | {"b": english(more="She was taken from her flat.")},
        {"a": "doubtful: same_code", "b": "doubtful: same_code"},
    ),
    "another text than the one there": Archive(
        {"b": english(more="She was taken from her flat.")}, {"b": "doubtful: other_text"}, shelved(A)
    ),
    "approved here": Archive(
        A, {"a": "doubtful: approved_here"}, Shelf([entry(FIRST)], {FIRST: APPROVED}, (), {FIRST})
    ),
    "withdrawn here": Archive(A, {"a": "doubtful: withdrawn"}, Shelf([entry(FIRST)], {}, {FIRST})),
    "void": Archive(A, {"a": "doubtful: void_code"}, Shelf([entry(FIRST, void=True)])),
    "two first appeals with one number": Archive(
        A | {"b": english("XZV 001 / 0309 / OBS 041")}, {"a": "doubtful: number_taken", "b": "doubtful: number_taken"}
    ),
    "a number that was given out": Archive(
        A, {"a": "doubtful: number_taken"}, Shelf([entry("XZV 001 / 0509 / OBS 077")])
    ),
    "a follow-up alone": Archive(B1, {"b1": "doubtful: without_first"}),
    "a first appeal that is only in the registry": Archive(
        B1, {"b1": "doubtful: without_first"}, Shelf([entry(FIRST)])
    ),
    "a gap": Archive(A | B1 | B3, {"a": "taken", "b1": "taken", "b3": "doubtful: gap"}),
    "a gap that may stand": Archive(A | B3, {"a": "taken", "b3": "taken: gap"}, accept=("gap",)),
    "one of two doubts may stand": Archive(B3, {"b3": "doubtful: without_first gap"}, accept=("gap",)),
    "no date": Archive({"a": english(day="")}, {"a": "doubtful: no_date"}),
    "a date years after": Archive({"a": english(day="March 12, 2012")}, {"a": "doubtful: date_differs"}),
    "a date before": Archive({"a": english(day="January 12, 2009")}, {"a": "doubtful: date_differs"}),
    "another country": Archive({"a": english(country="Antarctica")}, {"a": "doubtful: country_differs"}),
    "a rest": Archive({"a": english(end=REST)}, {"a": "doubtful: unread"}),
    "a long rest": Archive({"a": english(end=REST * 20)}, {"a": "doubtful: mostly_unread"}),
    "what may not stand": Archive({"a": english("")}, {"a": "doubtful: no_code"}, accept=tuple(DOUBTS)),
    "nothing but a code": Archive({"a": f"{FIRST}\n"}, {"a": "doubtful: no_date no_language no_text"}),
    "a chain of a scheme without months and countries": Archive(
        UA_FIRST | {"b": english("UA: 219/09-1", "February 2, 2010", follow_up=True)}, {"a": "taken", "b": "taken"}, UA
    ),
    "a follow-up of it whose number is not said": Archive(
        UA_FIRST | {"b": english("Further information on UA 219/09", **FOLLOWING)},
        {"a": "doubtful: same_code", "b": "doubtful: odd_code same_code"},
        UA,
    ),
    "a year before that of its code": Archive({"a": english("UA 219/10")}, {"a": "doubtful: date_differs"}, UA),
    "a code of another scheme than that of the site": Archive(A, {"a": "doubtful: no_code unread"}, UA),
    "no appeal": Archive({"a": "The tea was cold."}, {"a": "doubtful: no_code no_date"}),
}


def said(planned: Plan) -> dict[str, str]:
    return {row.found.file: ": ".join(filter(None, (row.outcome, " ".join(row.doubts)))) for row in planned.rows}


@pytest.mark.parametrize("name", ARCHIVES)
def test_what_becomes_of_each_document(name: str) -> None:
    archive = ARCHIVES[name]
    planned = plan(found(archive.files, archive.shelf.scheme), archive.shelf, archive.accept)
    assert said(planned) == archive.says
    taken = {row.found.printed for row in planned.rows if row.outcome == "taken"}
    assert [unit.appeal.code for unit in planned.units] == sorted(taken)
    assert all(unit.appeal.is_archived and not unit.appeal.signatures for unit in planned.units)


def test_every_doubt_has_its_archive() -> None:
    shown = {name for archive in ARCHIVES.values() for says in archive.says.values() for name in says.split()[1:]}
    assert shown == set(DOUBTS)


def test_one_more_language_keeps_those_that_are_there() -> None:
    shelf = shelved(A)
    (unit,) = plan(found(FR), shelf).units
    there = shelf.published[FIRST]
    assert unit.appeal.version == 2
    assert unit.appeal.edition("en") == there.edition("en")
    assert set(unit.appeal.archived_from) == {each.digest for each in found(A | FR)}


def test_a_code_stays_given_out_whatever_becomes_of_its_document() -> None:
    files = A | {"x": english(f"{FIRST}.4", "June 2, 2009", follow_up=True), "y": english("XZV 007 / 03O9 / OBS 055")}
    planned = plan(found(files), Shelf([entry(FIRST)]))
    assert [format_code(each.code, OBSERVATORY) for each in planned.codes] == [f"{FIRST}.4"], "one is there, one unsure"


def test_nothing_is_published_that_nobody_confirmed_or_that_points_nowhere() -> None:
    (unit,) = plan(found(A), Shelf()).units
    content = unit.appeal.editions[0].content.decode()
    assert '"people":[]' in content
    assert '"span":[' not in content


@given(st.permutations(range(6)))
def test_the_order_of_files_changes_nothing(order: list[int]) -> None:
    files = A | FR | B1 | B3 | {"n": english("XZV 002 / 0409 / OBS 060", "April 9, 2009"), "x": english("")}
    names = list(files)
    planned = plan(found({names[at]: files[names[at]] for at in order}), Shelf(), ("gap",))
    straight = plan(found(files), Shelf(), ("gap",))
    assert said(planned) == said(straight)
    assert planned.units == tuple(
        replace(each, file=other.file) for each, other in zip(straight.units, planned.units, strict=True)
    )


PIECES = (english(), french(), "\n\n", "OBS 040", "XZV 001 / 0309 / OBS 040.1", "i. ", "\u202e", "\x00")


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=40), max_size=6))
def test_whatever_a_file_holds_each_document_is_told_of_once(pieces: list[str]) -> None:
    documents = found({"a": "\n".join(pieces), "b": english()})
    planned = plan(documents, Shelf(), tuple(DOUBTS))
    assert [row.found for row in planned.rows] == list(documents)
    taken = sum(row.outcome == "taken" for row in planned.rows)
    assert taken == sum(len(unit.appeal.editions) for unit in planned.units)
