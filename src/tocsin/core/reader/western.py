"""Signs of a text that mean something to a reader, sorted out by bytes where each letter has one.

Python translates a byte many times faster than a letter, and regular expressions that look for what is hardly ever
there cost the most of all. Texts that Windows-1252 cannot write (other scripts, invisible marks) go letter by letter.
"""

import re
from collections.abc import Callable

_PAGE = "cp1252"
_NO_SIGN = re.compile(r"[\W_]+")
_PLAIN = bytes(range(0x20, 0x7F)) + b"\n"


def _letters() -> list[tuple[bytes, str]]:
    """Give each byte with the letter it stands for, or with nothing where it stands for none."""
    return [(byte, byte.decode(_PAGE, "ignore")) for byte in map(bytes, zip(range(256), strict=True))]


_SIGNS_ALONE = b"".join(byte if letter.isalnum() else b" " for byte, letter in _letters())


def spaced(text: str) -> str:
    """Give the text with spaces for all that is no letter or digit, so that splitting it gives its words."""
    page = "ascii" if text.isascii() else _PAGE
    try:
        western = text.encode(page)
    except UnicodeEncodeError:
        return _NO_SIGN.sub(" ", text)
    return western.translate(_SIGNS_ALONE).decode(page)


def unusual(text: str) -> str:
    """Give the signs of a text, in their order, without printable ASCII."""
    # In UTF-8 a byte below 0x80 is a sign of its own; it is written several times faster than any other.
    return text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")


class LetterTable:
    """Puts one letter for each; texts in Western letters go by bytes.

    Args:
        change: What becomes of a letter, always one; what becomes of a Western letter is one too.
    """

    def __init__(self, change: Callable[[str], str]) -> None:
        self._by_point = _FillingTable(change)
        self._by_byte = b"".join(change(letter).encode(_PAGE) if letter else byte for byte, letter in _letters())

    def translate(self, text: str) -> str:
        """Give the text with each letter changed."""
        try:
            western = text.encode(_PAGE)
        except UnicodeEncodeError:
            return text.translate(self._by_point)
        return western.translate(self._by_byte).decode(_PAGE)


class _FillingTable(dict[int, int]):
    """A table that fills itself with the characters it meets below U+2100."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self._change = change

    def __missing__(self, point: int) -> int:
        changed = ord(self._change(chr(point)))
        if point < 0x2100:
            self[point] = changed
        return changed
