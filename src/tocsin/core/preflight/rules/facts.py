"""Facts and attribution: who did what, who says so, and whether the words are fair."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.core.appeal import Act
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.rules.dates import exact_day
from tocsin.core.preflight.subject import BODY, NARRATIVE, Found, Passage, Subject
from tocsin.core.preflight.wording import Phrase, Several, Term
from tocsin.core.reader import Tokens

_VIOLENT = frozenset(
    "killing attempted_killing abduction enforced_disappearance torture ill_treatment physical_attack sexual_violence "
    "excessive_force".split()
)
_GRAVE = frozenset("killing torture ill_treatment sexual_violence enforced_disappearance".split())
_OF_THE_STATE = frozenset(
    "police intelligence military prison_staff prosecution judiciary executive local_authority paramilitary".split()
)
_CLOSING = {"“": "”", "«": "»", "„": "“”"}
_OPENING = {closing: opening for opening, closings in _CLOSING.items() for closing in closings if closing != "“"}
_MARK = re.compile('[“”„«»"]')
_SHOWN = 40
_LONG_QUOTATION = 6
_SMALL_WORD = 3


@rule("FCT-04")
def passives_without_actor(subject: Subject) -> Iterator[Hit]:
    """Find violent acts told in the passive voice that say neither who did them nor that this is unknown."""
    for number, event in enumerate(subject.document.facts.events):
        passive = [act for act in event.acts if _hides_actor(act)]
        restrained = all(subject.has(act.as_printed, "restraints") for act in passive)
        if not restrained and subject.narrated(number) and not subject.has(event.sentence, "unknown_actors"):
            places = (subject.place_of_act(number, act) for act in passive)
            yield Hit.at(*places, cause=f"event {number}", acts=Several(tuple(act.as_printed for act in passive)))


def _hides_actor(act: Act) -> bool:
    return act.type in _VIOLENT and act.voice == "passive" and not act.actors and act.mode == "occurred"


@dataclass(frozen=True, slots=True)
class _Attack:
    """A mention of an attack: the types of those who are said to have done it, the day, and where."""

    actors: frozenset[str]
    day: str | None
    place: Place


@rule("FCT-05")
def attacks_with_changing_actors(subject: Subject) -> Iterator[Hit]:
    """Find one attack that is laid at the door of different actors in different places of the text."""
    told = list(_told_attacks(subject))
    groups: dict[int | None, list[_Attack]] = {}
    for mention in _attacks_referred_to(subject):
        fitting = next((i for i, one in enumerate(told) if one.actors & mention.actors), 0 if len(told) == 1 else None)
        groups.setdefault(fitting, []).append(mention)
    for fitting, mentions in groups.items():
        if fitting is None:
            continue
        same = [told[fitting], *mentions]
        if any(not (one.actors & other.actors) for one in same for other in mentions):
            kinds = sorted({kind for mention in same for kind in mention.actors})
            actors = Several(tuple(Term("actor_types", kind) for kind in kinds))
            yield Hit.at(*(mention.place for mention in same), cause=f"attack {fitting}", actors=actors)


def _told_attacks(subject: Subject) -> Iterator[_Attack]:
    """Give the attacks of the story whose actors are known, one a day."""
    actors = subject.phrases("actors")
    days: set[str | None] = set()
    for number, event in enumerate(subject.document.facts.events):
        for act in event.acts:
            if act.type == "physical_attack" and act.actors and exact_day(event.date) and event.date not in days:
                kinds = {hit.value for label in act.actors for hit in actors.find(Tokens(label))} - {"none"}
                kinds |= {"unknown"} if any(subject.has(label, "unknown_actors") for label in act.actors) else set()
                if kinds:
                    days.add(event.date)
                    yield _Attack(frozenset(kinds), event.date, subject.place_of_act(number, act))


def _attacks_referred_to(subject: Subject) -> Iterator[_Attack]:
    """Give the mentions of attacks that name their actors beside: "attack by …", "… who attacked"."""
    by_passage: dict[str, list[Found]] = {}
    for found in subject.find("actors", *BODY, "demand"):
        if found.value != "none":
            by_passage.setdefault(found.passage.path, []).append(found)
    for attack in subject.find("attacks", *BODY, "demand"):
        actors = by_passage.get(attack.passage.path, [])
        near = bisect_left(actors, attack.start - 2 * _SHOWN, key=_start)
        for actor in actors[near : bisect_left(actors, attack.end + 2 * _SHOWN, key=_start)]:
            if _belongs(attack, actor):
                first, last = min(attack.start, actor.start), max(attack.end, actor.end)
                yield _Attack(frozenset({actor.value}), None, attack.passage.place(first, last))


def _start(found: Found) -> int:
    return found.start


_BY = re.compile(r"(?:\s+\w+)?\s+by\s+(?:the\s+)?(?:\w+\s+){0,2}")
_WHO = re.compile(r"\s+(?:who|that)\s+(?:\w+\s+)?")


def _belongs(attack: Found, actor: Found) -> bool:
    text = attack.passage.text
    if attack.value == "noun" and attack.end < actor.start <= attack.end + _SHOWN:
        return _BY.fullmatch(text, attack.end, actor.start) is not None
    if attack.value == "verb" and actor.end < attack.start <= actor.end + _SHOWN:
        return _WHO.fullmatch(text, actor.end, attack.start) is not None
    return False


@rule("FCT-06")
def guilt_as_fact(subject: Subject) -> Iterator[Hit]:
    """Find grave acts of which a body of the State or a named person is said to be guilty, as plain fact."""
    types = {group.label: group.actor_type for group in subject.document.facts.groups}
    named = {person.name for person in subject.document.facts.people}
    for number, event in enumerate(subject.document.facts.events):
        found = []
        for act in event.acts:
            of_the_state = [one for one in act.actors if act.type in _GRAVE and types.get(one) in _OF_THE_STATE]
            guilty = of_the_state or [one for one in act.actors if act.type in _VIOLENT and one in named]
            if guilty and act.mode == "occurred" and act.voice != "nominal":
                found.append((act, guilty[0]))
        # The words of the sentence are asked last, which costs the most.
        if not found or event.hedges or not subject.narrated(number) or subject.attributed(event.sentence):
            continue
        for act, actor in found:
            yield Hit.at(subject.place_of_act(number, act), cause=f"event {number}", act=act.as_printed, actor=actor)


@rule("FCT-07")
def quotations_without_speaker(subject: Subject) -> Iterator[Hit]:
    """Find long quotations of nobody, and, with the case, those that differ from the statement on record."""
    facts = subject.document.facts
    for number, quotation in enumerate(facts.quotations):
        place = subject.place_of(quotation.span, quotation.text, f"facts.quotations[{number}]")
        if (original := _nearest_statement(subject, quotation.text)) is not None:
            yield Hit.at(place, what=Phrase.of("differs", original=original))
        elif (
            quotation.speaker is None
            and quotation.text[:1].isupper()
            and len(quotation.text.split()) >= _LONG_QUOTATION
            and not _said_by_somebody(subject, place)
        ):
            yield Hit.at(place, what=Phrase("nobody"))


def _said_by_somebody(subject: Subject, place: Place) -> bool:
    """Tell whether the sentence around a quotation says that somebody speaks, where the reader did not see who."""
    around = subject.sentence_around(place)
    if around is None:
        return True
    before, behind = around
    # A colon introduces a message or an inscription, and says with the words before it where they come from.
    return before.rstrip(' “«"').endswith(":") or subject.attributed(f"{before} {behind}")


def _nearest_statement(subject: Subject, printed: str) -> str | None:
    """Give the statement of the case that a quotation was meant to be, where it is not word for word."""
    if subject.case is None:
        return None
    words = Tokens(printed).folded
    for statement in subject.case.statements:
        quote = statement.quote.text(subject.language) if statement.quote else None
        if quote is None:
            continue
        kept = Tokens(quote).folded
        shared = len(set(words) & set(kept))
        if words != kept and shared >= _LONG_QUOTATION and shared >= 0.8 * len(set(words)) and not _part(words, kept):
            return quote
    return None


def _part(part: list[str], whole: list[str]) -> bool:
    size = len(part)
    return any(whole[at : at + size] == part for at in range(len(whole) - size + 1))


@rule("FCT-08")
def unbalanced_quotation_marks(subject: Subject) -> Iterator[Hit]:
    """Find quotation marks that are opened and not closed in kind, a text at a time."""
    for passage in subject.passages:
        if place := _unbalanced(passage):
            yield Hit.at(place, cause=passage.path)


def _unbalanced(passage: Passage) -> Place | None:
    """Give the place of the first mark without its other half, with some words behind or before it."""
    if _MARK.search(passage.text) is None:
        return None
    opened: tuple[int, str] | None = None
    for at, sign in enumerate(passage.text):
        if opened is not None and sign in _CLOSING[opened[1]]:
            opened = None
        elif opened is not None and sign in '“«„"':
            return passage.place(opened[0], at + 1)
        elif sign in _CLOSING:
            opened = (at, sign)
        elif sign in _OPENING:
            return passage.place(max(at - _SHOWN, 0), at + 1)
    if opened is not None:
        return passage.place(opened[0], min(opened[0] + _SHOWN, len(passage.text)))
    straight = [at for at, sign in enumerate(passage.text) if sign == '"']
    return passage.place(straight[-1], min(straight[-1] + _SHOWN, len(passage.text))) if len(straight) % 2 else None


@rule("FCT-09")
def loaded_words(subject: Subject) -> Iterator[Hit]:
    """Find loaded words in our own voice where the text tells what happened."""
    for found in subject.find("loaded_words", *NARRATIVE):
        if not subject.quoted(found):
            yield Hit.at(found.place)


_TOTAL = re.compile(r"\b(\d[\d,.]*)\s+(?:[^\W\d_]+\s+){1,3}\(([^()]{3,160})\)")
_PARTS = re.compile(r"(\d[\d,.]*)\s+([^\W\d_]+)")


@rule("FCT-10")
def wrong_totals(subject: Subject) -> Iterator[Hit]:
    """Find a number of people whose parts in brackets add up to another."""
    people = subject.phrases("people_counted")
    for passage in subject.passages_of(*BODY, "note"):
        for match in _TOTAL.finditer(passage.text):
            parts = _PARTS.findall(match[2])
            if len(parts) < 2 or not all(people.find(Tokens(noun)) for _, noun in parts):
                continue
            total, added = _number(match[1]), sum(_number(part) for part, _ in parts)
            if total != added:
                yield Hit.at(passage.place(*match.span()), total=str(total), added=str(added))


def _number(printed: str) -> int:
    return int(re.sub(r"\D", "", printed))


# What the violation line calls by one name; only deeds that the text can tell in so many words.
_KINDS = {
    name: frozenset(codes.split())
    for name, codes in {
        "killing": "killing attempted_killing death_in_custody",
        "disappearance or abduction": "enforced_disappearance abduction",
        "torture": "torture ill_treatment sexual_violence physical_attack",
        "physical attack": "physical_attack excessive_force ill_treatment torture attempted_killing killing",
        "threat": "threat death_threat threat_to_family intimidation attempted_killing",
        "deprivation of liberty": "arbitrary_arrest arbitrary_detention incommunicado house_arrest "
        "sentencing abduction enforced_disappearance summons",
        "obstruction of assembly": "assembly_obstructed",
    }.items()
}
_SERIOUS = {
    "killing": "killing",
    "enforced_disappearance": "disappearance or abduction",
    "abduction": "disappearance or abduction",
    "torture": "torture",
    "sexual_violence": "torture",
    "physical_attack": "physical attack",
    "threat": "threat",
    "death_threat": "threat",
    "arbitrary_arrest": "deprivation of liberty",
    "arbitrary_detention": "deprivation of liberty",
    "incommunicado": "deprivation of liberty",
    "assembly_obstructed": "obstruction of assembly",
}
_MINOR_METHODS = frozenset({"pushed", "slapped", "handcuffed", "blindfolded"})


@rule("FCT-12")
def incomplete_violation_line(subject: Subject) -> Iterator[Hit]:
    """Find serious acts that the violation line leaves out, and entries of it that the text does not bear out."""
    violations = subject.document.violations
    printed = {violation.code for violation in violations}
    if not printed:
        return
    told = list(_acts_told(subject))
    for name in dict.fromkeys(_SERIOUS.values()):
        places = [place for kind, place in told if _SERIOUS.get(kind) == name]
        if places and not _KINDS[name] & printed:
            yield Hit.at(*places, cause=name, what=Phrase.of("missing", act=_kind(name)))
    types = {kind for kind, _ in told} | {act.type for event in subject.document.facts.events for act in event.acts}
    words = {word for passage in subject.passages_of(*BODY) for word in passage.tokens.folded}
    for number, violation in enumerate(violations):
        name = _SERIOUS.get(violation.code or "", "")
        # Threats and obstruction are told in too many words for their absence to prove anything.
        kin = frozenset() if name in {"threat", "obstruction of assembly"} else _KINDS.get(name, frozenset())
        heads = [word for word in Tokens(violation.as_printed).folded if len(word) > _SMALL_WORD]
        if kin and violation.mode == "occurred" and not kin & types and not words.intersection(heads):
            what = Phrase.of("unborne", entry=violation.as_printed)
            yield Hit.at(subject.whole(f"violations[{number}]"), cause=f"entry {number}", what=what)


def _kind(name: str) -> Phrase:
    return Phrase(name.replace(" ", "_"))


def _acts_told(subject: Subject) -> Iterator[tuple[str, Place]]:
    """Give what was done to the protagonists: by the story of the document, and by the case behind it."""
    facts = subject.document.facts
    defenders = {person.name for person in facts.people if person.role == "defender"}
    for number, event in enumerate(facts.events):
        for act in event.acts if subject.narrated(number, *NARRATIVE - {"background"}) else ():
            if act.mode in {"occurred", "ongoing"} and defenders & set(act.victims) and not _is_minor(subject, act):
                yield act.type, subject.place_of_act(number, act)
    for record in subject.case.events if subject.case else ():
        if record.act_type and record.kind == "act":
            yield record.act_type, subject.whole("violations[0]")


def _is_minor(subject: Subject, act: Act) -> bool:
    return act.method in _MINOR_METHODS or subject.has(act.as_printed, "minor_force")


@rule("FCT-13")
def defenders_without_reason(subject: Subject) -> Iterator[Hit]:
    """Find a document that nowhere says that its protagonists defend rights, or how."""
    said = subject.find("defence_of_rights", *BODY, "title", "note")
    if next(said, None) is None:
        first = next(iter(subject.passages_of(*NARRATIVE)), None)
        yield Hit.at(first.place() if first else Place("sections"), cause="defender")
