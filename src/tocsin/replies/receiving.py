"""Keeping mail as it comes, in a process that can open none of it. Whoever calls may say 250 once this has returned."""

import hashlib
import hmac
import logging
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tocsin.adapters.lmtp import Delivered, Verdict
from tocsin.core.bounces import looks_automatic
from tocsin.core.errors import CannotOpen, InboxFull, LetterboxClosed
from tocsin.letterbox.keys import key_in_use
from tocsin.replies import acknowledging
from tocsin.replies.models import LETTERS, MACHINES, RETURNS, Arrivals, InboxKey, RawMessage
from tocsin.vault import letters
from tocsin.vault.sealing import framed

MOST_A_DAY = 20_000_000_000
"""Bytes that are kept in one day: a flood fills this and not the disk."""


_LONGEST_HEAD = 262_144
_LOG = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """A mail as it is sealed: what the mail server said of it, and its bytes."""

    sender: str | None
    recipients: list[str]
    content: bytes

    def __repr__(self) -> str:
        """Show nothing of it: what is printed by mistake lands in logs."""
        return "Kept(…)"


def take(mail: Delivered, *, now: datetime) -> Verdict:
    """Keep a mail, and say what the mail server is to be told: it tries again whatever was not kept."""
    try:
        if keep(mail, now=now) and acknowledging.are_wanted() and _lane(mail) == LETTERS:
            acknowledging.acknowledge(mail, now=now)
    except LetterboxClosed:
        return "closed"
    except InboxFull:
        return "full"
    except DatabaseError:
        _LOG.exception("a mail was not kept: a database is locked, full or gone")
        return "failed"
    return "kept"


def keep(mail: Delivered, *, now: datetime) -> bool:
    """Seal a mail and commit it; tell whether it is new. The same bytes are kept once.

    Raises:
        LetterboxClosed: if there is no key that somebody of the site stands for.
        InboxFull: if too much came today.
    """
    key, message = key_in_use(InboxKey), uuid4()
    # By what came it is known again, and not by the line above it, which says when.
    kept = Kept(mail.sender, list(mail.recipients), mail.trace + mail.content)
    sealed = letters.seal_letter(bytes(key.public), msgspec.msgpack.encode(kept), _bound(message, key.id))
    day = timezone.localdate(now)
    Arrivals.objects.get_or_create(day=day)
    today = Arrivals.objects.filter(day=day)
    if today.filter(size__gt=MOST_A_DAY - len(sealed)).exists():
        raise InboxFull("too much came today")
    digest = _digest(mail.content)
    try:
        with transaction.atomic():
            RawMessage.objects.create(id=message, key=key, digest=digest, lane=_lane(mail), sealed=sealed, came_at=now)
            today.update(taken=F("taken") + 1, size=F("size") + len(sealed))
    except IntegrityError:
        if not RawMessage.objects.filter(digest=digest).exists():
            raise
        today.update(known=F("known") + 1)
        return False
    return True


def opened(secret: bytes, message: RawMessage) -> Kept:
    """Open a mail with the private half of its key.

    Raises:
        CannotOpen: if somebody changed or moved it.
    """
    written = letters.open_letter(secret, bytes(message.sealed), _bound(message.id, message.key_id))
    try:
        return msgspec.msgpack.decode(written, type=Kept)
    except msgspec.DecodeError as error:
        raise CannotOpen("this is no mail that was kept here") from error


def _lane(mail: Delivered) -> str:
    """Tell what mail servers report and machines answer from what people may have written, by the header alone.

    It is the order in which mail is opened and no more. What is put behind letters here by how it looks is set aside by
    the same table when it is opened, but for what people send by lists; they wait until what came before was opened.
    """
    if mail.sender == "" or any(_is_bounces(each) for each in mail.recipients):
        return RETURNS
    return MACHINES if looks_automatic(mail.content[:_LONGEST_HEAD]) else LETTERS


def _is_bounces(address: str) -> bool:
    mailings = settings.TOCSIN_MAILINGS
    return mailings is not None and address.partition("+")[0].partition("@")[0] == mailings.bounces.local


def _digest(content: bytes) -> bytes:
    return hmac.new(settings.TOCSIN_ARRIVALS_KEY, content, hashlib.sha256).digest()


def _bound(message: UUID, key: UUID) -> bytes:
    return framed(b"tocsin mail 1", message.bytes, key.bytes)
