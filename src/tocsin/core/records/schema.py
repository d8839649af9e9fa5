"""The JSON Schema of a case, made of the same descriptions of fields by which cases are read."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from tocsin.core import vocab
from tocsin.core.records.case import Case
from tocsin.core.records.notation import SCHEMA
from tocsin.core.records.shape import (
    ID_FORMS,
    CodeOf,
    Form,
    IdOf,
    Joined,
    OneOrMany,
    RefersTo,
    Slot,
    Suffixed,
    slots,
    slots_by_key,
)
from tocsin.core.records.values import LANGUAGE_PATTERN, LINES_PATTERN, Wording

_LEAVES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dt.date: {"type": "string", "format": "date"},
}


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of the case.

    It describes what `to_plain` writes. The reading takes `null` for an absent key as well.
    """
    root = _object(Case)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Case",
        "description": root["description"],
        "type": "object",
        "properties": {"schema": {"const": SCHEMA}, **root["properties"]},
        "required": ["schema", *root["required"]],
        "additionalProperties": False,
        "$defs": _definitions(),
    }


def _definitions() -> dict[str, Any]:
    kinds = sorted(set(_parts(Case)), key=lambda kind: kind.__name__)
    lists = sorted({name for kind in (Case, *kinds) for name in _lists(kind)})
    return {kind.__name__: _object(kind) for kind in kinds} | {
        f"codes_{name}": {"description": vocab.load(name).description, "enum": list(vocab.load(name))} for name in lists
    }


def _parts(kind: Any) -> Iterator[Any]:
    """Give the kinds of record inside a kind, itself left out."""
    for slot in slots(kind):
        if slot.nests:
            yield slot.leaf
            yield from _parts(slot.leaf)


def _lists(kind: Any) -> Iterator[str]:
    for slot in slots(kind):
        for mark in slot.marks:
            if isinstance(mark, CodeOf):
                yield from mark.lists


def _object(kind: Any) -> dict[str, Any]:
    fields = [slot for slot in slots(kind) if kind is not Wording or slot.key == "src"]
    patterns = {f"^{slot.key}_{LANGUAGE_PATTERN}$": _LEAVES[str] for slot in fields if slot.marked(Suffixed)}
    if kind is Wording:
        patterns = {f"^{LANGUAGE_PATTERN}$": _LEAVES[str]}
    described: dict[str, Any] = {
        "description": (kind.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": {slot.key: _field(slot) for slot in fields if not slot.marked(Suffixed)},
        "required": [slot.key for slot in fields if slot.required],
        "additionalProperties": False,
    }
    return {**described, "patternProperties": patterns} if patterns else described


def _field(slot: Slot) -> dict[str, Any]:
    if slot.marked(Joined):
        return {"type": "string", "pattern": f"^(?:{LINES_PATTERN})$"}
    item = _item(slot)
    if not slot.many:
        return item
    many = {"type": "array", "items": item, "minItems": 1}
    return {"anyOf": [item, many]} if slot.marked(OneOrMany) else many


def _item(slot: Slot) -> dict[str, Any]:
    if slot.nests:
        part = {"$ref": f"#/$defs/{slot.leaf.__name__}"}
        return {"anyOf": [_field(slots_by_key(slot.leaf)[slot.bare]), part]} if slot.bare else part
    if get_origin(slot.leaf) is Literal:
        return {"enum": list(get_args(slot.leaf))}
    for mark in slot.marks:
        match mark:
            case CodeOf(lists):
                codes = [{"$ref": f"#/$defs/codes_{name}"} for name in lists]
                return codes[0] if len(codes) == 1 else {"anyOf": codes}
            case IdOf(kind):
                return _matching(ID_FORMS[kind])
            case Form(pattern=pattern):
                return _matching(pattern)
            case RefersTo(kinds, loosely=False):
                return _matching("|".join(ID_FORMS[kind] for kind in kinds))
    return _LEAVES[slot.leaf]


def _matching(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}
