"""Who a sentence names as the one who did something violent.

The reader keeps as actors those it knows; a name it has met nowhere else ("Captain Orlo beat her") it leaves alone. For
a rule that protects people both count: an actor who is a person, and a name behind a title in the place of the subject
or behind "by".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tocsin.core.appeal import Act, Event
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.subject import BODY, Passage, Subject
from tocsin.core.reader import fold

VIOLENT = frozenset(
    "killing attempted_killing torture ill_treatment physical_attack sexual_violence threat death_threat abduction "
    "enforced_disappearance excessive_force intimidation threat_to_family".split()
)
"""Types of act that a person is not named for without a decision."""
_LONGEST_NAME = 5
_MOST_ACTS = 20  # of one sentence; a sentence that tells more is no sentence


@dataclass(frozen=True, slots=True)
class Accused:
    """A name and the act that a sentence puts beside it.

    Attributes:
        name: The name as printed, without its title.
        event: The sentence.
        act: The act.
        place: Where the name stands.
    """

    name: str
    event: Event
    act: Act
    place: Place


def find_accused(subject: Subject) -> tuple[Accused, ...]:
    """Find the people whom the text names for something violent; nobody it was done to, and no defender."""
    return subject.once(_accused)


def _accused(subject: Subject) -> Iterator[Accused]:
    by_sentence = {event.sentence: number for number, event in enumerate(subject.document.facts.events)}
    placed: dict[tuple[str, int], _Placed | None] = {}
    spared = _spared(subject)
    seen: set[tuple[int, str]] = set()
    for passage, start, end in _titled_names(subject):
        first, last = passage.sentence_at(start)
        if (passage.path, first) not in placed:
            number = by_sentence.get(passage.text[first:last].strip())
            placed[passage.path, first] = None if number is None else _placed(subject, number)
        sentence, name = placed[passage.path, first], passage.text[start:end]
        if sentence is None or spared & set(fold(name).split()):
            continue
        for act, at in sentence.acts:
            if _stands_as_actor(sentence.event.sentence, start - first, act, at):
                seen.add((sentence.number, fold(name)))
                yield Accused(name, sentence.event, act, passage.place(start, end))
                break
    yield from _known(subject, spared, seen)


class _Placed(NamedTuple):
    """A sentence with the violent acts it tells, each with its place in the sentence; of many the first ones."""

    number: int
    event: Event
    acts: tuple[tuple[Act, int], ...]


def _placed(subject: Subject, number: int) -> _Placed:
    event = subject.document.facts.events[number]
    violent = [act for act in event.acts if act.type in VIOLENT and act.mode != "omission"][:_MOST_ACTS]
    return _Placed(number, event, tuple((act, event.sentence.find(act.as_printed)) for act in violent))


def _known(subject: Subject, spared: frozenset[str], seen: set[tuple[int, str]]) -> Iterator[Accused]:
    """Give the actors of violent acts that the reader knows as people."""
    people = {person.name for person in subject.document.facts.people}
    for number, event in enumerate(subject.document.facts.events):
        for act in (act for act in event.acts if act.type in VIOLENT and act.mode != "omission"):
            for actor in act.actors:
                if actor not in people:
                    continue
                folded = set(fold(actor).split())
                told = any(at == number and folded & set(name.split()) for at, name in seen)
                if not told and not spared & folded:
                    yield Accused(actor, event, act, subject.place_in_event(number, actor))


def _spared(subject: Subject) -> frozenset[str]:
    """Give the words of the names of defenders, relatives and lawyers, and of those to whom something was done."""
    facts = subject.document.facts
    names = [person.name for person in facts.people if person.role in {"defender", "relative", "lawyer"}]
    names += [victim for event in facts.events for act in event.acts for victim in act.victims]
    return frozenset(word for name in names for word in fold(name).split() if len(word) > 2)


def _titled_names(subject: Subject) -> Iterator[tuple[Passage, int, int]]:
    """Give the names behind a title, "Captain Orlo Brand", without it."""
    for found in subject.find("name_titles", *BODY):
        tokens = found.passage.tokens
        first = found.passage.word_from(found.end)
        last = first
        while last < len(tokens) and last - first < _LONGEST_NAME and _is_name(tokens.words[last]):
            last += 1
        if last > first:
            yield found.passage, *tokens.span(first, last)


def _is_name(word: str) -> bool:
    return word[0].isupper() and len(word) > 1


def _stands_as_actor(sentence: str, start: int, act: Act, at: int) -> bool:
    """Tell whether a name stands where the actor of an act stands: before an active verb, behind "by" otherwise."""
    if at < 0:
        return False
    before = fold(sentence[max(0, start - 40) : start]).split()
    behind_by = bool({"by", "par", "por"}.intersection(before[-4:]))
    if act.voice == "active":
        return start < at and not {"of", "against", "de", "contra", "contre"}.intersection(before[-2:-1])
    return behind_by and start > at
