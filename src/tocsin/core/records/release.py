"""Who may see a record: its own release class, or the one that its kind starts with."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from tocsin.core import vocab
from tocsin.core.records.actors import Coordinates, Person, Relationship
from tocsin.core.records.safety import Claim, Consent, Evidence, RiskAssessment, Source
from tocsin.core.records.shape import CodeOf, Slot, slots
from tocsin.core.records.standing import PartnerContact
from tocsin.core.records.story import Harm, ThreatContent
from tocsin.core.records.values import ContactPoint, Record

# Narrower classes come later: public, restricted, confidential, never published.
_ORDER = "PRCN"
_KINDS: dict[type, str] = {Consent: "N", RiskAssessment: "N", Source: "N", Claim: "C", Evidence: "C"} | {
    Relationship: "C",
    Coordinates: "C",
    Harm: "C",
    ThreatContent: "C",
    PartnerContact: "N",
}


def release_class(part: Any, *, of: Record | None = None) -> str:
    """Give the release class of a record or of a part of one.

    Its own `rc`; else the narrowest among that of its kind and those that its codes start with (sexual violence is
    never published); else public. What is never published by its kind stays so, whatever `rc` says.

    Args:
        part: The record, membership, contact point or coordinates.
        of: The record that the part belongs to. How to reach a person is never published.
    """
    kind = "N" if isinstance(part, ContactPoint) and isinstance(of, Person) else _KINDS.get(type(part), "P")
    own: str | None = getattr(part, "rc", None)
    if kind == "N" or own is not None:
        return "N" if kind == "N" else own or kind
    return max((kind, *_by_codes(part)), key=_ORDER.index)


def _by_codes(part: Any) -> Iterator[str]:
    kind: Any = type(part)
    for slot, lists in _coded(kind):
        for name in lists:
            for code in slot.items(getattr(part, slot.name)):
                term = vocab.load(name).get(code)
                if term is not None and term.default_release_class:
                    yield term.default_release_class


@cache
def _coded(kind: Any) -> tuple[tuple[Slot, tuple[str, ...]], ...]:
    """Give the fields of a kind of part that hold codes, each with the lists that they are of."""
    lists = (
        (each, [name for mark in each.marks if isinstance(mark, CodeOf) for name in mark.lists]) for each in slots(kind)
    )
    return tuple((slot, tuple(names)) for slot, names in lists if names)
