"""Dates as a text prints them, with their weekday where it has one: for rules that judge the print, not the story."""

import calendar
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from tocsin.core.reader import Tokens, lexicon

_BETWEEN = frozenset({"of", "de", "del", "st", "nd", "rd", "th", "er", "o", ",", "the", "le", "el", "."})
_NEAR = 3


class PrintedDate(NamedTuple):
    """Words `first` to `last` (not included) are a date; parts that are not printed are `None`."""

    first: int
    last: int
    day: int
    month: int
    year: int | None
    weekday: int | None

    @property
    def exists(self) -> bool:
        """Tell whether there is such a day; the 29 February exists where no year says otherwise."""
        return self.day <= calendar.monthrange(self.year or 2000, self.month)[1]


def printed_dates(tokens: Tokens, language: str) -> Iterator[PrintedDate]:
    """Find the dates with a day and the name of a month, from left to right."""
    months, weekdays = _words(language, "months"), _words(language, "weekdays")
    folded = tokens.folded
    for at, word in enumerate(folded):
        if (month := months.get(word)) is None:
            continue
        around = _day_before(folded, at) or _day_behind(folded, at)
        if around is None:
            continue
        first, last, day = around
        year, end = _year(folded, last)
        weekday = next((weekdays[w] for w in reversed(folded[max(first - 2, 0) : first]) if w in weekdays), None)
        yield PrintedDate(first, end, day, month, year, weekday)


@cache
def _words(language: str, table: str) -> Mapping[str, int]:
    """Give the numbers of months or weekdays by their words; none in a language that the reader has no dates of."""
    if language not in lexicon.DATED:
        return {}
    listed = lexicon.load(language, "time").get(table, {})
    return {word.rstrip("."): int(number) for number, words in listed.items() for word in words}


def _day(word: str) -> int | None:
    return int(word) if len(word) <= 2 and word.isascii() and word.isdecimal() and 0 < int(word) <= 39 else None


def _day_before(folded: list[str], at: int) -> tuple[int, int, int] | None:
    for before in range(at - 1, max(at - 1 - _NEAR, -1), -1):
        if (day := _day(folded[before])) is not None:
            return before, at + 1, day
        if folded[before] not in _BETWEEN:
            return None
    return None


def _day_behind(folded: list[str], at: int) -> tuple[int, int, int] | None:
    behind = at + 2 if at + 1 < len(folded) and folded[at + 1] == "." else at + 1
    if behind < len(folded) and (day := _day(folded[behind])) is not None:
        return at, behind + 1, day
    return None


def _year(folded: list[str], last: int) -> tuple[int | None, int]:
    for at in range(last, min(last + _NEAR, len(folded))):
        word = folded[at]
        if len(word) == 4 and word.isascii() and word.isdecimal():
            return int(word), at + 1
        if word not in _BETWEEN:
            break
    return None, last
