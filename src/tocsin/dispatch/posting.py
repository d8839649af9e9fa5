"""What the mailer sends beside mailings, one message at a time: each is taken for a while, sent, and settled."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tocsin.acknowledging import actions as acknowledging
from tocsin.adapters.smtp import Failed, HandedOver, NotBegun, Outcome, connect
from tocsin.core.errors import NoMailServer
from tocsin.core.messages import Message
from tocsin.dispatch import halting
from tocsin.dispatch.ledger import DatabaseThread
from tocsin.dispatch.models import Ask, Link, Trial
from tocsin.dispatch.survey import Equipment

MOST_TRIES: Final = 8
_AT_ONCE, _TAKEN_FOR = 50, timedelta(minutes=5)
_TURN, _REST = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is to go out, and how it is written down what became of it."""

    message: Message
    settle: Callable[[Outcome], None]


Source = Callable[[Equipment], Sequence[Posted]]
_Row = TypeVar("_Row", Link, Trial)


def take(due: "QuerySet[_Row]", *, now: datetime) -> list[_Row]:
    """Take some of what is due and was not sent: for a while no other mailer takes it. For each it counts as a try."""
    free = Q(taken_until=None) | Q(taken_until__lt=now)
    with transaction.atomic():
        rows = list(due.filter(free, sent_at=None, tries__lt=MOST_TRIES).select_for_update(of=("self",))[:_AT_ONCE])
        taken = due.model._default_manager.filter(id__in=[each.id for each in rows])
        taken.update(taken_until=now + _TAKEN_FOR, tries=F("tries") + 1)
    return rows


def settle(rows: "QuerySet[_Row]", outcome: Outcome, **emptied: object) -> None:
    """Write down what became of a message; what failed for now goes out once more when nobody has it.

    Args:
        rows: The one that was taken for it.
        outcome: What the client says. What was not begun counts as no try, and is free at once.
        emptied: What is kept no longer than until it is sent, or never will be.
    """
    if isinstance(outcome, HandedOver):
        rows.update(sent_at=timezone.now(), taken_until=None, **emptied)
    elif isinstance(outcome, NotBegun):
        rows.update(tries=F("tries") - 1, taken_until=None)
    elif isinstance(outcome, Failed) and outcome.course in {"gone", "fail"}:
        rows.update(tries=MOST_TRIES, **emptied)


def end_what_waits(*, now: datetime) -> int:
    """Let nothing that waits go out by itself, but what was answered (`answers.put_in_doubt`); tell how much there was.

    So where a database was put back: it may have gone out since, or to who has left since. Whoever asked for a link or
    a test asks again, and a link that arrived goes on leading to its page; nobody misses an acknowledgement.
    """
    with transaction.atomic():
        asks, _ = Ask.objects.all().delete()
        tests, _ = Trial.objects.filter(sent_at=None).delete()
        waiting = Link.objects.filter(sent_at=None, tries__lt=MOST_TRIES)
        links = waiting.update(tries=MOST_TRIES, taken_until=None, sealed=b"")
        return asks + tests + links + acknowledging.end_what_waits(now=now)


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
            except (DatabaseError, NoMailServer):
                # It is tried again; what was taken and not given back is free again after a while.
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
        try:
            line = await connect(equipment.server)
        except NoMailServer:
            for each in posted:
                await self._database.do(each.settle, NotBegun("closed"))
            raise
        try:
            for each in posted:
                if await self._may_go():
                    await line.send(iter((each.message,)), lambda message, outcome: ends.append((message, outcome)))
                else:
                    ends.append((each.message, NotBegun("stopped")))
        finally:
            await line.close()
            for message, outcome in ends:
                await self._database.do(settle[message], outcome)

    async def _may_go(self) -> bool:
        """Tell whether the next message may: a freeze of this second holds it, though it was taken before."""
        if self._stopped.is_set() or self._load() is None:
            return False
        return not await self._database.do(halting.is_halted)
