"""From the paragraphs of a document to what they say happened: people, acts, chronology, charges, laws."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from tocsin.core.appeal import AppealDocument, Demand, Event, Facts, Group, Organisation, Paragraph, Person, Place, Span
from tocsin.core.reader.facts.chronology import Chronology, Told
from tocsin.core.reader.facts.entities import Entities, Entity
from tocsin.core.reader.facts.groups import Groups
from tocsin.core.reader.facts.laws import read_laws
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.facts.passage import NARRATIVE, QUOTING, Passage
from tocsin.core.reader.facts.phrases import Discourse
from tocsin.core.reader.facts.proceedings import ProceedingReader
from tocsin.core.reader.facts.pronouns import is_pronoun
from tocsin.core.reader.facts.quotations import read_quotations
from tocsin.core.reader.facts.roles import protagonists, tie_roles
from tocsin.core.reader.facts.runs import find_runs
from tocsin.core.reader.facts.statuses import read_statuses
from tocsin.core.reader.facts.words import Words, words_of
from tocsin.core.reader.tokens import Hit, fold
from tocsin.core.vocab import countries_by_name, countries_by_nationality

_LONGEST_SIGNATURE = 100  # characters of a line
# "la", "les", "se" are more often articles and reflexives than people.
_UNCLEAR = ("clitic", "possessive")
_WIDENING = frozenset("all other every todos todas otros otras tous toutes autres demas".split())
_ORDER = {"background": 0, "situation": 1, "new_information": 2, "position": 3}


def read_facts(
    document: AppealDocument, text: str, country_names: Iterable[str] = ()
) -> tuple[Facts, tuple[Demand, ...]]:
    """Give the facts of a document, and its demands with their beneficiaries.

    Args:
        document: What the layout says; its spans point into `text`.
        text: The normalised source.
        country_names: Names of the countries of the document, which the table of countries may lack.
    """
    language = document.language or ""
    read = list(_passages(document, text))
    passages = [passage for passage in read if passage.role != QUOTING]
    countries = _country_names(language) | {fold(name) for name in country_names}
    ignored = [*(addressee.name for addressee in document.addressees if addressee.name), *document.publishers]
    entities = Entities(passages, countries, ignored)
    for passage in passages:
        tie_roles(passage, entities)
    defenders = protagonists(entities, passages)
    groups = Groups()
    house = _house(entities, passages)
    ours = _ours(document, text, entities, countries)
    if ours is not None and fold(ours) in _signed(document):
        for person in entities.people:
            if person.ours:
                person.organisations[ours] = None
    discourse = Discourse(groups, defenders, ours, house)
    narrative = [passage for passage in read if passage.role in {*NARRATIVE, "position", QUOTING}]
    story = Chronology(language, document.issued_on, entities, discourse, house).read(
        narrative, _asked_in_prose(document)
    )
    _victims_are_defenders(story, entities)
    facts = _facts(document, passages, story, entities, groups)
    demands = tuple(
        Demand(demand.ordinal, demand.text, demand.types, _beneficiaries(passage, entities, defenders), demand.span)
        for demand, passage in zip(document.demands, (p for p in passages if p.role == "demand"), strict=True)
    )
    return facts, demands


def _passages(document: AppealDocument, text: str) -> Iterator[Passage]:
    words = words_of(document.language or "")
    if document.title is not None and document.title.span is not None:
        yield Passage(text, document.title.span, "title", words)
    for number, section in enumerate(document.sections):
        # What stands inside the story and is none of it says who wrote the mail that follows, and when.
        between = section.role == "other" and number < len(document.sections) - 1
        role = QUOTING if between else section.role
        if role in NARRATIVE or role in {"position", QUOTING}:
            for paragraph in section.paragraphs:
                if paragraph.span is not None:
                    yield Passage(text, paragraph.span, role, words)
    for note in document.notes:
        if note.span is not None:
            yield Passage(text, note.span, "note", words)
    for demand in document.demands:
        yield Passage(text, demand.span or (0, 0), "demand", words)


@cache
def _country_names(language: str) -> frozenset[str]:
    return frozenset(fold(name) for name in (*countries_by_name(language), *countries_by_nationality(language)))


def _victims_are_defenders(story: Sequence[Told], entities: Entities) -> None:
    """Somebody to whom things are done, and who is nothing else in the text, is a defender."""
    victims = {name for told in story for found in told.acts for name in found.act.victims}
    for person in entities.people:
        if person.name in victims and not person.roles:
            person.roles.add("defender")
    if not any(person.role == "defender" for person in entities.people):
        # "My brother X was arrested": whom a family writes about is nobody's relative in the case.
        for person in entities.people:
            if person.name in victims and person.role == "relative":
                person.roles = {"defender"}


def _facts(
    document: AppealDocument,
    passages: Sequence[Passage],
    story: Sequence[Told],
    entities: Entities,
    groups: Groups,
) -> Facts:
    concerned = [person for person in entities.people if person.role == "defender"]
    proceedings = ProceedingReader(document.issued_on, (person.name for person in concerned))
    in_time = sorted(story, key=lambda told: _ORDER[told.passage.role])
    for told in in_time:
        proceedings.read(told)
    offences = {charge.offence for charge in proceedings.charges if charge.offence}
    quotations = []
    phrases: dict[int, list[NounPhrase]] = {}
    for told in story:
        phrases.setdefault(id(told.passage), []).extend(told.phrases)
    for passage in passages:
        if passage.role in NARRATIVE or passage.role == "position":
            quotations.extend(read_quotations(passage, phrases.get(id(passage), []), offences))
    statuses = read_statuses(in_time, concerned, document.issued_on)
    return Facts(
        people=tuple(_person(person) for person in entities.people),
        groups=tuple(_groups_told(story, groups)),
        organisations=tuple(
            Organisation(each.name, _other_forms(each), each.span) for each in entities.organisations if each.mentions
        ),
        places=tuple(Place(each.name, each.place_kind, each.span) for each in entities.places if each.mentions),
        events=tuple(_events(story)),
        charges=tuple(proceedings.charges),
        proceedings=tuple(proceedings.latest()),
        quotations=tuple(quotations),
        laws=tuple(law for passage in passages for law in read_laws(passage)),
        status_as_of=tuple(statuses),
    )


def _events(story: Sequence[Told]) -> Iterator[Event]:
    for told in story:
        if told.event is not None:
            yield told.event


def _groups_told(story: Sequence[Told], groups: Groups) -> Iterator[Group]:
    """List the groups in the order of the text; a body such as "the police" only where it does something."""
    acting = {name for told in story for found in told.acts for name in (*found.act.actors, *found.act.victims)}
    seen: set[str] = set()
    for told in story:
        for phrase in told.phrases:
            for label in phrase.others:
                group = groups.named(label)
                if (
                    group is None
                    or group.label in seen
                    or ((phrase.acting or phrase.kin) and group.label not in acting)
                ):
                    continue
                seen.add(group.label)
                yield group


def _person(person: Entity) -> Person:
    return Person(
        person.name,
        person.title,
        person.role,
        _other_forms(person),
        tuple(person.organisations),
        tuple(person.described_as),
        person.span,
    )


def _other_forms(entity: Entity) -> tuple[str, ...]:
    return tuple(form for form in entity.forms if form != entity.name)


def _house(entities: Entities, passages: Sequence[Passage]) -> str | None:
    """Give the organisation that the title names, or else all demands with a name in them; never an authority."""
    named: dict[str, list[str]] = {"title": [], "demand": []}
    people = 0
    for passage in passages:
        if passage.role in named:
            for mention in entities.mentions(passage):
                people += passage.role == "demand" and mention.entity.kind == "person"
                authority = not passage.words.authorities.isdisjoint(fold(mention.entity.name).split())
                if mention.entity.kind == "organisation" and not authority:
                    named[passage.role].append(mention.entity.name)
    if named["title"]:
        return named["title"][0]
    return named["demand"][0] if named["demand"] and not people else None


def _ours(document: AppealDocument, text: str, entities: Entities, countries: frozenset[str]) -> str | None:
    """Give the organisation that writes a report: the one in its signature, or else the one it names most.

    A body of the State writes no report that says "our office" of a place which it searched.
    """
    if document.kind != "report":
        return None
    signature, signed = _signature(document), _signed(document)
    words = words_of(document.language or "")
    private = [each for each in entities.organisations if words.authorities.isdisjoint(fold(each.name).split())]
    named = [each for each in private if any(fold(form) in signed for form in each.forms)]
    if not named and (below := _signed_by(text, signature[1:], words, countries)) is not None:
        return below
    writer = max(named or private, key=lambda each: each.mentions, default=None)
    return writer.name if writer else None


def _signature(document: AppealDocument) -> list[Paragraph]:
    return [paragraph for section in document.sections if section.role == "other" for paragraph in section.paragraphs]


def _signed(document: AppealDocument) -> str:
    return " ".join(fold(paragraph.text) for paragraph in _signature(document))


def _signed_by(text: str, lines: Sequence[Paragraph], words: Words, countries: frozenset[str]) -> str | None:
    """Give the organisation that a signature names and the story does not."""
    for line in lines:
        if line.span is not None and len(line.text) <= _LONGEST_SIGNATURE:
            passage = Passage(text, line.span, "other", words)
            bodies = (
                run for run in find_runs(passage, countries) if run.sort == "organisation" and run.last - run.first > 1
            )
            if (body := next(bodies, None)) is not None:
                return passage.tokens.slice(body.first, body.last)
    return None


def _means_people_before(passage: Passage, hit: Hit) -> bool:
    """Tell "release the two defenders", "release her" from "all the defenders in Zarvania", "la", "their"."""
    if hit.kind == "pronoun":
        return not hit.value.startswith(_UNCLEAR) and is_pronoun(passage, hit)
    folded = passage.tokens.folded
    before = folded[hit.first - 1] if hit.first else ""
    behind = folded[hit.last] if hit.last < len(folded) else ""
    return (
        hit.kind == "anaphor"
        and hit.value != "body"
        and before not in _WIDENING
        and behind not in {"of", "in", "de", "du", "en", "au", "des"}
    )


def _asked_in_prose(document: AppealDocument) -> list[Span]:
    """Give where demands stand inside paragraphs that tell the story, and not in a list of their own."""
    told = [p.span for section in document.sections for p in section.paragraphs if p.span and section.role in NARRATIVE]
    asked = [demand.span for demand in document.demands if demand.span is not None]
    return [one for one in asked if any(start <= one[0] < end for start, end in told)]


def _beneficiaries(passage: Passage, entities: Entities, defenders: Sequence[Entity]) -> tuple[str, ...]:
    """Name whom a demand is for: the people and organisations in it, or those it calls "the above-mentioned"."""
    named = [
        mention.entity for mention in entities.mentions(passage) if mention.entity.kind in {"person", "organisation"}
    ]
    if not any(entity.kind == "person" for entity in named):
        anaphors = [hit for hits in passage.groups.values() for hit in hits if _means_people_before(passage, hit)]
        if anaphors:
            named = [*defenders, *named]
    return tuple(dict.fromkeys(entity.name for entity in named))
