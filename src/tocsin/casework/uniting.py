"""Two records of a case that are one person, organisation, group or place: saying so, and taking them apart again."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tocsin.accounts.actor import Actor, demand
from tocsin.casework import actions, store
from tocsin.casework.actions import OpenCase
from tocsin.casework.models import Union
from tocsin.casework.parts import compartments, put_together
from tocsin.casework.together import remarks
from tocsin.core.errors import BadRequest, DanglingReference, NotAllowed
from tocsin.core.recording.uniting import Uniting, divided, united
from tocsin.core.records import Case, from_plain
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault
from tocsin.vault.opened import CaseKeys
from tocsin.vault.sealing import Place

LONGEST = 300


class _Written(msgspec.Struct, frozen=True):
    reason: str
    kept: str
    gone: str
    called: str
    remarks: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenUnion:
    """A union with its reason, the ids of the two records, what the one that went was called, and its comments."""

    row: Union
    reason: str = field(repr=False)
    kept: str = field(repr=False)
    gone: str = field(repr=False)
    called: str = field(repr=False)
    remarks: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Same:
    """What somebody says: which record stays, which one goes into it, what that one was called, and why."""

    kept: str = field(repr=False)
    gone: str = field(repr=False)
    called: str = field(repr=False)
    reason: str = field(repr=False)


def unite(actor: Actor, opened: OpenCase, same: Same, *, now: datetime) -> OpenCase:
    """Put two records of a case into one, with everything that names the one that goes.

    Args:
        actor: Who says that they are the same.
        opened: The case as she had it before her.
        same: What she says.
        now: When.

    Raises:
        BadRequest: without a reason, if she does not hold all of the case, or if these two cannot be one.
        BadCase: if the case would contradict itself.
        ChangedMeanwhile: if somebody else changed one of the records since; nothing was saved.
    """
    demand(actor, "case.edit", opened.id, now=now)
    if not same.reason.strip():
        raise BadRequest("say by what you know that they are the same")
    _demand_whole(opened)
    uniting = Uniting(
        str(actor.id), timezone.localdate(now), secrets.token_hex(4), gettext("one person was here twice")
    )
    with transaction.atomic():
        saved = actions.save_case(actor, opened, united(opened.case, same.kept, same.gone, uniting), now=now)
        keys = vault.open_case(actor.ring, opened.id, now)
        moved = remarks.move(keys, same.gone, same.kept)
        row = Union(id=uuid4(), case_id=opened.id, before=saved.version - 1, after=saved.version, by=actor.id, at=now)
        written = msgspec.json.encode(_Written(same.reason.strip(), same.kept, same.gone, same.called, moved))
        row.sealed = keys[compartments().default].seal(written, _place(row))
        row.save(force_insert=True)
        journal.record(actor.id, "casework.record.united", opened.id, now=now, union=row.id)
    return saved


def undo(actor: Actor, case_id: UUID, union_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """Take two records apart that were put into one.

    Returns:
        The ids of the records in which the same was changed since; what was changed stays there.

    Raises:
        BadRequest: if the record that stayed is gone, or what was added since would name nothing any more.
        BadCase: if the case would contradict itself.
    """
    demand(actor, "case.edit", case_id, now=now)
    with transaction.atomic():
        row = Union.objects.select_for_update().filter(id=union_id, case=case_id, undone_at=None).first()
        if row is None:
            raise NotAllowed("there are no such two records, or they were taken apart")
        opened = actions.read_case(actor, case_id, now=now)
        _demand_whole(opened)
        keys = vault.open_case(actor.ring, case_id, now)
        done = open_union(keys, row)
        if done.kept not in opened.case.by_id:
            raise BadRequest("the record that stayed is gone since: put it back first, or undo what it went into")
        try:
            apart, told = divided(opened.case, _at(keys, row.before), _at(keys, row.after))
        except DanglingReference as error:
            raise BadRequest("something that was added since names a record that would go: change it first") from error
        actions.save_case(actor, opened, apart, now=now)
        remarks.move(keys, done.kept, done.gone, only=done.remarks)
        Union.objects.filter(id=row.id).update(undone_at=now, undone_by=actor.id)
        journal.record(actor.id, "casework.record.divided", case_id, now=now, union=row.id, changed=len(told))
    return told


def list_unions(keys: CaseKeys) -> tuple[OpenUnion, ...]:
    """Open what was said of a case so far, undone or not, the newest first.

    Raises:
        CannotOpen: if somebody tampered with one.
    """
    return tuple(open_union(keys, row) for row in Union.objects.filter(case=keys.case).order_by("-at"))


def open_union(keys: CaseKeys, row: Union) -> OpenUnion:
    """Open a union.

    Raises:
        CannotOpen: if somebody tampered with it.
    """
    written = keys[compartments().default].open(bytes(row.sealed), _place(row))
    said = msgspec.json.decode(written, type=_Written)
    return OpenUnion(row, said.reason, said.kept, said.gone, said.called, said.remarks)


def holds_whole(opened: OpenCase) -> bool:
    """Tell whether somebody holds all parts of a case; what is closed to her would be left behind."""
    return not opened.state.closed


def demand_none_since(case_id: UUID, version: int) -> None:
    """Refuse to part two cases of which records were united: those would name what goes.

    Raises:
        BadRequest: if that was done behind a version and is not undone.
    """
    if Union.objects.filter(case=case_id, undone_at=None, after__gt=version).exists():
        raise BadRequest("two records were said to be the same since: take them apart first")


def _demand_whole(opened: OpenCase) -> None:
    if not holds_whole(opened):
        raise BadRequest("you do not hold all parts of this case: let a colleague say it who does")


def _at(keys: CaseKeys, version: int) -> Case:
    return from_plain(put_together(store.read(keys, version).parts))


def _place(row: Union) -> Place:
    return Place("union", row.id, f"union {row.case_id}")
