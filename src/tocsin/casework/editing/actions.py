"""Changing one record of a case: what was seen, changed, and saved unless somebody else changed the same meanwhile."""

import dataclasses
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tocsin.accounts.actor import Actor, demand
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.tables import reasons_to_withdraw, table
from tocsin.casework.parts import compartments
from tocsin.core import vocab
from tocsin.core.editing import (
    Added,
    Changed,
    Edit,
    Entered,
    Withdrawn,
    edited,
    key_of,
    new_id,
    record_at,
    section_slot,
)
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.core.recording import switched, with_claim
from tocsin.core.records import Case, Claim, ClaimStatus, Event, Record, Source, Statement, Status, release_class
from tocsin.core.records.folding import fold
from tocsin.journal import actions as journal

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 6
# From what everybody may see to what nobody ever does.
_ORDER = "PRCN"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is in a case: the section, its key inside of it, and the random id of its sealed part."""

    section: str
    at: str
    row: UUID


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record of a case as somebody has it open."""

    opened: OpenCase
    place: Place
    record: Any = field(repr=False)

    @property
    def case(self) -> Case:
        """Give the case around it."""
        return self.opened.case


def places(opened: OpenCase) -> dict[tuple[str, str], UUID]:
    """Give the random id of the sealed part of each record, by its section and key: what an address may say of it."""
    default = compartments().default
    return {
        (key.section, key.record): line.row for key, line in opened.state.lines.items() if key.compartment == default
    }


def rows_by_id(opened: OpenCase) -> dict[str, UUID]:
    """Give the random ids of those records that have an id of their own, by it."""
    return {at: row for (_section, at), row in places(opened).items() if at and not at.startswith("#")}


def open_record(actor: Actor, case_id: UUID, row: UUID, *, now: datetime, version: int | None = None) -> OpenRecord:
    """Open a case at a record of it; that the case was read is written down.

    Raises:
        NotAllowed: if there is no such record, or it is not hers.
    """
    opened = actions.read_case(actor, case_id, now=now, version=version)
    return find(opened, row)


def find(opened: OpenCase, row: UUID) -> OpenRecord:
    """Give the record of a sealed part.

    Raises:
        NotAllowed: if there is none in this state of the case.
    """
    for (section, at), each in places(opened).items():
        if each == row:
            return OpenRecord(opened, Place(section, at, row), record_at(opened.case, section, at))
    raise NotAllowed("there is no such record, or you may not open it")


def change_record(actor: Actor, opened: OpenRecord, record: Any, *, now: datetime) -> OpenCase:
    """Save a record as it is from now on.

    Args:
        actor: Who changes it.
        opened: The record as she had it before her, in the state of the case that she saw.
        record: The record as she wants it.
        now: When.

    Raises:
        ChangedMeanwhile: if somebody else changed the same record since; nothing was saved.
        BadRequest: if a status would be overwritten, or more people could see the record.
        BadCase: if the case would contradict itself.
    """
    place = opened.place
    edit = Changed(place.section, place.at, _as_narrow(opened.record, record))
    return save(actor, opened.opened, [edit], now=now)


def _as_narrow(before: Any, after: Any) -> Any:
    """Give a record that no more people may see than before; what its codes begin with makes no exception.

    Raises:
        BadRequest: if somebody chose that more people may see it, which takes two (`casework.lowering`).
    """
    if not isinstance(before, Record) or _ORDER.find(release_class(after)) >= _ORDER.find(release_class(before)):
        return after
    if after.rc != before.rc:
        raise BadRequest("letting more people see a record takes two people: ask for it beside the form, with a reason")
    return dataclasses.replace(after, rc=release_class(before))


def save(actor: Actor, opened: OpenCase, edits: Sequence[Edit], *, now: datetime) -> OpenCase:
    """Save several edits of a case together, or none of them."""
    demand(actor, "case.edit", opened.id, now=now)
    case = opened.case
    for edit in edits:
        case = edited(case, edit)
    return actions.save_case(actor, opened, case, now=now)


def enter_status(actor: Actor, opened: OpenCase, section: str, at: str, status: Status, *, now: datetime) -> OpenCase:
    """Enter one more status of a record, or of the case where no section is named; who entered it is kept with it.

    Raises:
        BadRequest: if it may not follow what stands there, or something that belongs to it is not said.
        ChangedMeanwhile: if somebody else changed the record since; nothing was saved.
    """
    signed = dataclasses.replace(status, by=str(actor.id))
    return save(actor, opened, [Entered(section, at, signed, timezone.localdate(now))], now=now)


def put_in_force(actor: Actor, opened: OpenRecord, claim_id: str, *, now: datetime) -> OpenCase:
    """Let a record say what another of its claims says; the claims that disagree stand back, and none is lost.

    Raises:
        BadRequest: if it is no claim about the record that tells the whole of a field, or the record says so already.
        ChangedMeanwhile: if somebody else changed the record since; nothing was saved.
        BadCase: if the times of the case would exclude one another.
    """
    about = [each for each in opened.case.claims if each.about == (getattr(opened.record, "id", ""),)]
    claim = next((each for each in about if each.id == claim_id), None)
    record = with_claim(opened.record, claim) if claim is not None else None
    if claim is None or record is None:
        raise BadRequest("this claim cannot be put in force here: change the record by its form")
    today = timezone.localdate(now)
    status = ClaimStatus(value="superseded", as_of=today, by=str(actor.id), reason=gettext("another claim is in force"))
    edits: list[Edit] = [Changed(opened.place.section, opened.place.at, _as_narrow(opened.record, record))]
    edits += [Entered("claims", each.id, new, today) for each, new in switched(about, claim, status)]
    return save(actor, opened.opened, edits, now=now)


def withdraw_record(actor: Actor, opened: OpenRecord, reason: str, *, now: datetime) -> OpenCase:
    """Take a record out of the case; what it said stays in the earlier versions.

    Args:
        actor: Who takes it out.
        opened: The record as she had it before her.
        reason: A code of `withdrawing` in `forms.toml`; it is journalled.
        now: When.

    Raises:
        NotAllowed: if records of its kind have no form: that of a file stays with the file and its chain of custody.
        BadRequest: if other records still name it.
        ChangedMeanwhile: if somebody else changed it since; nothing was saved.
    """
    if table(type(opened.record).__name__) is None:
        raise NotAllowed("there is no such record, or you may not open it")
    if reason not in reasons_to_withdraw():
        raise BadRequest("a record is taken out for a reason of the list")
    with transaction.atomic():
        saved = save(actor, opened.opened, [Withdrawn(opened.place.section, opened.place.at)], now=now)
        case, row = opened.opened.id, opened.place.row
        journal.record(actor.id, "casework.record.withdrawn", case, now=now, record=row, reason=reason)
    return saved


def put_back(actor: Actor, taken_out: OpenRecord, record: Any, *, now: datetime) -> OpenCase:
    """Put a record back that somebody else took out, as one wants it, with the claims that it rested on.

    Args:
        actor: Who puts it back.
        taken_out: The record as she had it before her, in the state of the case that she saw.
        record: The record as she wants it; it keeps its id.
        now: When.

    Raises:
        BadRequest: if it is in the case.
        BadCase: if it names what is not there any more, or the case would contradict itself.
    """
    place, before = taken_out.place, taken_out.case
    newest = actions.read_case(actor, taken_out.opened.id, now=now)
    if place.at in {at for section, at in places(newest) if section == place.section}:
        raise BadRequest("the record is in the case")
    edits: list[Edit] = [Added(place.section, record)]
    there = {claim.id for claim in newest.case.claims}
    edits += [Added("claims", each) for each in before.claims if place.at in each.about and each.id not in there]
    return save(actor, newest, edits, now=now)


@dataclass(frozen=True, slots=True)
class Rests:
    """What a new record rests on: who says so, and the words of a report where it stands.

    Attributes:
        source: The id of a source of the case; or what a new one is, a code of `source_types`.
        status: What is held of it.
        citations: Where it stands.
    """

    source: str
    status: str = "recorded"
    citations: tuple[Any, ...] = ()


def add_record(
    actor: Actor,
    opened: OpenCase,
    section: str,
    plain: dict[str, Any],
    *,
    now: datetime,
    rests: Rests | None = None,
    after: str | None = None,
) -> tuple[OpenCase, str]:
    """Add a record to a section, with the claim that it rests on; give the case and the id of the record.

    Raises:
        NotAllowed: if there is no such section.
        BadCase: if it is no such record, or the case would contradict itself.
    """
    slot = section_slot(section)
    if "id" in {each.name for each in dataclasses.fields(slot.leaf)}:
        plain = {**plain, "id": new_id(section, _word()), "recorded_on": timezone.localdate(now).isoformat()}
    if slot.leaf is Claim:
        plain = {**plain, "analyst": str(actor.id)}
    record = fold(plain, slot.leaf)
    edits: list[Edit] = [Added(section, record, after)]
    if isinstance(record, Statement):
        # A statement is a part of the story by the event in which it was made.
        edits.append(Added("events", _said(record)))
    if rests is not None:
        edits += _resting(actor, record.id, rests, now)
    saved = save(actor, opened, edits, now=now)
    items = slot.items(getattr(saved.case, slot.name))
    at = next(number for number, each in enumerate(items) if each == record)
    return saved, key_of(slot, at, record)


def _said(statement: Statement) -> Event:
    return Event(
        id=new_id("events", _word()),
        rc=statement.rc,
        recorded_on=statement.recorded_on,
        kind="statement",
        t=statement.t,
        statement=statement.id,
    )


def _resting(actor: Actor, about: str, rests: Rests, now: datetime) -> Iterator[Edit]:
    source, today = rests.source, timezone.localdate(now)
    if source in vocab.load("source_types"):
        source = new_id("sources", _word())
        yield Added("sources", Source(id=source, type=rests.source, recorded_on=today))
    claim = Claim(
        id=new_id("claims", _word()),
        recorded_on=today,
        about=(about,),
        sources=(source,),
        citations=rests.citations,
        status=rests.status,
        analyst=str(actor.id),
    )
    yield Added("claims", claim)


def _word() -> str:
    """Draw what makes an id of its own: two people who add at once do not meet, and nothing is named twice ever."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
