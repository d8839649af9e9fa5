"""The chronology of a case as days and lines."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from tocsin.casework.pages import dates
from tocsin.casework.pages.wording import Words, label, law_words, names, provision_words, words_of
from tocsin.core.editing import write_time
from tocsin.core.records import (
    Bounds,
    Case,
    Claim,
    Event,
    Harm,
    Statement,
    TemporalExpression,
    chronology,
    event_bounds,
    independent,
    release_class,
)

_DAY, _MONTH, _YEAR = len("2021-05-29"), len("2021-05"), len("2021")
_ABOUT = {"approx_minute", "hour"}
# As the form calls them.
_MORE = {
    "stated_reason": gettext_lazy("The reason that was given"),
    "motive": gettext_lazy("Why it is linked to the work of the defender"),
    "consequences": gettext_lazy("What it led to"),
    "harm": gettext_lazy("What it did to the person"),
    "domestic_law": gettext_lazy("Law of the country that it breaks"),
    "international_law": gettext_lazy("Treaty that it breaks"),
}
# From so many lines on a story is passed in stretches, and by so many of them at most.
_LONG, _MOST_STRETCHES = 25, 24
# The one that weighs most is shown.
_CLAIMS = ("contested", "corroborated", "recorded", "superseded", "retracted", "rejected")


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One event: the time of day, what happened, which act it is, to whom and by whom, how sure we are, who may see it.

    Attributes:
        id: The id of the event.
        clock: The time of day in words; empty where it is not known.
        zone: The name of its time zone, where it is not that of the case.
        what: What happened.
        act: The kind of act or step.
        victims, actors: To whom, and who is said to have done it.
        certainty: What the verifiers hold of it.
        assessment: Whether the team holds it to be a violation.
        more: What else is known of it, each under its label; it waits until somebody asks for it.
        sources, independent: The number of sources behind it, and of those who did not hear it from another one.
        letter, class_words: Its release class, and the label of that.
    """

    id: str
    clock: str
    zone: str
    what: tuple[Words, ...]
    act: Words | None
    method: Words | None
    victims: tuple[Words, ...]
    actors: tuple[Words, ...]
    certainty: Words | None
    assessment: Words | None
    more: tuple[tuple[str, tuple[Words, ...]], ...]
    sources: int
    independent: int
    letter: str
    class_words: Words | None


@dataclass(frozen=True, slots=True)
class StoryDay:
    """The lines of one day, or of one time that is known less exactly."""

    heading: str
    day: str
    how_long: str
    lines: tuple[StoryLine, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A month of a long story, or a year of a very long one: what it is called, and the line with which it begins."""

    words: str
    at: str


@dataclass(frozen=True, slots=True)
class _When:
    heading: str
    day: dt.date | None
    clock: str


def story(case: Case, language: str, today: dt.date) -> tuple[StoryDay, ...]:
    """Give the chronology as days with their lines, in a language or in English where the words are not there."""
    bounds, claims = event_bounds(case), _claims(case)
    days: list[tuple[_When, list[StoryLine]]] = []
    before: _When | None = None
    for event in chronology(case):
        when = _when(event, bounds, before, language)
        if before is None or when.heading != before.heading:
            days.append((when, []))
        days[-1][1].append(_line(case, event, when.clock, claims.get(event.id, ()), language))
        before = when
    return tuple(
        StoryDay(
            heading=when.heading,
            day=when.day.isoformat() if when.day else "",
            how_long=dates.how_long(when.day, today, language) if when.day else "",
            lines=tuple(lines),
        )
        for when, lines in days
    )


def stretches(days: Sequence[StoryDay], language: str) -> tuple[Stretch, ...]:
    """Give the months of a story that has too many lines to be passed one by one; its years where it has many months.

    The first line of each is where it begins; days of which the day is not known belong to what stands before them.
    """
    if sum(len(day.lines) for day in days) < _LONG:
        return ()
    months = {day.day[:_MONTH]: day.lines[0].id for day in reversed(days) if day.day}
    years = {month[:_YEAR]: at for month, at in months.items()}
    found = years if len(months) > _MOST_STRETCHES else months
    begun = (Stretch(dates.date_words(written, language), found[written]) for written in sorted(found))
    return (*begun, Stretch(gettext("the latest"), days[-1].lines[-1].id))


def when_words(event: Event, language: str) -> str:
    """Say when something happened, apart from the chronology; empty where no day of it is known."""
    if not (event.as_of or write_time(event.t) or (event.t and event.t.ongoing_as_of)):
        return ""
    when = _when(event, {}, None, language)
    return " ".join(filter(None, (when.heading, when.clock)))


def _claims(case: Case) -> Mapping[str, tuple[Claim, ...]]:
    found: dict[str, tuple[Claim, ...]] = {}
    for claim in case.claims:
        for ref in claim.about:
            found[ref] = (*found.get(ref, ()), claim)
    return found


def _when(event: Event, bounds: Mapping[str, Bounds], before: _When | None, language: str) -> _When:
    """Say under which heading an event stands, and at what time of that day."""
    time = event.t
    moment = (time.start or time.date) if time else None
    if moment and len(moment) >= _DAY:
        return _on_day(moment, (time.precision if time else None) in _ABOUT, language)
    if moment:
        return _When(dates.date_words(moment, language), None, "")
    if time and time.ongoing_as_of:
        return _ongoing(time, time.ongoing_as_of, language)
    if event.as_of:
        return _as_of(event.as_of, gettext("as of this day"), language)
    if time and (time.earliest or time.latest):
        return _between(time.earliest, time.latest, language)
    within = bounds.get(event.id, Bounds())
    if within.earliest and within.latest and within.earliest.date() == within.latest.date():
        return _on_day(within.earliest.date().isoformat(), False, language)
    if before is not None and time and (time.after or time.during):
        return _When(before.heading, before.day, gettext("then"))
    return _When(gettext("Day not known"), None, "")


def _on_day(moment: str, about: bool, language: str) -> _When:
    day = dt.date.fromisoformat(moment[:_DAY])
    clock = ""
    if len(moment) > _DAY:
        clock = dates.clock_words(dt.time.fromisoformat(moment[_DAY + 1 :]), language)
        clock = gettext("about %(time)s") % {"time": clock} if about else clock
    return _When(dates.day_words(day, language), day, clock)


def _as_of(day: dt.date, words: str, language: str) -> _When:
    return _When(dates.day_words(day, language), day, words)


def _ongoing(time: TemporalExpression, as_of: dt.date, language: str) -> _When:
    """Say since when something goes on, as far as that is known, and until when it is known to."""
    still = gettext("still on %(day)s") % {"day": dates.day_words(as_of, language)}
    if begun := time.latest_start or time.latest:
        return _When(gettext("Since before %(day)s") % {"day": dates.date_words(begun, language)}, None, still)
    if time.earliest:
        return _When(gettext("Since %(day)s") % {"day": dates.date_words(time.earliest, language)}, None, still)
    return _as_of(as_of, gettext("still going on"), language)


def _between(earliest: str | None, latest: str | None, language: str) -> _When:
    if earliest and latest and "T" in earliest and "T" in latest:
        start, end = dt.datetime.fromisoformat(earliest), dt.datetime.fromisoformat(latest)
        words = {"start": dates.clock_words(start, language), "end": dates.clock_words(end, language)}
        if start.date() == end.date():
            said = gettext("between %(start)s and %(end)s") % words
        else:
            said = gettext("between %(start)s and %(end)s of the next day") % words
        return _When(dates.day_words(start.date(), language), start.date(), said)
    if earliest and latest and earliest[:_DAY] != latest[:_DAY]:
        ends = {"start": dates.date_words(earliest, language), "end": dates.date_words(latest, language)}
        return _When(gettext("Between %(start)s and %(end)s") % ends, None, "")
    if latest and not earliest:
        return _When(gettext("Before %(day)s") % {"day": dates.date_words(latest, language)}, None, "")
    if earliest and not latest:
        return _When(gettext("After %(day)s") % {"day": dates.date_words(earliest, language)}, None, "")
    return _on_day((earliest or latest or "")[:_DAY], False, language)


def _line(case: Case, event: Event, clock: str, claims: tuple[Claim, ...], language: str) -> StoryLine:
    letter = release_class(event)
    sources = {source for claim in claims for source in claim.sources}
    strongest = min((claim.status for claim in claims if claim.status in _CLAIMS), key=_CLAIMS.index, default=None)
    return StoryLine(
        id=event.id,
        clock=clock,
        zone=event.t.tz if event.t and event.t.tz and event.t.tz != case.timezone_default else "",
        what=tuple(what_words(case, event, language)),
        act=label("violation_types", event.act_type, language) or label("procedure_types", event.procedure, language),
        method=label("act_methods", event.method, language),
        victims=names(case, event.victims, language),
        actors=names(case, event.actors, language),
        certainty=label("claim_status", strongest, language),
        assessment=label("violation_assessment", event.assessment, language),
        more=tuple(_more(case, event, language)),
        sources=len(sources),
        independent=independent(case, sources),
        letter=letter,
        class_words=label("release_class", letter, language),
    )


def _more(case: Case, event: Event, language: str) -> Iterator[tuple[str, tuple[Words, ...]]]:
    """Give what is known beside the act itself, each under the label that its form has; only what was filled in."""
    reason = case.by_id.get(event.stated_reason or "")
    harm = event.harm or Harm()
    told: Mapping[str, tuple[Words | None, ...]] = {
        "stated_reason": (said(case, reason, language),) if isinstance(reason, Statement) else (),
        "motive": (words_of(event.motive, language),),
        "consequences": (words_of(event.consequences, language),),
        "harm": (words_of(harm.physical, language), words_of(harm.psychological, language)),
        "domestic_law": tuple(provision_words(each) for each in event.domestic_law),
        "international_law": tuple(law_words(each, language) for each in event.international_law),
    }
    for field, words in told.items():
        if known := tuple(filter(None, words)):
            yield str(_MORE[field]), known


def what_words(case: Case, event: Event, language: str) -> Iterator[Words]:
    """Say what happened; of a statement also who said what."""
    told = words_of(event.what, language) or words_of(event.text, language)
    if told:
        yield told
    statement = case.by_id.get(event.statement or "")
    if isinstance(statement, Statement):
        if told_by := said(case, statement, language):
            yield told_by
    elif told is None and event.words:
        yield Words(event.words)


def said(case: Case, statement: Statement, language: str) -> Words | None:
    """Give the words of a statement behind who made it; nothing where it has none."""
    speakers = ", ".join(str(each) for each in names(case, statement.speaker, language))
    if quoted := words_of(statement.quote, language):
        return Words(f"{speakers}: “{quoted.text}”", quoted.language)
    told = words_of(statement.reported_speech, language)
    return Words(f"{speakers}: {told.text}", told.language) if told else None
