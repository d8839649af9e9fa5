"""In which order the events of a case happened, and between which bounds, as far as their records say.

An event begins no earlier than the events it followed and no later than those it preceded. The bounds of each event are
narrowed by those of its neighbours; where nothing is left between them, the case contradicts itself.
"""

import calendar
import datetime as dt
import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tocsin.core.errors import ContradictoryChronology
from tocsin.core.records.justice import Detention, Proceeding
from tocsin.core.records.story import Event, Statement
from tocsin.core.records.values import TemporalExpression

_TICK = dt.timedelta(microseconds=1)
_BEGINNING = dt.datetime(1, 1, 1)  # noqa: DTZ001 - local time by meaning, as all times here


@dataclass(frozen=True, slots=True)
class Bounds:
    """The earliest and the latest moment at which something began, both included; `None` where nothing is known."""

    earliest: dt.datetime | None = None
    latest: dt.datetime | None = None

    @property
    def before(self) -> dt.datetime | None:
        """The last moment before the earliest."""
        return self.earliest - _TICK if self.earliest else None

    @property
    def empty(self) -> bool:
        """Whether no moment lies between the bounds."""
        return self.earliest is not None and self.latest is not None and self.latest < self.earliest

    def within(self, other: "Bounds") -> "Bounds":
        """Narrow the bounds by others."""
        earliest, latest = self.earliest or other.earliest, self.latest or other.latest
        if earliest and other.earliest and other.earliest > earliest:
            earliest = other.earliest
        if latest and other.latest and other.latest < latest:
            latest = other.latest
        return Bounds(earliest, latest)


def span(time: str) -> Bounds:
    """Give the first and the last moment of a year, month, day or minute (`2021-05` is all of May)."""
    day, _, clock = time.partition("T")
    year, month, date = [*map(int, day.split("-")), 0, 0][:3]
    if clock:
        start = dt.datetime.fromisoformat(time)
        return Bounds(start, start + dt.timedelta(minutes=1) - _TICK)
    last_month = month or 12
    last = dt.datetime(year, last_month, date or calendar.monthrange(year, last_month)[1])  # noqa: DTZ001
    return Bounds(dt.datetime(year, month or 1, date or 1), last + dt.timedelta(days=1) - _TICK)  # noqa: DTZ001


def bounds(expression: TemporalExpression | None, as_of: dt.date | None = None) -> Bounds:
    """Give the bounds that a temporal expression states itself, without those that follow from other events.

    With the precision `before`, the latest moment is the one before the time that is named.
    """
    found = span(as_of.isoformat()) if as_of else Bounds()
    if expression is None:
        return found
    for exact in (expression.date, expression.start):
        if exact:
            found = found.within(span(exact))
    if expression.earliest:
        found = found.within(Bounds(span(expression.earliest).earliest, None))
    before = expression.precision == "before"
    goes_on = expression.ongoing_as_of.isoformat() if expression.ongoing_as_of else None
    for latest in (expression.latest, expression.latest_start, expression.until, goes_on):
        if latest:
            limit = span(latest)
            found = found.within(Bounds(None, limit.before if before else limit.latest))
    return found


Edge = tuple[str, str]


def edges(
    events: Iterable[Event],
    detentions: Iterable[Detention] = (),
    proceedings: Iterable[Proceeding] = (),
    statements: Iterable[Statement] = (),
) -> list[Edge]:
    """Give the pairs of events of which the first did not begin after the second."""
    about = {each.id: each.about_event for each in statements}
    pairs: list[Edge] = []
    for event in events:
        pairs += _stated(event)
        spoken_of = about.get(event.statement or "")
        if event.kind == "statement" and spoken_of and spoken_of != event.id:
            pairs.append((spoken_of, event.id))
    for detention in detentions:
        pairs += _of_detention(detention)
    for proceeding in proceedings:
        steps = [step.event for step in proceeding.history if step.event]
        pairs += [(before, after) for before, after in pairwise(steps) if before != after]
    return pairs


def _stated(event: Event) -> Iterator[Edge]:
    time = event.t or TemporalExpression()
    yield from ((other, event.id) for other in time.after)
    yield from ((event.id, other) for other in (*time.before, *time.order_before))
    if time.during:
        yield time.during, event.id
    if event.cause:
        yield event.cause, event.id
    for link in event.links:
        if link.type in {"precedes", "causes"}:
            yield event.id, link.event
        elif link.type in {"follows", "consequence_of", "reprisal_for"}:
            yield link.event, event.id


def _of_detention(detention: Detention) -> Iterator[Edge]:
    begin = detention.apprehended_in
    ends = [stay.ends for stay in detention.custody]
    for end in (*ends, detention.status.since if detention.status else None):
        if begin and end and end.startswith("e") and end != begin:
            yield begin, end


def refuse_impossible_stays(detentions: Iterable[Detention], known: Mapping[str, Bounds]) -> None:
    """Refuse a stretch of a detention that ends before it, or the arrest, begins.

    Raises:
        ContradictoryChronology: One does.
    """
    for detention in detentions:
        arrest = known.get(detention.apprehended_in or "", Bounds())
        for stay in detention.custody:
            begin, end = _limit(stay.begins, known), _limit(stay.ends, known)
            if Bounds(begin.earliest, end.latest).empty or Bounds(arrest.earliest, end.latest).empty:
                raise ContradictoryChronology("custody ends before it begins", where=detention.id)


def _limit(moment: str | None, known: Mapping[str, Bounds]) -> Bounds:
    if moment is None:
        return Bounds()
    return known[moment] if moment in known else span(moment)


class Ordering:
    """The events in order, with their narrowed bounds.

    Raises:
        ContradictoryChronology: Events precede one another in a circle, or an event cannot lie between its bounds.
    """

    def __init__(self, events: Sequence[Event], pairs: Sequence[Edge]) -> None:
        self._events = {event.id: event for event in events}
        self._position = {event.id: number for number, event in enumerate(events)}
        self._after: Mapping[str, list[str]] = {event.id: [] for event in events}
        self._before: Mapping[str, list[str]] = {event.id: [] for event in events}
        for first, second in dict.fromkeys(pairs):
            self._after[first].append(second)
            self._before[second].append(first)
        self._stated = {event.id: bounds(event.t, event.as_of) for event in events}
        topological = self._sorted(dict.fromkeys(self._events, _BEGINNING))
        self.bounds = self._narrowed(topological)
        self.events = tuple(self._events[each] for each in self._sorted(self._keys(topological)))

    def _sorted(self, keys: Mapping[str, dt.datetime]) -> list[str]:
        waiting = {each: len(self._before[each]) for each in self._events}
        ready = [(keys[each], self._position[each], each) for each, count in waiting.items() if not count]
        heapq.heapify(ready)
        order = []
        while ready:
            *_, event = heapq.heappop(ready)
            order.append(event)
            for later in self._after[event]:
                waiting[later] -= 1
                if not waiting[later]:
                    heapq.heappush(ready, (keys[later], self._position[later], later))
        if len(order) < len(self._events):
            circle = " → ".join(self._circle({each for each, count in waiting.items() if count}))
            raise ContradictoryChronology("these events precede one another in a circle", where=circle)
        return order

    def _circle(self, stuck: set[str]) -> list[str]:
        path = [min(stuck, key=self._position.__getitem__)]
        while path[-1] not in path[:-1]:
            path.append(next(each for each in self._before[path[-1]] if each in stuck))
        return list(reversed(path[path.index(path[-1]) :]))

    def _narrowed(self, topological: Sequence[str]) -> Mapping[str, Bounds]:
        """Hand the earliest moments on to later events, then the latest ones to earlier events."""
        for each, stated in self._stated.items():
            if stated.empty:
                raise ContradictoryChronology("its latest time is before its earliest", where=each)
        narrowed = dict(self._stated)
        # Which event states the earliest moment that was handed on, so that the message names the one to look at.
        origin = {each: each for each in self._events}
        for each in topological:
            for other in self._before[each]:
                tighter = narrowed[each].within(Bounds(narrowed[other].earliest, None))
                if tighter.earliest != narrowed[each].earliest:
                    origin[each] = origin[other]
                narrowed[each] = tighter
                self._refuse_empty(tighter, origin[each], each)
        for each in reversed(topological):
            for other in self._after[each]:
                narrowed[each] = narrowed[each].within(Bounds(None, narrowed[other].latest))
        return narrowed

    def _refuse_empty(self, found: Bounds, first: str, second: str) -> None:
        if found.empty:
            what = f"{second} cannot have begun before {first}, but its times say so"
            raise ContradictoryChronology(what, where=f"{first}, {second}")

    def _keys(self, topological: Sequence[str]) -> Mapping[str, dt.datetime]:
        """Give each event the moment to sort by, never before that of what it followed.

        It is the latest moment at which it can have begun: what is known by the day only comes after what is known by
        the hour. What goes on for some time is told where it begins, and what happened during another event beside it.
        """
        keys: dict[str, dt.datetime] = {}
        nearby = _BEGINNING
        for each in topological:
            own = self._moment(each, keys)
            previous = max((keys[other] for other in self._before[each]), default=None)
            keys[each] = nearby = max((one for one in (own, previous) if one), default=nearby)
        return keys

    def _moment(self, event: str, keys: Mapping[str, dt.datetime]) -> dt.datetime | None:
        time = self._events[event].t or TemporalExpression()
        found = self.bounds[event]
        if time.during:
            return keys[time.during]
        left_undone = self._events[event].kind == "omission" and time.earliest
        if found.earliest and (time.ongoing_as_of or time.precision == "range" or left_undone):
            return found.earliest
        return found.latest if self._stated[event].latest else found.earliest
