"""Words of a text with their places, and phrases of a lexicon found among them in one pass.

The reader's speed rests here: a text is cut once, and each word costs one dictionary look-up, however large the
lexicon grows. What is found is kept in records of msgspec, which are made and asked without a function in Python.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import accumulate, chain, compress, count
from operator import attrgetter
from sys import intern
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from msgspec import Struct

# Letters and digits are separate words ("January10", "29th", "9h30"), an elided article is its own word ("l’" + "ONG",
# "d’" + "Amal"), and so is the English genitive ("Marosh" + "’s"); a number keeps its inner point or colon ("15:30",
# "26.07.17"). Initials keep their points ("H.E.", "p.m."). The first three lines take most words and ask once for each
# space; they are there for speed alone.
_WORD = re.compile(
    r"([A-Za-z]{2,}+(?![\w'’\-‐‑])|[,.:;]|(?=\S)(?:"
    r"[^\W\d_]{2,}+(?!['’\-‐‑])"
    r"|(?:[A-Za-z]\.){2,}"
    r"|(?:\b(?:[lLdDnNsScCjJmMtT]|[qQ]u|[jJ]usqu|[lL]orsqu|[pP]uisqu)['’](?=[\w\s«“\"]|$))"
    r"|['’]s\b"
    r"|[^\W\d_]+(?:['’\-‐‑](?!s\b)(?=[^\W\d_])[^\W\d_]+)*"
    r"|\d+(?:[.:]\d+)*"
    r"|[^\w\s]|_))"
)


_REMEMBERED = 20_000


@lru_cache(maxsize=_REMEMBERED)
def fold(word: str) -> str:
    """Give the form under which a word is looked up: lower case, no accents, straight apostrophe.

    Equal forms are one object, so that a look-up need not compare their letters.
    """
    plain = word.lower()
    if plain.isascii():
        return intern(plain)
    plain = plain.replace("’", "'").replace("‑", "-").replace("‐", "-")
    if not plain.isascii():
        # A combining mark that stands alone is kept: no word folds to nothing.
        bare = [mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark)]
        plain = "".join(bare) or plain
    return intern(plain)


_Piece = tuple[Any, ...]
"""The words of a stretch without a space.

Each is three entries, which are put together faster than one that holds three: the word, its folded form (the same
object where folding leaves it as it is), and its length with the gap behind it.
"""


class _Pieces(dict[str, _Piece | None]):
    """What has been cut; a dictionary, which `map` asks without a call in Python."""

    def __missing__(self, printed: str) -> _Piece | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        piece = self[printed] = _cut(printed)
        return piece


_PIECES = _Pieces()


def _cut(printed: str) -> _Piece | None:
    """Cut what stands between two spaces, of which the gap behind the last word is one; `None` where white space is."""
    pieces = _WORD.split(printed)
    words = pieces[1::2]
    if not words or any(pieces[::2]):
        return None
    piece: list[Any] = []
    for word in words:
        plain = fold(word)
        piece += (word, word if plain == word else plain, len(word))
    piece[-1] += 1
    return tuple(piece)


class Tokens:
    """The words of `text[start:end]`; places are offsets into the whole `text`."""

    __slots__ = ("count", "folded", "starts", "text", "words")

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text
        stretch = text[start:end]
        # No word holds a space, and none depends on what stands beyond one; most pieces between two were cut before.
        pieces = list(map(_PIECES.__getitem__, stretch.split(" ")))
        if not all(pieces):
            self._cut_whole(stretch, start)
            return
        entries: list[Any] = list(chain.from_iterable(pieces))  # type: ignore[arg-type]  # none is `None`
        self.words: list[str] = entries[::3]
        self.folded: list[str] = entries[1::3]
        self.starts: list[int] = list(accumulate(entries[2::3], initial=start))
        del self.starts[-1]
        self.count = len(self.words)

    def _cut_whole(self, stretch: str, start: int) -> None:
        """Cut a stretch with white space of other kinds, or a space at its ends or beside another."""
        # Gaps and words by turns; cut in one call, since a match object for each word would cost more than its match.
        pieces = _WORD.split(stretch)
        places = list(accumulate(map(len, pieces), initial=start))
        self.words = pieces[1::2]
        self.folded = list(map(fold, self.words))
        self.starts = places[1:-1:2]
        self.count = len(self.words)

    def __len__(self) -> int:
        return self.count

    def slice(self, first: int, last: int) -> str:
        """Give the printed text of the words `first` to `last`, the last not included."""
        starts = self.starts
        return self.text[starts[first] : starts[last - 1] + len(self.words[last - 1])] if last > first else ""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Give the place of the words `first` to `last`, the last not included."""
        return (self.starts[first], self.starts[last - 1] + len(self.words[last - 1]))

    def end(self, at: int) -> int:
        """Give the place where word `at` ends."""
        return self.starts[at] + len(self.words[at])


def folded_words(phrase: str) -> tuple[str, ...]:
    """Give the folded words of a phrase; most of the lexicon is letters and single spaces, and needs no cutting."""
    pieces = phrase.split(" ")
    return tuple(map(fold, pieces) if all(map(str.isalpha, pieces)) else Tokens(phrase).folded)


def first_word(phrase: str) -> str:
    """Give the first of the folded words of a phrase; nothing where there is none."""
    first = phrase.partition(" ")[0]
    if first.isalpha():
        return fold(first)
    words = folded_words(phrase)
    return words[0] if words else ""


class Hit(Struct, frozen=True, gc=False):
    """Words `first` to `last` (not included) are a phrase of the lexicon.

    `kind` says which sort of phrase, `value` what it means.
    """

    first: int
    last: int
    kind: str
    value: str


class _Beginning(Protocol):
    """What begins at a word."""

    @property
    def first(self) -> int: ...


_Placed = TypeVar("_Placed", bound=_Beginning)
_FIRST = attrgetter("first")


def within(items: Sequence[_Placed], first: int, last: int) -> Sequence[_Placed]:
    """Give the hits or other findings that begin among the words `first` to `last` (not included); all are in order."""
    if not items or items[0].first >= last or items[-1].first < first:
        return ()
    begin = bisect_left(items, first, key=_FIRST)
    return items[begin : bisect_left(items, last, begin, key=_FIRST)]


_Meanings = tuple[tuple[str, str], ...]
"""The kinds of a phrase, each with its value."""


class Phrases:
    """A set of phrases; the longest wins, may be of several kinds, and hides those inside it.

    They wait under their first words, and are cut when a text holds that: it holds few of the words of a lexicon.
    """

    def __init__(self, phrases: Iterable[tuple[str, str, str | None]]) -> None:
        """Build from `(phrase, kind, value)`; of two values for one kind the first stays.

        A phrase without a value means its own folded words.
        """
        waiting: dict[str, list[tuple[str, str, str | None]]] = {}
        for each in phrases:
            if (first := first_word(each[0])) in waiting:
                waiting[first].append(each)
            elif first:
                waiting[first] = [each]
        self._waiting = waiting
        self.first_words: AbstractSet[str] = frozenset(waiting)  # a set, which is compared with another the fastest
        """The words with which a phrase begins."""
        self._begun: dict[str, tuple[dict[tuple[str, ...], _Meanings], list[int]]] = {}

    def beginning_with(self, word: str) -> tuple[dict[tuple[str, ...], _Meanings], list[int]]:
        """Give the phrases that begin with one of `first_words`, and the numbers of their words, the longest first."""
        begun = self._begun.get(word)
        if begun is None:
            meanings: dict[tuple[str, ...], dict[str, str]] = {}
            for phrase, kind, value in self._waiting[word]:
                words = folded_words(phrase)
                meanings.setdefault(words, {}).setdefault(kind, " ".join(words) if value is None else value)
            lengths = sorted({len(words) for words in meanings}, reverse=True)
            begun = self._begun[word] = {words: tuple(kinds.items()) for words, kinds in meanings.items()}, lengths
        return begun

    def may_begin_in(self, words: AbstractSet[str]) -> bool:
        """Tell whether a phrase begins with one of some words; a cheap question before a search."""
        return not self.first_words.isdisjoint(words)

    def find(self, tokens: Tokens, start: int = 0, end: int | None = None) -> list[Hit]:
        """Find all phrases that begin among the words `start` to `end`, from left to right, without overlap."""
        folded = tokens.folded
        hits: list[Hit] = []
        free = start
        for first in compress(count(start), map(self.first_words.__contains__, folded[start:end])):
            if first < free:
                continue
            meanings, lengths = self.beginning_with(folded[first])
            for length in lengths:
                words = tuple(folded[first : first + length])
                found = meanings.get(words)
                if found is not None:
                    free = first + len(words)
                    hits += [Hit(first, free, kind, value) for kind, value in found]
                    break
        return hits


class _Node:
    """A word in the tree of all phrases while it grows: the words that may follow, and what ends here.

    `found` holds the longest phrase of each set on the way here: the number of the set, how many words, its meanings;
    `marked` the numbers of the sets of single words that hold it.
    """

    __slots__ = ("following", "found", "marked")

    def __init__(self, found: "_Found" = (), marked: tuple[int, ...] = ()) -> None:
        self.following: dict[str, _Node] = {}
        self.found, self.marked = found, marked

    def grow(self, words: Sequence[str]) -> "_Node":
        """Give the node of a phrase; it grows where there is none."""
        node = self
        for word in words:
            following = node.following.get(word)
            if following is None:
                following = node.following[word] = _Node(node.found, node.marked)
            node = following
        return node

    def grown(self) -> "_Begun":
        """Give the node as it is looked up: a tuple is taken apart faster than a node is asked thrice."""
        following = {word: node.grown() for word, node in self.following.items()} if self.following else None
        return following, self.found, self.marked


_Found = tuple[tuple[int, int, _Meanings], ...]
_Begun = tuple[dict[str, Any] | None, _Found, tuple[int, ...]]
"""What may follow a word, each with its own, what ends with it, and the sets of single words that it is in."""


class _Beginnings(dict[str, _Begun | None]):
    """What each word begins, grown when it is met first."""

    def __init__(
        self, families: Sequence[Phrases], marked: Mapping[str, tuple[int, ...]], number: _Begun | None
    ) -> None:
        super().__init__()
        self._families, self._marked, self._number = families, marked, number
        self._known = frozenset(marked).union(*(each.first_words for each in families))

    def __missing__(self, word: str) -> _Begun | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        nothing = self._number if word[0].isdecimal() else None
        begun = self[word] = self._grown(word) if word in self._known else nothing
        return begun

    def _grown(self, word: str) -> _Begun:
        phrases = [
            (len(words), number, words, meanings)
            for number, family in enumerate(self._families)
            if word in family.first_words
            for words, meanings in family.beginning_with(word)[0].items()
        ]
        root = _Node((), self._marked.get(word, ()))
        # The shorter come first, so that a longer one grows from nodes that are complete.
        for length, number, words, meanings in sorted(phrases):
            node = root.grow(words[1:])
            node.found = (*(found for found in node.found if found[0] != number), (number, length, meanings))
        return root.grown()


class Families:
    """Several sets of phrases, found in one pass; phrases of one set do not hide those of another.

    Args:
        families: The sets by their names.
        words: Sets of single words of which the places are asked alone, by their names.
        numbers: Names of those of them that hold each number too.
    """

    def __init__(
        self,
        families: Mapping[str, Phrases],
        words: Mapping[str, Collection[str]] = MappingProxyType({}),
        numbers: Collection[str] = (),
    ) -> None:
        self._names, self._of_words = tuple(families), tuple(words)
        marked: dict[str, tuple[int, ...]] = {}
        for number, those in enumerate(words.values()):
            for word in those:
                marked[word] = (*marked.get(word, ()), number)
        of_number = tuple(map(self._of_words.index, numbers))
        self._beginnings = _Beginnings(tuple(families.values()), marked, (None, (), of_number) if numbers else None)

    def find(self, tokens: Tokens) -> dict[str, list[Hit]]:
        """Find the phrases of each set from left to right, without overlap, by the name of the set."""
        return self.scan(tokens)[0]

    def scan(self, tokens: Tokens) -> tuple[dict[str, list[Hit]], dict[str, list[int]]]:
        """Find the phrases of each set, and the places of the single words of each set."""
        folded, ahead = tokens.folded, [*tokens.folded[1:], "", ""]
        hits: list[list[Hit]] = [[] for _ in self._names]
        places: list[list[int]] = [[] for _ in self._of_words]
        free = [0] * len(hits)
        begun: list[Any] = list(map(self._beginnings.__getitem__, folded))
        for first, begins in compress(enumerate(begun), begun):
            following, found, marked = begins
            last = first
            while following and ahead[last] in following:
                following, found, marked = following[ahead[last]]
                last += 1
            if marked:
                for number in marked:
                    places[number].append(first)
            if not found:
                continue
            for number, length, meanings in found:
                if first >= free[number]:
                    free[number] = last = first + length
                    for kind, value in meanings:
                        hits[number].append(Hit(first, last, kind, value))
        return dict(zip(self._names, hits, strict=True)), dict(zip(self._of_words, places, strict=True))
