"""Phrases of the lexicon, found in flattened text: one dictionary look-up a word, however large the lexicon grows."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tocsin.core.reader.lines import flatten

_WORD = re.compile(r"\w+")
_STEM = 4
_REACH = 70
"""How many characters `…` in a phrase may stand for."""


class Hit(NamedTuple):
    """The phrase at `[start, end)` means `value`."""

    start: int
    end: int
    value: str


class _Phrase(NamedTuple):
    parts: tuple[str, ...]
    value: str

    def match(self, flat: str, start: int) -> int:
        """Give the end of the phrase at `start`, or -1."""
        end = _part_end(flat, self.parts[0], start) if flat.startswith(self.parts[0].rstrip("*"), start) else -1
        for part in self.parts[1:]:
            if end < 0:
                return -1
            end = _find_part(flat, part, end)
        return end


class PhraseBook:
    """Phrases with their meanings.

    A phrase is written as it is printed, in any case and with its accents. `*` at the end of a part lets the last word
    go on (`harass*`); `…` stands for up to 70 characters of other words.
    """

    def __init__(self, table: Mapping[str, Iterable[str]]) -> None:
        self._by_stem: dict[str, list[_Phrase]] = {}
        for value, phrases in table.items():
            for phrase in phrases:
                parts = tuple(part.strip() for part in flatten(phrase).split("…"))
                word = _WORD.match(parts[0])
                if word is None:
                    raise ValueError(f"a phrase begins with a word: {phrase!r}")
                self._by_stem.setdefault(word[0][:_STEM], []).append(_Phrase(parts, value))
        for same in self._by_stem.values():
            same.sort(key=lambda phrase: -sum(map(len, phrase.parts)))

    def find(self, flat: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """Find all phrases; the longest at each word, from left to right, without overlap."""
        hits: list[Hit] = []
        free, lookup = start, self._by_stem.get
        for word in _WORD.finditer(flat, start, len(flat) if end is None else end):
            candidates = lookup(word[0][:_STEM]) if word.start() >= free else None
            if candidates and (hit := _longest(candidates, flat, word.start())):
                hits.append(hit)
                free = hit.end
        return hits

    def find_overlapping(self, flat: str) -> list[Hit]:
        """Find the phrases at every word, also inside others: a clause may ask for several things at once."""
        hits: list[Hit] = []
        lookup = self._by_stem.get
        for word in _WORD.finditer(flat):
            for phrase in lookup(word[0][:_STEM]) or ():
                end = phrase.match(flat, word.start())
                if end >= 0:
                    hits.append(Hit(word.start(), end, phrase.value))
        return hits

    def first(self, flat: str) -> Hit | None:
        """Find the first phrase."""
        for word in _WORD.finditer(flat):
            candidates = self._by_stem.get(word[0][:_STEM])
            if candidates and (hit := _longest(candidates, flat, word.start())):
                return hit
        return None

    def at(self, flat: str, start: int = 0) -> Hit | None:
        """Find the longest phrase that begins at `start`."""
        word = _WORD.match(flat, start)
        return _longest(self._by_stem.get(word[0][:_STEM], ()), flat, start) if word else None


def _longest(candidates: Iterable[_Phrase], flat: str, start: int) -> Hit | None:
    for phrase in candidates:
        end = phrase.match(flat, start)
        if end >= 0:
            return Hit(start, end, phrase.value)
    return None


def _part_end(flat: str, part: str, start: int) -> int:
    """Give the end of a part that stands at `start`, or -1 where the last word goes on and must not."""
    end = start + len(part)
    if part.endswith("*"):
        end -= 1
        while end < len(flat) and flat[end].isalnum():
            end += 1
        return end
    return -1 if end < len(flat) and flat[end].isalnum() and part[-1].isalnum() else end


def _find_part(flat: str, part: str, start: int) -> int:
    """Find a part within reach after `start`, at the beginning of a word; give its end or -1."""
    literal = part.rstrip("*")
    at = flat.find(literal, start, start + _REACH + len(literal))
    while at >= 0:
        if not flat[at - 1].isalnum() or not literal[0].isalnum():
            end = _part_end(flat, part, at)
            if end >= 0:
                return end
        at = flat.find(literal, at + 1, start + _REACH + len(literal))
    return -1
