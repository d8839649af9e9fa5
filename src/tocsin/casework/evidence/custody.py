"""The chain of custody of a file: sealed lines, each vouched for by an entry of the journal, and the look at both.

A line holds the digest of the line before it; the journal's entry holds the digest of the sealed line. So a line that
was changed, taken out, put in or moved no longer fits, and the journal's own chain shows whether its entries do.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from tocsin.casework.models import CustodyLine, EvidenceFile
from tocsin.core.errors import CannotOpen
from tocsin.journal import actions as journal
from tocsin.journal.models import Entry
from tocsin.journal.queries import list_entries
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place

KINDS = "casework.evidence."
RECEIVED, MADE, OPENED, TAKEN_OUT = "received", "made", "opened", "taken_out"
DERIVED, HANDED_OVER, CHECKED, HASHED = "derived", "handed_over", "checked", "hashed"
ASKED, AGREED, WITHDRAWN = "asked", "agreed", "withdrawn"
_DIGITS = 40  # of a digest: what fits into a fact of the journal, 160 bits


class Line(msgspec.Struct, frozen=True):
    """One thing that was done with a file.

    Attributes:
        action: What: one of the kinds of journal entries, without its room.
        at: When.
        by: Who, by account.
        sha256: The hash of the file then.
        before: The digest of the line before; empty in the first.
        words: To whom it went, where it came from, or why, as it was written.
        choice: A code that belongs to it, as the class that was asked for; or the hash that was counted.
    """

    action: str
    at: datetime
    by: UUID
    sha256: str
    before: str = ""
    words: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The lines of a file in order, and what does not fit; empty where everything does."""

    lines: tuple[Line, ...]
    faults: tuple[str, ...]


def append(keys: CompartmentKeys, file: EvidenceFile, line: Line) -> None:
    """Add a line and its entry, inside the transaction of the caller, who holds the row of the file."""
    last = CustodyLine.objects.filter(file=file).order_by("-number").first()
    number = last.number + 1 if last else 1
    chained = msgspec.structs.replace(line, before=_digest(bytes(last.sealed)) if last else "")
    sealed = keys.seal(msgspec.json.encode(chained), _place(file.id, number))
    kind, digest = KINDS + line.action, _digest(sealed)
    entry = journal.record(line.by, kind, file.case_id, now=line.at, file=file.id, line=number, digest=digest)
    CustodyLine.objects.create(file=file, number=number, entry=entry.number, sealed=sealed)


def read(keys: CompartmentKeys, file: EvidenceFile, sha256: str) -> Chain:
    """Open the chain of a file and compare it with the journal and with the hash of the file.

    Raises:
        CannotOpen: if a line was changed or moved.
    """
    rows = list(CustodyLine.objects.filter(file=file).order_by("number"))
    entries = {each.number: each for each in _entries(file)}
    lines: list[Line] = []
    faults: list[str] = []
    before = ""
    for place, row in enumerate(rows, 1):
        line = _open(keys, row, file.id)
        if row.number != place or line.before != before:
            faults.append("a line is missing or out of its order")
        if not _vouched(entries.pop(row.entry, None), line, row):
            faults.append("the journal does not say of a line what the line says")
        if line.sha256 != sha256:
            faults.append("a line names another hash than the file has")
        before = _digest(bytes(row.sealed))
        lines.append(line)
    if entries or not lines:
        faults.append("the journal knows of a line that is not there")
    return Chain(tuple(lines), tuple(dict.fromkeys(faults)))


def _entries(file: EvidenceFile) -> list[Entry]:
    found = list_entries(subject=file.case_id).filter(kind__startswith=KINDS, facts__contains=str(file.id))
    return [each for each in found if json.loads(each.facts).get("file") == str(file.id)]


def _vouched(entry: Entry | None, line: Line, row: CustodyLine) -> bool:
    if entry is None:
        return False
    facts: Mapping[str, object] = json.loads(entry.facts)
    said = (entry.kind, entry.actor, entry.at, facts["line"], facts["digest"])
    return said == (KINDS + line.action, line.by, line.at, row.number, _digest(bytes(row.sealed)))


def _open(keys: CompartmentKeys, row: CustodyLine, file: UUID) -> Line:
    opened = keys.open(bytes(row.sealed), _place(file, row.number))
    try:
        return msgspec.json.decode(opened, type=Line)
    except msgspec.ValidationError as error:
        raise CannotOpen("a line of custody was written by another version") from error


def _digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()[:_DIGITS]


def _place(file: UUID, number: int) -> Place:
    return Place("custody_line", file, "line", number)
