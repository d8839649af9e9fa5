"""The table of treaty statuses as a CSV file: one line for each State and treaty, under a line of column names.

| column | holds |
|---|---|
| `country` | ISO 3166-1 alpha-3 |
| `instrument` | code of the list `instruments` |
| `signature` | day |
| `action` | `ratification`, `accession`, `succession`, `acceptance`, `approval`; `unspecified`; `none` |
| `deposit` | day on which that was deposited |
| `in_force` | day from which the treaty binds the State |
| `withdrawal` | day from which a withdrawal takes effect |
| `declarations` | articles with the day, `21 2008; 22 2008`; `none`; empty where nobody looked |
| `source` | where this stands |
| `checked_on` | last day of which the source speaks, as `2026-01-15` |
| `notes` | anything |

A day may lack what is not known: `2008-05`, `2008`. `country`, `instrument`, `action`, `source` and `checked_on` must
be filled; a column of another name is refused, so that a misspelt one is not overlooked.
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import SimpleNamespace
from typing import Final, cast, get_args

from tocsin.core import vocab
from tocsin.core.codes import is_country
from tocsin.core.errors import BadTreaties
from tocsin.core.treaties.statuses import Action, Declaration, Known, TreatyStatus, TreatyTable

COLUMNS: Final = (
    "country",
    "instrument",
    "signature",
    "action",
    "deposit",
    "in_force",
    "withdrawal",
    "declarations",
    "source",
    "checked_on",
    "notes",
)
"""The column names of the file, in the order in which they are written."""

_REQUIRED: Final = ("country", "instrument", "action", "source", "checked_on")
_BUNDLED: Final = "statuses.csv"
_LONGEST_CELL: Final = 2_000


class BadRow(ValueError):
    """One row that cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line of the file that was not taken, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: the statuses in its order, and the lines that were refused."""

    statuses: tuple[TreatyStatus, ...]
    refusals: tuple[Refusal, ...] = ()


def read_statuses(text: str, *, name: str = "treaties") -> Reading:
    """Read a table of statuses; a line that cannot be taken is refused and the others are kept.

    Args:
        text: The file.
        name: Its name, for messages.

    Raises:
        BadTreaties: It is no CSV with these column names.
    """
    header, lines = split_csv(text, name)
    if unknown := [column for column in header if column not in COLUMNS]:
        hint = f"the columns are {', '.join(COLUMNS)}"
        raise BadTreaties(f"unknown column '{unknown[0][:40]}'", where=name, hint=hint)
    if missing := [column for column in _REQUIRED if column not in header]:
        raise BadTreaties(f"the column '{missing[0]}' is missing", where=name)
    return collect(header, lines, read_row)


def load_statuses(text: str, *, name: str = "treaties") -> TreatyTable:
    """Read a table of statuses that is to be relied on.

    Raises:
        BadTreaties: A line cannot be taken; the message names the first.
    """
    reading = read_statuses(text, name=name)
    if reading.refusals:
        first, more = reading.refusals[0], len(reading.refusals) - 1
        others = f", and {more} more" if more else ""
        hint = "tocsin treaties import FILE lists all lines that cannot be taken"
        raise BadTreaties(f"{first.why}{others}", where=f"{name}, line {first.line}", hint=hint)
    return TreatyTable(reading.statuses)


@cache
def bundled() -> TreatyTable:
    """Give the table that comes with Tocsin.

    Raises:
        BadTreaties: The file is not there, or a line of it cannot be taken.
    """
    try:
        text = resources.files(__package__).joinpath(_BUNDLED).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTreaties("the table cannot be read", where=_BUNDLED) from error
    return load_statuses(text, name=_BUNDLED)


def write_statuses(statuses: Iterable[TreatyStatus]) -> str:
    """Write statuses as the text of a file that `read_statuses` reads."""
    lines: list[str] = []
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in statuses:
        days = [one.deposit, one.in_force, one.withdrawal]
        writer.writerow(
            [
                one.country,
                one.instrument,
                _written(one.signature),
                one.action,
                *map(_written, days),
                _write_declarations(one.declarations),
                one.source,
                one.checked_on.isoformat(),
                one.notes,
            ]
        )
    return "".join(lines)


def split_csv(text: str, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Part a CSV file into its column names and its lines, each with its number; empty lines are left out.

    Raises:
        BadTreaties: It is no CSV, is empty, or names a column twice.
    """
    reader = csv.reader((f"{line}\n" for line in text.removeprefix("\ufeff").split("\n")), strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadTreaties(f"not a CSV file: {error}", where=f"{name}, line {reader.line_num}") from error
    if not rows:
        raise BadTreaties("the file is empty", where=name)
    header = rows[0][1]
    if len(set(header)) < len(header):
        raise BadTreaties("two columns have one name", where=name)
    return header, rows[1:]


def collect(
    header: Sequence[str],
    lines: Iterable[tuple[int, list[str]]],
    read: Callable[[Mapping[str, str]], TreatyStatus],
) -> Reading:
    """Read each line; one that cannot be taken, or that repeats an earlier one, becomes a refusal."""
    taken: dict[tuple[str, str], int] = {}
    statuses: list[TreatyStatus] = []
    refusals: list[Refusal] = []
    for line, cells in lines:
        try:
            if len(cells) != len(header):
                raise BadRow(f"it has {len(cells)} columns and not {len(header)}")
            if any(len(cell) > _LONGEST_CELL for cell in cells):
                raise BadRow(f"a cell has more than {_LONGEST_CELL} characters")
            status = read(dict(zip(header, cells, strict=True)))
            earlier = taken.setdefault((status.country, status.instrument), line)
            if earlier != line:
                raise BadRow(f"line {earlier} has this country and instrument already")
        except BadRow as refused:
            refusals.append(Refusal(line, str(refused)))
        else:
            statuses.append(status)
    return Reading(tuple(statuses), tuple(refusals))


def read_row(row: Mapping[str, str]) -> TreatyStatus:
    """Read one row of the table.

    Raises:
        BadRow: It cannot be taken.
    """
    if empty := [column for column in _REQUIRED if not row[column]]:
        raise BadRow(f"{empty[0]} is empty")
    if not is_country(row["country"]):
        raise BadRow("country is no ISO 3166-1 alpha-3 code")
    if row["action"] not in get_args(Action):
        raise BadRow(f"action is none of {', '.join(get_args(Action))}")
    known = {column: _day(row.get(column, ""), column) for column in ("signature", "deposit", "in_force", "withdrawal")}
    status = TreatyStatus(
        country=row["country"],
        instrument=read_instrument(row["instrument"]),
        action=cast("Action", row["action"]),
        source=row["source"],
        checked_on=read_checked_on(row["checked_on"]),
        declarations=_declarations(row.get("declarations", "")),
        notes=row.get("notes", ""),
        **known,
    )
    _check_sense(status)
    return status


def read_instrument(code: str) -> str:
    """Take the code of a treaty.

    Raises:
        BadRow: The list of instruments has no treaty of this code.
    """
    term = vocab.load("instruments").get(code)
    if term is None or term.properties.get("force") != "treaty":
        raise BadRow("instrument is no code of a treaty in the list of instruments")
    return code


def read_checked_on(text: str) -> dt.date:
    """Take the day of a check.

    Raises:
        BadRow: It is no full date.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadRow("checked_on is no date such as 2026-01-15") from None


def _day(text: str, column: str) -> Known | None:
    try:
        return Known.parse(text) if text else None
    except ValueError:
        raise BadRow(f"{column} is no date such as 2006-01-24, 2006-01 or 2006") from None


def _declarations(text: str) -> tuple[Declaration, ...] | None:
    if not text:
        return None
    if text == "none":
        return ()
    made = []
    for part in text.split(";"):
        article, _, since = part.strip().partition(" ")
        if not article:
            raise BadRow("declarations are not of the form '21 2008; 22 2008'")
        made.append(Declaration(article, _day(since.strip(), "declarations")))
    return tuple(made)


def _check_sense(status: TreatyStatus) -> None:
    """Refuse a row that contradicts itself; a guess which half is right would be ours."""
    if status.action == "none":
        if status.deposit or status.in_force or status.withdrawal:
            raise BadRow("action is none, and yet there is a deposit, an entry into force or a withdrawal")
        return
    if status.deposit is None and status.in_force is None:
        raise BadRow("there is an action, but neither deposit nor in_force")
    in_order = [
        ("signature", status.signature, "deposit", status.deposit),
        ("in_force", status.in_force, "withdrawal", status.withdrawal),
        ("deposit", status.deposit, "withdrawal", status.withdrawal),
    ]
    if status.action != "succession":  # which reaches back to the independence of the State
        in_order.append(("deposit", status.deposit, "in_force", status.in_force))
    for first, one, second, other in in_order:
        if one and other and one.earliest > other.latest:
            raise BadRow(f"{second} lies before {first}")
    if status.deposit and status.deposit.earliest > status.checked_on:
        raise BadRow("deposit lies after checked_on")


def _written(day: Known | None) -> str:
    return day.as_written if day else ""


def _write_declarations(declarations: tuple[Declaration, ...] | None) -> str:
    if declarations is None:
        return ""
    return "; ".join(f"{one.article} {_written(one.since)}".strip() for one in declarations) or "none"
