"""Mail to text: its main headers as lines, its best body, forwarded mails and readable attachments after separators.

The mail parser of the standard library raises on real mail with broken headers, and takes minutes over hostile ones,
where its policy parses headers. So the old policy is used, which leaves them alone; the headers that are shown are
decoded in `mail_headers`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from email import errors as mail_errors
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Policy, compat32
from typing import Any, TypeAlias, cast

from tocsin.adapters.documents import html
from tocsin.adapters.documents.formats import check_name, extension_of, sniff
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.mail_headers import decode_base64, header_lines, readable_header, readable_name
from tocsin.adapters.documents.opened import Attachment, Opened
from tocsin.adapters.documents.openers import open_document
from tocsin.adapters.documents.plaintext import decode, tidy
from tocsin.core.errors import BadInput, BinaryInput, EmptyInput, RefusedFile, UndecodableInput

Mail: TypeAlias = "Message[str, str]"

_CHUNK = 65_536
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/]*={0,2}[ \t]*")
_SHORTEST_ENCODED = 40
_PICTURES = frozenset("bmp gif heic jpeg jpg png tif tiff webp".split())
_PDF = b"%PDF-"
_LONGEST_STRUCTURED_HEADER = 10_000
_CUT_OFF = (mail_errors.CloseBoundaryNotFoundDefect, mail_errors.StartBoundaryNotFoundDefect)
# What the accessors of the standard library are known to raise on parameters that are broken.
_BROKEN = (LookupError, ValueError, TypeError, AttributeError, AssertionError, mail_errors.MessageError)
_SPACES_FOR_CONTROLS = bytes.maketrans(bytes(range(9)), b" " * 9)


def open_bytes(data: bytes, limits: Limits) -> Opened:
    """Read a mail.

    Raises:
        RefusedFile: It has too many parts, or mails within mails.
    """
    reading = _Reading(limits)
    text = reading.read(_parsed(data, limits), depth=1)
    return Opened(text, list(dict.fromkeys(reading.warnings)), reading.attachments)


def _parsed(data: bytes, limits: Limits) -> Mail:
    """Parse, and stop as soon as there are more parts than may be."""
    parts = 0

    def part(policy: Policy[Mail] = compat32) -> Mail:
        nonlocal parts
        parts += 1
        # The parser makes one part for a trial before the first.
        if parts > limits.mail_parts + 1:
            raise RefusedFile(f"the mail has more than {limits.mail_parts} parts")
        return _Part(policy)

    parser: BytesFeedParser[Mail] = BytesFeedParser(part, policy=compat32)
    for start in range(0, len(data), _CHUNK):
        parser.feed(data[start : start + _CHUNK])
    return parser.close()


class _Part(Message):
    """A part whose structured headers have a limit: the parser takes time with the square of their length.

    Attributes:
        written: The body as it came, bytes beyond ASCII as surrogates. The standard library would decode those by the
            charset that the part names, and raises on names such as one with a NUL in it.
    """

    written = ""

    def set_payload(self, payload: Any, charset: Any = None) -> None:
        if isinstance(payload, str):
            self.written = payload
        super().set_payload(payload, charset)

    def set_raw(self, name: str, value: str) -> None:
        if len(value) > _LONGEST_STRUCTURED_HEADER and name.lower().startswith("content-"):
            raise RefusedFile(f"the header {name[:40]} of the mail is absurdly long")
        super().set_raw(name, value)


class _Reading:
    """One mail with all that is in it."""

    def __init__(self, limits: Limits) -> None:
        self.warnings: list[str] = []
        self.attachments: list[Attachment] = []
        self._limits = limits

    def read(self, mail: Mail, depth: int) -> str:
        """Give header lines, an empty line, and the text of the body."""
        if depth > self._limits.mail_depth:
            raise RefusedFile(f"mails lie within each other more than {self._limits.mail_depth} deep")
        head = "\n".join(header_lines(mail))
        return "\n\n".join(filter(None, (head, *self._part(mail, depth)))) + "\n"

    def _part(self, part: Mail, depth: int) -> Iterator[str]:
        """Give the blocks of text of one part and the parts in it."""
        if any(isinstance(defect, _CUT_OFF) for defect in part.defects):
            self.warnings.append("the mail is cut off or its parts are not marked as announced: text may be missing")
        kind = part.get_content_type()
        if part.is_multipart():
            yield from self._parts(part, kind, cast("list[Mail]", part.get_payload()), depth)
        elif kind in ("text/plain", "text/html") and not _is_attached(part):
            yield self._body(part, kind).strip("\n")
        elif kind.startswith("multipart/"):
            yield self._body(part, "text/plain").strip("\n")
        else:
            yield from self._attachment(part, kind)

    def _parts(self, part: Mail, kind: str, parts: list[Mail], depth: int) -> Iterator[str]:
        if kind == "multipart/alternative":
            yield from self._best(parts, depth)
        elif kind == "message/rfc822":
            for mail in parts:
                yield "----- forwarded message -----"
                yield self.read(mail, depth + 1).strip("\n")
        elif kind.startswith("multipart/"):
            for inner in parts:
                yield from self._part(inner, depth)
        else:
            # A delivery report: its parts are nothing but headers.
            for inner in parts:
                yield "\n".join(f"{name}: {readable_header(value)}" for name, value in inner.raw_items())
        if part.epilogue and part.epilogue.strip():
            yield _from_escaped(part.epilogue).strip("\n")

    def _best(self, parts: list[Mail], depth: int) -> Iterator[str]:
        """Take the plain form of a text that comes in several, and another only where the plain one is empty."""
        chosen: list[str] = []
        for part in sorted(parts, key=lambda part: part.get_content_type() != "text/plain"):
            if chosen and part.get_content_maintype() in ("text", "multipart"):
                continue
            chosen += [block for block in self._part(part, depth) if block.strip()]
        yield from chosen

    def _body(self, part: Mail, kind: str) -> str:
        content = _content(part)
        charset = _parameter(part.get_content_charset)
        try:
            if kind == "text/html":
                opened = html.open_bytes(content, self._limits, charset or None)
                self.warnings += opened.warnings
                return opened.text
            text = self._decoded(content, charset)
        except (BinaryInput, UndecodableInput):
            self.warnings.append(
                "a part of the mail is in no encoding that we read; strange signs in it stand for bytes"
            )
            text = tidy(content.translate(_SPACES_FOR_CONTROLS).decode("utf-8", "replace"))
        flowed = _parameter(lambda: part.get_param("format"))
        delete_space = _parameter(lambda: part.get_param("delsp"))
        return _unflowed(text, drop=delete_space.lower() == "yes") if flowed.lower() == "flowed" else text

    def _decoded(self, content: bytes, charset: str) -> str:
        text, warnings = decode(content, charset or None)
        self.warnings += warnings
        return text

    def _attachment(self, part: Mail, kind: str) -> Iterator[str]:
        """List an attachment, and give its text where it is a document that we open."""
        content = _content(part)
        name = readable_name(_parameter(part.get_filename))
        label = name or kind
        text, pictured = None, kind.startswith("image/") or extension_of(name) in _PICTURES
        try:
            text = self._document_text(content, name, kind)
        except BadInput as error:
            self.warnings.append(f"attachment left out: {label}: {error.what}")
            pictured = pictured or (isinstance(error, EmptyInput) and content.startswith(_PDF))
        self.attachments.append(Attachment(name, kind, len(content), text is not None, pictured))
        if text is not None:
            yield f"----- attachment: {label} -----"
            yield text.strip("\n")

    def _document_text(self, content: bytes, name: str, kind: str) -> str:
        extension = extension_of(name)
        found = sniff(content, extension)
        check_name(found, extension)
        if found == "text" and (kind.startswith("text/") or extension in ("txt", "text", "md")):
            return self._decoded(content, "")
        if found in ("text", "eml"):
            raise BinaryInput("not a document that we open inside a mail")
        opened = open_document(found, content, self._limits)
        self.warnings += opened.warnings
        return opened.text


def _is_attached(part: Mail) -> bool:
    return _parameter(part.get_content_disposition) == "attachment"


def _parameter(get: Callable[[], object]) -> str:
    """Ask for a parameter of a header; what is broken is as good as not there."""
    try:
        value = get()
    except _BROKEN:
        return ""
    if isinstance(value, tuple):
        value = value[-1]
    return value if isinstance(value, str) else ""


def _content(part: Mail) -> bytes:
    """Undo the transfer encoding; what does not decode stays as it stands."""
    stray = _stray_lines(part)
    if stray is not None:
        return stray
    try:
        content = part.get_payload(decode=True)
    except _BROKEN:
        content = None
    if isinstance(content, bytes):
        return content
    return _written(part).encode("utf-8", "surrogateescape")


def _stray_lines(part: Mail) -> bytes | None:
    """Decode Base64 with other lines in it, which the standard library turns into noise or drops.

    Mailing lists write their footers under encoded text, and some programs announce Base64 and write plain text.

    Returns:
        None where there are no such lines.
    """
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() != "base64":
        return None
    lines = _written(part).strip().splitlines()
    encoded = list(itertools.takewhile(_BASE64_LINE.fullmatch, lines))
    if len(encoded) == len(lines):
        return None
    digits = "".join(encoded)
    if len(digits) < _SHORTEST_ENCODED:
        encoded, digits = [], ""
    rest = "\n".join(lines[len(encoded) :]).encode("utf-8", "surrogateescape")
    return decode_base64(digits) + b"\n" + rest


def _written(part: Mail) -> str:
    return part.written if isinstance(part, _Part) else ""


def _from_escaped(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unflowed(text: str, *, drop: bool) -> str:
    """Join the lines that a mail program broke for transport and marked so (RFC 3676)."""
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        soft = body.endswith(" ") and body != "-- "
        if depth == open_depth:
            lines[-1] += body[:-1] if soft and drop else body
        else:
            lines.append((">" * depth + " " if depth else "") + (body[:-1] if soft and drop else body))
        open_depth = depth if soft else -1
    return "\n".join(line if line == "-- " else line.rstrip() for line in lines)
