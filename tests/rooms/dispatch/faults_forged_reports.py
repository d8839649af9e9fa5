"""A flood of forged reports: nothing of a mailing or a reader changes, and none of it is slow.

`FAULT_FORGED` says how many (100,000).
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from mailroom import Mailroom

from tocsin.dispatch.models import Bounce, Delivery, Subscriber, Suppression
from tocsin.operations import returns

FORGED = int(os.environ.get("FAULT_FORGED", "100000"))
MAILBOX = Path(__file__).parents[2] / "mailbox/bounces"
TOKEN = b"0123456789abcdef" * 2


def forged(count: int) -> Iterator[bytes]:
    """Give reports of every kind, each with a token that somebody made up."""
    dice = random.Random(25)
    mails = [each.read_bytes() for each in sorted(MAILBOX.glob("*.eml"))]
    for number in range(count):
        yield mails[number % len(mails)].replace(TOKEN, dice.randbytes(16).hex().encode())


@pytest.mark.database("sqlite")
def test_a_flood_of_forged_reports_changes_nothing(mailroom: Mailroom) -> None:
    mailroom.readers(50)
    mailroom.send()
    mailroom.work()
    tables = (Subscriber, Delivery, Suppression, Bounce)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    begun = time.process_time()
    results = returns.count_all(forged(FORGED), now=timezone.now())
    seconds = time.process_time() - begun
    print(f"\n{FORGED} forged reports: {FORGED / seconds:.0f} a second of the processor, {dict(results)}")
    assert set(results) == {"of no message", "not counted"}
    assert results["of no message"] > FORGED / 2
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
