"""Who and what an appeal is about: its protagonists, what was done to them, its country and its publisher."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tocsin.core.compose.cast import Cast
from tocsin.core.compose.deeds import Deeds
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import FREE, Detention, Event, Organisation, Person
from tocsin.core.vocab import country

_SEVERAL = 2
_INITIAL = re.compile(r"(?:^|[\s.])\w\.$")


# What was tried, or is feared, was not done.
UNDONE = frozenset({"attempted", "risk"})


class Kind(NamedTuple):
    """A type of act; `mode` where it was only tried, or is feared. Or a step of a court or a prison: a release."""

    type: str
    mode: str | None = None
    is_step: bool = False

    @property
    def formula(self) -> str:
        """The message that names it."""
        return f"{'step' if self.is_step else 'act'}-{self.type}"


_RELEASE = Kind("release")


@dataclass(frozen=True, slots=True)
class ToldActs:
    """Acts told as things: the words, the events they rest on, how many they are for a verb.

    `parts` are the single things with those they were done to, `nouns` those things alone, `victims` all of them.
    """

    text: str
    records: tuple[str, ...]
    kinds: int
    parts: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    victims: frozenset[str] = frozenset()

    @property
    def phrase(self) -> Phrase:
        """The words as what a sentence is about."""
        return Phrase(self.text, self.kinds, "n", self.parts)


class _Done(NamedTuple):
    """What was done to whom, and the events that say so."""

    victims: Mapping[Kind, Iterable[str]]
    records: tuple[str, ...]


class Matter:
    """What every part of an appeal needs to know of its case."""

    def __init__(self, draft: Draft, cast: Cast, deeds: Deeds) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._deeds = deeds
        self._plan = draft.case.appeal
        self._frames: dict[Kind, str | None] = {}
        self._of_headings: _Done | None = None

    def country(self, code: str) -> str:
        """Name a country: by the vocabulary, or by the place of the case that is this country."""
        language = self._book.language
        known = country(code)
        if known is not None:
            return known.names.get(language, known.names["en"])
        places = [each for each in self._draft.case.places if each.type == "country" and each.country == code]
        name = next((text for each in places if (text := self._draft.words(each.id, "name", each.name))), None)
        if name is None:
            self._draft.miss(self._plan.id, "places", f"no place of the type country names {code}")
        return name or code

    def countries(self) -> Phrase:
        """Name the countries of the appeal."""
        names = tuple(self.country(code) for code in self._plan.countries)
        return Phrase(self._book.names(names), len(names), "n", names)

    def publisher(self) -> Phrase:
        """Name the publisher shortly, as sentences begin with it: `the Observatory`."""
        record = self.organisation(self._plan.publisher)
        return Phrase(capital(self._cast.short_name(record) or self._cast.organisation(record, whole=True)), 1, "n")

    def protagonists(self) -> Phrase | None:
        """Name everybody for whom the appeal is issued, in full."""
        return self._cast.name((*self._plan.protagonists, *self._plan.protagonist_orgs), whole=True)

    def types(self) -> tuple[str, ...]:
        """Give the types of what was done to the protagonists, in the order of the case."""
        victims = {*self._plan.protagonists, *self._plan.protagonist_orgs}
        events = [event for event in self._draft.case.events if may_print(event) and victims & set(event.victims)]
        return tuple(dict.fromkeys(event.act_type for event in events if event.act_type))

    def acts_of_headings(self) -> ToldActs:
        """Give what the violation line tells as things done to named people, and the release of those who are free."""
        return self._told_of(self._headed(), released=True)

    def _headed(self) -> _Done:
        if self._of_headings is None:
            self._of_headings = self._done(self._events_of_headings())
        return self._of_headings

    def _events_of_headings(self) -> list[Event]:
        codes = [each.code for each in self._plan.violation_headings] or list(self.types())
        wanted = {*self._plan.protagonists, *self._plan.protagonist_orgs}
        events = [each for each in self._draft.case.events if each.act_type in codes and may_print(each)]
        theirs = [each for each in events if wanted & set(each.victims)]
        # What the line names and was done to others alone, as to a relative, is told as theirs.
        told = {each.act_type for each in theirs}
        theirs += [each for each in events if each.act_type not in told]
        return sorted(theirs, key=lambda each: codes.index(each.act_type or ""))

    def acts_of_wrongs(self, also: Iterable[Event] = ()) -> ToldActs:
        """Give what the violation line tells, and `also`, without the release: a release is nothing to condemn."""
        more = [*also]
        events = dict.fromkeys((*self._events_of_headings(), *more))
        return self._told_of(self._done(events) if more else self._headed())

    def nominals(self, events: Iterable[Event]) -> ToldActs:
        """Give what was done as things, one for each type: `the attack against A and B and the arrest of A`."""
        return self._told_of(self._done(events))

    def _done(self, events: Iterable[Event]) -> _Done:
        wanted = {*self._plan.protagonists, *self._plan.protagonist_orgs}
        victims: dict[Kind, dict[str, None]] = {}
        records: list[str] = []
        for event in events:
            if event.act_type and may_print(event):
                hurt = [each for each in event.victims if each in wanted] or list(event.victims)
                kind = Kind(event.act_type, event.mode if event.mode in UNDONE else None)
                victims.setdefault(kind, {}).update(dict.fromkeys(hurt))
                records.append(event.id)
        return _Done(victims, tuple(records))

    def _told_of(self, done: _Done, *, released: bool = False) -> ToldActs:
        """Tell what was done; with `released` the release of those who are free again, too."""
        freed = self.freed() if released else ()
        return self.told({**done.victims, **({_RELEASE: freed} if freed else {})}, done.records)

    def told(self, victims: Mapping[Kind, Iterable[str]], records: Iterable[str]) -> ToldActs:
        """Tell kinds of acts and steps as things done to people, by the records that say so."""
        self._cast.forget()
        parts = tuple(self._parts({kind: tuple(hurt) for kind, hurt in victims.items()}))
        several = any(self._book.is_plural(kind.type) for kind in victims)
        count = _SEVERAL if several else len(victims)
        nouns = tuple(self._noun(kind) for kind in victims if kind != _RELEASE)
        everybody = frozenset(each for hurt in victims.values() for each in hurt)
        return ToldActs(self._book.names(parts), once(records), count, parts, nouns, everybody)

    def _parts(self, victims: Mapping[Kind, tuple[str, ...]]) -> Iterator[str]:
        """Name the acts, those against the same people together: `the attack against, and the arrest of A`."""
        sharing: dict[tuple[frozenset[str], str], list[Kind]] = {}
        for kind, hurt in victims.items():
            frame = self._frame(kind) or f"alone {kind}"
            sharing.setdefault((frozenset(hurt), frame), []).append(kind)
        for (_, frame), kinds in sharing.items():
            name = self._cast.name(victims[kinds[0]])
            if name is None:
                continue
            if len(kinds) > 1:
                nouns = [self._noun(kind, among=True) for kind in kinds]
                yield self._book.say(frame, what=self._book.names(nouns), victims=name)
            else:
                yield self._nominal(kinds[0], name)

    def _frame(self, kind: Kind) -> str | None:
        """Give the frame by which a noun takes its victims, if it is one of those that several nouns can share."""
        if kind not in self._frames:
            self._frames[kind] = self._found_frame(kind)
        return self._frames[kind]

    def _found_frame(self, kind: Kind) -> str | None:
        probe = Phrase("X")
        said = self._book.say("release-of", victims=probe) if kind == _RELEASE else self._nominal(kind, probe)
        frames = (f"acts-{frame}" for frame in ("of", "against"))
        noun = self._book.say("the-release") if kind == _RELEASE else self._noun(kind)
        return next((each for each in frames if self._book.say(each, what=noun, victims=probe) == said), None)

    def _noun(self, kind: Kind, *, among: bool = False) -> str:
        """Name a kind of act; `among` others a word may need to be told apart: a verbal and a physical attack."""
        if kind == _RELEASE:
            return self._book.say("and-release")
        apart = f"{kind.formula}.among"
        what = self._book.say(apart if among and self._book.has(apart) else kind.formula)
        return self._book.say(f"mode-{kind.mode}.noun", what=what) if kind.mode else what

    def _nominal(self, kind: Kind, victims: Phrase) -> str:
        if kind == _RELEASE:
            return self._book.say("release-of", victims=victims)
        if kind.is_step:
            return self._book.say(f"{kind.formula}.nominal", victims=victims)
        nominal = self._deeds.nominal(kind.type, victims)
        if kind.mode:
            act = self._book.without_article(nominal)
            what = self._book.say(f"act-{kind.type}")
            return self._book.say(f"mode-{kind.mode}.nominal", what=what, act=act, victims=victims)
        return nominal

    def named_acts(self, about: Iterable[str], people: Iterable[str]) -> str | None:
        """Give the acts that a demand rests on, where they are few and name all for whom it is made."""
        events = [event for each in about if (event := self._draft.case.find_record(each, Event)) and event.act_type]
        told = self.nominals([event for event in events if event.kind == "act" and may_print(event)])
        named = {victim for event in events for victim in event.victims}
        return told.text if told.text and len(told.parts) <= _SEVERAL and set(people) <= named else None

    def freed(self) -> tuple[str, ...]:
        """Give those who are free again."""
        free = [each for each in self._draft.case.detentions if each.status and each.status.value in FREE]
        return tuple(dict.fromkeys(person for detention in free for person in detention.persons))

    def held(self) -> tuple[Detention, ...]:
        """Give the detentions that last."""
        return tuple(each for each in self._draft.case.detentions if each.status and each.status.value not in FREE)

    def killed(self) -> bool:
        """Whether a protagonist is dead."""
        people = [person for each in self._plan.protagonists if (person := self._draft.case.find_record(each, Person))]
        return any(is_dead(person) for person in people)

    def organisation(self, record_id: str) -> Organisation:
        """Give an organisation of the case."""
        return self._draft.case.get_record(record_id, Organisation)

    def acronym(self, record_id: str) -> str:
        """Give the acronym of an organisation, or its name."""
        record = self.organisation(record_id)
        return record.acronym or record.preferred_name(self._book.language)

    def with_acronym(self, record_id: str, *, article: bool = True) -> str:
        """Name an organisation with its acronym behind: `the World Organisation (WO)`."""
        record = self.organisation(record_id)
        name = record.preferred_name(self._book.language)
        stands_alone = name == record.acronym or " " not in name
        said = self._book.law(name) if article and not stands_alone else name
        return f"{said} ({record.acronym})" if record.acronym and record.acronym != name else said


def is_dead(person: Person) -> bool:
    """Whether somebody was killed or has died."""
    return any(status.value in {"killed", "died"} for status in person.statuses)


def capital(text: str) -> str:
    """Give a text that begins a sentence."""
    return text[:1].upper() + text[1:]


def unended(text: str) -> str:
    """Give a text without the point or semicolon that ends it; the point of an initial (`P. D.`) is the name's."""
    text = text.rstrip(" ;")
    return text if _INITIAL.search(text) else text.rstrip(" .;")


def ended(text: str, end: str = ".") -> str:
    """Give a text with one mark at its end: an initial has its point already."""
    text = unended(text)
    return text if end == "." and text.endswith((".", "!", "?", ".”")) else text + end


def once(records: Iterable[str]) -> tuple[str, ...]:
    """Give each record once, in the order of the first mention."""
    return tuple(dict.fromkeys(records))
