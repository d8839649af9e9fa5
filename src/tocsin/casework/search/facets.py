"""By what cases are filtered and sorted in a list; it lies in the sealed summary of a case, and nowhere in clear."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from tocsin.casework.pages.standing import hearings, status_of_case
from tocsin.casework.search.alarms import alarms_of
from tocsin.core.records import Bounds, Case, Organisation, event_bounds

_ENDED = frozenset({"closed", "merged"})


class Facets(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a list needs of a case.

    Attributes:
        countries: Of the appeal; where it has none yet, of the places.
        violations: The types of its acts, and those in its heading.
        detentions: The latest status of each detention.
        status: Of the appeal.
        standing: Where the case itself stands; empty where nobody has said.
        review_on: The day of the next review, as the case's standing has it, else the appeal; empty where none is set.
        hearings: The days and times of the next hearings, as the records write them.
        names: All forms of the names of people and organisations.
        saved_at: Seconds of the epoch; 0 where it is not known.
        places: All names of its places.
        alarms: Those of its life cycles (`alarms`), each with the day on which it begins.
        priority: How soon somebody has to act, as the cover of the case says.
        months: Those in which its events began, as `2026-11`; only where the month is known.
    """

    countries: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    detentions: tuple[str, ...] = ()
    status: str = ""
    review_on: str = ""
    hearings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    saved_at: float = 0.0
    places: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    standing: str = ""
    alarms: tuple[str, ...] = ()
    priority: str = ""


def facets_of(case: Case, now: datetime | None = None, more: Sequence[str] = ()) -> Facets:
    """Gather them; `more` are alarms that other rooms raise (`casework.watching`), wherever the case stands."""
    appeal, standing = case.appeal, status_of_case(case)
    review_on = standing.review_on if standing and standing.review_on else appeal.review_on
    places = tuple(place.country for place in case.places if place.country)
    acts = (event.act_type for event in case.events if event.act_type)
    headings = (heading.code for heading in appeal.violation_headings)
    people = (name.full for person in case.persons for name in person.names)
    organisations = (name for each in case.organisations for name in _names_of(each))
    own = () if standing and standing.value in _ENDED else alarms_of(case, standing.value if standing else "")
    return Facets(
        countries=tuple(dict.fromkeys(map(str, appeal.countries or places))),
        violations=tuple(dict.fromkeys([*headings, *acts])),
        detentions=tuple(dict.fromkeys(each.status.value for each in case.detentions if each.status)),
        status=appeal.status or "",
        review_on=review_on.isoformat() if review_on and not (standing and standing.value in _ENDED) else "",
        hearings=tuple(hearings(case)),
        names=tuple(dict.fromkeys([*people, *organisations])),
        saved_at=now.timestamp() if now else 0.0,
        places=tuple(dict.fromkeys(text.text for place in case.places for text in place.name.texts)),
        months=tuple(dict.fromkeys(filter(None, map(_month, event_bounds(case).values())))),
        standing=standing.value if standing else "",
        alarms=tuple(sorted([*own, *more])),
        priority=(case.cover.priority or "") if case.cover else "",
    )


def _month(began: Bounds) -> str:
    first, last = began.earliest, began.latest
    known = first is not None and last is not None and (first.year, first.month) == (last.year, last.month)
    return f"{first:%Y-%m}" if known and first is not None else ""


def _names_of(organisation: Organisation) -> Iterator[str]:
    yield from (text.text for text in organisation.name.texts) if organisation.name else ()
    yield from (form.value for form in organisation.names)
    yield from filter(None, (organisation.short, organisation.acronym))
