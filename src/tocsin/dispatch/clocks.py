"""Whether a mailer may believe its clock: embargoes and leases hang on it, so nothing is sent while it is in doubt.

The mailer sees no journal. What it saw last it keeps in its own file, which no change of the database touches.
"""

from dataclasses import replace
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Max

from tocsin.adapters.clock import read
from tocsin.core.journal import APART, Seen, doubts, next_seen
from tocsin.dispatch.models import Mailer, Mailing
from tocsin.dispatch.outbox import database_time
from tocsin.dispatch.remembering import Memory
from tocsin.publishing.models import Publication


def is_right(memory: Memory, *, now: datetime) -> bool:
    """Tell whether a clock agrees with all that cannot be set with it, and remember the time if it does."""
    reading = replace(read(now), database=database_time() if connection.vendor == "postgresql" else None)
    if doubts(reading, memory.seen) or _last_written() > now + APART:
        return False
    memory.see(next_seen(reading, memory.seen))
    return True


def confirm(memory: Memory, *, now: datetime) -> None:
    """Take it from a person that the clock is right."""
    reading = read(now)
    memory.see(Seen(reading.now, reading.boot, reading.uptime))


def _last_written() -> datetime:
    """Give the latest time that anybody of the public house wrote down."""
    times: list[datetime | None] = [
        Mailer.objects.aggregate(last=Max("seen_at"))["last"],
        Mailing.objects.aggregate(last=Max("opened_at"))["last"],
        Publication.objects.aggregate(last=Max("published_at"))["last"],
    ]
    return max(time for time in (*times, datetime.min.replace(tzinfo=UTC)) if time is not None)
