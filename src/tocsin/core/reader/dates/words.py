"""The temporal words of one language, ready for looking up."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tocsin.core.reader import lexicon
from tocsin.core.reader.tokens import Phrases, Tokens, fold

PhraseTable = Mapping[tuple[str, ...], str]


@dataclass(frozen=True)
class TimeWords:
    """What `lexicon/<language>/time.toml` says, cut into words.

    `anchors` finds the phrases that are temporal by themselves, `single` holds the words of one. The tables are looked
    up beside an anchor only, for their words ("on", "to", "after") are too common to search for.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, str]
    operators: PhraseTable
    lead_in: PhraseTable
    lead_words: frozenset[str]
    joints: frozenset[tuple[str, ...]]
    shifts: PhraseTable
    thirds: PhraseTable
    halves: PhraseTable
    clock: Mapping[str, PhraseTable]
    planned: frozenset[str]
    single: frozenset[str]
    anchors: Phrases


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
    months, weekdays, numbers = (_single(table, name) for name in ("months", "weekdays", "numbers"))
    units = {fold(word): unit for unit, words in table.get("units", {}).items() for word in words}
    before = _phrases({name: operators.get(name, []) for name in ("since", "until", "before", "after", "between")})
    lead_in = _phrases({name: operators.get(name, []) for name in ("on", "about", "night_of")})
    return TimeWords(
        months=months,
        weekdays=weekdays,
        numbers=numbers,
        units=units,
        operators=before,
        lead_in=lead_in,
        lead_words=frozenset(phrase[-1] for phrase in (*before, *lead_in)),
        joints=frozenset(_phrases({"to": operators.get("to", [])})),
        shifts=_phrases({name: operators.get(name, []) for name in ("later", "earlier")}),
        thirds=_phrases(table.get("thirds", {})),
        halves=_phrases(table.get("half", {})),
        clock={name: _phrases({name: group}) for name, group in table.get("clock_words", {}).items()},
        single=frozenset((*months, *weekdays, *numbers, *units)),
        planned=frozenset(fold(noun) for noun in table.get("planned", {}).get("nouns", [])),
        anchors=Phrases(phrases),
    )


def temporal_words(tokens: Tokens, words: TimeWords) -> list[tuple[int, str]]:
    """Give the numbers and the single words of time with their places: few, so that the rest asks these alone."""
    single = words.single
    return [(at, word) for at, word in enumerate(tokens.folded) if word in single or word[0].isdecimal()]


def match_before(tokens: Tokens, at: int, table: PhraseTable, low: int = 0) -> tuple[int, str] | None:
    """Find the longest phrase of `table` that ends just before word `at`; give its first word and its value."""
    folded = tokens.folded
    for first in range(max(low, at - 5), at):
        if (value := table.get(tuple(folded[first:at]))) is not None:
            return first, value
    return None


def match_after(tokens: Tokens, at: int, table: PhraseTable) -> tuple[int, str] | None:
    """Find the longest phrase of `table` that starts at word `at`; give the word behind it and its value."""
    folded = tokens.folded
    for last in range(min(len(folded), at + 5), at, -1):
        if (value := table.get(tuple(folded[at:last]))) is not None:
            return last, value
    return None


def _single(table: Mapping[str, Mapping[str, list[str]]], name: str) -> dict[str, int]:
    """Map one-word entries to their number; "sept." and "sept" are one word."""
    return {Tokens(word).folded[0]: int(number) for number, words in table.get(name, {}).items() for word in words}


def _phrases(groups: Mapping[str, list[str]]) -> dict[tuple[str, ...], str]:
    return {tuple(Tokens(phrase).folded): value for value, group in groups.items() for phrase in group}
