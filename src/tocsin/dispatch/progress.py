"""How far a mailing has got, counted for people: how many are handed over, what waits, and why nothing goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from tocsin.dispatch.models import OWED, Audience, Delivery, Fixing, Mailer, Mailing

# A mailer that was not seen for so long is taken for dead.
_ALIVE = timedelta(seconds=30)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """A mailing as it stands.

    Attributes:
        audience: How many readers it goes to, by language.
        counting: Whether there are more of them, who are not written down yet.
        counts: How many deliveries are in each state; what is owed in any way counts as waiting.
        reasons: Of those that failed or were suppressed, how many for which reason, by state and reason.
        a_minute: How many were handed over within the last minute.
        mailers: How many mailers are at work.
        holds_for: Why one of them holds everything; empty if none does.
    """

    mailing: Mailing
    audience: Mapping[str, int]
    counting: bool
    counts: Mapping[str, int]
    reasons: Mapping[tuple[str, str], int]
    a_minute: int
    mailers: int
    holds_for: str

    @property
    def total(self) -> int:
        """How many readers it goes to."""
        return sum(self.audience.values())

    @property
    def left(self) -> timedelta | None:
        """For how long it will go on as in the last minute; nothing if nothing went or is owed, or nobody knows."""
        waiting = 0 if self.counting else self.counts.get("waiting", 0)
        return timedelta(minutes=-(-waiting // self.a_minute)) if waiting and self.a_minute else None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it goes out any more, whatever holds a mailer."""
        return self.mailing.state in {"finished", "stopped"}

    @property
    def reached_nobody(self) -> bool:
        """Whether it was sent to its end, and nobody got it."""
        return self.mailing.state == "finished" and not self.counts.get("handed_over")

    @property
    def lacks_mailers(self) -> bool:
        """Whether it would go on if a mailer were at work."""
        return self.mailing.state in {"scheduled", "sending"} and not self.mailers

    @property
    def owes(self) -> bool:
        """Whether some of it is still to be sent, whoever decides about the rest."""
        return self.counting or bool(self.counts.get("waiting"))

    @property
    def waits_for_a_decision(self) -> bool:
        """Whether nothing goes out any more, and it does not end before somebody has decided about the rest."""
        return self.mailing.state == "sending" and not self.owes and bool(self.counts.get("uncertain"))

    @property
    def goes_on(self) -> bool:
        """Whether what is seen changes by itself."""
        state = self.mailing.state
        return state == "scheduled" or self.owes or (state == "sending" and not self.waits_for_a_decision)


def at_work(now: datetime) -> QuerySet[Mailer]:
    """Give the mailers that are at work: one that dies counts for half a minute more."""
    return Mailer.objects.filter(seen_at__gt=now - _ALIVE)


def progress_of(mailing: Mailing, *, now: datetime) -> Progress:
    """Count how far a mailing has got."""
    counting = Fixing.objects.filter(mailing=mailing).exists()
    rows = Delivery.objects.filter(mailing=mailing)
    counts: dict[str, int] = {}
    for state, count in rows.values_list("state").annotate(count=Count("id")):
        kept = "waiting" if state in OWED else state
        counts[kept] = counts.get(kept, 0) + count
    ended = rows.filter(state__in=("failed", "suppressed")).values_list("state", "reason")
    alive = at_work(now)
    return Progress(
        mailing=mailing,
        audience=dict(Audience.objects.filter(mailing=mailing).order_by("language").values_list("language", "readers")),
        counting=counting,
        counts=counts,
        reasons={(state, reason): count for state, reason, count in ended.annotate(count=Count("id")).order_by()},
        a_minute=rows.filter(state="handed_over", settled_at__gt=now - _MINUTE).count(),
        mailers=alive.count(),
        holds_for=alive.exclude(holds_for="").values_list("holds_for", flat=True).first() or "",
    )
