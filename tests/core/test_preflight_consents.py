"""Nobody is named further than she agreed to: a table that a case worker reads and extends, each row through preflight.

Beside it, what a record of each release class leaves of itself in each form of an appeal that is made of it.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from preflight_frame import FRAME, ON, case, checked

from command_line import ROOT
from tocsin.core import vocab
from tocsin.core.compose import compose
from tocsin.core.errors import TocsinError
from tocsin.core.records import from_plain, from_yaml, to_plain
from tocsin.core.render import TEXT_FORMATS, render

_FIRST, *_OTHERS = tomllib.loads(Path(__file__).with_name("consent_matrix.toml").read_text("utf-8"))["rows"]
ROWS: list[dict[str, Any]] = [_FIRST, *({**_FIRST, **each} for each in _OTHERS)]
UNTIL = {
    "yesterday": ON - dt.timedelta(days=1),
    "today": ON,
    "tomorrow": ON + dt.timedelta(days=1),
    "open": None,
}
# What the frame prints of her, and what stands there instead. The surname alone counts as the whole name.
CALLED = {"full_name": "Mirela Tosk", "given_name_only": "Mirela", "nothing": "one of its members"}
RULES = {"CON-01", "CON-02", "CON-03"}


def name_of(row: dict[str, Any]) -> str:
    own = next((each for each in _OTHERS if {**_FIRST, **each} == row), {})
    return " ".join(f"{key}={value}" for key, value in own.items() if key != "stops") or "in order"


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_nobody_is_named_further_than_she_agreed_to(row: dict[str, Any]) -> None:
    assert set(row) == {"state", "use", "audience", "answer", "form", "until", "prints", "stops"}
    answer = {"use": row["use"], "audience": row["audience"], "identity_form": row["form"], "answer": row["answer"]}
    consent = {
        "id": "consent:tosk",
        "person": "person:tosk",
        "given_by": "self",
        "means": "signed",
        "state": row["state"],
    }
    consent |= {"given_on": ON - dt.timedelta(days=2), "answers": [answer]}
    if UNTIL[row["until"]]:
        consent["expires_on"] = UNTIL[row["until"]]
    persons = deepcopy(to_plain(case({}))["persons"])
    consents = [consent] if row["state"] != "none" else []
    if not consents:
        del persons[0]["consent"]
    called = CALLED[row["prints"]]
    parts = {
        "case": {"persons": persons, "consents": consents},
        "title": "Zarvania: Arbitrary arrest",
        "situation": f"On October 14, 2021, police arrested {called} in Karvel.",
    }
    report = checked(only(parts))
    assert {each.rule for each in report.findings if each.severity == "error"} & RULES == set(row["stops"])


def only(parts: dict[str, Any]) -> dict[str, Any]:
    """Leave everything else out of the frame that could name her."""
    return {**{key: "" for key, text in FRAME.items() if "Tosk" in text or "Mirela" in text}, **parts}


def test_every_state_use_audience_and_form_has_its_row() -> None:
    for key, listed in (("state", "consent_states"), ("use", "consent_uses"), ("audience", "audiences")):
        assert set(vocab.load(listed)) - {each[key] for each in ROWS} == set(), key
    assert set(vocab.load("identity_forms")) == {each["form"] for each in ROWS}


CASE = to_plain(from_yaml((ROOT / "examples/case.yaml").read_text("utf-8")))
# The country whose authorities are written to, and who publishes: there is no appeal without them.
SAID_ANYWAY = {"place:zarvania", CASE["appeal"]["publisher"], *CASE["appeal"]["publisher_parents"]}
WORDS = {"en", "full", "family", "given", "text_en", "what_en", "quote_en", "label_en"}


def marked(value: Any, key: str = "") -> Any:
    """Put a mark into every free word of a record."""
    if isinstance(value, dict):
        return {name: marked(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [marked(each, key) for each in value]
    return f"{value} KANARIE" if key in WORDS and isinstance(value, str) else value


@cache
def printed(section: str, rc: str) -> frozenset[str]:
    """Tell in which forms of an appeal words of a section's records stand, where all of them have a release class."""
    records = [each if each["id"] in SAID_ANYWAY else {**marked(each), "rc": rc} for each in CASE[section]]
    try:
        document = compose(from_plain({**CASE, section: records})).document
    except TocsinError:
        return frozenset()
    return frozenset(form for form in TEXT_FORMATS if "KANARIE" in render(document, form))


def sections_with_a_class() -> Iterator[str]:
    """Give the sections of a case whose records take a release class."""
    for section, records in CASE.items():
        if isinstance(records, list) and records and isinstance(records[0], dict) and "id" in records[0]:
            try:
                from_plain({**CASE, section: [{**each, "rc": "P"} for each in records]})
            except TocsinError:
                continue
            yield section


SECTIONS = list(sections_with_a_class())


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_not_public_stands_in_no_form_of_an_appeal(section: str) -> None:
    assert {rc: printed(section, rc) for rc in ("R", "C", "N")} == dict.fromkeys(("R", "C", "N"), frozenset())


def test_what_is_public_does() -> None:
    """Or the test above could not fail."""
    shown = {section for section in SECTIONS if printed(section, "P")}
    assert shown >= {"persons", "organisations", "places", "events"}
