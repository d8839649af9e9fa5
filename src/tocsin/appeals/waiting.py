"""All appeals of the cases that somebody holds: where each stands, and which wait for her."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.appeals import pages, store
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import OpenDraft
from tocsin.appeals.tables import ABANDONED, Gate
from tocsin.casework.parts import compartments
from tocsin.core.errors import Locked
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One appeal of the list: its title, and what of it waits for the person who looks.

    `title` is empty where somebody tampered with it.
    """

    row: Appeal
    title: str
    language: str
    gates: tuple[Gate, ...] = ()
    approves: bool = False
    releases: bool = False

    @property
    def waits(self) -> bool:
        """Tell whether it waits for her."""
        return bool(self.gates) or self.approves or self.releases


def list_waiting(actor: Actor, *, now: datetime) -> tuple[Waiting, ...]:
    """List the appeals of all cases that somebody holds, those that wait for her first, then the newest."""
    demand(actor, "case.read", now=now)
    grants = vault.list_grants(now, holder=actor.id).filter(compartment=compartments().default)
    rows = Appeal.objects.filter(case__in=grants.values("case"), case__shredded_at=None).exclude(state=ABANDONED)
    with transaction.atomic():
        journal.record(actor.id, "appeals.appeals.listed", now=now)
        found = [_waiting(actor, row, now) for row in rows.select_related("case").order_by("-opened_at")[:MOST]]
    return tuple(sorted(found, key=lambda each: not each.waits))


def _waiting(actor: Actor, row: Appeal, now: datetime) -> Waiting:
    try:
        draft = store.open_draft(store.keys_of(actor, row.case_id, now), row)
    except Locked:
        return Waiting(row, "", "")
    document = draft.content.source.composition.document
    said = Waiting(row, document.title.text if document.title else "", document.language or "")
    return _with_steps(actor, draft, said, now)


def _with_steps(actor: Actor, draft: OpenDraft, said: Waiting, now: datetime) -> Waiting:
    mine = tuple(each.gate for each in pages.gates_of(actor, draft, now=now) if each.is_mine)
    step = pages.next_of(actor, draft, now=now)
    approves = step.approves and not _has_approved(actor.id, draft)
    return Waiting(said.row, said.title, said.language, mine, approves, step.releases)


def _has_approved(who: UUID, draft: OpenDraft) -> bool:
    return draft.row.approval_set.filter(version=draft.version, by=who).exists()
