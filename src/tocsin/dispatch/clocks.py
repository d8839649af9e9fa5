"""Whether the clocks agree: nothing is sent by a clock that may be wrong, since embargoes and leases hang on it."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

#: Further apart than this, one of two clocks is wrong.
TOLERANCE = timedelta(seconds=60)


def _since_boot() -> float:
    # Goes on while the machine sleeps, and nobody can set it.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Clocks:
    """Compares the clock of this machine with one that nobody sets, with the database's, and with what was written."""

    def __init__(self, wall: Callable[[], datetime], steady: Callable[[], float] = _since_boot) -> None:
        self._wall, self._steady = wall, steady
        self._begun, self._begun_steady = wall(), steady()

    def agree(self, database: datetime, last: datetime | None) -> bool:
        """Tell whether they agree.

        Args:
            database: The time of the database's own clock.
            last: The latest time that was ever written down.
        """
        now = self._wall()
        expected = self._begun + timedelta(seconds=self._steady() - self._begun_steady)
        return (
            abs(now - expected) <= TOLERANCE
            and abs(now - database) <= TOLERANCE
            and (last is None or last - now <= TOLERANCE)
        )
