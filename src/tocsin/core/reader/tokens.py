"""Words of a text with their places, and phrases of a lexicon found among them in one pass.

The reader's speed rests here: a text is cut once, and each word costs one dictionary look-up, however large the
lexicon grows.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

# Letters and digits are separate words ("January10", "29th", "9h30"), an elided article is its own word ("l’" + "ONG",
# "d’" + "Amal"), and so is the English genitive ("Marosh" + "’s"); a number keeps its inner point or colon ("15:30", "26.07.17"). Initials keep their points ("H.E.", "p.m.").
_WORD = re.compile(
    r"(?:[A-Za-z]\.){2,}"
    r"|(?:\b(?:[lLdDnNsScCjJmMtT]|[qQ]u|[jJ]usqu|[lL]orsqu|[pP]uisqu)['’](?=[\w«“\"]|$))"
    r"|['’]s\b"
    r"|[^\W\d_]+(?:['’\-‐‑](?!s\b)(?=[^\W\d_])[^\W\d_]+)*"
    r"|\d+(?:[.:]\d+)*"
    r"|[^\w\s]|_"
)


_SHORT = 40


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Give the form under which a word is looked up: lower case, no accents, straight apostrophe."""
    plain = word.lower().replace("’", "'").replace("‑", "-").replace("‐", "-")
    if plain.isascii():
        return plain
    # A combining mark that stands alone is kept: no word folds to nothing.
    return "".join(mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark)) or plain


class Tokens:
    """The words of `text[start:end]`; places are offsets into the whole `text`."""

    __slots__ = ("_places", "ends", "folded", "starts", "text", "words")

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _WORD.finditer(text, start, len(text) if end is None else end):
            self.words.append(match.group())
            self.starts.append(match.start())
            self.ends.append(match.end())
        self.folded = [fold(word) for word in self.words]
        self._places: dict[str, list[int]] | None = None

    @property
    def places(self) -> dict[str, list[int]]:
        """Where each folded word stands."""
        if self._places is None:
            self._places = {}
            for at, word in enumerate(self.folded):
                self._places.setdefault(word, []).append(at)
        return self._places

    def __len__(self) -> int:
        return len(self.words)

    def slice(self, first: int, last: int) -> str:
        """Give the printed text of the words `first` to `last`, the last not included."""
        return self.text[self.starts[first] : self.ends[last - 1]] if last > first else ""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Give the place of the words `first` to `last`, the last not included."""
        return (self.starts[first], self.ends[last - 1])


class Hit(NamedTuple):
    """Words `first` to `last` (not included) are a phrase of the lexicon: `kind` says which sort, `value` what it means."""

    first: int
    last: int
    kind: str
    value: str


class Phrases:
    """A set of phrases, looked up by their first word; the longest wins, and may be of several kinds."""

    def __init__(self, phrases: Iterable[tuple[str, str, str]]) -> None:
        """Build from `(phrase, kind, value)`; of two values for one kind the first stays."""
        meanings: dict[tuple[str, ...], dict[str, str]] = {}
        for phrase, kind, value in phrases:
            words = tuple(Tokens(phrase).folded)
            if words:
                meanings.setdefault(words, {}).setdefault(kind, value)
        self._by_first: dict[str, list[tuple[int, tuple[str, ...], tuple[tuple[str, str], ...]]]] = {}
        for words in sorted(meanings, key=len, reverse=True):
            self._by_first.setdefault(words[0], []).append((len(words), words, tuple(meanings[words].items())))

    def find(self, tokens: Tokens, start: int = 0, end: int | None = None) -> Iterator[Hit]:
        """Find all phrases among the words `start` to `end` from left to right, without overlap."""
        folded, by_first = tokens.folded, self._by_first
        free = start
        for first in self._candidates(tokens, start, len(folded) if end is None else end):
            if first < free:
                continue
            for length, words, meanings in by_first[folded[first]]:
                if length == 1 or tuple(folded[first : first + length]) == words:
                    free = first + length
                    for kind, value in meanings:
                        yield Hit(first, free, kind, value)
                    break

    def _candidates(self, tokens: Tokens, start: int, end: int) -> Iterable[int]:
        """Give the words at which a phrase may begin, in order.

        Over a whole text, the words it holds are met with the first words of the phrases as two sets, which is several
        times faster than asking word by word.
        """
        by_first = self._by_first
        if end - start < _SHORT:
            return [at for at in range(start, end) if tokens.folded[at] in by_first]
        places = tokens.places
        return sorted(at for word in by_first.keys() & places.keys() for at in places[word] if start <= at < end)
