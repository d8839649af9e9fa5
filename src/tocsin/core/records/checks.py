"""What must hold in every case, whoever made it: ids, references, codes, forms, and what kinds of event need."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from tocsin.core import vocab
from tocsin.core.errors import BadCase, DanglingReference, UnknownCode
from tocsin.core.records.actors import Person
from tocsin.core.records.justice import Detention
from tocsin.core.records.shape import ID_FORMS, UNRECORDED, CodeOf, Form, IdOf, RefersTo, leaves
from tocsin.core.records.story import Event
from tocsin.core.records.values import Record

_CLASSES = ("all_hrds_in_country", "other_hrds_in_country")
_ANY_ID = re.compile("|".join(ID_FORMS.values()))

Index = Mapping[str, Record]


def check(where: str, part: Any, index: Index) -> None:
    """Check one record, or part of a case without an id.

    Args:
        where: Its id, or its place in the case.
        part: The record.
        index: All records by id.
    """
    for path, slot, value in leaves(part):
        for mark in slot.marks:
            _check_mark(mark, value, f"{where}.{path}", index)
    if isinstance(part, Event):
        _check_event(part)
    elif isinstance(part, Person) and not part.names:
        raise BadCase("there is no name", where=f"{where}.names")
    elif isinstance(part, Detention) and not part.persons:
        raise BadCase("nobody is detained", where=f"{where}.persons")


def _check_mark(mark: object, value: Any, where: str, index: Index) -> None:
    match mark:
        case IdOf(kind):
            if not re.fullmatch(ID_FORMS[kind], value):
                # The id is not shown: it may be anything that somebody typed.
                raise BadCase(f"the id has not the form of {_example(kind)}", where=where if _is_id(value) else None)
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
        raise DanglingReference(f"{named}, where {' or '.join(map(_example, mark.kinds))} is expected", where=where)
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
    codes = [code for name in lists for code in vocab.load(name)]
    if value not in codes:
        near = difflib.get_close_matches(value, codes, n=1)
        hint = f"did you mean `{near[0]}`?" if near else None
        raise UnknownCode(f"no code of {' or '.join(f'`{name}`' for name in lists)}", where=where, hint=hint)


def _check_event(event: Event) -> None:
    if event.kind in {"act", "omission"} and event.act_type is None:
        raise BadCase(f"an event of the kind {event.kind} needs an `act_type`", where=event.id)
    if event.act_type is not None and not event.victims:
        raise BadCase("there is an `act_type`, but no victim", where=event.id, hint="each act has one victim")
    if event.kind == "statement" and event.statement is None:
        raise BadCase("an event of the kind statement needs a `statement`", where=event.id)


def _is_id(text: str) -> bool:
    return _ANY_ID.fullmatch(text) is not None


def _example(kind: str) -> str:
    return {"event": "e01", "person": "person:name"}.get(kind, ID_FORMS[kind].partition("(")[0].partition("[")[0] + "…")
