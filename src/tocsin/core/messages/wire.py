"""Bytes that may go over SMTP, checked once and kept in both forms in which they are sent."""

import re
from dataclasses import dataclass
from typing import Final

from tocsin.core.errors import BadMessage

LONGEST_LINE: Final = 998
# All of it in one expression: printable ASCII and tabs, in lines of at most 998 that end in CRLF. No bare CR or LF,
# no NUL and no byte beyond ASCII has a place in it.
_LINES: Final = re.compile(rb"(?:[\t -~]{0,998}\r\n)+")
# The same where no line begins with a stop, as most are: nothing is left to look for then.
_PLAIN: Final = re.compile(rb"(?:(?:[\t -\-/-~][\t -~]{0,997}+)?\r\n)++")
_STOP: Final = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True, init=False)
class Wire:
    """Whole lines of a message.

    Attributes:
        content: The lines as they are, for a server that is told their length (RFC 3030).
        stuffed: The same with each stop at the start of a line doubled, for `DATA` (RFC 5321, section 4.5.2).
    """

    content: bytes
    stuffed: bytes

    def __init__(self, content: bytes) -> None:
        """Check the lines.

        Raises:
            BadMessage: A line does not end in CRLF or is longer than 998 bytes, or a byte is not printable ASCII.
        """
        plain = _PLAIN.fullmatch(content)
        if not plain and not _LINES.fullmatch(content):
            raise BadMessage(
                "these bytes may not leave as mail", hint="printable ASCII, in lines of at most 998 that end in CRLF"
            )
        object.__setattr__(self, "content", content)
        object.__setattr__(self, "stuffed", content if plain else _STOP.sub(b"..", content))
