"""Where a reader stopped in the list, as a word that she hands back: it stays right whatever is published meanwhile."""

from typing import Final

from tocsin.publishing.search import LAST_PLACE

PATTERN: Final = r"^[0-9]{1,19}$"


def written(place: int) -> str:
    """Write a place."""
    return str(place)


def read(word: str) -> int:
    """Read a place; the word is of the form of `PATTERN`."""
    return min(int(word), LAST_PLACE)
