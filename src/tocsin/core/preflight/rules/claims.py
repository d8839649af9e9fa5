"""Facts beside the case: what each sentence rests on, how sure the claims are, and what the other side said."""

from collections.abc import Iterator

from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import BODY, NARRATIVE, Subject
from tocsin.core.preflight.wording import Term, Value
from tocsin.core.reader import Tokens
from tocsin.core.records import Case, Claim, Event, Group, Organisation, Person, Statement

_BODIES_OF_THE_STATE = frozenset(
    "ministry police prosecution court intelligence prison military anti_corruption_body parliament local_authority "
    "embassy permanent_mission".split()
)
_ACTORS_OF_THE_STATE = frozenset(
    "police intelligence military prison_staff prosecution judiciary executive local_authority".split()
)
_SHARE_PRINTED = 0.6
_LONG_WORD = 4


@rule("FCT-01")
def sentences_without_records(subject: Subject) -> Iterator[Hit]:
    """Find sentences of the story that rest on no record of the case; all of them in a text that was not composed."""
    grounded: dict[str, list[tuple[int, int]]] = {}
    for one in subject.grounds or ():
        if one.records:
            grounded.setdefault(one.path, []).append((one.start, one.end))
    for passage in subject.passages_of(*NARRATIVE):
        stretches = grounded.get(passage.path, ())
        for start, end in passage.sentences:
            if not any(first <= start and end <= last for first, last in stretches):
                yield Hit.at(passage.place(start, end), cause="unlinked")


@rule("FCT-02")
def unsure_claims_as_fact(subject: Subject) -> Iterator[Hit]:
    """Find acts that are printed as plain fact and rest on claims none of which is corroborated."""
    for event, claims in _claims_by_event(subject.case):
        if not any(claim.status in {"corroborated", "contested"} for claim in claims):
            for place in _printed_as_fact(subject, event):
                yield Hit.at(place, cause=event.id, claim=claims[0].id, status=Term("claim_status", claims[0].status))


@rule("FCT-03")
def contested_claims_as_fact(subject: Subject) -> Iterator[Hit]:
    """Find acts that are printed as plain fact although sources disagree on them."""
    for event, claims in _claims_by_event(subject.case):
        contested = [claim for claim in claims if claim.status == "contested" or claim.disagrees_with]
        for place in _printed_as_fact(subject, event) if contested else ():
            yield Hit.at(place, cause=event.id, claim=contested[0].id)


def _claims_by_event(case: Case | None) -> Iterator[tuple[Event, list[Claim]]]:
    """Give the events of a case that have claims, with those that still hold."""
    found: dict[str, list[Claim]] = {}
    for claim in case.claims if case else ():
        if claim.status not in {"retracted", "superseded"}:
            for record in claim.about:
                found.setdefault(record, []).append(claim)
    for event in case.events if case else ():
        if event.id in found:
            yield event, found[event.id]


def _printed_as_fact(subject: Subject, event: Event) -> Iterator[Place]:
    """Give the places where the story tells the act of an event without saying who says so."""
    victims = names_of(subject.case, event.victims)
    day = (event.t.start or event.t.date or "")[:10] if event.t else ""
    for number, told in enumerate(subject.document.facts.events):
        if told.hedges or subject.attributed(told.sentence) or not subject.narrated(number):
            continue
        for act in told.acts:
            same_day = not told.date or not day or told.date == day
            if act.type == event.act_type and same_day and victims & set(act.victims):
                yield subject.place_of_act(number, act)


def names_of(case: Case | None, ids: tuple[str, ...]) -> set[str]:
    """Give the whole names of people and organisations of a case."""
    names: set[str] = set()
    for each in ids if case else ():
        record = case.by_id.get(each) if case else None
        if isinstance(record, Person):
            names |= {name.full for name in record.names}
        elif isinstance(record, Organisation):
            names |= {name.value for name in record.names}
            names |= {words.text for words in record.name.texts} if record.name else set()
    return names


@rule("FCT-11")
def unprinted_justifications(subject: Subject) -> Iterator[Hit]:
    """Find what a body of the State said of an act, on record and not printed."""
    case = subject.case
    texts = [set(passage.tokens.folded) for passage in subject.passages_of(*BODY)]
    for statement in case.statements if case else ():
        said = statement.quote or statement.reported_speech
        words = said.text(subject.language) if said else None
        speaker = _speaker_of_the_state(case, statement)
        if case is None or words is None or speaker is None or statement.about_event is None:
            continue
        telling = {word for word in Tokens(words).folded if len(word) >= _LONG_WORD}
        if not any(len(telling & text) >= _SHARE_PRINTED * len(telling) for text in texts):
            yield Hit.at(Place("sections"), cause=statement.id, speaker=speaker)


def _speaker_of_the_state(case: Case | None, statement: Statement) -> Value | None:
    for each in statement.speaker if case else ():
        record = case.by_id.get(each) if case else None
        if isinstance(record, Organisation) and record.kind in _BODIES_OF_THE_STATE:
            return record.preferred_name("en")
        if isinstance(record, Group) and record.actor_type and record.actor_type in _ACTORS_OF_THE_STATE:
            return Term("actor_types", record.actor_type)
    return None
