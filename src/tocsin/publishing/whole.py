"""Reading the whole site, for a copy of it: what is known without reading an appeal, and each appeal once, not often.

Most pages of a copy show appeals that stand near one another in the list, so those are read together.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tocsin.publishing import queries
from tocsin.publishing.models import GivenCode, Naming
from tocsin.publishing.queries import Listed, Page
from tocsin.publishing.standings import Standing, list_standings

# So many are read at once, and so many are kept: in a list of a country or a defender they stand far apart.
_AT_ONCE: Final = 50
_MOST_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of an appeal that is shown without reading it."""

    slug: str
    code: str
    publication: UUID
    countries: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Named:
    """That an appeal names somebody in a language, by her folded name."""

    slug: str
    language: str
    words: str


class Reading:
    """The appeals of a site as they are shown at a time, in the order of the list."""

    def __init__(self, outlines: Sequence[Outline], *, now: datetime) -> None:
        self.outlines, self._now = outlines, now
        self._places = {each.slug: place for place, each in enumerate(outlines)}
        self._kept: dict[str, Listed] = {}

    def find(self, slug: str) -> Listed | None:
        """Give an appeal, and read those behind it in the list with it; `None` where nobody signed it."""
        self._make_room()
        if slug not in self._kept:
            place = self._places[slug]
            self._read(each.slug for each in self.outlines[place : place + _AT_ONCE])
        return self._kept.get(slug)

    def page(self, shown: Sequence[Outline], total: int, number: int) -> Page:
        """Give a page of a list of which is known what is on it, and how long it is."""
        return Page(tuple(self.some(shown)), total, number)

    def some(self, shown: Sequence[Outline]) -> list[Listed]:
        """Give what of some appeals was signed."""
        self._make_room()
        missing = [each.slug for each in shown if each.slug not in self._kept]
        if missing:
            self._read(missing)
        return [self._kept[each.slug] for each in shown if each.slug in self._kept]

    def _make_room(self) -> None:
        """Forget what was read, where it is much: before it is seen what is missing, so that nothing wanted goes."""
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()

    def _read(self, slugs: Iterable[str]) -> None:
        rows = queries.placed(queries.standing(self._now).filter(slug__in=list(slugs)))
        self._kept |= {each.slug: each for each in queries.genuine(rows)}


def list_outlines(*, now: datetime) -> list[Outline]:
    """List what is shown in the order of the list, without reading any of it."""
    stand = list_standings(None, now=now)
    rows = queries.standing(now).order_by("-place")
    found = rows.values_list("slug", "publication__code", "publication_id", "countries")
    return [
        Outline(slug, code, publication, tuple(countries.split()), stand.get(code, "published"))
        for slug, code, publication, countries in found
    ]


def all_chains(*, now: datetime) -> dict[str, list[str]]:
    """Give the publications of each chain of several appeals that are shown, by the slug of each of them."""
    shown = queries.standing(now).values_list("publication__code", "slug", "publication_id")
    ids = {code: (slug, str(publication)) for code, slug, publication in shown}
    chains: dict[object, list[tuple[str, str]]] = defaultdict(list)
    given = GivenCode.objects.order_by("follow_up").values_list("printed", "scheme", "series", "year", "number")
    for printed, *chain in given:
        if printed in ids:
            chains[tuple(chain)].append(ids[printed])
    return {
        slug: [publication for _, publication in chain]
        for chain in chains.values()
        if len(chain) > 1
        for slug, _ in chain
    }


def all_namings() -> dict[str, list[Named]]:
    """Give where each defender is named."""
    found: dict[str, list[Named]] = defaultdict(list)
    rows = Naming.objects.order_by("id").values_list("defender", "shown", "language", "words")
    for defender, slug, language, words in rows:
        found[defender].append(Named(slug, language, words))
    return found
