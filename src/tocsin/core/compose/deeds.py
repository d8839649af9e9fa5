"""Clauses for what was done to people: who did what to whom, how and where, as surely as the case knows it."""

from tocsin.core.compose.cast import Cast
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import Event, Involvement, Person, Place, Proceeding

_SURE = frozenset({"established", "convicted", "confirmed"})
_WITHOUT_ARTICLE = frozenset({"city", "town", "village", "region", "district", "country", "river"})


class Deeds:
    """Says acts and omissions."""

    def __init__(self, draft: Draft, cast: Cast) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._place: str | None = None

    def forget(self) -> None:
        """Begin a new text: the next place is said again."""
        self._place = None

    def clause(self, event: Event) -> str | None:
        """Give the clause for an event with an act type; `None` where nobody of it may be printed."""
        if event.kind == "omission" and (told := self._unopened(event)):
            return told
        alleged = self._alleged(event)
        actors = self._actors(event)
        victims = self._cast.name(event.victims)
        if victims is None:
            return None
        clause = self._said(event, actors, victims)
        clause = self._how(event, clause, victims)
        clause = self.placed(event, clause)
        return self._book.say("alleged", clause=clause) if alleged else clause

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
        if name is None:
            return clause
        return self._book.say(self._preposition(place, name), clause=clause, place=self.place(place, name))

    def place(self, place: Place, name: str) -> str:
        """Give the name of a place with the article that it takes."""
        plain = place.type in _WITHOUT_ARTICLE or self._book.stands_alone(name)
        return name if plain else f"{self._book.grammar.article}{name}"

    def _preposition(self, place: Place, name: str) -> str:
        if self._book.has_preposition(name):
            return "near-place"
        return "in-place" if place.type in _WITHOUT_ARTICLE else "at-place"

    def _actors(self, event: Event) -> Phrase | None:
        """Name the actors; one group that is part of another is told as among them."""
        phrase = self._cast.name(event.actors)
        groups = [
            record
            for each in event.actors
            if (record := self._draft.public(each)) and getattr(record, "part_of", None) in event.actors
        ]
        if phrase is None:
            return None
        if not groups:
            # A description with a comma in it ("a crowd, including police officers") is closed by one before the verb.
            closed = "," in phrase.text and len(event.actors) == 1
            return Phrase(f"{phrase.text},", phrase.count, phrase.gender) if closed else phrase
        parts = self._book.names([self._cast.short(group) for group in groups])
        return Phrase(self._book.say("among-them", all=phrase.text, part=parts), phrase.count, phrase.gender)

    def _said(self, event: Event, actors: Phrase | None, victims: Phrase) -> str:
        voice = "active" if actors else "passive"
        values = {"victims": victims, **({"actors": actors} if actors else {})}
        what = self._book.say(f"act-{event.act_type}")
        if event.mode in {"attempted", "risk"}:
            formula = f"mode-{event.mode}.active" if actors and event.mode == "attempted" else f"mode-{event.mode}"
            return self._book.say(formula, what=what, **values)
        if event.mode == "ongoing" and not actors and self._book.has(f"act-{event.act_type}.ongoing"):
            return self._book.say(f"act-{event.act_type}.ongoing", **values)
        if event.method and self._book.has(f"method-{event.method}.{voice}"):
            return self._book.say(f"method-{event.method}.{voice}", **values)
        return self._book.say(f"act-{event.act_type}.{voice}", **values)

    def _how(self, event: Event, clause: str, victims: Phrase) -> str:
        ways = [each for each in (event.method, *event.medium) if each and self._book.has(f"how-{each}")]
        words = [self._book.say(f"how-{each}", victims=victims) for each in dict.fromkeys(ways)]
        if words:
            clause = self._book.say("manner", clause=clause, manner=self._book.names(words))
        if event.occurrences and event.occurrences.words:
            clause = self._book.say("manner", clause=clause, manner=event.occurrences.words)
        if event.manner:
            return self._book.say("manner-quoted", clause=clause, manner=self._book.quote(event.manner))
        return clause

    def _unopened(self, event: Event) -> str | None:
        """Say that nobody investigates, where the proceeding that was never opened says against whom."""
        proceeding = self._draft.case.find_record(event.proceeding, Proceeding) if event.proceeding else None
        if proceeding is None or proceeding.status is None or proceeding.status.value != "not_opened":
            return None
        suspects = self._cast.name(proceeding.suspects)
        return self._book.say("not-opened-against", suspects=suspects) if suspects else None

    def _alleged(self, event: Event) -> bool:
        """Whether a named person is said to have done it, without a finding: never printed as a plain fact."""
        case = self._draft.case
        said = {each.actor: each for each in case.involvements if each.event == event.id}
        return any(case.find_record(actor, Person) and not _is_found(said.get(actor)) for actor in event.actors)


def _is_found(involvement: Involvement | None) -> bool:
    return involvement is not None and involvement.accountability == "convicted"
