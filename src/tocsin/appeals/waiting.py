"""All appeals of the cases that somebody holds: where each stands, and which wait for her."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tocsin.accounts.actor import Actor, demand, verbs_of_roles
from tocsin.appeals import pages, stating, store
from tocsin.appeals.models import Appeal, Recall
from tocsin.appeals.store import OpenDraft
from tocsin.appeals.tables import ABANDONED, APPROVED, CLEARED, IN_REVIEW, PUBLISHED, Gate, gates
from tocsin.casework.parts import compartments
from tocsin.core.errors import Locked
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault

MOST = 200
# By which verbs an appeal goes on from where it stands; in review by those of the gates that are open.
_GOES_ON = {IN_REVIEW: (), CLEARED: ("appeal.approve",), APPROVED: ("appeal.release",)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One appeal of the list: its title, and what of it waits for the person who looks.

    `title` is empty where somebody tampered with it. `follows` is the code of the appeal of which it is a follow-up.
    """

    row: Appeal
    title: str
    language: str
    gates: tuple[Gate, ...] = ()
    approves: bool = False
    releases: bool = False
    agrees: bool = False
    follows: str = ""

    @property
    def waits(self) -> bool:
        """Tell whether it waits for her."""
        return bool(self.gates) or self.approves or self.releases or self.agrees


def list_waiting(actor: Actor, *, now: datetime) -> tuple[Waiting, ...]:
    """List the appeals of all cases that somebody holds, those that wait for her first, then the newest."""
    demand(actor, "case.read", now=now)
    grants = vault.list_grants(now, holder=actor.id).filter(compartment=compartments().default)
    rows = Appeal.objects.filter(vault.among(grants, "case_id"), case__shredded_at=None).exclude(state=ABANDONED)
    with transaction.atomic():
        journal.record(actor.id, "appeals.appeals.listed", now=now)
        found = [
            _waiting(actor, row, now) for row in rows.select_related("case", "follows").order_by("-opened_at")[:MOST]
        ]
    return tuple(sorted(found, key=lambda each: not each.waits))


def count_waiting(actor: Actor, *, now: datetime) -> int:
    """Count what waits for somebody, appeals and statements, by what anybody may see of them: none is opened."""
    grants = vault.list_grants(now, holder=actor.id).filter(compartment=compartments().default)
    held = Appeal.objects.filter(vault.among(grants, "case_id"), case__shredded_at=None)
    rows = held.filter(Q(state__in=_GOES_ON) | Q(id__in=_recalls().values("appeal")))
    asked = len(stating.list_waiting(actor, now=now))
    mine = {verb for role, verbs in verbs_of_roles().items() if role in actor.roles for verb in verbs}
    return asked + sum(
        bool(mine & awaited(row)) and actor.id not in spent(row) for row in rows.order_by("-opened_at")[:MOST]
    )


def awaited(row: Appeal) -> frozenset[str]:
    """Give the verbs of `roles.toml` by which an appeal goes on from where it stands, by its rows alone."""
    if row.state == IN_REVIEW:
        answered = row.clearance_set.filter(version=row.version).values_list("gate", flat=True)
        return frozenset(gate.verb for code, gate in gates().items() if code not in set(answered))
    if row.state == PUBLISHED:
        return frozenset({"appeal.retract"} if _recalls().filter(appeal=row).exists() else ())
    return frozenset(_GOES_ON.get(row.state, ()))


def spent(row: Appeal) -> set[UUID]:
    """Give who may not take the next step although her role could: whoever wrote, approved or asked already."""
    wrote = row.draft_set.values_list("saved_by", flat=True)
    if row.state == CLEARED:
        return {*wrote, *row.approval_set.filter(version=row.version).values_list("by", flat=True)}
    if row.state == PUBLISHED:
        return set(_recalls().filter(appeal=row).values_list("by", flat=True))
    return set(wrote) if row.state == IN_REVIEW else set()


def _recalls() -> QuerySet[Recall]:
    """Give the wishes to take an appeal back that somebody else has to agree to."""
    return Recall.objects.filter(ended_at=None)


def _waiting(actor: Actor, row: Appeal, now: datetime) -> Waiting:
    try:
        draft = store.open_draft(store.keys_of(actor, row.case_id, now), row)
    except Locked:
        return Waiting(row, "", "")
    document = draft.content.source.composition.document
    follows = row.follows.code if row.follows else draft.content.follows
    title = document.title.text if document.title else ""
    said = Waiting(row, title, document.language or "", follows=follows)
    return _with_steps(actor, draft, said, now)


def _with_steps(actor: Actor, draft: OpenDraft, said: Waiting, now: datetime) -> Waiting:
    mine = tuple(each.gate for each in pages.gates_of(actor, draft, now=now) if each.is_mine)
    step = pages.next_of(actor, draft, now=now)
    approves = step.approves and not step.has_approved
    agrees = step.retracts and bool(awaited(draft.row)) and actor.id not in spent(draft.row)
    return replace(said, gates=mine, approves=approves, releases=step.releases, agrees=agrees)
