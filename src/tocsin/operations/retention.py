"""What the duties that destroy would destroy, and by when: told before they do it, and without doing it.

A duty that destroys stands in the table of duties with what foresees it, so that none is left out here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tocsin.casework import actions as casework
from tocsin.casework.queries import list_forgotten
from tocsin.intake import queries as intake
from tocsin.intake.models import TAKEN, Report
from tocsin.journal import clocks
from tocsin.operations import duties, sweeping
from tocsin.operations.duties import Why

#: From now, in days: at once, tomorrow, within a week, a month, and the longest that a grant lasts.
DAYS: Final = (0, 1, 7, 30, 90)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What one duty would destroy if nothing changes until then.

    Attributes:
        what: What it counts.
        counts: How much by each of `DAYS`, what is over already among it.
        handles: The ids of what may be named, with the first of `DAYS` by which each would go.
        waits: Why nothing of it is destroyed now.
    """

    what: str
    counts: tuple[int, ...]
    handles: dict[str, int]
    waits: Why


def look_ahead(*, now: datetime) -> list[Ahead]:
    """Say it of every duty that destroys; nothing is changed by it."""
    is_doubted = bool(clocks.list_doubts(now=now))
    return [
        ahead
        for task in sweeping.tasks()
        if task.foresee is not None
        for ahead in _ahead(task.foresee, duties.why_it_waits(task, is_doubted=is_doubted), now)
    ]


def _ahead(foresee: duties.Foresee, waits: Why, now: datetime) -> Iterator[Ahead]:
    by_day = [{each.what: each for each in foresee(now + timedelta(days=days))} for days in DAYS]
    for what in by_day[0]:
        handles: dict[str, int] = {}
        for days, found in zip(DAYS, by_day, strict=True):
            for handle in found[what].handles:
                handles.setdefault(handle, days)
        yield Ahead(what, tuple(found[what].count for found in by_day), handles, waits)


def without_an_end() -> dict[str, int]:
    """Count what no duty destroys, however old it is: somebody has to."""
    taken = Report.objects.filter(state=TAKEN).exclude(id__in=intake.went_into(list_forgotten()).values("id"))
    return {"cases": len(casework.list_ids()), "reports that went into cases": taken.count()}
