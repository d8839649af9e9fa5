"""A line on which bytes come late, are lost on the way, or come no more and nobody is told.

It carries bytes from a door to a server, by a process of its own. `tc netem` does the same in the kernel, and wants
rights that a test has not. What TCP makes of a lost packet its user sees as waiting: until it is sent again, first
after 0.2 s and then twice as long each time (RFC 6298), while all behind it waits too.
"""

import asyncio
import multiprocessing
import random
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

_fork = multiprocessing.get_context("fork")
_AGAIN_SECONDS, _LOOK_SECONDS = 0.2, 0.02
_PIECE = 1 << 16


class BadLine:
    """The weather on a line, which a test changes while the line is in use."""

    def __init__(self) -> None:
        self._weather = _fork.Array("d", 3)

    def set(self, *, latency: float = 0.0, loss: float = 0.0, cut: bool = False) -> None:
        """Set it for all that is sent from now on.

        Args:
            latency: Seconds that each way takes.
            loss: How much of what is sent is lost, from 0 to 1.
            cut: Whether nothing passes, in neither direction; what was sent meanwhile passes when it is over.
        """
        self._weather[:] = [latency, loss, float(cut)]

    def carry(self, door: socket.socket, server: Path | int, seed: int) -> None:
        """Be the process that carries, for as long as it lives."""
        asyncio.run(self._carry_all(door, server, random.Random(seed)))

    async def _carry_all(self, door: socket.socket, server: Path | int, dice: random.Random) -> None:
        async def welcome(from_us: asyncio.StreamReader, to_us: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                from_server, to_server = await _dialled(server)
                await asyncio.gather(self._way(from_us, to_server, dice), self._way(from_server, to_us, dice))

        start = asyncio.start_unix_server if isinstance(server, Path) else asyncio.start_server
        async with await start(welcome, sock=door) as listening:
            await listening.serve_forever()

    async def _way(self, here: asyncio.StreamReader, there: asyncio.StreamWriter, dice: random.Random) -> None:
        """Carry what comes from here, in order, each piece when it is due; the end of it as well."""
        loop, due = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

        async def read() -> None:
            piece = b"-"
            while piece:
                try:
                    piece = await here.read(_PIECE)
                except ConnectionError:
                    piece = b""
                latency, loss, _ = self._weather
                again = _AGAIN_SECONDS
                while dice.random() < loss:
                    latency, again = latency + again, 2 * again
                due.put_nowait((loop.time() + latency, piece))

        async def write() -> None:
            piece = b"-"
            while piece:
                at, piece = await due.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                while self._weather[2]:
                    await asyncio.sleep(_LOOK_SECONDS)
                there.write(piece)
            there.close()

        with suppress(ConnectionError):
            await asyncio.gather(read(), write())


async def _dialled(server: Path | int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(server, Path):
        return await asyncio.open_unix_connection(server)
    return await asyncio.open_connection("127.0.0.1", server)


@contextmanager
def bad_line(server: Path | int, door: Path | None = None, seed: int = 7) -> Iterator[tuple[BadLine, Any]]:
    """Lay a line to a socket or a port of this machine; gives it, and where its door is: a path, or a port.

    Args:
        server: Where it leads to.
        door: The socket that it makes; a port if nothing is said.
        seed: Of the dice that lose what is sent.
    """
    line = BadLine()
    with closing(socket.socket(socket.AF_UNIX if door else socket.AF_INET)) as made:
        made.bind(str(door) if door else ("127.0.0.1", 0))
        process = _fork.Process(target=line.carry, args=(made, server, seed), daemon=True)
        process.start()
        try:
            yield line, door or made.getsockname()[1]
        finally:
            process.kill()
            process.join()
