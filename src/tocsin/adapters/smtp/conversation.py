"""What is said to a mail server, message by message, without a socket: bytes go in and out, and outcomes come of it.

The commands for the next message go out behind the content of this one (PIPELINING, RFC 2920), so a message costs one
way there and back. Its content goes out only when the server has agreed to take it for its reader: up to then nothing
of it was sent, and from the first byte of it to the server's last word nobody can tell. So at most one message of a
connection is ever uncertain.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tocsin.adapters.smtp.outcomes import Failed, HandedOver, NotBegun, Outcome, Stage, Uncertain, Why, course_of
from tocsin.adapters.smtp.replies import Garbled, Reply
from tocsin.core.messages import Message

Settle = Callable[[Message, Outcome], None]
Gate = Callable[[Message], None]
_Step = Literal["RSET", "MAIL", "RCPT", "DATA", "END", "VOID"]
# What a message is announced by: whether something has to be dropped before, and whether its content comes as `DATA`.
_STEPS: Final[Mapping[tuple[bool, bool], tuple[_Step, ...]]] = {
    (False, False): ("MAIL", "RCPT"),
    (False, True): ("MAIL", "RCPT", "DATA"),
    (True, False): ("RSET", "MAIL", "RCPT"),
    (True, True): ("RSET", "MAIL", "RCPT", "DATA"),
}


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a server offers."""

    pipelining: bool = False
    chunking: bool = False


class Conversation:
    """The part of a connection in which messages go out; each gets one outcome, whatever happens.

    Attributes:
        leaves_open: Whether the server has a transaction, of a message that it refused, that has to be dropped before
            the next one: in this conversation or in one that follows it on the same connection.
    """

    def __init__(
        self,
        abilities: Abilities,
        messages: Iterator[Message],
        settle: Settle,
        gate: Gate | None = None,
        *,
        leaves_open: bool = False,
    ) -> None:
        self._abilities, self._messages, self._settle, self._gate = abilities, messages, settle, gate
        self._waits = False  # whether the announced message waits to be released
        self._unsaid: deque[tuple[_Step, bytes]] = deque()  # commands that wait for the answers to those before
        self._unanswered: deque[_Step] = deque()
        self._out: list[bytes] = []  # put together once, however much it is
        self._sent: Message | None = None  # whose content is on its way
        self._announced: Message | None = None  # for which the server was asked
        self._refusal: Failed | None = None
        self.leaves_open = leaves_open
        self._stopping = False
        self.over = False
        self.broke: Why | None = None

    def begin(self) -> bytes:
        """Give the first bytes to send; none if there is no message."""
        self._next()
        return self._said()

    def receive(self, reply: Reply) -> bytes:
        """Take a reply, and give what is to be sent now.

        Raises:
            Garbled: Nothing was asked, or this is no answer to it.
        """
        if not self._unanswered or self.over:
            raise Garbled
        step = self._unanswered.popleft()
        if step == "END":
            self._ended(reply)
        elif step in {"RSET", "VOID"}:
            self._after()
        else:
            self._answered(step, reply)
        return self._said()

    def release(self) -> bytes:
        """Give the content of the message that waits at the gate, to be sent now; none if none waits any more."""
        message = self._announced
        if self.over or not self._waits or message is None:
            return b""
        self._announced, self._waits = None, False
        self._content(message)
        return self._said()

    def stop(self) -> None:
        """Let nothing more go out; what is on its way waits for its answer, and all else was not begun."""
        self._stopping = True
        if self._sent is None and not self.over:
            self.end("stopped")

    def end(self, why: Why) -> None:
        """Give each message that has no outcome yet its own: the connection is of no use any more."""
        if self.over:
            return
        self.over, self.broke = True, why
        sent, announced, self._sent, self._announced = self._sent, self._announced, None, None
        if sent is not None:
            self._settle(sent, Uncertain(why))
        if announced is not None:
            self._settle(announced, self._refusal or NotBegun(why))
        for message in self._messages:
            self._settle(message, NotBegun(why))

    def _said(self) -> bytes:
        """Give what has come together, and begin anew."""
        if not self._out:
            return b""
        said = b"".join(self._out)
        self._out.clear()
        return said

    def _next(self) -> None:
        """Ask for the next message."""
        message = None if self._stopping else next(self._messages, None)
        if message is None:
            if self._sent is None:
                self.over = True
            return
        self._announced, self._refusal = message, None
        sender, to = message.sender or "", message.to
        drop, data = "RSET\r\n" if self.leaves_open else "", "" if self._abilities.chunking else "DATA\r\n"
        said = f"{drop}MAIL FROM:<{sender}>\r\nRCPT TO:<{to.local}@{to.domain}>\r\n{data}"
        steps, commands = _STEPS[bool(drop), bool(data)], said.encode("ascii")
        self.leaves_open = False
        if self._abilities.pipelining:
            self._unanswered += steps
            self._out.append(commands)
        else:
            self._unsaid += zip(steps, commands.splitlines(keepends=True), strict=True)
            self._say()

    def _say(self) -> None:
        step, command = self._unsaid.popleft()
        self._unanswered.append(step)
        self._out.append(command)

    def _answered(self, step: Stage | _Step, reply: Reply) -> None:
        wanted = 3 if step == "DATA" else 2
        digit = reply.code // 100
        if digit == wanted:
            if step == "MAIL":
                self.leaves_open = True
            elif step == "DATA" and self._refusal is not None:
                # Asked for in one breath with what was refused: there is nobody to send to, but it wants an end.
                self._unanswered.append("VOID")
                self._out.append(b".\r\n")
                return
        elif digit not in {4, 5}:
            raise Garbled
        elif self._refusal is None:
            stage: Stage = "MAIL" if step == "MAIL" else "RCPT" if step == "RCPT" else "DATA"
            self._refusal = Failed(stage, reply, course_of(reply, stage))
            self._unsaid.clear()
        self._after()

    def _after(self) -> None:
        """Go on once everything that was asked for the announced message is answered."""
        if self._unanswered:
            return
        if self._unsaid:
            self._say()
            return
        message = self._announced
        if message is None:
            self._next()
            return
        if self._refusal is None and self._gate is not None:
            self._waits = True
            self._gate(message)
            return
        self._announced = None
        if self._refusal is not None:
            self._settle(message, self._refusal)
            self._next()
        else:
            self._content(message)

    def _content(self, message: Message) -> None:
        self._sent, self.leaves_open = message, False
        self._unanswered.append("END")
        head, rest = message.head, message.rest
        if self._abilities.chunking:
            length = len(head.content) + len(rest.content)
            self._out += (b"BDAT %d LAST\r\n" % length, head.content, rest.content)
        else:
            self._out += (head.stuffed, rest.stuffed, b".\r\n")
        if self._abilities.pipelining:
            self._next()

    def _ended(self, reply: Reply) -> None:
        message, digit = self._sent, reply.code // 100
        if message is None or digit not in {2, 4, 5}:
            raise Garbled
        self._sent = None
        self._settle(message, HandedOver(reply) if digit == 2 else Failed("END", reply, course_of(reply, "END")))
        if self._stopping:
            self.end("stopped")
        elif self._announced is None and not self._unanswered:
            self._next()
