"""Dates of issue and the places beside them: `Paris-Geneva, June 8, 2021`, `Genève, le 18 février 2005`."""

import datetime as dt
import re

from tocsin.core.reader.dates import FoundDate, find_dates
from tocsin.core.reader.lines import Line, flatten, squeeze
from tocsin.core.reader.structure.wording import Wording

_PLACE_NAME = r"[^\W\d_][\w'’.]*(?: (?:(?:de|la|del|of|sur|upon) )*[^\W\d_a-z][\w'’.]*){0,3}"
_PLACES = re.compile(
    rf"{_PLACE_NAME}(?: ?[-–—/,;] ?(?:and |et |y )?{_PLACE_NAME}){{0,7}}(?: (?:and|et|y) {_PLACE_NAME})?"
)
_PLACE_JOINT = re.compile(r" ?[-–—/,;] ?(?:and |et |y )?| (?:and|et|y) ")
_LEAD = re.compile(r"(?:fait à|en|done (?:at|in)|dado en) ", re.IGNORECASE)
# Two expressions, and what stands before a year is asked last: so each is looked for by its first figure.
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)(?<!\d{5})")
_FIGURES = re.compile(r"\d[./-]\d{1,2}[./-]\d\d")
_TODAY = re.compile(r"\b(?:today|aujourd.hui|hoy)\b")
_DASHES = re.compile(r" ?[-–—] ?(?=\w)")
_SHORT = 120
_CLOCK = re.compile(r"(?:\D{1,8} )?\d{1,2} ?[:.h] ?\d\d(?: ?[ap]\.?m\.?)?(?: ?\(?[A-Z]{2,4}\)?)?")
_AROUND = " ,:.|·•/-–—()"
_LEAD_END = re.compile(r"[\s,.:;\-–—]*(?:\b(?:le|el|on|a|the)\s*)?$")


def dateline_places(before: Line, words: Wording) -> tuple[str, ...] | None:
    """Read the places before the date of a dateline: `Paris-Geneva, `, `Genève, le `, `Bangkok – Dhaka, `."""
    text = _LEAD.sub("", _LEAD_END.sub("", before.text[:200]), count=1)
    if not text or len(text) > 100 or not _PLACES.fullmatch(text):
        return None
    places = tuple(place for place in _PLACE_JOINT.split(text) if place)
    if not all(place[0].isupper() for place in places) or words.violations.first(flatten(text)):
        return None
    return places if squeeze(flatten(text)) not in words.headings else None


def is_byline(line: Line, start: int, end: int, words: Wording) -> bool:
    """Tell the line of a site that says when its text went out: `Posted on 12 March 2021 by …`, `By … | 12 March 2021`.

    Args:
        line: A line with a date.
        start: Where the date begins in the page.
        end: Where it ends.
        words: Those that such lines begin with.
    """
    if len(line.text) > _SHORT or line.text.endswith("."):
        return False
    before, after = line.part(line.start, start), line.part(end, line.end)
    lead, rest = before.flat.strip(_AROUND), after.text.strip(_AROUND)
    if lead in words.published:
        return True
    if lead:
        return names_author(before.text, words) and (not rest or _CLOCK.fullmatch(rest) is not None)
    return names_author(rest, words)


def names_author(text: str, words: Wording) -> bool:
    """Tell `By Ada Frome` by its first word, and by the capital of the name behind it."""
    return bool(author_of(text, words))


def author_of(text: str, words: Wording) -> str:
    """Give the `Ada Frome` of `By Ada Frome`, or nothing."""
    text = text.strip(_AROUND)
    flat = flatten(text)
    if not flat.startswith(words.bylines):
        return ""
    lead = max(len(lead) for lead in words.bylines if flat.startswith(lead))
    name = text[lead:].lstrip(" :")
    return name if len(name) < len(text) - lead and name[:1].isupper() else ""


def read_date(line: Line, language: str | None) -> tuple[dt.date, int, int] | None:
    """Find the one full date of a short line: the date and its place in the page."""
    if not may_hold_date(line):
        return None
    for found in day_dates(line, language):
        date = to_date(found.date)
        if date:
            return date, line.start + found.start, line.start + found.end
    return None


def leading_dateline(line: Line, language: str | None, words: Wording) -> tuple[dt.date, tuple[str, ...], int] | None:
    """Read `Geneva-Paris, 4 March 2022 - The Observatory …`: the date, the places, and where the story begins."""
    if not line.has_digit:
        return None
    head = line.part(line.start, line.start + 90)
    found = read_date(head, language)
    if found is None or not line.text[found[2] - line.start :].lstrip().startswith(("-", "–", "—", ":", ".", "(")):
        return None
    places = dateline_places(line.part(line.start, found[1]), words)
    return None if places is None else (found[0], places, found[2])


def leading_day(line: Line, language: str | None) -> tuple[dt.date, tuple[str, ...], int] | None:
    """Read `4 March 2022 – The Observatory urges today …`: the first paragraph says that it is of today."""
    found = read_date(line.part(line.start, line.start + 40), language)
    if found is None or found[1] != line.start or _TODAY.search(line.flat) is None:
        return None
    return (found[0], (), found[2]) if _DASHES.match(line.text, found[2] - line.start) else None


def may_hold_date(line: Line) -> bool:
    """Whether a line has the figures of a date with its year; cheap, without reading it."""
    return _YEAR.search(line.text) is not None or _FIGURES.search(line.text) is not None


def day_dates(line: Line, language: str | None) -> list[FoundDate]:
    """Find the dates of a line that name a day."""
    if not line.has_digit:
        return []
    found = [found for found in find_dates(line.text, language) if found.precision == "day"]
    # A dateline may be in the language of the desk that issued the text.
    if not found and language is not None and len(line.text) < _SHORT:
        return day_dates(line, None)
    return found


def to_date(printed: str) -> dt.date | None:
    """Give a full ISO 8601 date, or `None` for one of reduced precision or off the calendar."""
    try:
        return dt.date.fromisoformat(printed)
    except ValueError:
        return None
