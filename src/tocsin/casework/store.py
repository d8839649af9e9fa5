"""The sealed parts of a case in the database: reading a whole state of it, and appending versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from tocsin.casework.merging import Change
from tocsin.casework.models import SealedRecord
from tocsin.casework.outline import Line, Outline
from tocsin.casework.parts import PartKey, compartments
from tocsin.core.errors import CannotOpen
from tocsin.vault.opened import CaseKeys, CompartmentKeys
from tocsin.vault.sealing import Place

_IN_ONE_QUERY = 500


class _Part(msgspec.Struct, frozen=True):
    section: str
    record: str
    content: Any


@dataclass(frozen=True, slots=True)
class State:
    """One state of a case as far as somebody can open it: the parts, their lines, and the lines that stay closed."""

    version: int
    parts: Mapping[PartKey, Any]
    lines: Mapping[PartKey, Line]
    closed: tuple[Line, ...]


EMPTY = State(0, {}, {}, ())


def read(keys: CaseKeys, version: int) -> State:
    """Read a state of a case.

    Raises:
        NoGrant: if one does not hold the compartment in which the outline lies.
        CannotOpen: if a part was removed, changed, moved or set back.
    """
    if not version:
        return EMPTY
    outline = read_outline(keys, version)
    opened = open_lines(keys, [line for line in outline.lines if line.compartment in keys.compartments])
    parts = {key: content for key, (_, content) in opened.items()}
    lines = {key: line for key, (line, _) in opened.items()}
    closed = tuple(line for line in outline.lines if line.compartment not in keys.compartments)
    return State(version, parts, lines, closed)


def open_lines(keys: CaseKeys, lines: Sequence[Line]) -> dict[PartKey, tuple[Line, Any]]:
    """Open the parts that some lines of an outline name.

    Raises:
        CannotOpen: if a part was removed, changed, moved or set back.
    """
    sealed = _sealed_records(keys.case, [line.sealed_record for line in lines])
    opened = {}
    for line in lines:
        key, content = _open(keys, line, sealed.get(line.sealed_record))
        opened[key] = (line, content)
    return opened


@dataclass(frozen=True, slots=True)
class Save:
    """What some parts said together from one save on, and who saved them when."""

    by: UUID
    at: datetime
    parts: Mapping[UUID, Any]


def read_saves(keys: CaseKeys, lines: Sequence[Line]) -> list[Save]:
    """Read what parts said from their first version up to that of their lines, save by save, the first one first.

    Raises:
        CannotOpen: if a version was removed, changed or moved.
    """
    newest = {line.row: line for line in lines}
    rows = SealedRecord.objects.filter(case_id=keys.case, row__in=newest).order_by("saved_at", "version")
    found = [
        (row, version, bytes(sealed), by, at)
        for row, version, sealed, by, at in rows.values_list("row", "version", "sealed", "saved_by", "saved_at")
        if version <= newest[row].version
    ]
    if len(found) != sum(line.version for line in lines):
        raise CannotOpen("an earlier version of a part of this case is missing")
    saves: list[Save] = []
    parts: dict[UUID, Any] = {}
    written: set[UUID] = set()
    for row, version, sealed, by, at in found:
        is_same = saves and (saves[-1].by, saves[-1].at) == (by, at) and row not in written
        written = written | {row} if is_same else {row}
        _key, content = _open(keys, Line(row, version, row, newest[row].compartment), sealed)
        parts = parts | {row: content}
        saves = [*(saves[:-1] if is_same else saves), Save(by, at, parts)]
    return saves


def read_outline(keys: CaseKeys, version: int) -> Outline:
    """Read the outline of a state of a case.

    Raises:
        CannotOpen: if it was removed, changed or moved.
    """
    row = SealedRecord.objects.filter(case_id=keys.case, row=keys.case, version=version).first()
    if row is None:
        raise CannotOpen("the outline of this case is missing")
    return open_outline(keys[compartments().default], keys.case, version, bytes(row.sealed))


def open_outline(keys: CompartmentKeys, case: UUID, version: int, sealed: bytes) -> Outline:
    """Open the outline of a state of a case."""
    return Outline.from_bytes(keys.open(sealed, _outline_place(case, version)))


def _sealed_records(case: UUID, ids: list[UUID]) -> dict[UUID, bytes]:
    found: dict[UUID, bytes] = {}
    for at in range(0, len(ids), _IN_ONE_QUERY):
        rows = SealedRecord.objects.filter(case_id=case, id__in=ids[at : at + _IN_ONE_QUERY])
        found.update({record: bytes(sealed) for record, sealed in rows.values_list("id", "sealed")})
    return found


def _open(keys: CaseKeys, line: Line, sealed: bytes | None) -> tuple[PartKey, Any]:
    if sealed is None:
        raise CannotOpen("a part of this case is missing")
    part = msgspec.json.decode(keys[line.compartment].open(sealed, _part_place(line.row, line.version)), type=_Part)
    return PartKey(part.section, part.record, line.compartment), part.content


def write(
    keys: CaseKeys, newest: State, parts: Mapping[PartKey, Any], changed: Change, *, by: UUID, now: datetime
) -> State:
    """Append the versions that make the next state of a case, inside the transaction of the caller."""
    lines: dict[PartKey, Line] = {}
    rows: list[SealedRecord] = []
    for key, content in parts.items():
        old = newest.lines.get(key)
        if old is not None and key not in changed.written:
            lines[key] = old
            continue
        line = Line(old.row if old else uuid4(), old.version + 1 if old else 1, uuid4(), key.compartment)
        value = msgspec.json.encode(_Part(key.section, key.record, content))
        sealed = keys[key.compartment].seal(value, _part_place(line.row, line.version))
        rows.append(_row(keys.case, line, sealed, by, now))
        lines[key] = line
    version = newest.version + 1
    outline = Outline(version, (*lines.values(), *newest.closed))
    sealed = keys[compartments().default].seal(outline.to_bytes(), _outline_place(keys.case, version))
    rows.append(_row(keys.case, Line(keys.case, version, uuid4(), compartments().default), sealed, by, now))
    SealedRecord.objects.bulk_create(rows)
    return State(version, dict(parts), lines, newest.closed)


def _row(case: UUID, line: Line, sealed: bytes, by: UUID, now: datetime) -> SealedRecord:
    return SealedRecord(
        id=line.sealed_record,
        case_id=case,
        row=line.row,
        version=line.version,
        compartment=line.compartment,
        sealed=sealed,
        saved_by=by,
        saved_at=now,
    )


def _part_place(row: UUID, version: int) -> Place:
    return Place("sealed_record", row, "part", version)


def _outline_place(case: UUID, version: int) -> Place:
    return Place("sealed_record", case, "outline", version)
