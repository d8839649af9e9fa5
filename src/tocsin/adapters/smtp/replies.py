"""What a mail server answers: replies read from its bytes, whole or in pieces."""

import functools
import re
from typing import Final

import msgspec

# A reply may have many lines (RFC 5321, section 4.2.1); one that never ends is no reply.
LONGEST: Final = 64 * 1024
_SHOWN: Final = 300
# Of four replies to a message three are the same for each, and so is nothing that is longer.
_SHORT, _KEPT = 100, 64
_LINE: Final = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\r\n]*))?\r?\n?")
_UNPRINTABLE: Final = re.compile(rb"[^ -~]")
_ENHANCED: Final = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})(?=\s|$)")


class Garbled(ValueError):
    """The server said what is no reply; nothing that comes after it can be trusted."""


class Reply(msgspec.Struct, frozen=True):
    """One reply: its code, and its lines in printable ASCII, with a line break between them."""

    code: int
    text: str

    @property
    def enhanced(self) -> str | None:
        """The subject and detail of the enhanced code (RFC 3463), as in `1.1` of `550 5.1.1`; None if there is none.

        Whether it is for good is told by the code alone, which the server has to send.
        """
        found = _ENHANCED.match(self.text)
        return f"{int(found[2])}.{int(found[3])}" if found else None

    def __str__(self) -> str:
        """Give it as one line for a person."""
        return f"{self.code} {' / '.join(self.text.splitlines())}"[:_SHOWN].rstrip()


class Replies:
    """Reads the replies of one connection."""

    __slots__ = ("_buffer", "_lines", "_size")

    def __init__(self) -> None:
        self._buffer = b""
        self._lines: list[tuple[int, bytes]] = []
        self._size = 0

    @property
    def in_the_middle(self) -> bool:
        """Whether a reply has begun and is not at its end."""
        return bool(self._buffer or self._lines)

    def read(self, content: bytes) -> list[Reply]:
        """Take what came, and give the replies that are whole.

        Raises:
            Garbled: It is no reply, or one without end.
        """
        *lines, self._buffer = (self._buffer + content).split(b"\n")
        replies = [reply for line in lines if (reply := self._take(line)) is not None]
        if self._size + len(self._buffer) > LONGEST:
            raise Garbled
        return replies

    def _take(self, line: bytes) -> Reply | None:
        if not self._lines and len(line) <= _SHORT and (whole := _alone(line)) is not None:
            return whole
        found = _LINE.fullmatch(line)
        if found is None:
            raise Garbled
        code = int(found[1])
        if self._lines and self._lines[0][0] != code:
            raise Garbled
        self._lines.append((code, found[3] or b""))
        self._size += len(line)
        if self._size > LONGEST:
            raise Garbled
        if found[2] == b"-":
            return None
        text = "\n".join([_printable(said) for _, said in self._lines])
        self._lines, self._size = [], 0
        return Reply(code, text)


@functools.lru_cache(_KEPT)
def _alone(line: bytes) -> Reply | None:
    """Read a reply of one line; None if this is none."""
    found = _LINE.fullmatch(line)
    return None if found is None or found[2] == b"-" else Reply(int(found[1]), _printable(found[3] or b""))


def _printable(said: bytes) -> str:
    return _UNPRINTABLE.sub(b"?", said).decode("ascii")
