"""How long it takes to verify the journal and to write into it, and how that grows.

Usage: `python bench/journal.py [--quick | --largest N]`. Entries are made in bulk, with right digests and marks and an
anchor for every hundred, in a SQLite file of its own; what is measured is what `tocsin site journal verify` does.
Beside it stands a lower bound in the same process: hashing as many bytes in as many pieces, and nothing else. The last
columns are single entries, each in a transaction of its own on the same journal, to show that writing does not grow
with it; beside them what of it is the processor's work, and what a bare row costs in a file of its own beside, whose
commit waits for the same disk: most of an entry is that waiting.
"""

import argparse
import hashlib
import itertools
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000, 1_000_000)
TARGET_SECONDS = 10
_NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
_ONE_BATCH = 10_000


def start() -> None:
    """Start Django on an empty site in a directory of its own, that of the tests."""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "desk_settings"
    import django  # noqa: PLC0415  Django is started here

    django.setup()
    from tocsin.config import founding  # noqa: PLC0415

    founding.make_tables()


def write_in_bulk(count: int) -> None:
    """Append entries until there are so many, as `journal.actions.record` would, but a batch in a transaction."""
    from django.db import transaction  # noqa: PLC0415

    from tocsin.journal import anchors  # noqa: PLC0415
    from tocsin.journal.models import Entry, Head  # noqa: PLC0415

    _durable(False)
    while (head := Head.objects.get(id=1)).number < count:
        with transaction.atomic():
            last = min(count, head.number + _ONE_BATCH)
            while head.number < last:
                _one_anchor_full(head, last, Entry)
                anchors.anchor(now=_NOW)
                head = Head.objects.get(id=1)
    _durable(True)


def _durable(wanted: bool) -> None:
    from django.db import connections  # noqa: PLC0415

    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={'FULL' if wanted else 'OFF'}")
            if wanted and alias == "default":
                # What the bulk left to be moved into the file is not the work of the next single entry.
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _one_anchor_full(head, last, entry_model) -> None:  # type: ignore[no-untyped-def]
    from tocsin.journal import anchors  # noqa: PLC0415
    from tocsin.journal.chain import GENESIS, Link, digest  # noqa: PLC0415

    step = anchors.step_of(head, now=_NOW)
    chained = bytes(head.digest) if head.number else GENESIS
    rows = []
    for number in range(head.number + 1, min(last, head.number + anchors.MOST_ENTRIES) + 1):
        link = Link(
            number,
            _NOW + timedelta(microseconds=number),
            UUID(int=number % 50 + 1),
            "casework.case.read",
            UUID(int=number % 20_000 + 1),
            '{"version":12}',
        )
        chained = digest(chained, link)
        rows.append(
            entry_model(
                number=number,
                at=link.at,
                actor=link.actor,
                kind=link.kind,
                subject=link.subject,
                facts=link.facts,
                digest=chained,
                mark=step.mark(chained),
            )
        )
    entry_model.objects.bulk_create(rows)
    head.number, head.digest = rows[-1].number, chained
    head.mark = step.mark(anchors.head_words(head.number, chained))
    head.save()


def bare_hashing(count: int) -> float:
    """Give the seconds for hashing as much in as many pieces."""
    begun, piece = time.perf_counter(), bytes(170)
    for _ in itertools.repeat(None, count):
        hashlib.blake2b(piece, digest_size=32).digest()
    return time.perf_counter() - begun


def bare_commits(count: int) -> Iterator[float]:
    """Give the seconds of each of some commits of one row, in a file beside that of the site, as safe as that one."""
    from django.db import connections  # noqa: PLC0415

    path = f"{connections['default'].settings_dict['NAME']}.bare"
    with closing(sqlite3.connect(path, isolation_level=None)) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE IF NOT EXISTS row (content BLOB)")
        for _ in range(count):
            begun = time.perf_counter()
            bare.execute("INSERT INTO row VALUES (?)", [bytes(400)])
            yield time.perf_counter() - begun


def single_entries(count: int) -> Iterator[float]:
    """Give the seconds of each of some entries in a transaction of its own."""
    from django.db import transaction  # noqa: PLC0415

    from tocsin.journal import actions  # noqa: PLC0415

    for _ in range(count):
        begun = time.perf_counter()
        with transaction.atomic():
            actions.record(None, "casework.case.read", UUID(int=1), now=_NOW, version=1)
        yield time.perf_counter() - begun


def main(words: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="how many entries at most (1000000)")
    asked = parser.parse_args(words)
    sizes = (200, 400) if asked.quick else tuple(size for size in SIZES if size <= asked.largest)
    start()
    from tocsin.journal import verifying  # noqa: PLC0415

    print(
        "entries | anchors | verify s | of the processor s | bare hashing s | one entry written ms, median | worst | "
        "of the processor ms, mean | a bare commit ms, median"
    )
    for size in sizes:
        write_in_bulk(size)
        begun, busy = time.perf_counter(), time.process_time()
        report = verifying.inspect()
        took, busy = time.perf_counter() - begun, time.process_time() - busy
        count, working = 20 if size == sizes[0] else 150, time.process_time()
        singles = [each * 1000 for each in single_entries(count)]
        working = (time.process_time() - working) * 1000 / count
        bare = statistics.median(bare_commits(count)) * 1000
        print(
            f"{report.entries:,} | {report.anchors:,} | {took:.2f} | {busy:.2f} | {bare_hashing(size):.2f} | "
            f"{statistics.median(singles):.2f} | {max(singles):.2f} | {working:.2f} | {bare:.2f}",
            flush=True,
        )
    measured = "" if sizes[-1] == SIZES[-1] else " (NOT MEASURED in this run)"
    print(f"promised: {SIZES[-1]:,} entries in {TARGET_SECONDS} s{measured}")
    print("worst is an entry whose commit brought an anchor")


if __name__ == "__main__":
    main(sys.argv[1:])
