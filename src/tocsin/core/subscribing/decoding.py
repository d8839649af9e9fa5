"""Bytes of a list into lines of text, each row by itself: lists are glued together from files of many programs.

A row is UTF-16 if its NULs say so, UTF-8 if it is that, and otherwise of Windows: Cyrillic (1251) where most of its
letters beyond ASCII stand in runs, as in Cyrillic words, or Western (1252). What the letters of a name become does no
harm: an address of the strict form is ASCII in all of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

LONGEST_ROW: Final = 65_536

_END: Final = re.compile(rb"\r\n|[\r\n]")
_RUN: Final = re.compile(rb"[\xc0-\xff\xa8\xb8]{3,}")
# Marks of order and direction, which programs leave anywhere and which nobody sees.
_UNSEEN: Final = re.compile(r"[\ufeff\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]")
# The high bytes of ASCII, Cyrillic and Arabic in UTF-16: signs that no text of one byte a letter has.
_HIGH: Final = (0, 4, 6)
# What has to be seen behind an end to know it: CRLF in UTF-16 has two bytes before the line feed, and one behind.
_AHEAD: Final = 4

# A row that is shorter says too little of itself, and has no address.
_SHORT: Final = 8

Order = Literal["utf-16-le", "utf-16-be"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: its number, counted from 1, and its words; `None` for one that is too long."""

    number: int
    words: str | None


def lines_of(blocks: Iterable[bytes]) -> Iterator[Line]:
    """Give the lines of a list, of which the blocks are cut anywhere; beside a block no more than a row is held."""
    for number, (row, order) in enumerate(_rows(blocks), 1):
        yield Line(number, _UNSEEN.sub("", _decoded(row, order)) if len(row) <= LONGEST_ROW else None)


def _rows(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, Order | None]]:
    held = _Held()
    for block in blocks:
        held.content += block
        yield from held.ended(len(held.content) - _AHEAD)
        if len(held.content) > 2 * LONGEST_ROW:
            # Nobody wants the middle of such a row: what stays of it is still too long.
            held.content = held.content[: LONGEST_ROW + 1] + held.content[-_AHEAD:]
    yield from held.ended(len(held.content))
    if held.content:
        yield held.content, _order(held.content)


class _Held:
    """What was not given as rows yet, and in which order the bytes of the last row of UTF-16 stood."""

    def __init__(self) -> None:
        self.content = b""
        self._last: Order | None = None

    def ended(self, before: int) -> Iterator[tuple[bytes, Order | None]]:
        """Take the rows that end before a place off the front; of one of UTF-16 the order is told."""
        start, content = 0, self.content
        has_wide = 0 in content
        for end in _END.finditer(content):
            at = end.start()
            if at >= before:
                break
            if at < start:
                # The line feed behind an end that was taken with it.
                continue
            row = content[start:at]
            order = self._order(row, start, at) if has_wide else None
            width = _wide_end(content, start, at, order) if order else len(end[0])
            if width:
                self._last, start = order, at + width
                yield row[: len(row) - len(row) % 2] if order else row, order
        self.content = content[start:]

    def _order(self, row: bytes, start: int, at: int) -> Order | None:
        """Tell the order of a row: of one that says too little of itself it is that before, if its end is of that."""
        if found := _order(row):
            return found
        return self._last if self._last and _wide_end(self.content, start, at, self._last) else None


def _wide_end(held: bytes, start: int, at: int, order: Order) -> int:
    """Give how many bytes from a place on belong to the end of a row of UTF-16; 0 if they are half of a letter (č)."""
    if order == "utf-16-le":
        if (at - start) % 2 or held[at + 1 : at + 2] not in (b"\0", b""):
            return 0
        return 4 if held[at : at + 4] == b"\r\0\n\0" else 2
    if (at - start) % 2 == 0 or held[at - 1] != 0:
        return 0
    return 3 if held[at : at + 3] == b"\r\0\n" else 1


def _order(row: bytes) -> Order | None:
    """Tell in which order the bytes of UTF-16 stand, or that a row is none: high bytes stand in every second place."""
    if len(row) < _SHORT:
        return None
    high = [sum(map(row[at::2].count, _HIGH)) for at in (0, 1)]
    if min(high) * 8 > max(high) or (b"\0@\0" not in row and sum(high) * 3 <= len(row)):
        return None
    return "utf-16-be" if high[0] > high[1] else "utf-16-le"


def _decoded(row: bytes, order: Order | None) -> str:
    if order:
        # At a seam of two files half of a letter may be gone.
        whole = row if len(row) % 2 == 0 else row + b"\0" if order == "utf-16-le" else row[:-1]
        return whole.decode(order, "replace")
    row = row.strip(b"\0")
    try:
        return row.decode("utf-8")
    except UnicodeDecodeError:
        in_runs = sum(map(len, _RUN.findall(row)))
        beyond = sum(byte > 0x7F for byte in row)
        return row.decode("cp1251" if in_runs * 2 > beyond else "cp1252", "replace")
