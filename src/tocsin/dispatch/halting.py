"""Nothing goes out while the site is frozen: a mailer has no key store to ask, so the main database says it."""

from datetime import datetime

from django.db import transaction

from tocsin.dispatch.models import Halt
from tocsin.dispatch.outbox import pause_all

_ROW = 1


def halt(*, now: datetime) -> None:
    """Let nothing go out: no mailing, which a person has to resume afterwards, and no single message either."""
    with transaction.atomic():
        Halt.objects.get_or_create(id=_ROW, defaults={"since": now})
        pause_all("frozen")


def end() -> None:
    """Let single messages go out again, and mailings that somebody resumes."""
    Halt.objects.filter(id=_ROW).delete()


def is_halted() -> bool:
    """Tell whether nothing may go out at all."""
    return Halt.objects.filter(id=_ROW).exists()
