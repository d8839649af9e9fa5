"""What changed in a case since a day: the ground of a follow-up."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tocsin.core.records.case import Case
from tocsin.core.records.chronology import event_bounds
from tocsin.core.records.ordering import Bounds
from tocsin.core.records.shape import slots
from tocsin.core.records.story import Event
from tocsin.core.records.values import Record, Status, in_force


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new.

    Attributes:
        record: The id of the record.
        on: The day of the change, as far as it is known.
        what: It happened after the day asked for; or a status changed; or it became known only then.
    """

    record: str
    on: dt.date
    what: Literal["happened", "status", "recorded"]


def changes_since(case: Case, day: dt.date) -> tuple[Change, ...]:
    """Say what happened, changed or became known after a day, by the day of the change.

    An event counts as one that happened after it only if it cannot have begun before. A status that was only dated
    anew is no change.
    """
    limits = event_bounds(case)
    found = [change for record in case.records() for change in _changes(record, day, limits.get(record.id))]
    return tuple(sorted(found, key=lambda change: change.on))


def _changes(record: Record, day: dt.date, limits: Bounds | None) -> Iterator[Change]:
    if isinstance(record, Event) and limits and limits.earliest and limits.earliest.date() > day:
        yield Change(record.id, limits.earliest.date(), "happened")
    elif record.recorded_on and record.recorded_on > day:
        yield Change(record.id, record.recorded_on, "recorded")
    yield from (Change(record.id, status.as_of, "status") for status in _new_statuses(record, day))


def _new_statuses(record: Record, day: dt.date) -> Iterator[Status]:
    held = _entered(record)
    # The statuses of a demand stand side by side, one row for each of those it is for.
    for whose in dict.fromkeys(getattr(status, "beneficiary", None) for status in held):
        previous: str | None = None
        rows = in_force([status for status in held if getattr(status, "beneficiary", None) == whose])
        for status in sorted(rows, key=lambda each: each.as_of):
            if status.as_of > day and status.value != previous:
                yield status
            previous = status.value


def _entered(record: Record) -> list[Status]:
    """Give the statuses of a record in the order in which they were entered: the latest alone stands in `status`."""
    kind: Any = type(record)
    rows = [(slot.many, each) for slot in slots(kind) for each in slot.items(getattr(record, slot.name))]
    found = [(many, each) for many, each in rows if isinstance(each, Status)]
    return [each for _many, each in sorted(found, key=lambda row: not row[0])]
