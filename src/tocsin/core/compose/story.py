"""The chronology in plain sentences: for each event its time, who did what, and who says so."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from tocsin.core.compose.cast import Cast
from tocsin.core.compose.composition import Sentence
from tocsin.core.compose.courts import Courts
from tocsin.core.compose.deeds import Deeds
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.compose.matter import capital, ended, once, unended
from tocsin.core.compose.moments import Moments
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import FREE, Claim, Detention, Event, Proceeding, Statement, Status

_LONGEST_PARAGRAPH = 7
_DAY = len("2021-05-29")

Paragraph = tuple[Sentence, ...]


class Story:
    """Tells the events of a case."""

    def __init__(self, draft: Draft, cast: Cast, deeds: Deeds, courts: Courts) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._deeds = deeds
        self._courts = courts
        self._moments = Moments(draft.book)

    def tell(self, events: Sequence[Event]) -> tuple[Paragraph, ...]:
        """Give the paragraphs that tell the events, a day or a stretch of a day in each."""
        self._moments.forget()
        paragraphs: list[list[Sentence]] = []
        last: str | None = None
        for event, records in merged(_plans_first(events)):
            day = _day_of(event) or _first_day_of(event)
            if not paragraphs or (day and last and day != last) or len(paragraphs[-1]) >= _LONGEST_PARAGRAPH:
                paragraphs.append([])
                self._cast.open_paragraph()
            paragraphs[-1] += self.sentences(event, records)
            last = (day or last) if paragraphs[-1] else last
        return tuple(tuple(paragraph) for paragraph in paragraphs if paragraph)

    def sentences(self, event: Event, also: Sequence[Event] = ()) -> Iterator[Sentence]:
        """Give the sentences that tell one event, with the records that they rest on.

        `also` are events that the sentence tells at the same time.
        """
        if not may_print(event):
            return
        records = once(record for each in (event, *also) for record in (each.id, *each.claims))
        text = self._draft.words(event.id, "text", event.text)
        self._cast.open_sentence(free=bool(text) or event.kind == "plan" or bool(event.statement))
        told = text or self._clause(event)
        # A plan says its own time.
        timed = event.kind != "plan" and (told or event.statement)
        when = self._moments.say(event.t, event.as_of) if timed else None
        source = self._who_says(event)
        if event.kind == "plan":
            self._moments.forget()  # what follows is not of the day that was planned for
        if text:
            self._cast.notice(text, (*event.actors, *event.victims, *event.concerns))
        if told:
            clause = told if text else self._cast.with_pronoun(told)
            yield Sentence(self._framed(when, source, clause), records)
            yield from self._contested(event)
        if event.statement:
            yield from self._said(event, when if not told else None)
        elif not told and event.act_type:
            self._draft.miss(event.id, f"text_{self._book.language}", "nobody of it may be named")
        elif not told:
            yield from self._untold(event)

    def _clause(self, event: Event) -> str | None:
        if event.kind == "plan":
            return self._plan(event)
        if event.kind == "procedure":
            return self._courts.clause(event)
        if event.act_type is None:
            return None
        return self._courts.sentences_passed(event) or self._deeds.clause(event)

    def _contested(self, event: Event) -> Iterator[Sentence]:
        """Say what the other side holds of an event that is contested."""
        for claim in self._claims(event):
            if claim.status == "contested" and claim.value:
                other = self._draft.free_words(claim.id, "value", claim.value)
                if other:
                    text = self._book.say("contested", what=unended(other))
                    yield Sentence(ended(capital(text)), (event.id, claim.id))

    def _claims(self, event: Event) -> list[Claim]:
        return [claim for each in event.claims if (claim := self._draft.case.find_record(each, Claim))]

    def _framed(self, when: str | None, source: str | None, clause: str) -> str:
        clause = unended(clause)
        if when and source:
            text = self._book.say("attributed", when=when, source=source, clause=clause)
        elif when or source:
            text = self._book.say("sentence", when=when or source or "", clause=clause)
        else:
            text = clause
        return ended(capital(text))

    def _who_says(self, event: Event) -> str | None:
        """Give the attribution that has to be printed: that of the record, or of a claim that nobody corroborated."""
        if event.attribution:
            # It is in the language of the appeal, and has no other words.
            own = self._book.language == self._draft.case.appeal.language
            return event.attribution if own else self._book.say("reportedly")
        claims = self._claims(event)
        contested = any(claim.status == "contested" for claim in claims)
        if not claims or (not contested and any(claim.status == "corroborated" for claim in claims)):
            return None
        words = next(
            (words for claim in claims if (words := self._draft.words(claim.id, "attribution", claim.attribution))),
            None,
        )
        return words or self._book.say("reportedly")

    def _untold(self, event: Event) -> Iterator[Sentence]:
        """Put the words of the team in place, and say that somebody has to write the sentence."""
        what = self._draft.words(event.id, "what", event.what)
        field = f"text_{self._book.language}"
        if what is None:
            self._draft.miss(event.id, field, "nothing says what happened")
            return
        self._draft.miss(event.id, field, "the words of the team stand in the text as they are")
        when = self._moments.say(event.t, event.as_of)
        text = self._book.say("told", when=when, what=what) if when else what
        yield Sentence(ended(capital(text)), (event.id, *event.claims))

    def _plan(self, event: Event) -> str | None:
        moment = event.t and (event.t.start or event.t.date)
        if not moment or len(moment) < _DAY:
            return None
        date = dt.date.fromisoformat(moment[:_DAY])
        day, issued_on = self._book.day(date), self._draft.case.appeal.issued_on
        ahead = issued_on is not None and date > issued_on
        concerned = self._cast.name(event.concerns)
        if event.procedure == "hearing" and ahead and concerned:
            return self._book.say("hearing-ahead", people=concerned, day=day)
        what = self._draft.words(event.id, "what", event.what)
        if what is None:
            return None
        self._draft.miss(event.id, f"text_{self._book.language}", "the words of the team stand in the text as they are")
        what = _small(unended(what))
        organiser = self._cast.name([event.organiser] if event.organiser else event.actors)
        if ahead:
            return self._book.say("planned-ahead", day=day, what=what)
        if organiser is None:
            return self._book.say("planned-by-nobody", day=day, what=what)
        if len(moment) == _DAY:
            return self._book.say("planned-day", organiser=organiser, day=day, what=what)
        time = self._book.clock(dt.time.fromisoformat(moment[_DAY + 1 :]))
        return self._book.say("planned", organiser=organiser, day=day, time=time, what=what)

    def _said(self, event: Event, when: str | None) -> Iterator[Sentence]:
        statement = self._draft.case.find_record(event.statement or "", Statement)
        if statement is None or not may_print(statement):
            return
        records = (event.id, statement.id)
        speaker = self._cast.name(statement.speaker)
        if speaker is None:
            return
        quote = self._draft.words(statement.id, "quote", statement.quote)
        reported = self._draft.words(statement.id, "reported_speech", statement.reported_speech)
        if quote:
            quote = unended(quote)  # the sentence brings its own point
            # Words without a beginning of their own, "a routine check", are no sentence to put behind a colon.
            formula = "statement-words" if quote[:1].islower() else "statement-quote"
            text = self._book.say(formula, speaker=speaker, quote=self._book.quote(quote))
            if when:
                text, when = self._book.say("sentence", when=when, clause=_small(text)), None
            yield Sentence(capital(text), records)
        if reported:
            listeners = self._cast.name(statement.addressed_to)
            own = statement.reported_speech and statement.reported_speech.text(self._book.language)
            if not own:
                # Words of another language have no place in a clause of this one.
                clause = self._book.say("statement-untranslated", speaker=speaker, what=reported)
            elif reported.startswith(self._book.grammar.speech_verbs):
                clause = self._book.say("statement-asked", speaker=speaker, what=reported)
            elif listeners:
                clause = self._book.say("statement-that", speaker=speaker, listeners=listeners, what=reported)
            else:
                clause = self._book.say("statement-alone", speaker=speaker, what=reported)
            yield Sentence(self._framed(when, None, clause), records)
        rebuttal = self._draft.words(statement.id, "rebuttal", statement.rebuttal)
        if rebuttal:
            yield Sentence(self._book.say("rebuttal", what=_small(rebuttal)), records)

    def states(self, told: Iterable[Event], recalled: Iterable[Event] = (), since: dt.date | None = None) -> Paragraph:
        """Say where those who are still held, and the proceedings that no event tells, stood on a date.

        Args:
            told: The events that were told above.
            recalled: Those that a recap will tell: what was so before `since` already is not said beside it.
            since: The day of the last appeal.
        """
        events = {event.id for event in told}
        again = events | {event.id for event in recalled}
        self._cast.open_paragraph()
        found: list[Sentence] = []
        for detention in self._draft.case.detentions:
            known = again if self._is_old(detention.status, since) else events
            if detention.status and may_print(detention) and not self._is_ended(detention, known):
                self._doubt(detention, detention.status, since)
                found += self._stood(detention, detention.status, partial(self._held, detention))
        for proceeding in self._draft.case.proceedings:
            known = again if self._is_old(proceeding.status, since) else events
            if proceeding.status and may_print(proceeding) and not self._is_told(proceeding, known):
                self._doubt(proceeding, proceeding.status, since)
                found += self._stood(proceeding, proceeding.status, partial(self._standing, proceeding))
        return tuple(found)

    def _doubt(self, record: Detention | Proceeding, status: Status, since: dt.date | None) -> None:
        """Note that a state was written down before the last appeal: somebody has to say whether it is so today."""
        if self._is_old(status, since):
            self._draft.miss(record.id, "status", "as of a day before the last appeal: is it still so?")

    def _is_old(self, status: Status | None, since: dt.date | None) -> bool:
        return status is not None and since is not None and status.as_of <= since

    def _stood(
        self, record: Detention | Proceeding, status: Status, say: Callable[[], str | None]
    ) -> Iterator[Sentence]:
        self._cast.open_sentence(free=False)
        if clause := say():
            when = self._moments.say(None, status.as_of)
            yield Sentence(self._framed(when, None, self._cast.with_pronoun(clause)), (record.id,))

    def _is_ended(self, detention: Detention, told: set[str]) -> bool:
        """Whether the story has told that those who were held are free, or that they were expelled."""
        status = detention.status
        if status is not None and status.value == "expelled":
            return any(each.act_type == "expulsion" and each.id in told for each in self._draft.case.events)
        if status is None or status.value not in FREE:
            return False
        return status.since in told or any(each.ends in told for each in detention.custody)

    def _held(self, detention: Detention) -> str | None:
        people = self._cast.name(detention.persons)
        return (
            self._book.say(f"status-{detention.status.value}", people=people) if people and detention.status else None
        )

    def _standing(self, proceeding: Proceeding) -> str | None:
        opened = proceeding.status is None or proceeding.status.value != "not_opened"
        return self._courts.standing(proceeding) if opened else self._not_opened(proceeding)

    def _is_told(self, proceeding: Proceeding, told: set[str]) -> bool:
        """Whether an event of the story has said already where a case stands."""
        status = proceeding.status
        steps = {step.step for step in proceeding.history if step.event in told}
        events = [event for event in self._draft.case.events if event.proceeding == proceeding.id and event.id in told]
        if status and status.value == "not_opened":
            return bool(steps or events)
        return status is not None and (status.since in told or status.value in steps)

    def _not_opened(self, proceeding: Proceeding) -> str | None:
        suspects = self._cast.name(proceeding.suspects)
        if suspects:
            return self._book.say("not-opened-against", suspects=suspects)
        victims = self._victims_of(proceeding)
        return self._book.say("act-impunity.passive", victims=victims) if victims else None

    def _victims_of(self, proceeding: Proceeding) -> Phrase | None:
        case = self._draft.case
        victims = [victim for event in case.events if event.id in proceeding.about for victim in event.victims]
        return self._cast.name(victims or case.appeal.protagonists)


def merged(events: Sequence[Event]) -> Iterator[tuple[Event, tuple[Event, ...]]]:
    """Put events together that say the same of different people: `arrested Ms. A` and `arrested Mr. B`.

    Gives an event with all the victims, and the events that were put into it.
    """
    first: Event | None = None
    others: tuple[Event, ...] = ()
    for event in events:
        if first is not None and _alike(first, event):
            others = (*others, event)
            first = replace(first, victims=tuple(dict.fromkeys((*first.victims, *event.victims))))
            continue
        if first is not None:
            yield first, others
        first, others = event, ()
    if first is not None:
        yield first, others


def _alike(first: Event, event: Event) -> bool:
    """Whether two events differ in nothing that is printed but in whom they were done to."""
    if event.act_type is None or event.kind != "act" or event.text or event.statement or first.text:
        return False
    if _day_of(first) != _day_of(event) or (event.t and "T" in (event.t.start or "")) or not _day_of(event):
        return False
    return all(getattr(first, field) == getattr(event, field) for field in _PRINTED)


# Release class and claims are among them: what may be said of one, and who says it, need not hold of the other.
_PRINTED = (
    *("kind", "act_type", "mode", "method", "medium", "manner", "procedure", "occurrences", "actors", "place"),
    *("attribution", "claims", "rc", "proceeding", "statement", "as_of"),
)


def _plans_first(events: Sequence[Event]) -> list[Event]:
    """Tell what was planned for a day before what happened on it, so that the reader knows what it was about."""
    ordered = [event for event in events if event.kind != "plan"]
    for plan in (event for event in events if event.kind == "plan"):
        day = _day_of(plan)
        place = next((at for at, event in enumerate(ordered) if day and _day_of(event) == day), len(ordered))
        ordered.insert(place, plan)
    return ordered


def _day_of(event: Event) -> str | None:
    moment = event.t and (event.t.start or event.t.date)
    return moment[:_DAY] if moment and len(moment) >= _DAY else None


def _first_day_of(event: Event) -> str | None:
    """Give the day from which something of unknown date may have happened: it stands in a paragraph of its own."""
    earliest = event.t and event.t.earliest
    return earliest[:_DAY] if earliest and len(earliest) >= _DAY else None


def _small(text: str) -> str:
    """Give a sentence as the rest of another one: a first word in capitals or alone stays as it is."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
