"""What people of ours answer to a mail: to its sender alone, in the name of the organisation, once for each version."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from unicodedata import category
from uuid import UUID

import msgspec
from django.conf import settings
from django.utils import timezone

from tocsin.accounts.actor import Actor, demand
from tocsin.authorities.queries import posts_by_address
from tocsin.core.codes import Registry, find_all
from tocsin.core.errors import BadAddress, BadRequest, CannotOpen
from tocsin.core.letters import DRAFT_OF, DRAFTS, draft_answer, language_of, languages
from tocsin.core.matching import bare_subject
from tocsin.core.messages import Address
from tocsin.dispatch import answers
from tocsin.dispatch.answers import Wording
from tocsin.dispatch.models import PostedAnswer
from tocsin.journal import actions as journal
from tocsin.publishing import codes
from tocsin.publishing.models import Publication
from tocsin.replies import store
from tocsin.replies.actions import OpenMail, hold, read_mail
from tocsin.replies.models import Answer, RawMessage
from tocsin.replies.reading import Reading, first_of, head_and_body, sender_of
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place

LONGEST_SUBJECT: Final = 150
LONGEST: Final = 20_000
# What addresses of the desk, and names of cases in them, look like: it is of no use to anybody outside, and tells much.
_INSIDE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


class Sent(msgspec.Struct, frozen=True):
    """An answer as it is sealed beside its mail."""

    to: str
    subject: str
    text: str

    def __repr__(self) -> str:
        """Show nothing of it: what is printed by mistake lands in logs."""
        return "Sent(…)"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, by whom, and what became of it; no words where it does not open."""

    row: Answer
    posted: PostedAnswer | None
    words: Sent | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answering:
    """A mail that may be answered.

    Attributes:
        mail: The mail.
        to: Its sender; empty where no answer can go there.
        is_known: Whether that is an address of the directory of authorities.
        is_proven: Whether something proves that the mail comes from there.
        given: The answers so far, the first one first.
    """

    mail: OpenMail
    to: str = field(repr=False)
    is_known: bool
    is_proven: bool
    given: tuple[Given, ...]


def open_answering(actor: Actor, mail_id: UUID, *, now: datetime) -> Answering:
    """Open a mail with the answers that it got.

    Raises:
        NotAllowed: if there is none, or this person may not read it.
    """
    demand(actor, "reply.answer", now=now)
    mail = read_mail(actor, mail_id, now=now)
    to = _sender(mail.reading)
    kind = mail.reading.kind if mail.reading else None
    proven = kind is not None and not kind.needs_reason
    return Answering(
        mail, to, to.lower() in posts_by_address(timezone.localdate(now)), proven, tuple(_given(actor, mail.row, now))
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer begins with, and may change."""

    kind: str
    language: str
    subject: str = field(repr=False)
    text: str = field(repr=False)


def draft(opened: Answering, kind: str, language: str) -> Draft:
    """Write a draft; one that there is not is chosen by what the mail is, and a language by the words of the mail.

    Its text and kind are empty where what the mail is has no draft.
    """
    row, reading = opened.mail.row, opened.mail.reading
    head, body = head_and_body(reading.text) if reading else ([], "")
    tongue = language if language in languages() else language_of(body, settings.LANGUAGE_CODE[:2])
    slug = _slug(row)
    publisher = settings.TOCSIN_MAILINGS.name if settings.TOCSIN_MAILINGS else settings.SITE.publisher
    address = f"{settings.SITE.publishing_address}appeals/{slug}/" if slug else ""
    kind = kind if kind in DRAFTS else _begins_with(opened)
    text = draft_answer(kind, tongue, code=row.code, address=address, publisher=publisher) if kind else ""
    subject = bare_subject(first_of(head, "Subject")) or row.code
    return Draft(kind, tongue, f"Re: {subject}"[:LONGEST_SUBJECT], text)


def _begins_with(opened: Answering) -> str:
    """Give the draft for what somebody said that the mail is, or else what it is taken for."""
    row, reading = opened.mail.row, opened.mail.reading
    kind = row.kind or (reading.kind.kind if reading and reading.kind else "other")
    return DRAFT_OF["authority_reply"] if opened.is_known and kind == "other" else DRAFT_OF.get(kind, "")


def _slug(row: RawMessage) -> str:
    """Give the name of the appeal with which a mail lies; empty where it lies with none that is published."""
    found = Publication.objects.filter(code=row.code).values_list("slug", flat=True) if row.code else ()
    return next(iter(found), "")


def answer(actor: Actor, mail_id: UUID, subject: str, text: str, *, seen: int, now: datetime) -> UUID:
    """Answer a mail: seal the answer to the mailer and beside the mail; give its id.

    Args:
        actor: Who answers.
        mail_id: The mail.
        subject: One line.
        text: What is said.
        seen: The version of the mail that she had before her.
        now: When.

    Raises:
        BadRequest: if it may not go out like this.
        ChangedMeanwhile: if somebody else decided about the mail, or answered it, meanwhile.
    """
    subject, text = " ".join(subject.split()), text.replace("\r\n", "\n").strip()
    with hold(actor, mail_id, seen, now, "reply.answer") as row:
        _check(subject, text, now)
        keys = store.keys(actor, row.key_id, now)
        reading = store.reading_of(keys, row)
        to = _sender(reading)
        if not to or reading is None or reading.sort == "automatic":
            raise BadRequest("this mail has no sender to whom an answer can go")
        drawn = answers.post(actor.ring, _wording(row, reading, Sent(to, subject, text)), now=now)
        sealed = keys.seal(msgspec.json.encode(Sent(to, subject, text)), _place(drawn))
        Answer.objects.create(id=drawn, message=row, sealed=sealed, by=actor.id, at=now)
        journal.record(actor.id, "replies.mail.answered", mail_id, now=now, answer=drawn, version=row.version)
    return drawn


def send_again(actor: Actor, mail_id: UUID, answer_id: UUID, *, seen: int, now: datetime) -> None:
    """Have an answer of which nobody knows whether it arrived sent once more, as it was.

    Raises:
        BadRequest: if there is no such answer, it does not open any more, or it may not go out like this today.
        ChangedMeanwhile: if it is not uncertain any more, or somebody else decided about the mail meanwhile.
    """
    with hold(actor, mail_id, seen, now, "reply.answer") as row:
        given = Answer.objects.filter(message=row, id=answer_id).first()
        keys = store.keys(actor, row.key_id, now)
        words = _words_of(given, keys) if given else None
        if given is None or words is None:
            raise BadRequest("this answer could not be opened, so it cannot be sent again")
        _check(words.subject, words.text, now)
        wording = msgspec.structs.replace(_wording(row, store.reading_of(keys, row), words), dated=given.at)
        answers.post_again(actor.ring, given.id, wording, now=now)
        kind = "replies.answer.sent_again"
        journal.record(actor.id, kind, mail_id, now=now, answer=given.id, version=row.version)


def _wording(row: RawMessage, reading: Reading | None, words: Sent) -> Wording:
    """Give what the mailer is told.

    Raises:
        BadRequest: This site sends no mail.
    """
    ours = settings.TOCSIN_MAILINGS
    if ours is None:
        raise BadRequest("this site is not set up to send mail")
    answers_to, *earlier = (reading.thread if reading else []) or [""]
    return Wording(words.to, words.subject, words.text, answers_to, earlier, _slug(row))


def _check(subject: str, text: str, now: datetime) -> None:
    """Refuse what must not leave.

    Raises:
        BadRequest: It is empty or too long, or names a code that is not public or something of the desk.
    """
    if not subject or not text:
        raise BadRequest("an answer has a subject and a text")
    if len(subject) > LONGEST_SUBJECT or len(text) > LONGEST:
        raise BadRequest("this answer is too long")
    if any(category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text + subject):
        raise BadRequest("there is a sign in this answer that cannot be printed")
    registry = Registry(codes.list_public(now=now), codes.in_use())
    named = find_all(f"{subject}\n{text}", scheme=registry.scheme)
    public = {one for each in named for chain in registry.find_chains(each.code) for one in registry.members(chain)}
    if any(each.code not in public for each in named):
        raise BadRequest("this answer names a code that is not published")
    if _INSIDE.search(f"{subject}\n{text}"):
        raise BadRequest("this answer names something of the desk: an id or an address of a case")


def _sender(reading: Reading | None) -> str:
    """Give the address that a mail says it is from; empty where that is none to which an answer can go."""
    try:
        return str(Address.parse(sender_of(reading))) if reading else ""
    except BadAddress:
        return ""


def _given(actor: Actor, row: RawMessage, now: datetime) -> Iterator[Given]:
    rows = list(Answer.objects.filter(message=row).order_by("at", "id"))
    posted = answers.states_of([each.id for each in rows], now=now) if rows else {}
    keys = store.keys(actor, row.key_id, now) if rows else None
    for each in rows:
        yield Given(each, posted.get(each.id), _words_of(each, keys) if keys is not None else None)


def _words_of(row: Answer, keys: CompartmentKeys) -> Sent | None:
    """Open what was answered; nothing where it does not open."""
    try:
        return msgspec.json.decode(keys.open(bytes(row.sealed), _place(row.id)), type=Sent)
    except (CannotOpen, msgspec.DecodeError):
        return None


def _place(drawn: UUID) -> Place:
    return Place("answer", drawn, "words")
