"""The keys of the inbox, and what is sealed under them: which mail this person can open, and what was read in it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from tocsin.accounts.actor import Actor
from tocsin.core.errors import CannotOpen, Locked, NotAllowed
from tocsin.intake import outside
from tocsin.replies.models import InboxKey, RawMessage
from tocsin.replies.outcomes import Stated
from tocsin.replies.reading import Reading
from tocsin.replies.receiving import opened as opened_mail
from tocsin.vault import queries as keys_of
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place

COMPARTMENT = "inbox"


def keys(actor: Actor, key: UUID, now: datetime) -> CompartmentKeys:
    """Open a key of the inbox.

    Raises:
        NotAllowed: if this person holds none.
    """
    return keys_of.open_case(actor.ring, key, now)[COMPARTMENT]


def held(actor: Actor, now: datetime) -> list[UUID]:
    """List the keys of the inbox that a person holds."""
    mine = keys_of.list_grants(now, holder=actor.id).values("case")
    return list(InboxKey.objects.filter(id__in=mine).values_list("id", flat=True))


def mails_of(actor: Actor, now: datetime) -> QuerySet[RawMessage]:
    """Give the mails that a person holds the key of, without the bytes that came."""
    return RawMessage.objects.filter(key__in=held(actor, now)).defer("sealed")


def content_of(actor: Actor, row: RawMessage, now: datetime) -> bytes:
    """Give the bytes of a mail as it came.

    Raises:
        NotAllowed: if this person holds no key of it.
        CannotOpen: if somebody changed or moved it.
    """
    secret = outside.private_half(actor, row.key, COMPARTMENT, now=now)
    if not secret:
        raise NotAllowed("there is no such mail, or you may not open it")
    # Asked for apart: a row that is held is saved again, and would be with all that came.
    return opened_mail(secret, RawMessage.objects.get(id=row.id)).content


def sealed(opened: CompartmentKeys, message: UUID, reading: Reading) -> bytes:
    """Seal what was read in a mail."""
    return opened.seal(msgspec.json.encode(reading), _place(message))


def reading_of(opened: CompartmentKeys, message: RawMessage) -> Reading | None:
    """Open what was read in a mail; nothing where it was not opened yet.

    Raises:
        CannotOpen: if somebody changed or moved it.
    """
    if message.reading is None:
        return None
    value = opened.open(bytes(message.reading), _place(message.id))
    try:
        return msgspec.json.decode(value, type=Reading)
    except msgspec.ValidationError as error:
        raise CannotOpen("what was read in this mail was written by another version") from error


def seal_stated(opened: CompartmentKeys, message: RawMessage, stated: Stated) -> bytes:
    """Seal what a person said when she decided about a mail."""
    return opened.seal(msgspec.json.encode(stated), _place(message.id, "stated"))


def stated_of(opened: CompartmentKeys, message: RawMessage) -> Stated:
    """Open what a person said when she decided about a mail."""
    if message.stated is None:
        return Stated()
    return msgspec.json.decode(opened.open(bytes(message.stated), _place(message.id, "stated")), type=Stated)


def readings_of(actor: Actor, messages: Iterable[RawMessage], *, now: datetime) -> list[Reading | None]:
    """Open what was read in several; nothing in the place of one that does not open."""
    opened: dict[UUID, CompartmentKeys] = {}
    found: list[Reading | None] = []
    for message in messages:
        try:
            if message.key_id not in opened:
                opened[message.key_id] = keys(actor, message.key_id, now)
            found.append(reading_of(opened[message.key_id], message))
        except (Locked, NotAllowed):
            found.append(None)
    return found


def _place(message: UUID, what: str = "reading") -> Place:
    return Place("raw_message", message, what)
