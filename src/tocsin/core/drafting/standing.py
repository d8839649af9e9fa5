"""What a document still says as data after its text was changed: nothing that the text does not say."""

from collections.abc import Callable, Container, Iterator
from dataclasses import replace

from tocsin.core.appeal import AppealDocument, Event, Facts, Organisation, Person
from tocsin.core.reader import fold


def without_unsaid(document: AppealDocument) -> AppealDocument:
    """Take out of the facts, and of whom a demand is for, whatever has no words left in the text.

    Data of an appeal are published beside its text: a name that an editor took out of every sentence must not stand
    there. A fact goes when its own words are gone, and with it every mention of somebody who is named no longer.
    """
    told = f" {fold(' '.join(_texts(document)))} "

    def stands(words: str | None) -> bool:
        return bool(words) and f" {fold(words or '').strip()} " in told

    demands = tuple(replace(each, beneficiaries=tuple(filter(stands, each.beneficiaries))) for each in document.demands)
    return replace(document, demands=demands, facts=_facts(document.facts, stands))


def _texts(document: AppealDocument) -> Iterator[str]:
    """Give every printed text."""
    yield from (each.text for each in (document.title, document.opening, document.about) if each is not None)
    yield from (paragraph.text for section in document.sections for paragraph in section.paragraphs)
    yield from (each.text for each in document.demands)
    yield from (each.text for each in document.requests)
    yield from (each.text for each in document.notes)
    yield from (each.as_printed for each in document.violations)
    yield from (each.as_printed for each in document.addressees)


Stands = Callable[[str | None], bool]


def _facts(facts: Facts, stands: Stands) -> Facts:
    people = tuple(_person(each, stands) for each in facts.people if _is_named(each, stands))
    groups = tuple(each for each in facts.groups if stands(each.label))
    organisations = tuple(
        replace(each, other_forms=tuple(filter(stands, each.other_forms)))
        for each in facts.organisations
        if _is_named(each, stands)
    )
    named = {each.name for each in people} | {each.name for each in organisations} | {each.label for each in groups}
    return Facts(
        people=people,
        groups=groups,
        organisations=organisations,
        places=tuple(each for each in facts.places if stands(each.name)),
        events=tuple(_event(each, named) for each in facts.events if stands(each.sentence)),
        charges=tuple(
            replace(each, person=each.person if each.person in named else None)
            for each in facts.charges
            if stands(each.offence or each.provision)
        ),
        proceedings=tuple(each for each in facts.proceedings if stands(each.sentence)),
        quotations=tuple(
            replace(each, speaker=each.speaker if each.speaker in named else None)
            for each in facts.quotations
            if stands(each.text)
        ),
        laws=tuple(each for each in facts.laws if stands(each.as_printed)),
        status_as_of=tuple(each for each in facts.status_as_of if each.person in named),
    )


def _is_named(somebody: Person | Organisation, stands: Stands) -> bool:
    return stands(somebody.name) or any(map(stands, somebody.other_forms))


def _person(person: Person, stands: Stands) -> Person:
    forms, words = (tuple(filter(stands, each)) for each in (person.other_forms, person.described_as))
    return replace(person, other_forms=forms, described_as=words)


def _event(event: Event, named: Container[str]) -> Event:
    acts = tuple(
        replace(
            act,
            victims=tuple(each for each in act.victims if each in named),
            actors=tuple(each for each in act.actors if each in named),
        )
        for act in event.acts
    )
    return replace(event, acts=acts)
