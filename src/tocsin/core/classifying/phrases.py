"""Finding phrases of a table in a text, whatever its capitals, accents and vowel marks, and where they stand in it."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

# What may stand between two words of a phrase; the end of a sentence and an empty line may not.
_BETWEEN: Final = r"(?:(?!\n[ \t]*\n)[^\w.!?؟…]){1,12}"
_GAP: Final = rf"(?:{_BETWEEN}\w{{1,40}}){{0,5}}?"
_END: Final = re.compile(r"[.!?؟…]|\n[ \t]*\n")
# In Arabic conjunctions, prepositions and the article are written as one with the word that follows.
_ARABIC: Final = re.compile(r"[\u0621-\u064a]")
_BEFORE: Final = "[وف]?(?:[بلك]?ال|لل|[بلك])?"


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared, and for each of its characters where it stood."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give from where to where something stood in the text as it was."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Take away of a text what does not count when it is compared."""
    signs, places = [], []
    for place, sign in enumerate(text):
        for each in sign.lower() if sign.isascii() else _bare(sign):
            signs.append(each)
            places.append(place)
    return Folded("".join(signs), tuple(places))


@lru_cache(maxsize=4096)
def _bare(sign: str) -> str:
    # The bar that only stretches an Arabic word is no letter of it.
    apart = unicodedata.normalize("NFKD", sign.lower())
    return "".join(each for each in apart if not unicodedata.combining(each) and each != "ـ")


class _Phrase:
    """A phrase, as a pattern that is made once a text could hold it."""

    def __init__(self, phrase: str) -> None:
        self._written = phrase
        words = [each.split("|") for each in phrase.split() if each != "..." and not each.endswith("?")]
        letters = [tuple(_letters(word) for word in one) for one in words]
        # Looking for letters costs a hundredth of looking for a pattern; one of the longest word's has to be there.
        self.needs = max(letters, key=lambda one: min(map(len, one)), default=("",))

    @cached_property
    def pattern(self) -> "re.Pattern[str]":
        return re.compile(_pattern_of(self._written))


class Phrases:
    """Phrases of which any may be found."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take the phrases, as `rules.toml` writes them."""
        self._phrases = tuple(_Phrase(each) for each in phrases)

    def find(self, folded: Folded, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """Give where the first of them stands in a part of a folded text; of two at a place the earlier one."""
        text, last = folded.text, len(folded.text) if end is None else end
        found = [
            (at.span(), number)
            for number, each in enumerate(self._phrases)
            if any(letters in text for letters in each.needs) and (at := each.pattern.search(text, start, last))
        ]
        return min(found, key=lambda one: (one[0][0], one[1]))[0] if found else None


def sentence(folded: Folded, place: int) -> tuple[int, int]:
    """Give from where to where the sentence reaches that holds a place of a folded text."""
    ends = [found.end() for found in _END.finditer(folded.text)]
    number = bisect_right(ends, place)
    return ends[number - 1] if number else 0, ends[number] if number < len(ends) else len(folded.text)


def _letters(word: str) -> str:
    """Give the longest stretch of letters that stands in every form of a word."""
    return max(fold(word).text.split("*"), key=len)


def _pattern_of(phrase: str) -> str:
    written = ""
    for piece in phrase.split():
        if piece == "...":
            written += _GAP
            continue
        word = "|".join(_word(each) for each in piece.rstrip("?").split("|"))
        before = _BETWEEN if written else r"(?<!\w)"
        written += f"(?:{before}(?:{word})(?!\\w))" + ("?" if piece.endswith("?") else "")
    return written


def _word(word: str) -> str:
    letters = re.escape(fold(word).text).replace(r"\*", r"\w{0,20}")
    return _BEFORE + letters if _ARABIC.search(word) else letters
