"""Forgetting readers: at their wish, and those who never confirmed or left long ago. What stays is a keyed digest."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from tocsin.acknowledging import actions as acknowledging
from tocsin.core.messages import Address
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.models import Ask, Delivery, Doubt, Link, PostedAnswer, Subscriber, Suppression, TakenList, Trial

UNCONFIRMED_KEPT: Final = timedelta(days=7)
LEFT_KEPT: Final = timedelta(days=30)
LIST_KEPT: Final = timedelta(days=30)
#: After so long a trial is neither sent nor kept.
TRIAL_KEPT: Final = timedelta(days=1)
#: After so long no mailer comes back to an answer that it had begun.
BEGUN_KEPT: Final = timedelta(days=1)


def erase(address: Address, *, now: datetime) -> bool:
    """Erase all that is known of an address, and see to it that nothing is sent to it; tell whether it was known.

    What stays is the keyed digest, by which the address is not taken again. Copies in backups end with these.
    """
    known_by = fingerprint(address, settings.TOCSIN_FINGERPRINT_KEY)
    with transaction.atomic():
        Suppression.objects.update_or_create(fingerprint=known_by, defaults={"reason": "erased", "since": now})
        Ask.objects.filter(fingerprint=known_by).delete()
        acknowledging.forget(address)
        return _forget(Subscriber.objects.filter(fingerprint=known_by)) > 0


def forget_old(now: datetime) -> int:
    """Forget who did not confirm in time, and who left long ago; tell how many there were.

    Of those who left the digest stays among the suppressed, so that no list brings them back. Of an answer that a
    mailer left half-way stays that it is uncertain.
    """
    with transaction.atomic():
        for rows in _besides(now):
            rows.delete()
        acknowledging.forget_old(now)
        left = PostedAnswer.objects.filter(state="intended", changed_at__lt=now - BEGUN_KEPT)
        left.update(state="uncertain", sealed=b"")
        return _forget(due(now))


def due(now: datetime) -> QuerySet[Subscriber]:
    """Give those who are forgotten next."""
    unconfirmed = Q(state="unconfirmed", asked_at__lt=now - UNCONFIRMED_KEPT)
    return Subscriber.objects.filter(unconfirmed | Q(state="left", left_at__lt=now - LEFT_KEPT))


def count_besides(now: datetime) -> int:
    """Count what is forgotten with them: notes of lists that were taken in, links that are over, old trials."""
    return sum(rows.count() for rows in _besides(now))


def _besides(now: datetime) -> tuple[QuerySet[Any], ...]:
    return (
        TakenList.objects.filter(begun_at__lt=now - LIST_KEPT),
        Link.objects.filter(ends_at__lt=now),
        Trial.objects.filter(asked_at__lt=now - TRIAL_KEPT),
    )


def _forget(readers: QuerySet[Subscriber]) -> int:
    """Let nothing lead from deliveries to readers, and delete these; a mailing still adds up."""
    ids = list(readers.values_list("id", flat=True))
    for at in range(0, len(ids), 5_000):
        some = ids[at : at + 5_000]
        # Held first: a mailer may be noting what it knows of them.
        uncertain = Delivery.objects.select_for_update().filter(subscriber__in=some, state="uncertain")
        Doubt.objects.filter(delivery__in=[each.id for each in uncertain]).delete()
        Delivery.objects.filter(subscriber__in=some).update(subscriber=None, leaving=None, bounce=None)
        Subscriber.objects.filter(id__in=some).delete()
    return len(ids)
