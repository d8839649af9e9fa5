"""Whatever the text, the structure stands: nothing raises, every item is a slice of the text, every mark lies in it."""

import random
import time
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawing import examples
from tocsin.core.reader.normalise import normalise
from tocsin.core.reader.structure import Skeleton, structure

CORPUS = Path(__file__).parents[2] / "corpus"
PRINTED = ("text", "as_printed", "display")
"""The fields that hold printed words; each must be the very slice that its span names."""

FRAGMENTS = [
    "URGENT APPEAL - THE OBSERVATORY",
    "New information",
    "XZV 003 / 0221 / OBS 014.1",
    "Arbitrary arrest / Torture /",
    "February 11, 2021",
    "The Observatory, a partnership of OMCT and FIDH, requests your urgent intervention in Zarvania.",
    "Description of the situation:",
    "On February 9, 2021, Lena Marosh was arrested.[1]",
    "The Observatory condemns this arrest.",
    "Actions requested:",
    "Please write to the authorities in Zarvania, urging them to:",
    "i. Release Lena Marosh; ii. Drop all charges;",
    "- H.E. Mr. Ovid Tarn, President, Fax: + 7 …, Email: a@b.example, c@d.example",
    "cc: Mrs. Ina Vel",
    "Salutation: Your Excellency",
    "Please also write to the embassy of Zarvania in your country.",
    "Velm-Paris, February 11, 2021",
    "To contact the Observatory, call the emergency line: Tel. and fax FIDH: + 33 1 43 00 00 00 / 01",
    "[1] A note.",
    "From: a@b.example",
    "Subject: Re: help",
    "Normal 0 false false false X-NONE",
    "p.MsoNormal {mso-style: x;} Zarvania: Arrest",
    "> > quoted",
    "Тексты на русском языке",
    "",
]


def items(value: object) -> Iterator[object]:
    """Give every dataclass inside a document."""
    if isinstance(value, tuple):
        for one in value:
            yield from items(one)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from items(getattr(value, field.name))


def check(text: str, skeletons: list[Skeleton]) -> None:
    position = 0
    for skeleton in skeletons:
        start, end = skeleton.region
        assert position == start <= end <= len(text)
        position = end
        for mark in skeleton.marks:
            assert start <= mark.start < mark.end <= end
        for item in items(skeleton.document):
            span = getattr(item, "span", None)
            for name in PRINTED:
                if span is not None and hasattr(item, name):
                    assert getattr(item, name) == text[span[0] : span[1]], (type(item), name)
    assert position == len(text) or not skeletons


def development_sources() -> list[Path]:
    folders = [expected.parent for expected in sorted(CORPUS.glob("*/expected.toml"))]
    return [
        f / "source.txt" for f in folders if not tomllib.loads((f / "expected.toml").read_text("utf-8")).get("held_out")
    ]


@pytest.mark.parametrize("source", development_sources(), ids=lambda path: path.parent.name)
def test_every_item_of_a_fixture_is_a_slice_of_its_source(source: Path) -> None:
    text = normalise(source.read_text("utf-8"))
    check(text, structure(text))


@pytest.mark.parametrize("source", development_sources(), ids=lambda path: path.parent.name)
@pytest.mark.parametrize("seed", range(3))
def test_shuffled_lines_of_a_fixture_are_read_without_an_error(source: Path, seed: int) -> None:
    lines = source.read_text("utf-8").splitlines()
    random.Random(seed).shuffle(lines)
    text = normalise("\n".join(lines))
    check(text, structure(text))


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=40)), max_size=30),
    st.sampled_from(["\n", "\n\n", " "]),
)
def test_fragments_in_any_order_are_read_without_an_error(pieces: list[str], joint: str) -> None:
    text = normalise(joint.join(pieces))
    check(text, structure(text))


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(raw: str) -> None:
    text = normalise(raw)
    check(text, structure(text))


HOSTILE = {
    "digits": "1" * 20_000,
    "slashes": "/1" * 10_000,
    "letters": "a" * 20_000,
    "at signs": "a@" * 10_000,
    "spaces": "( " * 10_000,
    "colons": "Fax:" * 5_000,
    "capitals": "A " * 10_000,
    "bullets": "- \n" * 6_000,
    "codes": "XZV 001 / 0221 / OBS 001\n" * 400,
    "ordinals": "i. a; ii. b; " * 1_600,
    "entities": "&amp;" * 4_000,
    "nested entities": "&#38;" * 4_000,
    "mojibake": "Ã\u0083" * 6_000,
    "brackets": "[1]" * 6_000,
    "dates": "May 1, 2021, " * 1_200,
    "hyphens": "ab-\ncd " * 3_000,
    "quotes": "> " * 10_000,
}


FRAMES = {
    "alone": "{}",
    "header": "URGENT APPEAL\n{}\nXZV 001 / 0221 / OBS 001\n{}",
    "addressees": "URGENT APPEAL\nXZV 001 / 0221 / OBS 001\nActions requested:\ni. Free them;\n- Mr. A, {}\n{}",
    "closing": "URGENT APPEAL\nXZV 001 / 0221 / OBS 001\nTo contact the Observatory:\n{}",
    "mail": "From: a@b.example\nSubject: x\n\nHello\n{}\nRegards\n{}",
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_repetition_does_not_hang_the_reader(name: str, frame: str) -> None:
    text = normalise(FRAMES[frame].replace("{}", HOSTILE[name]))
    started = time.process_time()
    check(text, structure(text))
    # Linear code needs a fraction of a second; quadratic code needs many seconds for the same text.
    assert time.process_time() - started < 4
