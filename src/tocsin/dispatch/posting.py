"""What the mailer sends beside mailings, one message at a time: each is taken for a while, sent, and settled."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import DatabaseError

from tocsin.adapters.smtp import Outcome, connect
from tocsin.core.errors import NoMailServer, NotSecure
from tocsin.core.messages import Message
from tocsin.dispatch.ledger import DatabaseThread
from tocsin.dispatch.survey import Equipment

AT_ONCE: Final = 50
MOST_TRIES: Final = 8
TAKEN_FOR: Final = timedelta(minutes=5)
_TURN, _REST = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is to go out, and how it is written down what became of it."""

    message: Message
    settle: Callable[[Outcome], None]


Source = Callable[[Equipment], Sequence[Posted]]


class Post:
    """Mails what is no mailing, over a connection of its own that is open while there is some."""

    def __init__(self, load: Callable[[], Equipment | None], *sources: Source) -> None:
        """Begin.

        Args:
            load: Gives the mailer's keys and server, or nothing while it must not send.
            sources: Each takes what is to go out now, and makes its messages.
        """
        self._load, self._sources, self._database = load, sources, DatabaseThread()
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Begin no other mail."""
        self._stopped.set()

    async def run(self) -> None:
        """Mail what there is to mail, until `stop` is called."""
        while not self._stopped.is_set():
            rest = _TURN
            try:
                await self._turn()
            except (DatabaseError, NoMailServer, NotSecure):
                # It is tried again; what was taken is free again after a while.
                rest = _REST
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._stopped.wait()
        await self._database.end()

    async def _turn(self) -> None:
        equipment = self._load()
        if equipment is None:
            return
        for source in self._sources:
            if posted := await self._database.do(source, equipment):
                await self._send(posted, equipment)

    async def _send(self, posted: Sequence[Posted], equipment: Equipment) -> None:
        settle = {each.message: each.settle for each in posted}
        ends: list[tuple[Message, Outcome]] = []
        line = await connect(equipment.server)
        try:
            await line.send(iter(settle), lambda message, outcome: ends.append((message, outcome)))
        finally:
            await line.close()
            for message, outcome in ends:
                await self._database.do(settle[message], outcome)
