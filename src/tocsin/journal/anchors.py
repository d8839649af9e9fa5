"""Anchors: the journal's head, signed by a key that is destroyed at once, and printed to be kept elsewhere.

Between two anchors one step of the key (`vault.steps`) marks each entry. An anchor ends the step: its key signs the
head and the next step's public key, and is gone. So whoever takes the machine can forge nothing from before the last
anchor, and whoever holds a line of an earlier anchor, on paper or in a mailbox, can tell that nothing up to it was
changed.
"""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from tocsin.core.errors import BadRequest, BrokenJournal
from tocsin.journal.chain import GENESIS
from tocsin.journal.models import Anchor, Head
from tocsin.vault import steps
from tocsin.vault.sealing import framed
from tocsin.vault.steps import Step

# What an attacker on the machine could forge is at most this much; at an anchor the key store is written and washed.
MOST_ENTRIES = 100
LONGEST = timedelta(hours=1)


def signed_words(anchor: Anchor) -> bytes:
    """Give the bytes that the signature of an anchor covers."""
    numbers = (anchor.step.to_bytes(8, "big"), anchor.number.to_bytes(8, "big"))
    at = anchor.at.astimezone(UTC).isoformat(timespec="seconds").encode()
    return framed(b"tocsin anchor 1", *numbers, bytes(anchor.digest), at, bytes(anchor.public))


def last_signed() -> Anchor | None:
    """Give the last anchor that a step ended with."""
    return Anchor.objects.exclude(signature=b"").order_by("-step").first()


def first_key_of(anchor: Anchor) -> bytes:
    """Give the public key that the signatures up to an anchor begin with."""
    start = Anchor.objects.filter(step__lte=anchor.step, signature=b"").order_by("-step")[0]
    return bytes(start.public)


def line_of(anchor: Anchor) -> str:
    """Give the line that is kept elsewhere: numbers, a time and digests, nothing of what was done."""
    return (
        f"anchor {anchor.step} entry {anchor.number} at {anchor.at.astimezone(UTC).isoformat()}"
        f" digest {bytes(anchor.digest).hex()} key {first_key_of(anchor).hex()}"
    )


def head_words(number: int, digest: bytes) -> bytes:
    """Give the bytes that the mark of the head covers."""
    return framed(b"tocsin journal head 1", number.to_bytes(8, "big"), digest)


def step_of(head: Head, *, now: datetime) -> Step:
    """Give the present step for the next entry; the first entry begins the first step. The head is locked.

    Raises:
        BrokenJournal: if the key store has no secret for it: one of the two databases was set back.
    """
    if _is_new(head):
        return _begin(head, 1, now)
    step = steps.get(head.step)
    if step is None:
        raise BrokenJournal(
            "the key store has no key for this state of the journal: one of the two was set back",
            hint="after a restored backup: tocsin site journal resume",
        )
    # An anchor would cover up for whoever set the head: the key that shows it is destroyed with it.
    if not step.made(bytes(head.mark), head_words(head.number, bytes(head.digest))):
        raise BrokenJournal("the end of the journal was cut off or set", where=f"entry {head.number}")
    return step


def _is_new(head: Head) -> bool:
    """Tell whether nothing was ever written: a key store that has drawn a second step knows of an earlier journal.

    The first one a crash may have left drawn.
    """
    return head.step == 0 and head.number == 0 and steps.newest() <= 1


def anchor(*, now: datetime) -> Anchor:
    """End the present step with an anchor over the journal as it stands.

    The key store commits first; a key of the next step that a crash left unused is drawn anew.
    """
    with transaction.atomic():
        head = Head.objects.select_for_update().get(id=1)
        ending = step_of(head, now=now)
        following = steps.draw(ending.number + 1)
        made = _anchor(head, following, now)
        made.signature = ending.signature(signed_words(made))
        made.save(force_insert=True)
        _move_on(head, following)
    return made


def anchor_if_due(*, now: datetime) -> Anchor | None:
    """Make an anchor if there is much since the last one, or something and it is long ago."""
    head, last = Head.objects.get(id=1), Anchor.objects.order_by("-step").first()
    if last is None or head.number == last.number:
        return None
    if head.number - last.number < MOST_ENTRIES and now - last.at < LONGEST:
        return None
    return anchor(now=now)


def resume(*, now: datetime) -> Anchor:
    """Begin anew with a key of its own where the journal stands, after a backup was restored; everybody can see it.

    Raises:
        BadRequest: if the journal still has its key.
    """
    with transaction.atomic():
        head = Head.objects.select_for_update().get(id=1)
        if steps.get(head.step) is not None or _is_new(head):
            raise BadRequest("the journal has its key; there is nothing to resume")
        _begin(head, max(head.step, steps.newest()) + 1, now)
        return Anchor.objects.get(step=head.step)


def _begin(head: Head, number: int, now: datetime) -> Step:
    first = steps.draw(number)
    _anchor(head, first, now).save(force_insert=True)
    _move_on(head, first)
    return first


def _anchor(head: Head, following: Step, now: datetime) -> Anchor:
    digest = bytes(head.digest) if head.number else GENESIS
    at = now.replace(microsecond=0)
    return Anchor(
        step=following.number, number=head.number, digest=digest, at=at, public=following.public(), signature=b""
    )


def _move_on(head: Head, following: Step) -> None:
    head.step = following.number
    head.mark = following.mark(head_words(head.number, bytes(head.digest)))
    head.save(update_fields=["step", "mark"])
    transaction.on_commit(lambda: steps.destroy_before(following.number))
