"""Cases that may be the same as one: those that name somebody alike, in whatever script, and then the newest."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tocsin.accounts.actor import Actor
from tocsin.casework.parts import compartments
from tocsin.casework.search import listing, memory
from tocsin.casework.search.actions import refresh

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
    default, kept = compartments().default, memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now, adopt=False)
        known = listing.facets_of_all(kept, listing.held(actor, now) - {but})
        found: dict[UUID, str] = {}
        for name in names:
            alike = kept.namesakes.find(name, kept.index.summaries, kept.index.versions)
            found |= {case: each.name for case, each in alike.items() if case in known and case not in found}
        first = dict(list(found.items())[:_MOST_ALIKE])
        newest = sorted(known.keys() - first.keys(), key=lambda case: -known[case].saved_at)[:_MOST]
        titles = {case: kept.index.summaries[case, default].title for case in (*first, *newest)}
    return tuple(Alike(case, title, first.get(case, "")) for case, title in titles.items())
