"""What is new since the last appeal of a chain, and what only recalls it."""

import datetime as dt
from collections.abc import Sequence

from tocsin.core.errors import BadCase
from tocsin.core.records import Case, Event

_DAY = len("2021-05-29")


def starting_point(case: Case, since: dt.date | None) -> dt.date:
    """Give the day after which things are new: the given one, or that of the last appeal of the chain.

    Raises:
        BadCase: Neither is there.
    """
    if since is not None:
        return since
    earlier = [each.issued_on for each in case.appeal.follows]
    if not earlier:
        raise BadCase(
            "a follow-up needs the day since when things are new",
            where=case.appeal.id,
            hint="give --since, or name the last appeal under follows",
        )
    return max(earlier)


def split(events: Sequence[Event], since: dt.date | None) -> tuple[list[Event], list[Event]]:
    """Give the events that are new, and those that came before; without a day all are new."""
    if since is None:
        return list(events), []
    recent = [event for event in events if is_new(event, since)]
    return recent, [event for event in events if event not in recent]


def is_new(event: Event, since: dt.date) -> bool:
    """Whether an event became known, or happened, after a day; one of unknown time is not."""
    if event.recorded_on is not None:
        return event.recorded_on > since
    t = event.t
    moment = (t and (t.start or t.date or t.earliest or t.latest)) or (event.as_of and event.as_of.isoformat())
    day = str(moment)[:_DAY] if moment else ""
    return day > since.isoformat()[: len(day)] if day else False
