"""What came back to mailings, counted for the whole site: mailings, the directory and the journal together."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from django.conf import settings
from django.db import transaction

from tocsin.authorities.returned import Officials
from tocsin.core.bounces import read
from tocsin.core.messages import Address
from tocsin.dispatch import returning
from tocsin.journal import actions as journal

RESULTS: tuple[returning.Result, ...] = get_args(returning.Result)


def count_all(mails: Iterable[bytes], *, now: datetime) -> Counter[returning.Result]:
    """Count mails that came back, each by itself, and write down how many there were."""
    officials = Officials(settings.TOCSIN_FINGERPRINT_KEY, now=now)
    results = Counter(returning.count(read(mail), officials, now=now) for mail in mails)
    with transaction.atomic():
        counted, suppressed = results["counted"], results["suppressed"]
        journal.record(None, "dispatch.bounces.counted", now=now, counted=counted, suppressed=suppressed)
    return results


def undo(address: Address, *, now: datetime) -> None:
    """Send to an address again that was suppressed for what came back.

    Raises:
        BadRequest: It is not suppressed, or because its reader wished so.
    """
    with transaction.atomic():
        returning.undo(address)
        journal.record(None, "dispatch.suppression.undone", now=now)
