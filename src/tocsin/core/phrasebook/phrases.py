"""Phrases with the grammar that a sentence around them needs to know."""

from dataclasses import dataclass
from typing import Literal

from fluent.runtime.types import FluentType

Gender = Literal["f", "m", "x", "n"]


@dataclass(frozen=True, slots=True)
class Phrase(FluentType):
    """Words that stand for somebody or something.

    `count` is how many they are; 2 where there are several and nobody knows how many. A group of mixed gender takes
    `m` in languages that say so, which is the caller's choice; `x` where the gender is not told. `parts` are the single
    names of a plain list, so that a language can put its "of" before each of them.
    """

    text: str
    count: int = 1
    gender: Gender = "n"
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Give the text."""
        return self.text

    def format(self, *_: object) -> str:
        """Give the text; Fluent asks for it."""
        return self.text
