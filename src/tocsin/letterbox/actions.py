"""Writing to the letterbox: posting a letter, answering, forgetting. Whoever posts can open nothing afterwards."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from tocsin.core.errors import BadRequest, EmptyInput, LetterboxClosed, TooLarge
from tocsin.letterbox import letter
from tocsin.letterbox.keys import key_in_use
from tocsin.letterbox.letter import Written
from tocsin.letterbox.models import Answer, Conversation, Letter, LetterKey
from tocsin.vault import letters as vault
from tocsin.vault.letters import Receipt

# What waits for intake at most: a flood fills this and no disk.
MOST_WAITING, LARGEST_WAITING = 2_000, 1_000_000_000
# Letters of one code: a case grows, an attack too.
MOST_OF_ONE = 100
KEPT = timedelta(days=180)
"""A code opens its conversation for so long after the last letter or answer, whatever was decided about it."""


def post(receipt: Receipt, written: Written, *, now: datetime) -> None:
    """Seal a letter to those who work at intake.

    Raises:
        LetterboxClosed: if there is no key that somebody of the site stands for, or too much waits already.
        EmptyInput: without text and file.
        TooLarge: if a part is too large.
    """
    _check(written)
    key = key_in_use(LetterKey)
    _check_room()
    now = now.replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        conversation, _ = Conversation.objects.select_for_update().get_or_create(
            lookup=receipt.lookup,
            defaults={"id": uuid4(), "public": receipt.public, "last_on": timezone.localdate(now)},
        )
        if conversation.letters >= MOST_OF_ONE:
            raise LetterboxClosed("too many letters came with this code")
        conversation.letters += 1
        conversation.last_on = timezone.localdate(now)
        conversation.save(update_fields=["letters", "last_on"])
        bound = letter.place_of_letter(conversation.id, conversation.letters, key.id)
        sealed = vault.seal_letter(bytes(key.public), letter.pack(written), bound)
        Letter.objects.create(
            conversation=conversation,
            key=key,
            number=conversation.letters,
            sealed=sealed,
            size=len(sealed),
            came_at=now,
        )


def _check(written: Written) -> None:
    if not written.text.strip() and not written.file:
        raise EmptyInput("there is nothing in it")
    if len(written.text) > letter.LONGEST_TEXT:
        raise TooLarge("the text is longer than 100,000 characters")
    if len(written.file) > letter.LARGEST_FILE:
        raise TooLarge("the file is larger than 7 MB")


def _check_room() -> None:
    waiting = Letter.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
    if waiting > LARGEST_WAITING or Letter.objects.count() >= MOST_WAITING:
        raise LetterboxClosed("too much waits to be read")


def answer(conversation: Conversation, text: str, *, now: datetime) -> int:
    """Seal an answer for who holds the receipt code; gives its number.

    Raises:
        BadRequest: if it is empty or too long.
    """
    if not text.strip() or len(text) > letter.LONGEST_TEXT:
        raise BadRequest("an answer has between 1 and 100,000 characters")
    with transaction.atomic():
        held = Conversation.objects.select_for_update().get(id=conversation.id)
        held.answers += 1
        held.last_on = timezone.localdate(now)
        held.save(update_fields=["answers", "last_on"])
        sealed = vault.seal_letter(bytes(held.public), text.encode(), letter.place_of_answer(held.id, held.answers))
        Answer.objects.create(conversation=held, number=held.answers, sealed=sealed, written_on=held.last_on)
    return held.answers


def forget_old(now: datetime) -> int:
    """Forget conversations that nobody added to for long, but for those whose letters nobody has collected."""
    return forgotten_by(now).delete()[1].get("letterbox.Conversation", 0)


def forgotten_by(now: datetime) -> QuerySet[Conversation]:
    """Give the conversations that are forgotten by a time."""
    return Conversation.objects.filter(last_on__lt=timezone.localdate(now - KEPT), letter=None)
