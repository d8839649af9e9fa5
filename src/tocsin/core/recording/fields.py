"""Which fields a fact of each kind has, and what a person may write into them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "person", "group", "organisation", "place", "event", "act", "charge", "proceeding", "status", "quotation", "law"
]
Shape = Literal["words", "code", "date", "day", "time", "facts"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a fact.

    Attributes:
        shape: What it holds: words, a code, a date that may lack its day or month, a whole day, a time, other facts.
        lists: The controlled lists that a code is of.
        of: The kinds of fact that it may name.
        many: Whether it may name several.
        needed: Whether it has to be filled.
    """

    shape: Shape
    lists: tuple[str, ...] = ()
    of: tuple[Kind, ...] = ()
    many: bool = False
    needed: bool = False


ACTORS: tuple[Kind, ...] = ("person", "group", "organisation")
_NAME = Field("words", needed=True)

FIELDS: Mapping[Kind, Mapping[str, Field]] = {
    "person": {
        "name": _NAME,
        "role": Field("code", ("person_roles",)),
        "described_as": Field("words"),
        "organisations": Field("facts", of=("organisation",), many=True),
    },
    "group": {"name": _NAME, "actor_type": Field("code", ("actor_types",))},
    "organisation": {"name": _NAME, "kind": Field("code", ("organisation_kinds",))},
    "place": {"name": _NAME, "kind": Field("code", ("place_kinds",))},
    "event": {
        "what": Field("words", needed=True),
        "date": Field("date"),
        "time": Field("time"),
        "until": Field("date"),
        "place": Field("facts", of=("place",)),
    },
    "act": {
        "type": Field("code", ("violation_types", "procedure_types"), needed=True),
        "method": Field("code", ("act_methods",)),
        "victims": Field("facts", of=ACTORS, many=True),
        "actors": Field("facts", of=ACTORS, many=True),
    },
    "charge": {
        "offence": Field("words", needed=True),
        "article": Field("words"),
        "law": Field("words"),
        "person": Field("facts", of=("person",)),
        "status": Field("code", ("proceeding_status",)),
    },
    "proceeding": {"status": Field("code", ("proceeding_status",), needed=True), "as_of": Field("day", needed=True)},
    "status": {
        "person": Field("facts", of=("person",), needed=True),
        "status": Field("code", ("detention_status",), needed=True),
        "as_of": Field("day", needed=True),
    },
    "quotation": {"quote": Field("words", needed=True), "speaker": Field("facts", of=ACTORS, needed=True)},
    "law": {"instrument": Field("code", ("instruments",), needed=True), "article": Field("words")},
}
"""The fields of each kind, in the order in which a person reads them."""
