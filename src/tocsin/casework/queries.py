"""Reading what says nothing of a case, and what of it a person has to do."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections, transaction
from django.db.models import F, Q, QuerySet

from tocsin.accounts.actor import Actor, may
from tocsin.casework import merges
from tocsin.casework.models import CaseFile, SealedRecord
from tocsin.casework.parts import compartments
from tocsin.core.errors import CannotOpen, Locked
from tocsin.journal import actions as entries
from tocsin.journal import queries as journal
from tocsin.journal.models import Entry
from tocsin.vault import organisation
from tocsin.vault import queries as vault
from tocsin.vault.models import Grant
from tocsin.vault.sealing import key_version_of
from tocsin.vault.slots import KEYS

SAVED = "casework.record.saved"
SEALED = "sealed"
BACKUP_MADE = "site.backup.made"
# The longest for which a shredded case can be brought back, if nobody says otherwise.
KEEP_KEYS = timedelta(days=7)
_BETWEEN_BACKUPS = timedelta(days=1)
# No backup of keys is kept for longer than 30 days.
_LONG_AGO = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Saved:
    """The last save of a case: who and when."""

    by: UUID
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Access:
    """A colleague's live grants on a case, each with its reason where one may know it; or the custodians' together."""

    holder: UUID
    grants: tuple[tuple[Grant, str], ...]
    is_somebody: bool = True


def list_case_files(actor: Actor, *, now: datetime) -> list[CaseFile]:
    """List the case files that a person holds a grant on, the newest first."""
    held = vault.list_grants(now, holder=actor.id).values_list("case", flat=True)
    return list(CaseFile.objects.filter(id__in=set(held), shredded_at=None).order_by("-opened_at"))


def held_of(actor: Actor, cases: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Tell which of some things are cases that a person holds a grant on."""
    held = vault.list_grants(now, holder=actor.id).filter(case__in=cases).values_list("case", flat=True)
    return set(CaseFile.objects.filter(id__in=set(held), shredded_at=None).values_list("id", flat=True))


def closed_fields(actor: Actor, case: UUID, section: str, *, now: datetime) -> frozenset[str]:
    """Name the fields of a section that a person may neither see nor write: those of compartments she does not hold."""
    held = set(vault.list_grants(now, case=case, holder=actor.id).values_list("compartment", flat=True))
    fields = compartments().fields.get(section, {})
    return frozenset(name for name, compartment in fields.items() if compartment not in held)


def last_saves(cases: Iterable[UUID]) -> Mapping[UUID, Saved]:
    """Tell of each case who saved it last."""
    outlines = SealedRecord.objects.filter(case__in=cases, row=F("case_id"), version=F("case__version"))
    rows = outlines.values_list("case_id", "saved_by", "saved_at", "version")
    return {case: Saved(by, at, version) for case, by, at, version in rows}


def find_case_file(case: UUID, *, is_sealed: bool = False) -> CaseFile | None:
    """Give a whole case file, unless it was shredded.

    Args:
        case: The case.
        is_sealed: Whether it is known to be a sealed one, which two people open again.

    Raises:
        CannotOpen: if it stands otherwise than the journal says it was saved last: at another version, or as a sealed
            case of which somebody took the bar away.
    """
    file = CaseFile.objects.filter(id=case, shredded_at=None).annotate(saved=journal.last_facts_of_each(SAVED)).first()
    said = json.loads(file.saved) if file is not None and file.saved else {}
    if file is not None and (said.get("version") != file.version or (said.get("standing") == SEALED) != is_sealed):
        raise CannotOpen("this case is not as it was saved last: somebody set it back", hint="tocsin site check")
    return file


def list_set_back(cases: Iterable[UUID]) -> set[UUID]:
    """Tell which whole cases stand at another version than the journal says was saved last."""
    versions = dict(CaseFile.objects.filter(id__in=list(cases), shredded_at=None).values_list("id", "version"))
    saved = {case: json.loads(facts)["version"] for case, facts in journal.last_facts(SAVED, versions).items()}
    return {case for case, version in versions.items() if saved.get(case) != version and _is_set_back(case)}


def _is_set_back(case: UUID) -> bool:
    # Somebody may have saved it after the versions were read and before the journal was.
    try:
        find_case_file(case)
    except CannotOpen:
        return True
    return False


def list_access(actor: Actor, case: UUID, *, now: datetime) -> tuple[Access, ...]:
    """List who may open a case, compartment by compartment: for those who give and end access.

    Why it was given is told of the case, so that looking at it is journalled.
    """
    with transaction.atomic():
        entries.record(actor.id, "casework.access.seen", case, now=now)
    grants = list(vault.list_grants(now, case=case).order_by("given_at"))
    reasons = vault.reasons(vault.open_case(actor.ring, case, now), grants)
    order = list(compartments().words)
    found: dict[UUID, list[tuple[Grant, str]]] = {}
    for grant in sorted(grants, key=lambda each: order.index(each.compartment)):
        found.setdefault(grant.holder, []).append((grant, reasons.get(grant.id, "")))
    together = organisation.holders()
    return tuple(Access(holder, tuple(held), holder not in together) for holder, held in found.items())


def count_sealed(actor: Actor, *, now: datetime) -> int:
    """Count the sealed cases that a person could open; none for who may not open them again."""
    if not may(actor, "case.seal", now=now):
        return 0
    held = vault.all_grants(now, holder=actor.id).filter(compartment=compartments().default)
    return held.filter(case__in=vault.barred().values("case")).count()


def list_readable_entries(actor: Actor, *, now: datetime) -> QuerySet[Entry]:
    """List the journal entries that a person may read, newest first.

    A security officer reads all; who gives access to a case reads what was done to it; everybody reads what they did
    themselves.
    """
    entries = journal.list_entries()
    if may(actor, "journal.read", now=now):
        return entries
    mine = Q(actor=actor.id)
    if may(actor, "case.grant", now=now):
        mine |= Q(subject__in=vault.list_grants(now, holder=actor.id).values("case"))
    return entries.filter(mine)


def gone_by(destroyed_at: datetime) -> datetime:
    """Tell by when no backup holds keys any more that were destroyed at a moment, by shredding or by a new key.

    That moment itself where no backup was made before it. Else the days for which the site keeps backups of its keys,
    counted from the last of them before, and one more, since old ones go when the next is made; it holds if backups go
    on, and if nobody keeps copies for longer. PostgreSQL keeps overwritten keys in its own log, which is kept as long.
    """
    made = journal.list_entries().filter(kind=BACKUP_MADE, at__lte=destroyed_at, at__gt=destroyed_at - _LONG_AGO)
    kept = [at + _kept_for(facts) for at, facts in made.values_list("at", "facts")]
    if connections[KEYS].vendor == "postgresql":
        kept.append(destroyed_at + KEEP_KEYS)
    return max([each + _BETWEEN_BACKUPS for each in kept if each > destroyed_at], default=destroyed_at)


def _kept_for(facts: str) -> timedelta:
    days: int = json.loads(facts).get("keep_days", KEEP_KEYS.days)
    return timedelta(days=days)


def list_shredded() -> list[UUID]:
    """List the cases that were shredded."""
    return list(CaseFile.objects.exclude(shredded_at=None).values_list("id", flat=True))


def list_forgotten() -> list[UUID]:
    """List the cases that were shredded and whose content no other case holds: none took them in that still opens."""
    shredded, pointers, found = set(list_shredded()), merges.list_pointers(), []
    for case in shredded:
        kept: UUID | None = case
        while kept in shredded:
            kept = pointers.get(kept)
        if kept is None:
            found.append(case)
    return found


def count_damaged() -> int:
    """Count the sealed records that are cut or of an unknown kind, and the cases without the outline of their state."""
    damaged = 0
    for sealed in SealedRecord.objects.values_list("sealed", flat=True).iterator(chunk_size=1_000):
        try:
            key_version_of(bytes(sealed))
        except Locked:
            damaged += 1
    outlines = set(SealedRecord.objects.filter(row=F("case_id")).values_list("case_id", "version"))
    files = CaseFile.objects.filter(version__gt=0).values_list("id", "version")
    return damaged + sum(file not in outlines for file in files)
