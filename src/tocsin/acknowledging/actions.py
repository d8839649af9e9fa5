"""To owe word that a mail came: ordered by whoever took it, and mailed by the mailer.

Who orders it has opened nothing and knows neither codes nor readers, so that nothing of these can show in it. The
mailer writes the words; of an order it takes nothing but the address and the id of the mail that it answers.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import msgspec
from django.conf import settings

from tocsin.acknowledging.models import Acknowledgement
from tocsin.core.messages import Address
from tocsin.vault.mailer_keys import Sealer
from tocsin.vault.sealing import framed

ONCE_IN: Final = timedelta(days=7)
"""So long a sender gets no other one, and her digest is kept."""
GOOD_FOR: Final = timedelta(hours=1)
"""What did not leave within that time does not leave any more: late, it would tell when a machine was mended."""
MOST_AN_HOUR: Final = 100
"""To all senders together: whoever may write from as many addresses as she likes is no louder by us."""
# The length of what is sealed shows.
_STEP: Final = 256


class Owed(msgspec.Struct, frozen=True):
    """To whom, and to which mail, as it is sealed to the mailer."""

    to: str
    answers: str

    def __repr__(self) -> str:
        """Show nothing of it: what is printed by mistake lands in logs."""
        return "Owed(…)"


def owe(to: Address, answers: str, *, now: datetime) -> None:
    """Have a sender told that her mail came; nothing where this site does not, she was told lately, or many were.

    Args:
        to: The sender, as our own mail server proved her.
        answers: The Message-ID of her mail; empty where it has none.
        now: When it came.
    """
    ours = settings.TOCSIN_MAILINGS
    if ours is None or not ours.acknowledges:
        return
    if Acknowledgement.objects.filter(asked_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        return
    row = Acknowledgement(id=uuid4(), digest=sender_digest(to), asked_at=now)
    written = msgspec.json.encode(Owed(str(to), answers))
    padded = written.ljust(-(-len(written) // _STEP) * _STEP)
    row.sealed = Sealer(ours.address_key).seal(padded, place_of(row.id))
    # Two mails of one sender at once: one row is there, and the other is not written.
    Acknowledgement.objects.bulk_create([row], ignore_conflicts=True)


def counts() -> tuple[int, int]:
    """Tell how many there are of the last seven days, and how many of these were begun."""
    rows = Acknowledgement.objects.all()
    return rows.count(), rows.filter(begun_at__isnull=False).count()


def sender_digest(address: Address) -> bytes:
    """Give the 32 bytes by which a sender is known again; what stands behind a `+` is the same mailbox."""
    written = f"{address.local.partition('+')[0]}@{address.domain}".lower().encode()
    return hmac.new(settings.TOCSIN_REPLIES_KEY, b"acknowledged " + written, hashlib.sha256).digest()


def end_what_waits(*, now: datetime) -> int:
    """Let none go out that waits, as if each had been begun; tell how many there were."""
    return Acknowledgement.objects.filter(begun_at=None).update(begun_at=now, sealed=b"")


def forget_old(now: datetime) -> None:
    """Forget to whom they went after an hour, and that they went after seven days."""
    Acknowledgement.objects.filter(asked_at__lt=now - ONCE_IN).delete()
    Acknowledgement.objects.filter(asked_at__lt=now - GOOD_FOR).exclude(sealed=b"").update(sealed=b"")


def forget(address: Address) -> None:
    """Forget that a sender was told anything."""
    Acknowledgement.objects.filter(digest=sender_digest(address)).delete()


def place_of(drawn: UUID) -> bytes:
    """Say where what is sealed belongs."""
    return framed(b"tocsin acknowledgement 1", drawn.bytes)
