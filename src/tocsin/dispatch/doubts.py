"""Messages that may have arrived or not: what is known of each, and what a person decides about it.

No address is shown. The mailer notes the domain and the Message-ID of each: by that, whoever runs the mail server finds
in its log whether it took the message. What is sent again bears the same one, so that a mailbox can show it once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tocsin.core.errors import BadRequest, TocsinError
from tocsin.core.messages import tokens_for
from tocsin.dispatch import actions
from tocsin.dispatch.addresses import open_address
from tocsin.dispatch.models import Delivery, Doubt, Subscriber
from tocsin.vault.mailer_keys import Opener

AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An uncertain message, as far as people may know it.

    Attributes:
        delivery: The number of its delivery.
        since: When it was last called uncertain.
        times: How often it was.
        language: In which it is.
        domain: Of its reader's address; empty while no mailer has noted it, or of a reader who was erased.
        message_id: The same.
    """

    delivery: int
    since: datetime | None
    times: int
    language: str
    domain: str
    message_id: str


def list_doubtful(mailing: UUID) -> list[Doubtful]:
    """List the uncertain messages of a mailing, the oldest first, and at most fifty."""
    rows = Delivery.objects.filter(mailing=mailing, state="uncertain").order_by("settled_at", "id")
    found = rows.values_list("id", "settled_at", "doubts", "language", "doubt__domain", "doubt__message_id")[:AT_ONCE]
    return [
        Doubtful(one, since, times, language, domain or "", message or "")
        for one, since, times, language, domain, message in found
    ]


def note(opener: Opener, token_key: bytes) -> None:
    """Note what people may know of uncertain messages: the mailer alone can open to whom they went."""
    ours = settings.TOCSIN_MAILINGS
    if ours is None:
        return
    unknown = Delivery.objects.filter(state="uncertain", doubt=None).exclude(subscriber=None).order_by("id")
    with transaction.atomic():
        # Held until it is noted: whoever decides about one, or erases its reader, comes before or after.
        rows = list(unknown.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
        readers = Subscriber.objects.in_bulk([row.subscriber for row in rows])
        noted = []
        for row in rows:
            if reader := readers.get(row.subscriber):
                tokens = tokens_for(row.mailing_id.bytes + reader.id.bytes, token_key)
                known_as = f"{tokens.message}@{ours.sender.domain}"
                noted.append(Doubt(delivery=row, domain=_domain_of(reader, opener), message_id=known_as))
        # Another mailer may have been at it a moment ago.
        Doubt.objects.bulk_create(noted, ignore_conflicts=True)


def _domain_of(reader: Subscriber, opener: Opener) -> str:
    try:
        return open_address(bytes(reader.address), reader.id, opener).domain
    except TocsinError:
        return ""


def send_again(mailing: UUID, deliveries: Collection[int]) -> int:
    """Let uncertain messages go out once more, under the same Message-ID; tell how many.

    Raises:
        BadRequest: The mailing has ended, or none of them is uncertain any more.
    """
    with transaction.atomic():
        row = actions.hold_row(mailing)
        if row.state not in {"sending", "paused"}:
            raise BadRequest("this mailing has ended: nothing of it is sent again")
        return _decide(mailing, deliveries, state="waiting", reason="", settled_at=None, not_before=None)


def count_as_handed_over(mailing: UUID, deliveries: Collection[int]) -> int:
    """Count uncertain messages as handed over, of which the log of the mail server says so; tell how many.

    Raises:
        BadRequest: None of them is uncertain any more.
    """
    with transaction.atomic():
        actions.hold_row(mailing)
        # The reason stays: no queue id was heard, and it is a person's word.
        return _decide(mailing, deliveries, state="handed_over")


def count_as_failed(mailing: UUID, deliveries: Collection[int]) -> int:
    """Count uncertain messages as failed; tell how many.

    Raises:
        BadRequest: None of them is uncertain any more.
    """
    with transaction.atomic():
        actions.hold_row(mailing)
        return _decide(mailing, deliveries, state="failed", reason="uncertain")


def _decide(mailing: UUID, deliveries: Collection[int], **becomes: object) -> int:
    chosen = Delivery.objects.filter(mailing=mailing, id__in=deliveries, state="uncertain")
    ids = list(chosen.select_for_update().values_list("id", flat=True))
    if not ids:
        raise BadRequest("choose messages that are still uncertain")
    Doubt.objects.filter(delivery__in=ids).delete()
    return Delivery.objects.filter(id__in=ids, state="uncertain").update(**becomes)
