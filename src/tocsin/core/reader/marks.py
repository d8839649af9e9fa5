"""What the reader took: a ledger of stretches of the source, each with the field that took it."""

from collections.abc import Iterable

from msgspec import Struct

from tocsin.core.appeal import Span, Unread


class Mark(Struct, frozen=True, order=True, gc=False):
    """The stretch `[start, end)` of the normalised source went into `field`; `label` says what was understood."""

    start: int
    end: int
    field: str
    label: str = ""

    @property
    def span(self) -> Span:
        """The stretch as a pair."""
        return (self.start, self.end)


_FILLER = " \t\n\r\f\v\u00a0/|*•·-–—_=,;:.…"


def unread(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> tuple[Unread, ...]:
    """List every stretch of `text[start:end]` outside all marks that holds more than white space and separators.

    The marks come in the order of the text.
    """
    gaps: list[Unread] = []
    position, end = start, len(text) if end is None else end
    for mark in marks:
        if mark.start >= end:
            break
        if mark.start > position:
            gaps.extend(_lines(text, position, mark.start))
        position = max(position, mark.end)
    gaps.extend(_lines(text, position, end))
    return tuple(gaps)


def _lines(text: str, start: int, end: int) -> list[Unread]:
    """Cut a gap at line ends, so that one stray line is one entry, and trim white space and separators."""
    found: list[Unread] = []
    gap = text[start:end]
    if not gap or gap.isspace() or not gap.strip(_FILLER):
        return found
    for line in gap.split("\n"):
        core = line.strip(_FILLER)
        if core:
            first = start + line.index(core[0])
            while not text.startswith(core, first):
                first += 1
            found.append(Unread((first, first + len(core)), core))
        start += len(line) + 1
    return found
