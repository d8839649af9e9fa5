"""A mail server of the tests that cuts its first connection at one step, and serves all others as it should."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from mail_sink import Script, Talk

Step = Literal["greeting", "EHLO", "MAIL", "RCPT", "DATA", "content", "end", "within the answer", "answer"]


@dataclass
class Cut:
    """Where it is cut, and how often still."""

    step: Step
    times: int = 1


class _Session(asyncio.Protocol):
    def __init__(self, script: Script, cut: Cut) -> None:
        self._talk, self._cut = Talk(script), cut
        self._before = script.count

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._cuts("greeting"):
            transport.write(self._talk.greet())

    def data_received(self, data: bytes) -> None:
        if any(word in data and self._cuts(word.decode()) for word in (b"EHLO", b"MAIL", b"RCPT", b"DATA")):
            return
        if self._talk._in_content and self._cuts("content"):
            return
        taken = self._talk.script.count
        answer = self._talk.receive(data)
        if self._talk.script.count > taken and self._cut.times and self._cut.step in {"end", "within the answer"}:
            self._transport.write(answer[:2] if self._cut.step == "within the answer" else b"")
            self._close()
            return
        self._transport.write(answer)
        if self._talk.script.count > taken:
            self._cuts("answer")

    def _cuts(self, step: str) -> bool:
        if self._cut.times and self._cut.step == step:
            self._close()
            return True
        return False

    def _close(self) -> None:
        self._cut.times -= 1
        self._transport.close()


@asynccontextmanager
async def cutting(script: Script, cut: Cut) -> AsyncIterator[int]:
    """Let it listen on a port of this machine."""
    server = await asyncio.get_running_loop().create_server(lambda: _Session(script, cut), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
