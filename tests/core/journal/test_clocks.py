"""A clock is believed while it agrees with the seconds that passed, another clock, and what was seen before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.journal import APART, LONGEST_OFF, Doubt, Reading, Seen, doubts, next_seen

MONDAY, TUESDAY = "monday", "tuesday"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SEEN = Seen(NOON, MONDAY, 1_000.0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WRONG = [DAY, -DAY, 3652 * DAY, -3652 * DAY, timedelta(minutes=2), -timedelta(minutes=2)]


def after(
    passed: timedelta, wrong: timedelta = timedelta(), *, boot: str = MONDAY, database: timedelta | None = None
) -> Reading:
    """Read a clock that is wrong by something, some time after noon; the database server's may be wrong, too."""
    right = NOON + passed
    uptime = 1_000 + passed.total_seconds() if boot == MONDAY else 30.0
    return Reading(right + wrong, boot, uptime, None if database is None else right + database)


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("passed", [timedelta(), HOUR, 90 * DAY])
def test_a_clock_that_was_set_while_the_machine_ran_is_doubted(passed: timedelta, wrong: timedelta) -> None:
    assert doubts(after(passed), SEEN) == ()
    assert doubts(after(passed, wrong), SEEN) == ("set",)


@pytest.mark.parametrize(
    ("passed", "wrong", "told"),
    [
        (HOUR, timedelta(), ()),
        (LONGEST_OFF, timedelta(), ()),
        (HOUR, DAY, ("off",)),
        (timedelta(), DAY, ("off",)),
        (HOUR, 3652 * DAY, ("off",)),
        (HOUR, -DAY, ("behind",)),
        (HOUR, -3652 * DAY, ("behind",)),
        (3 * DAY, timedelta(), ("off",)),
    ],
)
def test_a_machine_that_was_started_again_is_held_to_what_was_seen_before(
    passed: timedelta, wrong: timedelta, told: tuple[Doubt, ...]
) -> None:
    assert doubts(after(passed, wrong, boot=TUESDAY), SEEN) == told
    assert doubts(after(passed, wrong, boot=""), SEEN) == told


def test_a_start_that_no_system_names_is_never_the_same_start() -> None:
    seen = Seen(NOON, "", 1_000.0)
    assert doubts(Reading(NOON + DAY, "", 1_000 + DAY.total_seconds()), seen) == ("off",)


@pytest.mark.parametrize("wrong", WRONG)
def test_another_clock_than_that_of_the_database_server_is_doubted_whichever_is_wrong(wrong: timedelta) -> None:
    assert doubts(after(HOUR, database=timedelta()), SEEN) == ()
    assert doubts(after(HOUR, database=wrong), SEEN) == ("apart",)
    assert doubts(after(HOUR, wrong, database=timedelta()), None) == ("apart",)


def test_nothing_is_known_of_a_new_site() -> None:
    assert doubts(after(HOUR, DAY), None) == ()
    assert next_seen(after(HOUR), None) == Seen(NOON + HOUR, MONDAY, 4_600.0)


@pytest.mark.parametrize("longest", [40, 59, 600])
def test_a_clock_is_believed_after_what_took_long_and_noted_the_time_of_its_beginning(longest: int) -> None:
    begun, seen = NOON + HOUR, None
    for seconds in (20, longest, longest + 20):
        seen = next_seen(Reading(begun, MONDAY, 4_600.0 + seconds), seen)
    assert seen == Seen(begun, MONDAY, 4_620.0)
    assert doubts(Reading(begun + HOUR, MONDAY, 8_200.0), seen) == ()


@given(
    st.lists(st.tuples(st.integers(0, 10**7), st.sampled_from([timedelta(), *WRONG])), max_size=8),
    st.sampled_from([wrong for wrong in WRONG if abs(wrong) > APART]),
)
def test_a_wrong_clock_never_becomes_right_by_being_read_and_a_right_one_is_believed_again(
    readings: list[tuple[int, timedelta]], wrong: timedelta
) -> None:
    seen = SEEN
    for seconds, by in sorted(readings, key=lambda each: each[0]):
        seen = next_seen(after(timedelta(seconds=seconds), by), seen)
    later = timedelta(days=200)
    assert doubts(after(later, wrong), seen) == ("set",)
    assert doubts(after(later), seen) == ()
