"""Who and what an appeal is about: its protagonists, what was done to them, its country and its publisher."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.compose.cast import Cast
from tocsin.core.compose.deeds import Deeds
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import Detention, Event, Organisation, Person
from tocsin.core.vocab import country

FREE = frozenset({"released", "released_conditions", "released_pending"})


_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Told:
    """Acts told as things: the words, the events they rest on, and how many kinds of act they are."""

    text: str
    records: tuple[str, ...]
    kinds: int


class Matter:
    """What every part of an appeal needs to know of its case."""

    def __init__(self, draft: Draft, cast: Cast, deeds: Deeds) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._deeds = deeds
        self._plan = draft.case.appeal

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

    def countries(self) -> str:
        """Name the countries of the appeal."""
        return self._book.names([self.country(code) for code in self._plan.countries])

    def publisher(self) -> Phrase:
        """Name the publisher shortly, as sentences begin with it: `the Observatory`."""
        record = self.organisation(self._plan.publisher)
        return Phrase(capital(record.short or record.preferred_name(self._book.language)), 1, "n")

    def protagonists(self) -> Phrase | None:
        """Name everybody for whom the appeal is issued, in full."""
        return self._cast.name((*self._plan.protagonists, *self._plan.protagonist_orgs), whole=True)

    def types(self) -> tuple[str, ...]:
        """Give the types of what was done to the protagonists, in the order of the case."""
        victims = {*self._plan.protagonists, *self._plan.protagonist_orgs}
        events = [event for event in self._draft.case.events if may_print(event) and victims & set(event.victims)]
        return tuple(dict.fromkeys(event.act_type for event in events if event.act_type))

    def acts_of_headings(self) -> Told:
        """Give what the violation line tells as things done to named people, and the release of those who are free."""
        return self.nominals(self._headed(), released=True)

    def _headed(self) -> list[Event]:
        codes = [each.code for each in self._plan.violation_headings] or list(self.types())
        wanted = {*self._plan.protagonists, *self._plan.protagonist_orgs}
        events = [each for each in self._draft.case.events if each.act_type in codes and may_print(each)]
        return sorted(
            (each for each in events if wanted & set(each.victims)), key=lambda each: codes.index(each.act_type or "")
        )

    def acts_of_wrongs(self) -> Told:
        """Give what the violation line tells, without the release: a release is nothing to condemn."""
        return self.nominals(self._headed())

    def nominals(self, events: Iterable[Event], *, released: bool = False) -> Told:
        """Give what was done as things, one for each type: `the attack against A and B and the arrest of A`.

        Args:
            events: The events.
            released: Tell the release of those who are free again, too.
        """
        wanted = {*self._plan.protagonists, *self._plan.protagonist_orgs}
        victims: dict[str, dict[str, None]] = {}
        records: list[str] = []
        for event in events:
            if event.act_type and may_print(event):
                hurt = [each for each in event.victims if each in wanted] or list(event.victims)
                victims.setdefault(event.act_type, {}).update(dict.fromkeys(hurt))
                records.append(event.id)
        freed = self.freed() if released else ()
        self._cast.forget()
        said = self._all_to_the_same(victims, freed) or list(self._one_by_one(victims, freed))
        return Told(self._book.names(said), once(records), len(victims))

    def _one_by_one(self, victims: Mapping[str, Iterable[str]], freed: Sequence[str]) -> Iterator[str]:
        for code, hurt in victims.items():
            if name := self._cast.name(hurt):
                yield self._deeds.nominal(code, name)
        if freed and (name := self._cast.name(freed)):
            yield self._book.say("release-of", victims=name)

    def _all_to_the_same(self, victims: Mapping[str, Iterable[str]], freed: Sequence[str]) -> list[str]:
        """Give several acts against the same people with one naming of them: `the attack and arrest of A and B`."""
        groups = {tuple(sorted(hurt)) for hurt in (*victims.values(), *([freed] if freed else []))}
        if len(groups) != 1 or len(victims) < _SEVERAL:
            return []
        nouns = [self._book.say(f"act-{code}") for code in victims]
        nouns += [self._book.say("and-release")] if freed else []
        name = self._cast.name(next(iter(victims.values())))
        return [self._book.say("acts-of", what=self._book.names(nouns), victims=name)] if name else []

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
        return any(status.value in {"killed", "died"} for person in people for status in person.statuses)

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


def capital(text: str) -> str:
    """Give a text that begins a sentence."""
    return text[:1].upper() + text[1:]


def once(records: Iterable[str]) -> tuple[str, ...]:
    """Give each record once, in the order of the first mention."""
    return tuple(dict.fromkeys(records))
