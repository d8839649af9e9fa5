"""Notes and the places in the text where they hang."""

import re
from collections.abc import Iterator

from tocsin.core.appeal import Note
from tocsin.core.render.characters import lines_of, one_line
from tocsin.core.render.page import Anchor, Inline, Item, Line

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_PRINTED = re.compile(r"\[([^\[\]\n]{1,12})\]|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")


class NoteNumbers:
    """Numbers the notes of one document from 1 and remembers which have been anchored."""

    def __init__(self, notes: tuple[Note, ...]) -> None:
        self._notes = notes
        self._numbers: dict[str, int] = {}
        for number, note in enumerate(notes, 1):
            self._numbers.setdefault(note.marker, number)
        self._anchored: set[int] = set()

    def lines(self, text: str, markers: tuple[str, ...] = ()) -> tuple[Line, ...]:
        """Split a text into lines with an anchor for each printed marker of a note.

        Args:
            text: The text.
            markers: Markers known to hang in the text; those that are not printed in it are added at its end.
        """
        lines = [self._line(line) for line in lines_of(text)]
        printed = {part.note for line in lines for part in line if isinstance(part, Anchor)}
        missing = dict.fromkeys(self._numbers[marker] for marker in markers if marker in self._numbers)
        added = tuple(
            self._anchor(f"[{self._notes[note - 1].marker}]", note) for note in missing if note not in printed
        )
        if added:
            lines = [*lines[:-1], (*(lines[-1] if lines else ()), *added)]
        return tuple(lines)

    def items(self) -> Iterator[Item]:
        """Give the notes as entries of a list; call this when all the text has been through `lines`."""
        for number, note in enumerate(self._notes, 1):
            lines: tuple[Line, ...] = tuple((line,) for line in lines_of(note.text))
            yield Item((f"[{one_line(note.marker)}]",), lines, note=number, anchored=number in self._anchored)

    def _line(self, line: str) -> Line:
        parts: list[Inline] = []
        end = 0
        for match in _PRINTED.finditer(line):
            note = self._numbers.get(match[1] or match[2].translate(_SUPERSCRIPTS))
            if note is not None:
                parts += [line[end : match.start()], self._anchor(match[0], note)]
                end = match.end()
        return tuple(part for part in (*parts, line[end:]) if part)

    def _anchor(self, printed: str, note: int) -> Anchor:
        first = note not in self._anchored
        self._anchored.add(note)
        return Anchor(one_line(printed), note, first)
