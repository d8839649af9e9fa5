"""The receiver itself: connections, and what is kept before 250 is said."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Final, Literal

from tocsin.adapters.lmtp.conversation import Conversation, Delivered, Door

Verdict = Literal["kept", "closed", "full", "failed"]
Keep = Callable[[Delivered], Verdict]

NAME = "tocsin.invalid"
"""What the receiver calls itself behind a mail server: nobody but that one reads it."""
_SILENCE_SECONDS = 300
_MOST_CONNECTIONS = 50
# At a door: of one host at once, and for how long. Nobody can keep it shut from one machine.
_MOST_OF_ONE = 10
_LONGEST_SECONDS = 1800
_SHAKING_HANDS_SECONDS = 30
_CHUNK = 65_536
_SAID: dict[Verdict, bytes] = {
    "kept": b"250 2.0.0 kept\r\n",
    "closed": b"451 4.3.0 nothing is taken now\r\n",
    "full": b"452 4.3.1 too much came today\r\n",
    "failed": b"451 4.3.0 it could not be kept\r\n",
}


@dataclass(slots=True)
class _House:
    """What the connections of one receiver share."""

    keep: Keep
    door: Door | None
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    open_now: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_CONNECTIONS))
    hosts: Counter[str] = field(default_factory=Counter)


async def serve(where: Path | tuple[str, int], keep: Keep, stopped: asyncio.Event, door: Door | None = None) -> None:
    """Take mail until `stopped` is set; a mail that is being taken then is taken to its end.

    Args:
        where: A socket of the file system, or an address and a port.
        keep: Keeps a mail for good and says what became of it. It is called in a thread, for one mail at a time.
        stopped: Ends it.
        door: Where the world comes itself, by SMTP; nothing where a mail server of this machine comes, by LMTP.
    """
    house = _House(keep, door)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = str((writer.get_extra_info("peername") or [""])[0]) if door else ""
        if door and (house.open_now.locked() or house.hosts[host] >= _MOST_OF_ONE):
            writer.write(b"421 4.7.0 too many are here now\r\n")
            writer.close()
            return
        house.hosts[host] += 1
        line = _Line(reader, writer, host, house)
        try:
            async with house.open_now, asyncio.timeout(_LONGEST_SECONDS if door else None):
                await line.talk()
        except (OSError, TimeoutError):
            # Whoever was cut off sends again what was not answered; what had been kept is known then.
            pass
        finally:
            house.hosts[host] -= 1
            house.hosts += Counter()
            # Once the line is secured it is another one.
            line.writer.close()

    if isinstance(where, Path):
        server = await asyncio.start_unix_server(talk, str(where))
    else:
        server = await asyncio.start_server(talk, *where)
    await stopped.wait()
    # Nobody waits for connections on which nothing is being taken: the mail server keeps some open for minutes.
    server.close()
    async with house.one_at_a_time:
        return


@dataclass(slots=True)
class _Line:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    host: str
    house: _House

    async def talk(self) -> None:
        door = self.house.door
        conversation = Conversation(door.name if door else NAME, door)
        self.writer.write(conversation.greeting())
        while not conversation.is_over:
            came = await asyncio.wait_for(self.reader.read(_CHUNK), _SILENCE_SECONDS)
            if not came:
                return
            for step in conversation.hear(came):
                if isinstance(step, Delivered):
                    await self._take(step, conversation)
                else:
                    if conversation.secures:
                        # The client shakes hands as soon as it reads this; heard here, its first bytes would be lost.
                        self.writer.transport.pause_reading()  # type: ignore[attr-defined]
                    self.writer.write(step)
            await asyncio.wait_for(self.writer.drain(), _SILENCE_SECONDS)
            if conversation.secures and door and door.tls:
                await self._secure(door)
                conversation.secured()

    async def _take(self, mail: Delivered, conversation: Conversation) -> None:
        if door := self.house.door:
            way = received(conversation.hello, self.host, door.name, conversation.is_secured, door.clock())
            mail = replace(mail, trace=way)
        async with self.house.one_at_a_time:
            verdict = await asyncio.to_thread(self.house.keep, mail)
        self.writer.write(conversation.answers(_SAID[verdict], len(mail.recipients)))

    async def _secure(self, door: Door) -> None:
        """Secure the connection; what came before that and was not read is not heard any more."""
        assert door.tls is not None  # noqa: S101 - else nobody is offered it
        loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        transport = await loop.start_tls(
            self.writer.transport,
            protocol,
            door.tls,
            server_side=True,
            ssl_handshake_timeout=_SHAKING_HANDS_SECONDS,
        )
        if transport is None:
            raise ConnectionError
        reader.set_transport(transport)
        self.reader, self.writer = reader, asyncio.StreamWriter(transport, protocol, reader, loop)


_STRANGE: Final = re.compile(r"[^A-Za-z0-9.:\[\]-]")
_LONGEST_NAME: Final = 200


def received(hello: str, host: str, name: str, secured: bool, when: datetime) -> bytes:
    """Write the line of the way (RFC 5321, 4.4) above a mail: below it stands nothing that we wrote."""
    said = _STRANGE.sub("?", hello)[:_LONGEST_NAME]
    at = f"[IPv6:{host}]" if ":" in host else f"[{host}]"
    by = f"by {name} with ESMTP{'S' if secured else ''}"
    return f"Received: from {said} ({at})\r\n\t{by};\r\n\t{format_datetime(when)}\r\n".encode()
