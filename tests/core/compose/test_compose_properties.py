"""Whatever the case, an appeal of it is whole: sentences that agree, grounds for each, no hole, no hidden name."""

import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command_line import ROOT
from drawing import examples
from hostile_texts import HOSTILE

sys.path.insert(0, str(ROOT / "bench"))

from invented_cases import invented_cases

from tocsin.core.appeal import from_json, to_json
from tocsin.core.compose import Composition, compose
from tocsin.core.errors import TocsinError
from tocsin.core.records import Case, from_plain, from_yaml, to_plain
from tocsin.core.render import TEXT_FORMATS, render

CASES = [ROOT / "examples/case.yaml", *sorted((ROOT / "tests/cases").glob("*.yaml"))]
LANGUAGES = st.sampled_from(["en", "fr"])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Give a case made by dice."""
    seed, events = draw(st.integers(0, 10**6)), draw(st.integers(1, 9))
    return next(invented_cases(1, seed, events=events))


def texts(composition: Composition) -> Iterator[str]:
    """Give every composed text of a document."""
    document = composition.document
    yield document.title.text if document.title else ""
    yield document.opening.text if document.opening else ""
    yield from (paragraph.text for section in document.sections for paragraph in section.paragraphs)
    yield from (demand.text for demand in document.demands)


@settings(max_examples=examples(60), deadline=None)
@given(case=cases(), language=LANGUAGES)
def test_no_text_has_a_hole_or_a_slip_of_the_pen(case: Case, language: str) -> None:
    for text in texts(compose(case, language=language)):
        assert text == text.strip()
        assert not set("{}$") & set(text), text
        assert not re.search(r" {2}|\.\.|;\.|,\.| [.,;]|None", text), text


# One person was, two were; "Mses. A and B was" and "Ms. A were" are wrong, "A and Ms. B were" is not.
_DISAGREES = re.compile(
    r"(?:^|[.,] )(?:(?:Ms|Mr)\. \w+ (?:were|are|have)\b|(?:Mses|Messrs)\. \w+ and \w+ (?:was|is|has)\b)"
    r"|\b(?:[Ss]he|[Hh]e) (?:were|are|have)\b|\b[Tt]hey (?:was|is|has)\b"
)


@settings(max_examples=examples(60), deadline=None)
@given(case=cases())
def test_subject_and_verb_agree(case: Case) -> None:
    for text in texts(compose(case)):
        assert not _DISAGREES.search(text), text


@settings(max_examples=examples(40), deadline=None)
@given(case=cases(), language=LANGUAGES)
def test_every_sentence_of_the_story_rests_on_records(case: Case, language: str) -> None:
    composition = compose(case, language=language)
    for number, section in enumerate(composition.document.sections):
        for at, paragraph in enumerate(section.paragraphs):
            if section.role in {"actions", "addressees", "contacts"}:
                continue
            own = [each for each in composition.grounds if each.path == f"sections[{number}].paragraphs[{at}]"]
            assert own
            assert " ".join(paragraph.text[each.start : each.end] for each in own) == paragraph.text
            assert all(each.records and set(each.records) <= set(case.by_id) for each in own)


HIDDEN = st.sampled_from(
    [{"rc": "C"}, {"identity_in_public": "initials"}, {"identity_in_public": "role_description"}, {"rc": "N"}]
)


@settings(max_examples=examples(60), deadline=None)
@given(case=cases(), language=LANGUAGES, hidden=HIDDEN)
def test_a_name_that_may_not_be_printed_is_not(case: Case, language: str, hidden: dict[str, str]) -> None:
    plain = to_plain(case)
    plain["persons"][0].update(hidden)
    family = plain["persons"][0]["names"][0]["family"]
    if any(family == each["names"][0]["family"] for each in plain["persons"][1:]):
        return
    written = to_json(compose(from_plain(plain), language=language).document)
    assert not re.search(rf"\b{family}\b", written)


# Free words of a case: whatever somebody types into them is text and nothing else.
_FREE = re.compile(
    r"^(?:(?:label|text|what|title|quote|reported_speech|rebuttal|heading|post_label|described_as|description)(?:_\w+)?"
    r"|full|family|given|conditions|manner|attribution|words|short|acronym|en|fr|as_printed|location|display|article)$"
)


def filled(plain: Any, text: str, key: str = "") -> Any:
    """Put a text into every free field of a plain case."""
    if isinstance(plain, dict):
        return {name: filled(value, text, name) for name, value in plain.items()}
    if isinstance(plain, list):
        return [filled(value, text, key) for value in plain]
    return text if isinstance(plain, str) and _FREE.match(key) else plain


@pytest.mark.parametrize("text", HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_hostile_words_in_every_field_are_words(text: str) -> None:
    """A case that is refused is refused in our own words; one that is composed is a whole document, and harmless."""
    for path in CASES:
        plain = filled(to_plain(from_yaml(path.read_text("utf-8"))), text)
        try:
            document = compose(from_plain(plain)).document
        except TocsinError:
            continue
        assert from_json(to_json(document)) == document
        for form in TEXT_FORMATS:
            shown = render(document, form)
            assert form != "html" or "<script>alert" not in shown


def test_most_hostile_words_are_composed() -> None:
    """The test above would pass if every case were refused."""
    refused = []
    for text in HOSTILE:
        try:
            compose(from_plain(filled(to_plain(from_yaml(CASES[0].read_text("utf-8"))), text)))
        except TocsinError:
            refused.append(text)
    assert len(refused) < len(HOSTILE) / 2
