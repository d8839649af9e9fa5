"""What others changed in a case since somebody last looked at it, record by record."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import F

from tocsin.accounts.actor import Actor
from tocsin.casework import store
from tocsin.casework.models import SealedRecord
from tocsin.casework.outline import Line
from tocsin.casework.store import State
from tocsin.journal.queries import list_entries
from tocsin.vault.opened import CaseKeys

# Pages that are read within half an hour are one look: whoever turns back to a page still sees its marks.
SITTING = timedelta(minutes=30)
_READINGS = 20
ADDED, CHANGED, REMOVED = "added", "changed", "removed"
Author = tuple[UUID, datetime]


@dataclass(frozen=True, slots=True)
class Since:
    """A record that others touched: what they did, who was the last of them, and when."""

    section: str
    record: str
    what: str
    by: UUID
    at: datetime


def last_look(actor: Actor, case_id: UUID, *, now: datetime) -> int:
    """Tell the newest version of a case that somebody saw before this sitting; 0 if she never did."""
    readings = list_entries(subject=case_id, actor=actor.id).filter(kind="casework.case.read", at__lte=now - SITTING)
    versions = (json.loads(facts).get("version", 0) for facts in readings.values_list("facts", flat=True)[:_READINGS])
    return max(versions, default=0)


def changed_since(actor: Actor, keys: CaseKeys, state: State, base: int) -> tuple[Since, ...]:
    """Give what others did to records of a case between a version and a later state, as far as one may open it."""
    if not 0 < base < state.version:
        return ()
    lines = store.read_outline(keys, base).lines
    before = {line.row: line for line in lines if line.compartment in keys.compartments}
    touched = {key: line for key, line in state.lines.items() if before.get(line.row) != line}
    authors = _authors(actor, keys.case, touched.values(), before)
    found: dict[tuple[str, str], Since] = {}
    for key, line in touched.items():
        if author := authors.get(line.row):
            what = CHANGED if line.row in before else ADDED
            # A record of which a part that is sealed apart was changed too is named once.
            found.setdefault(key[:2], Since(key.section, key.record, what, *author))
    kept = {line.row for line in state.lines.values()}
    gone = [line for row, line in before.items() if row not in kept]
    return (*found.values(), *_removed(actor, keys, gone, (base, state.version)))


def _authors(actor: Actor, case: UUID, touched: Collection[Line], before: dict[UUID, Line]) -> dict[UUID, Author]:
    """Tell of each row who other than oneself saved it last, after the version that one saw."""
    saves = SealedRecord.objects.filter(case=case, row__in=[line.row for line in touched]).exclude(saved_by=actor.id)
    rows = saves.order_by("version").values_list("row", "version", "saved_by", "saved_at")
    return {row: (by, at) for row, version, by, at in rows if row not in before or version > before[row].version}


def _removed(actor: Actor, keys: CaseKeys, gone: list[Line], versions: tuple[int, int]) -> tuple[Since, ...]:
    if not gone:
        return ()
    leavers = _who_left_out(keys, {line.row for line in gone}, versions)
    opened = store.open_lines(keys, gone)
    found = {key[:2]: (key, leavers[line.row]) for key, (line, _) in opened.items()}
    return tuple(Since(key.section, key.record, REMOVED, by, at) for key, (by, at) in found.values() if by != actor.id)


def _who_left_out(keys: CaseKeys, rows: set[UUID], versions: tuple[int, int]) -> dict[UUID, Author]:
    """Tell of each row who saved the first version without it: only the outlines know."""
    saves = SealedRecord.objects.filter(case=keys.case, row=F("case_id"), version__range=versions).order_by("version")
    outlines = [
        (version, by, at, {line.row for line in store.read_outline(keys, version).lines})
        for version, by, at in saves.values_list("version", "saved_by", "saved_at")
    ]
    found: dict[UUID, Author] = {}
    for (_, _, _, had), (_, by, at, has) in pairwise(outlines):
        found |= dict.fromkeys((had - has) & rows, (by, at))
    return found
