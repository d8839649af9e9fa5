"""Comparing a copy of an appeal with the signed edition, word for word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final
from unicodedata import normalize

from tocsin.core.errors import TooLarge

# Both are compared as a whole; what is longer is no copy of an appeal.
MOST_WORDS: Final = 30_000
_BEFORE_SIGNS: Final = re.compile(r"\s(?=[:;?!»])|(?<=«)\s")


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a copy departs from what was signed: words that are missing, and words that nobody signed."""

    missing: str
    unsigned: str


def differences(copy: str, signed: str) -> tuple[Difference, ...]:
    """Give where a copy departs from a signed text; white space and the form of accents do not count.

    Raises:
        TooLarge: One of them is too long for an appeal.
    """
    theirs, ours = _words(copy), _words(signed)
    if max(len(theirs), len(ours)) > MOST_WORDS:
        raise TooLarge("this is too long to be a copy of an appeal")
    return tuple(_departures(theirs, ours))


def _departures(theirs: Sequence[str], ours: Sequence[str]) -> Iterator[Difference]:
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Difference(" ".join(ours[a:b]), " ".join(theirs[c:d]))


def _words(text: str) -> list[str]:
    # Whether a space stands before a double sign is a habit of print: a version of ours may have had none there.
    return _BEFORE_SIGNS.sub("", normalize("NFC", text)).split()
