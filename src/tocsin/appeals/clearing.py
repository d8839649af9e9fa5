"""The gates of a review: five questions, each answered and signed by somebody who wrote nothing in the appeal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from tocsin.accounts.actor import Actor
from tocsin.appeals.models import Clearance
from tocsin.appeals.store import AppealKey, OpenDraft, hold
from tocsin.appeals.tables import gates, moved
from tocsin.core.errors import BadRequest, Locked
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault
from tocsin.vault.sealing import Place, framed


@dataclass(frozen=True, slots=True)
class OpenClearance:
    """What somebody said at a gate, and whether it counts."""

    row: Clearance
    words: str = field(repr=False)
    counts: bool


def clear(actor: Actor, key: AppealKey, gate: str, *, seen: int, words: str = "", now: datetime) -> None:
    """Sign that a version passes a gate.

    Raises:
        BadRequest: if she wrote in it, the gate is cleared already, or the appeal is not in review.
        ChangedMeanwhile: if it is another version by now.
    """
    with hold(actor, _verb(gate), key, seen=seen, now=now) as draft:
        state = moved(draft.row.state, "clear")
        _sign(actor, draft, gate, passed=True, words=words, now=now)
        if all(cleared(draft).values()):
            state = moved(draft.row.state, "clear_last")
        draft.row.state = state
        draft.row.save(update_fields=["state"])
        _write_down(actor, "appeals.gate.cleared", draft, gate, now)


def send_back(actor: Actor, key: AppealKey, gate: str, *, seen: int, words: str, now: datetime) -> None:
    """Sign that a version does not pass a gate, and say what is to be changed.

    Raises:
        BadRequest: if nothing is said, or she wrote in it.
        ChangedMeanwhile: if it is another version by now.
    """
    if not words.strip():
        raise BadRequest("say what is to be changed")
    with hold(actor, _verb(gate), key, seen=seen, now=now) as draft:
        draft.row.state = moved(draft.row.state, "send_back")
        _sign(actor, draft, gate, passed=False, words=words, now=now)
        draft.row.save(update_fields=["state"])
        _write_down(actor, "appeals.gate.failed", draft, gate, now)


def send_back_from_approval(actor: Actor, key: AppealKey, *, seen: int, words: str, now: datetime) -> None:
    """Sign, as somebody who approves, that a version is not approved, and say why.

    Raises:
        BadRequest: if nothing is said, or she wrote in it.
        ChangedMeanwhile: if it is another version by now.
    """
    if not words.strip():
        raise BadRequest("say what is to be changed")
    with hold(actor, "appeal.approve", key, seen=seen, now=now) as draft:
        draft.row.state = moved(draft.row.state, "send_back")
        _sign(actor, draft, APPROVAL, passed=False, words=words, now=now)
        draft.row.save(update_fields=["state"])
        _write_down(actor, "appeals.gate.failed", draft, APPROVAL, now)


# What is said behind the last gate.
APPROVAL = "approval"


def _write_down(actor: Actor, kind: str, draft: OpenDraft, gate: str, now: datetime) -> None:
    facts: dict[str, UUID | str | int] = {"case": draft.row.case_id, "gate": gate, "version": draft.version}
    journal.record(actor.id, kind, draft.row.id, now=now, **facts)


def _verb(gate: str) -> str:
    found = gates().get(gate)
    if found is None:
        raise BadRequest("there is no such gate")
    return found.verb


def _sign(actor: Actor, draft: OpenDraft, gate: str, *, passed: bool, words: str, now: datetime) -> None:
    if actor.id in draft.writers:
        raise BadRequest("whoever wrote in an appeal clears no gate of it")
    if Clearance.objects.filter(appeal=draft.row, version=draft.version, gate=gate, passed=passed).exists():
        raise BadRequest("this gate was answered already")
    row = Clearance(id=uuid4(), appeal=draft.row, version=draft.version, gate=gate, passed=passed, by=actor.id, at=now)
    row.author, row.editor = draft.author, draft.editor
    row.sealed = draft.keys.seal(words.strip().encode(), _place(row))
    row.signature = actor.ring.signature(_message(row, draft))
    row.save(force_insert=True)


def list_clearances(draft: OpenDraft) -> Mapping[str, OpenClearance]:
    """Give what was said of a version, by its gate; that it does not pass goes before that it does."""
    rows = Clearance.objects.filter(appeal=draft.row.id, version=draft.version).order_by("-passed", "at")
    return {row.gate: _open(row, draft) for row in rows}


def cleared(draft: OpenDraft) -> Mapping[str, bool]:
    """Tell of each gate whether the version passed it, by signatures that hold."""
    said = list_clearances(draft)
    return {gate: gate in said and said[gate].row.passed and said[gate].counts for gate in gates()}


def who_cleared(draft: OpenDraft, gate: str) -> UUID | None:
    """Give who cleared a gate."""
    said = list_clearances(draft).get(gate)
    return said.row.by if said and said.counts and said.row.passed else None


def _open(row: Clearance, draft: OpenDraft) -> OpenClearance:
    try:
        words = draft.keys.open(bytes(row.sealed), _place(row)).decode()
        signed = vault.vouched_keys(row.by).signed(_message(row, draft), bytes(row.signature))
    except Locked:
        return OpenClearance(row, "", counts=False)
    return OpenClearance(row, words, counts=signed and row.by not in draft.writers)


def _message(row: Clearance, draft: OpenDraft) -> bytes:
    """Give what is signed: this answer to this question, about exactly this text."""
    said = b"passed" if row.passed else b"failed"
    return framed(b"tocsin clearance 1", draft.row.id.bytes, row.gate.encode(), said, draft.digest)


def _place(row: Clearance) -> Place:
    return Place("appeal_clearance", row.id, f"words {row.appeal_id} {row.by}")
