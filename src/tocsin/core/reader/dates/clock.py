"""The clock of a story: which day it is when the text says "the next day", and which year when it says "on 29 May"."""

import calendar
import datetime as dt
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace as changed

from tocsin.core.appeal import Act, Event, Span
from tocsin.core.appeal.document import Precision
from tocsin.core.reader.dates.calendar import CalendarDate, checked, iso
from tocsin.core.reader.dates.moments import Moment, Shift
from tocsin.core.reader.tokens import Tokens

_FIRST_DAYS = {"early": 1, "mid": 11, "late": 21}
_BUT = frozenset({"but", "mais", "pero"})
_PLAN_BEFORE, _PLAN_BEHIND = 5, 15  # words from a time to what begins at it
_BEHIND = 200  # days by which a story rarely goes back without saying so
_SYMBOLS = {"minute": "min", "hour": "h"}


class Placed(Struct, frozen=True, gc=False):
    """A temporal expression with its place on the calendar; fields as in `tocsin.core.appeal.Event`."""

    date: str | None = None
    time: str | None = None
    precision: Precision | None = None
    words: str | None = None
    ambiguous: bool = False
    until: str | None = None
    derived_from: str | None = None

    def event(
        self,
        sentence: str,
        span: Span,
        acts: tuple[Act, ...] = (),
        places: tuple[str, ...] = (),
        hedges: tuple[str, ...] = (),
    ) -> Event:
        """Give the event that a sentence tells at this time."""
        return Event(
            date=self.date,
            time=self.time,
            precision=self.precision,
            words=self.words,
            ambiguous=self.ambiguous,
            sentence=sentence,
            acts=acts,
            until=self.until,
            derived_from=self.derived_from,
            places=places,
            hedges=hedges,
            span=span,
        )


class Clock:
    """Follows a story sentence by sentence.

    Args:
        issued_on: The date of the document; what it tells is not later than that. `None` where it has none: years
            that the text does not give stay unknown then.
        planned: Nouns for what a time in the same sentence may be the start of ("meeting").
    """

    def __init__(self, issued_on: dt.date | None, planned: frozenset[str] = frozenset()) -> None:
        self._issued_on = issued_on
        self._plans = planned
        self._today: dt.date | None = None
        self._since: dt.date | None = None
        self._now: str | None = None
        self._year: int | None = None
        self._has_moved = False
        self._planned: str | None = None
        self._month: dt.date | None = None
        self._recalled = False

    def turn_back(self) -> None:
        """Forget the day of the story: a section that tells earlier facts begins."""
        self._today = self._since = self._now = self._planned = self._year = self._month = None

    def write_on(self, dates: Sequence[CalendarDate]) -> None:
        """Begin a mail that was written on the first whole one of some dates: its "yesterday" counts from there."""
        for date in dates:
            if date.year and date.month and date.day:
                self.turn_back()
                self._issued_on = self._today = dt.date(date.year, date.month, date.day)
                return

    def carry(self) -> Placed:
        """Place a sentence without temporal words: it goes on where the one before stood."""
        if self._today is None:
            return Placed()
        return Placed(self._today.isoformat(), precision="day", derived_from="the sentence before")

    def place(
        self, tokens: Tokens, moments: Sequence[Moment], *, stays: bool = False, recalled: bool = False
    ) -> Placed:
        """Place a sentence by its moments, and let the story's day follow, unless it `stays` where it is.

        What is `recalled` may lie before the day of the story, by however much.
        """
        self._recalled = recalled
        today = self._today
        placed = self._place(tokens, moments)
        if stays:
            self._today = today
        around = tokens.folded[max(0, moments[0].first - _PLAN_BEFORE) : moments[-1].last + _PLAN_BEHIND]
        if placed.time and not self._plans.isdisjoint(around):
            self._planned = placed.time
        return placed

    def _place(self, tokens: Tokens, moments: Sequence[Moment]) -> Placed:
        if len(moments) == 1 and moments[0].vague == "now" and self._is_contrasted(tokens, moments[0]):
            return self.carry()
        days = [moment for moment in moments if moment.places_day and not self._looks_back(tokens, moment)]
        day = next((moment for moment in days if moment.operator != "since"), days[0] if days else None)
        clock = next((moment for moment in moments if moment.time or moment.part), None)
        main = day or clock or next((moment for moment in moments if not moment.places_day), None)
        if main is None:
            return self.carry()
        if day is not None and clock is not None and day.time is None and clock is not day and not clock.places_day:
            part = day.part or clock.part
            main = changed(day, time=clock.time, exact=clock.exact, part=part, ambiguous=clock.ambiguous)
        return changed(self._placed(main), words=tokens.slice(main.first, main.last))

    @staticmethod
    def _is_contrasted(tokens: Tokens, moment: Moment) -> bool:
        """Tell "she complained, but to date nobody was arrested", whose day is that of the complaint."""
        return moment.first > 1 and tokens.folded[moment.first - 1] in _BUT and tokens.folded[moment.first - 2] == ","

    @staticmethod
    def _looks_back(tokens: Tokens, moment: Moment) -> bool:
        """Tell whether a moment in a sentence is an aside ("cancelled three weeks earlier", "back a day later")."""
        shift = moment.shift
        if shift is None or shift.from_plan or shift.from_now or moment.first < 3 or moment.operator == "until":
            return False  # "not let out until three days later" is told of that day
        return {".", ";", ":", "!", "?"}.isdisjoint(tokens.words[moment.first - 3 : moment.first])

    def _placed(self, moment: Moment) -> Placed:
        if moment.vague is not None:
            return self._vague(moment.vague)
        if moment.date is not None:
            return self._dated(moment, moment.date)
        if moment.shift is not None:
            return self._shifted(moment, moment.shift)
        if moment.weekday is not None:
            return self._on_weekday(moment, moment.weekday)
        if moment.offset_days is not None:
            # "Yesterday" counts from the day the text was written, "the day before" from the day of the story.
            # Without a day of the story, "that day" is the one since which something lasts.
            base = (self._issued_on if moment.from_today else None) or self._today or self._since or self._issued_on
            if base is None:
                return self._timed(moment, None, "vague", None)
            self._today = base + dt.timedelta(days=moment.offset_days)
            derived = "the sentence before" if moment.offset_days == 0 else f"{moment.offset_days:+d} d from {base}"
            return self._timed(moment, self._today.isoformat(), "day", derived)
        today = self._today.isoformat() if self._today else None
        return self._timed(moment, today, "day", "the sentence before" if today else None)

    def _vague(self, value: str) -> Placed:
        if value == "now":
            day = self._issued_on.isoformat() if self._issued_on else None
            return Placed(day, precision="day" if day else "vague", derived_from="date of issue" if day else None)
        if value == "soon" and self._today is not None:
            # "A few hours later": most likely still the same day, and no clock time can be told.
            self._now = None
            return Placed(self._today.isoformat(), precision="vague", derived_from="the sentence before")
        return Placed(None, precision="vague")

    def _dated(self, moment: Moment, date: CalendarDate) -> Placed:
        self._learn_issue(moment, date)
        year, derived = date.year, None
        if date.month is None and date.day is not None:
            base = self._today or self._issued_on
            if base is None:
                return self._timed(moment, None, "vague", None)
            month = self._fitting_month(base, date)
            date, derived = changed(date, month=month.month, year=month.year), "month from the story"
            year = month.year
        if year is None:
            year = self._fitting_year(date, latest=moment.latest)
            derived = "year from the story" if year else None
        if year is not None:
            date = checked(changed(date, year=year))
            self._year = year
            if moment.operator not in {"since", "until"} or self._is_issue(year, date):
                self._follow(year, date)
            elif moment.operator == "since" and date.month is not None and date.day is not None:
                self._since = dt.date(year, date.month, date.day)
            # "Held since her arrest on 17 May 2020. Since February 2021 …": what follows is of 2021.
            self._has_moved |= self._today is not None and year > self._today.year
        until = iso(year, date.until_month or date.month, date.until_day) if date.precision == "range" else None
        precision: Precision = date.precision
        if moment.operator in {"before", "until"} and precision == "day" and moment.time is None:
            precision = "before"
        elif moment.operator in {"after", "since"} and precision != "range":
            # "As of June 8", in an appeal of that day, says how things stand on it.
            precision = "day" if year is not None and self._is_issue(year, date) else "after"
        return changed(self._timed(moment, iso(year, date.month, date.day), precision, derived), until=until)

    def _learn_issue(self, moment: Moment, date: CalendarDate) -> None:
        """Learn from "yesterday, 14 June 2022" when an undated text was written."""
        told = moment.from_today and moment.offset_days is not None and date.precision == "day"
        if self._issued_on is None and told and date.year and date.month and date.day:
            self._issued_on = dt.date(date.year, date.month, date.day) - dt.timedelta(days=moment.offset_days or 0)

    def _follow(self, year: int, date: CalendarDate) -> None:
        self._has_moved = False
        if date.month is None or date.day is None:
            self._today = None
            self._month = dt.date(year, date.month, 1) if date.month else None
            return
        self._today = dt.date(year, date.month, date.day)

    def _is_issue(self, year: int, date: CalendarDate) -> bool:
        issued = self._issued_on
        return issued is not None and (year, date.month, date.day) == (issued.year, issued.month, issued.day)

    def _fitting_month(self, base: dt.date, date: CalendarDate) -> dt.date:
        """Choose the month of "el sábado 8": one whose 8th is a Saturday, not after the issue if that can be."""
        first = base.replace(day=1)
        if date.weekday is None or date.day is None:
            return first
        near = (first, (first + dt.timedelta(days=31)).replace(day=1), (first - dt.timedelta(days=1)).replace(day=1))
        fitting = [
            month
            for month in near
            if date.day <= calendar.monthrange(month.year, month.month)[1]
            and month.replace(day=date.day).weekday() == date.weekday
        ]
        issued = self._issued_on
        told = [month for month in fitting if issued is None or month.replace(day=date.day) <= issued]
        return next(iter((*told, *fitting)), first)

    def _fitting_year(self, date: CalendarDate, *, latest: bool) -> int | None:
        """Choose the year in which the day lies before the issue and, if possible, not before the story's last day."""
        month, day = date.month or 1, date.day or _FIRST_DAYS.get(date.third or "", 1)
        issued = self._issued_on
        story = self._today.year if self._today and not self._has_moved else self._year
        base = None if latest or self._recalled else self._today or self._month
        if issued is None:
            behind = story is not None and base is not None and (base - dt.date(story, month, 1)).days > _BEHIND
            return story + 1 if story is not None and behind else story
        candidates = [story, story + 1] if story and not latest else []
        for year in (*candidates, issued.year, issued.year - 1):
            day_there = dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))
            behind = base is not None and (base - day_there).days > _BEHIND
            if day_there <= issued and not behind:
                return year
        return issued.year

    def _shifted(self, moment: Moment, shift: Shift) -> Placed:
        sign = "+" if shift.direction > 0 else "-"
        if shift.unit in {"minute", "hour"}:
            base = self._planned if shift.from_plan else self._now
            today = self._today.isoformat() if self._today else None
            if base is None or self._today is None:
                return Placed(today, precision="vague" if today is None else "day")
            minutes = shift.amount * (60 if shift.unit == "hour" else 1) * shift.direction
            at = dt.datetime.combine(self._today, dt.time.fromisoformat(base)) + dt.timedelta(minutes=minutes)
            self._today, self._now = at.date(), at.time().isoformat("minutes")
            derived = f"{base} {sign} {shift.amount} {_SYMBOLS[shift.unit]}"
            return Placed(
                self._today.isoformat(), self._now, "minute" if shift.unit == "minute" else "hour", derived_from=derived
            )
        base_day = (self._issued_on if shift.from_now else self._today) or None
        if base_day is None:
            return Placed(None, precision="vague")
        return self._days_away(moment, shift, base_day, sign)

    def _days_away(self, moment: Moment, shift: Shift, base: dt.date, sign: str) -> Placed:
        derived = f"{base} {sign} {shift.amount} {shift.unit}"
        if shift.unit in {"month", "year"}:
            months = (
                base.year * 12 + base.month - 1 + shift.amount * shift.direction * (12 if shift.unit == "year" else 1)
            )
            year, month = divmod(months, 12)
            if not 1 <= year <= 9999:
                return Placed(None, precision="vague")
            return Placed(
                iso(year, month + 1 if shift.unit == "month" else None, None),
                precision="month" if shift.unit == "month" else "year",
                derived_from=derived,
            )
        days = shift.amount * (7 if shift.unit == "week" else 1) * shift.direction
        self._today = base + dt.timedelta(days=days)
        return self._timed(moment, self._today.isoformat(), "day", derived)

    def _on_weekday(self, moment: Moment, weekday: int) -> Placed:
        """Place "on Tuesday": the first one from the story's day on, or the last one before the document's date."""
        if moment.latest and self._issued_on is not None:
            day = self._issued_on - dt.timedelta(days=(self._issued_on.weekday() - weekday) % 7 or 7)
        elif self._today is not None:
            ahead = (weekday - self._today.weekday()) % 7
            day = self._today + dt.timedelta(days=ahead)
        elif self._issued_on is not None:
            day = self._issued_on - dt.timedelta(days=(self._issued_on.weekday() - weekday) % 7)
        else:
            return self._timed(moment, None, "vague", None)
        if self._issued_on is not None and day > self._issued_on:
            day -= dt.timedelta(days=7)
        self._today = day
        return self._timed(moment, day.isoformat(), "day", "weekday")

    def _timed(self, moment: Moment, date: str | None, precision: Precision, derived: str | None) -> Placed:
        if moment.time is not None:
            self._now = moment.time
            exact = moment.exact and not moment.approximate
            return Placed(
                date, moment.time, "minute" if exact else "hour", ambiguous=moment.ambiguous, derived_from=derived
            )
        if moment.part is not None and precision == "day":
            return Placed(date, precision="part_of_day", derived_from=derived)
        return Placed(date, precision=precision, derived_from=derived)
