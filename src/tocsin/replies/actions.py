"""What people do in the inbox: open it for mail, file a mail with an appeal, set it aside, have it tried again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from tocsin.replies import addressees, confirming, outcomes, queries, store
from tocsin.replies.models import ARRIVED, ASIDE, FILED, QUARANTINED, WAITING, InboxKey, RawMessage
from tocsin.replies.outcomes import Stated
from tocsin.replies.reading import Reading, sender_of

# Looking at one mail again within that time is the same look.
_ONE_READING = timedelta(minutes=10)
_LONGEST_WAY = 254
# With an appeal lies nothing that nobody wants to read again.
_NEVER_FILED = ("abuse",)


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
    stated: Stated


def read_mail(actor: Actor, mail_id: UUID, *, now: datetime) -> OpenMail:
    """Open what was read in a mail; that somebody read it is written down first.

    Raises:
        NotAllowed: if there is none, or this person holds no key of it.
    """
    demand(actor, "reply.read", now=now)
    with transaction.atomic():
        # What is not there takes the same questions to the database as what is somebody else's.
        row = store.mails_of(actor, now).exclude(state=ARRIVED).filter(id=mail_id).first()
        if row is None:
            raise NotAllowed("there is no such mail, or you may not open it")
        keys = store.keys(actor, row.key_id, now)
        last = last_times("replies.mail.read", [mail_id]).get((mail_id, actor.id))
        if last is None or now - last > _ONE_READING:
            journal.record(actor.id, "replies.mail.read", mail_id, now=now, key=row.key_id)
        return OpenMail(row, store.reading_of(keys, row), store.stated_of(keys, row))


def look_over(actor: Actor, rows: Sequence[RawMessage], *, now: datetime) -> list[Reading | None]:
    """Open what was read in mail for a list of it; nothing in the place of one that somebody tampered with."""
    demand(actor, "reply.read", now=now)
    if not rows:
        return []
    with transaction.atomic():
        journal.record(actor.id, "replies.mail.listed", now=now, mails=len(rows))
    return store.readings_of(actor, rows, now=now)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says that a mail is.

    Attributes:
        kind: A code of the list `mail_kinds`; empty where nobody has said it yet.
        response: What it amounts to, a code of the list `responses`; empty where nobody has said it yet.
        reason: How she knows that it comes from the authority, where nothing in the mail proves it.
        named: Readers may learn which office answered, though nothing of what it wrote.
    """

    kind: str = ""
    response: str = ""
    reason: str = field(default="", repr=False)
    named: bool = False


def file_reply(actor: Actor, mail_id: UUID, typed: str, said: Said, *, seen: int, now: datetime) -> str:
    """File a mail with a published appeal, and say what it is; give the code of the appeal.

    Args:
        actor: Who files it.
        mail_id: The mail.
        typed: The code, as somebody may type it.
        said: What it is.
        seen: The version that she had before her.
        now: When.

    Raises:
        BadRequest: if no such appeal is published, there is no such kind or response, it is called an authority's
            without proof or reason, readers are to learn of an office of which it is not, or it is a report that was
            counted before.
        ChangedMeanwhile: if somebody else filed it meanwhile.
    """
    code = _published(typed, now)
    with _deciding(actor, mail_id, said, seen, now) as row:
        row.state, row.code = ASIDE if said.kind in _NEVER_FILED else FILED, code
        journal.record(
            actor.id,
            "replies.mail.filed",
            mail_id,
            now=now,
            version=row.version,
            mail=said.kind or "none",
            response=said.response or "none",
            named=int(said.named),
        )
    return code


def set_aside(actor: Actor, mail_id: UUID, said: Said, *, seen: int, now: datetime) -> None:
    """Say that a mail is about no appeal of ours, and what it is; it stays, aside.

    Raises:
        ChangedMeanwhile: if somebody else filed it meanwhile.
    """
    with _deciding(actor, mail_id, said, seen, now) as row:
        row.state, row.code = ASIDE, ""
        kind = said.kind or "none"
        journal.record(actor.id, "replies.mail.set_aside", mail_id, now=now, version=row.version, mail=kind)


def try_again(actor: Actor, mail_id: UUID, *, now: datetime) -> None:
    """Have a mail opened once more that was put away."""
    demand(actor, "reply.file", now=now)
    with transaction.atomic():
        again = store.mails_of(actor, now).filter(id=mail_id, state=QUARANTINED)
        if not again.update(state=ARRIVED, tries=0, tried_until=None):
            raise NotAllowed("there is no such mail, or you may not open it")
        journal.record(actor.id, "replies.mail.tried", mail_id, now=now)


@contextmanager
def hold(actor: Actor, mail_id: UUID, seen: int, now: datetime, verb: str = "reply.file") -> Iterator[RawMessage]:
    """Hold a mail for somebody who has the version of it before her, and save what she did with it.

    Raises:
        NotAllowed: if there is no such mail for this person.
        ChangedMeanwhile: if somebody else decided about it, or answered it, meanwhile.
    """
    demand(actor, verb, now=now)
    with transaction.atomic():
        mine = store.mails_of(actor, now).select_for_update()
        row = mine.filter(id=mail_id, state__in=(WAITING, FILED, ASIDE)).first()
        if row is None:
            raise NotAllowed("there is no such mail, or you may not open it")
        if row.version != seen:
            raise ChangedMeanwhile("somebody else decided about this mail or answered it meanwhile; nothing was saved")
        before = row.code
        row.version += 1
        yield row
        row.save()
        confirming.count_again((before, row.code))


@contextmanager
def _deciding(actor: Actor, mail_id: UUID, said: Said, seen: int, now: datetime) -> Iterator[RawMessage]:
    """Hold a mail while somebody decides about it, save what she decided, and let it become that."""
    _must_be_listed(said)
    with hold(actor, mail_id, seen, now) as row:
        keys = store.keys(actor, row.key_id, now)
        reading = store.reading_of(keys, row)
        _must_be_proven(said, reading)
        outcomes.undo(row, store.stated_of(keys, row))
        row.filed_by, row.filed_at, row.kind, row.response = actor.id, now, said.kind, said.response
        yield row
        told = said.named and said.kind == confirming.REPLY and row.state == FILED
        row.office = _office(row, reading, now) if told else ""
        stated = outcomes.bring_about(row, reading, said.reason.strip(), now=now)
        row.stated = store.seal_stated(keys, row, stated)


def _must_be_listed(said: Said) -> None:
    if said.kind and said.kind not in vocab.load("mail_kinds"):
        raise BadRequest("there is no such kind of mail in the list")
    if said.response and said.response not in vocab.load("responses"):
        raise BadRequest("there is no such response in the list")


def _must_be_proven(said: Said, reading: Reading | None) -> None:
    """Refuse to call a mail an authority's that anybody may have written, unless she says how she knows."""
    proven = reading is not None and reading.kind is not None and not reading.kind.needs_reason
    if said.kind == confirming.REPLY and not proven and not said.reason.strip():
        raise BadRequest("nothing proves that this comes from the authority; say how you know it")


def _office(row: RawMessage, reading: Reading | None, now: datetime) -> str:
    """Give the way by which readers are shown which office replied: never anything that only the mail says."""
    found = addressees.find_one(row.code, sender_of(reading), now=now) if reading else None
    way = next((each for each in found.known_by if len(each) <= _LONGEST_WAY), "") if found else ""
    if found is None or not way or not any(each.post for each in found.printed.values()):
        raise BadRequest("the sender is of no office that the appeal names, so readers cannot be told who answered")
    return way


def _published(typed: str, now: datetime) -> str:
    """Give the one published code that was meant."""
    registry = Registry(codes.list_public(now=now), codes.in_use())
    found = find_all(typed[:200], scheme=registry.scheme)
    chains = registry.find_chains(found[0].code) if len(found) == 1 else []
    meant = [one for chain in chains for one in registry.members(chain) if one.follow_up == found[0].code.follow_up]
    if len(meant) != 1:
        raise BadRequest("no published appeal has this code")
    return format_code(meant[0], registry.scheme)
