"""How many messages a second a mailer hands over with all of its database work, and what its steps cost.

Usage: `python bench/outbox_speed.py [--quick] [--messages N] [--connections N] [--database sqlite|postgresql]`. For
each database and kind of signature a mailing of one appeal is opened, its audience fixed, and one mailer sends it to
the server of the tests on this machine (`tests/mail_sink.py`): claimed, addresses opened, filled, signed, written
down as intended, sent, settled. Both databases write each transaction to the disk before they say so. A rate is by
the clock, and the server of mail and PostgreSQL take their part of the same cores; beside it stands the processor's
time of the mailer alone. What there is no database for is named.
"""

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / each) for each in ("tests", "tests/rooms", "tests/rooms/dispatch", "bench")]
os.environ["DJANGO_SETTINGS_MODULE"] = "desk_settings"

import django

django.setup()

from django.conf import settings
from django.db import connections
from django.utils import timezone
from mailroom import MAILINGS, Mailroom
from sending import KINDS, bundled

from invented_appeals import ENGLISH
from people import PASSPHRASE
from public_site import Press
from tocsin.accounts import actions as accounts
from tocsin.accounts import demonstration
from tocsin.accounts.actor import PASSKEY
from tocsin.dispatch.mailer import MailerAtWork
from tocsin.dispatch.outbox import LEASE
from tocsin.publishing import signatories
from two_databases import PostgreSQL, SQLite, make_tables, point_at, start_postgresql

_READERS_AT_ONCE = 5_000


@contextmanager
def databases(kind: str) -> Iterator[None]:
    """Let Django use a new site's databases of a kind, which lose nothing when the power goes."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        if kind == "sqlite":
            maker: SQLite | PostgreSQL = SQLite(Path(folder))
        else:
            maker = PostgreSQL(start_postgresql(uuid4().hex), "bench", durable=True)
        stack.callback(maker.end)
        stack.callback(connections.close_all)
        point_at(maker.template())
        make_tables()
        yield


def press() -> Press:
    """Found a site with two people who publish."""
    now = timezone.now()
    first = accounts.create_first_account("vera", "Vera", PASSPHRASE, ["administrator"], now=now)
    settings.TOCSIN_ROOTS = (first.actor.ring.public().sign.hex(),)
    settings.TOCSIN_MAILINGS = MAILINGS
    root = replace(first.actor, proof=PASSKEY)
    people = [demonstration.settle(root, name, name, PASSPHRASE, ["case_lead"], now=now) for name in ("ana", "boris")]
    for each in people:
        signatories.admit(root.ring, each.actor.id, now=now)
    return Press(*people)


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def send(room: Mailroom, port: int, count: int) -> tuple[float, float, float]:
    """Let one mailer send a mailing; give seconds to the first message, to the last, and of its processor."""
    equipment = room.equipment(port)
    begun, busy, first = time.perf_counter(), time.process_time(), 0.0

    async def work() -> None:
        nonlocal first
        mailer = MailerAtWork(room.survey(lambda: equipment, count), count)
        running = asyncio.create_task(mailer.run())
        while True:
            await asyncio.sleep(0.2)
            state, any_yet = await asyncio.get_running_loop().run_in_executor(None, _seen, room)
            first = first or (time.perf_counter() - begun if any_yet else 0.0)
            if state == "finished":
                break
        mailer.stop()
        await running

    asyncio.run(work())
    return first, time.perf_counter() - begun, time.process_time() - busy


def _seen(room: Mailroom) -> tuple[str, bool]:
    row = room.mailing()
    return row.state, room.is_under_way()


def measure(kind: str, messages: int, count: int) -> None:
    """Print the rows of one kind of database."""
    with databases(kind):
        people = press()
        room = Mailroom(people, people.publish([ENGLISH], now=timezone.now()), Path(tempfile.mkdtemp()))
        for start in range(0, messages, _READERS_AT_ONCE):
            room.readers(min(_READERS_AT_ONCE, messages - start))
        for name, signers in KINDS.items():
            appeal = people.publish([ENGLISH], now=timezone.now())
            one = replace(room, appeal=appeal, id=uuid4(), signers=signers, lease=LEASE)
            fixed = _timed(one.send)
            with bundled(0) as port:
                first, took, busy = send(one, port, count)
            assert one.states() == {"handed_over": messages}, one.states()
            print(
                f"  {kind:10} {name:10} {messages / took:7.0f}/s {busy / messages * 1e6:7.0f} µs of the processor;"
                f" audience fixed in {fixed:.2f} s, first message {first:.1f} s after that",
                flush=True,
            )
    print(f"  memory of all of it at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def main(words: Sequence[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args(words)
    messages = 60 if given.quick else given.messages
    machine = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{messages} messages, {given.connections} connections, {machine}")
    for kind in given.database or ("sqlite", "postgresql"):
        try:
            measure(kind, messages, given.connections)
        except RuntimeError as missing:
            print(f"NOT MEASURED: {missing}")


if __name__ == "__main__":
    main(sys.argv[1:])
