"""What is said over one connection of LMTP or SMTP, without a socket: bytes in, replies and whole mails out.

Servers have differed about whether a line feed alone ends a line, so that one saw two mails where another saw one
("SMTP smuggling"). Here a carriage return and a line feed end a line, together or not at all: whatever holds one
without the other is refused as a whole, and nothing more is heard from whoever sent it.
"""

import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

LARGEST: Final = 25_000_000
"""Bytes of a mail; more is refused for good."""
_LONGEST_LINE: Final = 2_048
_MOST_RECIPIENTS: Final = 100
# Whoever is refused so often at the door tries addresses, or talks another language.
_MOST_REFUSED: Final = 20

_BARE: Final = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_STUFFED: Final = re.compile(rb"(\A|\r\n)\.")
_PATH: Final = re.compile(rb"(?i)(?:FROM|TO): ?<([^<>\s]{0,320})>(?: +([!-~ ]{0,400}))?")
_END: Final = b"\r\n.\r\n"
_OFFERED: Final = ("PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", f"SIZE {LARGEST}")


@dataclass(frozen=True, slots=True)
class Delivered:
    """One mail with what was said about it; each recipient is owed one reply.

    Attributes:
        sender: The return path; empty for a report of a mail server, None where nothing tells it.
        recipients: Addresses of ours.
        content: The mail as it came, with CR LF at the end of each line.
        trace: The line that we write above it where nobody else stands before us; another one for each copy.
    """

    sender: str | None
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)
    trace: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Door:
    """A receiver to which the mail servers of all the world come themselves, by SMTP (RFC 5321).

    Attributes:
        name: Of this host, as its MX record has it.
        takes: Whether an address is one of ours: for any other nothing is taken, so nothing is ever passed on.
        clock: What time it is, with its offset.
        tls: By what a connection is secured; nothing where there is no certificate.
    """

    name: str
    takes: Callable[[str], bool]
    clock: Callable[[], datetime]
    tls: ssl.SSLContext | None = None


class Conversation:
    """One connection. `hear` takes what came and gives, in order, what is to be said and each mail that is whole.

    Attributes:
        hello: What the other side calls itself.
        is_over: Nothing more is heard.
        secures: The connection is to be secured now; nothing is heard until `secured` says that it is.
        is_secured: It is.
    """

    def __init__(self, name: str, door: Door | None = None) -> None:
        """Begin.

        Args:
            name: What the receiver calls itself.
            door: Where the world comes itself, by SMTP; nothing where a mail server of this machine comes, by LMTP.
        """
        self._name, self._door = name, door
        self._commands = self._at_a_door if door else self._behind_a_server
        self._unread = bytearray()
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._is_greeted = self._in_data = False
        self._refused = b""
        self._searched = self._times_refused = 0
        self.hello = ""
        self.is_over = self.secures = self.is_secured = False

    def greeting(self) -> bytes:
        """Give the first line."""
        return f"220 {self._name} {'ESMTP' if self._door else 'LMTP'}\r\n".encode()

    def secured(self) -> None:
        """Begin anew over a line that is secured: what was said before anybody may have said (RFC 3207, 4.2)."""
        self._forget()
        self._is_greeted = self.secures = False
        self.is_secured, self.hello = True, ""

    def answers(self, said: bytes, recipients: int) -> bytes:
        """Give what is said behind a mail: once for each recipient, and at the door once for all."""
        return said if self._door else said * recipients

    def hear(self, came: bytes) -> Iterator[bytes | Delivered]:
        """Go on with what came; after a mail the caller says for each recipient what became of it."""
        self._unread += came
        while not (self.is_over or self.secures):
            step = self._data() if self._in_data else self._command()
            if step is None:
                return
            yield step
            if self._door and isinstance(step, bytes) and step.startswith(b"5"):
                self._times_refused += 1
                if self._times_refused > _MOST_REFUSED and not self.is_over:
                    self.is_over = True
                    yield b"421 4.7.0 too much of that was refused\r\n"

    def _command(self) -> bytes | None:
        end = self._unread.find(b"\r\n")
        line = bytes(self._unread[: end if end >= 0 else len(self._unread)])
        # A carriage return at the end may still get its line feed.
        if _BARE.search(line if end >= 0 else line.removesuffix(b"\r")) or len(line) > _LONGEST_LINE:
            self.is_over = True
            return b"500 5.5.2 a line is short and ends with CR LF\r\n"
        if end < 0:
            return None
        del self._unread[: end + 2]
        verb, _, words = line.partition(b" ")
        answer = self._commands.get(verb.upper())
        return answer(self, words.strip()) if answer else b"500 5.5.1 no such command\r\n"

    def _greeted(self, words: bytes) -> bytes:
        if not words:
            return b"501 5.5.4 say who you are\r\n"
        self._say_hello(words)
        securing = ("STARTTLS",) if self._can_secure else ()
        lines = [self._name, *securing, *_OFFERED]
        return "".join(f"250{' ' if line is lines[-1] else '-'}{line}\r\n" for line in lines).encode()

    def _greeted_of_old(self, words: bytes) -> bytes:
        if not words:
            return b"501 5.5.4 say who you are\r\n"
        self._say_hello(words)
        return f"250 {self._name}\r\n".encode()

    def _say_hello(self, words: bytes) -> None:
        self._forget()
        self._is_greeted, self.hello = True, words.decode("ascii", "replace")

    @property
    def _can_secure(self) -> bool:
        return self._door is not None and self._door.tls is not None and not self.is_secured

    def _secure(self, words: bytes) -> bytes:
        if words or not self._can_secure:
            return b"503 5.5.1 not now\r\n"
        if self._unread:
            # It would be heard as if it had come over the line that is secured (CVE-2011-0411).
            self.is_over = True
            return b"554 5.5.1 nothing is said before the line is secured\r\n"
        self.secures = True
        return b"220 2.0.0 go on\r\n"

    def _mail(self, words: bytes) -> bytes:
        found = _PATH.fullmatch(words)
        if not self._is_greeted or self._sender is not None:
            return b"503 5.5.1 not now\r\n"
        if not found or not words.upper().startswith(b"FROM"):
            return b"501 5.5.4 MAIL FROM:<address>\r\n"
        size = re.search(rb"(?i)\bSIZE=([0-9]{1,15})\b", found[2] or b"")
        if size and int(size[1]) > LARGEST:
            return b"552 5.3.4 larger than what is taken\r\n"
        self._sender = found[1].decode("utf-8", "replace")
        return b"250 2.1.0 ok\r\n"

    def _recipient(self, words: bytes) -> bytes:
        found = _PATH.fullmatch(words)
        if self._sender is None:
            return b"503 5.5.1 not now\r\n"
        if not found or not found[1] or not words.upper().startswith(b"TO"):
            return b"501 5.5.4 RCPT TO:<address>\r\n"
        if len(self._recipients) >= _MOST_RECIPIENTS:
            return b"452 4.5.3 too many recipients at once\r\n"
        address = found[1].decode("utf-8", "replace")
        if self._door and not self._door.takes(address):
            return b"550 5.7.1 this address is not of ours, and nothing is passed on\r\n"
        self._recipients.append(address)
        return b"250 2.1.5 ok\r\n"

    def _begin_data(self, words: bytes) -> bytes:
        if not self._recipients or words:
            return b"503 5.5.1 nobody is to get it\r\n"
        self._in_data = True
        # The mail may be empty: then its end is the first line. What was said before ended with a line, too.
        self._unread[:0] = b"\r\n"
        self._searched, self._refused = 0, b""
        return b"354 end with CR LF . CR LF\r\n"

    def _data(self) -> bytes | Delivered | None:
        end = self._unread.find(_END, self._searched)
        self._note(len(self._unread) if end < 0 else end + len(_END))
        if end < 0:
            return None
        content = bytes(self._unread[2 : end + 2])
        del self._unread[: end + len(_END)]
        self._in_data = False
        delivered = Delivered(self._sender or "", tuple(self._recipients), _STUFFED.sub(rb"\1", content))
        refused, self._refused = self._refused, b""
        self._forget()
        if not refused:
            return delivered
        # Whoever ends lines in another way may be somebody else's mail that was smuggled in: nothing more is heard.
        self.is_over = True
        return self.answers(refused, len(delivered.recipients))

    def _note(self, until: int) -> None:
        """Look at what came new up to a place, and keep no more of a mail that is refused than its end may lie in."""
        fresh = bytes(self._unread[max(0, self._searched - 1) : until])
        if _BARE.search(fresh.removesuffix(b"\r"), 1 if self._searched else 0):
            self._refused = b"554 5.6.0 each line ends with CR LF\r\n"
        elif until > LARGEST + len(_END):
            self._refused = self._refused or b"552 5.3.4 larger than what is taken\r\n"
        if self._refused and until == len(self._unread):
            del self._unread[: max(0, until - len(_END))]
        self._searched = max(0, len(self._unread) - len(_END) + 1)

    def _reset(self, _words: bytes) -> bytes:
        self._forget()
        return b"250 2.0.0 ok\r\n"

    def _nothing(self, _words: bytes) -> bytes:
        return b"250 2.0.0 ok\r\n"

    def _verify(self, _words: bytes) -> bytes:
        return b"252 2.1.5 send it and see\r\n"

    def _quit(self, _words: bytes) -> bytes:
        self.is_over = True
        return b"221 2.0.0 bye\r\n"

    def _forget(self) -> None:
        self._sender, self._recipients = None, []

    _everywhere: Final = {
        b"MAIL": _mail,
        b"RCPT": _recipient,
        b"DATA": _begin_data,
        b"RSET": _reset,
        b"NOOP": _nothing,
        b"VRFY": _verify,
        b"QUIT": _quit,
    }
    _behind_a_server: Final = {b"LHLO": _greeted, **_everywhere}
    _at_a_door: Final = {b"EHLO": _greeted, b"HELO": _greeted_of_old, b"STARTTLS": _secure, **_everywhere}
