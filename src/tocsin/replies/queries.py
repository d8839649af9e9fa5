"""Reading what says nothing of mail: how much lies where, and whether it is all there."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet, Sum

from tocsin.accounts.actor import Actor
from tocsin.replies import store
from tocsin.replies.models import (
    ARRIVED,
    COUNTED,
    DROPPED,
    FILED,
    OF_NO_MESSAGE,
    QUARANTINED,
    RETURNED,
    STATES,
    WAITING,
    Arrivals,
    InboxKey,
    RawMessage,
)

# Of mail that is done so many are listed, the last first.
_LISTED = 50


@dataclass(frozen=True, slots=True)
class Inventory:
    """How many mails were taken, and how many lie in which state."""

    taken: int
    states: dict[str, int]

    @property
    def missing(self) -> int:
        """How many were taken and lie nowhere; below zero, how many lie here that nobody took."""
        return self.taken - sum(self.states.values())


def take_stock() -> Inventory:
    """Count what was taken and what lies here."""
    before = _taken()
    counts = dict(RawMessage.objects.values_list("state").annotate(Count("id")).order_by("state"))
    # What is kept between two of these questions is not missing.
    taken = min(max(before, sum(counts.values())), _taken())
    return Inventory(taken, {state: counts.get(state, 0) for state in STATES})


def _taken() -> int:
    return Arrivals.objects.aggregate(sum=Sum("taken"))["sum"] or 0


def count_of_no_message() -> int:
    """Count the reports of mail servers that are about no message of ours: letters may be among them."""
    return RawMessage.objects.filter(state=RETURNED, trouble=OF_NO_MESSAGE).count()


def count_unread() -> int:
    """Count what was sorted without anything having been read in it."""
    unread = RawMessage.objects.filter(reading=None).exclude(state__in=(ARRIVED, QUARANTINED))
    return unread.exclude(became__in=(COUNTED, DROPPED)).count()


def count_kinds() -> dict[str, int]:
    """Count what waits and what is filed by what it is."""
    here = RawMessage.objects.filter(state__in=(WAITING, FILED)).exclude(kind="")
    return dict(here.values_list("kind").annotate(Count("id")).order_by("kind"))


def is_open() -> bool:
    """Tell whether the receiver takes mail."""
    return InboxKey.objects.filter(retired_at=None).exists()


def list_mail(actor: Actor, state: str, kind: str = "", *, now: datetime) -> list[RawMessage]:
    """List mail in one state that a person holds the key of: what waits, the oldest first, what is done, the newest.

    Args:
        actor: Who.
        state: The state.
        kind: A code of the list `mail_kinds`; empty for all.
        now: When.
    """
    found = store.mails_of(actor, now).filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    return list(found.order_by("came_at" if state == WAITING else F("came_at").desc(), "id")[:_LISTED])


def next_waiting(actor: Actor, after: RawMessage, *, now: datetime) -> RawMessage | None:
    """Give the mail that waits behind one, or else the first that waits."""
    waiting = _waiting(actor, now).exclude(id=after.id)
    return waiting.filter(came_at__gte=after.came_at).first() or waiting.first()


def _waiting(actor: Actor, now: datetime) -> "QuerySet[RawMessage]":
    return store.mails_of(actor, now).filter(state=WAITING).defer("reading").order_by("came_at", "id")
