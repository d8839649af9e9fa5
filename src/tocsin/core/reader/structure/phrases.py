"""Phrases of the lexicon, found in flattened text: one dictionary look-up a word, however large the lexicon grows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
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


class _Part(NamedTuple):
    """Words that stand together; the last may go on where `is_open`, others may come before them where `is_apart`."""

    words: str
    is_open: bool
    is_apart: bool = True


class _Phrase(NamedTuple):
    lead: str
    is_open: bool
    rest: tuple[_Part, ...]
    value: str

    def match(self, flat: str, start: int) -> int:
        """Give the end of the phrase at `start`, or -1."""
        if not flat.startswith(self.lead, start):
            return -1
        end = _word_end(flat, start + len(self.lead), is_open=self.is_open)
        for part in self.rest:
            if end < 0:
                return -1
            end = _find_part(flat, part, end) if part.is_apart else _follow_part(flat, part, end)
        return end


class PhraseBook:
    """Phrases with their meanings.

    A phrase is written as it is printed, in any case and with its accents. `*` lets a word go on (`arrestation*
    arbitraire*`); `…` stands for up to 70 characters of other words.
    """

    def __init__(self, table: Mapping[str, Iterable[str]]) -> None:
        self._by_stem: dict[str, list[_Phrase]] = {}
        for value, phrases in table.items():
            for phrase in phrases:
                first, *rest = _parts(flatten(phrase))
                word = _WORD.match(first.words)
                if word is None:
                    raise ValueError(f"a phrase begins with a word: {phrase!r}")
                entry = _Phrase(first.words, first.is_open, tuple(rest), value)
                self._by_stem.setdefault(word[0][:_STEM], []).append(entry)
        for same in self._by_stem.values():
            same.sort(key=_length, reverse=True)

    def find(self, flat: str) -> list[Hit]:
        """Find all phrases; the longest at each word, from left to right, without overlap."""
        hits: list[Hit] = []
        free = 0
        for start, stem in self._beginnings(flat):
            if start >= free and (hit := _longest(self._by_stem[stem], flat, start)):
                hits.append(hit)
                free = hit.end
        return hits

    def find_overlapping(self, flat: str) -> list[Hit]:
        """Find the phrases at every word, also inside others: a clause may ask for several things at once."""
        return [
            Hit(start, end, phrase.value)
            for start, stem in self._beginnings(flat)
            for phrase in self._by_stem[stem]
            if (end := phrase.match(flat, start)) >= 0
        ]

    def first(self, flat: str) -> Hit | None:
        """Find the first phrase."""
        for start, stem in self._beginnings(flat):
            if hit := _longest(self._by_stem[stem], flat, start):
                return hit
        return None

    def at(self, flat: str, start: int = 0) -> Hit | None:
        """Find the longest phrase that begins at `start`."""
        word = _WORD.match(flat, start)
        return _longest(self._by_stem.get(word[0][:_STEM], ()), flat, start) if word else None

    def _beginnings(self, flat: str) -> list[tuple[int, str]]:
        """Give the places of the words that begin like a phrase, in order; most lines have none for most books."""
        places = _places_by_stem(flat)
        return sorted([(at, stem) for stem in self._by_stem.keys() & places.keys() for at in places[stem]])


@lru_cache(maxsize=8)
def _places_by_stem(flat: str) -> dict[str, list[int]]:
    """Cut a text into words, once for all the books that it is asked for with."""
    places: dict[str, list[int]] = {}
    for word in _WORD.finditer(flat):
        places.setdefault(word[0][:_STEM], []).append(word.start())
    return places


def _longest(candidates: Iterable[_Phrase], flat: str, start: int) -> Hit | None:
    for phrase in candidates:
        end = phrase.match(flat, start)
        if end >= 0:
            return Hit(start, end, phrase.value)
    return None


def _parts(phrase: str) -> Iterator[_Part]:
    for stretch in phrase.split("…"):
        pieces = re.findall(r"[^*]+\*?", stretch.strip())
        for number, piece in enumerate(pieces):
            yield _Part(piece.rstrip("*"), piece.endswith("*"), number == 0)


def _length(phrase: _Phrase) -> int:
    return len(phrase.lead) + sum(len(part.words) for part in phrase.rest)


def _word_end(flat: str, end: int, *, is_open: bool) -> int:
    """Give where the word at `end` ends: there, further on where it may go on, or -1 where it goes on and must not."""
    if not flat[end : end + 1].isalnum() or not flat[end - 1].isalnum():
        return end
    if not is_open:
        return -1
    while flat[end : end + 1].isalnum():
        end += 1
    return end


def _follow_part(flat: str, part: _Part, start: int) -> int:
    """Give the end of a part that stands right at `start`, or -1."""
    if not flat.startswith(part.words, start):
        return -1
    return _word_end(flat, start + len(part.words), is_open=part.is_open)


def _find_part(flat: str, part: _Part, start: int) -> int:
    """Find a part within reach after `start`, at the beginning of a word; give its end or -1."""
    limit = start + _REACH + len(part.words)
    at = flat.find(part.words, start, limit)
    while at >= 0:
        if not flat[at - 1].isalnum() or not part.words[0].isalnum():
            end = _word_end(flat, at + len(part.words), is_open=part.is_open)
            if end >= 0:
                return end
        at = flat.find(part.words, at + 1, limit)
    return -1
