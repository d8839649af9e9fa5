"""Letting a record say what another of its claims says: of two that stand side by side, the other one is in force."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tocsin.core.editing import lives
from tocsin.core.recording.comparing import said
from tocsin.core.records import Claim, ClaimStatus, TemporalExpression
from tocsin.core.records.shape import CodeOf, RefersTo, slots_by_key

_GONE = frozenset({"rejected", "retracted"})


def with_claim(record: Any, claim: Claim) -> Any:
    """Give a record as a claim says it is in one field; nothing where the claim does not tell the whole of it.

    A claim keeps a time, codes and ids of records whole; of a name or a status it keeps only the words.
    """
    kind: Any = type(record)
    slot = slots_by_key(kind).get(claim.predicate or "")
    if slot is None or claim.status in _GONE or not claim.value or said(getattr(record, slot.name)) == claim.value:
        return None
    if slot.leaf is TemporalExpression:
        return replace(record, **{slot.name: claim.t}) if claim.t is not None and said(claim.t) == claim.value else None
    if slot.leaf is str and (slot.marked(CodeOf) or slot.marked(RefersTo)):
        return replace(record, **{slot.name: tuple(claim.value.split()) if slot.many else claim.value})
    return None


def switched(claims: Iterable[Claim], chosen: Claim, status: ClaimStatus) -> tuple[tuple[Claim, ClaimStatus], ...]:
    """Give the claims that get another status with that: those that disagree stand back, the chosen one comes forward.

    Args:
        claims: Those about the same record.
        chosen: The one that is in force from now on.
        status: Day, person and reason of the statuses.
    """
    life = lives()["Claim"]
    behind = [
        (each, replace(status, value="superseded"))
        for each in claims
        if each.id in chosen.disagrees_with and "superseded" in life.next(each) and each.status != "superseded"
    ]
    forward = [(chosen, replace(status, value="recorded"))] if chosen.status == "superseded" else []
    return (*behind, *forward)
