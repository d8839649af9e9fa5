"""The mailer: some connections that fetch messages from one queue, and a ledger that writes for all of them at once.

A message goes out only when that is written down durably, together with what became of the one before it on the same
connection. So of one connection at most one message is ever uncertain, and a stop that has been written down is obeyed
by the very next message.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from tocsin.adapters.smtp import Connection, HandedOver, Outcome, connect
from tocsin.core.errors import BadKey, CannotOpen, NoMailServer, NotSecure, TocsinError
from tocsin.core.messages import Address, Message, PgpReader, Stencil, Variant, cut
from tocsin.dispatch import acknowledgements, actions, answers, genuine, links, outbox, trials
from tocsin.dispatch.addresses import fingerprint, open_address
from tocsin.dispatch.asking import place_of_openpgp
from tocsin.dispatch.endings import ending_of
from tocsin.dispatch.ledger import DatabaseThread, Ledger
from tocsin.dispatch.masthead import masthead
from tocsin.dispatch.outbox import Claim, End
from tocsin.dispatch.pace import Pace
from tocsin.dispatch.posting import Post
from tocsin.dispatch.survey import Equipment, Survey, Task
from tocsin.dispatch.telling import Telling

_TURN: Final = 1.0
_FIRST_REST, _LONGEST_REST = 1.0, 30.0
_WAIT: Final = 60.0
_A_CONNECTION: Final = 16
_LEAST, _MOST = 64, 2048
_OF_A_LEASE: Final = 0.5
_STENCILS: Final = 100
_LOG: Final = logging.getLogger(__name__)


class Job(msgspec.Struct, frozen=True):
    """A delivery in the queue, with its mailing."""

    claim: Claim
    task: Task
    good_until: float


class MailerAtWork:
    """One mailer process at its work."""

    def __init__(self, survey: Survey, connections: int) -> None:
        """Begin.

        Args:
            survey: What looks at the database for it.
            connections: How many connections it holds open at most.
        """
        self._survey, self._count = survey, connections
        self._batch = min(max(connections * _A_CONNECTION, _LEAST), _MOST)
        self._queue: deque[Job] = deque()
        self._more = True  # whether the last look found as much as it was asked for
        self._filled = asyncio.Event()
        self._wanted = asyncio.Event()
        self._stopping = False
        self._database = DatabaseThread()
        self._ledger = Ledger(survey.mine)
        self._pace = Pace()
        self._stencils: dict[tuple[UUID, str, bool, bool], Stencil] = {}
        self._equipment: Equipment | None = None
        self._open: dict[int, Connection] = {}
        self._doing: set[asyncio.Future[None]] = set()
        sources = (links.take_due, trials.take_due, answers.take_due, acknowledgements.take_due)
        self._post = Post(lambda: self._survey.trusted, *sources)
        self._rest, self._rests_until, self._rests_for = _FIRST_REST, 0.0, ""
        self._telling = Telling()

    async def run(self) -> None:
        """Send what there is to send, until `stop` is called."""
        ledger = asyncio.create_task(self._ledger.run())
        lines = [asyncio.create_task(self._line(number)) for number in range(self._count)]
        lines.append(asyncio.create_task(self._post.run()))
        try:
            while not self._stopping:
                await self._turn()
                for each in (ledger, *lines):
                    if each.done():  # what broke off is told, by the end of the mailer: nobody would see it stand still
                        each.result()
                # Behind the claims, so that messages go out meanwhile.
                finds = False
                with suppress(DatabaseError):
                    finds = await self._database.do(self._survey.fix)
                if finds and not self._more:  # few of those it looked at get it: nobody waits a second for the next
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(_TURN):
                        await self._wanted.wait()
                self._wanted.clear()
        finally:
            await self._end(lines, ledger)

    def stop(self) -> None:
        """Let nothing more go out than what is on its way now."""
        self._stopping = True
        self._wanted.set()
        self._filled.set()
        self._post.stop()
        for line in list(self._open.values()):
            line.stop()

    async def _turn(self) -> None:
        rests = time.monotonic() < self._rests_until
        most = self._batch if self._runs_low() and not rests else 0
        try:
            tasks = await self._database.do(self._survey.look, most, self._rests_for if rests else "")
        except DatabaseError:
            # Locked, full or gone: the next turn tries again, and nothing goes out that cannot be written down.
            return
        if self._survey.equipment is not None:
            self._take(self._survey.equipment)
            self._pace.share(self._survey.sharers)
        # By a clock that nobody sets; a little before the database would say so.
        good_until = time.monotonic() + self._survey.mine.lease.total_seconds() * _OF_A_LEASE
        found = [Job(claim, task, good_until) for task in tasks for claim in task.claims]
        self._queue.extend(found)
        if self._queue:
            self._filled.set()
        if most:
            self._more = len(found) >= most
            if self._more and not self._stopping:  # what was wanted meanwhile has come
                self._wanted.clear()

    def _runs_low(self) -> bool:
        """Tell whether the queue wants more, early enough that no connection waits for it."""
        return len(self._queue) <= self._batch // 2

    def _take(self, equipment: Equipment) -> None:
        """Work with these keys from now on; with others than before nothing that was made is used any more."""
        if self._equipment != equipment:
            self._stencils.clear()
            self._pace = Pace(equipment.a_second_a_domain, self._count)
            self._equipment = equipment

    async def _end(self, lines: list[asyncio.Task[None]], ledger: asyncio.Task[None]) -> None:
        self.stop()
        await asyncio.gather(*lines, return_exceptions=True)
        self._put_back_all()
        self._ledger.end()
        await ledger
        with suppress(DatabaseError):
            await self._database.do(self._survey.end)
        await self._database.end()

    async def _line(self, number: int) -> None:
        """Keep one connection going for as long as there is something in the queue."""
        line: Connection | None = None
        while not self._stopping:
            if not self._queue:
                self._filled.clear()
                self._wanted.set()
                await self._filled.wait()
                continue
            if line is None or not line.open:
                line = await self._connected()
            if line is not None:
                self._open[number] = line
                await self._send(line)
        if line is not None:
            await line.close()

    async def _connected(self) -> Connection | None:
        equipment = self._equipment
        if equipment is None:
            self._put_back_all()
            return None
        try:
            line = await connect(equipment.server)
        except NoMailServer as error:
            self._telling.tell(f"nothing goes out: {error}")
            self._rests("not_secure" if isinstance(error, NotSecure) else "server")
        else:
            self._telling.tell("")
            self._rest = _FIRST_REST
            return line
        return None

    def _rests(self, why: str, seconds: float | None = None) -> None:
        """Send nothing for a while, each time longer; what is claimed waits for whoever has a way out."""
        if time.monotonic() >= self._rests_until:
            self._rests_until = time.monotonic() + (seconds or self._rest)
            self._rest = min(2 * self._rest, _LONGEST_REST)
            self._rests_for = why
        self._put_back_all()

    async def _send(self, line: Connection) -> None:
        asked: dict[Message, Job] = {}

        def settle(message: Message, outcome: Outcome) -> None:
            self._settle(asked.pop(message), message.to.domain, outcome)

        def gate(message: Message) -> None:
            self._ledger.ask(asked[message].claim, line)

        await line.send(self._messages(asked), settle, gate)

    def _messages(self, asked: dict[Message, Job]) -> Iterator[Message]:
        """Make messages of the queue, each when it is its turn; `asked` tells of which delivery each is."""
        while self._queue and not self._stopping:
            job = self._queue.popleft()
            if self._more and self._runs_low():
                self._wanted.set()
            message = self._made(job)
            if message is not None:
                asked[message] = job
                yield message

    def _made(self, job: Job) -> Message | None:
        claim, equipment = job.claim, self._equipment
        if equipment is None or time.monotonic() > job.good_until:
            self._ledger.settle(End(claim.id, "waiting"))
            return None
        try:
            to = open_address(claim.address, claim.subscriber, equipment.opener)
        except TocsinError:
            self._ledger.settle(End(claim.id, "failed", "address"))
            return None
        if wait := self._pace.wait(to.domain, time.monotonic()):
            later = timezone.now() + timedelta(seconds=wait)
            self._ledger.settle(End(claim.id, "waiting", "pace", not_before=later))
            return None
        try:
            reader = None if claim.openpgp is None else _reader(claim.openpgp, to, equipment)
            stencil = self._stencil(job, equipment)
            if stencil is not None:
                return stencil.fill(to, claim.tokens, reader)
            self._ledger.settle(End(claim.id, "failed", "language"))
        except (BadKey, CannotOpen):
            # Who asked for encryption gets nothing that can be read on the way.
            self._ledger.settle(End(claim.id, "failed", "key"))
        except TocsinError:
            # Words that may not leave, say: it would be the same for everybody.
            _LOG.exception("a message of a mailing cannot be made: the mailing is paused")
            self._ledger.settle(End(claim.id, "waiting"))
            self._hold(job.task, "unmade")
        self._pace.back(to.domain)
        return None

    def _stencil(self, job: Job, equipment: Equipment) -> Stencil | None:
        """Cut the message of a claim; nothing in a language that nobody signed, as only a forged delivery has it."""
        claim, task = job.claim, job.task
        key = (task.mailing, claim.language, claim.html, claim.neutral)
        if key not in self._stencils:
            above = masthead(task.slug)
            page = genuine.page_of(task.matter, claim.language, above.archive)
            if page is None:
                return None
            if len(self._stencils) >= _STENCILS:
                self._stencils.clear()
            self._stencils[key] = cut(
                page,
                above,
                Variant(claim.html, claim.neutral),
                begun_at=task.begun_at.astimezone(UTC).replace(microsecond=0),
                signers=equipment.signers,
                openpgp=equipment.openpgp,
            )
        return self._stencils[key]

    def _settle(self, job: Job, domain: str, outcome: Outcome) -> None:
        self._pace.back(domain, taken=isinstance(outcome, HandedOver))
        ending = ending_of(job.claim, outcome, job.task.policy, timezone.now)
        self._ledger.settle(ending.end)
        if ending.then == "wait":
            self._rests("server", _WAIT)
        elif ending.then == "hold":
            # Its code alone: what a server says may name a reader.
            self._telling.tell(f"a mailing is paused: the mail server refuses it ({ending.end.reply})")
            self._hold(job.task, "refused")
        elif ending.then == "slow":
            self._pace.slow(domain, time.monotonic())

    def _hold(self, task: Task, why: str) -> None:
        """Pause a mailing, as one that a server refuses for what it is, until a person has looked."""
        self._put_back_all(task.mailing)

        def pause() -> None:
            with suppress(TocsinError):
                actions.pause(task.mailing)
            outbox.hold(task.mailing, why)

        self._doing.add(task_of := asyncio.ensure_future(self._database.do(pause)))
        task_of.add_done_callback(self._doing.discard)

    def _put_back_all(self, mailing: UUID | None = None) -> None:
        """Give back what is claimed and not begun: all of it, or of one mailing."""
        kept: deque[Job] = deque()
        while self._queue:
            job = self._queue.popleft()
            if mailing in {None, job.task.mailing}:
                self._ledger.settle(End(job.claim.id, "waiting"))
            else:
                kept.append(job)
        self._queue = kept


def _reader(sealed: bytes, to: Address, equipment: Equipment) -> PgpReader:
    """Open the OpenPGP key of a reader.

    Raises:
        CannotOpen: It was sealed to another mailer or for another reader.
        BadKey: Nothing can be encrypted to it any more.
    """
    from tocsin.adapters.openpgp import PublicKey  # noqa: PLC0415  only who has such readers needs the library

    place = place_of_openpgp(fingerprint(to, settings.TOCSIN_FINGERPRINT_KEY))
    return PublicKey(equipment.opener.open(sealed, place).decode(), now=timezone.now())
