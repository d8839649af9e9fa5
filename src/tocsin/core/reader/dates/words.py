"""The temporal words of one language, ready for looking up."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tocsin.core.reader import lexicon
from tocsin.core.reader.tokens import Phrases, Tokens

PhraseTable = Mapping[tuple[str, ...], str]


@dataclass(frozen=True)
class TimeWords:
    """What `lexicon/<language>/time.toml` says, cut into words."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, str]
    operators: Mapping[str, PhraseTable]
    thirds: PhraseTable
    anchors: Phrases


@cache
def time_words(language: str) -> TimeWords:
    """Load the words of a language; an unknown language has none."""
    table = lexicon.load(language, "time") if language in lexicon.LANGUAGES else {}
    phrases = [
        (phrase, kind, value)
        for kind in ("relative_part", "relative", "clock", "parts", "vague")
        for value, group in table.get(kind, {}).items()
        for phrase in group
    ]
    return TimeWords(
        months=_single(table, "months"),
        weekdays=_single(table, "weekdays"),
        numbers=_single(table, "numbers"),
        units={Tokens(word).folded[0]: unit for unit, words in table.get("units", {}).items() for word in words},
        operators={name: _phrases({name: group}) for name, group in table.get("operators", {}).items()},
        thirds=_phrases(table.get("thirds", {})),
        anchors=Phrases(phrases),
    )


def match_before(tokens: Tokens, at: int, table: PhraseTable) -> tuple[int, str] | None:
    """Find the longest phrase of `table` that ends just before word `at`; give its first word and its value."""
    return next(
        (
            (first, table[words])
            for first in range(max(0, at - 6), at)
            if (words := tuple(tokens.folded[first:at])) in table
        ),
        None,
    )


def match_after(tokens: Tokens, at: int, table: PhraseTable) -> tuple[int, str] | None:
    """Find the longest phrase of `table` that starts at word `at`; give the word behind it and its value."""
    return next(
        (
            (last, table[words])
            for last in range(min(len(tokens), at + 6), at, -1)
            if (words := tuple(tokens.folded[at:last])) in table
        ),
        None,
    )


def _single(table: Mapping[str, Mapping[str, list[str]]], name: str) -> dict[str, int]:
    """Map one-word entries to their number; "sept." and "sept" are one word."""
    return {Tokens(word).folded[0]: int(number) for number, words in table.get(name, {}).items() for word in words}


def _phrases(groups: Mapping[str, list[str]]) -> dict[tuple[str, ...], str]:
    return {tuple(Tokens(phrase).folded): value for value, group in groups.items() for phrase in group}
