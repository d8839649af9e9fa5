"""What two versions of an edition differ in: text by text, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from tocsin.core.compose import Composition
from tocsin.core.drafting.texts import passages

_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that both versions have, or that one of them has."""

    kind: Literal["same", "out", "in"]
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """A text that is not the same in both: its role, and its words with what came in and what went out."""

    role: str
    pieces: tuple[Piece, ...]


def changes(before: Composition, after: Composition) -> tuple[Change, ...]:
    """List the texts that changed, in the order of the later version.

    Texts are paired by their words first, so that a paragraph that was put in between does not make all behind it new.
    """
    old, new = ([(each.role, each.words) for each in passages(one)] for one in (before, after))
    return changed_texts(old, new)


def changed_texts(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> tuple[Change, ...]:
    """List what changed between two lists of texts, each with its role."""
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found += _paired(old[a:b], new[c:d])
    return tuple(found)


def _paired(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[Change]:
    """Set side by side what stands at one place: of one role in their order, what is left over as new or gone."""
    left = list(old)
    for role, words in new:
        at = next((number for number, (other, _) in enumerate(left) if other == role), None)
        before = left.pop(at)[1] if at is not None else ""
        yield Change(role, tuple(_pieces(before, words)))
    yield from (Change(role, (Piece("out", words),)) for role, words in left)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(new[c:d]))
            continue
        if b > a:
            yield Piece("out", "".join(old[a:b]))
        if d > c:
            yield Piece("in", "".join(new[c:d]))
