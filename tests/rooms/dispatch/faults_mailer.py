"""Mailers that are killed, or stand still, while a mailing goes out: nobody is left out, few get a message twice.

TOCSIN_KILLS says how often (20), TOCSIN_MESSAGES for how many readers, TOCSIN_SEED from which dice.
"""

import asyncio
import hashlib
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest
from django.db import connections as databases
from mailroom import Mailroom

from mail_sink import Script, Taken, listening
from tocsin.config.databases import letting_go
from tocsin.dispatch.mailer import MailerAtWork
from tocsin.dispatch.models import Delivery

KILLS = int(os.environ.get("TOCSIN_KILLS", "20"))
SEED = int(os.environ.get("TOCSIN_SEED", "7"))
CONNECTIONS, A_KILL, OF_MACHINES = 4, 60, 1500
MESSAGES = int(os.environ.get("TOCSIN_MESSAGES", "0"))
A_SECOND = 50  # are sent even by the slowest machine
_fork = multiprocessing.get_context("fork")


class Digests(list[Taken]):
    """Keeps of what was taken no more than it needs to know a second copy by."""

    def append(self, one: Taken) -> None:
        super().append(replace(one, content=hashlib.sha256(one.content).digest()))


@dataclass
class Server:
    """A mail server in a process that nobody kills."""

    port: int
    line: Connection

    def taken(self) -> tuple[list[tuple[str, bytes]], set[str]]:
        """End it; give to whom what went, and under which names mailers greeted."""
        self.line.send("enough")
        return self.line.recv()  # type: ignore[no-any-return]


@contextmanager
def serving() -> Iterator[Server]:
    ours, theirs = _fork.Pipe()
    databases.close_all()
    process = _fork.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    yield Server(ours.recv(), ours)
    process.join()


def serve(line: Connection) -> None:
    """Be the mail server: tell the port, and at the end what was taken."""

    async def listen() -> None:
        script = Script(taken=Digests())
        async with listening(script) as port:
            line.send(port)
            await asyncio.get_running_loop().run_in_executor(None, line.recv)
            names = {command.split()[1] for command in script.commands if command.startswith("EHLO")}
            line.send(([(one.to[0], one.content) for one in script.taken], names))

    asyncio.run(listen())


def mail(mailroom: Mailroom, port: int, name: str) -> None:
    """Be a mailer on the machine of a name, until a signal comes."""
    databases.close_all()
    databases["default"].settings_dict.update(
        letting_go(databases["default"].settings_dict, mailroom.lease.total_seconds() / 4)
    )
    equipment = mailroom.equipment(port)
    equipment = replace(equipment, server=replace(equipment.server, name=name))

    async def work() -> None:
        at_work = MailerAtWork(mailroom.survey(lambda: equipment, CONNECTIONS), CONNECTIONS)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, at_work.stop)
        await at_work.run()

    asyncio.run(work())


def started(mailroom: Mailroom, port: int, name: str = "one.harbour.example") -> BaseProcess:
    """Start a mailer on a machine of its own: it remembers in a folder of its own, and greets by its own name."""
    folder = mailroom.folder / name
    folder.mkdir(exist_ok=True)
    databases.close_all()
    process = _fork.Process(target=mail, args=(replace(mailroom, folder=folder), port, name), daemon=True)
    process.start()
    return process


def wait_for(what: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)


def check(mailroom: Mailroom, server: Server, audience: int, ends: int) -> set[str]:
    """See that everybody got it, and as few twice as can be; give the names of the machines that sent."""
    taken, names = server.taken()
    assert mailroom.states() == {"handed_over": audience}
    to = Counter(who for who, _ in taken)
    assert len(to) == audience, "nobody is left out"
    extra = sum(to.values()) - audience
    print(f"{extra} of {audience} messages came twice, after {ends} ends with {CONNECTIONS} connections each")
    assert extra <= CONNECTIONS * ends
    assert len(set(taken)) == audience, "what comes twice is the same, byte for byte"
    return names


def test_random_kills_lose_nobody_and_send_at_most_one_twice_for_each_connection(mailroom: Mailroom) -> None:
    dice = random.Random(SEED)
    print(f"TOCSIN_SEED={SEED} TOCSIN_KILLS={KILLS}")
    audience = MESSAGES or A_KILL * KILLS
    mailroom.readers(audience)
    mailroom.send()
    killed = 0
    with serving() as server:
        while killed < KILLS:
            mailer = started(mailroom, server.port)
            time.sleep(dice.uniform(0.05, 0.6))
            if mailer.is_alive():
                mailer.kill()
                killed += 1
            mailer.join()
        last = started(mailroom, server.port)
        wait_for(lambda: mailroom.mailing().state == "finished", 120 + audience / A_SECOND)
        last.terminate()
        last.join()
        check(mailroom, server, audience, KILLS)


@pytest.mark.database("postgresql")
def test_of_three_machines_one_dies_and_one_stands_still_past_its_lease(mailroom: Mailroom) -> None:
    audience = MESSAGES or OF_MACHINES
    mailroom.readers(audience)
    mailroom.send()
    machines = ["one.harbour.example", "two.harbour.example", "three.harbour.example"]
    with serving() as server:
        dying, freezing = (started(mailroom, server.port, name) for name in machines[:2])
        wait_for(lambda: mailroom.states()["handed_over"] > audience / 20, 60)
        os.kill(int(freezing.pid or 0), signal.SIGSTOP)
        dying.kill()
        dying.join()
        mine = Delivery.objects.filter(mailing=mailroom.id, state__in=("claimed", "intended"))
        theirs = dict(mine.values_list("id", "mailer"))
        assert theirs, "both had begun something"
        third = started(mailroom, server.port, machines[2])

        def taken_over() -> bool:
            return not any(theirs.get(id_) == mailer for id_, mailer in mine.values_list("id", "mailer"))

        wait_for(taken_over, 60)
        os.kill(int(freezing.pid or 0), signal.SIGCONT)
        wait_for(lambda: mailroom.mailing().state == "finished", 120 + audience / A_SECOND)
        for each in (freezing, third):
            each.terminate()
            each.join()
        assert check(mailroom, server, audience, 2) == set(machines)
