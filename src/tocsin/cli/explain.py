"""The source text of a document with each fact marked and named, for a person to see what was understood."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.cli.terminal import calm
from tocsin.core.reader import Mark, Reading

_MARGIN = 16
_COLOURS = {  # of each kind of fact
    "person": "36",
    "group": "35",
    "organisation": "34",
    "place": "32",
    "time": "33",
    "act": "31",
    "charge": "31",
    "quotation": "37",
    "law": "34",
}
_UNREAD = "NOT READ"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of text, in `field` where it is a fact."""

    text: str
    field: str | None = None
    label: str = ""


def explained(reading: Reading, *, colour: bool, width: int) -> str:
    """Print a document with its facts.

    Args:
        reading: The document and its marks.
        colour: Whether to colour with ANSI codes; brackets name the facts in both cases.
        width: Columns of a line.

    Returns:
        One block a line of the source: in the margin the field that took it, `NOT READ` where none did.
    """
    source = reading.document.source
    if source is None:
        return "(this document does not hold its source text)"
    text = source.text
    facts = _outermost([mark for mark in reading.marks if mark.field in _COLOURS])
    fields = [mark for mark in reading.marks if mark.field not in _COLOURS]
    lines: list[str] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            inside = [mark for mark in facts if start <= mark.start and mark.end <= end]
            taken = [mark for mark in fields if mark.start < end and mark.end > start]
            unread = [item.text for item in reading.document.unread if start <= item.span[0] < end]
            lines.extend(_block(_margin(taken, unread), list(_pieces(text, start, end, inside)), width, colour=colour))
            lines.extend(f"{_UNREAD:<{_MARGIN}}{calm(part)}" for part in unread if taken)
        start = end + 1
    return "\n".join(lines)


def _outermost(marks: list[Mark]) -> list[Mark]:
    """Drop marks inside others; of equal ones the first stays."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _margin(taken: list[Mark], unread: list[str]) -> str:
    if not taken:
        return _UNREAD if unread else ""
    # The field that took most of the line names it; the others are parts of it.
    widest = max(taken, key=lambda mark: mark.end - mark.start)
    return widest.field if len(widest.field) < _MARGIN else widest.field[: _MARGIN - 2] + "…"


def _pieces(text: str, start: int, end: int, marks: list[Mark]) -> Iterator[_Piece]:
    for mark in marks:
        if mark.start > start:
            yield _Piece(text[start : mark.start])
        yield _Piece(text[mark.start : mark.end], mark.field, mark.label)
        start = mark.end
    if start < end:
        yield _Piece(text[start:end])


def _block(margin: str, pieces: list[_Piece], width: int, *, colour: bool) -> Iterator[str]:
    """Wrap the pieces word by word behind the margin; colour codes do not count as width."""
    room, line, used = max(width - _MARGIN, 20), "", 0
    for word, shown in _words(pieces, colour=colour):
        if used and used + 1 + len(word) > room:
            yield f"{margin:<{_MARGIN}}{line}"
            margin, line, used = "", "", 0
        line += (" " if used else "") + shown
        used += len(word) + (1 if used else 0)
    if line:
        yield f"{margin:<{_MARGIN}}{line}"


def _words(pieces: list[_Piece], *, colour: bool) -> Iterator[tuple[str, str]]:
    """Give each word as measured and as shown; a piece without a space before it sticks to the word before."""
    plain, shown = "", ""
    for piece in pieces:
        named = piece.text
        if piece.field is not None:
            label = f"{piece.field}: {piece.label}" if piece.label else piece.field
            named = f"[{piece.text}|{label}]"
        named = calm(named)
        for number, part in enumerate(named.split(" ")):
            if number:
                if plain:
                    yield plain, shown
                plain, shown = "", ""
            plain += part
            shown += _coloured(part, piece.field) if colour and piece.field and part else part
    if plain:
        yield plain, shown


def _coloured(text: str, field: str) -> str:
    return f"\x1b[{_COLOURS[field]}m{text}\x1b[0m"
