"""Subscriptions: what other rooms do because of an entry, after its action has been committed.

Each subscriber has a cursor, and sees every entry of its kinds once and in order. What it does and the move of its
cursor are one transaction of the main database, so that rows it writes there are written exactly once. What it does
elsewhere may happen again after a crash: the number of the entry tells it so. One worker at a time is at work for a
subscriber, under a lease that another takes over when the first has died. An entry at which a subscriber fails is never
passed over: it waits there, and `waiting` tells.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from tocsin.journal.models import Cursor, Entry

LEASE = timedelta(minutes=5)
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who does something because of entries of some kinds."""

    name: str
    kinds: frozenset[str]
    act: Callable[[Entry], None]


_subscribers: dict[str, Subscriber] = {}


def subscribe(name: str, kinds: Collection[str], act: Callable[[Entry], None]) -> None:
    """Let `act` see every entry of these kinds from the first one on; called once, when the rooms are made ready.

    Args:
        name: The cursor's name, `room.what`; never renamed, or everything is seen again.
        kinds: Kinds of `kinds.toml`.
        act: Called in a transaction of the main database. It may be called again with an entry whose effects outside
            of the database are there already.
    """
    if name in _subscribers:
        raise ValueError(f"somebody subscribed as {name} already")
    _subscribers[name] = Subscriber(name, frozenset(kinds), act)


def unsubscribe(name: str) -> None:
    """Let a subscriber see nothing any more; its cursor stays."""
    del _subscribers[name]


def names(kind: str = "") -> list[str]:
    """Name the subscribers, or those of a kind of entry."""
    return sorted(name for name, each in _subscribers.items() if not kind or kind in each.kinds)


def deliver(name: str, *, now: datetime) -> int:
    """Let one subscriber see what it has not seen yet, unless somebody is at work for it; gives how many it saw.

    Whatever the subscriber raises goes on to the caller, with the failure counted and the lease given back.
    """
    subscriber, worker = _subscribers[name], uuid4()
    if not _lease(name, worker, now):
        return 0
    seen = 0
    try:
        while entries := _next(subscriber):
            for entry in entries:
                _deliver_one(subscriber, worker, entry)
                seen += 1
    finally:
        Cursor.objects.filter(subscriber=name, worker=worker).update(worker=None, leased_until=None)
    return seen


def waiting() -> dict[str, int]:
    """Tell for each subscriber how many entries it has not seen yet."""
    cursors = {cursor.subscriber: cursor.number for cursor in Cursor.objects.all()}
    return {
        name: Entry.objects.filter(number__gt=cursors.get(name, 0), kind__in=subscriber.kinds).count()
        for name, subscriber in sorted(_subscribers.items())
    }


def _lease(name: str, worker: UUID, now: datetime) -> bool:
    Cursor.objects.get_or_create(subscriber=name)
    # A lease that ends later than any can was taken while the clock was wrong.
    free = Q(worker=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + LEASE)
    taken = Cursor.objects.filter(free, subscriber=name).update(worker=worker, leased_until=now + LEASE)
    return bool(taken)


def _next(subscriber: Subscriber) -> list[Entry]:
    seen = Cursor.objects.values_list("number", flat=True).get(subscriber=subscriber.name)
    unseen = Entry.objects.filter(number__gt=seen, kind__in=subscriber.kinds)
    return list(unseen.order_by("number")[:_AT_ONCE])


def _deliver_one(subscriber: Subscriber, worker: UUID, entry: Entry) -> None:
    mine = Cursor.objects.filter(subscriber=subscriber.name, worker=worker)
    acted = False
    try:
        with transaction.atomic():
            # First the cursor: if another worker took the lease over, this one must not act.
            if not mine.filter(number__lt=entry.number).update(number=entry.number, failures=0):
                return
            subscriber.act(entry)
        acted = True
    finally:
        if not acted:
            mine.update(failures=F("failures") + 1)
