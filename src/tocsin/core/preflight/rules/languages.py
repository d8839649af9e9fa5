"""Language editions: what one edition shows by itself, and which languages are missing."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import BODY, Subject
from tocsin.core.preflight.wording import Phrase, Several

_TOKEN = re.compile(
    r"\{\{?\s*[\w.]{2,40}\s*\}?\}"
    r"|\[(?:NAME|DATE|PLACE|COUNTRY|CODE|TITLE|TEXT|LINK|INSERT[^\]]{0,40}|TBC|TBD|X{2,})\]"
    r"|<<[^<>\n]{1,40}>>|\$\{\w{1,40}\}|%\(\w{1,40}\)s|\bX{4,}\b|_{4,}|\?{3,}|\bTBC\b|\bTBD\b|\b[Ll]orem ipsum\b"
)
# Each has one of these, which are found far sooner.
_OF_TOKENS = ("{", "[", "<<", "%(", "XXXX", "____", "???", "TBC", "TBD", "orem ipsum")
# The script of the letters that texts in a language are written in; others are in Latin letters.
_SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ur", "ckb", "ps"), "ARABIC"),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "kk", "ky", "tg", "mn", "sr"), "CYRILLIC"),
    "el": "GREEK",
    "he": "HEBREW",
    "hy": "ARMENIAN",
    "ka": "GEORGIAN",
    "am": "ETHIOPIC",
    "ti": "ETHIOPIC",
    "hi": "DEVANAGARI",
    "ne": "DEVANAGARI",
    "bn": "BENGALI",
    "th": "THAI",
    "km": "KHMER",
    "my": "MYANMAR",
    "zh": "CJK",
    "ja": "CJK",
    "ko": "HANGUL",
}
_BOTH_SCRIPTS = frozenset({"kk", "sr", "mn"})
_SAMPLE = 400
_DOUBLED = re.compile(r"\b([^\W\d_]{2,})\s+\1\b", re.IGNORECASE)
_MAY_DOUBLE = frozenset({"had", "that", "her", "who", "very", "nous", "vous", "faire", "is", "so", "no", "bye", "can"})


@rule("LNG-03")
def missing_languages(subject: Subject) -> Iterator[Hit]:
    """Find official languages of the country in which the case plans no edition."""
    case = subject.case
    if case is None:
        return
    planned = {words.language.partition("-")[0] for words in case.appeal.title.texts} if case.appeal.title else set()
    planned |= {case.appeal.language.partition("-")[0], subject.language}
    missing = sorted({tag for code in case.appeal.countries for tag in _official(code)} - planned)
    if missing:
        yield Hit.at(Place("language"), cause="languages", languages=Several(tuple(missing)))


def _official(country: str) -> tuple[str, ...]:
    """Give the official languages of a whole country, by CLDR."""
    from babel.languages import get_official_languages  # noqa: PLC0415 - only with a case

    from tocsin.core import vocab  # noqa: PLC0415

    known = vocab.country(country)
    return tuple(tag.partition("_")[0] for tag in get_official_languages(known.alpha2)) if known else ()


@rule("LNG-05")
def unfinished_text(subject: Subject) -> Iterator[Hit]:
    """Find places for text that were not filled, sections without text, and a language that the letters belie."""
    for passage in subject.passages:
        for match in _TOKEN.finditer(passage.text) if any(map(passage.text.__contains__, _OF_TOKENS)) else ():
            yield Hit.at(passage.place(*match.span()), what=Phrase.of("unfilled", place=match[0]))
    for number, section in enumerate(subject.document.sections):
        if section.heading and not section.paragraphs and section.role in BODY:
            place = subject.whole(f"sections[{number}].heading")
            yield Hit.at(place, cause=f"section {number}", what=Phrase("empty"))
    if _is_in_another_script(subject):
        yield Hit.at(Place("language"), cause="script", what=Phrase.of("script", language=subject.language))


def _is_in_another_script(subject: Subject) -> bool:
    """Tell by its letters that a text is not in its language."""
    wanted = _SCRIPTS.get(subject.language, "LATIN")
    if not subject.language or subject.language in _BOTH_SCRIPTS:
        return False
    text = "".join(passage.text for passage in subject.passages_of(*BODY))[: 20 * _SAMPLE]
    letters = [unicodedata.name(sign, "") for sign in islice(filter(str.isalpha, text), _SAMPLE)]
    kana = ("HIRAGANA", "KATAKANA") if wanted == "CJK" else ()
    fitting = sum(name.startswith((wanted, *kana)) for name in letters)
    return len(letters) >= _SAMPLE // 4 and fitting * 2 < len(letters)


@rule("LNG-08")
def unsafe_terms(subject: Subject) -> Iterator[Hit]:
    """Find words for a group of people that offend or endanger them, outside quotations."""
    for found in subject.find("unsafe_terms", *BODY, "title", "demand", "note"):
        if not subject.quoted(found):
            better = Phrase.of("better", term=found.value) if found.value else ""
            yield Hit.at(found.place, better=better)


@rule("LNG-09")
def slips_of_language(subject: Subject) -> Iterator[Hit]:
    """Find known slips of the language, and words that stand twice."""
    for found in subject.find("slips", *BODY, "title", "demand", "note", "request"):
        if not subject.quoted(found):
            yield Hit.at(found.place, what=Phrase.of("rather", right=found.value) if found.value else Phrase("wrong"))
    for passage in subject.passages_of(*BODY, "title", "demand", "note", "request"):
        for match in _DOUBLED.finditer(passage.text):
            # A name may be doubled ("Walla Walla"); small words are not.
            if match[1].islower() and match[1] not in _MAY_DOUBLE and not passage.in_quotes(match.start()):
                yield Hit.at(passage.place(*match.span()), what=Phrase("twice"))
