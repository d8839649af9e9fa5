"""Taking a published appeal back: one approver asks and signs, another one signs the same, and it is gone.

One that waits for its hour anybody who works on its case holds back alone, and without a key.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.appeals import store
from tocsin.appeals.checking import demand_hides
from tocsin.appeals.models import Appeal, Recall
from tocsin.appeals.store import AppealKey, OpenDraft
from tocsin.appeals.tables import moved
from tocsin.casework.actions import read_to_compare
from tocsin.core.errors import BadRequest
from tocsin.core.publication import Retraction, Signature, Words, key_id_of
from tocsin.journal import actions as journal
from tocsin.publishing import actions as publishing
from tocsin.publishing import signatories
from tocsin.vault import queries as vault
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place

RETRACT, HOLD_BACK = store.RETRACT, "appeal.hold_back"


@dataclass(frozen=True, slots=True)
class OpenRecall:
    """A wish to take an appeal back: who has it, and what readers will be told."""

    row: Recall
    note: str = field(repr=False)


def ask(actor: Actor, key: AppealKey, note: str, *, now: datetime) -> None:
    """Ask that a published appeal is taken back, with the first of two signatures.

    Args:
        actor: Who asks.
        key: The appeal.
        note: What readers are told instead of the appeal; it names nobody.
        now: When.

    Raises:
        BadRequest: if it is not published, somebody asks already, nothing is said, or somebody named who is hidden.
    """
    if not note.strip():
        raise BadRequest("say what readers are told")
    with store.hold(actor, RETRACT, key, now=now) as draft:
        _retracted(draft.row)
        if find(draft.keys, key.appeal) is not None:
            raise BadRequest("somebody asks for this already")
        demand_hides(read_to_compare(actor, RETRACT, key.case, now=now), note)
        row = Recall(id=uuid4(), appeal=draft.row, by=actor.id, at=now.astimezone(UTC).replace(microsecond=0))
        row.sealed = draft.keys.seal(note.strip().encode(), _place(row))
        row.signature = actor.ring.signature(_retraction(draft, row, note.strip()).message)
        row.save(force_insert=True)
        journal.record(actor.id, "appeals.recall.asked", key.appeal, now=now, case=key.case)


def agree(actor: Actor, key: AppealKey, *, now: datetime) -> None:
    """Take it back, as another approver than who asked.

    Raises:
        BadRequest: if nobody asks, or she asked herself.
        NotSigned: if one of the two is no signatory.
    """
    with store.hold(actor, RETRACT, key, now=now) as draft:
        asked = find(draft.keys, key.appeal)
        if asked is None:
            raise BadRequest("nobody asks for this")
        if asked.row.by == actor.id:
            raise BadRequest("another person than who asked has to agree")
        retraction = _retraction(draft, asked.row, asked.note)
        first = Signature(_key_of(asked.row.by), bytes(asked.row.signature))
        publishing.retract(signatories.sign(replace(retraction, signatures=(first,)), actor.ring), now=now)
        draft.row.state = _retracted(draft.row)
        draft.row.save(update_fields=["state"])
        Recall.objects.filter(id=asked.row.id).update(ended_at=now)
        journal.record(actor.id, "appeals.appeal.retracted", key.appeal, now=now, case=key.case)


def leave(actor: Actor, key: AppealKey, *, now: datetime) -> None:
    """Let a published appeal stand after all."""
    with store.hold(actor, RETRACT, key, now=now) as draft:
        if Recall.objects.filter(appeal=draft.row, ended_at=None).update(ended_at=now):
            journal.record(actor.id, "appeals.recall.left", key.appeal, now=now, case=key.case)


def hold_back(actor: Actor, key: AppealKey, *, now: datetime) -> None:
    """Keep an appeal that waits for its hour from showing, until a version of it has gone the whole way anew.

    Raises:
        BadRequest: if it shows already, or nothing of it was published.
    """
    demand(actor, HOLD_BACK, key.case, now=now)
    with transaction.atomic():
        row = store.get_row(key, for_writing=True)
        if not publishing.hold_back(row.code, now=now):
            raise BadRequest("it does not wait for its hour: what shows already is taken back by two approvers")
        journal.record(actor.id, "appeals.appeal.held_back", row.id, now=now, case=key.case, version=row.published)


def find(keys: CompartmentKeys, appeal: UUID) -> OpenRecall | None:
    """Give the wish to take an appeal back, if somebody has it."""
    row = Recall.objects.filter(appeal=appeal, ended_at=None).first()
    return OpenRecall(row, keys.open(bytes(row.sealed), _place(row)).decode()) if row else None


def is_asked(row: Appeal) -> bool:
    """Tell whether somebody asks to take an appeal back."""
    return Recall.objects.filter(appeal=row, ended_at=None).exists()


def _retracted(row: Appeal) -> str:
    """Give the state of an appeal that is taken back.

    Raises:
        BadRequest: if nothing of it is public.
    """
    if not row.is_public:
        raise BadRequest("this is not possible where the appeal stands now")
    return moved(row.state, "retract")


def _retraction(draft: OpenDraft, row: Recall, note: str) -> Retraction:
    return Retraction(draft.row.code, row.at.astimezone(UTC), (Words(draft.content.source.language, note),))


def _key_of(holder: UUID) -> str:
    return key_id_of(vault.vouched_keys(holder).sign)


def _place(row: Recall) -> Place:
    return Place("appeal_recall", row.id, f"note {row.appeal_id} {row.by}")
