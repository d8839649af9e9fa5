"""The parts of a mail as they lie in its bytes, however broken: never an error, and time in proportion to the length.

The parser of the standard library raises on real mail and takes minutes over hostile ones. What comes back to a return
path has to be told apart by the thousand, so this one knows headers, multiparts and the two encodings, and no more.
"""

import base64
import quopri
import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1_000_000
"""Bytes of a mail that are looked at; a report says what it says at its beginning."""
_MOST_PARTS: Final = 40
_DEEPEST: Final = 4
_LONGEST_FIELD: Final = 4_000
_MOST_FIELDS: Final = 400

_FIELD: Final = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)")
_PARAMETER: Final = re.compile(r';\s*([A-Za-z-]{1,40})\*?\s*=\s*(?:"([^"]*)"|([^;\s]*))')
_KIND: Final = re.compile(r"\s*([A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60})")
_WORD: Final = re.compile(r"=\?([A-Za-z0-9_-]{1,30})(?:\*[A-Za-z-]{1,20})?\?([bqBQ])\?([^?\s]*)\?=")
_BETWEEN_WORDS: Final = re.compile(r"\?=\s+=\?")
# Charsets in which mail is written; what a stranger calls something else is read as if nothing had been said.
_CHARSET: Final = re.compile(
    r"(?:utf-?8|us-ascii|iso-?8859-?[0-9]{1,2}|(?:windows|cp)-?125[0-8]|cp866|koi8-[ru]|"
    r"gb2312|gbk|gb18030|big5|shift_jis|euc-(?:jp|kr)|iso-2022-jp)"
)
_TAG: Final = re.compile(r"<[^<>]*>")
_BREAK: Final = re.compile(r"(?i)</?(?:p|div|br|tr|table|h[1-6]|li|ul|td)\b[^<>]*>")
_HIDDEN: Final = re.compile(r"(?is)<(style|script|title)\b[^<>]*>[^<]*</\1\s*>")

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its fields with names in small letters and values on one line, its kind, and what is in it.

    Attributes:
        kind: As in `text/plain`, in small letters.
        parameters: Of the kind, by name in small letters.
        body: As it lies in the mail.
        parts: What a multipart is made of.
    """

    fields: Fields
    kind: str
    parameters: dict[str, str]
    body: bytes
    parts: tuple["Part", ...] = ()

    def all(self, name: str) -> list[str]:
        """Give the values of all fields of a name, which is in small letters."""
        return [value for each, value in self.fields if each == name]

    def first(self, name: str) -> str:
        """Give the value of the first field of a name; empty if there is none."""
        return next((value for each, value in self.fields if each == name), "")

    @property
    def content(self) -> bytes:
        """The body without its encoding."""
        return _decoded(self.body, self.first("content-transfer-encoding"))

    @property
    def text(self) -> str:
        """The body as text; of HTML, the words."""
        text = _characters(self.content, self.parameters.get("charset", ""))
        if self.kind != "text/html":
            return text
        for pattern, instead in ((_HIDDEN, " "), (_BREAK, "\n"), (_TAG, " ")):
            text = pattern.sub(instead, text)
        for name, sign in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&quot;", '"')):
            text = text.replace(name, sign)
        return text.replace("&amp;", "&")


def read_parts(raw: bytes) -> Part:
    """Take a mail apart; whatever the bytes are, there is one part at least."""
    return _Reader().read(raw[:LONGEST].replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def read_fields(lines: bytes) -> Fields:
    """Give the fields of a header, unfolded; a line that is none is passed over."""
    fields: list[tuple[str, list[bytes]]] = []
    for line in lines.split(b"\n"):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line)
        elif len(fields) < _MOST_FIELDS and (found := _FIELD.match(line)):
            fields.append((found[1].decode("ascii").lower(), [found[2]]))
    return tuple(
        (name, " ".join(_characters(b" ".join(said)[:_LONGEST_FIELD], "").replace("\x00", " ").split()))
        for name, said in fields
    )


def readable(value: str) -> str:
    """Give the value of a field with its encoded words (RFC 2047) decoded."""
    return _WORD.sub(_word, _BETWEEN_WORDS.sub("?==?", value))


class _Reader:
    """Counts the parts of one mail."""

    def __init__(self) -> None:
        self._left = _MOST_PARTS

    def read(self, raw: bytes, depth: int = 0) -> Part:
        self._left -= 1
        head, body = _parted(raw)
        fields = read_fields(head)
        said = next((value for name, value in fields if name == "content-type"), "")
        found = _KIND.match(said)
        parameters = {each[1].lower(): each[2] or each[3] or "" for each in _PARAMETER.finditer(said)}
        kind = found[1].lower() if found else "text/plain"
        parts: tuple[Part, ...] = ()
        if kind.startswith("multipart/") and parameters.get("boundary") and depth < _DEEPEST:
            parts = tuple(self.read(each, depth + 1) for each in self._pieces(body, parameters["boundary"]))
        return Part(fields, kind, parameters, body, parts)

    def _pieces(self, body: bytes, boundary: str) -> list[bytes]:
        line = re.compile(rb"(?m)^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*$\n?")
        pieces: list[bytes] = []
        start: int | None = None
        for found in line.finditer(body):
            if start is not None:
                pieces.append(body[start : found.start()])
            start = None if found[1] else found.end()
            if found[1] or len(pieces) >= self._left:
                break
        # A report that was cut off, or whose end is not marked, still says what it says.
        if start is not None and len(pieces) < self._left:
            pieces.append(body[start:])
        return pieces[: max(0, self._left)]


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    """Part header and body at the first empty line; a body may begin at once."""
    if raw.startswith(b"\n"):
        return b"", raw[1:]
    head, _, body = raw.partition(b"\n\n")
    return head, body


def _decoded(body: bytes, encoding: str) -> bytes:
    encoding = encoding.strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        # Letters of it alone, in fours: there is nothing that does not decode.
        return base64.b64decode(letters[: len(letters) // 4 * 4] + _rest(letters))
    return body


def _rest(letters: bytes) -> bytes:
    """Give the last letters of base64 filled up; one letter alone says nothing."""
    rest = letters[len(letters) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _characters(content: bytes, charset: str) -> str:
    name = charset.strip().lower()
    if _CHARSET.fullmatch(name) and name not in ("us-ascii", "utf-8", "utf8"):
        try:
            return content.decode(name, "replace")
        except LookupError:
            pass
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _word(found: re.Match[str]) -> str:
    letters = found[3].encode("ascii", "replace")
    if found[2] in "qQ":
        return _characters(quopri.decodestring(letters, header=True), found[1])
    return _characters(_decoded(letters, "base64"), found[1])
