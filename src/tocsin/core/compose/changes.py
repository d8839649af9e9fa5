"""What is new since the last appeal of a chain, and what only recalls it."""

import datetime as dt
from collections.abc import Sequence

from tocsin.core.errors import BadCase
from tocsin.core.records import Case, Event, changes_since

_RECALLED = frozenset({"act", "procedure", "omission"})


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


def split(case: Case, events: Sequence[Event], since: dt.date | None) -> tuple[list[Event], list[Event]]:
    """Give the events that are new, and those before them that a recap tells; without a day all are new.

    New is what happened or became known after the day. The recap leaves out the circumstances that the first appeal has
    told: it says what was done and decided.
    """
    if since is None:
        return list(events), []
    changed = {change.record for change in changes_since(case, since) if change.what != "status"}
    recent = [event for event in events if event.id in changed]
    return recent, [event for event in events if event.id not in changed and event.kind in _RECALLED]
