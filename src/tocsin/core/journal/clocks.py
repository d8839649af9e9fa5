"""Whether a clock may be believed, by what else knows the time.

A machine's clock can be set to anything; three things are not set with it. The seconds since the machine was started
only grow, the clock of a database server is another one, and the journal's last entry says what time it was then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

# Two machines of one site may differ by so much, and a clock that is kept right be moved by so much.
APART: Final = timedelta(minutes=1)
# A machine that was off for longer does not know by itself that its clock is not ahead by a day.
LONGEST_OFF: Final = timedelta(hours=20)

Doubt = Literal["set", "behind", "off", "apart"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a machine knows of the time at one moment.

    Attributes:
        now: What its clock shows, aware.
        boot: Which start of which machine this is; empty where the system does not say.
        uptime: Seconds since that start, those of its sleep too: no setting of the clock changes them.
        database: What the clock of the database server shows, where that is another one.
    """

    now: datetime
    boot: str
    uptime: float
    database: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The last time that agreed with what was known before it, and the start and second in which it was seen."""

    at: datetime
    boot: str
    uptime: float


def doubts(reading: Reading, seen: Seen | None) -> tuple[Doubt, ...]:
    """Say what speaks against what a clock shows; nothing if it may be believed.

    Args:
        reading: What the machine knows now.
        seen: What was seen last; `None` where nothing ever was.

    Returns:
        `set`: the clock was set since, to another time than has passed; `behind`: it shows less than was seen before
        the machine was started; `off`: nothing was seen for so long before this start that nobody can tell;
        `apart`: the database server shows another time.
    """
    told: list[Doubt] = []
    if seen is not None and _same_start(reading, seen):
        passed = timedelta(seconds=reading.uptime - seen.uptime)
        told += ["set"] if abs(reading.now - seen.at - passed) > APART else []
    elif seen is not None:
        told += ["behind"] if reading.now < seen.at - APART else []
        told += ["off"] if reading.now > seen.at + LONGEST_OFF else []
    if reading.database is not None and abs(reading.now - reading.database) > APART:
        told.append("apart")
    return tuple(told)


def next_seen(reading: Reading, seen: Seen | None) -> Seen:
    """Give what is remembered after a reading: what was seen before where the two do not agree.

    So a wrong clock does not become right by being read twice, and one that is set right again is believed at once.
    What takes long hands on the time at which it began: no more is learned from that, or a slow machine would be
    remembered to have been a minute later than it was.
    """
    if seen is not None and (doubts(reading, seen) or (_same_start(reading, seen) and reading.now <= seen.at)):
        return seen
    return Seen(reading.now, reading.boot, reading.uptime)


def _same_start(reading: Reading, seen: Seen) -> bool:
    # A start that nobody can name may be any.
    return reading.boot == seen.boot != ""
