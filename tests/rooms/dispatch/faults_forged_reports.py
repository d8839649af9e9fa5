"""A flood of forged reports: nothing of a mailing, a reader or an authority changes, and none of it is slow.

`FAULT_FORGED` says how many (100,000); to PostgreSQL goes a tenth.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from mailroom import Mailroom

from tocsin.authorities import actions as directory
from tocsin.authorities.models import Authority, AuthorityVersion
from tocsin.authorities.returned import RETURNED, Officials
from tocsin.dispatch.models import Bounce, Delivery, Subscriber, Suppression
from tocsin.journal.models import Entry
from tocsin.operations import returns

FORGED = int(os.environ.get("FAULT_FORGED", "100000"))
MAILBOX = Path(__file__).parents[2] / "mailbox/bounces"
TOKEN = b"0123456789abcdef" * 2
# An authority that is written to as the first reader is: what comes back of it would be noted.
OFFICE = """\
what,key,country,code,of,name_en,address
institution,xzv-presidency,XZV,ministry,,Office of the President,
post,xzv-president,XZV,head_of_state,xzv-presidency,President,
contact_point,,,email,xzv-president,,reader0@reader.example
"""


def forged(count: int) -> Iterator[bytes]:
    """Give reports of every kind, each with a token that somebody made up."""
    dice = random.Random(25)
    mails = [each.read_bytes() for each in sorted(MAILBOX.glob("*.eml"))]
    for number in range(count):
        yield mails[number % len(mails)].replace(TOKEN, dice.randbytes(16).hex().encode())


def test_a_flood_of_forged_reports_changes_nothing(mailroom: Mailroom) -> None:
    count = FORGED if connection.vendor == "sqlite" else FORGED // 10
    directory.take_file(mailroom.press.ana.actor, OFFICE, now=timezone.now())
    first, *_ = mailroom.readers(50)
    mailroom.send()
    mailroom.work()
    tables = (Subscriber, Delivery, Suppression, Bounce, Authority, AuthorityVersion)
    before = [list(table._default_manager.order_by("pk").values()) for table in tables]
    begun = time.process_time()
    results = returns.count_all(forged(count), now=timezone.now())
    seconds = time.process_time() - begun
    print(f"\n{count} forged reports: {count / seconds:.0f} a second of the processor, {dict(results)}")
    assert set(results) == {"of no message", "not counted"}
    assert results["of no message"] > count / 2
    assert [list(table._default_manager.order_by("pk").values()) for table in tables] == before
    noted = Entry.objects.filter(kind=RETURNED)
    assert not noted.exists()
    # Reports of messages that were sent would have been noted.
    officials = Officials(settings.TOCSIN_FINGERPRINT_KEY, now=timezone.now())
    assert officials.report(bytes(first.fingerprint), "hard")
    assert noted.count() == 1
