"""Which hour it is on the public site: what waits for a later one does not show, whatever its own clock says.

The site sees neither the journal, by which a clock is believed, nor the key store, which says whether all is frozen. So
it goes by what the worker writes, who sees both and goes on writing only while the one is believed and the other is not
so. Until one has written, the site has its own clock alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from tocsin.publishing.compiled import Compiled
from tocsin.publishing.models import Catalogue

#: What is further ahead was written by a clock that somebody had confirmed and that was wrong all the same.
_AHEAD: Final = timedelta(hours=1)
_LOOKED: ContextVar[tuple[int, datetime | None] | None] = ContextVar("looked", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Let all that is read meanwhile go by one look at the catalogue: a page is of one moment, and asks for it once."""
    before = _LOOKED.set(_catalogue())
    try:
        yield
    finally:
        _LOOKED.reset(before)


def number() -> int:
    """Give the number of the catalogue: while it stays the same, nothing was let in."""
    return _catalogue()[0]


def hour() -> datetime:
    """Give the hour that the site has come to; nothing may show that waits for a later one."""
    return look(timezone.now())[1]


def look(now: datetime) -> tuple[int, datetime]:
    """Give the number of the catalogue, and the hour where a clock shows a time."""
    number, come_to = _catalogue()
    return number, min(now, come_to) if come_to else now


def _catalogue() -> tuple[int, datetime | None]:
    if (looked := _LOOKED.get()) is not None:
        return looked
    return next(iter(_the_catalogue()), (0, None))


@Compiled
def _the_catalogue() -> "QuerySet[Catalogue, tuple[int, datetime | None]]":
    return Catalogue.objects.filter(id=1).values_list("number", "hour")


def come_to(now: datetime) -> int:
    """Let the site come to an hour, by a clock that is believed; tell how much began to be true by that."""
    behind = Q(hour=None) | Q(hour__lt=now) | Q(hour__gt=now + _AHEAD)
    return Catalogue.objects.filter(behind, id=1).update(hour=now)


def show_at_once(now: datetime) -> None:
    """Let what is let in now show now, not a turn of the worker later."""
    Catalogue.objects.filter(id=1, hour__lt=now).update(hour=now)
