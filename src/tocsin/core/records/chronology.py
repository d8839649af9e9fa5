"""The chronology of a case: its events in the order in which they happened."""

from collections.abc import Mapping

from tocsin.core.records.case import Case
from tocsin.core.records.ordering import Bounds
from tocsin.core.records.story import Event


def chronology(case: Case) -> tuple[Event, ...]:
    """Give the events in the order in which they happened; those of one moment stay in the order of the case."""
    return case.ordering.events


def event_bounds(case: Case) -> Mapping[str, Bounds]:
    """Give the bounds of each event by its id: what its record says, narrowed by the events before and after it."""
    return case.ordering.bounds
