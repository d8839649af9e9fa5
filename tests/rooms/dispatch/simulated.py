"""A small world without chance: mailers at their real work, on a real database, in a time and a net that are made up.

Everything that may go wrong is drawn from one seed: how long anything takes, where a connection is cut, which process
dies before or after which transaction, whether the answer of the database comes, who stands still past her lease. So a
seed that failed fails again, step by step. Real are the mailer, its ledger and survey, the outbox, the client for SMTP
and the database; made up are clock, net, server and death.
"""

import asyncio
import random
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from tocsin.core.journal import Reading
from tocsin.dispatch import audience, clocks, ledger, mailer, outbox, posting

LONGEST = 900.0
"""Seconds of the made-up time after which a world has come to no end."""
_RUNNING: ContextVar["Machine"] = ContextVar("machine")


class NoEnd(Exception):
    """Nothing will ever happen any more, and not all is done."""


class Killed(BaseException):
    """The process in which this would have happened is dead."""


class Loop(asyncio.SelectorEventLoop):
    """An event loop in which waiting takes no time, and connections lead into the world."""

    def __init__(self, world: "World") -> None:
        self.at = 0.0
        super().__init__(_Nothing(self))
        self.world = world

    def time(self) -> float:
        return self.at

    async def create_connection(self, factory: Any, *_: Any, **__: Any) -> Any:  # type: ignore[override]
        return await self.world.connect(factory)


class _Nothing(selectors.SelectSelector):
    """Nothing ever comes from outside: waiting for it is going forward in time."""

    def __init__(self, loop: Loop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise NoEnd("everybody waits for somebody else")
        self._loop.at += max(0.0, timeout)
        if self._loop.at > LONGEST:
            raise NoEnd(f"not at its end after {LONGEST:g} s")
        return []


@dataclass(eq=False)
class Machine:
    """A process of a mailer: whether it lives, until when it stands still, and what dies with it."""

    number: int
    alive: bool = True
    still_until: float = 0.0
    wires: list["Wire"] = field(default_factory=list)
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    died: Callable[[], None] = lambda: None

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self.alive:
            self.alive = False
            for wire in self.wires:
                wire.cut(arrives=True)
            for task in self.tasks:
                task.cancel()
            self.died()


@dataclass(frozen=True)
class Taken:
    """A message that the server took upon itself to deliver."""

    message_id: str
    to: str
    content: bytes
    at: float


@dataclass
class Odds:
    """How likely it is, each time, that something goes wrong; nothing does after `until`."""

    until: float
    cut: float = 0.0
    refused: float = 0.0
    database: float = 0.0
    death: float = 0.0
    unreachable: float = 0.0


class World:
    """Time, net, server and processes of one seed."""

    def __init__(self, seed: int, odds: Odds, began: datetime) -> None:
        self.dice, self.odds, self.began = random.Random(seed), odds, began
        self.loop = Loop(self)
        self.loop.set_task_factory(_of_its_machine)
        self.taken: list[Taken] = []
        self.trace: list[str] = []
        self.looks_at: Callable[[Taken], None] = lambda _: None
        self.broken: BaseException | None = None
        self.extras = {"chunking": self.dice.random() < 0.5, "pipelining": self.dice.random() < 0.7}
        self.windows = 0
        self.open: set[Wire] = set()
        #: For so many seconds the server keeps an answer to itself that is about a message to such a domain.
        self.late: dict[str, float] = {}

    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.loop.time())

    def note(self, what: str) -> None:
        """Write down that something happened, in words that are the same in each run of a seed."""
        self.trace.append(f"{self.loop.time():.6f} {what}")

    def happens(self, what: str) -> bool:
        """Draw whether something goes wrong now."""
        chance = getattr(self.odds, what) if self.loop.time() < self.odds.until else 0.0
        return self.dice.random() < chance

    def delay(self, longest: float = 0.05) -> float:
        return self.dice.uniform(0.0005, longest)

    async def connect(self, factory: Any) -> tuple["Wire", Any]:
        machine = _RUNNING.get()
        await asyncio.sleep(self.delay())
        if self.happens("unreachable"):
            self.note(f"{machine.number} reaches no server")
            raise ConnectionRefusedError
        protocol = factory()
        wire = Wire(self, machine, protocol)
        machine.wires.append(wire)
        self.open.add(wire)
        protocol.connection_made(wire)
        wire.say(b"220 here\r\n")
        return wire, protocol

    async def ask_database(self, act: Callable[..., Any], words: Any, more: Any) -> Any:
        """Do something to the database for the process that is running; one or the other may end before or after."""
        machine = _RUNNING.get()
        await self._wait(machine)
        self._may_die(machine, f"before {act.__name__}")
        if self.happens("database"):
            self.note(f"{machine.number} finds the database locked")
            raise OperationalError("database is locked")
        done = act(*words, **more)
        if act.__name__ != "look" or done:
            self.note(f"{machine.number} {act.__name__}")
        self._may_die(machine, f"after {act.__name__}")
        if self.happens("database"):
            self.note(f"{machine.number} never hears that it was written")
            raise OperationalError("the line to the database was lost")
        await self._wait(machine)
        return done

    async def _wait(self, machine: Machine) -> None:
        await asyncio.sleep(self.delay(0.02))
        while machine.alive and machine.still_until > self.loop.time():
            await asyncio.sleep(machine.still_until - self.loop.time())
        if not machine.alive:
            raise Killed

    def _may_die(self, machine: Machine, when: str) -> None:
        if self.happens("death"):
            self.note(f"{machine.number} dies {when}")
            machine.kill()
            raise Killed

    def breaks_off(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """Give a step of a transaction of a mailer before which the database may be gone."""

        def done(*words: Any) -> Any:
            if _RUNNING.get(None) and self.happens("database"):
                self.note("a transaction breaks off")
                raise OperationalError("the server closed the connection")
            return act(*words)

        return done

    def run(self, machine: Machine, work: Callable[[], Any]) -> asyncio.Task[Any]:
        """Let something run as a process."""

        async def within() -> None:
            try:
                await asyncio.ensure_future(work())
            except (Killed, asyncio.CancelledError):
                if machine.alive:
                    raise

        # A context of its own: it may be begun by the death of another one.
        context = Context()
        context.run(_RUNNING.set, machine)
        task = self.loop.create_task(within(), context=context)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Keep what ended a mailer that nobody killed: no bad luck explains that."""
        if not task.cancelled():
            self.broken = self.broken or task.exception()

    @contextmanager
    def in_charge(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        """Put this world in the place of clock, threads and net."""
        with patch.context() as only:
            # One step after the other, in one thread: the database is asked from within the loop.
            only.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
            only.setattr(timezone, "now", self.now)
            only.setattr(outbox, "database_time", self.now)
            only.setattr(mailer, "time", SimpleNamespace(monotonic=self.loop.time))
            only.setattr(clocks, "read", lambda now: Reading(now, "a machine", self.loop.time()))
            only.setattr(clocks, "database_time", self.now)
            only.setattr(audience, "_count", self.breaks_off(audience._count))
            for module in (mailer, ledger, posting):
                only.setattr(module, "DatabaseThread", lambda: _Thread(self))
            yield


def _of_its_machine(loop: Any, coroutine: Any, context: Context | None = None) -> asyncio.Task[Any]:
    task = asyncio.Task(coroutine, loop=loop, context=context)
    machine = context.get(_RUNNING) if context else _RUNNING.get(None)
    if machine is not None:
        machine.tasks.append(task)
        if not machine.alive:
            loop.call_soon(task.cancel)
    return task


class _Thread:
    """In the place of a thread that writes: the same, one step of the world after the other."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def do(self, act: Callable[..., Any], *words: Any, **more: Any) -> Any:
        return await self._world.ask_database(act, words, more)

    async def end(self) -> None:
        return


class Wire(asyncio.Transport):
    """A connection and the server at its other end; bytes take their time, arrive in order, and may be cut anywhere."""

    def __init__(self, world: World, machine: Machine, protocol: Any) -> None:
        super().__init__()
        self._world, self._machine, self._protocol = world, machine, protocol
        self._there_at = self._back_at = 0.0
        self._gone = False
        self._server = _Server(world, self)
        self.content_on_its_way = False

    # --- our end ---

    def write(self, data: Any) -> None:
        if self._gone or not self._machine.alive:
            return
        self._there_at = max(self._there_at, self._world.loop.time()) + self._world.delay()
        self._world.loop.call_at(self._later(self._there_at), self._arrive, bytes(data))

    def abort(self) -> None:
        self.cut(arrives=True, told=False)

    def close(self) -> None:
        self.cut(arrives=True, told=False)

    def is_closing(self) -> bool:
        return self._gone

    # --- the net ---

    def _later(self, at: float) -> float:
        """Give when bytes arrive, if one end stands still."""
        return max(at, self._machine.still_until)

    def _arrive(self, data: bytes) -> None:
        if self._server.listens:
            self._server.take(data)

    def say(self, words: bytes) -> None:
        """Let the server answer."""
        self._back_at = max(self._back_at, self._world.loop.time()) + self._world.delay()
        self._world.loop.call_at(self._later(self._back_at), self._hear, words)

    def _hear(self, words: bytes) -> None:
        if not self._gone and self._machine.alive:
            self._protocol.data_received(words)

    def keep_waiting(self, seconds: float) -> None:
        """Let all that the server says from now on come so much later."""
        self._back_at = max(self._back_at, self._world.loop.time()) + seconds

    def cut(self, *, arrives: bool, told: bool = True) -> None:
        """End the connection; what is on its way to the server may arrive all the same."""
        if self._gone:
            return
        self._gone = True
        self._world.open.discard(self)
        self._world.windows += 1
        if not (arrives and self._world.dice.random() < 0.5):
            self._server.listens = False
        if told and self._machine.alive:
            self._world.loop.call_soon(self._protocol.connection_lost, None)


class _Server:
    """What a mail server does with the bytes of one connection."""

    def __init__(self, world: World, wire: Wire) -> None:
        self._world, self._wire = world, wire
        self._buffer, self._to, self._in_data, self._left, self._body = b"", "", False, -1, b""
        self.listens = True

    def take(self, data: bytes) -> None:
        self._buffer += data
        while self.listens and self._step():
            pass

    def _step(self) -> bool:
        """Take one command or one content off the bytes that came; tell whether there was one."""
        if self._left >= 0:
            return self._bdat()
        if self._in_data:
            return self._data()
        line, end, rest = self._buffer.partition(b"\r\n")
        if not end:
            return False
        self._buffer = rest
        if self._cut(f"at {line[:4].decode()}"):
            return False
        self._command(line)
        return True

    def _command(self, line: bytes) -> None:
        word = line[:4].upper()
        if word == b"EHLO":
            offers = [name.upper() for name, offered in self._world.extras.items() if offered]
            self._answer("\r\n".join(["250-here", *(f"250-{name}" for name in offers), "250 8BITMIME"]))
        elif word == b"RCPT":
            refused = self._world.happens("refused")
            self._to = "" if refused else line.partition(b"<")[2].rstrip(b">").decode()
            self._answer(self._world.dice.choice(_REFUSALS) if refused else "250 2.1.5 well")
        elif word == b"DATA":
            self._in_data = bool(self._to)
            self._answer("354 go on" if self._to else "503 5.5.1 nobody to send to")
        elif word == b"BDAT":
            self._left = int(line.split()[1])
        else:
            self._answer("221 bye" if word == b"QUIT" else "250 well")

    def _data(self) -> bool:
        body, end, rest = self._buffer.partition(b"\r\n.\r\n")
        if not end:
            self._cut("in the middle of a content")
            return False
        self._buffer, self._in_data = rest, False
        self._keep(body.replace(b"\r\n..", b"\r\n.") + b"\r\n")
        return True

    def _bdat(self) -> bool:
        if len(self._buffer) < self._left:
            self._cut("in the middle of a content")
            return False
        content, self._buffer, self._left = self._buffer[: self._left], self._buffer[self._left :], -1
        self._keep(content)
        return True

    def _keep(self, content: bytes) -> None:
        if self._cut("behind a content, before it was kept"):
            return
        if not self._to or self._world.happens("refused"):
            self._answer("451 4.3.0 not now")
            return
        message_id = content.partition(b"\r\nMessage-ID: ")[2].partition(b"\r\n")[0].decode()
        self._world.taken.append(Taken(message_id, self._to, content, self._world.loop.time()))
        self._world.looks_at(self._world.taken[-1])
        self._world.note(f"{self._to} is taken")
        self._wire.keep_waiting(self._world.late.get(self._to.partition("@")[2], 0.0))
        number, self._to = len(self._world.taken), ""
        if not self._cut("behind a content, after it was kept"):
            self._answer(f"250 2.0.0 queued as Q{number:06d}")

    def _answer(self, words: str) -> None:
        said = words.encode() + b"\r\n"
        if self._world.happens("cut"):
            self._world.note("an answer breaks off")
            self._wire.say(said[:2])
            self.listens = False
            self._world.loop.call_later(self._world.delay(0.2), lambda: self._wire.cut(arrives=False))
        else:
            self._wire.say(said)

    def _cut(self, where: str) -> bool:
        if not self._world.happens("cut"):
            return False
        self._world.note(f"a connection is cut {where}")
        self._wire.cut(arrives=False)
        return True


_REFUSALS = ("450 4.2.0 later", "451 4.7.1 later", "550 5.1.1 nobody here", "421 4.3.2 closing", "452 4.2.2 full")
