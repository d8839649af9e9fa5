"""Who does what is due: of several workers one, under a lease that another takes over when the first has died.

A duty may be done twice, since a worker can be taken for dead; it bears that. A duty that fails keeps no other from
being done, and is tried again after a while that grows with each failure. Nothing is destroyed by a clock that is in
doubt, and a frozen site stays as it is: what each duty does about that stands in the table of them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from tocsin.operations.models import Duty
from tocsin.vault import emergency

EVERY_TURN = timedelta(0)
LEASE = timedelta(minutes=5)
_TURN = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)

Why = Literal["", "clock", "frozen"]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How much of a kind a duty would destroy, and the ids of those that may be named."""

    what: str
    count: int
    handles: tuple[str, ...] = ()


Foresee = Callable[[datetime], tuple[Foreseen, ...]]


@dataclass(frozen=True, slots=True)
class Task:
    """A duty as the program knows it.

    Attributes:
        name: Of its row; never two of the same.
        every: How long it rests after it was done.
        act: Does it for the site in a directory at a time, and tells how much there was to do.
        found: What it counts, in the plural, such as "expired grants"; nothing where nobody wants to know.
        needs_clock: Whether it waits while the clock is in doubt: nobody gets back what is destroyed before its day, or
            what shows.
        while_frozen: Whether it is done on a frozen site, too.
        foresee: Of a duty that destroys: tells what it would destroy at a time, and destroys nothing.
    """

    name: str
    every: timedelta
    act: Callable[[Path, datetime], int]
    found: str = ""
    needs_clock: bool = False
    while_frozen: bool = False
    foresee: Foresee | None = None


def why_it_waits(task: Task, *, is_doubted: bool) -> Why:
    """Say why a duty is not done now, whether it is due or not; nothing if it may be.

    Args:
        task: The duty.
        is_doubted: Whether the clock that says what is due is in doubt.
    """
    if task.needs_clock and is_doubted:
        return "clock"
    return "frozen" if not task.while_frozen and emergency.is_frozen() else ""


def take(task: Task, *, now: datetime, at_once: bool = False) -> UUID | None:
    """Take a duty that is due, or at once one that is not, and give the name to do it under.

    `None` if it is not its time, or if another worker is at it.
    """
    Duty.objects.get_or_create(name=task.name)
    # A time further ahead than we ever set one was written while the clock was wrong.
    free = Q(worker=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + LEASE)
    due = Q(due_at=None) | Q(due_at__lte=now) | Q(due_at__gt=now + _LONGEST_WAIT)
    wanted, worker = Duty.objects.filter(free, name=task.name), uuid4()
    taken = (wanted if at_once else wanted.filter(due)).update(worker=worker, leased_until=now + LEASE)
    return worker if taken else None


def perform(task: Task, worker: UUID, directory: Path, *, now: datetime) -> int:
    """Do a duty that was taken, for the site in a directory; tell how much there was to do.

    Whatever it raises goes on to the caller, with the failure counted and the lease given back.
    """
    with _failing(task.name, worker, now):
        count = task.act(directory, now)
        mine = Duty.objects.filter(name=task.name, worker=worker)
        mine.update(worker=None, leased_until=None, done_at=now, due_at=now + task.every, failures=0)
    return count


def is_at_work(name: str, now: datetime) -> bool:
    """Tell whether some worker is at a duty, and is not taken for dead."""
    return Duty.objects.filter(name=name, leased_until__gt=now).exclude(worker=None).exists()


@contextmanager
def _failing(name: str, worker: UUID, now: datetime) -> Iterator[None]:
    succeeded = False
    try:
        yield
        succeeded = True
    finally:
        if not succeeded:
            _put_off(name, worker, now)


def _put_off(name: str, worker: UUID, now: datetime) -> None:
    with transaction.atomic():
        mine = Duty.objects.select_for_update().filter(name=name, worker=worker).first()
        if mine is None:
            return
        wait = min(_LONGEST_WAIT, _TURN * 2 ** min(mine.failures, 6))
        Duty.objects.filter(name=name).update(
            worker=None, leased_until=None, due_at=now + wait, failures=F("failures") + 1
        )
