"""Sentences that only say who those of the sentence before are: "They are X and Y.", "X et Y, deux bénévoles.".

What was done to "two people" was done to them, and what was done to "a lawyer", who is no group, to whom is named.
"""

from collections.abc import Sequence
from dataclasses import replace

from msgspec import Struct
from msgspec.structs import replace as changed

from tocsin.core.appeal import Group
from tocsin.core.reader.facts.entities import Entity, Mention
from tocsin.core.reader.facts.found import FoundAct
from tocsin.core.reader.facts.passage import Passage, Sentence
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import within

_LEAD = 6  # words between "they are" and the first name: "the journalist"
_TAIL = 12  # words of "two volunteers of the Harbour League"
_UNKNOWN = frozenset({None, "unknown", "none", "private_individual"})


class Naming(Struct, frozen=True, gc=False):
    """The people whom a sentence names: those spoken of before, or some of them."""

    people: tuple[Entity, ...]
    is_some: bool

    def fits(self, group: Group) -> bool:
        """Tell whether a group may be those who are named."""
        if group.size is None:
            return group.actor_type in _UNKNOWN and (self.is_some or len(self.people) > 1)
        return group.size > len(self.people) if self.is_some else group.size == len(self.people)

    def told_of(self, label: str | None, acts: Sequence[FoundAct]) -> tuple[FoundAct, ...]:
        """Give acts as told of the people, where they were told of the group with a label, or of nobody."""
        names = tuple(person.name for person in self.people)
        return tuple(
            changed(each, act=replace(each.act, victims=_instead(each, label, names)), unsaid=False) for each in acts
        )


def _instead(told: FoundAct, label: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    """Give those to whom an act was done, the people with the names instead of the group."""
    if label is None:
        return names if told.unsaid else told.act.victims
    return tuple(dict.fromkeys(one for victim in told.act.victims for one in (names if victim == label else (victim,))))


def naming_in(passage: Passage, sentence: Sentence, mentions: Sequence[Mention]) -> Naming | None:
    """Read who is named in a sentence that says no more than that."""
    people = [mention for mention in mentions if mention.entity.kind == "person"]
    if not people:
        return None
    opening = next(iter(within(passage.naming, sentence.first, sentence.first + 1)), None)
    if opening is None or opening.value == "whole":
        listed = people if _has_no_verb(passage, sentence, people) else []
    elif _only_leads(passage, opening.last, people[0].first):
        verb = next((hit.first for hit in within(passage.verbs, people[0].last, sentence.last)), sentence.last)
        listed = [mention for mention in people if mention.first < verb]
    else:
        listed = []
    named = tuple(dict.fromkeys(mention.entity for mention in listed))
    return Naming(named, opening is not None and opening.value == "some") if named else None


def _only_leads(passage: Passage, first: int, last: int) -> bool:
    """Tell "They are the journalist X" from "They are friends of X" and "They are represented by X"."""
    lead, prepositions = passage.tokens.folded[first:last], passage.words.grammar["prepositions"]
    said = not within(passage.verbs, first, last) and "," not in lead and GENITIVES.isdisjoint(lead)
    return said and len(lead) <= _LEAD and all(word in ARTICLES or word not in prepositions for word in lead)


def _has_no_verb(passage: Passage, sentence: Sentence, people: Sequence[Mention]) -> bool:
    """Tell whether a sentence is a list of names and, behind a comma, how many or what they are."""
    folded, grammar, last = passage.tokens.folded, passage.words.grammar, people[-1].last
    if people[0].first != sentence.first or within(passage.verbs, sentence.first, sentence.last):
        return False
    tail = folded[last : sentence.last]
    counted = last + 1 in passage.sizes or within(passage.naming, last + 1, last + 2)
    return (
        bool(counted)
        and tail[0] == ","
        and "," not in tail[1:]
        and len(tail) <= _TAIL
        and grammar["be"].isdisjoint(tail)
        and grammar["have"].isdisjoint(tail)
        and not within(passage.speech, sentence.first, sentence.last)
    )
