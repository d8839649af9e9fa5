"""What the engine promises of every rule: nothing passes in silence, one cause speaks once, waivers end."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from preflight_frame import ON, case, document

from random_documents import documents
from tocsin.core import preflight, reader, treaties
from tocsin.core.appeal import AppealDocument
from tocsin.core.codes import Registry, read_registry
from tocsin.core.errors import BadWaiver
from tocsin.core.preflight import Report, Waiver, check, load_rules

MIDNIGHT = {"situation": "The police of Karvel questioned Ms. Tosk on October 13, 2021, at midnight."}
DAY = dt.timedelta(days=1)


def rules_of(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_every_rule_was_checked_or_is_said_not_to_be() -> None:
    report = check(document({}), on=ON)
    left = [each.rule for each in report.unchecked if not each.partly]
    assert sorted([*report.checked, *left]) == sorted(load_rules())
    assert {each.rule for each in report.unchecked if each.partly} <= set(report.checked)


def test_a_rule_that_can_answer_but_a_part_of_its_question_says_so() -> None:
    part = {each.rule: each.says for each in check(document({}), on=ON).unchecked if each.partly}
    assert part["COD-01"] == "in part: needs --registry with the list of published codes"
    registry = read_registry("XZV 003 / 1021 / OBS 091")
    assert not any(each.rule == "COD-01" for each in check(document({}), on=ON, registry=registry).unchecked)


def test_a_rule_without_its_words_is_said_not_to_be_checked() -> None:
    russian = AppealDocument(kind="urgent_appeal", language="ru")
    lacking = {each.rule: each.lacks for each in check(russian, on=ON).unchecked}
    assert lacking["DAT-02"] == "words"


def test_one_cause_in_several_places_is_one_finding() -> None:
    twice = {"situation": f"{MIDNIGHT['situation']} He was released at midnight, too."}
    (finding,) = (one for one in check(document(twice), on=ON).findings if one.rule == "DAT-02")
    assert [place.words for place in finding.places] == ["at midnight", "at midnight"]


def test_errors_come_first() -> None:
    both = {"situation": f"He spoke of “order. {MIDNIGHT['situation']}"}
    assert rules_of(check(document(both), on=ON))[:2] == ["DAT-02", "FCT-08"]


@pytest.mark.parametrize(("day", "stands"), [(ON, False), (ON + DAY, True)])
def test_a_waiver_holds_to_its_last_day(day: dt.date, stands: bool) -> None:
    waiver = Waiver("DAT-02", "both sources say midnight", ON)
    report = check(document(MIDNIGHT), on=day, waivers=[waiver])
    (finding,) = (one for one in report.findings if one.rule == "DAT-02")
    assert (finding.stands, finding.waiver) == (stands, waiver)
    assert report.blocked is stands


def test_a_waiver_is_about_the_one_finding_that_it_names_and_no_other_of_its_rule() -> None:
    two = {"situation": f"{MIDNIGHT['situation']} He was released at 12:00 a.m. on Friday."}
    found = [one for one in check(document(two), on=ON).findings if one.rule == "DAT-02"]
    assert len({one.cause for one in found}) == len(found) == 2
    waiver = Waiver("DAT-02", "both sources say midnight", ON, cause=found[0].cause)
    later = Waiver("DAT-02", "for all of them", ON - DAY)
    report = check(document(two), on=ON, waivers=[waiver, later])
    assert [(one.stands, one.waiver) for one in report.findings if one.rule == "DAT-02"] == [
        (False, waiver),
        (True, later),
    ]
    elsewhere = Waiver("DAT-02", "of another text", ON, cause="0" * 16)
    report = check(document(two), on=ON, waivers=[elsewhere])
    assert (report.blocked, report.idle) == (True, (elsewhere,))


def test_a_waiver_that_nothing_needs_is_named() -> None:
    waiver = Waiver("DAT-02", "no matter", ON)
    assert check(document({}), on=ON, waivers=[waiver]).idle == (waiver,)


@pytest.mark.parametrize(
    ("waiver", "says"),
    [
        (Waiver("DAT-99", "no matter", ON), "no rule"),
        (Waiver("DAT-02", "  ", ON), "needs a reason"),
    ],
)
def test_a_waiver_that_cannot_be_given_is_refused(waiver: Waiver, says: str) -> None:
    with pytest.raises(BadWaiver, match=says):
        check(document({}), on=ON, waivers=[waiver])


PROTECTING = [id_ for id_, rule in load_rules().items() if rule.severity == "error" and id_[:3] in {"CON", "SEC"}]


@pytest.mark.parametrize("rule", PROTECTING)
def test_an_error_that_protects_a_person_cannot_be_waived(rule: str) -> None:
    with pytest.raises(BadWaiver, match="protects a person"):
        check(document({}), on=ON, waivers=[Waiver(rule, "we are in a hurry", ON)])


def test_every_other_rule_can_be_waived() -> None:
    waivers = [Waiver(id_, "so it was decided", ON) for id_ in load_rules() if id_ not in PROTECTING]
    assert check(document({}), on=ON, waivers=waivers).idle == tuple(waivers)


TELLING = [
    *("en", "en-GB", "fr", "ar", "at midnight", "“a", 'b"', "She was beaten at midnight.", "{words}", "\ud800", "H.E."),
    *("2021-13-45", "Ms. Tosk", "Mirela Tosk", "a@b.example", "+33 (0) 1", "XZV 003 / 1021 / OBS 091", "iccpr", "1"),
]
WORDS = st.text(max_size=40) | st.sampled_from(TELLING)


@given(documents(WORDS), st.dates(), st.booleans())
def test_no_document_makes_a_rule_raise(document: AppealDocument, on: dt.date, with_case: bool) -> None:
    inputs: dict[str, Any] = {"case": case({}), "treaties": treaties.bundled(), "registry": Registry()}
    report = preflight.check(document, on=on, **(inputs if with_case else {}))
    assert {finding.rule for finding in report.findings} <= set(report.checked)
    assert all(finding.places for finding in report.findings)


LINES = [
    *(
        example["situation"]
        for rule in load_rules().values()
        for each in rule.examples.values()
        for example in each
        if isinstance(example.get("situation"), str)
    ),
    *(
        "Description of the situation:",
        "Actions requested:",
        "Addresses:",
        "XZV 003 / 1021 / OBS 091",
        "October 15, 2021",
    ),
    *(
        "- Mr. Pell Ardanov, Minister, Email: a@b.example",
        "i. Release Ms. Tosk;",
        "[1] A note.",
        "\u200b",
        "“",
        "\t\r\n",
    ),
]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=30), max_size=12), st.sampled_from([" ", "\n", "\n\n"]))
def test_a_finding_in_a_text_that_was_read_points_to_its_words(lines: list[str], between: str) -> None:
    for reading in reader.read(between.join(lines)):
        source = reading.document.source
        assert source is not None
        for place in (place for finding in check(reading.document, on=ON).findings for place in finding.places):
            assert place.in_source or place.span is None
            if place.span is not None:
                assert source.text[slice(*place.span)].split() == place.words.split()
