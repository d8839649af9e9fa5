"""Dates and sequence: words of time that mislead, dates that cannot be, and orders of events that cannot be."""

import datetime as dt
import re
from collections.abc import Iterator

from tocsin.core.appeal import Act, tells_nothing_new
from tocsin.core.preflight.calendar import PrintedDate, printed_dates
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import BODY, NARRATIVE, Passage, Subject
from tocsin.core.preflight.wording import Phrase, Several
from tocsin.core.reader import Tokens

_NEWS_DAYS = 30
_TAKEN = frozenset({"arbitrary_arrest", "abduction"})
_FREED = frozenset({"release", "conditional_release"})
_TRIED = frozenset({"charge", "trial", "hearing"})
_JUDGED = frozenset({"sentencing", "acquittal"})
_ORDERS = ((_TAKEN, _FREED, "release"), (_TRIED, _JUDGED, "judgment"))
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
_DERIVED = re.compile(r"(\d\d:\d\d) [-+] \d+ min")
_SHORT_LINE = 200
_PREPOSITION = len("Vers le 1")
_OLDEST = 130


def exact_day(date: str | None) -> dt.date | None:
    """Give the day of a date of the document that is known to the day."""
    try:
        return dt.date.fromisoformat(date) if date and len(date) == 10 else None
    except ValueError:
        return None


def printed_in(subject: Subject, *roles: str) -> Iterator[tuple[Passage, PrintedDate]]:
    """Give the dates that texts of some roles print."""
    for passage in subject.passages_of(*roles):
        for date in printed_dates(passage.tokens, subject.language):
            yield passage, date


def place_of_date(passage: Passage, date: PrintedDate) -> Place:
    """Give the place of a printed date."""
    return passage.place(*passage.tokens.span(date.first, date.last))


@rule("DAT-01")
def impossible_dates(subject: Subject) -> Iterator[Hit]:
    """Find days that no calendar has, and things told as done that are dated behind the issue."""
    for passage, date in printed_in(subject, *BODY, "title", "demand", "note"):
        if not date.exists:
            yield Hit.at(place_of_date(passage, date), what=Phrase("no_day"))
    issued = subject.document.issued_on or subject.on
    told = set()
    for number, event in enumerate(subject.document.facts.events):
        day = exact_day(event.date)
        if day is None or day <= issued or not event.words or subject.has(event.sentence, "planned"):
            continue
        if any(act.mode == "occurred" for act in event.acts):
            told.add(day)
            place = subject.place_in_event(number, event.words)
            yield Hit.at(place, what=Phrase.of("later", day=day.isoformat()))
    yield from _opening_ahead(subject, issued, told)


def _opening_ahead(subject: Subject, issued: dt.date, told: set[dt.date]) -> Iterator[Hit]:
    """Find sentences that begin with a day behind the issue and foresee nothing: what they tell may be read as nothing.

    The facts of a draft are those of its case, also where somebody has typed another day into a paragraph.
    """
    for passage, date in printed_in(subject, *NARRATIVE):
        if date.year is None or not date.exists:
            continue
        day, start = dt.date(date.year, date.month, date.day), passage.tokens.span(date.first, date.last)[0]
        begin, end = passage.sentence_at(start)
        foreseen = subject.has(passage.text[begin:end], "planned") or passage.in_quotes(start)
        if day > issued and day not in told and start - begin <= _PREPOSITION and not foreseen:
            what = Phrase.of("later", day=day.isoformat())
            yield Hit.at(place_of_date(passage, date), severity="warning", what=what)


@rule("DAT-02")
def words_with_two_moments(subject: Subject) -> Iterator[Hit]:
    """Find words of time that two careful readers place at two moments, in our own words."""
    for found in subject.find("two_moments", *BODY, "title", "note"):
        if not subject.quoted(found):
            yield Hit.at(found.place)


@rule("DAT-03")
def impossible_orders(subject: Subject) -> Iterator[Hit]:
    """Find what is told to follow and dated before: a release before its arrest, a judgment before its charge."""
    seen: dict[tuple[str, str], dt.date] = {}
    for number, event in enumerate(subject.document.facts.events):
        day = exact_day(event.date)
        if day is None or event.ambiguous or event.until or subject.looks_back(event):
            continue
        for act in event.acts:
            if act.mode == "occurred":
                yield from _out_of_order(subject, number, act, day, seen)


def _out_of_order(
    subject: Subject, number: int, act: Act, day: dt.date, seen: dict[tuple[str, str], dt.date]
) -> Iterator[Hit]:
    for firsts, seconds, second in _ORDERS:
        for victim in act.victims:
            if act.type in firsts:
                seen[second, victim] = day
            elif act.type in seconds and day < seen.get((second, victim), day):
                earlier = seen[second, victim].isoformat()
                place = subject.place_of_act(number, act)
                what = Phrase.of(second, day=day.isoformat(), earlier=earlier)
                yield Hit.at(place, cause=f"{second} {day}", what=what)


@rule("DAT-04")
def wrong_weekdays(subject: Subject) -> Iterator[Hit]:
    """Find weekdays that the date did not fall on; without a year, neither in the year of issue nor before."""
    for passage, date in printed_in(subject, *BODY, "note"):
        issued = subject.document.issued_on
        years = [date.year] if date.year else [issued.year, issued.year - 1] if issued else []
        days = [day for year in years if (day := _day(year, date))]
        if date.weekday is not None and days and all(day.weekday() != date.weekday for day in days):
            start = passage.tokens.span(max(date.first - 2, 0), date.last)
            right = Phrase(_WEEKDAYS[days[0].weekday()])
            yield Hit.at(passage.place(*start), right=right, date=days[0].isoformat())


def _day(year: int, date: PrintedDate) -> dt.date | None:
    try:
        return dt.date(year, date.month, date.day)
    except ValueError:
        return None


@rule("DAT-05")
def old_facts(subject: Subject) -> Iterator[Hit]:
    """Find an appeal whose newest dated fact is more than thirty days older than its issue; a reminder has none."""
    if tells_nothing_new(subject.document):
        return
    issued = subject.document.issued_on or subject.on
    dated = [
        (day, number)
        for number, event in enumerate(subject.document.facts.events)
        if (day := exact_day(event.until) or exact_day(event.date))
    ]
    if dated and (issued - max(dated)[0]).days > _NEWS_DAYS:
        day, number = max(dated)
        yield Hit.at(subject.place_of_event(number), days=str((issued - day).days), date=day.isoformat())


@rule("DAT-06")
def undated_states(subject: Subject) -> Iterator[Hit]:
    """Find states told in the present ("is detained") whose sentence does not say as of when."""
    dated = {(one.passage.path, one.passage.sentence_at(one.start)) for one in subject.find("as_of", *NARRATIVE)}
    for found in subject.find("continuing", *NARRATIVE):
        sentence = found.passage.sentence_at(found.start)
        if (found.passage.path, sentence) not in dated and not subject.quoted(found):
            yield Hit.at(found.place, cause="undated")


@rule("DAT-07")
def stand_in_dates(subject: Subject) -> Iterator[Hit]:
    """Find events of the case on a first of January, or on a first whose precision is not stated, without words."""
    for event in subject.case.events if subject.case else ():
        moment = event.t
        day = (moment.date or moment.start or "") if moment else ""
        if moment is None or moment.words or moment.precision not in {None, "day"}:
            continue
        if day.endswith("-01-01") or (len(day) == 10 and day.endswith("-01") and moment.precision is None):
            yield Hit.at(Place(f"case.{event.id}", day), cause=event.id, record=event.id)


@rule("DAT-08")
def vague_times(subject: Subject) -> Iterator[Hit]:
    """Find vague times that the sources could bound."""
    for found in subject.find("vague_times", *BODY):
        if not subject.quoted(found):
            yield Hit.at(found.place)


@rule("DAT-09")
def disagreeing_dates(subject: Subject) -> Iterator[Hit]:
    """Find header, place-and-date line and code that do not agree on when the document was issued."""
    document, issued = subject.document, subject.document.issued_on
    places = dict(_dates_of_issue(subject))
    if len(places) > 1:
        days = Several(tuple(day.isoformat() for day in places), "and")
        yield Hit.at(*places.values(), cause="lines", what=Phrase.of("lines", days=days))
    code = document.reference
    if code is None or issued is None or not code.month or not code.year:
        return
    behind = (code.year, code.month) > (issued.year, issued.month)
    if behind or (code.follow_up is None and (code.year, code.month) != (issued.year, issued.month)):
        place = subject.place_of(code.span, code.as_printed, "reference")
        what = Phrase.of("code", month=f"{code.year}-{code.month:02d}", issued=issued.isoformat())
        yield Hit.at(place, cause="code", what=what)


def _dates_of_issue(subject: Subject) -> Iterator[tuple[dt.date, Place]]:
    """Give the dates that lines of their own print, alone or behind the places of issue, with where they stand."""
    places = tuple(place.casefold() for place in subject.document.issued_at)
    for start, line in subject.own_lines():
        if len(line) > _SHORT_LINE:
            continue
        tokens = Tokens(line)
        for date in printed_dates(tokens, subject.language):
            first, last = tokens.span(date.first, date.last)
            alone = not line[:first].strip(" ,.") or line.casefold().startswith(places or ("\0",))
            day = _day(date.year, date) if date.year else None
            if day and alone and not line[last:].strip(" .,"):
                yield day, Place("issued_on", line[first:last], (start + first, start + last), in_source=True)


@rule("DAT-10")
def times_without_zone(subject: Subject) -> Iterator[Hit]:
    """Find clock times without a zone where several countries are concerned, and months of another calendar alone."""
    for found in subject.find("other_calendars", *BODY):
        sentence = found.passage.sentence_at(found.start)
        dates = printed_dates(Tokens(found.passage.text[slice(*sentence)]), subject.language)
        if next(dates, None) is None:
            yield Hit.at(found.place, what=Phrase("calendar"))
    if len(subject.document.countries) < 2 or any(subject.find("zones")):
        return
    for passage in subject.passages_of(*NARRATIVE):
        for match in _CLOCK.finditer(passage.text):
            yield Hit.at(passage.place(*match.span()), cause="zone", what=Phrase("clock"))


@rule("DAT-11")
def derived_times(subject: Subject) -> Iterator[Hit]:
    """Find clock times that differ from what the same sentence lets one compute."""
    for number, event in enumerate(subject.document.facts.events):
        derived = _DERIVED.fullmatch(event.derived_from or "")
        if derived is None or event.time is None:
            continue
        printed = {f"{int(hour):02d}:{minute}" for hour, minute in _CLOCK.findall(event.sentence)}
        for other in sorted(printed - {derived[1], event.time}):
            yield Hit.at(subject.place_of_event(number), stated=other, derived=event.time)


@rule("DAT-12")
def inconsistent_ages(subject: Subject) -> Iterator[Hit]:
    """Find an age that does not fit the year of birth in the same sentence."""
    issued = subject.document.issued_on or subject.on
    years = {
        (found.passage.path, found.passage.sentence_at(found.start)): year
        for found in subject.find("born")
        if (year := _number_behind(found.passage, found.end, 4)) and issued.year - _OLDEST < year <= issued.year
    }
    for found in subject.find("aged"):
        born = years.get((found.passage.path, found.passage.sentence_at(found.start)))
        age = _number_behind(found.passage, found.end, 3) or _number_before(found.passage, found.start)
        if born and age and not issued.year - born - 2 <= age <= issued.year - born:
            yield Hit.at(found.place, age=str(age), born=str(born))


def _number_behind(passage: Passage, offset: int, most: int) -> int | None:
    """Give the first number of a length behind an offset, within a few words."""
    match = re.compile(rf"(?:\W+\w+){{0,4}}?\W+(\d{{{most - 2 if most < 4 else 4},{most}}})\b").match(
        passage.text, offset
    )
    return int(match[1]) if match else None


def _number_before(passage: Passage, offset: int) -> int | None:
    match = re.search(r"(\d{1,3})[\s‐-‑-]*$", passage.text[max(offset - 8, 0) : offset])
    return int(match[1]) if match else None
