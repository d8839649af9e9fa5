"""Who is the last person to hold a compartment: after her the custodians alone open it, or nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tocsin.vault import organisation, queries
from tocsin.vault.models import Grant, KeyState

# Later than any grant ends.
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who holds a compartment now.

    Attributes:
        case: Of which case.
        compartment: Which one.
        people: Who holds it; the keys of the organisation are not counted.
        until: When the last of them loses it; `NEVER` where a grant has no end, and nothing where nobody holds it.
        custodians: Whether three of the custodians can open it.
    """

    case: UUID
    compartment: str
    people: frozenset[UUID]
    until: datetime | None
    custodians: bool


def standings(now: datetime, cases: Collection[UUID] | None = None) -> list[Standing]:
    """Tell of every compartment, or of those of some cases, who holds it."""
    states = KeyState.objects.order_by("case", "compartment").values_list("case", "compartment")
    live = queries.all_grants(now)
    if cases is not None:
        states, live = states.filter(case__in=cases), live.filter(case__in=cases)
    grants: dict[tuple[UUID, str], list[Grant]] = {}
    for grant in live:
        grants.setdefault((grant.case, grant.compartment), []).append(grant)
    together = frozenset(organisation.holders())
    return [_standing(state, grants.get(state, []), together) for state in states]


def _standing(state: tuple[UUID, str], grants: list[Grant], together: frozenset[UUID]) -> Standing:
    own = [grant for grant in grants if grant.holder not in together]
    return Standing(
        *state,
        people=frozenset(grant.holder for grant in own),
        until=max((grant.ends_at or NEVER for grant in own), default=None),
        custodians=len(own) < len(grants),
    )


def held_alone(holder: UUID, now: datetime) -> frozenset[UUID]:
    """Give the cases of which a person holds some compartment that no other person holds."""
    hers = set(queries.all_grants(now, holder=holder).values_list("case", flat=True))
    return frozenset(each.case for each in standings(now, hers) if each.people == {holder})


def is_last(grant: Grant, now: datetime) -> bool:
    """Tell whether no other person holds what a grant opens."""
    found = (each for each in standings(now, [grant.case]) if each.compartment == grant.compartment)
    return all(each.people <= {grant.holder} for each in found)
