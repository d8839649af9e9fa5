"""Every rule finds its bad lines and leaves its good ones alone; an appeal without faults has none."""

from collections.abc import Mapping
from typing import Any, Literal

import pytest
from preflight_frame import checked, document

from tocsin.core.preflight import Rule, load_rules

RULES = load_rules()


def examples(kind: Literal["bad", "good"]) -> list[Any]:
    return [
        pytest.param(each, parts, id=f"{each.id} {kind} {number}")
        for each in RULES.values()
        for number, parts in enumerate(each.examples[kind])
    ]


@pytest.mark.parametrize(("rule", "parts"), examples("bad"))
def test_a_rule_finds_its_bad_line_once(rule: Rule, parts: Mapping[str, Any]) -> None:
    report = checked(parts, rule)
    assert rule.id in report.checked
    assert [finding.rule for finding in report.findings].count(rule.id) == 1


@pytest.mark.parametrize(("rule", "parts"), examples("good"))
def test_a_rule_leaves_its_good_line_alone(rule: Rule, parts: Mapping[str, Any]) -> None:
    report = checked(parts, rule)
    assert rule.id in report.checked
    assert [finding for finding in report.findings if finding.rule == rule.id] == []


def test_an_appeal_without_faults_has_none() -> None:
    assert document({}).unread == ()
    for parts in ({}, {"case": {}, "grounds": "all"}):
        assert [(finding.rule, finding.says) for finding in checked(parts).findings] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_says_all_that_a_person_needs(rule: Rule) -> None:
    assert rule.title
    assert rule.why
    if rule.find is None:
        assert rule.later
        assert not rule.examples["bad"]
    else:
        assert rule.says
        assert rule.fix
        assert rule.examples["bad"]
        assert rule.examples["good"]


@pytest.mark.parametrize(("rule", "parts"), examples("bad"))
def test_a_finding_quotes_what_stands_at_its_span(rule: Rule, parts: Mapping[str, Any]) -> None:
    source = document(parts).source
    assert source is not None
    for finding in checked(parts, rule).findings:
        assert finding.says
        assert "{" not in finding.says + finding.fix
        for place in finding.places:
            if place.span is not None and place.in_source:
                assert source.text[slice(*place.span)] == place.words


@pytest.mark.parametrize(
    ("address", "rules"),
    [
        ("office@justice-zarvania.example", set()),
        # Mailboxes that anybody can have, as embassies print them.
        ("zarvania.embassy@swing.be", {"ADR-03"}),
        ("office@freemail.example", {"ADR-03"}),
        ("yevanna.brill@freemail.example", {"ADR-06"}),
        # One letter of another alphabet, before or behind the sign; then a whole part that reads as if it were Latin.
        ("offiсe@justice-zarvania.example", {"NAM-07"}),
        ("office@justicе-zarvania.example", {"NAM-07"}),
        ("office@соре.example", {"NAM-07"}),
        ("office@www.соре-1.example", {"NAM-07"}),
        # What nobody takes for Latin, and what is of one alphabet altogether, may be what it says.
        ("office@минюст.example", set()),
        ("канцелярия@соре.рф", set()),
    ],
)
def test_an_address_that_may_lead_to_somebody_else_is_found(address: str, rules: set[str]) -> None:
    """Before anybody signs it (P-08); who signs sees each address on the page of the last look."""
    parts = {"addressees": f"- Ms. Yevanna Brill, Minister of Justice, Email: {address}"}
    found = {finding.rule for finding in checked(parts).findings}
    assert found & {"ADR-03", "ADR-06", "NAM-07"} == rules
