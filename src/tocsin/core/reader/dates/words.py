"""The temporal words of one language, ready for looking up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from tocsin.core.reader import lexicon
from tocsin.core.reader.tokens import Phrases, Tokens, fold

_LONGEST = 5  # words
_SIGNS_BETWEEN = frozenset("-–—/&")


class PhraseTable:
    """Phrases that are looked up beside an anchor, with their meanings; most places are ruled out by one word."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._meanings = {
            tuple(Tokens(phrase).folded): value for value, phrases in groups.items() for phrase in phrases
        }
        self._first_words = frozenset(phrase[0] for phrase in self._meanings)
        self.last_words = frozenset(phrase[-1] for phrase in self._meanings)

    def before(self, tokens: Tokens, at: int, low: int = 0) -> tuple[int, str] | None:
        """Find the longest phrase that ends just before word `at`; give its first word and its meaning."""
        folded = tokens.folded
        if at <= low or folded[at - 1] not in self.last_words:
            return None
        for first in range(max(low, at - _LONGEST), at):
            if (value := self._meanings.get(tuple(folded[first:at]))) is not None:
                return first, value
        return None

    def after(self, tokens: Tokens, at: int) -> tuple[int, str] | None:
        """Find the longest phrase that starts at word `at`; give the word behind it and its meaning."""
        folded = tokens.folded
        if at >= len(folded) or folded[at] not in self._first_words:
            return None
        for last in range(min(len(folded), at + _LONGEST), at, -1):
            if (value := self._meanings.get(tuple(folded[at:last]))) is not None:
                return last, value
        return None


@dataclass(frozen=True)
class TimeWords:
    """What `lexicon/<language>/time.toml` says, cut into words.

    `anchors` finds the phrases that are temporal by themselves, `single` holds the words of one. The tables are looked
    up beside an anchor only, for their words ("on", "to", "after") are too common to search for.
    """

    months: Mapping[str, int | None]
    second_words: Mapping[tuple[str, str], int]
    weekdays: Mapping[str, int]
    short_weekdays: frozenset[str]
    before_day: frozenset[str]
    numbers: Mapping[str, int]
    units: Mapping[str, str]
    operators: PhraseTable
    lead_in: PhraseTable
    lead_words: frozenset[str]
    recurring: PhraseTable
    shifts: PhraseTable
    thirds: PhraseTable
    halves: PhraseTable
    before_hour: PhraseTable
    before_dotted: PhraseTable
    ahead: PhraseTable
    ago: frozenset[str]
    amounts: frozenset[str]
    hours: PhraseTable
    half_days: PhraseTable
    planned: frozenset[str]
    latest: frozenset[str]
    of: frozenset[str]
    to: frozenset[str]
    of_year: frozenset[str]
    behind_year: frozenset[str]
    joining: frozenset[str]
    before_month: frozenset[str]
    before_year: frozenset[str]
    single: frozenset[str]
    anchors: Phrases

    def month_at(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Give the month that begins at a word, and the word behind it."""
        folded = tokens.folded
        word = folded[at]
        if word not in self.months:
            return None
        if at + 1 < len(folded) and (month := self.second_words.get((word, folded[at + 1]))) is not None:
            return month, at + 2
        month = self.months[word]
        return None if month is None else (month, at + 1)


@cache
def time_words(language: str) -> TimeWords:
    """Load the words of a language; an unknown language has none."""
    table = lexicon.load(language, "time") if language in lexicon.DATED else {}
    operators = table.get("operators", {})
    phrases = [
        (phrase, kind, value)
        for kind in ("today", "relative_part", "relative", "clock", "parts", "vague")
        for value, group in table.get(kind, {}).items()
        for phrase in group
    ]
    weekdays, numbers = (_single(table, name) for name in ("weekdays", "numbers"))
    months, second_words = _months(table)
    units = {fold(word): unit for unit, words in table.get("units", {}).items() for word in words}
    before = PhraseTable({name: operators.get(name, []) for name in ("since", "until", "before", "after", "between")})
    lead_in = PhraseTable({name: operators.get(name, []) for name in ("on", "about", "night_of")})
    clock, inside, alone = (table.get(name, {}) for name in ("clock_words", "inside", "alone"))
    return TimeWords(
        months=months,
        second_words=second_words,
        weekdays=weekdays,
        short_weekdays=frozenset(map(fold, table.get("short_weekdays", {}).get("words", []))),
        before_day=frozenset(map(fold, operators.get("before_day", []))),
        numbers=numbers,
        units=units,
        operators=before,
        lead_in=lead_in,
        lead_words=before.last_words | lead_in.last_words,
        recurring=PhraseTable({"recurring": operators.get("recurring", [])}),
        shifts=PhraseTable({name: operators.get(name, []) for name in ("later", "earlier")}),
        thirds=PhraseTable(table.get("thirds", {})),
        halves=PhraseTable(table.get("half", {})),
        before_hour=PhraseTable({"before_hour": clock.get("before_hour", [])}),
        before_dotted=PhraseTable({"before_dotted": clock.get("before_dotted", [])}),
        ahead=PhraseTable({name: operators.get(f"ahead_{name}", []) for name in ("later", "earlier")}),
        ago=frozenset(map(fold, operators.get("ago", []))),
        amounts=frozenset(map(fold, clock.get("amounts", []))),
        hours=PhraseTable({"hours": clock.get("hours", [])}),
        half_days=PhraseTable({half: clock.get(half, []) for half in ("am", "pm")}),
        single=frozenset((*months, *weekdays, *numbers, *units)),
        latest=frozenset(map(fold, operators.get("latest", []))),
        planned=frozenset(fold(noun) for noun in table.get("planned", {}).get("nouns", [])),
        of=frozenset((",", *map(fold, inside.get("of", [])))),
        to=_SIGNS_BETWEEN | frozenset(map(fold, inside.get("to", []))),
        of_year=frozenset((",", *map(fold, inside.get("of_year", [])))),
        behind_year=frozenset(map(fold, inside.get("behind_year", []))),
        joining=frozenset((",", "(", ")", *map(fold, inside.get("joining", [])))),
        before_month=frozenset(map(fold, alone.get("month", []))),
        before_year=frozenset(map(fold, alone.get("year", []))),
        anchors=Phrases(phrases),
    )


def temporal_words(tokens: Tokens, words: TimeWords) -> list[int]:
    """Give the places of the numbers and the single words of time: few, so that the rest asks these alone."""
    single = words.single
    return [at for at, word in enumerate(tokens.folded) if word in single or word[0].isdecimal()]


def _months(table: Mapping[str, Mapping[str, list[str]]]) -> tuple[dict[str, int | None], dict[tuple[str, str], int]]:
    """Map months of one word to their number, and those of two, as "تشرين الأول", whose first word alone is none."""
    one: dict[str, int | None] = {}
    two: dict[tuple[str, str], int] = {}
    for number, names in table.get("months", {}).items():
        for first, *more in (Tokens(name).folded for name in names):
            if more and more[0].isalpha():
                one.setdefault(first, None)
                two[first, more[0]] = int(number)
            else:
                one[first] = int(number)
    return one, two


def _single(table: Mapping[str, Mapping[str, list[str]]], name: str) -> dict[str, int]:
    """Map one-word entries to their number; "sept." and "sept" are one word."""
    return {Tokens(word).folded[0]: int(number) for number, words in table.get(name, {}).items() for word in words}
