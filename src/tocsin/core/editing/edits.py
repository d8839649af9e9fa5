"""One edit of a case: a record added, changed or withdrawn. A case is a value, so an edit gives another one."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tocsin.core.editing.guards import hold
from tocsin.core.editing.lifecycles import entered, lives
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.core.records import Case, Claim, Involvement, Status
from tocsin.core.records.shape import ID_FORMS, IdOf, RefersTo, Slot, leaves, slots, slots_by_key


@dataclass(frozen=True, slots=True)
class Added:
    """A new record of a section, behind another one of it or at its end."""

    section: str
    record: Any
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A record of a section as it is from now on; `at` is its id, or `#3` where records of a section have none."""

    section: str
    at: str
    record: Any


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A record that is taken out of the case; what it said stays in the earlier versions."""

    section: str
    at: str


@dataclass(frozen=True, slots=True)
class Entered:
    """One more status of a record, or of the case where `section` is empty."""

    section: str
    at: str
    status: Status
    today: dt.date


Edit: TypeAlias = Added | Changed | Withdrawn | Entered


def edited(case: Case, edit: Edit) -> Case:
    """Give the case after an edit.

    Raises:
        NotAllowed: if there is no such section or record.
        BadRequest: if a status would be overwritten, or other records still name what is withdrawn.
        BadCase: if the case would contradict itself.
    """
    if isinstance(edit, Entered) and not edit.section:
        stands = entered(lives()["Case"], case, edit.status, edit.today)
        hold(case, case, edit.status)
        return stands
    slot = section_slot(edit.section)
    if isinstance(slot.leaf, type) and issubclass(slot.leaf, Status):
        raise BadRequest("a status is followed by another one, never overwritten")
    match edit:
        case Entered(at=at, status=status, today=today):
            old = record_at(case, edit.section, at)
            if (life := lives().get(type(old).__name__)) is None:
                raise NotAllowed("records of this section have no status")
            new = entered(life, old, status, today)
            hold(case, old, status)
            return _exchanged(case, slot, old, new)
        case Added(record=record, after=after):
            return _with_section(case, slot, _behind(slot.items(getattr(case, slot.name)), record, after))
        case Changed(at=at, record=record):
            old = record_at(case, edit.section, at)
            _grown(old, record)
            if getattr(record, "id", None) != getattr(old, "id", None):
                raise BadRequest("the id of a record is never changed")
            return _exchanged(case, slot, old, record)
        case Withdrawn(at=at):
            return _without(case, slot, record_at(case, edit.section, at))


def _exchanged(case: Case, slot: Slot, old: Any, new: Any) -> Case:
    return _with_section(case, slot, [new if each is old else each for each in slot.items(getattr(case, slot.name))])


def section_slot(section: str) -> Slot:
    """Describe a section of a case that holds records.

    Raises:
        NotAllowed: if there is none of the name.
    """
    slot = slots_by_key(Case).get(section)
    if slot is None or not slot.nests:
        raise NotAllowed("there is no such section of a case")
    return slot


def record_at(case: Case, section: str, at: str) -> Any:
    """Give a record by its id, by its number in a section of records without ids (`#0`), or the one of its section.

    Raises:
        NotAllowed: if it is not there.
    """
    slot = section_slot(section)
    for number, item in enumerate(slot.items(getattr(case, slot.name))):
        if key_of(slot, number, item) == at:
            return item
    raise NotAllowed("there is no such record in this case")


def key_of(slot: Slot, number: int, item: Any) -> str:
    """Name a record inside its section, as the sealed parts of a case do."""
    return (getattr(item, "id", None) or f"#{number}") if slot.many else ""


def named_by(case: Case, record_id: str) -> tuple[str, ...]:
    """List the sections and ids of those records that name one, besides what goes with it when it is withdrawn."""
    found = []
    for slot in slots(Case):
        for number, item in enumerate(slot.items(getattr(case, slot.name))) if slot.nests else ():
            if _goes_with(item, record_id) is None and record_id in _references(item):
                found.append(key_of(slot, number, item) or slot.key)
    return tuple(found)


def new_id(section: str, word: str) -> str:
    """Make the id of a new record of a section with a drawn word, which no other record of the case ever had.

    Raises:
        NotAllowed: if records of the section have no ids.
    """
    slot = section_slot(section)
    id_slot = slots_by_key(slot.leaf).get("id")
    if not slot.many or id_slot is None:
        raise NotAllowed("records of this section have no ids")
    (kind,) = (mark.kind for mark in id_slot.marks if isinstance(mark, IdOf))
    form = ID_FORMS[kind]
    prefix = re.match(r"[a-z_]+", form)
    made = f"{prefix[0] if prefix else ''}:{word}"
    if re.fullmatch(form, made) is None:
        raise NotAllowed("this word cannot be a part of an id")
    return made


def _behind(items: Sequence[Any], record: Any, after: str | None) -> tuple[Any, ...]:
    at = next((number for number, each in enumerate(items, 1) if after and getattr(each, "id", None) == after), None)
    place = len(items) if at is None else at
    return (*items[:place], record, *items[place:])


def _with_section(case: Case, slot: Slot, items: Sequence[Any]) -> Case:
    if slot.many:
        return _replaced(case, {slot.name: tuple(items)})
    if len(items) > 1:
        raise BadRequest("this section holds one record only")
    return _replaced(case, {slot.name: items[0] if items else None})


def _replaced(case: Case, sections: Mapping[str, Any]) -> Case:
    return dataclasses.replace(case, **sections)


def _without(case: Case, slot: Slot, old: Any) -> Case:
    if slot.required:
        raise BadRequest("a case cannot be without this record")
    old_id = getattr(old, "id", None)
    if old_id and named_by(case, old_id):
        raise BadRequest("other records still name this one")
    sections = {each.name: _left(each.items(getattr(case, each.name)), old) for each in slots(Case) if each.many}
    return _replaced(case, sections if slot.many else {**sections, slot.name: None})


def _left(items: Sequence[Any], old: Any) -> tuple[Any, ...]:
    """Give what is left of a section when a record goes, with what said something of it alone."""
    kept = (_goes_with(item, getattr(old, "id", None)) or (item,) for item in items if item is not old)
    return tuple(item for (item,) in kept if item is not None)


def _goes_with(item: Any, old_id: str | None) -> tuple[Any] | None:
    """Say what becomes of a record that says something of another one when that goes: what is left of it, or nothing.

    `None` where it is no such record.
    """
    if old_id is None:
        return None
    if isinstance(item, Claim) and old_id in item.about:
        rest = tuple(each for each in item.about if each != old_id)
        return (dataclasses.replace(item, about=rest) if rest else None,)
    if isinstance(item, Involvement) and old_id in {item.event, item.actor, item.victim}:
        return (None,)
    return None


def _references(item: Any) -> set[str]:
    own = getattr(item, "id", None)
    return {
        value
        for _, slot, value in leaves(item)
        if value != own and any(isinstance(mark, RefersTo) for mark in slot.marks)
    }


def statuses(record: Any) -> Iterator[tuple[str, Status]]:
    """Give the statuses of a record and its parts, each with the name of its field."""
    kind: Any = type(record)
    for slot in slots(kind):
        for item in slot.items(getattr(record, slot.name)) if slot.nests else ():
            if isinstance(item, Status):
                yield slot.name, item
            else:
                yield from statuses(item)


def _grown(old: Any, new: Any) -> None:
    """Refuse a record that lost one of its statuses: each stays, whatever comes after it."""
    if type(old) is not type(new):
        raise BadRequest("this is a record of another kind")
    left = [status for _, status in statuses(new)]
    for _, status in statuses(old):
        if status not in left:
            raise BadRequest("a status is followed by another one, never overwritten")
        left.remove(status)
