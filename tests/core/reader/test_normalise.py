"""The normalised source: what changes, what must not, and that doing it twice changes nothing."""

import itertools
import re
import textwrap
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import examples
from tocsin.core.reader.normalise import normalise

PARAGRAPH = (
    "On the evening of 3 March, Lena Marosh was stopped at the checkpoint of Velm by four men in plain clothes, who "
    "did not show a warrant and took her to an unknown place; her family has not been told where she is being held."
)
RUSSIAN = "Обсерватория по защите правозащитников осуждает"

MENDED = {
    "line ends": ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
    "no-break and thin spaces": ("XZV\u00a0001\u202f/\u20090221", "XZV 001 / 0221"),
    "runs of spaces and tabs": ("a  \t b   c", "a b c"),
    "blank lines": ("a\n\n\n\n\nb", "a\n\nb"),
    "soft hyphen": ("arbi\u00adtrary", "arbitrary"),
    "soft hyphen at a line end": ("arbi\u00ad\ntrary", "arbitrary"),
    "zero width and direction marks": ("a\u200bb\u200e\u202ac\ufeff", "abc"),
    "decomposed accents": ("Gene\u0300ve", "Genève"),
    "entities": ("R&amp;D &#8211; l&rsquo;appel&nbsp;urgent", "R&D – l’appel urgent"),
    "entities of entities": ("&amp;amp;nbsp;a&amp;eacute;", "aé"),
    "quoting": ("> > first\n>> second\n> \n> third", "first\nsecond\n\nthird"),
    "UTF-8 shown as Windows-1252": (
        "l’Observatoire déplore « cela »".encode().decode("cp1252"),
        "l’Observatoire déplore « cela »",
    ),
    "UTF-8 shown as Latin-1": ("détenu à Genève".encode().decode("latin-1"), "détenu à Genève"),
    "UTF-8 shown twice as Windows-1252": ("écrit".encode().decode("cp1252").encode().decode("cp1252"), "écrit"),
    "half-lost bytes": ("Ã©crit Ã  la main", "écrit à la main"),
    "Windows-1251 shown as Latin-1": (RUSSIAN.encode("cp1251").decode("latin-1"), RUSSIAN),
    "Arabic joiner is kept": ("می\u200cخواهم", "می\u200cخواهم"),
    "lone surrogate": ("a\ud800b", "a\ufffdb"),
    "control characters": ("a\x00b\x07c", "abc"),
}

LEFT_ALONE = [
    "Île-de-France, création, naïveté, Ålesund, São Tomé",
    "Attack/ Arbitrary detention /\njudicial harassment",
    "- H.E. Mr. Ovid Tarn, President\n- Mr. Ilir Dosk, Minister",
    "URGENTAPPEAL - THE OBSERVATORY",
    "Kense@mvd.example & a < b",
    "€ 4’350 – « ouvert » …",
    "i. Release her;\nii. Drop the charges.",
]


@pytest.mark.parametrize(("raw", "expected"), MENDED.values(), ids=MENDED.keys())
def test_damage_is_mended(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_sound_text_is_left_alone(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize("width", [60, 66, 72, 80])
@pytest.mark.parametrize("quote", ["", "> ", "> > "])
def test_hard_wraps_are_joined(width: int, quote: str) -> None:
    text = f"Description of the situation:\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\ni. Release her;\nii. Drop all charges."
    wrapped = "\n".join(quote + line for block in text.split("\n") for line in textwrap.wrap(block, width) or [""])
    assert normalise(wrapped) == text


def test_list_items_stay_apart_in_a_wrapped_text() -> None:
    items = [f"{number}. {PARAGRAPH}" for number in ("i", "ii", "iii")]
    wrapped = "\n".join(textwrap.fill(item, 70) for item in items)
    assert normalise(wrapped).split("\n") == items


def test_a_line_that_cannot_end_so_goes_on_however_short_it_is() -> None:
    wrapped = (
        "The rowers of Velm met on Sunday at the harbour to speak about the new\nfares, which the council doubled. On\n"
        "Monday, Ms.\nLena Marosh and Mr. Ivo Tarn had to leave the hall of the\nharbour, and went to the\nMill."
    )
    assert "\n" not in normalise(wrapped)


def test_a_word_cut_at_the_wrap_is_made_whole_and_a_compound_keeps_its_hyphen() -> None:
    wrapped = (
        "The police searched the office of the organisation for six hours and confis-\n"
        "cated all computers of the staff while the neighbours were made to watch the\n"
        "raid, which the Observatory sees as an attack on the physical and psychological well-\n"
        "being of the defenders who work there in the most difficult of all conditions."
    )
    text = normalise(wrapped)
    assert "\n" not in text
    assert "confiscated" in text
    assert "well-being" in text


def test_short_lines_of_a_wrapped_text_stay_lines() -> None:
    head = "URGENT APPEAL - THE OBSERVATORY\nXZV 001 / 0221 / OBS 002\nArbitrary arrest\nZarvania"
    assert normalise(f"{head}\n\n{textwrap.fill(PARAGRAPH, 70)}").startswith(head + "\n\n")


def readable(text: str) -> str:
    """Give the letters and digits alone."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", text))


@settings(max_examples=examples(300), deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x17F, exclude_characters="&"), max_size=300))
def test_no_letter_or_digit_is_lost(raw: str) -> None:
    normalised = normalise(raw)
    if "Ã" in raw or "Â" in raw or not raw.isascii():
        # Mending changes letters into the signs that were meant ("Â" and a space into a space); it makes up no letters,
        # and never empties a text that had more than scars of wrong decoding.
        assert readable(raw) or not readable(normalised)
        assert readable(normalised) or not readable(re.sub("[\xc2-\xf4][\x80-\xbfŒœŠšŸŽž]{1,3}", "", raw))
    else:
        assert readable(normalised) == readable(raw)


HARD = st.lists(
    st.sampled_from(
        [
            "a",
            "B",
            "é",
            "Ã",
            "©",
            "â",
            "€",
            "™",
            "&",
            "amp;",
            "#38;",
            "nbsp;",
            " ",
            "\n",
            "> ",
            "-\n",
            "\u00ad",
            "word " * 11,
            ". ",
            "ïðèâåò ",
            "\u200c",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=examples(400), deadline=None)
@given(st.one_of(st.text(max_size=300), HARD))
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw)
    assert normalise(once) == once


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=300))
def test_the_result_is_clean(raw: str) -> None:
    text = normalise(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"\r|\t| {2}|\n{3}| \n|\n |[\ud800-\udfff\u00ad\u200b\ufeff]", text)
    assert text == text.strip()


def test_a_page_of_a_pdf_set_in_proportional_type_gets_its_paragraphs_back() -> None:
    arrest = (
        "On 3 May 2021, Ms. Lena Marosh was arrested at her home in Velm by around ten police officers who showed no "
        "warrant. She was taken to the Velm Central Police Station. Nobody told her family where she was until the "
        "evening, although her lawyer had asked for her at the desk three times in the course of the same afternoon."
    )
    visit = (
        "Her colleague Mr. Ivo Tarn went to the station on the next day. He was told that she had been taken on to "
        "Dorvan, a town two hours away, and that visits were not allowed before the end of the week by any relative."
    )
    paragraphs = [arrest, visit]
    widths = itertools.cycle([118, 104, 111, 97])
    lines = [line for text in paragraphs for line in (*_cut(text, widths), "")]
    assert normalise("\n".join(lines)).split("\n\n")[:2] == paragraphs


def _cut(text: str, widths: Iterator[int]) -> Iterator[str]:
    while text:
        width = next(widths)
        line = text if len(text) <= width else text[: text.rindex(" ", 0, width)]
        yield line
        text = text[len(line) :].lstrip()
