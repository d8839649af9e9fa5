"""What people do in the inbox: open it for mail, file a mail with an appeal, set it aside, have it tried again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.core import vocab
from tocsin.core.codes import Registry, find_all, format_code
from tocsin.core.errors import BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.intake import outside
from tocsin.journal import actions as journal
from tocsin.journal.queries import last_times
from tocsin.publishing import codes
from tocsin.replies import queries, store
from tocsin.replies.models import ARRIVED, ASIDE, FILED, QUARANTINED, WAITING, InboxKey, RawMessage
from tocsin.replies.reading import Reading

# Looking at one mail again within that time is the same look.
_ONE_READING = timedelta(minutes=10)


def open_inbox(actor: Actor, *, now: datetime) -> None:
    """Let the receiver take mail, if it does not: draw a key that it is sealed to."""
    demand(actor, "inbox.open", now=now)
    with transaction.atomic():
        if queries.is_open():
            return
        key = outside.draw(actor, InboxKey, store.COMPARTMENT, "reply.read", now=now)
        journal.record(actor.id, "replies.inbox.opened", key.id, now=now)


def close_inbox(actor: Actor, *, now: datetime) -> None:
    """Let the receiver take no more mail; the mail server keeps what comes, and tries again."""
    demand(actor, "inbox.open", now=now)
    with transaction.atomic():
        outside.retire(InboxKey, now=now)
        journal.record(actor.id, "replies.inbox.closed", now=now)


@dataclass(frozen=True, slots=True)
class OpenMail:
    """A mail and what was read in it; nothing where it could not be opened."""

    row: RawMessage
    reading: Reading | None


def read_mail(actor: Actor, mail_id: UUID, *, now: datetime) -> OpenMail:
    """Open what was read in a mail; that somebody read it is written down first.

    Raises:
        NotAllowed: if there is none, or this person holds no key of it.
    """
    demand(actor, "reply.read", now=now)
    with transaction.atomic():
        # What is not there takes the same questions to the database as what is somebody else's.
        mine = RawMessage.objects.filter(key__in=store.held(actor, now)).exclude(state=ARRIVED).defer("sealed")
        row = mine.filter(id=mail_id).first()
        if row is None:
            raise NotAllowed("there is no such mail, or you may not open it")
        keys = store.keys(actor, row.key_id, now)
        last = last_times("replies.mail.read", [mail_id]).get((mail_id, actor.id))
        if last is None or now - last > _ONE_READING:
            journal.record(actor.id, "replies.mail.read", mail_id, now=now, key=row.key_id)
        return OpenMail(row, store.reading_of(keys, row))


def look_over(actor: Actor, rows: Sequence[RawMessage], *, now: datetime) -> list[Reading | None]:
    """Open what was read in mail for a list of it; nothing in the place of one that somebody tampered with."""
    demand(actor, "reply.read", now=now)
    if not rows:
        return []
    with transaction.atomic():
        journal.record(actor.id, "replies.mail.listed", now=now, mails=len(rows))
    return store.readings_of(actor, rows, now=now)


def file_reply(actor: Actor, mail_id: UUID, typed: str, response: str, *, seen: int, now: datetime) -> str:
    """File a mail with a published appeal, and say what it amounts to; give the code of the appeal.

    Args:
        actor: Who files it.
        mail_id: The mail.
        typed: The code, as somebody may type it.
        response: A code of the vocabulary of responses; empty where nobody has said it yet.
        seen: The version that she had before her.
        now: When.

    Raises:
        BadRequest: if no such appeal is published, or there is no such response.
        ChangedMeanwhile: if somebody else filed it meanwhile.
    """
    if response and response not in vocab.load("responses"):
        raise BadRequest("there is no such response in the list")
    code = _published(typed, now)
    with _deciding(actor, mail_id, seen, now) as row:
        row.state, row.code, row.response = FILED, code, response
        journal.record(
            actor.id, "replies.mail.filed", mail_id, now=now, version=row.version, response=response or "none"
        )
    return code


def set_aside(actor: Actor, mail_id: UUID, *, seen: int, now: datetime) -> None:
    """Say that a mail is about no appeal of ours; it stays, aside.

    Raises:
        ChangedMeanwhile: if somebody else filed it meanwhile.
    """
    with _deciding(actor, mail_id, seen, now) as row:
        row.state, row.code, row.response = ASIDE, "", ""
        journal.record(actor.id, "replies.mail.set_aside", mail_id, now=now, version=row.version)


def try_again(actor: Actor, mail_id: UUID, *, now: datetime) -> None:
    """Have a mail opened once more that was put away."""
    demand(actor, "reply.file", now=now)
    with transaction.atomic():
        again = RawMessage.objects.filter(id=mail_id, state=QUARANTINED, key__in=store.held(actor, now))
        if not again.update(state=ARRIVED, tries=0, tried_until=None):
            raise NotAllowed("there is no such mail, or you may not open it")
        journal.record(actor.id, "replies.mail.tried", mail_id, now=now)


@contextmanager
def _deciding(actor: Actor, mail_id: UUID, seen: int, now: datetime) -> Iterator[RawMessage]:
    """Hold a mail while somebody decides about it, and save what she decided."""
    demand(actor, "reply.file", now=now)
    with transaction.atomic():
        mine = RawMessage.objects.select_for_update().filter(key__in=store.held(actor, now)).defer("sealed")
        row = mine.filter(id=mail_id, state__in=(WAITING, FILED, ASIDE)).first()
        if row is None:
            raise NotAllowed("there is no such mail, or you may not open it")
        if row.version != seen:
            raise ChangedMeanwhile("somebody else decided about this mail meanwhile; nothing was saved")
        row.version += 1
        row.filed_by, row.filed_at = actor.id, now
        yield row
        row.save()


def _published(typed: str, now: datetime) -> str:
    """Give the one published code that was meant."""
    registry = Registry(codes.list_public(now=now))
    found = find_all(typed[:200], scheme=registry.scheme)
    chains = registry.find_chains(found[0].code) if len(found) == 1 else []
    meant = [one for chain in chains for one in registry.members(chain) if one.follow_up == found[0].code.follow_up]
    if len(meant) != 1:
        raise BadRequest("no published appeal has this code")
    return format_code(meant[0], registry.scheme)
