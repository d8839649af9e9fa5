"""What a copy without metadata is made of: which parts of which page are blacked out, and what comes back."""

from dataclasses import dataclass
from typing import Literal

from tocsin.adapters.documents.limits import Limits

Kind = Literal["picture", "pdf", "document"]

WHOLE = 1_000
"""The width and the height of a page in the units of an `Area`."""

COPY_LIMITS = Limits(pages=60)
LONGEST_SIDE = 2_400
"""Pixels along the longer side of a copy: less than a camera gives, so that no pattern of its sensor is left whole."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle to be blacked out, in thousandths of the width and the height of a page that stands upright.

    Attributes:
        page: The page, from 1.
        left, top, right, bottom: Its edges.
    """

    page: int
    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        """Refuse a rectangle that covers nothing or lies outside."""
        inside = 0 <= self.left < self.right <= WHOLE and 0 <= self.top < self.bottom <= WHOLE
        if not inside or self.page < 1:
            raise ValueError("an area lies within its page and covers some of it")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was made anew from pixels or from text.

    Attributes:
        content: Its bytes.
        media_type: What they are.
        pages: How many pages it has.
        notes: What a person should know: what was left out.
    """

    content: bytes
    media_type: str
    pages: int
    notes: tuple[str, ...] = ()
