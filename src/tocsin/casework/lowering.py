"""Letting more people see a record: one person asks, with a reason, another one agrees; one alone may narrow it."""

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.accounts.queries import demand_works
from tocsin.casework.editing import actions
from tocsin.casework.editing.actions import OpenRecord
from tocsin.casework.models import Remark
from tocsin.casework.parts import compartments
from tocsin.casework.together.remarks import CLASS, LONGEST
from tocsin.core.editing import Changed
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.core.records import Record, release_class
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault
from tocsin.vault.opened import CaseKeys
from tocsin.vault.sealing import Place

# From what everybody may see to what nobody ever does.
CLASSES = "PRCN"


class _Wanted(msgspec.Struct, frozen=True):
    record: str
    release_class: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody asks to let more people see a record: which class it is to have, and why."""

    row: Remark
    release_class: str
    reason: str = field(repr=False)

    @property
    def id(self) -> UUID:
        """Give its id."""
        return self.row.id


def wider_than(record: object) -> tuple[str, ...]:
    """Give the classes that more people may see than that of a record; what is never published has none."""
    if not isinstance(record, Record):
        return ()
    # What is never published by its kind stays so, whatever its class is said to be.
    if release_class(dataclasses.replace(record, rc="P")) == "N":
        return ()
    return tuple(CLASSES[: CLASSES.index(release_class(record))])


def find_asked(actor: Actor, opened: OpenRecord, *, now: datetime) -> Asked | None:
    """Give what somebody asks for a record and nobody has answered."""
    return _find(vault.open_case(actor.ring, opened.opened.id, now), opened)


def _find(keys: CaseKeys, opened: OpenRecord) -> Asked | None:
    rows = Remark.objects.filter(case=keys.case, kind=CLASS, settled_at=None).order_by("-at", "-id")
    for row in rows:
        wanted = msgspec.json.decode(keys[row.compartment].open(bytes(row.sealed), _place(row)), type=_Wanted)
        if wanted.record == str(opened.place.row):
            return Asked(row, wanted.release_class, wanted.reason)
    return None


def ask(actor: Actor, opened: OpenRecord, wanted: str, why: str, *, now: datetime) -> UUID:
    """Ask that more people may see a record, for a reason; it stays as it is until another person agrees.

    Raises:
        BadRequest: if no more people would see it, no reason is given, or somebody asks already.
    """
    case_id = opened.opened.id
    demand(actor, "case.edit", case_id, now=now)
    if wanted not in wider_than(opened.record):
        raise BadRequest("choose a class that more people may see than now")
    if not why.strip() or len(why) > LONGEST:
        raise BadRequest("say why more people may see it")
    with transaction.atomic():
        keys = vault.open_case(actor.ring, case_id, now)
        if _find(keys, opened) is not None:
            raise BadRequest("somebody asks for this already: agree, or take that back first")
        row = Remark(id=uuid4(), case_id=case_id, kind=CLASS, compartment=compartments().default, by=actor.id, at=now)
        said = _Wanted(str(opened.place.row), wanted, why.strip())
        row.sealed = keys[row.compartment].seal(msgspec.json.encode(said), _place(row))
        row.save(force_insert=True)
        facts: dict[str, UUID | str] = {"record": opened.place.row, "after": wanted.lower()}
        journal.record(actor.id, "casework.class.asked", case_id, now=now, **facts)
    return row.id


def agree(actor: Actor, opened: OpenRecord, ask_id: UUID, *, now: datetime) -> None:
    """Agree, as another person than who asked: the record has the class from now on.

    Raises:
        BadRequest: if nobody asks for this any more, she asked herself, or fewer people would see it by now.
        ChangedMeanwhile: if somebody else changed the record since she saw it.
    """
    case_id = opened.opened.id
    demand(actor, "case.edit", case_id, now=now)
    with transaction.atomic():
        asked = _held(actor, opened, ask_id, now)
        if asked.row.by == actor.id:
            raise BadRequest("another person than who asked has to agree")
        demand_works(asked.row.by, "case.edit")
        if asked.release_class not in wider_than(opened.record):
            raise BadRequest("more people than that may see it already")
        before, place = release_class(opened.record), opened.place
        record = dataclasses.replace(opened.record, rc=asked.release_class)
        actions.save(actor, opened.opened, [Changed(place.section, place.at, record)], now=now)
        _settle(actor, asked, now)
        facts: dict[str, UUID | str] = {"before": before.lower(), "after": asked.release_class.lower()}
        journal.record(
            actor.id, "casework.class.lowered", case_id, now=now, record=place.row, asked_by=asked.row.by, **facts
        )


def withdraw(actor: Actor, opened: OpenRecord, ask_id: UUID, *, now: datetime) -> None:
    """Take back that more people are to see a record, or refuse it: the record stays as it is."""
    demand(actor, "case.edit", opened.opened.id, now=now)
    with transaction.atomic():
        _settle(actor, _held(actor, opened, ask_id, now), now)
        journal.record(actor.id, "casework.class.refused", opened.opened.id, now=now, record=opened.place.row)


def _held(actor: Actor, opened: OpenRecord, ask_id: UUID, now: datetime) -> Asked:
    """Give what is asked, while nobody else answers it."""
    row = Remark.objects.select_for_update().filter(id=ask_id, case=opened.opened.id, kind=CLASS).first()
    if row is None:
        raise NotAllowed("there is no such record, or you may not open it")
    asked = find_asked(actor, opened, now=now)
    if asked is None or asked.id != ask_id:
        raise BadRequest("nobody asks for this any more")
    return asked


def _settle(actor: Actor, asked: Asked, now: datetime) -> None:
    Remark.objects.filter(id=asked.id).update(settled_at=now, settled_by=actor.id)


def _place(row: Remark) -> Place:
    # Who asked is part of the place: who writes another name into the row cannot agree with herself by that.
    return Place("remark", row.id, f"{row.kind} {row.by} {row.to}")
