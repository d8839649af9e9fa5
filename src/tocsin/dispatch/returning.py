"""What came back, counted: only against a message that was sent, once for each, and never against an official address.

Whoever reports has to know the token of the return path, 128 bits that stand in that one message; a forged report finds
no row and changes none. The days that count are those on which messages went out, not those that a report names.
"""

import functools
import importlib.resources
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec
import tomli
from django.conf import settings
from django.db import IntegrityError, transaction

from tocsin.core.bounces import Kind, Returned
from tocsin.core.errors import BadRequest
from tocsin.core.messages import Address
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.models import CAME_BACK, Bounce, Delivery, Subscriber, Suppression
from tocsin.dispatch.tokens import token_digest

Result = Literal["counted", "suppressed", "official", "known", "of no message", "not counted"]
"""What was made of a mail: a bounce that was counted; a bounce or complaint after which nothing more is sent; one of an
official address, which was reported; one that was counted before; one of no message of ours; neither of both."""

_SENT = ("intended", "handed_over", "uncertain")


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str
    days: int
    within: int


class _Counting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hard: _Rule
    soft: _Rule
    reasons: dict[str, str]


class Officials(Protocol):
    """Who knows the addresses of the directory; this room does not."""

    def report(self, known_by: bytes, kind: str) -> bool:
        """Take note of what came back if an address is one of the directory, and tell whether it is.

        Args:
            known_by: The fingerprint of the address.
            kind: What a bounce says of the mailbox, or `complaint`.
        """


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address, in words for a person.

    Attributes:
        suppressed: Why nothing is sent to it; nothing if it gets what it asked for.
        since: Since when.
        bounces: The days of messages that came back, with what each said.
    """

    suppressed: str
    since: datetime | None
    bounces: tuple[tuple[datetime, str, str], ...]

    @property
    def lines(self) -> list[str]:
        """Say it, a line for each message that came back."""
        since = f" (since {self.since:%Y-%m-%d})" if self.since else ""
        said = f"{self.suppressed}{since}" if self.suppressed else "It gets what it asked for."
        return [said, *(f"{sent:%Y-%m-%d}  {kind}  {status}".rstrip() for sent, kind, status in self.bounces)]


@functools.cache
def _table() -> _Counting:
    text = importlib.resources.files("tocsin.dispatch").joinpath("returning.toml").read_text("utf-8")
    return msgspec.convert(tomli.loads(text), _Counting)


def count(returned: Returned, officials: Officials, *, now: datetime) -> Result:
    """Count one mail that came back.

    Args:
        returned: As it was read.
        officials: Who is told of addresses of the directory.
        now: When.
    """
    kind = returned.kind
    if returned.sort != "complaint" and kind is None:
        return "not counted"
    delivery = _delivery_of(returned)
    if delivery is None or delivery.subscriber is None:
        return "of no message"
    with transaction.atomic():
        # Two reports about one reader wait for each other, so that the second one sees the first.
        reader = Subscriber.objects.select_for_update().filter(id=delivery.subscriber).first()
        if reader is None:
            return "of no message"
        return (
            _complained(reader, officials, now)
            if kind is None
            else _bounced(reader, delivery, returned, officials, now)
        )


def _delivery_of(returned: Returned) -> Delivery | None:
    """Find the delivery that a mail is about, if it is one that may have arrived."""
    if returned.token:
        found = Delivery.objects.filter(bounce=token_digest(returned.token), state__in=_SENT).first()
        if found is not None:
            return found
    if returned.leaving:
        return Delivery.objects.filter(leaving=token_digest(returned.leaving), state__in=_SENT).first()
    return None


def _complained(reader: Subscriber, officials: Officials, now: datetime) -> Result:
    if officials.report(bytes(reader.fingerprint), "complaint"):
        return "official"
    return _suppress(reader, "complained", now)


def _bounced(reader: Subscriber, delivery: Delivery, returned: Returned, officials: Officials, now: datetime) -> Result:
    gravest = returned.gravest
    kind, status = returned.kind or "other", (gravest.status if gravest else None) or ""
    try:
        with transaction.atomic():
            Bounce.objects.create(
                delivery=delivery, subscriber=reader, kind=kind, status=status, sent_at=_sent_at(delivery, now), at=now
            )
    except IntegrityError:
        return "known"
    if officials.report(bytes(reader.fingerprint), kind):
        return "official"
    rule = {"hard": _table().hard, "soft": _table().soft}.get(kind)
    if rule is None or len(_days(reader, kind, now - timedelta(days=rule.within))) < rule.days:
        return "counted"
    return _suppress(reader, rule.reason, now)


def _sent_at(delivery: Delivery, now: datetime) -> datetime:
    return delivery.settled_at or delivery.mailing.begun_at or now


def _days(reader: Subscriber, kind: Kind, since: datetime) -> set[object]:
    """Give the days of the messages that came back, within the time that counts; hard ones are soft ones too.

    What went out before she confirmed, last time, says nothing any more: she has read a message since.
    """
    kinds = ("hard", "soft") if kind == "soft" else ("hard",)
    since = max(since, reader.confirmed_at or since)
    times = Bounce.objects.filter(subscriber=reader, kind__in=kinds, sent_at__gte=since).values_list(
        "sent_at", flat=True
    )
    return {time.date() for time in times}


def _suppress(reader: Subscriber, reason: str, now: datetime) -> Result:
    """Send nothing more to a reader; who left before has left."""
    Suppression.objects.get_or_create(fingerprint=reader.fingerprint, defaults={"reason": reason, "since": now})
    Subscriber.objects.filter(id=reader.id, state="active").update(state="suppressed")
    return "suppressed"


def reason_in_words(code: str) -> str:
    """Say for a person why nothing is sent to an address."""
    return _table().reasons.get(code, code)


def known_of(address: Address) -> Known:
    """Tell what is known of an address.

    Raises:
        BadRequest: Nobody of this address is a reader, and it is not suppressed.
    """
    known_by = fingerprint(address, settings.TOCSIN_FINGERPRINT_KEY)
    barred = Suppression.objects.filter(fingerprint=known_by).first()
    if barred is None and not Subscriber.objects.filter(fingerprint=known_by).exists():
        raise BadRequest("nothing is known of this address")
    rows: Iterable[Bounce] = Bounce.objects.filter(subscriber__fingerprint=known_by).order_by("sent_at", "id")
    return Known(
        reason_in_words(barred.reason) if barred else "",
        barred.since if barred else None,
        tuple((row.sent_at, row.kind, row.status) for row in rows),
    )


def undo(address: Address) -> None:
    """Send to an address again that was suppressed for what came back, and count anew.

    Raises:
        BadRequest: It is not suppressed, or because the reader wished so.
    """
    known_by = fingerprint(address, settings.TOCSIN_FINGERPRINT_KEY)
    with transaction.atomic():
        barred = Suppression.objects.select_for_update().filter(fingerprint=known_by).first()
        if barred is None:
            raise BadRequest("this address is not suppressed")
        if barred.reason not in (*CAME_BACK, "complained"):
            raise BadRequest("nothing is sent to this address because its reader wished so")
        barred.delete()
        Bounce.objects.filter(subscriber__fingerprint=known_by).delete()
        Subscriber.objects.filter(fingerprint=known_by, state="suppressed").update(state="active")
