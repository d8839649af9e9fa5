"""E-mail: one message for a list, with the appeal as plain text and as HTML, ready but for whom it goes to.

The message is two stretches of bytes. Down to the line that begins with `Subject:` stands what differs from list to
list and from reader to reader, as `PLACEHOLDERS` under `placeholder.invalid`, a domain that no mail ever reaches
(RFC 6761). From `Subject:` to the end it is the same for everybody: these bytes can be approved, hashed and signed
once, and a mailer puts its own header before them without touching them.

The subject is the kind of document and its code, which are public and which replies quote. The title is left out of
it: it names people, and a list of subjects is read over shoulders, shown on locked screens and kept by mail servers.

There is no `Auto-Submitted` (RFC 3834): people wrote and released the appeal. Automatic answers are held off by
`List-Id` and `Precedence`.
"""

import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator

from tocsin.core.render.characters import one_line
from tocsin.core.render.labels import labels_for
from tocsin.core.render.mail_html import to_mail_html
from tocsin.core.render.markup import is_tag
from tocsin.core.render.page import Page
from tocsin.core.render.text import to_flowed_text

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NO_DAY = dt.date(1970, 1, 1)

PLACEHOLDERS = (
    ("From", "<from@placeholder.invalid>"),
    ("Reply-To", "<reply@placeholder.invalid>"),
    ("To", "<to@placeholder.invalid>"),
    ("Message-ID", "<message@placeholder.invalid>"),
    ("List-Id", "<list.placeholder.invalid>"),
    ("List-Unsubscribe", "<https://placeholder.invalid/unsubscribe>"),
    ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
)

# RFC 5322 wants lines of at most 78 characters, RFC 2045 and 2047 of at most 76.
_WIDTH = 76
_LONGEST_WORD = 75
_PLAIN_WORDS = re.compile(r"[!-~]{1,60}(?: [!-~]{1,60})*")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9-]{1,60}(?: [A-Za-z0-9-]{1,60})*")  # atoms, which need no quotes before an address
# What quoted-printable leaves as it is (RFC 2045, section 6.7), but for spaces at the end of a line.
_LITERAL = bytes(byte for byte in range(0x20, 0x7F) if byte != ord("="))
_QUOTED = tuple(chr(byte) if byte in _LITERAL else f"={byte:02X}" for byte in range(256))
_NOT_IN_A_WORD = re.compile(rb"[^A-Za-z0-9!*+/-]")  # what Q encoding hides in any place of a header (RFC 2047, 5)


def to_mail(page: Page) -> str:
    """Print a page as a message by RFC 5322, in ASCII and with CRLF at each end of line.

    No line is longer than 78 characters, and none begins with a stop or with `From `, so that relays that forget to
    double the stop, and folders that divide mails by such lines, leave it whole.
    """
    day = dt.date.fromisoformat(page.issued_on) if page.issued_on else _NO_DAY
    # The grammar asks for four digits or more, and for no year before 1900.
    day = day if day.year >= 1900 else _NO_DAY
    lines = [
        *(f"{name}: {value}" for name, value in PLACEHOLDERS[:4]),
        # `-0000` says that nothing is told about the place.
        f"Date: {_day(day)} 00:00:00 -0000",
        *(f"{name}: {value}" for name, value in PLACEHOLDERS[4:]),
        mail_words(page),
    ]
    return "\r\n".join(lines)


def mail_words(page: Page, *, html: bool = True, neutral: bool = False, mark: str = "") -> str:
    """Print what is the same for everybody who gets a page as mail: from `Subject:` to the end.

    Args:
        page: The page.
        html: Whether HTML stands beside the plain text; else the message is that text alone, byte for byte the same.
        neutral: Whether its subject and first lines say nothing, for a phone that shows them while it is locked.
        mark: What to say before it, such as that it is a test.
    """
    texts, opening = [one_line(page.banner), one_line(page.code or "")], ""
    if neutral:
        labels = labels_for(page.label_language)
        texts, opening = [one_line(labels["neutral_subject"])], labels["neutral_opening"]
    lines = [
        *_subject(*texts, mark=mark),
        "Precedence: list",
        *([f"Content-Language: {page.language}"] if is_tag(page.language) else []),
        "MIME-Version: 1.0",
    ]
    plain = _part("plain", to_flowed_text(page, opening), flowed=True)
    lines += [*_alternatives(plain, _part("html", to_mail_html(page, opening))), ""] if html else [plain, ""]
    return "\r\n".join(lines)


def mail_name(field: str, name: str, address: str) -> str:
    """Write a field that holds one address and, if it is not empty, the name before it, in lines by RFC 5322."""
    lines, name = [f"{field}:"], one_line(name)
    for word in [*_words(name, lines[0], _PLAIN_NAME), f"<{address}>"] if name else [f"<{address}>"]:
        _append(lines, word)
    return "\r\n".join(lines)


def mail_date(at: dt.datetime) -> str:
    """Write a moment by RFC 5322, in UTC."""
    at = at.astimezone(dt.UTC)
    return f"{_day(at.date())} {at:%H:%M:%S} +0000"


def _alternatives(plain: str, html: str) -> list[str]:
    boundary = f"=_{hashlib.sha256((plain + html).encode()).hexdigest()[:32]}"
    return [
        "Content-Type: multipart/alternative;",
        f' boundary="{boundary}"',
        "",
        # Neither encoding can print `=_`, so no body can hold the boundary.
        f"--{boundary}",
        plain,
        f"--{boundary}",
        html,
        f"--{boundary}--",
    ]


def _day(day: dt.date) -> str:
    return f"{_DAYS[day.weekday()]}, {day.day:02} {_MONTHS[day.month - 1]} {day.year}"


def _part(subtype: str, text: str, *, flowed: bool = False) -> str:
    """Give one form of the text as a MIME part, in the transfer encoding that needs less room."""
    encoded = text.replace("\n", "\r\n").encode()
    quoted = len(encoded) + 2 * len(encoded.translate(None, _LITERAL + b"\r\n"))
    rows: Iterable[str]
    if 3 * quoted <= 4 * len(encoded):
        name, rows = "quoted-printable", _quoted_printable(encoded)
    else:
        name, rows = "base64", _base64(encoded)
    kind = f"Content-Type: text/{subtype}; charset=utf-8{'; format=flowed' if flowed else ''}"
    return "\r\n".join([kind, f"Content-Transfer-Encoding: {name}", "", *rows])


def _base64(text: bytes) -> Iterator[str]:
    step = _WIDTH // 4 * 3
    for start in range(0, len(text), step):
        yield binascii.b2a_base64(text[start : start + step], newline=False).decode()


def _quoted_printable(text: bytes) -> Iterator[str]:
    for line in text.split(b"\r\n"):
        signs = [_QUOTED[byte] for byte in line]
        if signs and signs[-1] == " ":
            signs[-1] = "=20"
        yield from _broken(signs)


def _broken(signs: list[str]) -> Iterator[str]:
    """Break one encoded line softly; no piece begins with a stop or with `From `."""
    start = 0
    while True:
        if signs[start : start + 1] == ["."] or signs[start : start + 5] == ["F", "r", "o", "m", " "]:
            signs[start] = f"={ord(signs[start]):02X}"
        rest = "".join(signs[start : start + _WIDTH + 1])
        if len(rest) <= _WIDTH:
            yield rest
            return
        end, width = start, 1  # the sign of the soft break
        while width + len(signs[end]) <= _WIDTH:
            width += len(signs[end])
            end += 1
        yield "".join(signs[start:end]) + "="
        start = end


def _subject(text: str, code: str | None = None, *, mark: str = "") -> list[str]:
    """Give the subject as lines; a code stays in plain letters beside a kind that has to be encoded.

    A no-break space means nothing there, and most subjects stay in plain letters without it.
    """
    text = text.replace("\u00a0", " ")
    texts = (text,) if code is None else (text, code) if _is_plain(code) else (one_line(f"{text} {code}"),)
    lines = ["Subject:"]
    for each in (mark, *texts) if mark else texts:
        for word in _words(each, lines[-1], _PLAIN_WORDS):
            _append(lines, word)
    return lines


def _words(text: str, line: str, plain: re.Pattern[str]) -> Iterable[str]:
    """Give a text as words that may stand behind a line: as they are where they are plain, else encoded."""
    return text.split(" ") if _is_plain(text, plain) else _encoded_words(text, len(line) + 1)


def _append(lines: list[str], word: str) -> None:
    if len(lines[-1]) + 1 + len(word) <= _WIDTH:
        lines[-1] += f" {word}"
    else:
        lines.append(f" {word}")


def _is_plain(text: str, plain: re.Pattern[str] = _PLAIN_WORDS) -> bool:
    return plain.fullmatch(text) is not None and "=?" not in text


def _encoded_words(value: str, taken: int) -> Iterator[str]:
    """Give encoded words of whole characters, the first short enough to stand behind `taken` characters."""
    text = value.encode()
    base64 = len(text) + 2 * len(_NOT_IN_A_WORD.findall(text.replace(b" ", b"_"))) > len(text) * 4 / 3
    encode = _in_base64 if base64 else _in_quotes
    word = ""
    for sign in value:
        if word and len(encode(word + sign)) > _LONGEST_WORD - taken:
            yield encode(word)
            word, taken = "", 1
        word += sign
    yield encode(word)


def _in_base64(text: str) -> str:
    return f"=?utf-8?B?{binascii.b2a_base64(text.encode(), newline=False).decode()}?="


def _in_quotes(text: str) -> str:
    return f"=?utf-8?Q?{_NOT_IN_A_WORD.sub(_hidden, text.encode()).decode()}?="


def _hidden(sign: re.Match[bytes]) -> bytes:
    return b"_" if sign[0] == b" " else b"=%02X" % ord(sign[0])
