"""The directory as CSV: a line for each row of `rows.py`, which a spreadsheet shows, sorts and filters."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tocsin.core import vocab
from tocsin.core.addressing.rows import ALL_COLUMNS, NAME_PREFIX, REFUSED, Reading, Row, build
from tocsin.core.addressing.values import Directory
from tocsin.core.addressing.writing import rows_of
from tocsin.core.errors import BadDirectory

# A spreadsheet takes a cell that begins so for a formula, some also in the wide form of East Asian keyboards; an
# apostrophe says that it is none, and is taken off again.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "\t", "\r", "\n", "\0")
MOST_ROWS = 100_000


def to_csv(directory: Directory) -> str:
    """Write a directory as CSV."""
    return _written(list(rows_of(directory)))


def refused_csv(refused: Iterable[tuple[Row, str]]) -> str:
    """Write the rows that a file was refused for, each with why, to be mended and taken in again."""
    return _written([{**row, REFUSED: why} for row, why in refused], REFUSED)


def _written(rows: Sequence[Mapping[str, str]], *first: str) -> str:
    used = {column for row in rows for column in row}
    names = [f"{NAME_PREFIX}{language}" for language in vocab.load("languages")]
    header = [*first, *ALL_COLUMNS[:6], *(name for name in names if name in used), *ALL_COLUMNS[6:]]
    lines = [header, *([row.get(column, "") for column in header] for row in rows)]
    return "".join(map(table_line, lines))


def table_line(cells: Iterable[str]) -> str:
    """Write a line of a table so that no spreadsheet takes a cell for a formula."""
    return ",".join(_quoted(_guarded(cell)) for cell in cells) + "\n"


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(each in cell for each in ',";\n\r') else cell


def from_csv(text: str, known: Directory, *, today: dt.date) -> Reading:
    """Read CSV upon what is known; columns may stand in any order and be left out.

    Raises:
        BadDirectory: It is no CSV of a directory; rows that cannot be taken are refused one by one instead.
    """
    header, lines = _split(text)
    return build(_rows(header, lines), known, today)


def _split(text: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    written = text.removeprefix("\ufeff")
    first = written.partition("\n")[0]
    # Spreadsheets of half the world part by semicolons.
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader((f"{line}\n" for line in written.split("\n")), delimiter=delimiter, strict=True)
    rows: list[tuple[str, list[str]]] = []
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                rows.append((f"line {reader.line_num}", [_unguarded(cell.strip()) for cell in cells]))
            if len(rows) > MOST_ROWS:
                raise BadDirectory(f"more than {MOST_ROWS} rows", hint="part the file")
    except csv.Error as error:
        raise BadDirectory(f"not a CSV file: {error}", where=f"line {reader.line_num}") from error
    if not rows:
        raise BadDirectory("the file is empty")
    header = rows[0][1]
    known = {REFUSED, *ALL_COLUMNS, *(f"{NAME_PREFIX}{language}" for language in vocab.load("languages"))}
    if "what" not in header:
        raise BadDirectory("no column is called what", hint="export a directory to see the columns")
    if len(set(header)) < len(header) or set(header) - known:
        odd = next((name for name in header if name not in known), "twice the same")
        raise BadDirectory("the columns are not those of a directory", where=odd[:40] or "(empty)")
    return header, rows[1:]


def _rows(header: list[str], lines: Iterable[tuple[str, list[str]]]) -> Iterator[tuple[str, Row]]:
    for where, cells in lines:
        # A row with more cells than columns would lose some: it is given a name that no kind of row has.
        extra = {"columns": "more cells than the header has names"} if any(cells[len(header) :]) else {}
        row = {name: cell for name, cell in zip(header, cells, strict=False) if cell and name != REFUSED}
        yield where, {**row, **extra}
