"""What one message costs the processor, part by part, while ever more of them stand in the outbox.

Usage: `python bench/outbox_growth.py [--quick] [--full] [--database sqlite|postgresql]…`. A mailing of one appeal is
fixed for 1,000, 10,000 and 100,000 readers, with `--full` for 1,000,000 too. Half of its messages are then written down
as handed over, as in the middle of a mailing, and one mailer sends the next few thousand of the others, signed by
Ed25519, with all that is done for each; the rest of them stands behind. So each size is measured at the same work.

Everything is the processor's time of the processes that did it, which others at work on the machine change less than
the clock: by the steps of the mailer, in the server of mail, and in that of PostgreSQL. What a mailer does once when it
starts is left out: it has sent some hundred messages before. `fix` is per reader, of all readers, with the database's.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID

import outbox_speed  # it says where the rest is
import psutil
import sending
from django.db import connection, connections
from django.db.models import BinaryField, Func
from django.utils import timezone
from mailroom import SEALER, Mailroom, reader

from invented_appeals import ENGLISH
from tocsin.adapters.collecting import collect_seldom
from tocsin.core.messages import Address
from tocsin.dispatch import actions, audience, outbox
from tocsin.dispatch.addresses import seal_address
from tocsin.dispatch.mailer import MailerAtWork
from tocsin.dispatch.models import Delivery, Subscriber
from tocsin.dispatch.outbox import LEASE

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_CONNECTIONS = 32
# Messages of which the first are not measured; a larger outbox has more, that are not sent.
_FIRST, _MEASURED = 200, 4_000
# Readers who get something are above it, in the order in which they do; before them half of the others.
_MIDDLE = 1 << 126
_AT_ONCE = 5_000
_PATIENCE = 300
_PARTS = ("fix", *(step for step in outbox_speed.STEPS if step != "fix"), "line", "database", "mail server")
# By the database itself, and each with digests of its own, by which indexes grow.
_DRAWN = {"sqlite": "randomblob(16)", "postgresql": "decode(md5(random()::text), 'hex')"}


@dataclass(frozen=True, slots=True)
class Servers:
    """The processes of others that work for a mailing."""

    mail: Sequence[psutil.Process]
    database: Sequence[psutil.Process]

    def busy(self) -> dict[str, float]:
        """Give the seconds of the processor that they took up to now."""
        return {"mail server": outbox_speed.busy(self.mail), "database": outbox_speed.busy(self.database)}


def readers(start: int, end: int) -> Iterator[Subscriber]:
    """Make readers, of whom the first are real; the address of any other can be opened by nobody."""
    sealed = reader(0).address
    for number in range(start, end):
        real = number < _FIRST + _MEASURED
        id_ = UUID(int=_MIDDLE + (number if real or number % 2 else -number))
        yield Subscriber(
            id=id_,
            address=seal_address(Address(f"reader{number}", "reader.example"), id_, SEALER) if real else sealed,
            fingerprint=os.urandom(32),
            languages=" en ",
            state="active",
            asked_at=timezone.now(),
        )


def subscribe(start: int, end: int) -> None:
    """Write readers down."""
    for at in range(start, end, _AT_ONCE):
        Subscriber.objects.bulk_create(readers(at, min(at + _AT_ONCE, end)))


def stand(room: Mailroom, servers: Servers) -> float:
    """Fix a mailing for all readers, and let half of it be handed over; give the seconds that fixing took."""
    before, begun = servers.busy()["database"], time.process_time()
    room.send()
    while audience.unfixed():
        audience.go_on(room.id)
    took = time.process_time() - begun + servers.busy()["database"] - before
    drawn = Func(template=_DRAWN[connection.vendor], output_field=BinaryField())
    went = {"state": "handed_over", "reply": "250 2.0.0", "queue_id": "4d2xk31Zgjz4w7", "settled_at": timezone.now()}
    gone = Delivery.objects.filter(mailing=room.id, subscriber__lt=UUID(int=_MIDDLE))
    gone.update(leaving=drawn, bounce=drawn, **went)
    return took


def mail(room: Mailroom, port: int, servers: Servers, measured: int, line: Connection) -> None:
    """Be a mailer, in a process of its own, that sends so many messages; tell what its steps cost behind the first."""
    collect_seldom()  # as the command does
    spent = outbox_speed.weighed()
    equipment, allowed, ended = room.equipment(port), _FIRST, 0
    survey = room.survey(lambda: equipment, _CONNECTIONS)
    look, write = survey.look, outbox.write
    before: dict[str, float] = {}

    def looks(most: int, why: str) -> Any:
        nonlocal allowed
        tasks = look(min(most, allowed), why)
        allowed -= sum(len(each.claims) for each in tasks)
        return tasks

    def state() -> dict[str, float]:
        return {**spent, "mailer": time.process_time(), **servers.busy()}

    def writes(*words: Any) -> Any:
        nonlocal ended, allowed
        granted = write(*words)
        ended += len(words[1])
        if ended == _FIRST and not before:
            before.update(state())
            allowed = measured
        elif ended == _FIRST + measured:
            after = state()
            line.send({name: after[name] - was for name, was in before.items()})
            loop.call_soon_threadsafe(mailer.stop)
        return granted

    survey.look, outbox.write = looks, writes  # type: ignore[assignment]
    mailer = MailerAtWork(survey, _CONNECTIONS)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(mailer.run())


def measure(room: Mailroom, port: int, servers: Servers, size: int) -> Mapping[str, float]:
    """Give the seconds of the processor for one message in an outbox of so many, by their parts."""
    measured = min(size - _FIRST, _MEASURED)
    fixed = stand(room, servers)
    connections.close_all()
    ours, theirs = outbox_speed.FORK.Pipe()
    mailer = outbox_speed.FORK.Process(target=mail, args=(room, port, servers, measured, theirs), daemon=True)
    mailer.start()
    theirs.close()
    if not ours.poll(_PATIENCE):
        mailer.kill()
        raise SystemExit(f"this was not sent: {room.states()}")
    parts = dict(ours.recv())
    mailer.join()
    parts["line"] = parts.pop("mailer") - sum(parts[step] for step in outbox_speed.STEPS)
    gone = room.states()["handed_over"] - max(size - _FIRST - _MEASURED, 0) // 2
    assert gone == _FIRST + measured, room.states()
    # Of this one no more goes out.
    actions.pause(room.id)
    return {name: seconds / measured for name, seconds in parts.items()} | {"fix": fixed / size}


def grow(kind: str, sizes: Sequence[int]) -> None:
    """Print the rows of one kind of database."""
    with outbox_speed.databases(kind) as server, outbox_speed.sink()[1](0) as port:
        servers = Servers(outbox_speed.below(os.getpid(), but=server), [psutil.Process(server)] if server else [])
        people = outbox_speed.press()
        there = 0
        for size in sizes:
            subscribe(there, size)
            there = size
            appeal = people.publish([ENGLISH], now=timezone.now())
            signers = sending.KINDS["Ed25519"]
            room = Mailroom(people, appeal, Path(tempfile.mkdtemp()), signers=signers, lease=LEASE)
            parts = measure(room, port, servers, size)
            each = "".join(f"{parts[name] * 1e6:12.0f}" for name in _PARTS)
            load = os.getloadavg()[0]
            print(f"  {kind:10} {size:10,}{each}{sum(parts.values()) * 1e6:8.0f}   load {load:.1f}", flush=True)


def main(words: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--full", action="store_true", help="up to 1,000,000")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args(words)
    sizes = [1_000, 5_000] if given.quick else SIZES if given.full else SIZES[:-1]
    print(f"µs of the processor for one message to {outbox_speed.sink()[0]}, by what stands in the outbox")
    print(f"  {'':10} {'messages':>10}" + "".join(f"{name:>12}" for name in _PARTS) + f"{'all':>8}")
    for kind in given.database or ("sqlite", "postgresql"):
        try:
            grow(kind, sizes)
        except RuntimeError as missing:
            print(f"NOT MEASURED: {missing}")
    if not given.full:
        print(f"NOT MEASURED: more than {sizes[-1]:,} messages, up to {SIZES[-1]:,}, which --full does")


if __name__ == "__main__":
    main(sys.argv[1:])
