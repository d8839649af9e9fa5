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
    r"|(?:\b(?:[lLdDnNsScCjJmMtT]|[qQ]u|[jJ]usqu|[lL]orsqu|[pP]uisqu)['’](?=\w))"
    r"|['’]s\b"
    r"|[^\W\d_]+(?:['’\-‐‑](?!s\b)(?=[^\W\d_])[^\W\d_]+)*"
    r"|\d+(?:[.:]\d+)*"
    r"|[^\w\s]|_"
)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Give the form under which a word is looked up: lower case, no accents, straight apostrophe."""
    plain = word.lower().replace("’", "'").replace("‑", "-").replace("‐", "-")
    if plain.isascii():
        return plain
    return "".join(mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark))


class Tokens:
    """The words of `text[start:end]`; places are offsets into the whole `text`."""

    __slots__ = ("ends", "folded", "starts", "text", "words")

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
        for first in range(start, len(folded) if end is None else end):
            word = folded[first]
            if first < free or word not in by_first:
                continue
            for length, words, meanings in by_first[word]:
                if length == 1 or tuple(folded[first : first + length]) == words:
                    free = first + length
                    for kind, value in meanings:
                        yield Hit(first, free, kind, value)
                    break
