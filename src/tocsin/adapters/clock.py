"""What this machine knows of the time beside its clock: which start it is, and how many seconds ago that was."""

import time
from datetime import datetime
from functools import cache
from pathlib import Path

from tocsin.core.journal import Reading

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def read(now: datetime) -> Reading:
    """Give what this machine knows of the time; no database is asked.

    Args:
        now: What the clock shows, aware.
    """
    # Seconds of sleep count, where the system counts them: a laptop that was closed has not set its clock.
    return Reading(now, _boot(), time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)))


@cache
def _boot() -> str:
    return _BOOT_ID.read_text("ascii").strip() if _BOOT_ID.exists() else ""
