"""What the reader promises of any text, as one check that the property tests and the fuzzer share."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from tocsin.core.appeal import AppealDocument, Span, from_json, to_json
from tocsin.core.reader import Reading

SEPARATORS = frozenset(" \t\n\r\f\v\u00a0/|*•·-–—_=,;:.…")
"""What may lie between two fields without being listed as unread."""

# The fields that repeat their stretch of the source word for word. Names of people, organisations and places are
# missing here on purpose: they give the fullest form, and their span is the first mention.
_PRINTED = ("text", "as_printed", "display", "sentence", "label")


def broken_promises(text: str, readings: Sequence[Reading]) -> list[str]:
    """Say which promises a reading breaks.

    Args:
        text: The normalised source text.
        readings: What the reader made of it.

    Returns:
        One line for each broken promise, none where all is well: every sign of the text stands under a mark or under
        `unread`, every printed field is the slice of the source that its span names, and JSON loses nothing.
    """
    broken = [f"lost: {stretch!r}" for stretch in lost(text, readings)]
    if text and not readings:
        broken.append("no document")
    for reading in readings:
        document = reading.document
        if document.source is None or document.source.text != text:
            broken.append("source: not the normalised text")
        broken.extend(f"slice: {path}" for path in wrong_slices(document, text))
        broken.extend(f"mark: {mark}" for mark in reading.marks if not _is_inside(mark.span, text))
        if from_json(to_json(document, indent=None)) != document:
            broken.append("json: not the same document")
    return broken


def lost(text: str, readings: Sequence[Reading]) -> Iterator[str]:
    """Give every stretch that no mark and no unread entry covers, separators apart."""
    spans = [mark.span for reading in readings for mark in reading.marks]
    spans += [item.span for reading in readings for item in reading.document.unread]
    position = 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        if start > position and not SEPARATORS.issuperset(text[position:start]):
            yield text[position:start]
        position = max(position, end)


def wrong_slices(document: AppealDocument, text: str) -> Iterator[str]:
    """Give the place of every span that lies outside the text, or whose value is not what stands there."""
    for path, value, span in _spanned(document, "document"):
        if not _is_inside(span, text):
            yield f"{path} {span}"
            continue
        for name in _PRINTED:
            printed = getattr(value, name, None)
            if printed is not None and printed != text[slice(*span)]:
                yield f"{path}.{name} {printed!r} is not {text[slice(*span)]!r}"


def _is_inside(span: Span, text: str) -> bool:
    return 0 <= span[0] <= span[1] <= len(text)


def _spanned(value: object, path: str) -> Iterator[tuple[str, object, Span]]:
    """Walk over all values of a document that carry a span."""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _spanned(item, f"{path}[{number}]")
    elif is_dataclass(value):
        span = getattr(value, "span", None)
        if span is not None:
            yield path, value, span
        for each in fields(value):
            yield from _spanned(getattr(value, each.name), f"{path}.{each.name}")
