"""Days as a calendar reads them: iCalendar (RFC 5545), as much of it as somebody needs who takes days along.

```python
write((Day("0b1c…", "Hearing", dt.date(2026, 11, 12)),), stamped_at)
```
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LINE = 75  # Octets of a line, without its end.


@dataclass(frozen=True, slots=True)
class Day:
    """A day or an hour.

    Attributes:
        uid: By which a calendar knows it again when it is taken in anew.
        summary: What it is.
        on: The day; with an hour that is aware where its zone is known, else the hour of wherever the calendar is.
    """

    uid: str
    summary: str
    on: dt.date


def write(days: Iterable[Day], stamped_at: dt.datetime) -> bytes:
    """Write days as a calendar. Each is private, and which program wrote them is not said."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//days//EN"]
    for day in days:
        lines += ["BEGIN:VEVENT", f"UID:{day.uid}", f"DTSTAMP:{_utc(stamped_at)}", f"DTSTART{_start(day.on)}"]
        lines += [f"SUMMARY:{escaped(day.summary)}", "CLASS:PRIVATE", "END:VEVENT"]
    return b"".join(map(folded, (*lines, "END:VCALENDAR")))


def _start(on: dt.date) -> str:
    if not isinstance(on, dt.datetime):
        return f";VALUE=DATE:{on:%Y%m%d}"
    return f":{_utc(on)}" if on.tzinfo else f":{on:%Y%m%dT%H%M%S}"


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(words: str) -> str:
    """Write words as the value of a line; those of a card (RFC 6350) are written alike."""
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return "\\n".join(words.splitlines())


def folded(line: str) -> bytes:
    """Write a line with its end, a long one broken, never within a character; what follows begins with a space."""
    return b"".join(part + b"\r\n" for part in _parts(line.encode()))


def _parts(line: bytes) -> Iterator[bytes]:
    while len(line) > _LINE:
        at = _LINE
        while line[at] & 0xC0 == 0x80:
            at -= 1
        yield line[:at]
        line = b" " + line[at:]
    yield line
