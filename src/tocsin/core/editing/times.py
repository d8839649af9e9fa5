"""Times as a person types them, read into temporal expressions and written back.

A line is read as a whole or refused: a word that nobody understood may be the one that says "before". Dates in digits
follow EDTF (ISO 8601-2), of which five forms are taken: a date, `~` behind it, an interval, an interval that is open
on one side, and one of a span (`[a..b]`). Everything else is read by the grammar of dates that reads reports.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

import tomli
from msgspec.structs import replace as changed

from tocsin.core.errors import BadRequest
from tocsin.core.reader.dates import Clock, Moment, Placed, find_moments, time_words
from tocsin.core.reader.tokens import Tokens, fold
from tocsin.core.records import TemporalExpression
from tocsin.core.records.values import is_time

LONGEST = 200
_DAY, _MONTH = len("2021-05-29"), len("2021-05")
_POINT = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2})?)?)?"
_ONE = re.compile(rf"({_POINT})(~?)")
_INTERVAL = re.compile(rf"({_POINT}|\.\.|)\s*/\s*({_POINT}|\.\.|)")
_ONE_OF = re.compile(rf"\[({_POINT}|)\.\.({_POINT}|)\]")
_DIGITS = re.compile(r"(?<![0-9])([0-9]{1,2})[./]([0-9]{1,2})[./][0-9]{2,4}(?![0-9])")
_GLUE = frozenset({",", "،", ".", "(", ")", "-", "–", "—"})
_BOUNDS = {"since": "after", "after": "after", "until": "before", "before": "before"}
# What a line says anew; the words of the source, the zone and the place among other events stay.
_SAID = (
    "start date earliest latest latest_start until precision derived ambiguous interpretation date_unknown edtf"
).split()


def read_time(text: str, language: str) -> TemporalExpression | None:
    """Read what somebody typed into a field for a time; an empty line is no time.

    Args:
        text: The line: `2021-05-29~`, `2021-05-29 15:30`, `2021-05/2021-06`, "29 May 2021, about 15:30".
        language: The language of the page, whose names of months are known besides the English ones.

    Raises:
        BadRequest: if the line is no time, or could be two.
    """
    line = " ".join(text.split())
    if not line:
        return None
    if len(line) > LONGEST:
        raise BadRequest("this is too long for a time")
    return _edtf(line) or _worded(line, language)


def retimed(old: TemporalExpression | None, text: str, language: str) -> TemporalExpression | None:
    """Put a typed line in the place of a time; a line that was left as it was changes nothing.

    Raises:
        BadRequest: as `read_time`.
    """
    if old is not None and " ".join(text.split()) == write_time(old):
        return old
    new = read_time(text, language)
    if old is None:
        return new
    said: dict[str, Any] = {name: getattr(new, name) if new else None for name in _SAID}
    kept = replace(old, **said, words=old.words or (new.words if new else None))
    return None if kept == TemporalExpression() else kept


def write_time(t: TemporalExpression | None) -> str:
    """Write a time as it could have been typed; what only its words or other events say is no time of its own."""
    if t is None:
        return ""
    if t.edtf and (_ONE.fullmatch(t.edtf) or _INTERVAL.fullmatch(t.edtf) or _ONE_OF.fullmatch(t.edtf)):
        return t.edtf
    moment = t.start or t.date
    if moment and t.until:
        return f"{_shown(moment)}/{_shown(t.until)}"
    if moment:
        return _shown(moment) + ("~" if t.precision in {"approx_minute", "hour"} and len(moment) > _DAY else "")
    earliest, latest = t.earliest or "", t.latest or t.latest_start or ""
    if not earliest and not latest:
        return ""
    if earliest and latest and t.precision != "range":
        return f"[{_shown(earliest)}..{_shown(latest)}]"
    if latest and not earliest and t.precision != "before":
        return f"[..{_shown(latest)}]"
    return f"{_shown(earliest) or '..'}/{_shown(latest) or '..'}"


def read_local(text: str) -> str | None:
    """Read a plain date or time of a record: `2021`, `2021-05`, `2021-05-29`, `2021-05-29 16:00`.

    Raises:
        BadRequest: if it is none.
    """
    line = " ".join(text.split())
    if not line:
        return None
    match = _ONE.fullmatch(line)
    if match is None or match[2]:
        raise BadRequest("this is no date", hint="2021-05-29, 2021-05-29 16:00")
    return _checked(match[1])


def _shown(moment: str) -> str:
    return moment.replace("T", " ")


def _checked(point: str) -> str:
    """Give a point in time as records write it, if it is in the calendar."""
    written = point.replace(" ", "T")
    if not is_time(written):
        raise BadRequest("this day or hour is in no calendar")
    return written


def _edtf(line: str) -> TemporalExpression | None:
    if match := _ONE.fullmatch(line):
        point = _checked(match[1])
        return _near(point) if match[2] else _at(point)
    if (match := _INTERVAL.fullmatch(line)) and any(each not in {"", ".."} for each in match.groups()):
        start, end = (None if each in {"", ".."} else _checked(each) for each in match.groups())
        precision = "range" if start and end else "after" if start else "before"
        return _bounds(start, end, precision)
    if (match := _ONE_OF.fullmatch(line)) and any(match.groups()):
        start, end = (_checked(each) if each else None for each in match.groups())
        return _bounds(start, end, None)
    return None


def _at(point: str) -> TemporalExpression:
    if len(point) > _DAY:
        return TemporalExpression(start=point, precision="minute")
    return TemporalExpression(date=point, precision={_DAY: "day", _MONTH: "month"}.get(len(point), "year"))  # type: ignore[arg-type]


def _near(point: str) -> TemporalExpression:
    """Say "about": of a time of day in its precision; of a day, month or year as one of those beside it, too."""
    if len(point) > _DAY:
        return TemporalExpression(start=point, precision="approx_minute")
    first, last = _span(point)
    before, after = first - dt.timedelta(days=1), last + dt.timedelta(days=1)
    earliest, latest = _span(before.isoformat()[: len(point)])[0], _span(after.isoformat()[: len(point)])[1]
    return TemporalExpression(earliest=earliest.isoformat(), latest=latest.isoformat(), edtf=f"{point}~")


def _span(point: str) -> tuple[dt.date, dt.date]:
    """Give the first and last day of a year, month or day."""
    year, month, day = [*map(int, point.split("-")), 0, 0][:3]
    last_month = month or 12
    return dt.date(year, month or 1, day or 1), dt.date(
        year, last_month, day or calendar.monthrange(year, last_month)[1]
    )


def _bounds(start: str | None, end: str | None, precision: str | None) -> TemporalExpression:
    if start and end and _span(start[:_DAY])[0] > _span(end[:_DAY])[1]:
        raise BadRequest("the end lies before the beginning")
    if start and end and "T" in start and "T" in end and start > end:
        raise BadRequest("the end lies before the beginning")
    return TemporalExpression(earliest=start, latest=end, precision=precision)  # type: ignore[arg-type]


def _worded(line: str, language: str) -> TemporalExpression:
    if (digits := _DIGITS.search(line)) and int(digits[1]) <= 12 and int(digits[2]) <= 12 and digits[1] != digits[2]:
        raise BadRequest("day and month could be either way round", hint="2021-05-29")
    for tag in dict.fromkeys((language.partition("-")[0], "en")):
        if found := _in_language(line, tag):
            return found
    raise BadRequest("this is no time that can be read", hint="2021-05-29, 2021-05-29 15:30, 2021-05-29~")


def _in_language(line: str, language: str) -> TemporalExpression | None:
    tokens = Tokens(line)
    words = time_words(language)
    moments = find_moments(tokens, words)
    covered = {at for each in moments for at in range(each.first, each.last)}
    leads = [_leads(language).get(tokens.folded[at]) for at in range(tokens.count) if at not in covered]
    if None in leads:
        return None
    dated = [each for each in moments if each.date is not None and each.date.year is not None]
    others = [each for each in moments if each not in dated]
    if len(dated) != 1 or any(each.places_day or each.vague or each.operator for each in others) or len(others) > 1:
        return None
    if any(each.ambiguous for each in moments):
        raise BadRequest("this hour could be the first or the last of the day", hint="2021-05-29 00:00")
    placed = Clock(None).place(tokens, moments)
    if placed.date is None or placed.date.startswith("X"):
        return None
    _in_calendar(tokens, dated[0], placed.date, words.weekdays)
    operator = next((each for each in leads if each in _BOUNDS), dated[0].operator)
    near = "about" in leads or any(each.approximate for each in moments)
    return _placed(line, changed(dated[0], operator=operator, approximate=near), placed)


@cache
def _leads(language: str) -> Mapping[str, str]:
    """Say what a word that is no part of a date does to it; punctuation does nothing."""
    table = tomli.loads(resources.files(__package__).joinpath("times.toml").read_text(encoding="utf-8"))
    kinds: Mapping[str, Sequence[str]] = table.get(language, {})
    return dict.fromkeys(_GLUE, "glue") | {fold(word): kind for kind, words in kinds.items() for word in words}


def _in_calendar(tokens: Tokens, moment: Moment, date: str, weekdays: Mapping[str, int]) -> None:
    """Refuse the 31st of February, which the reader of reports mends, and a weekday that the day does not have."""
    if len(date) < _DAY:
        return
    day = dt.date.fromisoformat(date)
    written = [int(word) for word in re.split(r"[^0-9]+", tokens.slice(moment.first, moment.last)) if word]
    if any(28 < each <= 31 for each in written) and day.day not in written:
        raise BadRequest("this day or hour is in no calendar")
    said = {weekdays[word] for word in tokens.folded if word in weekdays}
    if said - {day.weekday()}:
        raise BadRequest("this day was another day of the week")


def _placed(line: str, moment: Moment, placed: Placed) -> TemporalExpression:
    """Give what a line says whose date was placed on the calendar."""
    date = placed.date or ""
    point = f"{date}T{placed.time}" if placed.time and len(date) == _DAY else date
    if placed.until:
        return _bounds(point, placed.until, None if moment.operator == "between" else "range")
    if bound := _BOUNDS.get(moment.operator or ""):
        return _bounds(point, None, "after") if bound == "after" else _bounds(None, point, "before")
    if moment.approximate and len(point) <= _DAY:
        return _near(point)
    if placed.precision == "part_of_day":
        # The day alone would lose the evening.
        return TemporalExpression(date=point, precision="part_of_day", words=line)
    if len(point) > _DAY:
        if moment.approximate:
            return TemporalExpression(start=point, precision="approx_minute")
        return TemporalExpression(start=point, precision="hour" if placed.precision == "hour" else "minute")
    return _at(point)
