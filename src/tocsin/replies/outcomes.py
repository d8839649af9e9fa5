"""What becomes of a mail once a person has said what it is: a reader's action counted, a wish to leave passed on."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from tocsin.appeals.models import Appeal
from tocsin.casework.queries import list_forgotten
from tocsin.core.classifying import SURE
from tocsin.core.codes import parse, slug
from tocsin.core.errors import BadAddress, BadRequest
from tocsin.core.messages import Address
from tocsin.dispatch import asking
from tocsin.journal import actions as journal
from tocsin.publishing import codes, told
from tocsin.replies import addressees
from tocsin.replies.kinds import Kind
from tocsin.replies.models import (
    ASIDE,
    COUNTED,
    DROPPED,
    ENTERED,
    FILED,
    LEFT,
    REPORTED,
    Answer,
    RawMessage,
)
from tocsin.replies.reading import Reading, recipients_of, sender_of

KEPT: Final = timedelta(days=7)
"""So long a report of a reader is kept after it was counted: until then somebody may see that it was none."""
UNCOUNTED: Final = timedelta(days=90)
"""So long a report of a reader is kept for somebody to count it."""
_REPORT: Final = "reader_report"
_HANDED_ON: Final = (REPORTED, ENTERED)
_BY_MAIL = "email"
# By which way somebody wrote, a mail to nobody that we know does not say in a form that a program could read.
_ANY_WAY = "other"


class Stated(msgspec.Struct, frozen=True):
    """What a person said when she decided, and what was made of it.

    Attributes:
        reason: How she knows that a reply comes from the authority.
        slug, day: Of a report that was counted, the appeal and the day.
        numbers: The addressees to whom she mailed, as it was counted; none where the mail shows none.
    """

    reason: str = ""
    slug: str = ""
    day: date | None = None
    numbers: list[int] = []

    def __repr__(self) -> str:
        """Show nothing of it: what is printed by mistake lands in logs."""
        return "Stated(…)"


def undo(row: RawMessage, stated: Stated) -> None:
    """Take back what became of a mail before, as far as it can be, inside the transaction of the caller."""
    if row.became == COUNTED and stated.day:
        for number, channel in _told_as(stated.numbers):
            told.take_back(stated.slug, number, channel, on=stated.day)
        row.became, row.told_as = "", None


def _told_as(numbers: Sequence[int]) -> list[tuple[int, str]]:
    return [(each, _BY_MAIL) for each in numbers] or [(told.NOT_SAID, _ANY_WAY)]


def bring_about(row: RawMessage, reading: Reading | None, reason: str, *, now: datetime) -> Stated:
    """Let become of a mail what its kind asks for, inside the transaction of the caller.

    Args:
        row: The mail, as it was decided.
        reading: What was read in it.
        reason: How the person knows that it is an authority's.
        now: When.

    Raises:
        BadRequest: if this report of a reader was counted before, by another copy of it, or was handed on.
    """
    if reading is None or reading.kind is None:
        return Stated(reason=reason)
    if row.kind == _REPORT and row.state == FILED:
        return _count(row, reading.kind, recipients_of(reading), now)
    if row.kind == "leaving" and _leave(reading.kind, sender_of(reading), now):
        row.became = row.became if row.became in _HANDED_ON else LEFT
    return Stated(reason=reason)


def _count(row: RawMessage, kind: Kind, recipients: Collection[str], now: datetime) -> Stated:
    """Count what a reader did, once for each addressee; the digest keeps a copy of the same mail from being counted."""
    if row.became in _HANDED_ON:
        # Counted, it would be destroyed after a week, and could be handed on once more.
        raise BadRequest("this mail was handed on: it lies in a case or at intake, and is no report of a reader")
    scheme = codes.scheme_of(row.code)
    name = slug(parse(row.code, scheme=scheme).code, scheme)
    row.became, row.told_as = COUNTED, _mark(kind)
    if RawMessage.objects.filter(told_as=row.told_as).exclude(id=row.id).exists():
        raise BadRequest("this report was counted before: another copy of the same mail lies here")
    today = timezone.localdate(now)
    numbers = addressees.written_to(row.code, recipients, now=now)
    for number, channel in _told_as(numbers):
        told.tell(name, number, channel, "", on=today)
    return Stated(slug=name, day=today, numbers=numbers)


def _mark(kind: Kind) -> bytes:
    return hmac.new(settings.TOCSIN_ARRIVALS_KEY, b"told 1\n" + kind.same.encode(), hashlib.sha256).digest()


def _leave(kind: Kind, sender: str, now: datetime) -> bool:
    """Let a reader leave: by the token of a message that she quotes, or else by her address."""
    if leave_by_token(kind, now=now):
        return True
    try:
        return asking.leave_by_address(Address.parse(sender), now=now)
    except BadAddress:
        return False


def leave_by_token(kind: Kind, *, now: datetime) -> bool:
    """Let the reader leave to whom the message was sent that a mail quotes; tell whether it quotes one."""
    return any(asking.leave_by_message(token, now=now) for token in kind.tokens)


def leave_at_once(kind: Kind | None, *, now: datetime) -> bool:
    """Let a reader leave who says for sure that she wants no more and quotes a message to her; tell whether one did.

    It is what a click on the link of that message does, and what its reader was promised: nobody has to look at it.
    """
    return kind is not None and (kind.kind, kind.sureness) == ("leaving", SURE) and leave_by_token(kind, now=now)


def drop_counted(now: datetime) -> int:
    """Destroy what readers wrote whose reports were counted a week ago; tell how many there were."""
    return _drop(_counted(now), now, "dropped")


def drop_uncounted(now: datetime) -> int:
    """Destroy what readers wrote whose reports nobody has counted; tell how many there were.

    What waits stays, as old as it may be: somebody has yet to say what it is.
    """
    # Whoever has one before her is told that it changed, and not that she counted it.
    becomes = {"state": ASIDE, "became": DROPPED, "version": F("version") + 1}
    return _drop(_uncounted(now), now, "dropped", **becomes)


def drop_shredded(now: datetime) -> int:
    """Destroy the mails that were handed on into cases that were shredded; tell how many there were."""
    return _drop(_of_shredded(), now, "shredded", stated=None)


def list_due(now: datetime) -> list[UUID]:
    """List the mails that are dropped by a time, for one of these three reasons."""
    return [mail for due in (_counted(now), _uncounted(now), _of_shredded()) for mail in _ids(due)]


def _counted(now: datetime) -> QuerySet[RawMessage]:
    return RawMessage.objects.filter(became=COUNTED, filed_at__lt=now - KEPT, reading__isnull=False)


def _uncounted(now: datetime) -> QuerySet[RawMessage]:
    old = RawMessage.objects.filter(state__in=(FILED, ASIDE), came_at__lt=now - UNCOUNTED)
    return old.filter(kind=_REPORT, became="", reading__isnull=False)


def _of_shredded() -> QuerySet[RawMessage]:
    codes = Appeal.objects.filter(case__in=list_forgotten()).exclude(code="").values_list("code", flat=True)
    return RawMessage.objects.filter(became__in=_HANDED_ON, code__in=list(codes), reading__isnull=False)


def _ids(due: QuerySet[RawMessage]) -> Iterable[UUID]:
    return due.order_by("came_at", "id").values_list("id", flat=True)


def _drop(due: QuerySet[RawMessage], now: datetime, word: str, **becomes: object) -> int:
    count = 0
    for mail_id in list(due.values_list("id", flat=True)[:1000]):
        with transaction.atomic():
            if due.filter(id=mail_id).update(sealed=b"", reading=None, thread=None, **becomes):
                # What we answered names her too.
                Answer.objects.filter(message=mail_id).update(sealed=b"")
                journal.record(None, f"replies.mail.{word}", mail_id, now=now)
                count += 1
    return count
