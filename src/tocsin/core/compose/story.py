"""The chronology in plain sentences: for each event its time, who did what, and who says so."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from tocsin.core.compose.cast import Cast
from tocsin.core.compose.composition import Sentence
from tocsin.core.compose.courts import Courts
from tocsin.core.compose.deeds import Deeds
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.compose.moments import Moments
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import Case, Claim, Detention, Event, Proceeding, Statement

_LONGEST_PARAGRAPH = 7
_FREE = frozenset({"released", "released_conditions", "released_pending"})
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
        for event in _plans_first(events):
            sentences = list(self.sentences(event))
            if not sentences:
                continue
            day = _day_of(event)
            if not paragraphs or (day and last and day != last) or len(paragraphs[-1]) >= _LONGEST_PARAGRAPH:
                paragraphs.append([])
            paragraphs[-1] += sentences
            last = day or last
        return tuple(tuple(paragraph) for paragraph in paragraphs)

    def sentences(self, event: Event) -> Iterator[Sentence]:
        """Give the sentences that tell one event, with the records that they rest on."""
        if not may_print(event):
            return
        records = (event.id, *event.claims)
        text = self._draft.words(event.id, "text", event.text)
        clauses = [text] if text else self._clauses(event)
        told = [clause for clause in clauses if clause]
        # A plan says its own time.
        when = self._moments.say(event.t, event.as_of) if (told or event.statement) and event.kind != "plan" else None
        for number, clause in enumerate(told):
            yield Sentence(self._framed(when if number == 0 else None, self._who_says(event), clause), records)
        if event.statement:
            yield from self._said(event, when if not told else None)
        elif not told and event.act_type:
            self._draft.miss(event.id, f"text_{self._book.language}", "nobody of it may be named")
        elif not told:
            yield from self._untold(event)

    def _clauses(self, event: Event) -> list[str | None]:
        if event.kind == "plan":
            return [self._plan(event)]
        if event.kind == "procedure":
            return [self._courts.clause(event)]
        return [self._deeds.clause(event)] if event.act_type else []

    def _framed(self, when: str | None, source: str | None, clause: str) -> str:
        clause = clause.rstrip(" .;")
        if when and source:
            text = self._book.say("attributed", when=when, source=source, clause=clause)
        elif when or source:
            text = self._book.say("sentence", when=when or source or "", clause=clause)
        else:
            text = clause
        return _capital(text) + ("" if text.endswith((".", "!", "?", ".”")) else ".")

    def _who_says(self, event: Event) -> str | None:
        """Give the attribution that has to be printed: that of the record, or of a claim that nobody corroborated."""
        if event.attribution:
            return event.attribution
        claims = [claim for each in event.claims if (claim := self._draft.case.find_record(each, Claim))]
        if not claims or any(claim.status == "corroborated" for claim in claims):
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
        yield Sentence(_capital(text.rstrip(".")) + ".", (event.id, *event.claims))

    def _plan(self, event: Event) -> str | None:
        what = self._draft.words(event.id, "what", event.what)
        moment = event.t and (event.t.start or event.t.date)
        if what is None or not moment or len(moment) < _DAY:
            return None
        day = self._book.day(dt.date.fromisoformat(moment[:_DAY]))
        organiser = self._cast.name([event.organiser] if event.organiser else event.actors)
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
            text = self._book.say("statement-quote", speaker=speaker, quote=self._book.quote(quote))
            yield Sentence(_capital(text), records)
        if reported:
            listeners = self._cast.name(statement.addressed_to)
            if reported.startswith(self._book.grammar.speech_verbs):
                clause = self._book.say("statement-asked", speaker=speaker, what=reported)
            elif listeners:
                clause = self._book.say("statement-that", speaker=speaker, listeners=listeners, what=reported)
            else:
                clause = self._book.say("statement-alone", speaker=speaker, what=reported)
            yield Sentence(self._framed(when, None, clause), records)
        rebuttal = self._draft.words(statement.id, "rebuttal", statement.rebuttal)
        if rebuttal:
            yield Sentence(self._book.say("rebuttal", what=_small(rebuttal)), records)

    def states(self, told: Iterable[Event]) -> Paragraph:
        """Say where those who are still held, and the proceedings that no event tells, stood on a date."""
        case = self._draft.case
        events = {event.id for event in told}
        found: list[Sentence] = []
        for detention in case.detentions:
            found += self._detained(detention, events)
        for proceeding in case.proceedings:
            found += self._standing(proceeding, events, case)
        return tuple(found)

    def _detained(self, detention: Detention, told: set[str]) -> Iterator[Sentence]:
        status = detention.status
        if status is None or not may_print(detention):
            return
        if status.value in _FREE and (status.since in told or any(each.ends in told for each in detention.custody)):
            return
        people = self._cast.name(detention.persons)
        if people:
            clause = self._book.say(f"status-{status.value}", people=people)
            when = self._book.say("as-of", day=self._book.day(status.as_of))
            yield Sentence(self._framed(when, None, clause), (detention.id,))

    def _standing(self, proceeding: Proceeding, told: set[str], case: Case) -> Iterator[Sentence]:
        status = proceeding.status
        known = any(step.event in told for step in proceeding.history) or any(
            event.proceeding == proceeding.id and event.id in told for event in case.events
        )
        if status is None or known or not may_print(proceeding) or status.value != "not_opened":
            return
        suspects = self._cast.name(proceeding.suspects)
        if suspects:
            clause = self._book.say("not-opened-against", suspects=suspects)
        else:
            victims = self._victims_of(proceeding, case)
            if victims is None:
                return
            clause = self._book.say("act-impunity.passive", victims=victims)
        when = self._book.say("as-of", day=self._book.day(status.as_of))
        yield Sentence(self._framed(when, None, clause), (proceeding.id,))

    def _victims_of(self, proceeding: Proceeding, case: Case) -> Phrase | None:
        victims = [victim for event in case.events if event.id in proceeding.about for victim in event.victims]
        return self._cast.name(victims or case.appeal.protagonists)


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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """Give a sentence as the rest of another one: a first word in capitals or alone stays as it is."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
