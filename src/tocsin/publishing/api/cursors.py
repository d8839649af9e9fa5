"""Where a reader stopped in the list, as a word that she hands back: it stays right whatever is published meanwhile.

A day is written as its number, of which each of six digits is one, so that no word of this form is wrong.
"""

from datetime import date
from typing import Final

from tocsin.publishing.queries import Position

PATTERN: Final = r"^([1-9][0-9]{5})?\.[a-z0-9-]{1,80}$"


def written(position: Position) -> str:
    """Write a position."""
    return f"{position.issued_on.toordinal() if position.issued_on else ''}.{position.slug}"


def read(word: str) -> Position:
    """Read a position; the word is of the form of `PATTERN`."""
    number, _, slug = word.partition(".")
    return Position(date.fromordinal(int(number)) if number else None, slug)
