"""Areas as people write them: squares of a grid of twenty lettered columns and twenty numbered rows, as on a map."""

import re

from tocsin.adapters.documents import WHOLE, Area
from tocsin.core.errors import BadRequest

SQUARES = 20
_LINE = re.compile(
    r"(?:(?P<page>[0-9]{1,3})[ ,.]+)?(?P<a>[A-T])(?P<b>[0-9]{1,2})(?:\s*[:–-]\s*(?P<c>[A-T])(?P<d>[0-9]{1,2}))?"
)
_MOST = 200


def read_areas(written: str) -> tuple[Area, ...]:
    """Read areas, one a line: a square ("C4"), or two corners ("C4:F7"), behind the page if it is not the first.

    Raises:
        BadRequest: if a line is none; it says which.
    """
    lines = [line.strip().upper() for line in written.splitlines() if line.strip()]
    if len(lines) > _MOST:
        raise BadRequest("there are more areas than a person can have meant")
    return tuple(_area(line, number) for number, line in enumerate(lines, 1))


def _area(line: str, number: int) -> Area:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadRequest("an area cannot be read", where=str(number), hint="C4:F7")
    across = sorted(ord(letter) - ord("A") for letter in (found["a"], found["c"] or found["a"]))
    down = sorted(int(digits) - 1 for digits in (found["b"], found["d"] or found["b"]))
    page = int(found["page"] or 1)
    if not (down[0] >= 0 and down[1] < SQUARES and page):
        raise BadRequest("an area cannot be read", where=str(number), hint="C4:F7")
    unit = WHOLE // SQUARES
    return Area(page, across[0] * unit, down[0] * unit, (across[1] + 1) * unit, (down[1] + 1) * unit)
