"""What the fields of a record hold, read from their types: the one description that all steps over a case share.

A record is a frozen dataclass. The type of a field says what Python checks, and a mark inside `Annotated` what only a
case knows: of which list a code is, which records an id may name, under which key a file has the field.
"""

import dataclasses
import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

# Ids of people, organisations, groups and places are words; ids inside the story are numbered.
_WORDED = ("appeal", "case", "person", "org", "grp", "place", "consent", "class", "context")
_NUMBERED = {
    "event": "e",
    "statement": "s",
    "detention": "det",
    "proceeding": "pr",
    "demand": "d",
    "body_call": "bc",
    "addressee": "a",
    "occupancy": "occ",
    "involvement": "inv",
    "risk": "risk",
    "source": "source",
    "claim": "claim",
    "evidence": "ev",
}
_SLUG = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
ID_FORMS: Mapping[str, str] = {
    **{kind: f"{kind}:{_SLUG}" for kind in _WORDED},
    **{kind: f"{prefix}(?:[0-9]+|:{_SLUG})" for kind, prefix in _NUMBERED.items()},
}
_LAST = frozenset({"rc", "recorded_on", "claims", "src"})

UNRECORDED = frozenset({"case", "class", "context"})
"""Kinds of id that name something outside the records: the file of the case, a class of people, a circumstance."""


@dataclass(frozen=True, slots=True)
class IdOf:
    """The field is the id of its own record."""

    kind: str


@dataclass(frozen=True, slots=True)
class RefersTo:
    """The field is the id of another record; where `loosely`, a text that looks like no id may stand instead."""

    kinds: tuple[str, ...]
    loosely: bool = False


@dataclass(frozen=True, slots=True)
class CodeOf:
    """The field is a code of one of these controlled lists."""

    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The field has a form: its name for messages, its expression, and what else must hold."""

    name: str
    pattern: str
    holds: Callable[[str], bool] | None = None

    def fits(self, text: str) -> bool:
        """Say whether a text has the form."""
        return re.fullmatch(self.pattern, text) is not None and (self.holds is None or self.holds(text))


@dataclass(frozen=True, slots=True)
class Key:
    """The key that files have for the field, where Python or clarity asks for another name."""

    key: str


class OneOrMany:
    """A list of one may be written as its only item."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A value of which no more is known than this one key is written as what stands under it (`size: 4`)."""

    key: str


class Joined:
    """The list is written as one text with commas ("L11, L12")."""


class Suffixed:
    """The words are written one key a language: `what_en`, `what_fr`."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a record.

    Attributes:
        name: The attribute.
        key: The key in files.
        leaf: The type of the value, or of each item where `many`.
        many: Whether the value is a tuple.
        required: Whether it must be given.
        nests: Whether the value is a record or a part of one.
        marks: The marks, those of the items included.
        kinds: The types of the marks, a bare type standing for itself.
        is_text: Whether the value is one text, any at all.
    """

    name: str
    key: str
    leaf: Any
    many: bool
    required: bool
    nests: bool
    marks: tuple[Any, ...]
    kinds: frozenset[type]
    is_text: bool

    def marked(self, mark: type) -> bool:
        """Say whether the field has a mark of a type. It is asked for every value of a case that is opened."""
        return mark in self.kinds

    @property
    def bare(self) -> str | None:
        """The key that may be left out where the value has no other one."""
        return next((mark.key for mark in self.marks if isinstance(mark, Bare)), None)

    def dressed(self, plain: Any) -> Any:
        """Give a plain value with the key that was left out."""
        return {self.bare: plain} if self.bare and not isinstance(plain, dict) else plain

    def items(self, value: Any) -> tuple[Any, ...]:
        """Give the values of the field as a tuple, whether one, many or none."""
        if self.many:
            return tuple(value)
        return () if value is None else (value,)


@cache
def slots(kind: Any) -> tuple[Slot, ...]:
    """Describe the fields of a dataclass in their order, those about the record itself last."""
    hints = get_type_hints(kind, include_extras=True)
    given = [_slot(each, hints[each.name]) for each in dataclasses.fields(kind) if each.init]
    return tuple(sorted(given, key=lambda slot: slot.name in _LAST))


@cache
def slots_by_key(kind: Any) -> Mapping[str, Slot]:
    """Give the fields of a dataclass by the keys that files have."""
    return {slot.key: slot for slot in slots(kind)}


def _slot(each: "dataclasses.Field[Any]", hint: Any) -> Slot:
    leaf, many, marks = _opened(hint)
    key = next((mark.key for mark in marks if isinstance(mark, Key)), each.name)
    kinds = frozenset(mark if isinstance(mark, type) else type(mark) for mark in marks)
    required = each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
    nests, is_text = dataclasses.is_dataclass(leaf), leaf is str and not many
    return Slot(each.name, key, leaf, many, required, nests, tuple(marks), kinds, is_text)


def _opened(hint: Any) -> tuple[Any, bool, list[Any]]:
    """Take a type apart into the innermost type, whether it stands in a tuple, and all marks on the way."""
    marks: list[Any] = []
    many = False
    while True:
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated:
            marks += hint.__metadata__
            hint = arguments[0]
        elif origin in {Union, types.UnionType}:
            (hint,) = (part for part in arguments if part is not types.NoneType)
        elif origin is tuple:
            many, hint = True, arguments[0]
        else:
            return hint, many, marks


def leaves(
    record: Any, path: str = "", among: Callable[[Any], tuple[Slot, ...]] = slots
) -> Iterator[tuple[str, Slot, Any]]:
    """Give each single value of a record and its parts, with its path in the record and its field.

    `among` gives those fields of a class that are asked for.
    """
    kind: Any = type(record)
    for slot in among(kind):
        value = getattr(record, slot.name)
        if value is None or (slot.many and not value):
            continue
        at = f"{path}.{slot.key}" if path else slot.key
        for item in value if slot.many else (value,):
            if slot.nests:
                yield from leaves(item, at, among)
            else:
                yield at, slot, item
