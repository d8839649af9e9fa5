"""One connection to a mail server: secured before anything is said, and one message at a time beyond recall."""

import asyncio
import base64
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal

from tocsin.adapters.hosts import is_this_machine
from tocsin.adapters.smtp.conversation import Abilities, Conversation, Gate, Settle
from tocsin.adapters.smtp.outcomes import NotBegun, Why
from tocsin.adapters.smtp.replies import Garbled, Replies, Reply
from tocsin.core.errors import BadSettings, NoMailServer, NotSecure, TocsinError
from tocsin.core.messages import Address, Message

Security = Literal["starttls", "tls", "none"]
_GOODBYE: Final = 2.0
_ROOM: Final = 4096


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, and how it is talked to.

    Attributes:
        host: Its name, which its certificate has to bear.
        port: 25 or 587 with `starttls`, 465 with `tls`.
        security: `none` is for a server on this machine alone.
        name: The name under which we greet; a domain of ours, since that of this machine is nobody's business.
        user: For signing in; empty if the server knows us by our place.
        password: The same.
        patience: Seconds that each answer may take, from its first byte to its last.
        authorities: A file with the certificates to trust instead of those of the system.
    """

    host: str
    name: str
    port: int = 25
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    patience: float = 300.0
    authorities: str | None = None

    def __post_init__(self) -> None:
        Address("postmaster", self.name)
        if self.security == "none" and not is_this_machine(self.host):
            raise BadSettings("mail goes without encryption to a server on this machine only", where="security")
        if self.user and self.security == "none":
            raise BadSettings("a password is sent over an encrypted connection only", where="user")


class _Line(asyncio.BufferedProtocol):
    """The bytes of a connection: replies for whoever waits for one, or for the conversation that is going on.

    They come into a little room that stays: asyncio's own takes 256 KB for each reply, and 13 µs to get them.
    """

    def __init__(self, patience: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = memoryview(bytearray(_ROOM))
        self.transport: asyncio.Transport | None = None
        self.replies = Replies()
        self._came: list[Reply] = []
        self._waiter: asyncio.Future[None] | None = None
        self.conversation: Conversation | None = None
        self.lost: Why | None = None
        self.fault: TocsinError | None = None
        self._patience = patience
        self._deadline = self._loop.time() + patience
        self._timer = self._loop.call_later(patience, self._look)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # a stream's transport is one

    def connection_lost(self, _: Exception | None) -> None:
        self.lose("closed")

    def get_buffer(self, _: int) -> memoryview:
        return self._room

    def buffer_updated(self, size: int) -> None:
        self.data_received(bytes(self._room[:size]))

    def data_received(self, data: bytes) -> None:
        """Take what the server says."""
        try:
            replies = self.replies.read(data)
            if (talk := self.conversation) is None:
                self._came += replies
            else:
                self.send(b"".join([said for reply in replies if (said := talk.receive(reply))]))
        except Garbled:
            self.lose("garbled")
        except TocsinError as error:  # the next message could not be made
            self.fault = error
            self.lose("stopped")
        if self._came or self.conversation is None or self.conversation.over:
            self.wake()

    def send(self, content: bytes) -> None:
        """Send bytes; the answer has to come within the time that is given for it."""
        if content and self.transport is not None and self.lost is None:
            self._deadline = self._loop.time() + self._patience
            self.transport.write(content)

    async def answer(self) -> Reply:
        """Wait for a reply.

        Raises:
            NoMailServer: The connection ended before, or what came was none.
        """
        while not self._came:
            if self.lost is not None:
                raise NoMailServer("the mail server ended the connection", hint=self.lost)
            await self.sleep()
        return self._came.pop(0)

    async def ask(self, command: bytes) -> Reply:
        """Say something, and wait for the reply."""
        self.send(command + b"\r\n")
        return await self.answer()

    async def sleep(self) -> None:
        """Wait until something happens."""
        self._waiter = self._loop.create_future()
        await self._waiter

    def wake(self) -> None:
        """Wake whoever waits."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def lose(self, why: Why) -> None:
        """Drop the connection at once: nothing that is still here goes out any more."""
        if self.lost is None:
            self.lost = why
            self._timer.cancel()
            if self.conversation is not None:
                self.conversation.end(why)
            if self.transport is not None:
                self.transport.abort()
        self.wake()

    def idle(self) -> bool:
        """Whether the server has said nothing that nobody asked for, and is still there."""
        return self.lost is None and not self._came and not self.replies.in_the_middle

    def _look(self) -> None:
        left = self._deadline - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        elif self.conversation is not None or self._waiter is not None:
            self.lose("silent")
        else:  # nobody waits for anything
            self._timer = self._loop.call_later(self._patience, self._look)


class Connection:
    """A connection over which messages can be sent; `connect` makes one."""

    def __init__(self, line: _Line, abilities: Abilities) -> None:
        self._line, self.abilities = line, abilities
        self._was_left_open = False

    @property
    def open(self) -> bool:
        """Whether more can be sent."""
        return self._line.idle()

    async def send(self, messages: Iterable[Message], settle: Settle, gate: Gate | None = None) -> None:
        """Send messages, one after the other.

        Args:
            messages: Finitely many; each is made when it is its turn.
            settle: Is told once of each of them, as soon as it is known, what became of it. It must not raise.
            gate: Is asked before the content of a message goes out, once its server has agreed to take it; the message
                waits until `release` is called.

        Raises:
            TocsinError: A message could not be made. All before it are told of, and the connection is closed.
        """
        line, rest = self._line, iter(messages)
        if not line.idle():
            line.lose("closed")
            for message in rest:
                settle(message, NotBegun(line.lost or "closed"))
            return
        talk = line.conversation = Conversation(self.abilities, rest, settle, gate, leaves_open=self._was_left_open)
        try:
            line.send(talk.begin())
            while not talk.over:
                await line.sleep()
        finally:
            talk.end("stopped")
            line.conversation, self._was_left_open = None, talk.leaves_open
            if talk.broke is not None:
                line.lose(talk.broke)
        if line.fault is not None:
            raise line.fault

    def release(self) -> None:
        """Let the message that waits at the gate go out."""
        if (talk := self._line.conversation) is not None:
            self._line.send(talk.release())

    def stop(self) -> None:
        """Let nothing more go out than what is on its way now, which is one message at most."""
        if (talk := self._line.conversation) is not None:
            talk.stop()
            self._line.wake()

    async def close(self) -> None:
        """End the connection, in the words for it if the server still listens."""
        if self._line.idle():
            with suppress(NoMailServer, TimeoutError):
                async with asyncio.timeout(_GOODBYE):
                    await self._line.ask(b"QUIT")
        self._line.lose("closed")


async def connect(server: MailServer) -> Connection:
    """Open a connection, and secure it before anything but the greeting is said.

    Raises:
        NoMailServer: It cannot be reached, or does not talk to us.
        NotSecure: It offers no encryption, or shows no certificate that is trusted. Nothing is sent then, ever.
    """
    loop, ready = asyncio.get_running_loop(), False
    context = _context(server) if server.security != "none" else None
    line = _Line(server.patience)
    try:
        async with asyncio.timeout(server.patience):
            await loop.create_connection(
                lambda: line, server.host, server.port, ssl=context if server.security == "tls" else None
            )
        _wanted(await line.answer(), 220)
        offered = await _greet(line, server)
        if server.security == "starttls" and context is not None:
            await _secure(line, server, context, offered)
            offered = await _greet(line, server)
        if server.user:
            await _sign_in(line, server)
        ready = True
    except ssl.SSLError as error:
        why = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.reason
        raise NotSecure("the certificate of the mail server is not trusted", where=server.host, hint=why) from error
    except (OSError, TimeoutError) as error:
        why = error.strerror or "no answer in time"
        raise NoMailServer("the mail server cannot be reached", where=server.host, hint=why) from error
    finally:
        if not ready:
            line.lose("closed")
    return Connection(line, Abilities("PIPELINING" in offered, "CHUNKING" in offered))


def _context(server: MailServer) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=server.authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def _greet(line: _Line, server: MailServer) -> set[str]:
    """Greet, and give the names of what the server offers."""
    reply = await line.ask(f"EHLO {server.name}".encode("ascii"))
    _wanted(reply, 250)
    return {word.split(" ")[0].upper() for word in reply.text.split("\n")[1:]}


async def _secure(line: _Line, server: MailServer, context: ssl.SSLContext, offered: set[str]) -> None:
    if "STARTTLS" not in offered:
        raise NotSecure("the mail server offers no encryption", where=server.host)
    reply = await line.ask(b"STARTTLS")
    if reply.code != 220 or not line.idle() or line.transport is None:
        # What came in clear behind the answer was put there by somebody between us.
        raise NotSecure("the mail server does not encrypt", where=server.host, hint=str(reply))
    loop = asyncio.get_running_loop()
    line.transport = await loop.start_tls(
        line.transport, line, context, server_hostname=server.host, ssl_handshake_timeout=server.patience
    )
    if line.transport is None:
        raise NotSecure("the mail server ended the connection", where=server.host)


async def _sign_in(line: _Line, server: MailServer) -> None:
    words = base64.b64encode(f"\0{server.user}\0{server.password}".encode())
    _wanted(await line.ask(b"AUTH PLAIN " + words), 235)


def _wanted(reply: Reply, code: int) -> None:
    if reply.code != code:
        raise NoMailServer("the mail server does not talk to us", hint=str(reply))
