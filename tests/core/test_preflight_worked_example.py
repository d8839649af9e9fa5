"""One published appeal, read where it lies beside the project, against what a careful reader finds in it."""

from pathlib import Path

import pytest

from tocsin.core import reader, records, treaties
from tocsin.core.preflight import Report, Severity, check

SHARED = Path(__file__).parents[3] / "shared"
CASE = SHARED / "domain" / "worked-example.yaml"

# The list at the end of section 5 of the domain specification.
EXPECTED: dict[Severity, set[str]] = {
    "error": {"CON-01", "NAM-02", "DAT-02", "ADR-02", "FCT-01"},
    "warning": {
        *("NAM-03", "NAM-08", "DAT-08", "FCT-04", "FCT-05", "FCT-08", "FCT-09", "FCT-12", "DEM-03", "DEM-04", "DEM-06"),
        *("DEM-08", "ADR-03", "ADR-04", "ADR-05", "ADR-07", "ADR-08", "LAW-02", "LAW-04", "LAW-05", "LAW-07", "LNG-03"),
        *("LNG-09", "COD-11"),
    },
    "information": {"LAW-09", "ADR-09"},
}
# Where we differ, and why.
DIFFERENT: dict[str, tuple[Severity | None, str]] = {
    "ADR-07": ("information", "no published appeal prints salutations; letters take that of the office from a list"),
}


@pytest.fixture(scope="module")
def report() -> Report:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    if not CASE.is_file() or not seeds:
        pytest.skip("the worked example is not there: it lies beside the project, under shared/")
    case = records.from_yaml(CASE.read_text("utf-8"))
    assert case.appeal.code is not None
    code = case.appeal.code.display
    raw = next(text for seed in seeds if code is not None and code in (text := seed.read_text("utf-8")))
    (reading,) = reader.read(raw)
    assert reading.document.issued_on is not None
    return check(reading.document, on=reading.document.issued_on, case=case, treaties=treaties.bundled())


def found(report: Report) -> dict[str, set[Severity]]:
    by_rule: dict[str, set[Severity]] = {}
    for finding in report.findings:
        by_rule.setdefault(finding.rule, set()).add(finding.severity)
    return by_rule


def wanted() -> dict[str, set[Severity]]:
    listed: dict[str, set[Severity]] = {rule: {severity} for severity, rules in EXPECTED.items() for rule in rules}
    listed |= {rule: {severity} for rule, (severity, _) in DIFFERENT.items() if severity is not None}
    gone = {rule for rule, (severity, _) in DIFFERENT.items() if severity is None}
    return {rule: severities for rule, severities in listed.items() if rule not in gone}


def test_what_is_found_is_what_a_careful_reader_finds(report: Report) -> None:
    assert found(report) == wanted()


def test_no_error_stands_that_the_list_does_not_name(report: Report) -> None:
    assert {finding.rule for finding in report.findings if finding.severity == "error"} <= EXPECTED["error"]
    assert report.blocked


# What the list says of single findings: how many causes, and in which part of the document.
PLACES = {
    "DAT-02": ["sections[0].paragraphs[4]"],
    "FCT-04": ["sections[0].paragraphs[3]", "sections[0].paragraphs[3]"],
    "FCT-09": ["sections[0].paragraphs[3]", "sections[0].paragraphs[4]"],
    "NAM-02": ["notes[0]"],
    "DEM-04": ["demands[3]"],
    "LAW-02": ["sections[1].paragraphs[3]"],
    "LAW-05": ["sections[0].paragraphs[4]"],
    "ADR-08": ["contacts[1]"],
    "COD-11": ["addressees[0]"],
}


@pytest.mark.parametrize("rule", PLACES)
def test_a_finding_stands_once_and_where_the_fault_is(report: Report, rule: str) -> None:
    (finding,) = (one for one in report.findings if one.rule == rule)
    assert [place.path for place in finding.places] == PLACES[rule]
