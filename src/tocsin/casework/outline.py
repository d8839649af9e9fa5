"""The outline of a case: which versions of which parts make it up, in their order; itself a sealed, versioned part.

It is why a case is whole: a part that somebody with the database removed, or set back to an earlier version, no longer
fits the outline, and the case does not open. It is also the memory of the case: an earlier outline gives the case as it
stood then.
"""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from tocsin.core.errors import CannotOpen


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One part of the case: its row, the version in force, the id of that version, and its compartment."""

    row: UUID
    version: int
    sealed_record: UUID
    compartment: str


class _Outline(msgspec.Struct, frozen=True):
    version: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline that was opened."""

    version: int
    lines: tuple[Line, ...]

    def to_bytes(self) -> bytes:
        """Write the outline."""
        return msgspec.json.encode(_Outline(self.version, list(self.lines)))

    @classmethod
    def from_bytes(cls, written: bytes) -> "Outline":
        """Read an outline."""
        try:
            read = msgspec.json.decode(written, type=_Outline)
        except msgspec.ValidationError as error:
            raise CannotOpen("the outline of this case was written by another version") from error
        return cls(read.version, tuple(read.lines))
