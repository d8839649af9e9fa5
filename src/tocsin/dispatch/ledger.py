"""The ledger of a mailer: what became of messages, and which may go out next, written for all connections at once.

A transaction costs as much for hundreds of connections as for one, and each waits for the disk. So while one is on its
way there, what comes up meanwhile gathers for the next one, which waits a moment until most connections ask for it.

A server may take longer over its answer than a lease lasts. As long as the mailer lives, the ledger renews the lease
of what is on its way: nobody takes that for lost and sends it twice.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connections

from tocsin.adapters.smtp import Connection
from tocsin.dispatch import outbox
from tocsin.dispatch.outbox import Claim, End, Mine

_PAUSE = 0.5
_OF_A_LEASE = 0.3
# A transaction begins when three times as many connections wait for it as for a server: of those that a late domain
# holds there are no more (see `pace`), so that it keeps nobody waiting. Seconds after which it begins in any case.
_TO_ONE = 3
_GATHERS = 0.02
P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """A thread with connections to the databases of its own, so that a slow disk keeps no message waiting."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)

    async def do(self, act: Callable[P, T], *words: P.args, **more: P.kwargs) -> T:
        """Do something there, and give what comes of it; after an error of a database it is connected anew."""

        def done() -> T:
            try:
                return act(*words, **more)
            except DatabaseError:
                # A connection that died with its server looks alive to Django outside of a request.
                connections.close_all()
                raise

        return await asyncio.wrap_future(self._pool.submit(done))

    async def end(self) -> None:
        """Close its connections."""
        await self.do(connections.close_all)
        self._pool.shutdown()


class Ledger:
    """Writes by a thread of its own."""

    def __init__(self, mine: Mine) -> None:
        self._mine = mine
        self._ends: list[End] = []
        self._intents: list[tuple[Claim, Connection]] = []
        self._on_their_way: set[int] = set()
        self._renews_every = mine.lease.total_seconds() * _OF_A_LEASE
        self._renews_at = 0.0
        self._something, self._enough = asyncio.Event(), asyncio.Event()
        self._ending = False
        self._thread = DatabaseThread()

    def settle(self, end: End) -> None:
        """Write down what became of a delivery."""
        self._on_their_way.discard(end.id)
        self._ends.append(end)
        self._told()

    def ask(self, claim: Claim, line: Connection) -> None:
        """Write down that a message is about to go out; its connection goes on when that is durable."""
        self._intents.append((claim, line))
        self._told()

    def end(self) -> None:
        """Write what there is, and no more."""
        self._ending = True
        self._told()

    def _told(self) -> None:
        self._something.set()
        if self._is_enough():
            self._enough.set()

    def _is_enough(self) -> bool:
        return self._ending or len(self._intents) >= _TO_ONE * len(self._on_their_way)

    async def _gather(self) -> None:
        """Wait a moment for the others, unless most ask already."""
        self._enough.clear()
        if not self._is_enough():
            with suppress(TimeoutError):
                async with asyncio.timeout(_GATHERS):
                    await self._enough.wait()
        self._something.clear()

    async def run(self) -> None:
        """Write until the end."""
        while not (self._ending and not self._ends and not self._intents):
            with suppress(TimeoutError):
                async with asyncio.timeout(self._renews_every):
                    await self._something.wait()
                    await self._gather()
            await self._write()
            await self._renew()
        await self._thread.end()

    async def _write(self) -> None:
        ends, intents, self._ends, self._intents = self._ends, self._intents, [], []
        if not ends and not intents:
            return
        try:
            granted = await self._thread.do(outbox.write, self._mine, ends, [claim for claim, _ in intents])
        except DatabaseError:
            # Whether it was written nobody knows: nothing goes out, and what became of messages is written again.
            granted = set()
            self._ends = [*ends, *self._ends]
            await asyncio.sleep(_PAUSE)
            self._something.set()
        self._on_their_way |= granted
        for claim, line in intents:
            if claim.id in granted:
                line.release()
            else:
                line.stop()

    async def _renew(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._on_their_way and now >= self._renews_at:
            self._renews_at = now + self._renews_every
            with suppress(DatabaseError):  # the next time comes before the lease is over
                self._on_their_way &= await self._thread.do(outbox.renew, self._mine, frozenset(self._on_their_way))
