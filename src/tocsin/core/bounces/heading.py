"""What the head of a mail says of the way that it came and of who sent it, in the order in which it stands there."""

import re
from typing import Final

from tocsin.core.bounces.parts import Fields, read_fields, readable

_OF_WHOM: Final = "from authentication-results received message-id in-reply-to references".split()
_OF_MANY: Final = "list-id x-loop precedence feedback-id".split()
COUNTING: Final = frozenset((*_OF_WHOM, *_OF_MANY))
"""The fields that tell something: whose mail it is, which one it answers, and whether it went through our hands."""

MOST: Final = 200
LONGEST: Final = 4_000
_LONGEST_HEAD: Final = 262_144
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]+")


def read_heading(raw: bytes) -> Fields:
    """Give the fields that count, from the top, names in small letters, the sender's encoded words decoded.

    Of a line of the way its place alone counts: above the first one stands what our own mail server wrote.
    """
    lines = raw[:_LONGEST_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = [(name, _said(name, value)) for name, value in read_fields(lines) if name in COUNTING]
    return tuple(found[:MOST])


def _said(name: str, value: str) -> str:
    if name == "received":
        return ""
    return _CONTROL.sub(" ", readable(value) if name == "from" else value)[:LONGEST]
