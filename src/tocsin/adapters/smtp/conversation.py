"""What is said to a mail server, message by message, without a socket: bytes go in and out, and outcomes come of it.

The commands for the next message go out behind the content of this one (PIPELINING, RFC 2920), so a message costs one
way there and back. Its content goes out only when the server has agreed to take it for its reader: up to then nothing
of it was sent, and from the first byte of it to the server's last word nobody can tell. So at most one message of a
connection is ever uncertain.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tocsin.adapters.smtp.outcomes import Failed, HandedOver, NotBegun, Outcome, Stage, Uncertain, Why, course_of
from tocsin.adapters.smtp.replies import Garbled, Reply
from tocsin.core.messages import Message

Settle = Callable[[Message, Outcome], None]
Gate = Callable[[Message], None]
_Step = Literal["RSET", "MAIL", "RCPT", "DATA", "END", "VOID"]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a server offers."""

    pipelining: bool = False
    chunking: bool = False


class Conversation:
    """The part of a connection in which messages go out; each gets one outcome, whatever happens."""

    def __init__(
        self, abilities: Abilities, messages: Iterator[Message], settle: Settle, gate: Gate | None = None
    ) -> None:
        self._abilities, self._messages, self._settle, self._gate = abilities, messages, settle, gate
        self._waits = False  # whether the announced message waits to be released
        self._unsaid: deque[tuple[_Step, bytes]] = deque()  # commands that wait for the answers to those before
        self._unanswered: deque[_Step] = deque()
        self._sent: Message | None = None  # whose content is on its way
        self._announced: Message | None = None  # for which the server was asked
        self._refusal: Failed | None = None
        self._open = False  # whether the server has a transaction that has to be dropped
        self._stopping = False
        self.over = False
        self.broke: Why | None = None

    def begin(self) -> bytes:
        """Give the first bytes to send; none if there is no message."""
        return self._next(b"")

    def receive(self, reply: Reply) -> bytes:
        """Take a reply, and give what is to be sent now.

        Raises:
            Garbled: Nothing was asked, or this is no answer to it.
        """
        if not self._unanswered or self.over:
            raise Garbled
        step = self._unanswered.popleft()
        if step == "END":
            return self._ended(reply)
        if step in {"RSET", "VOID"}:
            return self._after(b"")
        return self._answered(step, reply)

    def release(self) -> bytes:
        """Give the content of the message that waits at the gate, to be sent now; none if none waits any more."""
        message = self._announced
        if self.over or not self._waits or message is None:
            return b""
        self._announced, self._waits = None, False
        return self._content(message)

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

    def _next(self, before: bytes) -> bytes:
        """Ask for the next message, behind what has to go out first."""
        message = None if self._stopping else next(self._messages, None)
        if message is None:
            if self._sent is None:
                self.over = True
            return before
        self._announced, self._refusal = message, None
        if self._open:
            self._unsaid.append(("RSET", b"RSET\r\n"))
        self._unsaid.append(("MAIL", f"MAIL FROM:<{message.sender}>\r\n".encode("ascii")))
        self._unsaid.append(("RCPT", f"RCPT TO:<{message.to}>\r\n".encode("ascii")))
        if not self._abilities.chunking:
            self._unsaid.append(("DATA", b"DATA\r\n"))
        self._open = False
        return self._say(before)

    def _say(self, before: bytes) -> bytes:
        said = [before]
        while self._unsaid and (self._abilities.pipelining or not self._unanswered):
            step, command = self._unsaid.popleft()
            self._unanswered.append(step)
            said.append(command)
        return b"".join(said)

    def _answered(self, step: Stage | _Step, reply: Reply) -> bytes:
        wanted = 3 if step == "DATA" else 2
        digit = reply.code // 100
        if digit == wanted:
            if step == "MAIL":
                self._open = True
            elif step == "DATA" and self._refusal is not None:
                # Asked for in one breath with what was refused: there is nobody to send to, but it wants an end.
                self._unanswered.append("VOID")
                return b".\r\n"
        elif digit not in {4, 5}:
            raise Garbled
        elif self._refusal is None:
            stage: Stage = "MAIL" if step == "MAIL" else "RCPT" if step == "RCPT" else "DATA"
            self._refusal = Failed(stage, reply, course_of(reply, stage))
            self._unsaid.clear()
        return self._after(b"")

    def _after(self, before: bytes) -> bytes:
        """Go on once everything that was asked for the announced message is answered."""
        if self._unsaid or self._unanswered:
            return self._say(before)
        message = self._announced
        if message is None:
            return self._next(before)
        if self._refusal is None and self._gate is not None:
            self._waits = True
            self._gate(message)
            return before
        self._announced = None
        if self._refusal is not None:
            self._settle(message, self._refusal)
            return self._next(before)
        return self._content(message)

    def _content(self, message: Message) -> bytes:
        self._sent, self._open = message, False
        self._unanswered.append("END")
        if self._abilities.chunking:
            content = message.content
            whole = b"BDAT %d LAST\r\n" % len(content) + content
        else:
            whole = message.head.stuffed + message.rest.stuffed + b".\r\n"
        return self._next(whole) if self._abilities.pipelining else whole

    def _ended(self, reply: Reply) -> bytes:
        message, digit = self._sent, reply.code // 100
        if message is None or digit not in {2, 4, 5}:
            raise Garbled
        self._sent = None
        self._settle(message, HandedOver(reply) if digit == 2 else Failed("END", reply, course_of(reply, "END")))
        if self._stopping:
            self.end("stopped")
            return b""
        if self._announced is None and not self._unanswered:
            return self._next(b"")
        return b""
