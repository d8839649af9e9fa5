"""When something happened, as the first words of a sentence; later sentences of a day lean on the one before.

A time that the case leaves open is said as open as it is: between two days, before a day, on a date that is not known.
"""

import datetime as dt
from dataclasses import dataclass

from tocsin.core.phrasebook import Phrasebook
from tocsin.core.records import TemporalExpression

_DAY = len("2021-05-29")
_MONTH = len("2021-05")
_NEAR = dt.timedelta(hours=3)

# By whether the time is about right, and whether the sentence before was on the same day.
_CLOCKS = {
    (True, True): "around-time",
    (True, False): "on-day-around",
    (False, True): "at-time",
    (False, False): "on-day-at",
}


@dataclass(frozen=True, slots=True)
class When:
    """The words for a time, or none; the day on which the story stands after it, and that on which a state was seen."""

    words: str | None
    day: dt.date | None
    as_of: dt.date | None = None


class Moments:
    """Says times in the order of the story."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book
        self._day: dt.date | None = None
        self._as_of: dt.date | None = None
        self._bounded_by: tuple[str, str] | None = None

    def forget(self) -> None:
        """Begin a new text, which cannot lean on a day."""
        self._day = self._as_of = self._bounded_by = None

    def say(self, t: TemporalExpression | None, as_of: dt.date | None = None) -> str | None:
        """Give the words for a time; `None` where nothing is known or the sentence before has said it."""
        before, self._bounded_by = self._bounded_by, None
        when = self._when(t or TemporalExpression(), as_of)
        if self._bounded_by is not None and self._bounded_by == before:
            when = When(self._book.say(f"{before[0]}-again"), when.day)
        self._day, self._as_of = when.day, when.as_of
        return when.words

    def _when(self, t: TemporalExpression, as_of: dt.date | None) -> When:
        as_of = t.ongoing_as_of or as_of
        if t.ongoing_as_of is not None and (begun := t.start or t.date):
            return When(self._since(begun), None)
        if t.ongoing_as_of is not None or (as_of and not any((t.start, t.date, t.earliest, t.latest))):
            return self._stood(as_of)
        moment = t.start or t.date
        if moment and len(moment) >= _DAY:
            return self._on_day(moment, t)
        if moment:
            return self._reduced(moment)
        return self._bounded(t)

    def _stood(self, as_of: dt.date | None) -> When:
        """Say on which day something was so, unless the sentence before has said it."""
        if as_of is None or as_of == self._as_of:
            return When(None, self._day, as_of)
        return When(self._book.say("as-of", day=self._book.day(as_of)), None, as_of)

    def _since(self, moment: str) -> str:
        """Say since when something has been going on."""
        if len(moment) >= _DAY:
            return self._book.say("since-day", day=self._book.day(dt.date.fromisoformat(moment[:_DAY])))
        if len(moment) == _MONTH:
            return self._book.say("since-month", month=self._book.month(dt.date.fromisoformat(f"{moment}-01")))
        return self._book.say("since-year", year=moment)

    def _on_day(self, moment: str, t: TemporalExpression) -> When:
        day = dt.date.fromisoformat(moment[:_DAY])
        clock = _clock(moment)
        message, same = "on-day", self._day == day
        if clock is not None:
            around = t.precision in {"approx_minute", "hour"}
            message = _CLOCKS[around, same]
        elif t.precision == "before" and t.latest and (clock := _clock(t.latest)):
            message = "same-day-before" if same else "on-day-before"
        elif same:
            # Saying the day again would only tire: the order of the sentences tells it.
            return When(self._book.say("same-day") if not (t.after or t.before or t.during) else None, day)
        time = self._book.clock(clock) if clock else ""
        return When(self._book.say(message, day=self._book.day(day), time=time), day)

    def _reduced(self, moment: str) -> When:
        if len(moment) == _MONTH:
            month = dt.date.fromisoformat(f"{moment}-01")
            return When(self._book.say("in-month", month=self._book.month(month)), None)
        return When(self._book.say("in-year", year=moment), None)

    def _bounded(self, t: TemporalExpression) -> When:
        earliest, latest = _moment(t.earliest), _moment(t.latest)
        if earliest and latest:
            return self._between(earliest, latest, exact="T" in (t.earliest or "") and "T" in (t.latest or ""))
        if latest:
            return self._bounds("before", self._book.say("before-day", day=self._book.day(latest.date())))
        if earliest:
            if earliest.date() == self._day:
                return When(self._book.say("then"), self._day)
            return When(self._book.say("since-then", day=self._book.day(earliest.date())), None)
        return When(None, self._day)

    def _between(self, earliest: dt.datetime, latest: dt.datetime, *, exact: bool) -> When:
        from_day, until_day = self._book.day(earliest.date()), self._book.day(latest.date())
        if exact and latest - earliest <= _NEAR:
            if earliest.date() != latest.date():
                return When(self._book.say("midnight-between", **{"from": from_day, "until": until_day}), latest.date())
            middle = earliest + (latest - earliest) / 2
            message = "around-time" if earliest.date() == self._day else "on-day-around"
            return When(self._book.say(message, day=from_day, time=self._book.clock(middle.time())), earliest.date())
        if earliest.date() == latest.date():
            return self._on_day(earliest.date().isoformat(), TemporalExpression())
        return self._bounds("between", self._book.say("between-days", **{"from": from_day, "until": until_day}))

    def _bounds(self, kind: str, words: str) -> When:
        """Give the words for bounds, and remember them: the same ones are not said twice in a row."""
        self._bounded_by = (kind, words)
        return When(words, None)


def _clock(moment: str) -> dt.time | None:
    return dt.time.fromisoformat(moment[_DAY + 1 :]) if len(moment) > _DAY else None


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    parts = text[:_DAY].split("-")
    day = dt.date(int(parts[0]), int(parts[1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1)
    return dt.datetime.combine(day, _clock(text) or dt.time.min)
