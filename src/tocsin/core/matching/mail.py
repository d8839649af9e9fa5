"""Where in a mail a word stands: among the recipients, in the subject, in the writer's own words, or quoted."""

import pkgutil
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import tomli

RECIPIENT, SUBJECT, BODY, LINK, QUOTED = "recipient", "subject", "body", "link", "quoted"
ORDER: Final = (RECIPIENT, SUBJECT, BODY, LINK, QUOTED)
"""Places by what they prove, the strongest first."""

_HEADER: Final = re.compile(r"([^\s:>][^\s:]{0,40})[ \t\u00a0]?:")
_ISO_DATE: Final = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b", re.ASCII)
_MAIL_DATE: Final = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2})[a-z]* ((?:19|20)\d\d)\b", re.ASCII)
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LONGEST_LINK: Final = 500
_LONGEST_MARKER: Final = 300


@cache
def _phrases() -> dict[str, Any]:
    return tomli.loads((pkgutil.get_data(__package__, "mail.toml") or b"").decode())


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as text: header lines, where there are any, an empty line, and the body.

    Attributes:
        text: The whole, as given.
        starts: Where each part begins, in order.
        places: What each part is, a word of `ORDER` or the empty string for header lines that prove nothing.
        on: The date in the header, where it can be read.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[str, ...]
    on: date | None

    def place_of(self, position: int) -> str:
        """Say in which part a position of the text lies."""
        place = self.places[bisect_right(self.starts, position) - 1]
        if place != BODY:
            return place
        earliest = max(0, position - _LONGEST_LINK)
        word = self.text[earliest:position].split()[-1:] if not self.text[position - 1 : position].isspace() else []
        return LINK if word and ("://" in word[0] or word[0].lower().startswith("www.")) else BODY


def read_mail(text: str) -> Mail:
    """Tell the parts of a mail apart; never raises, and a text without header lines is all body."""
    starts, places = [0], [BODY]
    on, in_header, quoted_to_end, position = None, True, False, 0
    lines = text.splitlines(keepends=True)
    place = ""
    for number, line in enumerate(lines):
        if in_header:
            place, in_header = _header_place(line, place, first=number == 0)
            if in_header and place == "date":
                on = on or _read_date(line)
        if not in_header:
            quoted_to_end = quoted_to_end or _announces(line, lines[number + 1 : number + 3])
            place = QUOTED if quoted_to_end or line.lstrip().startswith(">") else BODY
        if place != places[-1]:
            starts.append(position)
            places.append(place)
        position += len(line)
    return Mail(text, tuple(starts), tuple(places), on)


def _header_place(line: str, previous: str, *, first: bool) -> tuple[str, bool]:
    """Say what a line of the header is, and whether it is one at all."""
    if line[0] in " \t" and not first and line.strip():
        return previous, True
    match = _HEADER.match(line)
    name = match[1].lower() if match else ""
    for place in (SUBJECT, RECIPIENT, "date"):
        if name in _phrases()[place]:
            return place, True
    known = name in _phrases()["other"] or (not first and bool(match) and (name.startswith("x-") or "-" in name))
    return "", known


def _announces(line: str, following: list[str]) -> bool:
    """Say whether all that follows a line is quoted."""
    words = line.strip().lower()[:_LONGEST_MARKER]
    if words.startswith("--") and words.strip("- ").startswith(tuple(_phrases()["original_message"])):
        return True
    if words.endswith(tuple(f"{verb}{colon}" for verb in _phrases()["wrote"] for colon in (":", " :", "\u00a0:"))):
        # With `>` before each quoted line the writer may go on below.
        return not any(after.lstrip().startswith(">") for after in following)
    names = [match[1].lower() for match in map(_HEADER.match, (line, *following)) if match]
    return len(names) == 3 and names[0] in {"from", "de", "от", "من", "von"} and _is_header_name(names[1])


def _is_header_name(name: str) -> bool:
    return any(name in _phrases()[kind] for kind in (SUBJECT, RECIPIENT, "date"))


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
