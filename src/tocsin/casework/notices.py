"""Who is to be told by mail that something waits at the desk. The mail says no more: no case, no name, no code.

That something waits is written down in the transaction in which a subscriber of the journal has seen the entry, so
that a crash neither loses nor doubles it. A mail is taken up before it is sent and laid down after the server has taken
it. One that a crash left in between may have been taken, and is sent once more under the same Message-ID: a mailbox
that knows it shows it once. Nothing more can be promised over SMTP.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from tocsin.accounts.actor import Actor
from tocsin.casework.charge import in_charge
from tocsin.casework.models import ExportAsk, HandOver, Notices, Watch
from tocsin.core.errors import CannotOpen
from tocsin.journal.models import Entry
from tocsin.vault import queries as vault
from tocsin.vault.sealing import derive, framed, open_with, seal_with

SUBSCRIBER = "casework.notices"
# What is done to somebody, who stands in the entry; and what is told to those who watch the case or are in charge.
_TO_SOMEBODY = (
    "casework.grant.given",
    "casework.task.set",
    "casework.comment.made",
    "casework.charge.offered",
    "casework.charge.accepted",
    "casework.charge.declined",
)
_TO_WATCHERS = (
    "casework.record.saved",
    "casework.sealing.asked",
    "casework.class.asked",
    "casework.evidence.asked",
)
_CLOSED = "accounts.account.disabled"
KINDS = (*_TO_SOMEBODY, *_TO_WATCHERS, _CLOSED)
# What comes within this time goes into one mail; longer than it a server keeps nobody waiting for its answer.
GATHERING = timedelta(minutes=5)
LONGEST_SENDING = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """Where somebody wants notices to go, and in which language."""

    mailbox: str = field(repr=False)
    language: str
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A mail that is taken up: for whom, where to, and a word that it alone has and keeps when it is sent again."""

    account: UUID
    mailbox: str = field(repr=False)
    language: str
    word: str


def wish_of(actor: Actor) -> Wish | None:
    """Give what a person wants; nothing if she wants no mail."""
    row = Notices.objects.filter(account=actor.id).first()
    return Wish(_opened(row), row.language, row.failures) if row else None


def mailboxes_of(people: Iterable[UUID]) -> dict[UUID, str]:
    """Give where notices go, of those among some people who want them and whose row nobody changed."""
    rows = Notices.objects.filter(account__in=list(people))
    return {row.account: mailbox for row in rows if (mailbox := _opened(row))}


def want(actor: Actor, mailbox: str, language: str) -> None:
    """Let notices go to a mailbox from now on."""
    sealed = seal_with(_key(), mailbox.encode(), _bound(actor.id))
    Notices.objects.update_or_create(
        account=actor.id, defaults={"mailbox": sealed, "language": language, "failures": 0}
    )


def want_none(actor: Actor) -> None:
    """Let no notice go out any more, and forget the mailbox."""
    Notices.objects.filter(account=actor.id).delete()


def saw(entry: Entry) -> None:
    """Write down for whom something waits because of an entry (a subscriber of the journal).

    Whose account was closed gets no mail any more, and nothing is kept of where it went and of what she watched. What
    waits for her answer waits no longer: an offer of hers alone to accept keeps everybody else from being offered it.
    """
    if entry.subject is None:
        return
    if entry.kind == _CLOSED:
        Notices.objects.filter(account=entry.subject).delete()
        Watch.objects.filter(account=entry.subject).delete()
        HandOver.objects.filter(to=entry.subject, answered_at=None).update(answered_at=entry.at, accepted=False)
        ExportAsk.objects.filter(by=entry.subject, ended_at=None).update(ended_at=entry.at)
        return
    tell(set(_concerned(entry, entry.subject)) - {entry.actor}, entry.subject, at=entry.at)


def tell(people: Collection[UUID], case: UUID, *, at: datetime) -> None:
    """Write down that something waits for people, for those of them who hold the case and want mails."""
    held = vault.list_grants(at, case=case).filter(holder__in=people)
    remind(set(held.values_list("holder", flat=True)), at=at)


def remind(people: Collection[UUID], *, at: datetime) -> None:
    """Write down that something that belongs to no case waits for people, for those of them who want mails."""
    Notices.objects.filter(account__in=people, waiting_since=None).update(waiting_since=at)


def _concerned(entry: Entry, case: UUID) -> Iterator[UUID]:
    if entry.kind in _TO_SOMEBODY:
        to = json.loads(entry.facts).get("to")
        yield from (UUID(to),) if to else ()
    else:
        yield from Watch.objects.filter(case=case).values_list("account", flat=True)
        yield from in_charge([case]).values()


def take_due(every: timedelta, *, now: datetime) -> list[Due]:
    """Take up all mails that are due, so that no other worker does; those too that a crash left in between."""
    rested = Q(sent_at=None) | Q(sent_at__lte=now - every) | Q(sent_at__gt=now)
    fresh = Notices.objects.filter(rested, waiting_since__lte=now - GATHERING, sending_at=None)
    # A time further ahead than we ever set one was written while the clock was wrong.
    left = Notices.objects.filter(Q(sending_at__lte=now - LONGEST_SENDING) | Q(sending_at__gt=now + _LONGEST_WAIT))
    due = []
    for row in (*fresh, *left):
        # Who sees it as it was takes it: of two workers one.
        mine = Notices.objects.filter(account=row.account, sending_at=row.sending_at, number=row.number)
        if mine.update(sending_at=now, waiting_since=None):
            due.append(Due(row.account, _opened(row), row.language, _word(row)))
    return due


def laid_down(account: UUID, *, now: datetime) -> None:
    """Write down that a server took the mail that was taken up."""
    taken = Notices.objects.filter(account=account).exclude(sending_at=None)
    taken.update(sending_at=None, sent_at=now, number=F("number") + 1, failures=0)


def put_back(account: UUID, *, now: datetime) -> None:
    """Write down that no server took it: it is due again after a while that grows, under the same word."""
    row = Notices.objects.filter(account=account).exclude(sending_at=None).first()
    if row is not None:
        wait = min(_LONGEST_WAIT, timedelta(minutes=1) * 2 ** min(row.failures, 6))
        Notices.objects.filter(account=account).update(
            sending_at=now + wait - LONGEST_SENDING, failures=F("failures") + 1
        )


def count_failing() -> int:
    """Count the people to whom no mail could be sent the last time."""
    return Notices.objects.filter(failures__gt=0).count()


def count_wanted() -> int:
    """Count the people who want mails."""
    return Notices.objects.count()


def _word(row: Notices) -> str:
    said = framed(row.account.bytes, (row.number + 1).to_bytes(8, "big"))
    return hashlib.blake2b(said, digest_size=16, key=derive(settings.TOCSIN_INDEX_KEY, b"notice word 1")).hexdigest()


def _opened(row: Notices) -> str:
    try:
        return open_with(_key(), bytes(row.mailbox), _bound(row.account)).decode()
    except CannotOpen:
        # Somebody put another mailbox there, or the key of the site is another: nothing goes out.
        return ""


def _key() -> bytes:
    return derive(settings.TOCSIN_INDEX_KEY, b"notices 1")


def _bound(account: UUID) -> bytes:
    return framed(b"notices", account.bytes)
