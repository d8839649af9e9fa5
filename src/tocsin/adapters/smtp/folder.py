"""A mail server that keeps what it is given as files of one folder, and hands nothing on: for a demonstration."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from tocsin.adapters import files

_LONGEST: Final = 1 << 25
_END: Final = b"\r\n.\r\n"


@asynccontextmanager
async def keeping(folder: Path, pause: float = 0) -> AsyncIterator[int]:
    """Listen on a free port of this machine, and give its number; each message becomes a file for its owner alone.

    Args:
        folder: Where they go, numbered in the order in which they came; it is made if it is not there.
        pause: For how many seconds each message keeps its connection waiting, so that a person can watch.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    number = max((int(each.stem) for each in folder.glob("*.eml") if each.stem.isdecimal()), default=0)

    def keep(content: bytes) -> str:
        nonlocal number
        number += 1
        files.write_private(folder / f"{number:06}.eml", content)
        return f"{number:06}"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(b"220 here\r\n")
            while line := await reader.readline():
                word = line[:4].strip().upper()
                if word == b"DATA":
                    writer.write(b"354 go on\r\n")
                    content = await reader.readuntil(_END)
                    await asyncio.sleep(pause)
                    name = keep(content.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."))
                    writer.write(f"250 2.0.0 Ok: queued as {name}\r\n".encode())
                else:
                    writer.write(_ANSWERS.get(word, b"250 2.0.0 Ok\r\n"))
        await _close(writer)
        lines.discard(writer)

    lines: set[asyncio.StreamWriter] = set()
    async with await asyncio.start_server(talk, "127.0.0.1", 0, limit=_LONGEST) as server:
        yield server.sockets[0].getsockname()[1]
        for each in list(lines):
            await _close(each)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


_ANSWERS: Final = {b"EHLO": b"250-here\r\n250 PIPELINING\r\n", b"QUIT": b"221 2.0.0 bye\r\n"}
