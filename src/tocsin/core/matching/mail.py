"""Where in a mail a word stands: among the recipients, in the subject, in the writer's own words, or quoted."""

import pkgutil
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import tomli

from tocsin.core.matching.rules import rules

SENDER, RECIPIENT, THREAD, SUBJECT = "sender", "recipient", "thread", "subject"
BODY, LINK, FORWARDED, QUOTED = "body", "link", "forwarded", "quoted"
ATTACHMENT_NAME, ATTACHMENT = "attachment_name", "attachment"
_DATE: Final = "date"

_HEADER: Final = re.compile(r"([^\s:>][^\s:]{0,40})[ \t\u00a0]?:")
_ISO_DATE: Final = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b", re.ASCII)
_MAIL_DATE: Final = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2})[a-z]* ((?:19|20)\d\d)\b", re.ASCII)
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LONGEST_LINK: Final = 500
# Some 150 printed pages; subject and body come first. A mail of nothing but codes then costs seconds, not a minute.
LOOKED_AT: Final = 400_000
"""Characters of a mail that are looked at."""
_LONGEST_MARKER: Final = 300
# What `adapters.documents` writes before what lay in a mail.
_MAIL_WITHIN: Final = "----- forwarded message -----"
_FILE_WITHIN: Final = re.compile(r"----- attachment: .{0,300} -----\s*")


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    table: dict[str, Any] = tomli.loads((pkgutil.get_data(__package__, "mail.toml") or b"").decode())
    return {name: tuple(phrases) for name, phrases in table.items()}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as text: header lines, where there are any, an empty line, and the body.

    Attributes:
        text: As given, without what stands too far back to be looked at.
        starts: Where each part begins, in order.
        places: What each part is: `recipient`, `body`, …, or the empty string for header lines that prove nothing.
        on: The date in the header, where it can be read.
        recipients: Addresses that the mail server was given, whether they stand in the text or not.
        unread: Names of what came with it and could not be read, as far as they have one, and what is sealed in it.
        pictures: Those of them that are pictures, or scanned.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[str, ...]
    on: date | None
    recipients: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    pictures: frozenset[str] = frozenset()

    def place_of(self, position: int) -> str:
        """Say in which part a position of the text lies."""
        place = self.places[bisect_right(self.starts, position) - 1]
        if place != BODY:
            return place
        earliest = max(0, position - _LONGEST_LINK)
        word = self.text[earliest:position].split()[-1:] if not self.text[position - 1 : position].isspace() else []
        return LINK if word and ("://" in word[0] or word[0].lower().startswith("www.")) else BODY

    def parts(self, *wanted: str) -> Iterator[tuple[int, str]]:
        """Give the parts of a kind in their order, each with where it begins."""
        ends = (*self.starts[1:], len(self.text))
        for start, end, place in zip(self.starts, ends, self.places, strict=True):
            if place in wanted:
                yield start, self.text[start:end]


def recipient_lines(mail: Mail) -> Iterator[str]:
    """Give the header lines that say to whom a mail went, and those of the mails that it forwards or quotes."""
    for _, part in mail.parts(RECIPIENT, FORWARDED, QUOTED):
        goes_on = False
        for line in part.splitlines():
            words = line.strip("> *\t\u00a0")
            match = _HEADER.match(words)
            name = match[1].lower().strip("*") if match else ""
            # Whom to answer is who wrote it, and not who got it.
            if goes_on or (name in _phrases()[RECIPIENT] and name != "reply-to"):
                yield words
                goes_on = words.endswith((",", ";"))


def read_mail(
    text: str,
    *,
    recipients: Sequence[str] = (),
    unread: Sequence[str] = (),
    pictures: frozenset[str] = frozenset(),
) -> Mail:
    """Tell the parts of a mail apart; never raises, and a text without header lines is all body.

    Of a text of more than 400,000 characters about the first so many are looked at.
    """
    if len(text) > LOOKED_AT:
        # At the end of a line where one is near, so that no code is cut in two and taken for another.
        text = text[: text.rfind("\n", LOOKED_AT - _LONGEST_LINK, LOOKED_AT) + 1 or LOOKED_AT]
    lines = text.splitlines(keepends=True)
    starts, places, position = [0], [BODY], 0
    reading = _Reading()
    for number, line in enumerate(lines):
        place = reading.place_of(line, lines[number + 1 : number + 3], first=number == 0)
        if place != places[-1]:
            starts.append(position)
            places.append(place)
        position += len(line)
    return Mail(text, tuple(starts), tuple(places), reading.on, tuple(recipients), (*unread, *reading.sealed), pictures)


class _Reading:
    """What is known of a mail from the lines that were read so far."""

    def __init__(self) -> None:
        self.on: date | None = None
        self.sealed: list[str] = []
        self._in_header, self._place = True, ""
        self._within, self._quoted_to_end = BODY, False

    def place_of(self, line: str, following: list[str], *, first: bool) -> str:
        """Say what the next line is."""
        if self._in_header:
            self._place, self._in_header = _header_place(line, self._place, first=first)
            if self._in_header:
                self.on = self.on or (_read_date(line) if self._place == _DATE else None)
                return self._place
        return self._body_place(line, following)

    def _body_place(self, line: str, following: list[str]) -> str:
        # The Turkish capital İ becomes two signs.
        words = line.strip().lower().replace("i\u0307", "i")[:_LONGEST_MARKER]
        if words == _MAIL_WITHIN or (not self._quoted_to_end and _forwards(words)):
            self._within, self._quoted_to_end = FORWARDED, False
        elif line.startswith("----- attachment: ") and _FILE_WITHIN.fullmatch(line):
            self._within, self._quoted_to_end = ATTACHMENT, False
            return ATTACHMENT_NAME
        elif words.startswith("-----") and words.strip("- ").startswith(_phrases()["sealed"]):
            self.sealed.append(line.strip("- \r\n")[:_LONGEST_MARKER])
        elif self._within != ATTACHMENT:
            self._quoted_to_end = self._quoted_to_end or self._announces(line, words, following)
        if self._within == ATTACHMENT:
            return ATTACHMENT
        return QUOTED if self._quoted_to_end or words.startswith(">") else self._within

    def _announces(self, line: str, words: str, following: list[str]) -> bool:
        """Say whether all that follows a line is quoted."""
        if words.startswith("--") and words.strip("- ").startswith(_phrases()["original_message"]):
            return True
        if words.endswith(_wrote()):
            # With `>` before each quoted line the writer may go on below.
            return not any(after.lstrip().startswith(">") for after in following)
        if self._within == FORWARDED:
            return False
        names = [match[1].lower() for match in map(_HEADER.match, (line, *following)) if match]
        return len(names) == 3 and names[0] in _phrases()[SENDER] and _is_header_name(names[1])


@cache
def _wrote() -> tuple[str, ...]:
    return tuple(f"{verb}{colon}" for verb in _phrases()["wrote"] for colon in (":", " :", "\u00a0:"))


def _forwards(words: str) -> bool:
    """Say whether a line announces a forwarded mail."""
    return words.startswith("--" if not words.endswith(":") else "") and words.strip("-–—_* ").startswith(
        _phrases()[FORWARDED]
    )


def _header_place(line: str, previous: str, *, first: bool) -> tuple[str, bool]:
    """Say what a line of the header is, and whether it is one at all."""
    if line[0] in " \t" and not first and line.strip():
        return previous, True
    match = _HEADER.match(line)
    name = match[1].lower() if match else ""
    for place in (SUBJECT, RECIPIENT, SENDER, THREAD, _DATE):
        if name in _phrases()[place]:
            return place, True
    known = name in _phrases()["other"] or (not first and bool(match) and (name.startswith("x-") or "-" in name))
    return "", known


def _is_header_name(name: str) -> bool:
    return any(name in _phrases()[kind] for kind in (SUBJECT, RECIPIENT, _DATE))


def _read_date(line: str) -> date | None:
    try:
        if iso := _ISO_DATE.search(line):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        written = _MAIL_DATE.search(line)
        if written and written[2] in _MONTHS:
            return date(int(written[3]), _MONTHS.index(written[2]) + 1, int(written[1]))
    except ValueError:
        return None
    return None


def proves(place: str) -> bool:
    """Say whether a code in such a place proves something."""
    return place in rules() and place not in (SENDER, THREAD)
