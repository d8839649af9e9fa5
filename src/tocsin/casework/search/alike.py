"""Cases that may be the same as one: those that name somebody alike, in whatever script, and then the newest."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.utils import timezone

from tocsin.accounts.actor import Actor
from tocsin.casework.search import listing, memory
from tocsin.casework.search.opening import refresh

_MOST_ALIKE, _MOST = 20, 50


@dataclass(frozen=True, slots=True)
class Alike:
    """A case of one's own, and the name in it that is like one that was asked for; none where it is only new."""

    id: UUID
    title: str = field(repr=False)
    name: str = field(default="", repr=False)


def list_alike(actor: Actor, names: Iterable[str], *, but: UUID | None = None, now: datetime) -> tuple[Alike, ...]:
    """List cases that a person may open: the most alike first, then those that were saved last.

    Args:
        actor: Who looks.
        names: Of people whom the cases may be about.
        but: A case that is left out.
        now: When.
    """
    kept = memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now, adopt=False, names=True)
        holdings = listing.hold(actor, kept, now)
        known = holdings.facets.keys() - {but}
        found: dict[UUID, str] = {}
        for name in names:
            alike = kept.namesakes.find(name)
            found |= {case: each.name for case, each in alike.items() if case in known and case not in found}
        first = dict(list(found.items())[:_MOST_ALIKE])
        by_change = holdings.in_order("changed", timezone.localdate(now).isoformat())
        newest = islice((case for case in by_change if case in known and case not in first), _MOST)
        titles = {case: holdings.titles[case] for case in (*first, *newest)}
    return tuple(Alike(case, title, first.get(case, "")) for case, title in titles.items())
