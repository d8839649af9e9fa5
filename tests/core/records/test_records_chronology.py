"""Events in the order in which they happened: by their times, by one another, and stable."""

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import CASES, changed
from tocsin.core import records
from tocsin.core.errors import ContradictoryChronology
from tocsin.core.records import Case


def case_of(*times: dict[str, Any]) -> Case:
    """Make a case of events that say only when they happened; `e1` is the first."""

    def only(plain: dict[str, Any]) -> None:
        appeal = {key: plain["appeal"][key] for key in ("id", "type", "language", "publisher")}
        organisations = [{"id": "org:observatory", "kind": "programme"}]
        plain.clear()
        events = [{"id": f"e{number}", "kind": "context", "t": time} for number, time in enumerate(times, start=1)]
        plain |= {"schema": records.SCHEMA, "appeal": appeal, "organisations": organisations, "events": events}

    return records.from_plain(changed(only))


def order(*times: dict[str, Any]) -> str:
    return " ".join(event.id for event in records.chronology(case_of(*times)))


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        # By their times, whatever their precision.
        ([{"date": "2021-05-30"}, {"date": "2021-05-29"}], "e2 e1"),
        ([{"date": "2021"}, {"date": "2020-12"}, {"start": "2020-11-03T08:00"}], "e3 e2 e1"),
        # What is known by the day comes after what is known by the hour of that day.
        ([{"date": "2021-05-29"}, {"start": "2021-05-29T16:00"}], "e2 e1"),
        # Those of one moment, and those without any time, stay as they stand.
        ([{"date": "2021-05-29"}, {"date": "2021-05-29"}], "e1 e2"),
        ([{}, {}, {}], "e1 e2 e3"),
        ([{"start": "2021-05-29T15:00"}, {}, {"start": "2021-05-29T16:00"}], "e1 e2 e3"),
        # By one another.
        ([{"after": "e2"}, {"start": "2021-05-29T16:00"}], "e2 e1"),
        ([{"start": "2021-05-29T16:00"}, {"date": "2021-05-29", "before": "e1"}], "e2 e1"),
        ([{"after": ["e2", "e3"]}, {}, {}], "e2 e3 e1"),
        ([{"start": "2021-05-29T16:00"}, {"start": "2021-05-29T17:00"}, {"after": "e1"}], "e1 e3 e2"),
        ([{"date": "2021-05-29"}, {"date": "2021-05-29"}, {"during": "e1"}], "e1 e2 e3"),
        ([{"start": "2021-05-29T16:00"}, {"start": "2021-05-29T18:00"}, {"during": "e1"}], "e1 e3 e2"),
        ([{}, {"order_before": ["e1"]}], "e2 e1"),
        # Before a day is before its first moment; up to a day includes it.
        ([{"start": "2021-05-29T00:00"}, {"latest": "2021-05-29", "precision": "before"}], "e2 e1"),
        ([{"start": "2021-05-29T00:00"}, {"latest": "2021-05-29"}], "e1 e2"),
        # What goes on is told where it begins.
        ([{"date": "2021-05-20"}, {"start": "2021-05", "ongoing_as_of": "2021-06-08"}], "e2 e1"),
        ([{"date": "2021-05-20"}, {"earliest": "2021-05-18", "latest": "2021-05-25", "precision": "range"}], "e2 e1"),
    ],
)
def test_events_stand_in_the_order_in_which_they_happened(times: list[dict[str, Any]], expected: str) -> None:
    assert order(*times) == expected


def test_the_bounds_of_an_event_are_narrowed_by_its_neighbours() -> None:
    first, last = {"start": "2021-05-29T15:30"}, {"start": "2021-05-29T16:00"}
    case = case_of(first, {"date": "2021-05-29", "after": "e1", "before": "e3"}, last)
    found = records.event_bounds(case)["e2"]
    assert (str(found.earliest), str(found.latest)[:16]) == ("2021-05-29 15:30:00", "2021-05-29 16:00")


def test_february_and_december_end_when_they_do() -> None:
    case = case_of({"date": "2020-02"}, {"date": "2021-12"}, {"date": "2021"})
    latest = [records.event_bounds(case)[each].latest for each in ("e1", "e2", "e3")]
    assert [one and one.date().isoformat() for one in latest] == ["2020-02-29", "2021-12-31", "2021-12-31"]


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_any_order_that_events_state_is_kept(count: int, dice: random.Random) -> None:
    true_order = list(range(1, count + 1))
    dice.shuffle(true_order)
    rank = {event: place for place, event in enumerate(true_order)}
    times: list[dict[str, Any]] = []
    for event in range(1, count + 1):
        earlier = [each for each in rank if rank[each] < rank[event]]
        time: dict[str, Any] = {"after": [f"e{each}" for each in earlier if dice.random() < 0.4]}
        if dice.random() < 0.5:
            time["date"] = (dt.date(2021, 1, 1) + dt.timedelta(days=rank[event])).isoformat()
        times.append(time)
    case = case_of(*times)
    found = [event.id for event in records.chronology(case)]
    at = {event: place for place, event in enumerate(found)}
    assert sorted(found) == sorted(event.id for event in case.events)
    for event in case.events:
        assert event.t is not None
        assert all(at[other] < at[event.id] for other in event.t.after)
        bounds = records.event_bounds(case)[event.id]
        assert bounds.earliest is None or bounds.latest is None or bounds.earliest <= bounds.latest
    assert [event.id for event in records.chronology(case)] == found


@given(st.integers(2, 8))
def test_a_circle_is_refused_with_the_events_in_it(count: int) -> None:
    circle = [{"after": f"e{(number + 1) % count + 1}"} for number in range(count)]
    with pytest.raises(ContradictoryChronology) as refused:
        case_of(*circle, {"date": "2021-05-29"})
    assert refused.value.where is not None
    named = refused.value.where.split(" → ")
    assert set(named) == {f"e{number}" for number in range(1, count + 1)}
    assert named[0] == named[-1]


def test_a_long_chain_of_events_is_ordered() -> None:
    times = [{"after": f"e{number}"} for number in range(2, 1500)]
    assert order(*times, {"date": "2021-05-29"}).split()[::-1] == [f"e{number}" for number in range(1, 1500)]


def test_what_is_said_of_an_event_comes_after_it_and_a_release_after_the_arrest() -> None:
    found = [event.id for event in records.chronology(CASES["case"])]
    assert found.index("e14") < found.index("e22")
    fates = [event.id for event in records.chronology(CASES["different-fates"])]
    assert fates.index("e03") < fates.index("e06")
    assert fates.index("e04") < fates.index("e07")
