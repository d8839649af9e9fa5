"""What holds for any text: the reader never fails, loses nothing, and every field is the slice that its span names."""

import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drawing import examples

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

from reader_corpus import load
from reader_promises import broken_promises

from tocsin.core import reader
from tocsin.core.appeal import AppealDocument, Paragraph, Section, Source, from_json, to_json
from tocsin.core.reader import Mark, Reading, Tokens
from tocsin.core.reader.lines import flatten, squeeze
from tocsin.core.reader.normalise import normalise

FIXTURES = load()
SOURCES = st.sampled_from([one.source for one in FIXTURES])
LINES = sorted({line for one in FIXTURES for line in one.source.splitlines() if line.strip()})
DIRT = [
    "\u00ad", "\u200b", "\u202e", "\u00a0", "\u2028", "\x0c", "\x00", "\ud800", "\ufffd", "&nbsp;", "&amp;amp;",
    "&#x202e;", "> ", ">> > ", "Ã©", "â€œ", "Ã ", "áîëüøîé", "=\n", "\u00ad\n> ", "{mso-style-name:x}", "<!--", "-->",
    "[1]", "“", "”", "«", "XZV 003 / 0221 / OBS 014", "i. ", "- ", "• ", "Attn: ", "tel: + 33 (0) 1", "@", "Ms. ",
    "[email\u00a0protected]", "et al.", "02/03/04", "²/²/²", "at midnight", "the same day", "((((", "....", " \u0301 ",
    "\u0301\u0301", "\U0001f4e2", "ﷺ",
]  # fmt: skip

ANY_TEXT = st.text(st.characters(codec=None), max_size=400)
# To try all ways in which the letters of the acronym may come from the words takes hours; to ask each capital, and each
# thing told in a sentence, with all others takes minutes.
REPEATED = [
    "La señora Ana Prado, de la Asociación " + "aaaaaaaa " * 15 + "(AAAAAAAAAAAB), fue detenida el 3 de mayo. ",
    "A " * 8_000,
    "Demanda por calumnia " * 3_000,
]


def check(raw: str) -> None:
    assert broken_promises(normalise(raw), reader.read(raw)) == []


@given(ANY_TEXT)
@example("")
@example("\ud800")
@example("\n\n>\n")
@example("[1]")
@example("Lena was arrested \u0301 in Velm.")
@example("Lena was arrested on ²/²/²²²².")
@settings(max_examples=examples(150))
def test_any_text_is_read_without_loss(raw: str) -> None:
    check(raw)


@pytest.mark.parametrize("text", REPEATED, ids=["acronym", "capitals", "sentence"])
def test_what_repeats_itself_is_read_in_time_that_grows_with_its_length(text: str) -> None:
    check(text)


@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.sampled_from(DIRT)), max_size=30),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
@settings(max_examples=examples(100))
def test_lines_of_appeals_in_any_order_are_read_without_loss(lines: list[str], line_end: str) -> None:
    check(line_end.join(lines))


@given(SOURCES, st.lists(st.tuples(st.floats(0, 1), st.sampled_from(DIRT)), min_size=1, max_size=12))
@settings(max_examples=examples(60))
def test_dirt_anywhere_in_an_appeal_loses_nothing(source: str, dirt: list[tuple[float, str]]) -> None:
    for place, sign in dirt:
        at = int(place * len(source))
        source = source[:at] + sign + source[at:]
    check(source)


@given(SOURCES, st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=examples(60))
def test_a_torn_appeal_is_read_without_loss(source: str, start: float, end: float) -> None:
    check(source[int(start * len(source)) : int(end * len(source))])


@given(SOURCES, SOURCES, st.sampled_from(["", "\n", "\n\n", "\n---\n", "\n\n\n\n"]))
@settings(max_examples=examples(40))
def test_two_appeals_in_one_page_are_read_without_loss(one: str, other: str, between: str) -> None:
    check(one + between + other)


@given(SOURCES, st.sampled_from(["upper", "lower", "no breaks", "no spaces", "wrapped", "quoted"]))
@settings(max_examples=examples(60))
def test_an_appeal_that_lost_its_layout_loses_nothing_more(source: str, loss: str) -> None:
    changed = {
        "upper": source.upper,
        "lower": source.lower,
        "no breaks": lambda: " ".join(source.split()),
        "no spaces": lambda: source.replace(" ", ""),
        "wrapped": lambda: "\n".join(source[at : at + 60] for at in range(0, len(source), 60)),
        "quoted": lambda: "".join(f"> {line}" for line in source.splitlines(keepends=True)),
    }
    check(changed[loss]())


@given(
    st.one_of(st.text(st.characters(codec=None), max_size=300), st.lists(st.sampled_from(LINES + DIRT)).map("\n".join))
)
@settings(max_examples=examples(300))
def test_normalising_twice_is_normalising_once(raw: str) -> None:
    once = normalise(raw)
    assert normalise(once) == once


@given(st.lists(st.sampled_from(LINES), max_size=20).map("\n".join))
@settings(max_examples=examples(60))
def test_what_was_read_survives_json(raw: str) -> None:
    for reading in reader.read(raw):
        assert from_json(to_json(reading.document)) == reading.document


@given(SOURCES)
@settings(max_examples=20)
def test_reading_the_normalised_text_gives_the_same_documents(source: str) -> None:
    assert reader.read(normalise(source)) == reader.read(source)


# The check itself must be able to fail.

TEXT = "Title\nLena was arrested."
WHOLE = Section("situation", paragraphs=(Paragraph("Lena was arrested.", span=(6, 24)),))


def reading_of(section: Section, *marks: Mark, source: str = TEXT) -> list[Reading]:
    return [Reading(AppealDocument("report", "en", sections=(section,), source=Source(source)), marks)]


@pytest.mark.parametrize(
    ("readings", "kinds"),
    [
        pytest.param(reading_of(WHOLE, Mark(0, 5, "title"), Mark(6, 24, "paragraph")), [], id="all is well"),
        pytest.param(reading_of(WHOLE, Mark(6, 24, "paragraph")), ["lost"], id="the title is lost"),
        pytest.param(reading_of(WHOLE, Mark(0, 5, "title"), Mark(6, 23, "paragraph")), [], id="a full stop is left"),
        pytest.param(
            reading_of(WHOLE, Mark(0, 5, "title"), Mark(6, 99, "paragraph")), ["mark"], id="a mark is too long"
        ),
        pytest.param(
            reading_of(Section("situation", paragraphs=(Paragraph("Lena", span=(0, 24)),)), Mark(0, 24, "paragraph")),
            ["slice"],
            id="a field that is not what stands there",
        ),
        pytest.param(reading_of(WHOLE, Mark(0, 24, "paragraph"), source="else"), ["source"], id="another source"),
        pytest.param([], ["lost", "no document"], id="nothing at all"),
    ],
)
def test_the_check_names_each_broken_promise(readings: list[Reading], kinds: list[str]) -> None:
    assert [line.split(":")[0] for line in broken_promises(TEXT, readings)] == kinds


_PRINTED = st.text(alphabet="aBéñßžж中1²0.,:;'’-‐ \n_“”«qulsd\u0301\u200d\u00a0\u0130", max_size=40)


@given(text=_PRINTED)
def test_words_are_cut_alike_whatever_white_space_they_stand_in(text: str) -> None:
    # A stretch with white space of other kinds is cut as a whole, any other by what stands between its spaces.
    alone, framed = Tokens(text), Tokens(f"\n{text}\n")
    assert (alone.words, alone.folded) == (framed.words, framed.folded)
    assert alone.starts == [start - 1 for start in framed.starts]
    assert [text[start : alone.end(at)] for at, start in enumerate(alone.starts)] == alone.words


@given(text=_PRINTED)
def test_a_line_is_flattened_alike_whatever_script_stands_beside_it(text: str) -> None:
    flat = flatten(text)
    assert len(flat) == len(text)
    # Western letters go by bytes; beside another script the same letters go one by one.
    assert flatten(f"{text}ж").removesuffix("ж") == flat
    assert squeeze(f"{flat}ж").removesuffix("ж") == squeeze(flat)
