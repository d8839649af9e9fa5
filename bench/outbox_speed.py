"""How many messages a second mailers hand over with all of their database work, and of what the cost of one consists.

Usage: `python bench/outbox_speed.py [--quick] [--messages N]… [--connections N] [--mailers N]…
[--database sqlite|postgresql]… [--signed KIND]… [--bare]`. For each database, number of mailers and kind of signature a
mailing of one appeal is opened and sent, and processes of mailers hand it over to a server on this machine: audience
fixed, claimed, addresses opened, filled, signed, written down as intended, sent, settled. The server is `smtp-sink` of
Postfix where it is installed, and that of the tests (`tests/mail_sink.py`) elsewhere. Both databases write a
transaction to the disk before they say so.

A rate is by the clock. Beside it stands what one message costs the processor: in the mailers by its parts, in the
server of mail, and in that of PostgreSQL; from their sum follows what two processors with nothing else to do would
take. Behind them come the peers, to the same server in the same run. What there is none of is named.

What a signature alone costs is printed first: nobody sends faster than processors sign, and by RSA-2048 that differs
threefold between machines (with or without AVX-512 IFMA).

To ask for the processor's time four times a message takes some itself: on a virtual machine 17 to 24 µs. With `--bare`
that is not done, and `line` stands for filling and signing as well.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / each) for each in ("tests", "tests/rooms", "tests/rooms/dispatch", "bench")]
os.environ["DJANGO_SETTINGS_MODULE"] = "desk_settings"

import django

django.setup()

import psutil
import sending
from django.conf import settings
from django.db import connections
from django.utils import timezone
from mailroom import MAILINGS, Mailroom

from invented_appeals import ENGLISH
from people import PASSPHRASE
from public_site import Press
from tocsin.accounts import actions as accounts
from tocsin.accounts import demonstration
from tocsin.accounts.actor import PASSKEY
from tocsin.adapters.collecting import collect_seldom
from tocsin.core.messages.signing import Signer, Signing
from tocsin.dispatch import outbox
from tocsin.dispatch.mailer import MailerAtWork
from tocsin.dispatch.outbox import LEASE
from tocsin.dispatch.survey import Survey
from tocsin.publishing import signatories
from two_databases import PostgreSQL, SQLite, make_tables, point_at, start_postgresql

_READERS_AT_ONCE = 5_000
STEPS = ("fix", "claim", "fill", "sign", "record")
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured: each number of messages by each number of mailers; bare, without the time of each message."""

    messages: Sequence[int]
    mailers: Sequence[int]
    connections: int
    kinds: Mapping[str, tuple[Signer, ...]]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """What sending took: seconds by the clock, of the processor by the steps and by servers; memory of a mailer."""

    first: float
    took: float
    parts: Mapping[str, float]
    megabytes: float


@contextmanager
def databases(kind: str) -> Iterator[int | None]:
    """Let Django use a new site's databases of a kind, which lose nothing when the power goes; gives their server."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = None
        if kind == "sqlite":
            maker: SQLite | PostgreSQL = SQLite(Path(folder))
        else:
            started = start_postgresql(uuid4().hex)
            server, maker = started.get_pid(), PostgreSQL(started, "bench", durable=True)
        stack.callback(maker.end)
        stack.callback(connections.close_all)
        point_at(maker.template())
        make_tables()
        yield server


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


def mail(room: Mailroom, port: int, count: int, line: Connection, *, bare: bool) -> None:
    """Be a mailer in a process of its own, until a signal comes; then tell what its steps cost."""
    collect_seldom()  # as the command does
    parts = weighed(bare=bare)
    equipment = room.equipment(port)

    async def work() -> None:
        mailer = MailerAtWork(room.survey(lambda: equipment, count), count)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, mailer.stop)
        await mailer.run()

    begun = time.process_time()
    asyncio.run(work())
    whole = time.process_time() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line.send(({**parts, "line": whole - sum(parts.values())}, most))


def weighed(*, bare: bool = False) -> dict[str, float]:
    """Let the steps of the mailer in this process add up the processor's time that they take; bare, not of each one."""
    spent = {step: 0.0 for step in STEPS if not (bare and step in {"fill", "sign"})}

    def weigh(place: Any, name: str, step: str, within: str = "") -> None:
        act = getattr(place, name)

        def weighing(*words: Any) -> Any:
            begun = time.thread_time()
            try:
                return act(*words)
            finally:
                took = time.thread_time() - begun
                spent[step] += took
                if within:
                    spent[within] -= took

        setattr(place, name, weighing)

    weigh(Survey, "fix", "fix")
    weigh(Survey, "look", "claim")
    if not bare:
        weigh(MailerAtWork, "_made", "fill")
        weigh(Signing, "signature", "sign", within="fill")
    weigh(outbox, "write", "record")
    return spent


def send(room: Mailroom, port: int, server: int | None, wanted: Wanted, mailers: int) -> Spent:
    """Let so many mailers send a mailing, each over so many connections."""
    sink = below(os.getpid(), but=server)
    servers = {"mail server": sink, "database": [psutil.Process(server)] if server else []}
    before = {name: busy(those) for name, those in servers.items()}
    connections.close_all()
    begun, first = time.perf_counter(), 0.0
    running, lines = [], []
    for _ in range(mailers):
        ours, theirs = FORK.Pipe()
        one = replace(room, folder=Path(tempfile.mkdtemp(dir=room.folder)))
        running.append(
            FORK.Process(
                target=mail, args=(one, port, wanted.connections, theirs), kwargs={"bare": wanted.bare}, daemon=True
            )
        )
        running[-1].start()
        lines.append(ours)
    while room.mailing().state != "finished":
        first = first or (time.perf_counter() - begun if room.is_under_way() else 0.0)
        time.sleep(0.1)
    took = time.perf_counter() - begun
    parts = defaultdict(float, {name: busy(those) - before[name] for name, those in servers.items()})
    memory = 0.0
    for each, line in zip(running, lines, strict=True):
        each.terminate()
        steps, most = line.recv()
        memory = max(memory, most)
        for step, seconds in steps.items():
            parts[step] += seconds
        each.join()
    return Spent(first, took, parts, memory)


def below(parent: int, *, but: int | None) -> list[psutil.Process]:
    """Give the processes that one has started, but for one of them."""
    return [each for each in psutil.Process(parent).children() if each.pid != but]


def busy(those: Sequence[psutil.Process]) -> float:
    """Give the seconds of the processor that processes took, with all that they started."""
    used = 0.0
    for each in those:
        times = each.cpu_times()
        used += times.user + times.system + times.children_user + times.children_system
        for below in each.children():
            used += below.cpu_times().user + below.cpu_times().system
    return used


def sink() -> tuple[str, Callable[[float], Any]]:
    """Give the server to which everybody sends."""
    there = sending.found("smtp-sink")
    return ("smtp-sink", sending.postfix) if there else ("server of the tests", sending.bundled)


def measure(kind: str, wanted: Wanted) -> None:
    """Print the rows of one kind of database."""
    with databases(kind) as server, sink()[1](0) as port:
        people = press()
        room = Mailroom(people, people.publish([ENGLISH], now=timezone.now()), Path(tempfile.mkdtemp()))
        there = 0
        for messages in sorted(wanted.messages):
            while there < messages:
                there += len(room.readers(min(_READERS_AT_ONCE, messages - there)))
            for mailers in wanted.mailers:
                for name, signers in wanted.kinds.items():
                    appeal = people.publish([ENGLISH], now=timezone.now())
                    one = replace(room, appeal=appeal, id=uuid4(), signers=signers, lease=LEASE)
                    click = _timed(one.send)
                    spent = send(one, port, server, wanted, mailers)
                    assert one.states() == {"handed_over": messages}, one.states()
                    print(
                        f"  {kind:10} {mailers} × {name:9} {_row(spent, messages)}; click {click:.2f} s",
                        flush=True,
                    )


def _row(spent: Spent, messages: int) -> str:
    each = {name: seconds / messages * 1e6 for name, seconds in spent.parts.items()}
    steps = ", ".join(f"{name} {each[name]:.0f}" for name in (*STEPS, "line") if name in each)
    servers = ", ".join(f"{name} {each[name]:.0f}" for name in ("mail server", "database"))
    mailers = sum(each.get(name, 0) for name in (*STEPS, "line"))
    return (
        f"{messages / spent.took:6.0f}/s; {mailers:4.0f} µs of the processor ({steps}), {servers}:"
        f" two of their own take {2e6 / sum(each.values()):.0f}/s; first message {spent.first:.1f} s,"
        f" {spent.megabytes:.0f} MB"
    )


def signatures(kinds: Mapping[str, tuple[Signer, ...]]) -> None:
    """Print what signing alone costs, for which nothing is filled, sent or written down."""
    for name, signers in kinds.items():
        if signers:
            begun = time.process_time()
            for _ in range(500):
                for each in signers:
                    each.key.sign(bytes(32))
            one = (time.process_time() - begun) / 500
            print(f"  {name}, signature alone: {one * 1e6:.0f} µs, two processors {2 / one:.0f}/s")


def peers(messages: int, count: int) -> None:
    """Print the rows of those who do something like it, and who is missing."""
    some = max(messages // 10, 5)
    senders: dict[str, tuple[sending.Send, int, bool]] = {
        "Django": (sending.django, some, True),
        "nodemailer": (sending.nodemailer, some, sending.has_nodemailer()),
        "nodemailer, RSA-2048": (sending.nodemailer_signing, some, sending.has_nodemailer()),
        "smtp-source": (sending.smtp_source, messages, bool(sending.found("smtp-source"))),
    }
    missing = [name for name, (_, _, there) in senders.items() if not there]
    with sink()[1](0) as port:
        for name, (act, how_many, there) in senders.items():
            if there:
                rate, busy = sending.measure(act, port, how_many, count)
                print(f"  {name:24} {rate:6.0f}/s; {busy:4.0f} µs of the processor", flush=True)
        if find_spec("post_office"):
            print(f"  {'django-post_office':24} {some / post_office(port, some):6.0f}/s, with its queue in SQLite")
        else:
            missing.append("django-post_office")
    for name in missing:
        print(f"NOT MEASURED: {name} is not installed")


def post_office(port: int, count: int) -> float:
    """Send by django-post_office, in a process of its own for its own settings; give the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, str(ROOT / "bench/post_office_peer.py"), str(port), str(count), folder]
        texts = "\0".join(sending.texts())
        return float(subprocess.run(words, input=texts, capture_output=True, text=True, check=True).stdout)


def main(words: Sequence[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--messages", type=int, action="append", help="may be given more than once, to see what grows")
    parser.add_argument("--mailers", type=int, action="append", help="processes; the same")
    parser.add_argument("--connections", type=int, default=128, help="of each mailer")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--signed", choices=list(sending.KINDS), action="append", help="only so; the same")
    parser.add_argument("--bare", action="store_true", help="let `line` be filling and signing too: see above")
    given = parser.parse_args(words)
    messages = [60] if given.quick else given.messages or [10_000]
    kinds = {name: sending.KINDS[name] for name in given.signed or sending.KINDS}
    wanted = Wanted(messages, given.mailers or [1, 2], given.connections, kinds, given.bare)
    machine = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{messages} messages to {sink()[0]}, {given.connections} connections a mailer, {machine}")
    signatures(kinds)
    for kind in given.database or ("sqlite", "postgresql"):
        try:
            measure(kind, wanted)
        except RuntimeError as missing:
            print(f"NOT MEASURED: {missing}")
    peers(max(messages), given.connections)


if __name__ == "__main__":
    main(sys.argv[1:])
