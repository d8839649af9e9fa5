"""Two files of one case: merging them with all records, and undoing that so that both are as they were."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.casework import actions, merges, store, uniting
from tocsin.casework.actions import OpenCase
from tocsin.casework.models import CaseFile, Merge
from tocsin.casework.parts import compartments, put_together
from tocsin.core.errors import BadRequest, DanglingReference, NotAllowed
from tocsin.core.records import Case, changed_after, from_plain, joined, parted
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault
from tocsin.vault.opened import CaseKeys
from tocsin.vault.sealing import Place

LONGEST = 300


class _Written(msgspec.Struct, frozen=True):
    reason: str
    names: dict[str, str]
    version: int


@dataclass(frozen=True, slots=True)
class OpenMerge:
    """A merge with its reason, the ids that records got by it, and the version in which the other case came."""

    row: Merge
    reason: str = field(repr=False)
    names: dict[str, str] = field(repr=False)
    version: int = 0


def merge(actor: Actor, kept_id: UUID, other_id: UUID, *, reason: str, now: datetime) -> OpenMerge:
    """Take all records of another case into one; the other stays as it is, and is a pointer from then on.

    Raises:
        BadRequest: without a reason, if one does not hold all of both, or if one of them was merged already.
        BadCase: if the times of both together exclude one another.
    """
    for each in (kept_id, other_id):
        demand(actor, "case.edit", each, now=now)
    if not reason.strip():
        raise BadRequest("cases are merged for a reason")
    if kept_id == other_id:
        raise BadRequest("this is the same case")
    with transaction.atomic():
        # In one order, so that two people who merge the same two wait for one another.
        list(CaseFile.objects.select_for_update().filter(id__in=[kept_id, other_id]).order_by("id"))
        if any(merges.find_pointer(each) for each in (kept_id, other_id)):
            raise BadRequest("one of the two was merged already")
        kept = actions.read_case(actor, kept_id, now=now)
        other = actions.read_case(actor, other_id, now=now)
        keys = _all_of_both(actor, kept, other, now)
        case, names = joined(kept.case, other.case)
        saved = actions.save_case(actor, kept, case, now=now)
        row = Merge(
            id=uuid4(), kept_id=kept_id, gone_id=other_id, before=kept.version, after=saved.version, by=actor.id, at=now
        )
        written = msgspec.json.encode(_Written(reason.strip(), names, other.version))
        row.sealed = keys[compartments().default].seal(written, _place(row))
        row.save(force_insert=True)
        journal.record(actor.id, "casework.case.merged", other_id, now=now, into=kept_id)
        journal.record(actor.id, "casework.case.took_in", kept_id, now=now, other=other_id)
    return OpenMerge(row, reason.strip(), names, other.version)


def _all_of_both(actor: Actor, kept: OpenCase, other: OpenCase, now: datetime) -> CaseKeys:
    """Refuse to merge what one sees only in part: what is closed to her would stay behind, and nobody would know."""
    keys = vault.open_case(actor.ring, kept.id, now)
    wanted = {line.compartment for line in other.state.lines.values()}
    if kept.state.closed or other.state.closed or not wanted <= keys.compartments.keys():
        raise BadRequest("you do not hold all parts of both cases: let a colleague merge them who does")
    return keys


def undo(actor: Actor, kept_id: UUID, merge_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """Take out what was taken in, and let the other case be a case of its own again, as it was.

    Returns:
        The ids of the records that came and were changed since: what was changed in them stays in the earlier versions
        of the case that gives them back, and has to be written into the other by hand.

    Raises:
        BadRequest: if a record that was added since names one that would go, or two were united since.
    """
    demand(actor, "case.edit", kept_id, now=now)
    with transaction.atomic():
        row = Merge.objects.select_for_update().filter(id=merge_id, kept=kept_id, undone_at=None).first()
        if row is None:
            raise NotAllowed("there is no such merge, or it was undone")
        demand(actor, "case.edit", row.gone_id, now=now)
        uniting.demand_none_since(kept_id, row.after)
        opened = actions.read_case(actor, kept_id, now=now)
        keys = vault.open_case(actor.ring, kept_id, now)
        done = open_merge(keys, row)
        other = actions.read_case(actor, row.gone_id, now=now, version=done.version)
        before, then = _at(keys, row.before), _at(keys, row.after)
        told = changed_after(opened.case, then, done.names)
        try:
            apart = parted(opened.case, before, other.case, done.names)
        except DanglingReference as error:
            raise BadRequest(
                "something that was added since names a record that would go: change or withdraw it first"
            ) from error
        actions.save_case(actor, opened, apart, now=now)
        Merge.objects.filter(id=row.id).update(undone_at=now, undone_by=actor.id)
        journal.record(actor.id, "casework.case.parted", kept_id, now=now, other=row.gone_id, changed=len(told))
    return told


def open_merge(keys: CaseKeys, row: Merge) -> OpenMerge:
    """Open a merge.

    Raises:
        CannotOpen: if somebody tampered with it.
    """
    written = keys[compartments().default].open(bytes(row.sealed), _place(row))
    said = msgspec.json.decode(written, type=_Written)
    return OpenMerge(row, said.reason, said.names, said.version)


def _at(keys: CaseKeys, version: int) -> Case:
    return from_plain(put_together(store.read(keys, version).parts))


def _place(row: Merge) -> Place:
    return Place("merge", row.id, f"merge {row.kept_id} {row.gone_id}")
