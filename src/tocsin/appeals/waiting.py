"""All appeals of the cases that somebody holds: where each stands, and which wait for her."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from tocsin.accounts.actor import Actor, demand, verbs_of_roles
from tocsin.appeals import pages, stating, store
from tocsin.appeals.hatch import APPROVE
from tocsin.appeals.models import Appeal, Draft, Recall
from tocsin.appeals.standing import list_standings
from tocsin.appeals.store import RETRACT, OpenDraft
from tocsin.appeals.tables import ABANDONED, APPROVED, CLEARED, IN_REVIEW, Gate, gates
from tocsin.casework.parts import compartments
from tocsin.core.errors import CannotOpen, Locked
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault
from tocsin.vault.opened import CompartmentKeys

# So many are listed beside all that wait for somebody.
MOST = 200
RELEASE = "appeal.release"
_GO_ON = (IN_REVIEW, CLEARED, APPROVED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One appeal of the list: its title, and what of it waits for the person who looks.

    `title` is empty where somebody tampered with it. `follows` is the code of the appeal of which it is a follow-up,
    `standing` where it stands by the hour and by what came later.
    """

    row: Appeal
    title: str
    language: str
    gates: tuple[Gate, ...] = ()
    approves: bool = False
    releases: bool = False
    agrees: bool = False
    follows: str = ""
    standing: str = ""

    @property
    def waits(self) -> bool:
        """Tell whether it waits for her."""
        return bool(self.gates) or self.approves or self.releases or self.agrees


def list_waiting(actor: Actor, *, now: datetime) -> tuple[Waiting, ...]:
    """List the appeals of all cases that somebody holds: all that wait for her, then the newest of the others."""
    demand(actor, "case.read", now=now)
    held = _held(actor, now)
    waits = _waits_for(actor, held)
    others = held.exclude(state=ABANDONED).exclude(id__in=[row.id for row in waits])
    with transaction.atomic():
        journal.record(actor.id, "appeals.appeals.listed", now=now)
        newest = others.select_related("follows").order_by("-opened_at")[:MOST]
        listed = [*(_waiting(actor, row, now) for row in waits), *(_listed(actor, row, now) for row in newest)]
    drafts = {said.row.id: draft for said, draft in listed}
    stand = list_standings([said.row for said, _ in listed], lambda row: drafts[row.id], now=now)
    found = [replace(said, standing=stand[said.row.id]) for said, _ in listed]
    return tuple(sorted(found, key=lambda each: not each.waits))


def count_waiting(actor: Actor, *, now: datetime) -> int:
    """Count what waits for somebody, appeals and statements, by what anybody may see of them: none is opened."""
    return len(stating.list_waiting(actor, now=now)) + len(_waits_for(actor, _held(actor, now)))


def _held(actor: Actor, now: datetime) -> QuerySet[Appeal]:
    grants = vault.list_grants(now, holder=actor.id).filter(compartment=compartments().default)
    return Appeal.objects.filter(vault.among(grants, "case_id"), case__shredded_at=None)


def _waits_for(actor: Actor, held: QuerySet[Appeal]) -> list[Appeal]:
    """Give all appeals whose next step somebody may take, the newest first, by their rows alone."""
    on_their_way = held.filter(Q(state__in=_GO_ON) | Q(id__in=_recalls().values("appeal")))
    rows = with_steps(on_their_way).select_related("follows").order_by("-opened_at")
    return [row for row in rows if _verbs_for(actor, row)]


def _verbs_for(actor: Actor, row: Appeal) -> set[str]:
    """Give the verbs by which an appeal waits for somebody."""
    mine = {verb for role, verbs in verbs_of_roles().items() if role in actor.roles for verb in verbs}
    steps = {**steps_on(row), **steps_back(row)}
    return {verb for verb, spent in steps.items() if verb in mine and actor.id not in spent}


def with_steps(rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    """Give appeals with who wrote, cleared, approved and asked, in as many queries for many as for one."""
    saved = Prefetch("draft_set", Draft.objects.defer("sealed"))
    return rows.prefetch_related(saved, "clearance_set", "approval_set", Prefetch("recall_set", _recalls()))


# The verbs of `roles.toml` that are awaited, each with who may not although her role could.
Steps = Mapping[str, set[UUID]]


def steps_on(row: Appeal) -> Steps:
    """Tell by which verbs an appeal goes on from where it stands, by its rows (`with_steps`).

    Whoever wrote in it neither clears nor approves it, and nobody approves twice.
    """
    wrote = {each.saved_by for each in row.draft_set.all()}
    if row.state == IN_REVIEW:
        answered = {each.gate for each in row.clearance_set.all() if each.version == row.version}
        return {gate.verb: wrote for code, gate in gates().items() if code not in answered}
    if row.state == CLEARED:
        return {APPROVE: wrote | {each.by for each in row.approval_set.all() if each.version == row.version}}
    return {RELEASE: set()} if row.state == APPROVED else {}


def steps_back(row: Appeal) -> Steps:
    """Tell by which verb an appeal is taken back, if somebody asks for that, whether or not it is being corrected."""
    asked = {each.by for each in row.recall_set.all()}
    return {RETRACT: asked} if asked and row.is_public else {}


def _recalls() -> QuerySet[Recall]:
    """Give the wishes to take an appeal back that somebody else has to agree to."""
    return Recall.objects.filter(ended_at=None)


def _waiting(actor: Actor, row: Appeal, now: datetime) -> tuple[Waiting, OpenDraft | None]:
    listed, draft = _listed(actor, row, now)
    return (_with_steps(actor, draft, listed, now) if draft else listed), draft


def _listed(actor: Actor, row: Appeal, now: datetime) -> tuple[Waiting, OpenDraft | None]:
    try:
        draft = store.open_draft(store.keys_of(actor, row.case_id, now), row)
    except Locked:
        return Waiting(row, "", ""), None
    follows = row.follows.code if row.follows else draft.content.follows
    return Waiting(row, *_title_of(draft), follows=follows), draft


def title_in(keys: CompartmentKeys, row: Appeal) -> tuple[str, str]:
    """Give the title of the newest version of an appeal, and its language; nothing where somebody tampered with it."""
    try:
        return _title_of(store.open_draft(keys, row))
    except CannotOpen:
        return "", ""


def _title_of(draft: OpenDraft) -> tuple[str, str]:
    document = draft.content.source.composition.document
    return document.title.text if document.title else "", document.language or ""


def _with_steps(actor: Actor, draft: OpenDraft, said: Waiting, now: datetime) -> Waiting:
    mine = tuple(each.gate for each in pages.gates_of(actor, draft, now=now) if each.is_mine)
    step = pages.next_of(actor, draft, now=now)
    approves = step.approves and not step.has_approved
    return replace(
        said, gates=mine, approves=approves, releases=step.releases, agrees=RETRACT in _verbs_for(actor, draft.row)
    )
