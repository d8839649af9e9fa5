"""The facts of a composed document: taken from the records themselves, in the names under which they are printed."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from tocsin.core.appeal import Act, Charge, Event, Facts, Group, Law, Organisation, Place, Quotation, StatusAsOf
from tocsin.core.appeal import Person as Named
from tocsin.core.appeal import Proceeding as Step
from tocsin.core.appeal.document import Mode, Precision
from tocsin.core.compose.cast import Cast
from tocsin.core.compose.courts import Courts
from tocsin.core.compose.deeds import Deeds
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.compose.matter import unended
from tocsin.core.records import Event as EventRecord
from tocsin.core.records import Group as GroupRecord
from tocsin.core.records import LawCited, Person, Proceeding, Statement, TemporalExpression, event_bounds
from tocsin.core.records import Organisation as OrganisationRecord
from tocsin.core.records import Place as PlaceRecord
from tocsin.core.vocab import load

_DAY = len("2021-05-29")
_PRECISIONS: dict[str, Precision] = {
    "instant": "minute",
    "minute": "minute",
    "approx_minute": "hour",
    "hour": "hour",
    "part_of_day": "part_of_day",
    "day": "day",
    "month": "month",
    "year": "year",
    "range": "range",
    "vague": "vague",
    "before": "before",
    "after": "after",
}

_MODES: dict[str, Mode] = {mode: mode for mode in get_args(Mode)}


class FactFinder:
    """Lists what the printed records say; a record that may not be printed is not among them."""

    def __init__(self, draft: Draft, cast: Cast, courts: Courts, deeds: Deeds) -> None:
        self._draft = draft
        self._cast = cast
        self._deeds = deeds
        self._bounds = event_bounds(draft.case)
        self._courts = courts
        self._known: dict[str, str | None] = {}

    def facts(self, events: Sequence[EventRecord], sentences: dict[str, str]) -> Facts:
        """Give the facts of the told events.

        Args:
            events: The events that the text tells, in its order.
            sentences: The composed sentence of each event by its id.
        """
        case = self._draft.case
        ids = {each for event in events for each in (*event.victims, *event.actors, *event.concerns)}
        ids |= {*case.appeal.protagonists, *case.appeal.protagonist_orgs}
        ids |= {each for event in events if (said := self._statement(event)) for each in said.speaker}
        used = [record for record in case.records() if record.id in ids and self._draft.public(record.id)]
        places = {event.place for event in events}
        return Facts(
            people=tuple(self._person(each) for each in used if isinstance(each, Person)),
            groups=tuple(self._group(each) for each in used if isinstance(each, GroupRecord)),
            organisations=tuple(self._organisation(each) for each in used if isinstance(each, OrganisationRecord)),
            places=tuple(self._place(each) for each in case.places if each.id in places and may_print(each)),
            events=tuple(self._event(each, sentences[each.id]) for each in events if each.id in sentences),
            charges=tuple(
                charge for each in case.proceedings if may_print(each) for charge in self._charges(each, sentences)
            ),
            proceedings=tuple(step for each in case.proceedings if (step := self._step(each, sentences))),
            quotations=tuple(quoted for event in events if (quoted := self._quotation(event))),
            laws=tuple(self._law(each) for each in case.law_cited),
            status_as_of=tuple(self._statuses()),
        )

    def _person(self, person: Person) -> Named:
        named, title = self._cast.named(person), self._cast.title(person) or None
        short = f"{title} {self._cast.family(person)}" if title else None
        organisations = [self._draft.public(each.org) for each in person.memberships if each.rc in {None, "P"}]
        return Named(
            name=named,
            title=title,
            role=person.role or ("defender" if person.defender and person.defender.is_hrd else None),
            other_forms=(short,) if short else (),
            organisations=tuple(
                each.preferred_name(self._draft.book.language)
                for each in organisations
                if isinstance(each, OrganisationRecord)
            ),
        )

    def _group(self, group: GroupRecord) -> Group:
        label = self._draft.words(group.id, "label", group.label) or self._draft.book.say("somebody")
        return Group(self._draft.book.inside(label), group.size.exact if group.size else None, group.actor_type)

    def _organisation(self, record: OrganisationRecord) -> Organisation:
        name = record.preferred_name(self._draft.book.language)
        own = {None, self._draft.book.language}
        others = [
            each.value for each in record.names if each.use in {"variant", "short", "acronym"} and each.lang in own
        ]
        return Organisation(
            name, tuple(dict.fromkeys(each for each in (*others, record.acronym) if each and each != name))
        )

    def _place(self, place: PlaceRecord) -> Place:
        return Place(self._draft.words(place.id, "name", place.name) or "", place.type)

    def _event(self, event: EventRecord, sentence: str) -> Event:
        date, time, precision = moment(event.t, event.as_of)
        if date is None:
            date, precision = self._within(event)
        place = self._draft.case.find_record(event.place, PlaceRecord) if event.place else None
        places = (self._place(place).name,) if place and may_print(place) else ()
        ambiguous = bool(event.t and event.t.ambiguous)
        words = event.t.words if event.t else None
        acts = tuple(self._acts(event))
        return Event(date, time, precision, words, ambiguous, sentence, acts, places=places)

    def _within(self, event: EventRecord) -> tuple[str | None, Precision | None]:
        """Give the day of an event whose record only says what it followed, where that leaves one day only."""
        bounds = self._bounds.get(event.id)
        if bounds is None or bounds.earliest is None:
            return None, None
        if bounds.latest is None or bounds.latest.date() != bounds.earliest.date():
            return bounds.earliest.date().isoformat(), "after"
        return bounds.earliest.date().isoformat(), "day"

    def _acts(self, event: EventRecord) -> Iterator[Act]:
        """Give the act of an event, and the step of a case that it is."""
        book, mode = self._draft.book, event.mode or ("omission" if event.kind == "omission" else "occurred")
        if event.act_type:
            actors = self._names(self._deeds.doers(event))
            yield Act(
                type=event.act_type,
                as_printed=book.say(f"act-{event.act_type}"),
                method=event.method or _medium(event),
                mode=_MODES[mode],
                victims=self._names(event.victims),
                actors=actors,
                voice="active" if actors else "passive",
            )
        if event.procedure and event.kind == "procedure":
            label = str(load("procedure_types")[event.procedure].label(book.language)).lower()
            if complainants := self._complainants(event):
                # A complaint is made by people and done to nobody.
                yield Act(event.procedure, label, actors=self._names(complainants))
            else:
                people = event.concerns or event.victims or self._accused(event)
                yield Act(event.procedure, label, victims=self._names(people), voice="passive")

    def _complainants(self, event: EventRecord) -> tuple[str, ...]:
        proceeding = self._draft.proceeding_of(event)
        return proceeding.complainants if proceeding and event.procedure == "complaint" else ()

    def _accused(self, event: EventRecord) -> tuple[str, ...]:
        proceeding = self._draft.proceeding_of(event)
        return proceeding.defendants if proceeding else ()

    def _names(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for each in ids if (name := self._name(each)))

    def _name(self, record_id: str) -> str | None:
        if record_id not in self._known:
            self._known[record_id] = self._found_name(record_id)
        return self._known[record_id]

    def _found_name(self, record_id: str) -> str | None:
        record = self._draft.public(record_id)
        if isinstance(record, Person):
            return self._cast.named(record)
        if isinstance(record, OrganisationRecord):
            return record.preferred_name(self._draft.book.language)
        return self._group(record).label if isinstance(record, GroupRecord) else None

    def _charges(self, proceeding: Proceeding, sentences: dict[str, str]) -> Iterator[Charge]:
        """Give the charges that the text tells, once for each of those charged."""
        told = " ".join(sentences.values())
        for each in proceeding.charges:
            offence = each.label.text(self._draft.book.language) if each.label else None
            if offence is None or offence not in told:
                continue
            for person in self._names(each.persons or proceeding.defendants) or (None,):
                yield Charge(
                    offence=offence,
                    provision=f"Article {each.provision.article}"
                    if each.provision and each.provision.article
                    else None,
                    law=self._courts.law_of(each.provision),
                    person=person,
                    status=proceeding.status.value if proceeding.status else None,
                )

    def _step(self, proceeding: Proceeding, sentences: dict[str, str]) -> Step | None:
        if proceeding.status is None or proceeding.direction is None or not may_print(proceeding):
            return None
        told = [sentences[each.event] for each in proceeding.history if each.event in sentences]
        told += [sentences[proceeding.id]] if proceeding.id in sentences else []
        told += [
            sentences[event.id]
            for event in self._draft.case.events
            if event.proceeding == proceeding.id and event.id in sentences
        ]
        return Step(proceeding.direction, proceeding.status.value, proceeding.status.as_of, told[-1]) if told else None

    def _statement(self, event: EventRecord) -> Statement | None:
        return self._draft.case.find_record(event.statement, Statement) if event.statement else None

    def _quotation(self, event: EventRecord) -> Quotation | None:
        said = self._statement(event)
        text = said.quote.text(self._draft.book.language) if said and said.quote and may_print(said) else None
        return Quotation(unended(text), next(iter(self._names(said.speaker)), None)) if said and text else None

    def _law(self, law: LawCited) -> Law:
        return Law(law.instrument, law.instrument, law.article, law.right.replace("_", " ") if law.right else None)

    def _statuses(self) -> list[StatusAsOf]:
        found = [
            StatusAsOf(name, each.status.value, each.status.as_of)
            for each in self._draft.case.detentions
            if each.status and may_print(each)
            for name in self._names(each.persons)
        ]
        dead = [person for person in self._draft.case.persons if self._draft.public(person.id)]
        found += [
            StatusAsOf(self._cast.named(person), status.value, status.as_of)
            for person in dead
            for status in person.statuses
            if status.value in {"killed", "disappeared"}
        ]
        # Of somebody who is dead or missing it matters no more where they were held.
        return list({each.person: each for each in found}.values())


def moment(t: TemporalExpression | None, as_of: dt.date | None) -> tuple[str | None, str | None, Precision | None]:
    """Give date, time and precision of a time as an appeal document writes them."""
    if t is None:
        return (as_of.isoformat(), None, "day") if as_of else (None, None, None)
    start = t.start or t.date
    if start:
        precision = _PRECISIONS.get(t.precision or "", "minute" if "T" in start else "day")
        return start[:_DAY], start[_DAY + 1 :] or None, precision
    if t.earliest and t.latest:
        same = t.earliest[:_DAY] == t.latest[:_DAY]
        return t.earliest[:_DAY], None, "day" if same else "range"
    if t.latest:
        return t.latest[:_DAY], None, "before"
    if t.earliest:
        return t.earliest[:_DAY], None, "after"
    day = t.ongoing_as_of or as_of
    return (day.isoformat(), None, "day") if day else (None, None, None)


def _medium(event: EventRecord) -> str | None:
    """Give the medium of a threat as its method: the list of methods has them, too."""
    return next((each for each in event.medium if each in load("act_methods")), None)
