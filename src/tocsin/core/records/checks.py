"""What must hold in every case, whoever made it: ids, references, codes, forms, and what kinds of event need."""

import difflib
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from tocsin.core import vocab
from tocsin.core.errors import BadCase, DanglingReference, UnknownCode
from tocsin.core.records.actors import Group, Organisation, Person, Place
from tocsin.core.records.safety import Claim, Consent, Evidence, Source
from tocsin.core.records.shape import (
    ID_FORMS,
    UNRECORDED,
    CodeOf,
    Form,
    IdOf,
    RefersTo,
    Slot,
    Suffixed,
    leaves,
    slots,
    slots_by_key,
)
from tocsin.core.records.story import Event
from tocsin.core.records.values import Count, Record

_CLASSES = ("all_hrds_in_country", "other_hrds_in_country")
_ANY_ID = re.compile("|".join(ID_FORMS.values()))

_THREATS = frozenset({"threat", "death_threat", "threat_to_family", "intimidation"})
_UPWARDS = (
    (Group, "part_of"),
    (Place, "within"),
    (Organisation, "parent"),
    (Evidence, "derived_from"),
    (Source, "heard_from"),
)

Index = Mapping[str, Record]


def check_id(record: Record, place: str) -> None:
    """Check that the id of a record has the form of its kind; a malformed one is not shown, for it may be any text."""
    kind: Any = type(record)
    slot = slots_by_key(kind)["id"]
    for form in (ID_FORMS[mark.kind] for mark in slot.marks if isinstance(mark, IdOf)):
        if not re.fullmatch(form, record.id):
            raise BadCase(f"the id is not of the form {_example(form)}", where=f"{place}.id")


def check(where: str, part: Any, index: Index) -> None:
    """Check one record, or part of a case without an id.

    Args:
        where: Its id, or its place in the case.
        part: The record.
        index: All records by id.
    """
    for path, slot, value in leaves(part, among=_judged):
        check_value(f"{where}.{path}", slot, value, index)
    _check_whole(where, part)
    if isinstance(part, Event):
        _check_event(part)


_JUDGED = frozenset((RefersTo, CodeOf, Form))


@cache
def _judged(kind: Any) -> tuple[Slot, ...]:
    """Give the fields of a class whose values, or values of whose parts, are checked by the marks of their fields."""
    return tuple(
        each for each in slots(kind) if not each.kinds.isdisjoint(_JUDGED) or (each.nests and _judged(each.leaf))
    )


def check_value(where: str, slot: Slot, value: Any, index: Index) -> None:
    """Check one value by the marks of its field."""
    if slot.kinds.isdisjoint(_JUDGED):
        return
    for mark in slot.marks:
        _check_mark(mark, value, where, index)


def _check_statuses(record: Record) -> None:
    """Check that what a record says of itself is the last of its dated statuses."""
    if isinstance(record, Consent | Claim) and record.statuses:
        name = "state" if isinstance(record, Consent) else "status"
        if record.statuses[-1].value != getattr(record, name):
            raise BadCase(f"`{name}` is not the last of the `statuses`", where=record.id)


def check_together(index: Index) -> None:
    """Check what no record shows alone: that nothing is a part of itself, and that consents are of their people."""
    for record in index.values():
        _check_statuses(record)
        for kind, name in _UPWARDS:
            if isinstance(record, kind):
                _refuse_circle(record, name, index)
        consent = index.get(record.consent or "") if isinstance(record, Person) else None
        if isinstance(consent, Consent) and consent.person != record.id:
            raise BadCase(f"{consent.id} is the consent of {consent.person}", where=f"{record.id}.consent")


def _refuse_circle(record: Record, name: str, index: Index) -> None:
    passed: list[str] = []
    at: Record | None = record
    while at is not None:
        if at.id in passed:
            raise BadCase("it would be a part of itself", where=" → ".join([*passed[passed.index(at.id) :], at.id]))
        passed.append(at.id)
        at = index.get(getattr(at, name) or "")


def _check_whole(where: str, part: Any) -> None:
    """Refuse what a file could not say: a required list without items, words of a suffixed field without any."""
    kind: Any = type(part)
    if isinstance(part, Count) and not part.fits(part):
        raise BadCase("`min` is more than `max`", where=where)
    for slot in _judged_whole(kind):
        value = getattr(part, slot.name)
        if not value and not slot.required:
            continue
        if slot.required and slot.many and not value:
            raise BadCase("there is none, but one is needed", where=f"{where}.{slot.key}")
        if slot.marked(Suffixed) and value is not None and (value.src or not value.texts):
            raise BadCase("words without a language, or with lines of their own", where=f"{where}.{slot.key}")
        if slot.nests and not slot.marked(Suffixed):
            for item in slot.items(value):
                _check_whole(f"{where}.{slot.key}", item)


@cache
def _judged_whole(kind: Any) -> tuple[Slot, ...]:
    """Give the fields of a class about which more is asked than the marks of each value say."""
    return tuple(each for each in slots(kind) if each.nests or (each.required and each.many) or each.marked(Suffixed))


def _check_mark(mark: object, value: Any, where: str, index: Index) -> None:
    match mark:
        case RefersTo():
            _check_reference(mark, value, where, index)
        case CodeOf(lists):
            _check_code(lists, value, where)
        case Form() if not mark.fits(value):
            raise BadCase(f"the value is no {mark.name}", where=where)


def _check_reference(mark: RefersTo, value: str, where: str, index: Index) -> None:
    kind = next((each for each in mark.kinds if re.fullmatch(ID_FORMS[each], value)), None)
    if kind is None:
        if mark.loosely and not _is_id(value):
            return
        named = f"names {value}" if _is_id(value) else "is no id"
        expected = " or ".join(_example(ID_FORMS[each]) for each in mark.kinds)
        raise DanglingReference(f"{named}, where {expected} is expected", where=where)
    if kind == "class":
        _check_class(value, where)
    if kind not in UNRECORDED and value not in index:
        near = difflib.get_close_matches(value, index, n=1)
        hint = f"did you mean {near[0]}?" if near else None
        raise DanglingReference(f"names {value}, which is not in the case", where=where, hint=hint)


def _check_class(value: str, where: str) -> None:
    name = value.partition(":")[2]
    if name not in _CLASSES and name.removesuffix("_defenders") not in vocab.load("defender_topics"):
        hint = f"a class is {', '.join(_CLASSES)}, or a topic of defenders and `_defenders`"
        raise UnknownCode("the class is not known", where=where, hint=hint)


def _check_code(lists: tuple[str, ...], value: str, where: str) -> None:
    if not any(value in vocab.load(name) for name in lists):
        codes = [code for name in lists for code in vocab.load(name)]
        near = difflib.get_close_matches(value, codes, n=1)
        hint = f"did you mean `{near[0]}`?" if near else None
        raise UnknownCode(f"no code of {' or '.join(f'`{name}`' for name in lists)}", where=where, hint=hint)


def _check_event(event: Event) -> None:
    if event.kind in {"act", "omission"} and event.act_type is None:
        raise BadCase(f"an event of the kind {event.kind} needs an `act_type`", where=event.id)
    if event.act_type is not None and not event.victims:
        raise BadCase("there is an `act_type`, but no victim", where=event.id, hint="each act has one victim")
    if event.threat is not None and event.act_type not in _THREATS:
        raise BadCase("there is a `threat`, but the act is none", where=f"{event.id}.act_type")
    if event.kind == "statement" and event.statement is None:
        raise BadCase("an event of the kind statement needs a `statement`", where=event.id)


def _is_id(text: str) -> bool:
    return _ANY_ID.fullmatch(text) is not None


def _example(form: str) -> str:
    """Show what the ids of a form look like: `e1`, `person:…`."""
    prefix = form.partition("(")[0].partition("[")[0]
    return f"{prefix}…" if prefix.endswith(":") else f"{prefix}1"
