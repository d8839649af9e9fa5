"""The facts of a reading, one by one, each with a key that stays, so that a person can decide about it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.core import vocab
from tocsin.core.appeal import Act, AppealDocument, Charge, Event, Law, Person, Proceeding, Span, StatusAsOf
from tocsin.core.recording.fields import FIELDS, Kind

# How many facts one report is asked about; a text with more is no report of one case.
MOST = 400


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a report says, as the reader understood it.

    Attributes:
        key: Its name in this reading: `person-2`.
        kind: What it is.
        span: Where the words stand that it was read from.
        values: Its fields; other facts are named by their keys, with a space between.
        within: The key of the event that an act is a part of.
        doubts: Codes of what a person should look at: a hedge, a time that can be read in two ways, nobody named.
        hedges: The words of doubt in the text.
        when: The words of the text for the time, and how exactly it is known.
        fixed: What a person does not change here: the mode of an act, the direction of a proceeding.
    """

    key: str
    kind: Kind
    span: Span | None
    values: Mapping[str, str]
    within: str = ""
    doubts: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    when: tuple[str, str] = ("", "")
    fixed: Mapping[str, str] = field(default_factory=dict)


def facts_of(documents: Sequence[AppealDocument], received_on: dt.date) -> tuple[Fact, ...]:
    """Give the facts of a report in the order in which a person goes through them.

    Args:
        documents: What was read; a page may hold several.
        received_on: The day on which a status holds that the text does not date.
    """
    length = max((len(each.source.text) for each in documents if each.source), default=0)
    found: list[Fact] = []
    for number, document in enumerate(documents):
        found.extend(_Facts(f"{number}." if number else "", document, received_on).all())
    return tuple(_within(fact, length) for fact in found[:MOST])


def added_fact(
    key: str, kind: Any, span: Span, values: Mapping[str, str], within: str, text: str, received_on: dt.date
) -> Fact:
    """Make a fact that a person read where the program had not."""
    kept = span if 0 <= span[0] < span[1] <= len(text) else None
    fixed = {
        "as_of": received_on.isoformat(),
        "direction": "against_defender",
        "sentence": text[slice(*kept)] if kept else "",
    }
    return Fact(key, kind, kept, dict(values), within=within, fixed=fixed)


def _within(fact: Fact, length: int) -> Fact:
    """Forget a span that leads out of the text: strangers' text went through the process that gave it."""
    fits = fact.span is None or 0 <= fact.span[0] < fact.span[1] <= length
    return fact if fits else replace(fact, span=None)


class _Facts:
    """The facts of one document."""

    def __init__(self, prefix: str, document: AppealDocument, received_on: dt.date) -> None:
        self._prefix = prefix
        self._facts = document.facts
        self._on = document.issued_on or received_on
        self._keys: dict[str, str] = {}
        self._places: dict[str, str] = {}

    def all(self) -> Iterator[Fact]:
        yield from self._named()
        yield from self._told()
        yield from self._justice()
        yield from self._said()

    def _key(self, kind: Kind, number: int) -> str:
        return f"{self._prefix}{kind}-{number}"

    def _named(self) -> Iterator[Fact]:
        facts = self._facts
        for number, organisation in enumerate(facts.organisations):
            self._keys[organisation.name] = key = self._key("organisation", number)
            yield _fact(key, "organisation", organisation.span, {"name": organisation.name})
        for number, place in enumerate(facts.places):
            self._places[place.name] = key = self._key("place", number)
            yield _fact(key, "place", place.span, {"name": place.name, "kind": place.kind})
        for number, person in enumerate(facts.people):
            self._keys[person.name] = self._key("person", number)
            yield self._person(person, self._keys[person.name])
        for number, group in enumerate(facts.groups):
            self._keys[group.label] = key = self._key("group", number)
            size = {"size": str(group.size)} if group.size else {}
            values = {"name": group.label, "actor_type": group.actor_type}
            yield _fact(key, "group", group.span, values, fixed=size)
        yield from self._unlisted()

    def _person(self, person: Person, key: str) -> Fact:
        values = {
            "name": person.name,
            "role": person.role,
            "described_as": ", ".join(person.described_as),
            "organisations": self._refs(person.organisations),
        }
        fixed = {"title": person.title or "", "forms": "\n".join(person.other_forms)}
        return _fact(key, "person", person.span, values, fixed=fixed)

    def _unlisted(self) -> Iterator[Fact]:
        """Make facts of those whom acts name and no list does, so that nobody is lost."""
        number = len(self._facts.groups)
        for event in self._facts.events:
            for act in event.acts:
                for name in (*act.victims, *act.actors):
                    if name not in self._keys:
                        self._keys[name] = key = self._key("group", number)
                        number += 1
                        yield _fact(key, "group", act.span, {"name": name, "actor_type": None})
        for quotation in self._facts.quotations:
            if (name := quotation.speaker or "") and name not in self._keys:
                self._keys[name] = key = self._key("group", number)
                number += 1
                yield _fact(key, "group", None, {"name": name, "actor_type": None})

    def _refs(self, names: Iterable[str]) -> str:
        return " ".join(dict.fromkeys(self._keys[name] for name in names if name in self._keys))

    def _told(self) -> Iterator[Fact]:
        for number, event in enumerate(self._facts.events):
            key = self._key("event", number)
            yield self._event(event, key)
            for at, act in enumerate(event.acts):
                yield self._act(act, f"{self._key('act', number)}-{at}", key, event)

    def _event(self, event: Event, key: str) -> Fact:
        place = _where([name for name in event.places if name in self._places], event.sentence)
        values = {
            "what": event.sentence,
            "date": event.date,
            "time": event.time,
            "until": event.until,
            "place": self._places[place] if place else "",
        }
        doubts = [code for code, holds in _DOUBTS_OF_EVENTS if holds(event)]
        return _fact(
            key,
            "event",
            event.span,
            values,
            doubts=tuple(doubts),
            hedges=event.hedges,
            when=(event.words or "", event.precision or ""),
        )

    def _act(self, act: Act, key: str, within: str, event: Event) -> Fact:
        values = {
            "type": act.type,
            "method": act.method,
            "victims": self._refs(act.victims),
            "actors": self._refs(act.actors),
        }
        doubts = [
            *(["hedged"] if event.hedges else []),
            *(["no_victim"] if not act.victims else []),
            *(["not_done"] if act.mode in {"risk", "attempted"} else []),
        ]
        fixed = {"mode": act.mode, "words": act.as_printed, "voice": act.voice}
        return _fact(key, "act", act.span, values, within=within, doubts=tuple(doubts), fixed=fixed)

    def _justice(self) -> Iterator[Fact]:
        charges = self._facts.charges
        for number, charge in enumerate(charges):
            yield self._charge(charge, self._key("charge", number))
        for number, proceeding in enumerate(self._facts.proceedings):
            if not any(_covers(proceeding, charge) for charge in charges):
                values = {"status": proceeding.status, "as_of": (proceeding.as_of or self._on).isoformat()}
                fixed = {"direction": proceeding.direction, "sentence": proceeding.sentence}
                yield _fact(self._key("proceeding", number), "proceeding", proceeding.span, values, fixed=fixed)
        for number, status in enumerate(self._facts.status_as_of):
            if status.status in vocab.load("detention_status"):
                yield self._status(status, self._key("status", number))

    def _said(self) -> Iterator[Fact]:
        for number, quotation in enumerate(self._facts.quotations):
            values = {"quote": quotation.text, "speaker": self._refs([quotation.speaker] if quotation.speaker else ())}
            doubts = () if values["speaker"] else ("no_speaker",)
            told = {"event": self._around(quotation.span)}
            key = self._key("quotation", number)
            yield _fact(key, "quotation", quotation.span, values, doubts=doubts, fixed=told)
        for number, law in enumerate(self._facts.laws):
            # What a charge names already is not asked twice.
            if not any(charge.span and law.span and _meet(charge.span, law.span) for charge in self._facts.charges):
                yield self._law(law, self._key("law", number))

    def _around(self, span: Span | None) -> str:
        """Give the key of the event in whose sentence words stand; empty where there is none."""
        around = (
            number
            for number, event in enumerate(self._facts.events)
            if span and event.span and event.span[0] <= span[0] and span[1] <= event.span[1]
        )
        return next((self._key("event", number) for number in around), "")

    def _law(self, law: Law, key: str) -> Fact:
        known = law.instrument in vocab.load("instruments") if law.instrument else False
        values = {"instrument": law.instrument, "article": law.article}
        fixed = {"as_printed": law.as_printed, "right": law.right or ""}
        return _fact(key, "law", law.span, values, doubts=() if known else ("no_law",), fixed=fixed)

    def _charge(self, charge: Charge, key: str) -> Fact:
        values = {
            "offence": charge.offence or charge.provision or charge.law,
            "article": charge.provision if charge.offence else "",
            "law": charge.law,
            "person": self._refs([charge.person]) if charge.person else "",
            "status": charge.status,
        }
        doubts = ("attributed",) if charge.attribution else ()
        hedges = (charge.attribution,) if charge.attribution else ()
        fixed = {"as_of": self._on.isoformat()}
        return _fact(key, "charge", charge.span, values, doubts=doubts, hedges=hedges, fixed=fixed)

    def _status(self, status: StatusAsOf, key: str) -> Fact:
        values = {
            "person": self._refs([status.person]),
            "status": status.status,
            "as_of": (status.as_of or self._on).isoformat(),
        }
        return _fact(key, "status", status.span, values, doubts=() if values["person"] else ("no_victim",))


_DOUBTS_OF_EVENTS = (
    ("hedged", lambda event: bool(event.hedges)),
    ("ambiguous", lambda event: event.ambiguous),
    ("no_date", lambda event: event.date is None or event.date.startswith("X")),
    ("no_year", lambda event: bool(event.date and event.date.startswith("X"))),
)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _covers(proceeding: Proceeding, charge: Charge) -> bool:
    """Tell whether a proceeding says nothing beyond a charge of the same sentence."""
    if proceeding.span is None or charge.span is None or proceeding.direction != "against_defender":
        return False
    return proceeding.span[0] <= charge.span[0] < proceeding.span[1] and proceeding.status == charge.status


def _fact(key: str, kind: Kind, span: Span | None, values: Mapping[str, str | None], **more: Any) -> Fact:
    """Make a fact with all fields of its kind; a code that no list of the field has is left out."""
    kept = {}
    for name, field_of in FIELDS[kind].items():
        value = values.get(name) or ""
        known = not field_of.lists or not value or any(value in vocab.load(each) for each in field_of.lists)
        kept[name] = value if known else ""
    return Fact(key, kind, span, kept, **more)


def _where(places: Sequence[str], sentence: str) -> str | None:
    """Choose the last place that a sentence names, and of "Velm, Zarvania" the one that lies in the other."""
    words = " ".join(sentence.split())
    at = len(places) - 1
    while at > 0 and f"{places[at - 1]}, {places[at]}" in words:
        at -= 1
    return places[at] if places else None
