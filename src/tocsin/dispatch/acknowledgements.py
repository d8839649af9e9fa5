"""Acknowledgements on their way: written down as begun before they go out, and never begun again after that.

What a crash, a refusal or a broken line leaves in doubt stays undone: nobody misses a message that says nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tocsin.acknowledging.actions import GOOD_FOR, Owed, place_of
from tocsin.acknowledging.models import Acknowledgement
from tocsin.adapters.smtp import NotBegun, Outcome
from tocsin.core.errors import TocsinError
from tocsin.core.letters import acknowledgement
from tocsin.core.messages import Address, Envelope, Message, Thread, letter
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.models import Suppression
from tocsin.dispatch.posting import Posted
from tocsin.dispatch.survey import Equipment

_AT_ONCE: Final = 20


def take_due(equipment: Equipment) -> Sequence[Posted]:
    """Write down some acknowledgements as begun, and make their messages; none to whom nothing may be sent."""
    ours = settings.TOCSIN_MAILINGS
    if ours is None or not ours.acknowledges:
        return []
    now = timezone.now()
    with transaction.atomic():
        due = Acknowledgement.objects.filter(begun_at=None, asked_at__gt=now - GOOD_FOR).order_by("asked_at")
        rows = list(due.select_for_update(of=("self",))[:_AT_ONCE])
        Acknowledgement.objects.filter(id__in=[row.id for row in rows]).update(begun_at=now)
    posted = []
    for row in rows:
        message = None
        with suppress(TocsinError, msgspec.DecodeError):
            message = _message(row, equipment, now)
        if message is None:
            Acknowledgement.objects.filter(id=row.id).update(sealed=b"")
        else:
            posted.append(Posted(message, partial(_settle, row.id)))
    return posted


def _message(row: Acknowledgement, equipment: Equipment, at: datetime) -> Message | None:
    """Make the message; nothing to whom this site sends nothing.

    Raises:
        CannotOpen: It was sealed to another key, or moved.
    """
    owed = msgspec.json.decode(equipment.opener.open(bytes(row.sealed), place_of(row.id)), type=Owed)
    ours, to, words = settings.TOCSIN_MAILINGS, Address.parse(owed.to), acknowledgement()
    known_by = fingerprint(to, settings.TOCSIN_FINGERPRINT_KEY)
    if ours is None or Suppression.objects.filter(fingerprint=known_by).exists():
        return None
    # From nobody, so that no report comes back, and without an address for answers.
    envelope, thread = Envelope(ours.name, ours.sender, None, to), Thread(None, owed.answers)
    text, signers = words.text, equipment.signers
    return letter(envelope, words.subject, text, word=row.id.hex, at=at, signers=signers, thread=thread)


def _settle(drawn: UUID, outcome: Outcome) -> None:
    row = Acknowledgement.objects.filter(id=drawn)
    if isinstance(outcome, NotBegun):
        row.update(begun_at=None)
    else:
        row.update(sealed=b"")
