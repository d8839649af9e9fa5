"""The reference code of a document, as printed and as understood."""

import datetime as dt
from functools import lru_cache

from tocsin.core.appeal import Reference
from tocsin.core.codes import Found, Scheme, find_all, format_code
from tocsin.core.codes.folding import SLASHES
from tocsin.core.reader.lines import Line, flatten
from tocsin.core.reader.structure.draft import Draft

_LONGEST = 2_000


def find_codes(line: Line, scheme: Scheme, on: dt.date | None = None) -> list[tuple[Found, Line]]:
    """Find the codes of a line by a scheme, each with its printed stretch."""
    if not line.has_digit:
        return []
    return [
        (found, line.part(line.start + found.span[0], line.start + found.span[1]))
        for found in _whole_codes(line.text[:_LONGEST], scheme, on)
    ]


@lru_cache(maxsize=32)
def _whole_codes(text: str, scheme: Scheme, on: dt.date | None) -> tuple[Found, ...]:
    """Read a line of the header once, however many ask for its code."""
    return tuple(found for found in find_all(text, scheme=scheme, on=on) if found.completeness != "part")


def may_hold_code(line: Line, scheme: Scheme) -> bool:
    """Whether a line has the signs of a code; cheap, without reading it."""
    return line.has_digit and (scheme.is_named_in(line.flat) or any(sign in line.text for sign in SLASHES))


def canonical(found: Found) -> str:
    """Give the canonical code, or the printed one where parts of it are missing."""
    has_month = found.code.month or "month" not in found.scheme.parts
    is_whole = found.completeness == "complete" and has_month
    return format_code(found.code, found.scheme) if is_whole else found.as_printed


def make_reference(found: Found, printed: Line) -> Reference:
    """Make the reference of a code found at `printed`."""
    code = found.code
    return Reference(
        as_printed=printed.text,
        canonical=canonical(found),
        country=code.country,
        country_number=code.country_number,
        month=code.month,
        year=code.year,
        series=code.series,
        number=code.number,
        follow_up=code.follow_up,
        oddities=found.oddities,
        span=(printed.start, printed.end),
    )


def reread_reference(draft: Draft, scheme: Scheme) -> None:
    """Read the code again in the light of the date of issue: `0106` is June 2001 or January 2006."""
    reference, date = draft.reference, draft.issued_on
    if reference is None or reference.span is None or date is None or reference.year == date.year:
        return
    start, end = reference.span
    text = draft.text[start:end]
    for found, printed in find_codes(Line(start, end, text, flatten(text)), scheme, date):
        draft.reference = make_reference(found, printed)
        return
