"""What people of ours answer to one correspondent, mailed by the mailer, which alone can open it: once, or not at all.

A message is written down as intended before it goes out, and goes out again only if the server certainly does not have
it. Whatever a crash or a broken line leaves in doubt stays in doubt, for who wrote it to see, until a person has it
sent once more under the same Message-ID.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tocsin.adapters.smtp import Failed, HandedOver, NotBegun, Outcome
from tocsin.core.errors import BadSettings, ChangedMeanwhile, TocsinError
from tocsin.core.messages import Address, Envelope, Message, Thread, letter
from tocsin.dispatch import orders
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.masthead import reply_address
from tocsin.dispatch.models import QUEUE_ID, PostedAnswer, Suppression
from tocsin.dispatch.posting import MOST_TRIES, Posted
from tocsin.dispatch.survey import Equipment
from tocsin.dispatch.taking import sealer
from tocsin.vault.keyring import Keyring
from tocsin.vault.sealing import framed

_AT_ONCE: Final = 20
_FIRST_REST: Final = timedelta(minutes=1)
# A mailer settles what it has taken much sooner; what it left after this, it left by dying.
_TAKEN_FOR: Final = timedelta(minutes=10)
# All tries of one take nine hours. What has waited longer than this lay in a backup that was put back, perhaps after it
# had gone out. When it was asked for is signed.
WAITS_FOR: Final = timedelta(days=2)


class Wording(msgspec.Struct, frozen=True):
    """What is answered to whom, as it is sealed to the mailer.

    `slug` names the appeal that it is about, if any; `dated` is when it was written, where it is sent once more.
    """

    to: str
    subject: str
    text: str
    answers: str
    earlier: list[str]
    slug: str = ""
    dated: datetime | None = None

    def __repr__(self) -> str:
        """Show nothing of it: what is printed by mistake lands in logs."""
        return "Wording(…)"


def post(ring: Keyring, wording: Wording, *, now: datetime) -> UUID:
    """Have an answer mailed, with the order of who wrote it; give the id that its Message-ID bears.

    Raises:
        BadSettings: This site mails nothing.
        BadMessage: It may not leave as mail.
    """
    row = PostedAnswer(id=uuid4())
    _order(row, ring, wording, now)
    row.save(force_insert=True)
    return row.id


def post_again(ring: Keyring, answer: UUID, wording: Wording, *, now: datetime) -> None:
    """Have an answer that may have arrived or not mailed once more, with the order of who says so.

    It has the Message-ID and, by `dated`, the date that it had, so that mail programs may know it again.

    Raises:
        ChangedMeanwhile: It is not uncertain, or not any more.
        BadSettings: This site mails nothing.
        BadMessage: It may not leave as mail.
    """
    with transaction.atomic():
        row = PostedAnswer.objects.select_for_update().filter(id=answer).first()
        if row is None or not _is_uncertain(row, now):
            raise ChangedMeanwhile("it is not uncertain whether this answer arrived; nothing was sent")
        _order(row, ring, wording, now)
        row.state, row.tries, row.queue_id = "queued", 0, ""
        row.save()


def _order(row: PostedAnswer, ring: Keyring, wording: Wording, now: datetime) -> None:
    """Seal an answer to the mailer, with the order of who wrote it."""
    # Made once here already, so that what no message can be made of is refused to who wrote it.
    _message(wording, row.id, now)
    row.sealed = sealer().seal(msgspec.msgpack.encode(wording), _place(row.id))
    row.ordered_by, row.asked_at, row.due_at, row.changed_at = ring.holder, now, now, now
    row.order = ring.signature(_words(row))


def states_of(ids: list[UUID], *, now: datetime) -> dict[UUID, PostedAnswer]:
    """Give what became of answers; one that a mailer left half-way is uncertain."""
    rows = {row.id: row for row in PostedAnswer.objects.filter(id__in=ids).defer("sealed")}
    for row in rows.values():
        if _is_uncertain(row, now):
            row.state = "uncertain"
    return rows


def put_in_doubt(*, now: datetime) -> int:
    """Let no answer that was on its way go out before who wrote it has looked; tell how many there were.

    So where a database was put back: it may have gone out since, and only a person sends again what is uncertain.
    """
    going = PostedAnswer.objects.filter(state__in=("queued", "intended"))
    return going.update(state="uncertain", sealed=b"", changed_at=now)


def _is_uncertain(row: PostedAnswer, now: datetime) -> bool:
    return row.state == "uncertain" or (row.state == "intended" and row.changed_at < now - _TAKEN_FOR)


def take_due(equipment: Equipment) -> list[Posted]:
    """Write down some answers as intended, and make their messages; what nobody of ours ordered fails.

    What was asked for too long ago is uncertain: whoever wrote it decides whether she writes again.
    """
    now = timezone.now()
    with transaction.atomic():
        old = PostedAnswer.objects.filter(state="queued", asked_at__lt=now - WAITS_FOR)
        old.update(state="uncertain", sealed=b"", changed_at=now)
        queued = PostedAnswer.objects.filter(state="queued", due_at__lte=now).order_by("due_at")
        rows = list(queued.select_for_update(of=("self",))[:_AT_ONCE])
        taken = PostedAnswer.objects.filter(id__in=[row.id for row in rows])
        taken.update(state="intended", tries=F("tries") + 1, changed_at=now)
    posted = []
    for row in rows:
        message = None
        with suppress(TocsinError, msgspec.DecodeError):
            message = _message_of(row, equipment)
        if message is None:
            _change(row.id, state="failed", sealed=b"")
        else:
            posted.append(Posted(message, partial(_settle, row.id, row.tries + 1)))
    return posted


def _message_of(row: PostedAnswer, equipment: Equipment) -> Message | None:
    """Make the message; nothing if nobody of ours ordered it, or it is for somebody who was erased meanwhile.

    Raises:
        CannotOpen: It was sealed to another key, or changed.
    """
    if not orders.is_of_ours(row.ordered_by, _words(row), bytes(row.order)):
        return None
    wording = msgspec.msgpack.decode(equipment.opener.open(bytes(row.sealed), _place(row.id)), type=Wording)
    known_by = fingerprint(Address.parse(wording.to), settings.TOCSIN_FINGERPRINT_KEY)
    if Suppression.objects.filter(fingerprint=known_by, reason="erased").exists():
        return None
    return _message(wording, row.id, row.asked_at, equipment)


def _message(wording: Wording, drawn: UUID, at: datetime, equipment: Equipment | None = None) -> Message:
    ours = settings.TOCSIN_MAILINGS
    if ours is None:
        raise BadSettings("nothing says in whose name mail goes", where="mailings", hint="see site.toml")
    envelope = Envelope(ours.name, ours.sender, ours.bounces, Address.parse(wording.to))
    thread = Thread(reply_address(wording.slug), wording.answers, tuple(wording.earlier))
    signers = equipment.signers if equipment else ()
    dated = wording.dated or at
    return letter(envelope, wording.subject, wording.text, word=drawn.hex, at=dated, signers=signers, thread=thread)


def _settle(answer: UUID, tries: int, outcome: Outcome) -> None:
    if isinstance(outcome, HandedOver):
        _change(answer, state="handed_over", queue_id=(outcome.queue_id or "")[:QUEUE_ID], sealed=b"")
    elif isinstance(outcome, NotBegun):
        _change(answer, state="queued", tries=F("tries") - 1)
    elif not isinstance(outcome, Failed):
        _change(answer, state="uncertain", sealed=b"")
    elif outcome.course in {"gone", "fail"} or tries >= MOST_TRIES:
        _change(answer, state="failed", sealed=b"")
    else:
        _change(answer, state="queued", due_at=timezone.now() + _FIRST_REST * 2**tries)


def _change(answer: UUID, **fields: object) -> None:
    PostedAnswer.objects.filter(id=answer, state="intended").update(changed_at=timezone.now(), **fields)


def _words(row: PostedAnswer) -> bytes:
    at = row.asked_at.isoformat().encode()
    return framed(b"tocsin answer 1", row.id.bytes, row.ordered_by.bytes, bytes(row.sealed), at)


def _place(drawn: UUID) -> bytes:
    return framed(b"tocsin answer wording 1", drawn.bytes)
