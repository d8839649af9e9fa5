"""How long somebody may be held before a judge must see her (`custody_limits.toml`), and of whom nobody knows where."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from tocsin.core.records import Bounds, Case, Detention, Event, Person, Place, Status, in_force
from tocsin.core.records.ordering import span

_UNACKNOWLEDGED, _DISAPPEARED = "unacknowledged", "disappeared"
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Unseen:
    """A detention of which nobody said that a judge saw the person, in a country whose limit is known.

    Attributes:
        detention: Its id.
        began: The earliest moment at which it may have begun: from it the law may count.
        held_by: The latest one: since then at least she is held.
        hours: The limit.
    """

    detention: str
    began: dt.datetime
    held_by: dt.datetime
    hours: int

    @property
    def ends(self) -> dt.datetime:
        """Give the moment at which the limit may be over."""
        return self.began + self.hours * _HOUR


def hours_between(since: dt.datetime, now: dt.datetime) -> int:
    """Give the whole hours that have passed; none before it began."""
    return max(0, (now - since) // _HOUR)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("tocsin.casework").joinpath("custody_limits.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Lost:
    """A detention or a person of whom nobody knows where she is, and the day since which at least that is so."""

    record: str
    since: dt.date


def unseen(case: Case) -> Iterator[Unseen]:
    """Give those who are held and were not brought before a judge, as far as the case says and the law is known.

    Of whom nobody knows where she is, nobody knows either whether a judge saw her: no hours are counted (`lost`).
    """
    for each in case.detentions:
        if each.status is None or each.status.value not in _table()["statuses"] or _has_disappeared(case, each):
            continue
        limit, began = _table()["limits"].get(_country(case, each)), _began(case, each)
        if limit is None or began.earliest is None or began.latest is None or _was_seen(case, each, began):
            continue
        zone = _zone(case, each)
        yield Unseen(each.id, began.earliest.replace(tzinfo=zone), began.latest.replace(tzinfo=zone), limit["hours"])


def lost(case: Case) -> Iterator[Lost]:
    """Give those of whom nobody knows where they are: each detention, and each person who is in none of them."""
    told: set[str] = set()
    for each in case.detentions:
        if each.status and each.status.value == _UNACKNOWLEDGED:
            told.update(each.persons)
            yield Lost(each.id, _not_acknowledged_since(case, each))
    for person in case.persons:
        status = _life(person)
        if status and status.value == _DISAPPEARED and person.id not in told:
            yield Lost(person.id, _by(status, _bounds(case, status.since)))


def _not_acknowledged_since(case: Case, detention: Detention) -> dt.date:
    """Give the day on which the last stretch began in which nobody said that she was held."""
    rows = in_force([*detention.history, *([detention.status] if detention.status else [])])
    others = [number for number, each in enumerate(rows, 1) if each.value != _UNACKNOWLEDGED]
    first = rows[others[-1] if others else 0]
    return _by(first, _bounds(case, first.since) if first.since or others else _began(case, detention))


def _by(status: Status, began: Bounds) -> dt.date:
    """Give the last day on which something may have begun that held on the day of a status."""
    return min(began.latest.date(), status.as_of) if began.latest else status.as_of


def _has_disappeared(case: Case, detention: Detention) -> bool:
    lives = [_life(case.get_record(each, Person)) for each in detention.persons]
    return bool(lives) and all(life is not None and life.value == _DISAPPEARED for life in lives)


def _life(person: Person) -> Status | None:
    return next(reversed(in_force(person.statuses)), None)


def _began(case: Case, detention: Detention) -> Bounds:
    """Give between which moments the detention began: with the arrest, or else at the first place."""
    if detention.apprehended_in:
        return case.ordering.bounds.get(detention.apprehended_in, Bounds())
    return _bounds(case, detention.custody[0].begins if detention.custody else None)


def _bounds(case: Case, told: str | None) -> Bounds:
    """Give between which moments a time or an event began."""
    if not told:
        return Bounds()
    return case.ordering.bounds.get(told, Bounds()) if told in case.by_id else span(told)


def _was_seen(case: Case, detention: Detention, began: Bounds) -> bool:
    return any(_shows(each, detention) and _is_behind(case, each, began) for each in case.events)


def _shows(event: Event, detention: Detention) -> bool:
    """Tell whether an event brought the people of a detention before a judge; what is planned did not yet."""
    is_theirs = event.detention == detention.id or bool({*event.concerns, *event.victims} & {*detention.persons})
    return event.kind != "plan" and event.procedure in _table()["seen_by"] and is_theirs


def _is_behind(case: Case, event: Event, began: Bounds) -> bool:
    latest = case.ordering.bounds.get(event.id, Bounds()).latest
    return latest is None or began.earliest is None or latest >= began.earliest


def _country(case: Case, detention: Detention) -> str:
    """Give the country in which somebody is held: that of the place, or of the case where it is about one alone."""
    at = case.find_record((detention.custody[-1].facility if detention.custody else None) or "", Place)
    while at is not None:
        if at.country:
            return at.country
        at = case.find_record(at.within or "", Place)
    return case.appeal.countries[0] if len(case.appeal.countries) == 1 else ""


def _zone(case: Case, detention: Detention) -> dt.tzinfo:
    """Give the zone in which the arrest is told; that of the office where neither it nor the case says one."""
    arrest = case.find_record(detention.apprehended_in or "", Event)
    told = (arrest.t.tz if arrest and arrest.t else None) or case.timezone_default
    try:
        return ZoneInfo(told) if told else timezone.get_current_timezone()
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return timezone.get_current_timezone()
