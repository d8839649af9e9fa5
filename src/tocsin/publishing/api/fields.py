"""Which fields go out: one table for writing answers and for describing them. What is not listed never leaves.

A value of a kind that the table does not know is refused, whatever it holds: a row of the database, a record of a case,
a class that somebody adds tomorrow.
"""

import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import tomli

from tocsin.core import appeal, publication
from tocsin.publishing.api import values

_DOCUMENT: Final = (
    appeal.AppealDocument,
    appeal.Text,
    appeal.Reference,
    appeal.Violation,
    appeal.Opening,
    appeal.Section,
    appeal.Paragraph,
    appeal.Demand,
    appeal.Addressee,
    appeal.Channel,
    appeal.Request,
    appeal.Note,
    appeal.Contact,
    publication.Words,
)
_OURS: Final = tuple(
    each
    for each in vars(values).values()
    if isinstance(each, type) and is_dataclass(each) and each.__module__ == values.__name__
)
KINDS: Final[Mapping[str, type]] = {each.__name__: each for each in (*_OURS, *_DOCUMENT)}
_PLAIN: Final[Mapping[type, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


@cache
def listed() -> Mapping[str, Mapping[str, str]]:
    """Give the fields of each kind that go out, each with what it means."""
    table = tomli.loads(files("tocsin.publishing.api").joinpath("fields.toml").read_text("utf-8"))
    unknown = [kind for kind in table if kind not in KINDS]
    if unknown:
        raise LookupError(f"fields.toml lists kinds that no answer is made of: {', '.join(unknown)}")
    return table


def give(value: object) -> Any:
    """Make a value one that JSON can hold, with the fields that are listed.

    Raises:
        TypeError: It is, or holds, something of a kind that is not listed.
    """
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if type(value) is date:
        return value.isoformat()
    if type(value) is tuple:
        return [give(each) for each in value]
    kind = type(value)
    if KINDS.get(kind.__name__) is not kind or kind.__name__ not in listed():
        # The name of a kind is ours; what it holds is not said.
        raise TypeError(f"nothing of this kind goes out: {kind.__name__}")
    return {name: give(getattr(value, name)) for name in listed()[kind.__name__]}


def schema_of(kind: str) -> dict[str, Any]:
    """Describe a kind of answer, or of a part of one, as a JSON Schema (draft 2020-12)."""
    hints, said = get_type_hints(KINDS[kind]), listed()[kind]
    return {
        "type": "object",
        "properties": {name: {**_schema(hints[name]), "description": words} for name, words in said.items()},
        "required": list(said),
    }


def _schema(hint: Any) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin is tuple:
        return {"type": "array", "items": _schema(inner[0])}
    if origin in (Union, types.UnionType):
        return {"anyOf": [*(_schema(each) for each in inner if each is not type(None)), {"type": "null"}]}
    if not isinstance(hint, type) or KINDS.get(hint.__name__) is not hint:
        raise TypeError(f"nothing of this kind goes out: {hint}")
    return {"$ref": f"#/components/schemas/{hint.__name__}"}
