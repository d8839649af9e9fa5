"""Where a reader stopped in the list, as a word that she hands back: it stays right whatever is published meanwhile."""

import base64
import binascii
import re
from datetime import date
from typing import Final

from tocsin.core.errors import BadQuestion
from tocsin.publishing.queries import Position

PATTERN: Final = "^[A-Za-z0-9_-]{1,140}$"
_INNER: Final = re.compile(r"(\d{4}-\d{2}-\d{2})? ([a-z0-9-]{1,80})")


def written(position: Position) -> str:
    """Write a position."""
    inner = f"{position.issued_on or ''} {position.slug}"
    return base64.urlsafe_b64encode(inner.encode()).decode().rstrip("=")


def read(word: str) -> Position:
    """Read a position.

    Raises:
        BadQuestion: We wrote no such word.
    """
    try:
        inner = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode("ascii")
        found = _INNER.fullmatch(inner)
        if found is not None:
            return Position(date.fromisoformat(found[1]) if found[1] else None, found[2])
    except (ValueError, binascii.Error):
        pass
    raise BadQuestion("no position in the list", where="after", hint="take it from the address of the next part")
