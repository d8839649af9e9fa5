"""The public form from the inside: opening and closing it, collecting its letters, answering their senders."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import msgspec
from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.adapters.files import shown_name
from tocsin.core.errors import BadRequest, CannotOpen
from tocsin.intake import actions, outside, queries, store
from tocsin.intake.actions import Incoming
from tocsin.intake.models import Report, ReportPart
from tocsin.intake.opened import Said
from tocsin.journal import actions as journal
from tocsin.journal import clocks
from tocsin.letterbox import actions as public
from tocsin.letterbox.letter import Written, place_of_letter, unpack
from tocsin.letterbox.models import Conversation, Letter, LetterKey
from tocsin.vault import actions as vault
from tocsin.vault import letters
from tocsin.vault import queries as keys_of

COMPARTMENT = "letterbox"
# A key is used for so long, and kept for a day more for letters that are on their way; then nothing opens what it did.
_IN_USE, _ON_THE_WAY = timedelta(days=7), timedelta(days=1)
# One visit of the list takes in so many: each is sealed anew, and the next visit goes on.
_AT_ONCE = 20
_SENDER = "anonymous"
_ANY = "application/octet-stream"


def is_open() -> bool:
    """Tell whether the public form takes letters."""
    return LetterKey.objects.filter(retired_at=None).exists()


def open_letterbox(actor: Actor, *, now: datetime) -> None:
    """Open the public form, if it is closed: draw a key that its letters are sealed to, for all who work at intake."""
    demand(actor, "letterbox.open", now=now)
    with transaction.atomic():
        if is_open():
            return
        key = outside.draw(actor, LetterKey, COMPARTMENT, "report.read", now=now)
        journal.record(actor.id, "intake.letterbox.opened", key.id, now=now)


def close_letterbox(actor: Actor, *, now: datetime) -> None:
    """Close the public form. What has come can still be collected, and codes still open answers."""
    demand(actor, "letterbox.open", now=now)
    with transaction.atomic():
        outside.retire(LetterKey, now=now)
        journal.record(actor.id, "intake.letterbox.closed", now=now)


def collect(actor: Actor, *, now: datetime) -> list[UUID]:
    """Take in the letters that wait, each as a report of its own; gives the reports.

    A letter that does not open (somebody changed it, or this person holds no key yet) stays where it is.
    """
    demand(actor, "report.receive", now=now)
    waiting = list(Letter.objects.order_by("came_at", "number").values_list("id", "key")[:_AT_ONCE])
    secrets = {
        key: outside.private_half(actor, LetterKey.objects.get(id=key), COMPARTMENT, now=now)
        for key in {key for _, key in waiting}
    }
    taken = [_collect(actor, letter, secrets[key], now) for letter, key in waiting if secrets[key]]
    _renew(actor, now)
    return [each for each in taken if each is not None]


def _collect(actor: Actor, letter_id: UUID, secret: bytes, now: datetime) -> UUID | None:
    with transaction.atomic():
        # Of two who look at the list at once one finds it gone.
        letter = Letter.objects.select_for_update().filter(id=letter_id).first()
        if letter is None:
            return None
        bound = place_of_letter(letter.conversation_id, letter.number, letter.key_id)
        try:
            written = unpack(letters.open_letter(secret, bytes(letter.sealed), bound))
        except CannotOpen:
            return None
        report = actions.take_in(
            actor, _incoming(written), came_at=letter.came_at, conversation=letter.conversation_id, now=now
        )
        letter.delete()
        return report


def _incoming(written: Written) -> Incoming:
    """Make one file of what was sent: the text, the file, or a mail that holds both."""
    if not written.file:
        return Incoming(written.text.encode(), source_type=_SENDER)
    if not written.text.strip():
        return Incoming(written.file, source_type=_SENDER, file_name=written.file_name, media_type=_ANY)
    mail = EmailMessage(policy=SMTP)
    mail.set_content(written.text, cte="base64")
    name = shown_name(written.file_name) or "file"
    major, _, minor = _ANY.partition("/")
    mail.add_attachment(written.file, maintype=major, subtype=minor, filename=name)
    return Incoming(mail.as_bytes(), source_type=_SENDER, file_name="letter.eml", media_type="message/rfc822")


def _renew(actor: Actor, now: datetime) -> None:
    """Draw the next key when one has served its time, and destroy those that no letter needs any more.

    None is destroyed by a clock that is in doubt: a letter may still be on its way to it.
    """
    kind = "intake.letterbox.renewed"
    outside.renew(actor, LetterKey, COMPARTMENT, "report.read", after=_IN_USE, kind=kind, now=now)
    over = LetterKey.objects.filter(retired_at__lt=now - _ON_THE_WAY, letter=None)
    for old in over if over and not clocks.list_doubts(now=now) else ():
        vault.shred(old.id)
        old.delete()


def count_waiting() -> int:
    """Count the letters that nobody has collected, or that nobody could open."""
    return Letter.objects.count()


def list_more(actor: Actor, report: Report, *, now: datetime) -> list[Report]:
    """List the other reports of the same sender, as far as this person holds them; the oldest first."""
    if report.conversation is None:
        return []
    held = keys_of.list_grants(now, holder=actor.id).values("case")
    others = Report.objects.filter(conversation=report.conversation, id__in=held).exclude(id=report.id)
    return list(others.order_by("received_at"))


def may_answer(report: Report) -> bool:
    """Tell whether somebody may still come back for an answer."""
    return report.conversation is not None and Conversation.objects.filter(id=report.conversation).exists()


def answer_sender(actor: Actor, report_id: UUID, text: str, *, now: datetime) -> None:
    """Write to the sender of a report: sealed to the receipt code, and once more for the team.

    Raises:
        BadRequest: if there is nobody to answer, or the answer is empty or too long.
    """
    demand(actor, "report.decide", report_id, now=now)
    with transaction.atomic():
        report = queries.get_report(report_id, for_saving=True)
        conversation = Conversation.objects.filter(id=report.conversation).first() if report.conversation else None
        if conversation is None:
            raise BadRequest("nobody can come back for an answer")
        public.answer(conversation, text, now=now)
        keys = keys_of.open_case(actor.ring, report_id, now)[store.COMPARTMENT]
        number = ReportPart.objects.filter(report=report, kind=store.SAID).count() + 1
        store.put(keys, report_id, store.SAID, number, msgspec.json.encode(Said(text=text)), by=actor.id, now=now)
        journal.record(actor.id, "intake.sender.answered", report_id, now=now, answer=number)
