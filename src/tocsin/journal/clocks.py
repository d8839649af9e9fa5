"""The guard before whatever goes out at a time: it is held back while the clock of this machine is in doubt.

The head of the journal remembers the time with each entry, if that agrees with what it remembers. So no process has to
run for it, and a clock that was set while nothing ran is noticed all the same.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from tocsin.adapters.clock import read
from tocsin.core.errors import ClockDoubted
from tocsin.core.journal import Doubt, Seen, doubts, next_seen
from tocsin.journal.models import Head

_WORDS: dict[Doubt, str] = {
    "set": "it was set while the machine was running",
    "behind": "it shows a time from before entries of the journal",
    "off": "this machine was off for long, or its clock is ahead",
    "apart": "the clock of the database server shows another time",
}
FIELDS = ("seen_at", "seen_boot", "seen_uptime")
HINT = "set the clock right; if it is right: tocsin site clock"


def ask_database() -> datetime | None:
    """Give what the clock of the database server shows; nothing where the database is a file of this machine."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]


def list_doubts(*, now: datetime) -> tuple[Doubt, ...]:
    """List what speaks against the clock of this machine; nothing if it may be believed."""
    head = Head.objects.filter(id=1).first()
    return doubts(replace(read(now), database=ask_database()), _seen(head) if head else None)


def demand_right(*, now: datetime) -> None:
    """Hold back what goes out at a time while the clock is in doubt. Ask it before each publication and each mail.

    Raises:
        ClockDoubted: while something speaks against the clock.
    """
    if told := list_doubts(now=now):
        raise ClockDoubted(
            "the clock of this machine is in doubt, and nothing goes out at a time until whoever runs it has looked",
            where=said(told),
            hint=HINT,
        )


def said(told: Iterable[Doubt]) -> str:
    """Say in words what speaks against a clock."""
    return "; ".join(_WORDS[each] for each in told)


def note(head: Head, *, now: datetime) -> None:
    """Remember in the head what time it is, unless that disagrees; the caller holds and saves the row."""
    _remember(head, next_seen(read(now), _seen(head)))


def confirm(*, now: datetime) -> None:
    """Take it from a person that the clock is right; in the transaction of the caller, who tells the journal."""
    head, reading = Head.objects.select_for_update().get(id=1), read(now)
    _remember(head, Seen(reading.now, reading.boot, reading.uptime))
    head.save(update_fields=FIELDS)


def _remember(head: Head, seen: Seen) -> None:
    head.seen_at, head.seen_boot, head.seen_uptime = seen.at, UUID(seen.boot) if seen.boot else None, seen.uptime


def _seen(head: Head) -> Seen | None:
    return Seen(head.seen_at, str(head.seen_boot or ""), head.seen_uptime) if head.seen_at else None
