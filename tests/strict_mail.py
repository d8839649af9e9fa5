"""A strict checker of mail: the grammars of RFC 5322, 2045, 2046, 2047 and 3676 on the bytes, with nothing forgiven.

It shares no code with what writes our mails. Where a grammar allows more than one way, it allows what a careful writer
uses and refuses the rest: obsolete forms, comments, bare control characters, headers that we never announced.
"""

import base64
import datetime as dt
import re
from dataclasses import dataclass

# Nothing else may stand in a mail of ours (no program, host, address of a sender, or time of making).
ALLOWED_HEADERS = {
    "From", "Reply-To", "To", "Message-ID", "Date", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Subject",
    "Precedence", "Content-Language", "MIME-Version", "Content-Type",
}  # fmt: skip
_NEEDED = {"From", "To", "Message-ID", "Date", "Subject", "MIME-Version", "Content-Type"}
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = rf"<{_ATOM}(?:\.{_ATOM})*@[a-z0-9-]+(?:\.[a-z0-9-]+)+>"
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DATE = re.compile(rf"({'|'.join(_DAYS)}), (\d\d) ({'|'.join(_MONTHS)}) (\d{{4}}) 00:00:00 -0000")
_VALUES = {
    "From": re.compile(_ADDRESS),
    "Reply-To": re.compile(_ADDRESS),
    "To": re.compile(_ADDRESS),
    "Message-ID": re.compile(_ADDRESS),
    "Date": _DATE,
    "List-Id": re.compile(r"<[a-z0-9-]+(?:\.[a-z0-9-]+)+>"),  # RFC 2919
    "List-Unsubscribe": re.compile(r"<https://[a-z0-9.-]+/[A-Za-z0-9._~/-]*>"),  # RFC 2369, and 8058 wants https
    "List-Unsubscribe-Post": re.compile(r"List-Unsubscribe=One-Click"),  # RFC 8058
    "Precedence": re.compile(r"list"),
    "Content-Language": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"),
    "MIME-Version": re.compile(r"1\.0"),
    "Content-Type": re.compile(r'multipart/alternative; boundary="([0-9A-Za-z\'()+_,./:=?-]{1,69}[0-9A-Za-z=_])"'),
}
# What a message says that is made ready to be sent, beyond or instead of the mail that is a file.
SENT_HEADERS = ALLOWED_HEADERS | {"List-Archive", "List-Post", "Content-Transfer-Encoding"}
_PLAIN_TYPE = "text/plain; charset=utf-8; format=flowed"
_SENT_VALUES = {
    **_VALUES,
    "From": re.compile(rf"(?:(?:[A-Za-z0-9-]+|=\?utf-8\?[BQ]\?[A-Za-z0-9!*+/=_-]+\?=) )*{_ADDRESS}"),
    "Date": re.compile(rf"({'|'.join(_DAYS)}), (\d\d) ({'|'.join(_MONTHS)}) (\d{{4}}) \d\d:\d\d:\d\d \+0000"),
    "List-Unsubscribe": re.compile(r"<https://[a-z0-9.-]+/[a-z/]+/[0-9a-f]{32}>"),
    "Message-ID": re.compile(r"<[0-9a-f]{32}@[a-z0-9.-]+>"),
    "List-Archive": re.compile(r"<https://[a-z0-9.-]+/[A-Za-z0-9._~/-]*>"),
    "List-Post": re.compile(r"NO"),
    "Content-Type": re.compile(rf"{_VALUES['Content-Type'].pattern}|{re.escape(_PLAIN_TYPE)}"),
    "Content-Transfer-Encoding": re.compile(r"base64|quoted-printable"),
}
_DKIM = re.compile(
    r"DKIM-Signature: v=1; a=(?:rsa|ed25519)-sha256; c=relaxed/relaxed; d=[a-z0-9.-]+; s=[a-z0-9-]+; t=\d+; x=\d+; "
    r"h=[a-z: -]+; bh=[A-Za-z0-9+/]{43}=; b= ?[A-Za-z0-9+/ ]+={0,2}\r\n"
)
_FIELD = re.compile(r"([!-9;-~]+):((?: [^\r\n]*\S)(?:\r\n[ \t][^\r\n]*\S)*)\r\n")
_ENCODED_WORD = re.compile(r"=\?utf-8\?(?:B\?([A-Za-z0-9+/]+={0,2})|Q\?((?:[A-Za-z0-9!*+/_-]|=[0-9A-F]{2})+))\?=")


class NotStrict(AssertionError):
    """The message breaks a rule; it says which."""


@dataclass(frozen=True)
class Checked:
    """A message that keeps every rule: its headers as they read, and its two texts with plain line breaks."""

    headers: dict[str, str]
    plain: str
    html: str


@dataclass(frozen=True)
class Sent:
    """A message that is ready to be sent and keeps every rule; `html` is None where the text stands alone."""

    headers: dict[str, str]
    plain: str
    html: str | None
    signatures: int


def _must(condition: object, rule: str) -> None:
    if not condition:
        raise NotStrict(rule)


def check(message: bytes) -> Checked:
    """Check a message and read it.

    Raises:
        NotStrict: It breaks a rule.
    """
    _check_bytes(message)
    text = message.decode("ascii")
    head, blank, body = text.partition("\r\n\r\n")
    _must(blank, "an empty line ends the header")
    headers = _fields(head + "\r\n")
    _must(headers.keys() <= ALLOWED_HEADERS, f"headers: {sorted(headers.keys() - ALLOWED_HEADERS)}")
    _must(headers.keys() >= _NEEDED, f"missing: {sorted(_NEEDED - headers.keys())}")
    for name, pattern in _VALUES.items():
        _must(name not in headers or pattern.fullmatch(headers[name]), f"{name}: {headers.get(name)!r}")
    _check_date(headers["Date"])
    headers["Subject"] = _unstructured(headers["Subject"])
    boundary = _VALUES["Content-Type"].fullmatch(headers["Content-Type"])[1]
    plain, html = _parts(body, boundary)
    return Checked(
        headers,
        _unflowed(_leaf(plain, "text/plain; charset=utf-8; format=flowed")),
        _leaf(html, "text/html; charset=utf-8"),
    )


def check_sent(message: bytes) -> Sent:
    """Check a message that is ready to be sent, and read it.

    Raises:
        NotStrict: It breaks a rule.
    """
    _check_bytes(message)
    head, blank, body = message.decode("ascii").partition("\r\n\r\n")
    _must(blank, "an empty line ends the header")
    head, signatures = _after_signatures(head + "\r\n")
    headers = _fields(head)
    alone = headers.get("Content-Type") == _PLAIN_TYPE
    needed = SENT_HEADERS - {"Content-Language"} - (set() if alone else {"Content-Transfer-Encoding"})
    _must(headers.keys() <= SENT_HEADERS, f"headers: {sorted(headers.keys() - SENT_HEADERS)}")
    _must(headers.keys() >= needed, f"missing: {sorted(needed - headers.keys())}")
    for name, pattern in _SENT_VALUES.items():
        _must(name not in headers or pattern.fullmatch(headers[name]), f"{name}: {headers.get(name)!r}")
    headers["Subject"] = _unstructured(headers["Subject"])
    if alone:
        part = "".join(f"{name}: {headers[name]}\r\n" for name in ("Content-Type", "Content-Transfer-Encoding"))
        return Sent(headers, _unflowed(_leaf(f"{part}\r\n{body.removesuffix(_END)}", _PLAIN_TYPE)), None, signatures)
    plain, html = _parts(body, _VALUES["Content-Type"].fullmatch(headers["Content-Type"])[1])
    return Sent(headers, _unflowed(_leaf(plain, _PLAIN_TYPE)), _leaf(html, "text/html; charset=utf-8"), signatures)


_END = "\r\n"
# An address cannot be broken: a field that is nothing but one may be as long as it is.
_ONE_WORD = re.compile(rb"(?:To|Message-ID|List-Unsubscribe|List-Archive): <[!-=?-~]{,400}>")


def _after_signatures(head: str) -> tuple[str, int]:
    """Take the signatures off the top of a header, each of them checked."""
    count = 0
    while head.startswith("DKIM-Signature:"):
        field = _FIELD.match(head)
        _must(field and _DKIM.fullmatch(field[0].replace("\r\n ", " ")), f"a signature: {head[:400]!r}")
        head, count = head[field.end() :], count + 1
    return head, count


def _check_bytes(message: bytes) -> None:
    _must(all(byte in b"\r\n\t" or 0x20 <= byte < 0x7F for byte in message), "printable ASCII only")
    _must(b"\r" not in message.replace(b"\r\n", b"") and b"\n" not in message.replace(b"\r\n", b""), "CRLF only")
    _must(message.endswith(b"\r\n"), "the last line ends too")
    for line in message.split(b"\r\n"):
        _must(len(line) <= 78 or _ONE_WORD.fullmatch(line), f"a line of {len(line)} characters")
        _must(not line.startswith((b".", b"From ")), "a line that relays or folders may change")
        _must(not line.endswith((b" ", b"\t")), "white space at the end of a line is lost on the way")


def _fields(head: str) -> dict[str, str]:
    """Read the fields of a header, unfolded; each may stand once."""
    fields: dict[str, str] = {}
    at = 0
    while at < len(head):
        field = _FIELD.match(head, at)
        _must(field, f"no field: {head[at : at + 40]!r}")
        name, value = field[1], field[2]
        _must(name not in fields, f"{name} stands twice")
        fields[name] = value.replace("\r\n", "")[1:]
        at = field.end()
    return fields


def _check_date(value: str) -> None:
    weekday, day, month, year = _DATE.fullmatch(value).groups()
    date = dt.date(int(year), _MONTHS.index(month) + 1, int(day))
    _must(date.year >= 1900 and _DAYS[date.weekday()] == weekday, "the day of the week is that of the date")


def _unstructured(value: str) -> str:
    """Decode the encoded words of a header (RFC 2047, section 6.2): white space between two of them is none."""
    read, gap, after_encoded = "", "", False
    for word in re.split(r"([ \t]+)", value):
        if not word.strip():
            gap = word
            continue
        encoded = _ENCODED_WORD.fullmatch(word)
        _must(encoded or "=?" not in word, f"half an encoded word: {word!r}")
        _must(not encoded or len(word) <= 75, "an encoded word is too long")
        read += "" if encoded and after_encoded else gap
        read += _decoded(encoded) if encoded else word
        after_encoded = bool(encoded)
    _must(not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in read), "a control character in a header")
    return read


def _decoded(word: re.Match[str]) -> str:
    if word[1]:
        return base64.b64decode(word[1], validate=True).decode()  # whole characters in each word, or this fails
    return _unquoted(word[2].replace("_", " ")).decode()


def _unquoted(text: str) -> bytes:
    return re.sub(rb"=([0-9A-F]{2})", lambda sign: bytes([int(sign[1], 16)]), text.encode("ascii"))


def _parts(body: str, boundary: str) -> tuple[str, str]:
    """Cut the body at its boundaries: no text before the first, none after the last, two parts between."""
    pieces = body.split(f"--{boundary}")
    _must(len(pieces) == 4 and pieces[0] == "" and pieces[3] == "--\r\n", "two parts between boundaries, and no more")
    for piece in pieces[1:3]:
        _must(piece.startswith("\r\n") and piece.endswith("\r\n"), "a boundary has a line for itself")
    return pieces[1][2:-2], pieces[2][2:-2]


def _leaf(part: str, kind: str) -> str:
    head, _, content = part.partition("\r\n\r\n")
    fields = _fields(head + "\r\n")
    _must(set(fields) == {"Content-Type", "Content-Transfer-Encoding"}, "two headers for a part")
    _must(fields["Content-Type"] == kind, f"Content-Type: {fields['Content-Type']}")
    decode = {"base64": _from_base64, "quoted-printable": _from_quoted_printable}
    encoding = fields["Content-Transfer-Encoding"]
    _must(encoding in decode, f"Content-Transfer-Encoding: {encoding}")
    text = decode[encoding](content).decode("utf-8")
    _must("\r" not in text.replace("\r\n", "") and "\n" not in text.replace("\r\n", ""), "text breaks lines by CRLF")
    _must("\x00" not in text, "no NUL in a text")
    return text.replace("\r\n", "\n")


def _from_base64(content: str) -> bytes:
    lines = content.split("\r\n")
    _must(all(len(line) == 76 for line in lines[:-1]) and 0 < len(lines[-1]) <= 76, "base64 in lines of 76")
    return base64.b64decode("".join(lines), validate=True)


def _from_quoted_printable(content: str) -> bytes:
    lines = content.split("\r\n")
    for line in lines:
        _must(len(line) <= 76, "quoted-printable in lines of 76")
        _must(re.fullmatch(r"(?:[ !-<>-~]|=[0-9A-F]{2})*=?", line), f"not quoted-printable: {line!r}")
    _must(not lines[-1].endswith("="), "the last line is not broken")
    return _unquoted("\r\n".join(lines).replace("=\r\n", ""))


def _unflowed(text: str) -> str:
    """Join what was only broken to fit (RFC 3676); nothing here is quoted or a signature."""
    joined = ""
    for line in text.split("\n"):
        _must(not line.startswith((">", "From ")), "a line that reads as a quotation, or as the start of a mail")
        _must(line != "-- ", "a line that reads as the start of a signature")
        said = line.removeprefix(" ")
        joined += said if said.endswith(" ") else f"{said}\n"
    _must(joined.endswith("\n"), "the last line is not left open")
    return joined.removesuffix("\n")
