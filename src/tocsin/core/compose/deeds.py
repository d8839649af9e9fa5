"""Clauses for what was done to people: who did what to whom, how and where, as surely as the case knows it."""

import re

from tocsin.core.compose.cast import Cast
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import Event, Involvement, Person, Place

_WITHOUT_ARTICLE = frozenset({"city", "village", "region", "district", "country"})
# After any day.
_LAST = "9999"
# Those who took part so did not do it with their own hands; each degree has its formula.
_BEHIND = ("ordered", "planned", "instigated", "command", "present")


class Deeds:
    """Says acts and omissions."""

    def __init__(self, draft: Draft, cast: Cast) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._place: str | None = None
        self._involved: dict[str, list[Involvement]] = {}
        for each in draft.case.involvements:
            self._involved.setdefault(each.event, []).append(each)

    def forget(self) -> None:
        """Begin a new text: the next place is said again."""
        self._place = None

    def clause(self, event: Event) -> str | None:
        """Give the clause for an event with an act type; `None` where nobody of it may be printed."""
        if event.kind == "omission" and (told := self._unopened(event)):
            return told
        actors = self._actors(event)
        victims = self._cast.name(event.victims)
        if victims is None:
            return None
        clause = self._said(event, actors, victims)
        how, and_then = self._by_what(event, victims, "active" if actors else "passive")
        clause = self.placed(event, self._with_manner(clause, how))
        clause = self._how_often(event, self._with_manner(clause, and_then))
        for degree in _BEHIND if event.id in self._involved else ():
            if (those := self._of_degree(event, degree)) and (behind := self._cast.name(those)):
                clause = self._book.say(f"degree-{degree}", clause=clause, people=behind)
        return self._book.say("alleged", clause=clause) if self._alleged(event) else clause

    def doers(self, event: Event) -> tuple[str, ...]:
        """Give the actors who did it themselves, as far as the case knows: not those who gave the order."""
        if event.id not in self._involved:
            return event.actors
        behind = {each for degree in _BEHIND for each in self._of_degree(event, degree)}
        return tuple(each for each in event.actors if each not in behind)

    def _of_degree(self, event: Event, degree: str) -> list[str]:
        return [each.actor for each in self._involved.get(event.id, ()) if each.degree == degree]

    def nominal(self, code: str, victims: Phrase) -> str:
        """Give what was done as a thing: `the attack against Ms. A`."""
        return self._book.say(f"act-{code}.nominal", victims=victims)

    def placed(self, event: Event, clause: str) -> str:
        """Add the place of an event to a clause."""
        place = self._draft.case.find_record(event.place, Place) if event.place else None
        same, self._place = event.place == self._place, event.place or self._place
        if place is None or same or not may_print(place):
            return clause
        name = self._draft.words(place.id, "name", place.name)
        if name is None or self._says(clause, name):
            return clause
        return self._book.say(self._preposition(place, name), clause=clause, place=self.place(place, name))

    def _says(self, clause: str, place: str) -> bool:
        """Whether a clause names a place already, or the kind of thing that it is: "the office of X", "the Court"."""
        head = place.removeprefix(self._book.grammar.article).partition(f" {self._book.grammar.of}")[0]
        return re.search(rf"(?<!\w){re.escape(head)}(?!\w)", clause) is not None

    def place(self, place: Place, name: str) -> str:
        """Give the name of a place with the article that it takes."""
        # "Velm airport" is called so, "the city hospital" is described.
        called = name[:1].isupper() and name.rpartition(" ")[2][:1].islower()
        plain = called or place.type in _WITHOUT_ARTICLE or self._book.stands_alone(name) or self._is_town(place, name)
        return name if plain else f"{self._book.grammar.article}{name}"

    def _preposition(self, place: Place, name: str) -> str:
        if self._book.has_preposition(name):
            return "near-place"
        grammar = self._book.grammar
        by_word = next(filter(None, map(grammar.preposition_words.get, name.split())), None)
        otherwise = "in-place" if self._is_town(place, name) else "at-place"
        return by_word or grammar.preposition_kinds.get(place.type or "", otherwise)

    def _is_town(self, place: Place, name: str) -> bool:
        """Whether a place whose kind nobody said is most likely a town: "the Velm" would be a ship or a river."""
        return place.type is None and self._book.is_proper(name)

    def _actors(self, event: Event) -> Phrase | None:
        """Name the actors; one group that is part of another is told as among them."""
        doers = self.doers(event)
        phrase = self._cast.name(doers)
        groups = [
            record
            for each in doers
            if (record := self._draft.public(each)) and getattr(record, "part_of", None) in doers
        ]
        if phrase is None:
            # Somebody is known and may not be named: "unknown persons" would be untrue.
            return Phrase(self._book.say("actors-withheld"), 2, self._book.grammar.mixed) if doers else None
        if not groups:
            # A description with a comma in it ("a crowd, including police officers") is closed by one before the verb.
            closed = "," in phrase.text and len(doers) == 1
            return Phrase(f"{phrase.text},", phrase.count, phrase.gender) if closed else phrase
        parts = self._book.names([self._cast.short(group) for group in groups])
        return Phrase(self._book.say("among-them", all=phrase.text, part=parts), phrase.count, phrase.gender)

    def _said(self, event: Event, actors: Phrase | None, victims: Phrase) -> str:
        voice = "active" if actors else "passive"
        values = {"victims": victims, **({"actors": actors} if actors else {})}
        if event.mode in {"attempted", "risk"}:
            at_risk = f"act-{event.act_type}.risk"
            own = event.mode == "risk" and self._book.has(at_risk)
            what = self._book.say(at_risk if own else f"act-{event.act_type}")
            formula = f"mode-{event.mode}.active" if actors else f"mode-{event.mode}"
            return self._book.say(formula, what=what, **values)
        if event.mode == "ongoing":
            return self._ongoing(event, actors, victims)
        if event.act_type == "impunity" and not actors and self._was_opened(event):
            return self._book.say("act-impunity.opened", **values)
        if method := self._method(event):
            return self._book.say(f"{method}.{voice}", **values)
        return self._book.say(f"act-{event.act_type}.{voice}", **values)

    def _ongoing(self, event: Event, actors: Phrase | None, victims: Phrase) -> str:
        act = f"act-{event.act_type}"
        if actors and self._book.has(f"{act}.ongoing-by"):
            return self._book.say(f"{act}.ongoing-by", victims=victims, actors=actors)
        if self._book.has(f"{act}.ongoing"):
            clause = self._book.say(f"{act}.ongoing", victims=victims)
        else:
            clause = self._book.say("mode-ongoing", victims=victims, what=self._book.say(act))
        return self._book.say("ongoing-by", clause=clause, actors=actors) if actors else clause

    def _method(self, event: Event) -> str | None:
        """Give the formula for the method as a deed of its own, if there is one for an act of this type."""
        if event.method is None or event.mode == "ongoing":
            return None
        formulae = (f"method-{event.method}-{event.act_type}", f"method-{event.method}")
        known = (each for each in formulae if self._book.has(f"{each}.of"))
        return next((each for each in known if event.act_type in self._book.say(f"{each}.of").split()), None)

    def _by_what(self, event: Event, victims: Phrase, voice: str) -> tuple[list[str], list[str]]:
        """Say by what means it was done, which stands before the place, and what was done next, which stands behind it.

        "Without a warrant at her office", but "at her office and took her to a police station".
        """
        method = None if self._method(event) else event.method
        ways = [each for each in (method, *event.medium) if each and self._book.has(f"how-{each}")]
        formulae = [f"how-{each}.{voice}" if self._book.has(f"how-{each}.{voice}") else f"how-{each}" for each in ways]
        words = [self._book.say(each, victims=victims) for each in dict.fromkeys(formulae)]
        next_deeds = [each for each in words if each.startswith(self._book.grammar.and_starts)]
        return [each for each in words if each not in next_deeds], next_deeds

    def _with_manner(self, clause: str, words: list[str]) -> str:
        return self._book.say("manner", clause=clause, manner=self._book.names(words)) if words else clause

    def _how_often(self, event: Event, clause: str) -> str:
        if event.occurrences and event.occurrences.words:
            clause = self._book.say("times", clause=clause, times=event.occurrences.words)
        if event.manner:
            return self._book.say("manner-quoted", clause=clause, manner=self._book.quote(event.manner))
        return clause

    def _was_opened(self, event: Event) -> bool:
        """Whether the case tells that an investigation was opened before: then nobody may say that there is none."""
        told = (each for each in self._draft.case.events if each.procedure == "investigation_opened")
        by = event.as_of.isoformat() if event.as_of else (event.t and (event.t.start or event.t.date)) or _LAST
        return any(may_print(each) and (not each.t or (each.t.start or each.t.date or "") <= by) for each in told)

    def _unopened(self, event: Event) -> str | None:
        """Say that nobody investigates, where the proceeding that was never opened says against whom."""
        proceeding = self._draft.proceeding_of(event)
        if proceeding is None or proceeding.status is None or proceeding.status.value != "not_opened":
            return None
        suspects = self._cast.name(proceeding.suspects)
        return self._book.say("not-opened-against", suspects=suspects) if suspects else None

    def _alleged(self, event: Event) -> bool:
        """Whether it is to be told as an allegation.

        A named person is never said to have done it as a plain fact without a finding, nor is anybody whom a record of
        the case calls a suspect only.
        """
        case = self._draft.case
        said = {each.actor: each for each in self._involved.get(event.id, ())}
        return any(
            not _is_found(said.get(actor))
            and (case.find_record(actor, Person) or (actor in said and said[actor].degree == "suspected"))
            for actor in event.actors
        )


def _is_found(involvement: Involvement | None) -> bool:
    return involvement is not None and involvement.prosecution == "convicted"
