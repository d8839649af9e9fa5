"""A list of codes that an organisation gave out before, as it comes: what of it is new, and which lines are refused."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tocsin.core.codes.code import Code
from tocsin.core.codes.finding import parse
from tocsin.core.codes.registry import Entry, claims_of
from tocsin.core.codes.scheme import OBSERVATORY, Scheme, format_code
from tocsin.core.errors import BadCode

_VOID = "void"
_SIGNS = "\t;,"


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that is not taken: which one, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list holds: codes that are new, how many are known already, and the lines that are refused."""

    new: tuple[Entry, ...]
    known: int
    refused: tuple[RefusedLine, ...]


def read_list(text: str, known: Iterable[Entry] = (), *, scheme: Scheme = OBSERVATORY, name: str = "list") -> Listing:
    """Read a list of codes: text or CSV, one code a line, behind it the date of issue or `void` in any order.

    Cells are parted by a tab, a comma or a semicolon; `#` begins a comment, and a first line without a digit is a
    heading. A line is refused by itself, so that all of them can be mended at once.

    Args:
        text: The list.
        known: The codes that were given out already.
        scheme: Whose codes.
        name: The name of the list, for messages.
    """
    owners: dict[tuple[object, ...], Code] = {}
    there: dict[Code, bool] = {}
    for entry in known:
        owners |= dict.fromkeys(claims_of(entry.code), entry.code)
        there[entry.code] = entry.void
    new: list[Entry] = []
    refused: list[RefusedLine] = []
    same = 0
    for where, cells in _lines(text, name):
        try:
            entry = _entry(cells, scheme, where)
            if entry.code in there:
                _check_void(entry, is_void=there[entry.code])
                same += 1
                continue
            _claim(entry, owners, scheme)
        except BadCode as error:
            refused.append(RefusedLine(where, ": ".join(filter(None, (error.what, error.hint)))))
            continue
        there[entry.code] = entry.void
        new.append(entry)
    return Listing(tuple(new), same, tuple(refused))


def _lines(text: str, name: str) -> Iterator[tuple[str, list[str]]]:
    is_first = True
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        said = line.split("#", 1)[0].strip()
        if not said:
            continue
        cells = _cells(said)
        if not (is_first and not any(sign.isdigit() for sign in said)):
            yield f"{name}, line {number}", cells
        is_first = False


def _cells(said: str) -> list[str]:
    sign = next((sign for sign in _SIGNS if sign in said), "\t")
    try:
        return [cell.strip() for cell in next(csv.reader([said], delimiter=sign))]
    except csv.Error:
        return [said]


def _entry(cells: list[str], scheme: Scheme, where: str) -> Entry:
    on, void = None, False
    for cell in filter(None, cells[1:]):
        if cell.lower() == _VOID:
            void = True
            continue
        try:
            on = date.fromisoformat(cell)
        except ValueError as error:
            raise BadCode("neither a date nor `void` behind the code", hint="2021-06-08") from error
    code = parse(cells[0], scheme=scheme, on=on).code
    if code.chain is None or not scheme.template.fits(code):
        raise BadCode("a code that lacks a part")
    return Entry(code, on, void, where)


def _check_void(entry: Entry, *, is_void: bool) -> None:
    if entry.void != is_void:
        raise BadCode("here it is void and there it is not")


def _claim(entry: Entry, owners: dict[tuple[object, ...], Code], scheme: Scheme) -> None:
    for claim in claims_of(entry.code):
        if claim in owners:
            raise BadCode(f"its number belongs to {format_code(owners[claim], scheme)}")
    owners |= dict.fromkeys(claims_of(entry.code), entry.code)
