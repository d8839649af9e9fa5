"""`tocsin check`: what it prints, and how it ends."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import call
from tocsin.core.appeal import Paragraph, to_json
from tocsin.core.compose import compose
from tocsin.core.records import from_yaml


@pytest.fixture
def appeal(tmp_path: Path) -> str:
    """Give the bundled appeal with one error in it."""
    text = Path("examples/appeal.txt").read_text("utf-8")
    path = tmp_path / "appeal.txt"
    path.write_text(text.replace("at around noon, pending trial.", "at midnight, pending trial."), "utf-8")
    return str(path)


def test_an_error_ends_with_1_and_says_where_and_what_to_do(appeal: str) -> None:
    ended = call("check", appeal)
    assert ended.status == 1
    assert "cannot be approved: 1 error" in ended.output.splitlines()[0]
    block = ended.output.partition("ERROR DAT-02")[2].partition("\n\n")[0]
    assert "situation, paragraph 3: “at midnight”" in block
    assert "→ Write the date and the time" in block


def test_an_appeal_without_errors_ends_with_0() -> None:
    ended = call("check", "examples/appeal.txt")
    assert (ended.status, ended.errors) == (0, [])
    assert "cannot be approved" not in ended.output


def test_findings_are_said_in_the_language_of_who_asks(appeal: str) -> None:
    ended = call("check", appeal, "--language", "fr")
    assert ended.status == 1
    block = ended.output.partition("ERROR DAT-02")[2].partition("\n\n")[0]
    assert "« at midnight » peut désigner deux moments" in block
    assert "→ Écrivez la date et l'heure" in block
    assert ended.errors == ["Findings in “fr” are a draft: no native translator has signed them off yet."]


def test_a_sentence_from_the_right_brings_no_marks_to_the_terminal(appeal: str) -> None:
    said = call("check", appeal, "--language", "ar").output
    assert "«at midnight» قد تعني وقتين" in said
    assert "u206" not in said


def test_json_holds_the_same_findings(appeal: str) -> None:
    ended = call("check", appeal, "--format", "json")
    report = json.loads(ended.output)
    assert (ended.status, report["blocked"], report["on"]) == (1, True, "2021-10-15")
    (finding,) = (one for one in report["findings"] if one["rule"] == "DAT-02")
    assert finding["places"][0]["words"] == "at midnight"


def test_json_of_a_document_is_checked_as_its_text_is(appeal: str, tmp_path: Path) -> None:
    path = tmp_path / "appeal.json"
    path.write_text(call("read", appeal, "--with-source").output, "utf-8")
    assert call("check", str(path), "--format", "json").output == call("check", appeal, "--format", "json").output


def test_a_waiver_lets_an_error_stand_until_its_last_day(appeal: str) -> None:
    ended = call("check", appeal, "--waive", "DAT-02=both sources say so@2021-10-20")
    assert ended.status == 0
    assert "(waived until 2021-10-20: both sources say so)" in " ".join(ended.output.split())
    late = call("check", appeal, "--on", "2021-10-21", "--waive", "DAT-02=both sources say so@2021-10-20")
    assert late.status == 1
    assert "the waiver ran out on 2021-10-20" in late.output


def test_a_waiver_without_a_last_day_holds_for_thirty_days(appeal: str) -> None:
    ended = call("check", appeal, "--waive", "dat-02=so it was", "--format", "json")
    (finding,) = (one for one in json.loads(ended.output)["findings"] if one["rule"] == "DAT-02")
    assert finding["waiver"]["until"] == "2021-11-14"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--waive", "DAT-02"), "--waive: not a waiver (write ID=REASON"),
        (("--waive", "DAT-02=so it was@2021-02-30"), "its last day is no date"),
        (("--waive", "DAT-02="), "a waiver needs a reason"),
        (("--waive", "CON-01=we are in a hurry"), "this error protects a person and cannot be waived"),
        (("--waive", "XXX-01=no matter"), "no rule has the id"),
        (("--case", "no-such-case.yaml"), "cannot be read"),
        (("--case", "examples/appeal.txt"), "examples/appeal.txt"),
        (("--registry", "no-such-list.txt"), "cannot be read"),
    ],
)
def test_bad_input_is_one_line_and_ends_with_2(arguments: tuple[str, ...], says: str) -> None:
    ended = call("check", "examples/appeal.txt", *arguments)
    assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1)
    assert says in ended.errors[0]


def test_a_day_is_needed_only_where_the_document_has_none() -> None:
    ended = call("check", "-", "--on", "2021-10-15", stdin="The police arrested Mirela Tosk at midnight.")
    assert ended.status == 1
    assert "checked for 2021-10-15" in ended.output


def test_what_was_composed_from_the_case_rests_on_it_and_what_an_editor_added_does_not(tmp_path: Path) -> None:
    case = from_yaml(Path("examples/case.yaml").read_text("utf-8"))
    document = compose(case).document
    situation, *others = document.sections
    added = Paragraph("Everybody in the town was afraid of the police.")
    edited = replace(situation, paragraphs=(*situation.paragraphs, added))
    findings = []
    for name, sections in (("composed", document.sections), ("edited", (edited, *others))):
        path = tmp_path / f"{name}.json"
        path.write_text(to_json(replace(document, sections=sections)), "utf-8")
        report = json.loads(call("check", str(path), "--case", "examples/case.yaml", "--format", "json").output)
        findings.append(
            [place["words"] for one in report["findings"] if one["rule"] == "FCT-01" for place in one["places"]]
        )
    assert findings == [[], [added.text]]


def test_standard_input_is_asked_once() -> None:
    ended = call("check", "-", "--case", "-", stdin="x")
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors == ["tocsin: standard input cannot be two of the files"]


def test_text_of_a_stranger_cannot_steer_the_terminal() -> None:
    ended = call(
        "check", "-", "--on", "2021-10-15", stdin="She was arrested \x1b[31mat midnight.\n\x1b]0;title\x07 at midnight"
    )
    assert "\x1b" not in ended.output
    assert "\x07" not in ended.output
