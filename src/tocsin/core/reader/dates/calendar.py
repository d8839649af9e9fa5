"""Calendar dates: "June 8, 2021", "31th May", "le 1er mars 2016", "del 3 al 5 de mayo", "26.07.17", "May 2021"."""

import calendar
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace as changed

from tocsin.core.reader import lexicon
from tocsin.core.reader.dates.words import TimeWords, temporal_words, time_words
from tocsin.core.reader.tokens import Tokens

_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th", "er", "ere", "º", "°", "o", "e"})
_SHORTEST_MONTH = 28
_NUMBER_SIGNS, _NUMBERED = frozenset({".", "°", "º"}), frozenset({"n", "no", "nr", "num"})
_SIGNS_ALONE = frozenset({"№", "#", "n°", "nº", "number", "numero", "nummer"})
_ENGLISH_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_BEHIND_A_DAY = frozenset(
    {
        "at",
        "he",
        "she",
        "they",
        "we",
        "i",
        "two",
        "three",
        "around",
        "about",
        "in",
        "the",
        "a",
        "an",
        "of",
        "his",
        "her",
    }
)
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$")
_AND = frozenset({"and", "et", "y", "/", "&"})


class FoundDate(NamedTuple):
    """A date at `text[start:end]`.

    `date` and `until` are ISO 8601 with reduced precision; without a year it is `XXXX-MM-DD` or `XXXX-MM`
    (EDTF, ISO 8601-2). `precision` is day, month, year or range.
    """

    start: int
    end: int
    date: str
    precision: Literal["day", "month", "year", "range"]
    until: str | None = None


class CalendarDate(Struct, frozen=True, gc=False):
    """A date among words `first` to `last`; `until_day` and `until_month` where it is a range.

    `weekday` tells the month of a day that is named without one: "el sábado 8".
    """

    first: int
    last: int
    year: int | None
    month: int | None
    day: int | None
    until_day: int | None = None
    until_month: int | None = None
    third: str | None = None
    weekday: int | None = None

    @property
    def precision(self) -> Literal["day", "month", "year", "range"]:
        """How exact the words are."""
        if self.until_day or (self.until_month and not self.day):
            return "range"
        return "day" if self.day else "month" if self.month else "year"


def find_dates(text: str, language: str | None) -> list[FoundDate]:
    """Find the calendar dates of a line.

    Args:
        text: Any text; places are offsets into it.
        language: One whose months the lexicon knows; another one, or `None`, tries those whose months stand in the text
            and takes the one that finds most.
    """
    tokens = Tokens(text)
    known = [language] if language in lexicon.DATED else _languages_of(tokens)
    found = max((calendar_dates(tokens, time_words(str(each))) for each in known), key=len)
    return [
        FoundDate(
            *tokens.span(date.first, date.last),
            iso(date.year, date.month, date.day),
            date.precision,
            iso(date.year, date.until_month or date.month, date.until_day) if date.precision == "range" else None,
        )
        for date in found
    ]


def _languages_of(tokens: Tokens) -> list[str]:
    """Give the languages whose months stand among the words; where none does, the numeric dates of any."""
    words = set(tokens.folded)
    return [each for each in lexicon.DATED if not words.isdisjoint(time_words(each).months)] or ["en"]


def iso(year: int | None, month: int | None, day: int | None) -> str:
    """Write a date of reduced precision; an unknown year is `XXXX` (EDTF, ISO 8601-2)."""
    parts = [f"{year:04d}" if year else "XXXX"]
    parts += [f"{part:02d}" for part in (month, day) if part]
    return "-".join(parts)


def calendar_dates(tokens: Tokens, words: TimeWords, single: Sequence[int] | None = None) -> list[CalendarDate]:
    """Find the calendar dates among the words, from left to right, without overlap.

    Args:
        tokens: The words.
        words: The temporal words of the language.
        single: What `temporal_words` gives, where it is known.
    """
    dates: list[CalendarDate] = []
    free = 0
    for at in temporal_words(tokens, words) if single is None else single:
        if at < free:
            continue
        word, found = tokens.folded[at], None
        if word[0].isdecimal():
            found = _numeric(tokens, at, words) or _year_alone(tokens, at, words) or _day_of_month(tokens, at, words)
            found = found or _day_of_week(tokens, at, words)
        elif word in words.months and not _is_weekday(tokens, at, words):
            found = _around_month(tokens, at, words, free)
        if found is not None:
            found = _with_weekday(tokens, found, words, free)
            if dates and found.first < dates[-1].last:
                dates.pop()  # the start of a range over two months was read as a date of its own
            free = found.last
            dates.append(found)
    return dates


def _with_weekday(tokens: Tokens, date: CalendarDate, words: TimeWords, free: int) -> CalendarDate:
    """Take in a weekday cut short, which is one before a date alone: "tues 24/11/26", "mar. 24 novembre"."""
    at = _weekday_before(tokens, date.first)
    if at < free or tokens.folded[at] not in words.short_weekdays or date.day is None:
        return date
    return changed(date, first=at)


def _weekday_before(tokens: Tokens, first: int) -> int:
    """Give the place where the weekday of a date may stand, the point or comma behind it left out; -1 at the start."""
    at = first - 1
    return at - 1 if at > 0 and tokens.words[at] in ".," else at


def _is_weekday(tokens: Tokens, at: int, words: TimeWords) -> bool:
    """Tell the Tuesday of "mar 24/11/26" from the March that it is elsewhere."""
    if tokens.folded[at] not in words.short_weekdays:
        return False
    behind = at + 2 if _is(tokens, at + 1, ".") else at + 1
    return behind < tokens.count and _numeric(tokens, behind, words) is not None


def _around_month(tokens: Tokens, at: int, words: TimeWords, free: int) -> CalendarDate | None:
    named = words.month_at(tokens, at)
    if named is None:
        return None
    month, last = named
    if _is(tokens, last, ".") and len(tokens.words[at]) <= 4 and not tokens.text[tokens.end(at) :][:1].isspace():
        last += 1
    last = _named_again(tokens, last, month, words)
    before, first = _day_before(tokens, at, free, words)
    after: list[int] = []
    if not before:
        after, last = _day_after(tokens, last, words)
    year, last = _year_after(tokens, last, words)
    days = before or after
    third = words.thirds.before(tokens, first) if not days else None
    if not days and year is None and not _stands_alone(tokens, at, third is not None, words):
        return None
    if third is not None:
        first = third[0]
    if len(days) == 1 and (start := _month_of_range(tokens, first, words)) is not None:
        return checked(CalendarDate(start[0], last, year, start[1], start[2], days[0], month))
    until = days[1] if len(days) > 1 else None
    day = days[0] if days else None
    return checked(CalendarDate(first, last, year, month, day, until, None, third[1] if third else None))


def checked(date: CalendarDate) -> CalendarDate:
    """Give the date as the calendar has it: the 31st of a shorter month, printed in real appeals, is its last day."""
    if date.day is None or date.month is None or (not date.until_day and date.day <= _SHORTEST_MONTH):
        return date
    year = date.year or 2000
    day = min(date.day, calendar.monthrange(year, date.month)[1])
    until = date.until_day and min(date.until_day, calendar.monthrange(year, date.until_month or date.month)[1])
    return changed(date, day=day, until_day=None if until == day and not date.until_month else until)


def _named_again(tokens: Tokens, last: int, month: int, words: TimeWords) -> int:
    """Pass over the other name of a month: "يوليو/تموز"."""
    if last + 1 < tokens.count and tokens.words[last] == "/" and tokens.folded[last + 1] in words.months:
        again = words.month_at(tokens, last + 1)
        return again[1] if again is not None and again[0] == month else last
    return last


def _day_before(tokens: Tokens, at: int, free: int, words: TimeWords) -> tuple[list[int], int]:
    """Read "29", "29th of", "3 to 5", "el 3 y el 5 de" before the month; give the days and the first word."""
    here = _skip_back(tokens, at, free, words)
    day, here = _day_ending(tokens, here, free)
    if day is None:
        return [], at
    first = here
    joint = _skip_back(tokens, here, free, words)
    if joint - 1 >= free and tokens.folded[joint - 1] in words.to:
        inner = _skip_back(tokens, joint - 1, free, words)
        start, start_first = _day_ending(tokens, inner, free)
        if start is not None and start < day:
            return [start, day], start_first
    return [day], first


def _day_ending(tokens: Tokens, end: int, free: int) -> tuple[int | None, int]:
    """Read a day number that ends just before word `end`, with its ordinal ending; give it and its first word."""
    if end - 1 >= free and tokens.folded[end - 1] in _ORDINAL_ENDINGS:
        end -= 1
    if end - 1 >= free and (day := _number(tokens.words[end - 1], 1, 31)) is not None and not _counts(tokens, end - 1):
        return day, end - 1
    return None, end


def _counts(tokens: Tokens, at: int) -> bool:
    """Tell the number of "Situation report no. 7, May 2021" from a day."""
    here = at - 1
    while here > 0 and tokens.folded[here] in _NUMBER_SIGNS:
        here -= 1
    return here >= 0 and (tokens.folded[here] in _SIGNS_ALONE or (here < at - 1 and tokens.folded[here] in _NUMBERED))


def _day_after(tokens: Tokens, at: int, words: TimeWords) -> tuple[list[int], int]:
    """Read "29", "29th", "29-31", "29 and 30" after the month; give the days and the word behind."""
    days: list[int] = []
    here = at
    while here < tokens.count and (day := _number(tokens.words[here], 1, 31)) is not None and len(days) < 2:
        if _is(tokens, here + 1, ":") or (days and day <= days[-1]):
            break
        days.append(day)
        here += 1
        if here < tokens.count and tokens.folded[here] in _ORDINAL_ENDINGS:
            here += 1
        at = here
        if here >= tokens.count or tokens.folded[here] not in words.to:
            break
        here += 1
    return days, at


def _year_after(tokens: Tokens, at: int, words: TimeWords) -> tuple[int | None, int]:
    here = at
    while here < tokens.count and here - at < 2 and tokens.folded[here] in words.of_year:
        here += 1
    if here < tokens.count and (year := _number(tokens.words[here], 1900, 2099)) is not None:
        return year, _behind_year(tokens, here + 1, words)
    return None, at


def _behind_year(tokens: Tokens, at: int, words: TimeWords) -> int:
    """Pass over the word that says that a number is a year: "2021 года", "2021 г." with its point."""
    if not (at < tokens.count and tokens.folded[at] in words.behind_year):
        return at
    cut = len(tokens.words[at]) <= 2 and _is(tokens, at + 1, ".") and tokens.starts[at + 1] == tokens.end(at)
    return at + 2 if cut else at + 1


def _month_of_range(tokens: Tokens, first: int, words: TimeWords) -> tuple[int, int, int] | None:
    """Read the start of "from May 30 to June 2" or "30 May – 2 June": its first word, month and day."""
    here = first - 1
    while here >= 0 and tokens.folded[here] in {"the", "le", "el"}:
        here -= 1
    if here < 2 or tokens.folded[here] not in words.to - _AND:
        return None
    month = words.months.get(tokens.folded[here - 1])
    if month is not None:
        days, start = _day_before(tokens, here - 1, 0, words)
        return (start, month, days[0]) if days else None
    month = words.months.get(tokens.folded[here - 2])
    day = _number(tokens.words[here - 1], 1, 31)
    return (here - 2, month, day) if month is not None and day is not None else None


def _stands_alone(tokens: Tokens, at: int, has_third: bool, words: TimeWords) -> bool:
    """Tell whether a month without day and year is one: "may" and "march" are also verbs."""
    if has_third:
        return True
    previous = tokens.folded[at - 1] if at else ""
    return previous in words.before_month and (
        tokens.words[at][0].isupper() or tokens.folded[at] not in {"may", "march", "mars"}
    )


def _numeric(tokens: Tokens, at: int, words: TimeWords) -> CalendarDate | None:
    """Read `16/03/2015`, `07-12-2021`, `2014/12/19`, `26.07.17`; day first, as European and site dates are printed."""
    if pointed := _DAY_MONTH_YEAR.match(tokens.words[at]):
        return _day_first(at, at + 1, *(int(part) for part in pointed.groups()))
    parts = tokens.words[at : at + 5]
    if len(parts) < 3 or parts[1] not in "/-":
        return None
    if len(parts) < 5 or parts[3] != parts[1] or not _is_tight(tokens, at, parts):
        return _day_and_month(tokens, at, parts[:3], words)
    numbers = [int(part) for part in parts[::2]]
    if len(parts[0]) == 4:
        numbers.reverse()
    elif len(parts[4]) not in (2, 4) or len(parts[2]) > 2:
        return None  # "XZV 19/006/2021" is the number of a publication
    return _day_first(at, at + 5, *numbers)


def _is_tight(tokens: Tokens, at: int, parts: Sequence[str]) -> bool:
    """Tell whether numbers and the signs between them stand without a space."""
    length = tokens.end(at + len(parts) - 1) - tokens.starts[at]
    return length == sum(map(len, parts)) and all(part.isdecimal() for part in parts[::2])


def _day_and_month(tokens: Tokens, at: int, parts: Sequence[str], words: TimeWords) -> CalendarDate | None:
    """Read `24/11` behind a weekday ("tues 24/11") or a word for a day ("on 24/11"); elsewhere it may be anything."""
    before = _weekday_before(tokens, at)
    if parts[1] != "/" or before < 0 or not _is_tight(tokens, at, parts):
        return None
    word = tokens.folded[before]
    said = word in words.short_weekdays or word in words.weekdays or (before == at - 1 and word in words.before_day)
    day, month = (_number(part, 1, high) for part, high in zip(parts[::2], (31, 12), strict=True))
    return checked(CalendarDate(at, at + 3, None, month, day)) if said and day and month else None


def _day_first(first: int, last: int, day: int, month: int, year: int) -> CalendarDate | None:
    if year < 100:
        # The programme began in 1997; a two-digit year of an appeal is after that (domain specification 4.3).
        year += 1900 if year >= 97 else 2000
    if month > 12 and day <= 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 2099):
        return None
    return checked(CalendarDate(first, last, year, month, day))


def _year_alone(tokens: Tokens, at: int, words: TimeWords) -> CalendarDate | None:
    year = _number(tokens.words[at], 1900, 2099)
    if year is None or (tokens.folded[at + 1 : at + 2] == ["s"] and tokens.end(at) == tokens.starts[at + 1]):
        return None  # "the 1980s"
    last = _behind_year(tokens, at + 1, words)
    third = words.thirds.before(tokens, at)
    if third is not None:
        return CalendarDate(third[0], last, year, None, None, third=third[1])
    if last > at + 1 or (at and tokens.folded[at - 1] in words.before_year):
        return CalendarDate(at, last, year, None, None)
    return None


def _day_of_month(tokens: Tokens, at: int, words: TimeWords) -> CalendarDate | None:
    """Read "on the 6th", "the 6th to the 7th": days of the month in which the story stands."""
    day, ordinal = _number(tokens.words[at], 1, 31), at + 1
    if day is None or not (_is_any(tokens, ordinal, _ENGLISH_ORDINALS) and at and tokens.folded[at - 1] == "the"):
        return None
    behind = ordinal + 1
    if _is_any(tokens, behind, frozenset({"to", "and", "-"})):
        here = behind + (2 if _is_any(tokens, behind + 1, frozenset({"the"})) else 1)
        until = _number(tokens.words[here], 1, 31) if here < tokens.count else None
        if until is not None and until > day and _is_any(tokens, here + 1, _ENGLISH_ORDINALS):
            return CalendarDate(at, here + 2, None, None, day, until)
    if _is_any(tokens, behind, frozenset({"of"})) or _is_any(tokens, behind, frozenset(words.months)):
        return None
    # "the 6th hearing" counts hearings: a day stands before a verb, a comma or the end, not before its noun.
    if behind < tokens.count and tokens.words[behind].isalpha() and tokens.folded[behind] not in _BEHIND_A_DAY:
        return None
    return CalendarDate(at, behind, None, None, day)


def _day_of_week(tokens: Tokens, at: int, words: TimeWords) -> CalendarDate | None:
    """Read "el sábado 8", "dimanche 9": a day of the month in which the story stands, or of the one before.

    What is counted or timed ("lunes 10 horas") or has its month behind it is none.
    """
    weekday = words.weekdays.get(tokens.folded[at - 1]) if at else None
    day = _number(tokens.words[at], 1, 31)
    if weekday is None or day is None:
        return None
    behind = tokens.folded[at + 1 : at + 3]
    said = any(word in words.months or word in words.units for word in behind)
    if said or behind[:1] in (["h"], ["/"], [":"], ["-"]) or words.hours.after(tokens, at + 1) is not None:
        return None
    return CalendarDate(at - 1, at + 1, None, None, day, weekday=weekday)


def _is_any(tokens: Tokens, at: int, words: frozenset[str]) -> bool:
    return at < tokens.count and tokens.folded[at] in words


def _skip_back(tokens: Tokens, at: int, free: int, words: TimeWords) -> int:
    while at - 1 >= free and tokens.folded[at - 1] in words.of:
        at -= 1
    return at


def _number(word: str, low: int, high: int) -> int | None:
    if not (word.isdecimal() and len(word) <= 4):
        return None
    return number if low <= (number := int(word)) <= high and (high < 1000 or len(word) == 4) else None


def _is(tokens: Tokens, at: int, word: str) -> bool:
    return at < tokens.count and tokens.words[at] == word
