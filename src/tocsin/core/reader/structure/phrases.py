"""Phrases of the lexicon, found in flattened text.

Most lines hold no phrase of most books, and are spared the search: the words of a line are cut once, and of a book only
the phrases are tried whose rarest word is among them. So the time does not grow with the lexicon.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from sys import intern
from typing import NamedTuple

from msgspec import Struct

from tocsin.core.reader.lines import flatten
from tocsin.core.reader.western import spaced

_WORD, _PIECE = re.compile(r"[^\W_]+"), re.compile(r"[^*]+\*?")
# Two beginnings of each word are known: a short one for words that go on, a long one that fewer words share.
_STEM, _LONG = 4, 7
_FEW, _SIGN = 6, 6
_REMEMBERED = 20_000
_REACH = 70
"""How many characters `…` in a phrase may stand for."""


class Hit(Struct, frozen=True, gc=False):
    """The phrase at `[start, end)` means `value`."""

    start: int
    end: int
    value: str


class _Part(Struct, frozen=True, gc=False):
    """Words that stand together; the last may go on where `is_open`, others may come before them where `is_apart`."""

    words: str
    is_open: bool
    is_apart: bool = True


class _Phrase(Struct, frozen=True):
    lead: str
    is_open: bool
    rest: tuple[_Part, ...]
    value: str

    def match(self, flat: str, start: int) -> int:
        """Give the end of the phrase at `start`, or -1."""
        return self._end(flat, start + len(self.lead)) if flat.startswith(self.lead, start) else -1

    def _end(self, flat: str, end: int) -> int:
        """Give the end of the phrase of which the first words end here, or -1."""
        end = _word_end(flat, end, is_open=self.is_open)
        for part in self.rest:
            if end < 0:
                return -1
            end = _find_part(flat, part, end) if part.is_apart else _follow_part(flat, part, end)
        return end

    def hits(self, flat: str) -> list[Hit]:
        """Find the phrase at the beginning of every word."""
        hits: list[Hit] = []
        lead, size = self.lead, len(self.lead)
        start = flat.find(lead)
        while start >= 0:
            if not (start and flat[start - 1].isalnum()) and (end := self._end(flat, start + size)) >= 0:
                hits.append(Hit(start, end, self.value))
            start = flat.find(lead, start + 1)
        return hits

    def needs(self) -> list[str]:
        """Give the beginnings of words that must stand in a text for the phrase to be there."""
        whole: list[str] = []
        for words, is_open in ((self.lead, self.is_open), *((part.words, part.is_open) for part in self.rest)):
            found = _WORD.findall(words)
            last = found.pop() if is_open else ""
            whole += [word[:_LONG] for word in found]
            if len(last) >= _STEM:
                whole.append(last[: _LONG if len(last) >= _LONG else _STEM])
        if not whole:
            raise ValueError(f"a phrase needs a whole word or {_STEM} letters of one: {self.lead!r}")
        return list(map(intern, whole))


_Ranked = tuple[int, int, frozenset[str], _Phrase]
"""A phrase with what it needs behind its rank: the longest first, of equal ones that which the lexicon has first."""


class _Index(NamedTuple):
    """The phrases taken apart so far by their rarest words, and the beginnings under which others wait.

    Never changed, but replaced by one that holds more; so a thread that looks meanwhile misses nothing.
    """

    by_stem: Mapping[str, tuple[_Ranked, ...]]
    waiting: frozenset[str]
    stems: frozenset[str]


class PhraseBook:
    """Phrases with their meanings.

    A phrase is written as it is printed, in any case and with its accents. `*` lets a word go on (`arrestation*
    arbitraire*`); `…` stands for up to 70 characters of other words. Phrases wait under the beginning of their first
    word, and are taken apart when a text holds that.
    """

    def __init__(self, table: Mapping[str, Iterable[str]]) -> None:
        each = [(flatten(phrase), value) for value, group in table.items() for phrase in group]
        self._signs = _signs(phrase for phrase, _ in each)
        self._leads: dict[str, list[tuple[int, str, str]]] = {}
        for number, (phrase, value) in enumerate(each):
            word = _first_word(phrase)
            if not word or (len(word) < _STEM and phrase.startswith("*", len(word))):
                raise ValueError(f"a phrase begins with a word, which is whole or has {_STEM} letters: {phrase!r}")
            self._leads.setdefault(word[:_STEM], []).append((number, phrase, value))
        self._taken: dict[str, list[_Ranked]] = {}
        waiting = frozenset(self._leads)
        self._index = _Index({}, waiting, waiting)

    def find(self, flat: str) -> list[Hit]:
        """Find all phrases; the longest at each word, from left to right, without overlap."""
        hits: list[Hit] = []
        free = 0
        for hit in self.find_overlapping(flat):
            if hit.start >= free:
                hits.append(hit)
                free = hit.end
        return hits

    def find_overlapping(self, flat: str) -> list[Hit]:
        """Find the phrases at every word, also inside others: a clause may ask for several things at once."""
        hits: list[Hit] = []
        for *_, phrase in self._possible(flat):
            hits += phrase.hits(flat)
        if len(hits) > 1:
            hits.sort(key=_START)
        return hits

    def first(self, flat: str) -> Hit | None:
        """Find the first phrase, of several at the same word the longest."""
        first: Hit | None = None
        for *_, phrase in self._possible(flat):
            hits = phrase.hits(flat)
            if hits and (first is None or hits[0].start < first.start):
                first = hits[0]
        return first

    def at(self, flat: str, start: int = 0) -> Hit | None:
        """Find the longest phrase that begins at `start`."""
        word = _WORD.match(flat, start)
        for *_, phrase in self._led_by(word[0][:_STEM]) if word else ():
            if (end := phrase.match(flat, start)) >= 0:
                return Hit(start, end, phrase.value)
        return None

    def _led_by(self, lead: str) -> list[_Ranked]:
        """Give the phrases of which the first word begins so, the longest first."""
        if lead not in self._taken and lead in self._leads:
            phrases = ((number, _phrase(phrase, value)) for number, phrase, value in self._leads[lead])
            ranked = [(-_length(phrase), number, frozenset(phrase.needs()), phrase) for number, phrase in phrases]
            self._taken[lead] = sorted(ranked)
        return self._taken.get(lead, [])

    def _with(self, index: _Index, leads: frozenset[str]) -> _Index:
        """Give an index that holds the phrases of some beginnings too."""
        by_stem = dict(index.by_stem)
        for lead in leads:
            ranked = self._led_by(lead)
            counts = Counter(chain.from_iterable(needed for _, _, needed, _ in ranked))
            for each in ranked:
                # A short word may be rare among the phrases ("of"), but it is in every text.
                rarest = min(each[2], key=lambda stem: (len(stem) < _STEM, counts[stem], stem == lead, stem))
                by_stem[rarest] = (*by_stem.get(rarest, ()), each)
        waiting = index.waiting - leads
        return _Index(by_stem, waiting, waiting.union(by_stem))

    def _possible(self, flat: str) -> list[_Ranked]:
        """Give the phrases whose words all begin like words that are there, the longest first."""
        for sign in self._signs:
            if sign in flat:
                break
        else:
            if self._signs:
                return []
        there = _stems(flat)
        index = self._index
        met = index.stems & there
        if not met:
            return []
        if not index.waiting.isdisjoint(met):
            index = self._index = self._with(index, index.waiting & met)
            met = index.stems & there
        found = map(index.by_stem.__getitem__, met)
        possible = [each for each in chain.from_iterable(found) if each[2] <= there and each[3].lead in flat]
        possible.sort()
        return possible


_START = attrgetter("start")


class _Stems(dict[str, tuple[str, ...]]):
    """The beginnings of the words between two spaces, each cut once; equal ones are one object, found the faster."""

    def __missing__(self, printed: str) -> tuple[str, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        words = spaced(printed).split()
        stems = self[printed] = tuple(intern(stem) for word in words for stem in {word[:_STEM], word[:_LONG]})
        return stems


_STEMS = _Stems()


@lru_cache(maxsize=32)
def _stems(flat: str) -> frozenset[str]:
    """Cut a text into words, once for all the books that it is asked for with."""
    return frozenset(chain.from_iterable(map(_STEMS.__getitem__, flat.split(" "))))


def _signs(phrases: Iterable[str]) -> tuple[str, ...]:
    """Give beginnings of a few long words or years of which every phrase holds one, to look for before words are cut.

    None where it takes many.
    """
    left: list[set[str]] = []
    for phrase in phrases:
        long = {word[:_SIGN] for word in _WORD.findall(phrase) if len(word) >= _SIGN or word.isdecimal()}
        if not long:
            return ()
        left.append(long)
    signs: list[str] = []
    while left and len(signs) < _FEW:
        counts = Counter(chain.from_iterable(left))
        signs.append(max(counts, key=lambda word: counts[word]))
        left = [words for words in left if signs[-1] not in words]
    return () if left else tuple(signs)


def _phrase(flat: str, value: str) -> _Phrase:
    first, *rest = _parts(flat)
    return _Phrase(first.words, first.is_open, tuple(rest), value)


def _first_word(words: str) -> str:
    word = _WORD.match(words)
    return word[0] if word else ""


def _parts(phrase: str) -> Iterator[_Part]:
    for stretch in phrase.split("…"):
        for number, piece in enumerate(_PIECE.findall(stretch.strip())):
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
