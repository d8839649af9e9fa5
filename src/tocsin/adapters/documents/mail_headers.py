"""Headers of a mail as lines that a person reads: unfolded, decoded (RFC 2047), and never the cause of a failure."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from email.message import Message
from urllib.parse import unquote_to_bytes

from tocsin.adapters.documents.opened import MAIL_HEADERS
from tocsin.adapters.documents.plaintext import decode
from tocsin.core.errors import BadInput

_LONGEST_NAME = 120
_ENCODED_WORD = re.compile(r"=\?([A-Za-z0-9_:.+-]{1,40})(?:\*[A-Za-z-]{1,20})?\?([BbQq])\?([^?]{0,2000})\?=")
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def header_lines(mail: Message[str, str]) -> Iterator[str]:
    """Give the headers that matter to a reader, in a fixed order; a repeated one is repeated."""
    values: dict[str, list[str]] = {}
    for name, value in mail.raw_items():
        values.setdefault(name.lower(), []).append(readable_header(value))
    for name in MAIL_HEADERS:
        yield from (f"{name}: {value}" for value in values.get(name.lower(), ()))


def readable_header(value: object) -> str:
    """Decode a header as it stood in the mail; words that do not decode stay as they are."""
    raw = str(value).encode("utf-8", "surrogateescape")
    return _UNSEEN.sub(" ", "".join(_decoded_words(_text(raw, None)))).strip()


def readable_name(name: str) -> str:
    """Make the name of an attachment harmless: no folders, no control or direction marks, not too long."""
    return readable_header(name).replace("\\", "/").rpartition("/")[2].strip(". ")[:_LONGEST_NAME]


def _decoded_words(text: str) -> Iterator[str]:
    """Decode the encoded words; neighbours in one encoding are one, for some programs cut a letter in two."""
    place = 0
    charset, waiting = "", b""
    for word in _ENCODED_WORD.finditer(text):
        between = text[place : word.start()]
        place = word.end()
        if waiting and (between.strip() or charset != word[1].lower()):
            yield _text(waiting, charset)
            waiting = b""
            yield between if between.strip() else ""
        elif not waiting:
            yield between
        charset = word[1].lower()
        waiting += _bytes_of(word[2].lower(), word[3])
    if waiting:
        yield _text(waiting, charset)
    yield text[place:]


def _bytes_of(encoding: str, written: str) -> bytes:
    if encoding == "q":
        return unquote_to_bytes(written.replace("_", " ").replace("%", "%25").replace("=", "%"))
    return decode_base64(written)


def decode_base64(written: str) -> bytes:
    """Decode Base64 that may be cut or badly padded: whole groups, and what the rest still gives."""
    digits = _NO_BASE64.sub("", written)
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return base64.b64decode(digits + "=" * (-len(digits) % 4))


def _text(raw: bytes, charset: str | None) -> str:
    try:
        return decode(raw, charset)[0]
    except BadInput:
        return raw.decode("utf-8", "replace")
