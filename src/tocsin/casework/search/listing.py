"""Lists of all cases that somebody may open: filtered, sorted and counted in memory, shown a page at a time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from tocsin.accounts.actor import Actor, demand
from tocsin.casework import charge, merges, watching
from tocsin.casework.models import CaseFile
from tocsin.casework.parts import compartments
from tocsin.casework.queries import Saved, last_saves
from tocsin.casework.search import memory
from tocsin.casework.search.alarms import rings
from tocsin.casework.search.facets import Facets
from tocsin.casework.search.holdings import Holdings
from tocsin.casework.search.index import Place
from tocsin.casework.search.opening import refresh
from tocsin.casework.search.summary import Summary
from tocsin.casework.wholeness import list_broken
from tocsin.core.names import words_of
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault

ON_A_PAGE = 25
OVERDUE, AHEAD, NONE, ANY = "overdue", "ahead", "none", "any"
# Reviews that come within so many days, today among them.
WITHIN = {"week": 7, "month": 30}
IN_CHARGE, WATCHED = "charge", "watched"
_IN_ONE_QUERY = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list is of, and how it is sorted; what is empty is not asked for."""

    question: str = field(default="", repr=False)
    country: str = ""
    violation: str = ""
    detention: str = ""
    standing: str = ""
    priority: str = ""
    alarm: str = ""
    status: str = ""
    review: str = ""
    whose: str = ""
    order: str = "review"

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is asked for."""
        return any(getattr(self, each.name) for each in fields(self) if each.name != "order")

    @property
    def asks(self) -> bool:
        """Tell whether it asks for words, which may be a name."""
        return bool(self.question.strip())


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list; without a name where it is not as it was saved last."""

    id: UUID
    title: str | None = field(repr=False)
    code: str = field(default="", repr=False)
    facets: Facets = field(default=Facets(), repr=False)
    saved: Saved | None = None
    is_overdue: bool = False

    @property
    def review_day(self) -> dt.date:
        """Give the day of the next review."""
        return dt.date.fromisoformat(self.facets.review_on)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        rows: The cases on it.
        count: How many there are on all pages.
        number, pages: Which page, of how many.
        choices: For each filter what there is to choose from, with the number of one's cases.
        alarms: Those that have begun, with the number of one's cases.
        closed: How many cases could not be looked into.
    """

    rows: tuple[Listed, ...]
    count: int
    number: int
    pages: int
    choices: Mapping[str, Mapping[str, int]]
    alarms: Mapping[str, int]
    closed: int


def list_cases(actor: Actor, wanted: Wanted, number: int = 1, *, now: datetime, adopt: bool = False) -> Page:
    """Give one page of the cases that a person may open. That she saw names is journalled, not what she looked for.

    Args:
        actor: Who looks.
        wanted: Which of them.
        number: Which page, from 1 on; one that there is not gives the nearest.
        now: When.
        adopt: As in `bulk.open_cases`.

    Raises:
        StillOpening: if there is more to open than a page has time for.
    """
    demand(actor, "case.read", now=now)
    kept, today = memory.kept_for(actor.id), timezone.localdate(now).isoformat()
    with kept.lock:
        refresh(actor, kept, now, adopt=adopt, names=wanted.asks)
        holdings = hold(actor, kept, now)
        over = _over(holdings, today)
        fitting = _fitting(actor, kept, holdings, wanted, over, now)
        pages = max(1, -(-len(fitting) // ON_A_PAGE))
        number = min(max(1, number), pages)
        shown = fitting[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        rows = {case: kept.index.summaries[case, compartments().default] for case in shown}
        closed = len(kept.closed & holdings.cases)
    with transaction.atomic():
        journal.record(actor.id, "casework.cases.listed", now=now, cases=len(shown))
    return Page(
        rows=_listed(actor, rows, holdings.facets, now),
        count=len(fitting),
        number=number,
        pages=pages,
        choices=holdings.choices,
        alarms=holdings.alarms(today, over),
        closed=closed,
    )


def list_all(actor: Actor, wanted: Wanted, *, now: datetime) -> tuple[Listed, ...]:
    """Give all cases of a list at once; for who takes them out (`exporting`), which writes that into the journal."""
    demand(actor, "case.read", now=now)
    kept = memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now, names=wanted.asks)
        holdings = hold(actor, kept, now)
        over = _over(holdings, timezone.localdate(now).isoformat())
        fitting = _fitting(actor, kept, holdings, wanted, over, now)
        rows = {case: kept.index.summaries[case, compartments().default] for case in fitting}
    return _listed(actor, rows, holdings.facets, now)


def _over(holdings: Holdings, today: str) -> AbstractSet[str]:
    """Give what alarms of other rooms are about that was mended since; no case was saved by that."""
    raised = holdings.raised(today)
    return raised - watching.standing(raised)


def _fitting(
    actor: Actor, kept: memory.Kept, holdings: Holdings, wanted: Wanted, over: AbstractSet[str], now: datetime
) -> Sequence[UUID]:
    """Give the cases that fit what is asked for, in the order that is asked for."""
    known, today = holdings.facets, timezone.localdate(now).isoformat()
    fitting: Sequence[UUID] = holdings.in_order(wanted.order, today)
    if wanted.asks:
        found = _asked_for(actor, kept, wanted, now)
        fitting = [case for case in fitting if case in found]
    if wanted.whose:
        own = charge.charges_of(actor.id) if wanted.whose == IN_CHARGE else charge.watched(actor.id)
        fitting = [case for case in fitting if case in own]
    return [case for case in fitting if _fits(known[case], wanted, today, over)]


def _listed(
    actor: Actor, rows: Mapping[UUID, Summary], known: Mapping[UUID, Facets], now: datetime
) -> tuple[Listed, ...]:
    saves, broken = last_saves(rows), list_broken(actor, rows.keys(), now=now)
    today = timezone.localdate(now).isoformat()
    return tuple(
        Listed(
            id=case,
            title=None if case in broken else row.title,
            code=row.code,
            facets=known[case],
            saved=saves.get(case),
            is_overdue=is_overdue(known[case], today),
        )
        for case, row in rows.items()
    )


def hold(actor: Actor, kept: memory.Kept, now: datetime) -> Holdings:
    """Give the cases whose facts a person may open now; what is in memory may be of earlier.

    To be called with the lock of what is kept, when it was brought up to date (`refresh`).
    """
    grants = vault.list_grants(now, holder=actor.id).filter(compartment=compartments().default)
    shredded = CaseFile.objects.exclude(shredded_at=None)

    def written(cases: QuerySet[Any], name: str) -> frozenset[str]:
        return frozenset(cases.annotate(written=Cast(name, CharField())).values_list("written", flat=True))

    return kept.holdings(written(grants, "case") - written(shredded, "id"), merges.list_pointers())


def is_overdue(facets: Facets, today: str) -> bool:
    """Tell whether the day of the next review is over."""
    return bool(facets.review_on) and facets.review_on < today


def _asked_for(actor: Actor, kept: memory.Kept, wanted: Wanted, now: datetime) -> set[UUID]:
    """Look for the words of a question, and for people of whom it may be the name in another script or spelling."""
    places = list(kept.index.find(words_of(wanted.question)))
    default = compartments().default
    elsewhere = {place for place in places if place[1] != default}
    live = _live(actor, elsewhere, now)
    found = {case for case, compartment in places if compartment == default or (case, compartment) in live}
    return found | kept.namesakes.find(wanted.question).keys()


def _live(actor: Actor, places: set[Place], now: datetime) -> set[Place]:
    cases, live = sorted({case for case, _ in places}), set()
    for at in range(0, len(cases), _IN_ONE_QUERY):
        grants = vault.list_grants(now).filter(case__in=cases[at : at + _IN_ONE_QUERY])
        rows = grants.values_list("holder", "case", "compartment")
        live |= {(case, compartment) for holder, case, compartment in rows if holder == actor.id}
    return live & places


def _fits(each: Facets, wanted: Wanted, today: str, over: AbstractSet[str]) -> bool:
    return (
        (not wanted.country or wanted.country in each.countries)
        and (not wanted.violation or wanted.violation in each.violations)
        and (not wanted.detention or wanted.detention in each.detentions)
        and (not wanted.standing or wanted.standing == each.standing)
        and (not wanted.priority or wanted.priority == each.priority)
        and (not wanted.alarm or rings(each.alarms, today, wanted.alarm.replace(ANY, ""), over))
        and (not wanted.status or wanted.status == each.status)
        and _is_reviewed(each.review_on, wanted.review, today)
    )


def _is_reviewed(day: str, wanted: str, today: str) -> bool:
    if wanted == OVERDUE:
        return bool(day) and day < today
    if wanted == AHEAD:
        return bool(day) and today <= day
    if wanted in WITHIN:
        last = dt.date.fromisoformat(today) + dt.timedelta(days=WITHIN[wanted])
        return bool(day) and today <= day <= last.isoformat()
    return not day if wanted == NONE else True
