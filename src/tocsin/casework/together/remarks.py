"""Tasks and comments of a case: sealed like its records, and for those alone who may open it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.casework.models import CaseFile, Remark
from tocsin.casework.parts import compartments
from tocsin.core.errors import BadRequest, CannotOpen, Locked, NotAllowed
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault
from tocsin.vault.opened import CaseKeys
from tocsin.vault.sealing import Place

TASK, COMMENT = "task", "comment"
# What else lies in the same table: that somebody asks to let more people see a record (`casework.lowering`).
CLASS = "class"
LONGEST = 2_000
_MADE = {TASK: "casework.task.set", COMMENT: "casework.comment.made"}
_SETTLED = {TASK: "casework.task.done", COMMENT: "casework.comment.resolved"}
_REOPENED = {TASK: "casework.task.reopened", COMMENT: "casework.comment.reopened"}


class _Said(msgspec.Struct, frozen=True):
    text: str
    about: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A task or a comment that was opened.

    Attributes:
        row: Its row: who, to whom, when, settled by whom.
        text: What is to be done, or what is remarked; nothing where somebody tampered with it.
        about: The id of the record that it stands beside; empty where it is about the case.
        until: The day by which a task is to be done.
    """

    row: Remark
    text: str = field(repr=False)
    about: str = ""
    until: dt.date | None = None
    is_broken: bool = False

    @property
    def id(self) -> UUID:
        """Give its id."""
        return self.row.id


def set_task(actor: Actor, case_id: UUID, text: str, *, to: UUID, until: dt.date | None, now: datetime) -> UUID:
    """Ask a colleague, or oneself, to do something for a case until a day.

    Raises:
        BadRequest: if nothing is said, or the colleague may not open the case.
    """
    row = Remark(case_id=case_id, kind=TASK, compartment=compartments().default, by=actor.id, to=to, at=now)
    return _make(actor, row, _Said(text.strip(), until=until), now)


def comment(
    actor: Actor,
    case_id: UUID,
    text: str,
    *,
    about: str = "",
    to: UUID | None = None,
    compartment: str = "",
    now: datetime,
) -> UUID:
    """Say something about a record of a case, or about the case, for all who hold a compartment of it.

    Args:
        actor: Who says it.
        case_id: The case.
        text: What.
        about: The id of the record.
        to: A colleague who is to look at it; she has to hold the compartment.
        compartment: Who may read it; the facts if it is not said.
        now: When.

    Raises:
        BadRequest: if nothing is said, or the colleague may not open it.
    """
    sealed_for = compartment or compartments().default
    row = Remark(case_id=case_id, kind=COMMENT, compartment=sealed_for, by=actor.id, to=to, at=now)
    return _make(actor, row, _Said(text.strip(), about), now)


def _make(actor: Actor, row: Remark, said: _Said, now: datetime) -> UUID:
    demand(actor, "case.read", row.case_id, now=now)
    if not said.text:
        raise BadRequest("write what it is about")
    if row.to is not None and not _opens(row.to, row, now):
        raise BadRequest("this colleague cannot open it: choose somebody who has access")
    with transaction.atomic():
        keys = vault.open_case(actor.ring, _existing(row.case_id), now)
        row.id = uuid4()
        row.sealed = keys[row.compartment].seal(msgspec.json.encode(said), _place(row))
        row.save(force_insert=True)
        facts = {"remark": row.id} | ({"to": row.to} if row.to else {})
        journal.record(actor.id, _MADE[row.kind], row.case_id, now=now, **facts)
    return row.id


def _opens(holder: UUID, row: Remark, now: datetime) -> bool:
    return vault.list_grants(now, case=row.case_id, holder=holder).filter(compartment=row.compartment).exists()


def _existing(case_id: UUID) -> UUID:
    if not CaseFile.objects.filter(id=case_id, shredded_at=None).exists():
        raise NotAllowed("there is no such case, or you may not open it")
    return case_id


def settle(actor: Actor, case_id: UUID, remark_id: UUID, *, now: datetime) -> None:
    """Say that a task is done, or that a comment is resolved; nothing happens where somebody said so before."""
    _turn(actor, case_id, remark_id, settled=True, now=now)


def reopen(actor: Actor, case_id: UUID, remark_id: UUID, *, now: datetime) -> None:
    """Say that a task is not done after all, or that a comment is open again."""
    _turn(actor, case_id, remark_id, settled=False, now=now)


def _turn(actor: Actor, case_id: UUID, remark_id: UUID, *, settled: bool, now: datetime) -> None:
    demand(actor, "case.read", case_id, now=now)
    row = Remark.objects.filter(id=remark_id, case=case_id, case__shredded_at=None).first()
    if row is None or row.kind not in _MADE or not _opens(actor.id, row, now):
        raise NotAllowed("there is no such remark, or you may not see it")
    with transaction.atomic():
        mine = Remark.objects.filter(id=remark_id, settled_at__isnull=settled)
        if mine.update(settled_at=now if settled else None, settled_by=actor.id if settled else None):
            kind = (_SETTLED if settled else _REOPENED)[row.kind]
            journal.record(actor.id, kind, case_id, now=now, remark=remark_id)


def list_remarks(keys: CaseKeys) -> tuple[Said, ...]:
    """Open the tasks and comments of a case that one may read, in the order in which they were made."""
    rows = Remark.objects.filter(case=keys.case, compartment__in=list(keys.compartments), kind__in=(TASK, COMMENT))
    return tuple(open_remark(keys, row) for row in rows.order_by("at", "id"))


def move(keys: CaseKeys, gone: str, kept: str, *, only: Iterable[UUID] | None = None) -> tuple[UUID, ...]:
    """Let the comments beside a record stand beside another one; give their ids.

    Args:
        keys: Those of the case.
        gone: The record beside which they stand.
        kept: That beside which they are to stand.
        only: Which of them; all of them if it is not said.
    """
    beside = [each for each in list_remarks(keys) if each.about == gone and (only is None or each.id in set(only))]
    for each in beside:
        said = msgspec.json.encode(_Said(each.text, kept, each.until))
        sealed = keys[each.row.compartment].seal(said, _place(each.row))
        Remark.objects.filter(id=each.id).update(sealed=sealed)
    return tuple(each.id for each in beside)


def open_remark(keys: CaseKeys, row: Remark) -> Said:
    """Open one; where somebody tampered with it, that is what it says."""
    try:
        said = msgspec.json.decode(keys[row.compartment].open(bytes(row.sealed), _place(row)), type=_Said)
    except Locked:
        return Said(row, "", is_broken=True)
    except msgspec.ValidationError as error:
        raise CannotOpen("this remark was written by another version") from error
    return Said(row, said.text, said.about, said.until)


def _place(row: Remark) -> Place:
    # Who said it and to whom is part of the place: a row that somebody readdressed opens no more.
    return Place("remark", row.id, f"{row.kind} {row.by} {row.to}")
