"""Subscribing, changing and leaving, by readers themselves: asked for on the public site, confirmed by a mailed link.

Whoever asks gets the same answer at the same speed, whatever is known of the address: the page writes down what was
asked, and a worker looks at it. Nothing counts before somebody who reads the mailbox has said so.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from tocsin.core.errors import LetterboxClosed
from tocsin.core.messages import Address
from tocsin.core.subscribing import Wish
from tocsin.dispatch.addresses import fingerprint, seal_address
from tocsin.dispatch.choices import Chosen, columns_of
from tocsin.dispatch.models import CAME_BACK, Ask, Delivery, Link, Subscriber, Suppression
from tocsin.dispatch.taking import sealer
from tocsin.dispatch.tokens import token_digest
from tocsin.vault.sealing import framed

# What waits at most: a flood fills this and no disk.
MOST_WAITING: Final = 10_000
# A mailbox gets one link in so long, whoever asks how often.
REST: Final = timedelta(hours=1)
KEPT: Final = {"confirm": timedelta(days=7), "change": timedelta(days=1)}
# By confirming a reader takes these back; whoever complained or had herself erased is written to no more.
TAKEN_BACK: Final = ("left", *CAME_BACK)
_TOKEN_BYTES: Final = 16
_ROUND: Final = 1_000
# What an ask and a subscriber have alike.
_WANTED: Final = ("languages", "countries", "topics", "html", "neutral_subject", "openpgp")


def ask(wish: Wish, language: str, *, now: datetime) -> None:
    """Write down that somebody wants to subscribe an address.

    Raises:
        LetterboxClosed: The site mails nothing, or too much waits.
    """
    _write(wish, "confirm", language, now)


def ask_to_change(address: Address, language: str, *, now: datetime) -> None:
    """Write down that somebody wants to change what she gets, or to leave.

    Raises:
        LetterboxClosed: The site mails nothing, or too much waits.
    """
    _write(Wish(address, (language,)), "change", language, now)


def is_open() -> bool:
    """Tell whether anything can be asked for."""
    return settings.TOCSIN_MAILINGS is not None and Ask.objects.count() < MOST_WAITING


def _write(wish: Wish, kind: str, language: str, now: datetime) -> None:
    if not is_open():
        raise LetterboxClosed("nothing can be asked for just now")
    drawn, to = uuid4(), sealer()
    known_by = fingerprint(wish.address, settings.TOCSIN_FINGERPRINT_KEY)
    Ask.objects.create(
        id=drawn,
        kind=kind,
        language=language,
        address=seal_address(wish.address, drawn, to),
        fingerprint=known_by,
        openpgp=to.seal(wish.openpgp.encode(), place_of_openpgp(known_by)) if wish.openpgp else None,
        asked_at=now,
        **columns_of(wish),
    )


def place_of_openpgp(known_by: bytes) -> bytes:
    """Tell where the public key of a reader is sealed to: her fingerprint, since it comes before she has a row."""
    return framed(b"subscriber openpgp 1", known_by)


def look_at_asks(now: datetime) -> int:
    """Look at what was asked for, and have links mailed where that is due; tell how much there was."""
    asks = list(Ask.objects.order_by("asked_at")[:_ROUND])
    for each in asks:
        with transaction.atomic():
            # Two workers may be at it.
            if Ask.objects.filter(id=each.id).delete()[0]:
                _look_at(each, now)
    return len(asks)


def _look_at(asked: Ask, now: datetime) -> None:
    held = Subscriber.objects.select_for_update().filter(fingerprint=asked.fingerprint).first()
    barred = Suppression.objects.filter(fingerprint=asked.fingerprint).exclude(reason__in=TAKEN_BACK)
    if barred.exists() or (held and Link.objects.filter(subscriber=held, made_at__gt=now - REST).exists()):
        return
    if held is not None and held.state == "active":
        _make_link(held, "change", asked.language, now)
    elif asked.kind == "confirm":
        # A reader who comes back keeps her id, so that the link for leaving in an old message goes on leading to her.
        row = held or Subscriber(id=asked.id, address=asked.address, fingerprint=asked.fingerprint)
        was_neutral = row.neutral_subject
        for name in _WANTED:
            setattr(row, name, getattr(asked, name))
        # Whoever types in her address, her phone goes on telling nobody.
        row.neutral_subject |= was_neutral
        row.state, row.asked_at = "unconfirmed", asked.asked_at
        row.save()
        _make_link(row, "confirm", asked.language, now)


def _make_link(reader: Subscriber, kind: str, language: str, now: datetime) -> None:
    token, drawn = secrets.token_hex(_TOKEN_BYTES), uuid4()
    Link.objects.create(
        id=drawn,
        subscriber=reader,
        kind=kind,
        language=language,
        digest=_digest(token),
        sealed=sealer().seal(token.encode(), place_of_link(drawn)),
        made_at=now,
        ends_at=now + KEPT[kind],
    )


def place_of_link(link: UUID) -> bytes:
    """Tell where the token of a link is sealed to."""
    return framed(b"reader's link 1", link.bytes)


def _digest(token: str) -> bytes:
    return hashlib.blake2b(token.encode(), person=b"tocsin link 1", digest_size=32).digest()


def find_link(token: str, kind: str, *, now: datetime) -> Subscriber | None:
    """Give the reader whom a link stands for; nothing if it has ended, or never was one."""
    found = Link.objects.filter(digest=_digest(token), kind=kind, ends_at__gt=now).select_related("subscriber").first()
    return found.subscriber if found else None


def confirm(token: str, *, now: datetime) -> bool:
    """Let a reader be one, if her link holds; once more is as once. Tell whether she is one."""
    with transaction.atomic():
        reader = find_link(token, "confirm", now=now)
        if reader is None:
            return False
        waits = Subscriber.objects.filter(id=reader.id, state="unconfirmed")
        if waits.update(state="active", confirmed_at=now):
            Suppression.objects.filter(fingerprint=reader.fingerprint, reason__in=TAKEN_BACK).delete()
            return True
        return reader.state == "active"


def change(token: str, wish: Chosen, openpgp: str | None, *, now: datetime) -> bool:
    """Let a reader get something else, if her link holds.

    Args:
        token: That of the link.
        wish: What she wants.
        openpgp: Another public key; `None` keeps what there is, and an empty one takes it away.
        now: When.
    """
    with transaction.atomic():
        reader = find_link(token, "change", now=now)
        if reader is None or reader.state != "active":
            return False
        key = reader.openpgp
        if openpgp is not None:
            key = sealer().seal(openpgp.encode(), place_of_openpgp(bytes(reader.fingerprint))) if openpgp else None
        Subscriber.objects.filter(id=reader.id).update(openpgp=key, **columns_of(wish))
        return True


def leave_by_link(token: str, *, now: datetime) -> bool:
    """Let a reader leave by the link with which she may change what she gets."""
    reader = find_link(token, "change", now=now)
    if reader is None:
        return False
    _leave(reader.id, now)
    return True


def is_of_message(token: str) -> bool:
    """Tell whether a token for leaving is that of a message that was sent."""
    return Delivery.objects.filter(leaving=token_digest(token)).exists()


def leave_by_message(token: str, *, now: datetime) -> bool:
    """Let a reader leave by the token of a message; once more is as once.

    Tell whether there is such a message: of a reader who was erased it is known no more.
    """
    found = Delivery.objects.filter(leaving=token_digest(token)).values_list("subscriber", flat=True).first()
    if found is None:
        return False
    _leave(found, now)
    return True


def leave_by_address(address: Address, *, now: datetime) -> bool:
    """Let the reader of an address leave, as somebody of the desk read in a mail; tell whether there is one."""
    known_by = fingerprint(address, settings.TOCSIN_FINGERPRINT_KEY)
    found = Subscriber.objects.filter(fingerprint=known_by).values_list("id", flat=True).first()
    if found is None:
        return False
    _leave(found, now)
    return True


def _leave(reader: UUID, now: datetime) -> None:
    with transaction.atomic():
        row = Subscriber.objects.select_for_update().filter(id=reader).first()
        if row is None or row.state == "left":
            return
        Subscriber.objects.filter(id=reader).update(state="left", left_at=now)
        Suppression.objects.get_or_create(fingerprint=row.fingerprint, defaults={"reason": "left", "since": now})
