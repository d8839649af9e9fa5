"""What a person has to do: read from who read and saved what, from grants that end, and from hearings that come."""

import datetime as dt
import heapq
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tocsin.accounts.actor import Actor
from tocsin.casework import charge, queries, watching
from tocsin.casework.queries import Saved
from tocsin.casework.reviewing import Review, list_due
from tocsin.casework.search import listing, memory
from tocsin.casework.search.alarms import Alarm, begun, presses
from tocsin.casework.search.facets import Facets
from tocsin.casework.search.holdings import Holdings
from tocsin.casework.search.opening import refresh
from tocsin.casework.wholeness import list_broken
from tocsin.journal import actions as entries
from tocsin.journal import queries as journal
from tocsin.vault import organisation
from tocsin.vault import queries as vault
from tocsin.vault.models import Grant

# Time enough to ask a colleague, or to prepare a hearing.
ENDS_SOON = timedelta(days=7)
HEARING_SOON = timedelta(days=14)


# As many as one reads in a list; and as many as are looked at to find out what needs one.
_SHOWN = 50
_LOOKED_AT = 200
_NEVER = "9999"
_DAY = len("2026-11-25")


@dataclass(frozen=True, slots=True)
class Glance:
    """A case as a list knows it, without a name if it cannot be opened; `over` is what no alarm is about any more."""

    id: UUID
    title: str | None = field(repr=False)
    facets: Facets = field(default=Facets(), repr=False)
    over: frozenset[str] = frozenset()

    def hearings_soon(self, now: datetime) -> tuple[datetime, ...]:
        """Give the hearings of the next two weeks."""
        hearings = map(datetime.fromisoformat, self.facets.hearings)
        return tuple(at for at in hearings if now.date() <= at.date() <= (now + HEARING_SOON).date())

    def review_due(self, now: datetime) -> dt.date | None:
        """Give the day of a review that is due."""
        day = dt.date.fromisoformat(self.facets.review_on) if self.facets.review_on else None
        return day if day is not None and day <= timezone.localdate(now) else None

    def alarms(self, now: datetime) -> tuple[Alarm, ...]:
        """Give the alarms that have begun, without those of what is over."""
        found = begun(self.facets.alarms, timezone.localdate(now).isoformat())
        return tuple(each for each in found if each.raised not in self.over)


@dataclass(frozen=True, slots=True)
class MyCase:
    """A case on one's first page, and what it asks of one.

    Attributes:
        glance: Its name and hearings, opened for this page.
        saved: Who saved it last, and when.
        is_new: One has never read it.
        is_changed: Somebody else saved it since one read it.
        ends: The grant of one's own that ends first, if it ends soon.
        is_last: No other person holds that compartment for longer.
        hearings: The hearings that come within two weeks.
        given_by: Who gave the newest grant.
        review_due: The day on which it was to be reviewed, if that is over or today.
        alarms: Those of its life cycles that have begun.
    """

    glance: Glance
    saved: Saved | None
    is_new: bool
    is_changed: bool
    ends: Grant | None
    is_last: bool
    hearings: tuple[datetime, ...]
    given_by: UUID | None
    review_due: dt.date | None = None
    alarms: tuple[Alarm, ...] = ()

    @property
    def id(self) -> UUID:
        """Give the id of the case."""
        return self.glance.id

    @property
    def presses_on(self) -> str:
        """Give the day on which it presses, to sort by: what is overdue comes first, what is only new comes last."""
        alarms = (each.began for each in self.alarms)
        days = (self.review_due, self.ends and self.ends.ends_at, *alarms, *self.hearings[:1])
        return "" if self.glance.title is None else min((day.isoformat() for day in days if day), default=_NEVER)

    @property
    def needs_me(self) -> bool:
        """Tell whether there is something to do today."""
        return bool(
            self.is_new
            or self.is_changed
            or self.ends
            or self.hearings
            or self.review_due
            or self.alarms
            or self.glance.title is None
        )


@dataclass(frozen=True, slots=True)
class Awaited:
    """What one gave a colleague access to on one day, and she has not opened yet."""

    holder: UUID
    day: dt.date
    cases: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """The lists of the first page; how many are needed today and held in all, shown or not."""

    today: tuple[MyCase, ...]
    cases: tuple[MyCase, ...]
    waiting: tuple[Awaited, ...]
    titles: dict[UUID, str] = field(repr=False)
    more: int = 0
    more_today: int = 0
    reviews: tuple[Review, ...] = ()


def list_work(actor: Actor, *, now: datetime) -> Work:
    """Give what is a person's to do. That she saw the names of her cases is journalled."""
    holdings, closed = _look_over(actor, now)
    granted = vault.list_grants(now, holder=actor.id).order_by("-given_at")
    together = organisation.holders()
    given = vault.list_grants(now).filter(given_by=actor.id).exclude(holder__in={actor.id, *together})
    lent = list(given.order_by("-given_at")[:_LOOKED_AT])
    reviews = list_due(actor, now=now)
    newest = holdings.in_order("changed", timezone.localdate(now).isoformat())
    wanted = {
        *newest[:_LOOKED_AT],
        *granted.values_list("case", flat=True)[:_LOOKED_AT],
        *granted.filter(ends_at__lte=now + ENDS_SOON).values_list("case", flat=True)[:_LOOKED_AT],
        *_pressing(holdings, now),
        *(grant.case for grant in lent),
        *(review.case for review in reviews),
        *charge.watched(actor.id),
    }
    glances = {case: Glance(case, None) for case in closed}
    glances |= {case: _glance(holdings, case) for case in newest if case in wanted and case not in closed}
    glances = _with_what_stands(glances, now)
    cases = _my_cases(actor, glances, together, now)
    reads = journal.last_times("casework.case.read", {grant.case for grant in lent})
    unread = (grant for grant in lent if grant.case in glances and not _has_read(reads, grant.case, grant.holder))
    waiting = _one_a_colleague(tuple(unread))[:_SHOWN]
    reviews = [each for each in reviews if each.case in glances][:_SHOWN]
    named = {*(each.id for each in (*_today(cases)[:_SHOWN], *cases[:_SHOWN])), *(grant.case for grant in waiting)}
    named |= {each.case for each in reviews}
    cases = _without_broken(cases, list_broken(actor, list(named), now=now))
    today = _today(cases)
    return Work(
        today=tuple(today[:_SHOWN]),
        cases=tuple(cases[:_SHOWN]),
        waiting=_by_colleague(waiting),
        titles={case: glance.title or "" for case, glance in glances.items()},
        more=len(holdings.cases) - len(cases[:_SHOWN]),
        more_today=len(today) - len(today[:_SHOWN]),
        reviews=tuple(reviews),
    )


def _with_what_stands(glances: dict[UUID, Glance], now: datetime) -> dict[UUID, Glance]:
    """Take away the alarms of what was mended since, in another room than this one."""
    about = {alarm.raised for each in glances.values() for alarm in each.alarms(now) if alarm.raised}
    gone = about - watching.standing(about)
    return {case: replace(each, over=frozenset(gone)) for case, each in glances.items()} if gone else glances


def _today(cases: list[MyCase]) -> list[MyCase]:
    """Give what is to be done today, what presses before what is only new."""
    return sorted((each for each in cases if each.needs_me), key=lambda each: each.presses_on)


def _without_broken(cases: list[MyCase], broken: set[UUID]) -> list[MyCase]:
    """Take the names from cases that somebody set back or that do not open; only what the page names was looked at."""
    return [_without_name(each) if each.id in broken else each for each in cases]


def _without_name(case: MyCase) -> MyCase:
    return replace(case, glance=Glance(case.id, None), hearings=(), review_due=None, alarms=())


def _look_over(actor: Actor, now: datetime) -> tuple[Holdings, list[UUID]]:
    """Give what is in memory of the cases that a person holds, and some of those that cannot be opened."""
    kept = memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now, adopt=False)
        holdings = listing.hold(actor, kept, now)
        closed = sorted(kept.closed & holdings.cases)
    if holdings.cases:
        with transaction.atomic():
            entries.record(actor.id, "casework.cases.listed", now=now, cases=len(holdings.cases))
    return holdings, closed[:_LOOKED_AT]


def _glance(holdings: Holdings, case: UUID) -> Glance:
    return Glance(case, holdings.titles[case], holdings.facets[case])


def _pressing(holdings: Holdings, now: datetime) -> list[UUID]:
    """Give the cases in which something is due, what is due first before the others."""
    today, until = timezone.localdate(now).isoformat(), (now + HEARING_SOON).date().isoformat()
    found = ((_first_due(each, today, until), case) for case, each in holdings.facets.items())
    return [case for _day, case in heapq.nsmallest(_LOOKED_AT, (row for row in found if row[0]))]


def _first_due(each: Facets, today: str, until: str) -> str:
    """Give the day of what is due first, nothing where nothing is: of twenty thousand cases no day is read as one."""
    days = [at for at in each.hearings if today <= at[:_DAY] <= until]
    if presses(each.alarms, today):
        days.append(each.alarms[0][:_DAY])
    if each.review_on and each.review_on <= today:
        days.append(each.review_on)
    return min(days, default="")


def _my_cases(actor: Actor, glances: dict[UUID, Glance], together: list[UUID], now: datetime) -> list[MyCase]:
    ids = list(glances)
    saves, reads = queries.last_saves(ids), journal.last_times("casework.case.read", ids)
    held = vault.list_grants(now).filter(case__in=ids).exclude(holder__in=together)
    grants: dict[UUID, list[Grant]] = {}
    for grant in held:
        grants.setdefault(grant.case, []).append(grant)
    cases = [
        _my_case(
            actor,
            glances[case],
            saves.get(case),
            reads,
            grants.get(case, []),
            now,
        )
        for case in ids
    ]
    return sorted(cases, key=lambda each: each.saved.at if each.saved else now, reverse=True)


def _has_read(reads: dict[tuple[UUID, UUID | None], datetime], case: UUID, holder: UUID) -> bool:
    return (case, holder) in reads


def _one_a_colleague(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    return tuple({(grant.case, grant.holder): grant for grant in grants}.values())


def _by_colleague(grants: tuple[Grant, ...]) -> tuple[Awaited, ...]:
    """Put together what one colleague was given on one day, the newest first."""
    found: dict[tuple[UUID, dt.date], tuple[UUID, ...]] = {}
    for grant in grants:
        place = grant.holder, timezone.localdate(grant.given_at)
        found[place] = (*found.get(place, ()), grant.case)
    return tuple(Awaited(holder, day, cases) for (holder, day), cases in found.items())


def _my_case(
    actor: Actor,
    glance: Glance,
    saved: Saved | None,
    reads: dict[tuple[UUID, UUID | None], datetime],
    grants: list[Grant],
    now: datetime,
) -> MyCase:
    mine = [grant for grant in grants if grant.case == glance.id and grant.holder == actor.id]
    ending = [grant for grant in mine if grant.ends_at and grant.ends_at <= now + ENDS_SOON]
    read_at = reads.get((glance.id, actor.id))
    ends = min(ending, key=lambda grant: grant.ends_at or now, default=None)
    newest = max(mine, key=lambda grant: grant.given_at, default=None)
    return MyCase(
        glance=glance,
        saved=saved,
        is_new=read_at is None and not (saved and saved.by == actor.id),
        is_changed=bool(read_at and saved and saved.by != actor.id and saved.at > read_at),
        ends=ends,
        is_last=ends is not None and not any(_outlasts(each, ends) for each in grants),
        hearings=glance.hearings_soon(now),
        review_due=glance.review_due(now),
        alarms=glance.alarms(now),
        given_by=newest.given_by if newest else None,
    )


def _outlasts(other: Grant, mine: Grant) -> bool:
    same = (other.case, other.compartment) == (mine.case, mine.compartment) and other.holder != mine.holder
    return same and (other.ends_at is None or mine.ends_at is None or other.ends_at > mine.ends_at)
