"""Mailers that are killed at random while a mailing goes out: nobody is left out, and few get a message twice.

TOCSIN_KILLS says how often (20), TOCSIN_SEED from which dice.
"""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from django.db import connections as databases
from mailroom import Mailroom

from mail_sink import Script, listening
from tocsin.dispatch.mailer import MailerAtWork

KILLS = int(os.environ.get("TOCSIN_KILLS", "20"))
SEED = int(os.environ.get("TOCSIN_SEED", "7"))
CONNECTIONS, A_KILL = 4, 60
_fork = multiprocessing.get_context("fork")


def serve(line: Connection) -> None:
    """Be the mail server, in a process that nobody kills: tell the port, and at the end what was taken."""

    async def listen() -> None:
        script = Script()
        async with listening(script) as port:
            line.send(port)
            await asyncio.get_running_loop().run_in_executor(None, line.recv)
            line.send([(one.to[0], one.content) for one in script.taken])

    asyncio.run(listen())


def mail(mailroom: Mailroom, port: int) -> None:
    """Be a mailer, until a signal comes."""
    databases.close_all()
    equipment = mailroom.equipment(port)

    async def work() -> None:
        at_work = MailerAtWork(mailroom.survey(lambda: equipment, CONNECTIONS), CONNECTIONS)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, at_work.stop)
        await at_work.run()

    asyncio.run(work())


def started(mailroom: Mailroom, port: int) -> BaseProcess:
    databases.close_all()
    process = _fork.Process(target=mail, args=(mailroom, port), daemon=True)
    process.start()
    return process


def test_random_kills_lose_nobody_and_send_at_most_one_twice_for_each_connection(mailroom: Mailroom) -> None:
    dice = random.Random(SEED)
    print(f"TOCSIN_SEED={SEED} TOCSIN_KILLS={KILLS}")
    audience = A_KILL * KILLS
    mailroom.readers(audience)
    mailroom.send()
    ours, theirs = _fork.Pipe()
    server = _fork.Process(target=serve, args=(theirs,), daemon=True)
    databases.close_all()
    server.start()
    port = ours.recv()
    killed = 0
    while killed < KILLS:
        mailer = started(mailroom, port)
        time.sleep(dice.uniform(0.05, 0.6))
        if mailer.is_alive():
            mailer.kill()
            killed += 1
        mailer.join()
    last = started(mailroom, port)
    until = time.monotonic() + 120
    while mailroom.mailing().state != "finished" and time.monotonic() < until:
        time.sleep(0.1)
    last.terminate()
    last.join()
    ours.send("enough")
    taken = ours.recv()
    server.join()
    assert mailroom.states() == {"handed_over": audience}
    to = Counter(who for who, _ in taken)
    assert len(to) == audience, "nobody is left out"
    extra = sum(to.values()) - audience
    print(f"{extra} of {audience} messages came twice, after {KILLS} kills with {CONNECTIONS} connections each")
    assert extra <= CONNECTIONS * KILLS
    assert len(set(taken)) == audience, "what comes twice is the same, byte for byte"
