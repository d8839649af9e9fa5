"""A mail server for tests and for measuring, that reads strictly and answers as it is told to.

`Talk` is what it says, without a socket. As a program it listens on a port of this machine, prints the number, and when
its input ends prints how many messages it took: `python tests/mail_sink.py [--chunking] [--delay-ms N]`.
"""

import argparse
import asyncio
import re
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

USUAL = {"DATA": "354 go on", "QUIT": "221 bye", "GREETING": "220 sink.example", "STARTTLS": "220 go on"}


@dataclass
class Taken:
    """A message that the server has taken upon itself."""

    sender: str
    to: list[str]
    content: bytes
    queue_id: str


@dataclass
class Script:
    """What the server offers and answers, and what it saw.

    Attributes:
        abilities: What it says after EHLO.
        answers: By the word of a command, or `.` for the end of a message, or `RCPT mira@reader.example`; `{id}` stands
            for the name under which a message is kept, and after an empty answer it says nothing more.
        keep: Whether to keep the content of messages.
        taken: The messages that it took.
        commands: All commands, as they came.
        gate: Is given who talks, each answer, and what says it: at once, or when it is time.
    """

    abilities: Sequence[str] = ("PIPELINING",)
    answers: dict[str, str] = field(default_factory=dict)
    keep: bool = True
    taken: list[Taken] = field(default_factory=list)
    count: int = 0
    greeted: int = 0
    commands: list[str] = field(default_factory=list)
    broken_rules: list[str] = field(default_factory=list)
    gate: Callable[["Talk", bytes, Callable[[], None]], None] | None = None


_COMMAND = re.compile(rb"(?i)(EHLO|HELO|MAIL|RCPT|DATA|RSET|QUIT|STARTTLS|AUTH|BDAT)(?: ([^\r\n]*))?\r\n")
_END = b"\r\n.\r\n"


class Talk:
    """One conversation: bytes in, bytes out.

    Attributes:
        name: The name by which the client greeted.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.name = ""
        self._buffer = b"\r\n"  # so that a stop alone ends an empty message too
        self._sender: str | None = None
        self._to: list[str] = []
        self._length: int | None = None
        self._in_content = False
        self.over = False
        self._silent = False

    def greet(self) -> bytes:
        self.script.greeted += 1
        return self._answer("GREETING")

    def receive(self, came: bytes) -> bytes:
        """Take bytes, and give the answers to all that is whole."""
        self._buffer += came
        said = []
        while not self.over and not self._silent and (answer := self._one()) is not None:
            said.append(answer)
        return b"".join(said)

    def _one(self) -> bytes | None:
        if self._in_content:
            return self._content()
        end = self._buffer.find(b"\n", 2) + 1
        if not end:
            return None
        line, self._buffer = self._buffer[2:end], b"\r\n" + self._buffer[end:]
        found = _COMMAND.fullmatch(line)
        if found is None:
            self.script.broken_rules.append(f"no command: {line!r}")
            return b"500 5.5.2 what?\r\n"
        word, rest = found[1].decode().upper(), (found[2] or b"").decode("latin-1")
        self.script.commands.append(f"{word} {rest}".rstrip())
        return self._command(word, rest)

    def _command(self, word: str, rest: str) -> bytes:
        if word == "EHLO":
            self.name = rest
            return self._offer()
        if word == "MAIL":
            if self._sender is not None:
                return b"503 5.5.1 one after the other\r\n"
            return self._accept(self._answer(word, rest), lambda: setattr(self, "_sender", _between(rest)))
        if word == "RCPT":
            if self._sender is None:
                return b"503 5.5.1 from whom?\r\n"
            return self._accept(self._answer(word, _between(rest)), lambda: self._to.append(_between(rest)))
        if word == "BDAT":
            self._length, self._in_content = int(rest.split(" ", maxsplit=1)[0]), True
            return b""
        if word == "DATA":
            return self._data()
        if word == "RSET":
            self._sender, self._to = None, []
        self.over = word == "QUIT"
        return self._answer(word)

    def _data(self) -> bytes:
        if not self._to and "DATA" not in self.script.answers:
            return b"503 5.5.1 to whom?\r\n"
        answer = self._answer("DATA")
        self._in_content = answer.startswith(b"354")
        return answer

    def _offer(self) -> bytes:
        if "EHLO" in self.script.answers:
            return self._answer("EHLO")
        *first, last = ["sink.example", *self.script.abilities]
        return "".join([*(f"250-{line}\r\n" for line in first), f"250 {last}\r\n"]).encode()

    def _content(self) -> bytes | None:
        if self._length is not None:
            if len(self._buffer) < self._length + 2:
                return None
            content, after = self._buffer[2 : self._length + 2], self._buffer[self._length + 2 :]
        else:
            end = self._buffer.find(_END)
            if end < 0:
                return None
            content, after = self._buffer[2 : end + 2], self._buffer[end + len(_END) :]
            content = content[1:] if content.startswith(b".") else content
            content = content.replace(b"\r\n..", b"\r\n.") if b"\n.." in content else content
        self._buffer, self._in_content, self._length = b"\r\n" + after, False, None
        return self._take(content)

    def _take(self, content: bytes) -> bytes:
        sender, to, self._sender, self._to = self._sender, self._to, None, []
        if not to:
            return b"554 5.5.1 to nobody\r\n"
        answer = self._answer(".", queue_id=f"{self.script.count:08X}")
        if answer.startswith(b"2") or not answer:
            kept = Taken(sender or "", to, content, f"{self.script.count:08X}")
            self.script.count += 1
            if self.script.keep:
                self.script.taken.append(kept)
        return answer

    def _accept(self, answer: bytes, then: Callable[[], None]) -> bytes:
        if answer.startswith(b"2"):
            then()
        return answer

    def _answer(self, word: str, about: str = "", queue_id: str = "") -> bytes:
        answers = self.script.answers
        said = answers.get(f"{word} {about}", answers.get(word, USUAL.get(word, "250 2.0.0 Ok")))
        if word == "." and "." not in answers:
            said = "250 2.0.0 Ok: queued as {id}"
        self._silent = not said
        return said.replace("{id}", queue_id).encode("latin-1") + b"\r\n" if said else b""


def _between(words: str) -> str:
    return words[words.index("<") + 1 : words.rindex(">")]


class _Session(asyncio.Protocol):
    def __init__(self, script: Script, certificate: ssl.SSLContext | None, delay: float) -> None:
        self._talk, self._certificate, self._delay = Talk(script), certificate, delay
        self._encrypting, self._early = False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._say(self._talk.greet())

    def data_received(self, data: bytes) -> None:
        if self._encrypting:  # the first words may come before it is known here that they may
            self._early += data
            return
        answer = self._talk.receive(data)
        if answer:
            self._say(answer)
        if self._talk.over:
            self._transport.close()
        elif self._certificate and answer[:3] == b"220" and self._talk.script.commands[-1:] == ["STARTTLS"]:
            self._talk.script.commands.append("(encrypted)")
            self._encrypting = True
            self._task = asyncio.ensure_future(self._encrypt())

    async def _encrypt(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._transport = await loop.start_tls(self._transport, self, self._certificate, server_side=True)
        except OSError:  # the client does not trust the certificate
            self._talk.script.commands.append("(went away)")
            return
        self._encrypting = False
        if self._early:
            self.data_received(self._early)

    def _say(self, words: bytes) -> None:
        if self._talk.script.gate:
            self._talk.script.gate(self._talk, words, lambda: self._transport.write(words))
        elif self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._transport.write, words)
        else:
            self._transport.write(words)


@asynccontextmanager
async def listening(
    script: Script, certificate: ssl.SSLContext | None = None, delay: float = 0, *, at_once: bool = False
) -> AsyncIterator[int]:
    """Let the server listen on a port of this machine, with TLS from the first byte if `at_once`."""
    later = None if at_once else certificate
    server = await asyncio.get_running_loop().create_server(
        lambda: _Session(script, later, delay), "127.0.0.1", 0, ssl=certificate if at_once else None
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _serve(script: Script, delay: float) -> None:
    async with listening(script, delay=delay) as port:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        sys.stdout.write(f"{script.count}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--chunking", action="store_true")
    parser.add_argument("--delay-ms", type=float, default=0)
    given = parser.parse_args()
    offered = ("PIPELINING", "CHUNKING") if given.chunking else ("PIPELINING",)
    asyncio.run(_serve(Script(abilities=offered, keep=False), given.delay_ms / 1000))
