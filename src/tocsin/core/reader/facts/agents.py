"""Who is named behind "by": the agent of a passive verb or of a noun; and who only says that something was done."""

from tocsin.core.reader.dates import time_words
from tocsin.core.reader.facts.frame import POINTS, Frame
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.tokens import Hit, within

_AGENT_REACH = 25
_NAMED = 9  # words of "of the Velm League," before a name
_FOLLOWED = frozenset({"followed", "suivi", "suivie", "suivis", "suivies", "seguido", "seguida"})
_THAT, _SAID = frozenset({"that", "que", "qu'"}), 3  # words of "told us that"
_PART = frozenset({"parte", "part", "la", "de", "des", "d'", "del", "du"})  # "por parte de", "de la part de"


def agent_of(frame: Frame, hit: Hit) -> NounPhrase | None:
    """Find "by the police" behind a passive verb or a noun, within its clause."""
    by, end = frame.grammar["by"], min(frame.sentence.last, hit.last + _AGENT_REACH)
    first = hit.last - 1  # the words of an act may hold the "by": "suivi par"
    near = frame.folded[first:end]
    for at, word in enumerate(near if not by.isdisjoint(near) else (), first):
        if word in POINTS or word in frame.grammar["be_infinitive"] or (word in by and _is_of_another(frame, hit, at)):
            return None
        if word in by and (agent := _governed_by(frame, at)) is not None:
            return agent
    return None


def _is_of_another(frame: Frame, hit: Hit, by: int) -> bool:
    """Tell whether "by" belongs to a participle behind a noun: "charged after a complaint filed by the mayor"."""
    other = next((each for each in frame.acts if each.last == by and each.first > hit.last), None)
    if other is None or not frame.is_participle(other):
        return False
    at = other.first - 1
    if frame.folded[at] in time_words(frame.words.language).units:
        return False  # "insultées le mois passé par le maire"
    return frame.folded[at].isalpha() and not frame.may_stand_between(at)


def _governed_by(frame: Frame, at: int) -> NounPhrase | None:
    """Find the phrase that a preposition governs; "by a decision of the prosecutor" is not by the prosecutor."""
    phrase = next((p for p in frame.phrases if p.first > at), None)
    if phrase is None or phrase.possessive or phrase.relative or phrase.first - at > 5:
        return None  # "por lo que recobró la libertad"
    between = frame.folded[at + 1 : phrase.first]
    if between and between[0] in {"parte", "part"}:
        between = [word for word in between if word not in _PART]
    if "," in between:
        return None  # "followed by unmarked cars, and X …"
    return phrase if frame.grammar["prepositions"].isdisjoint(between) else None


def named_behind(frame: Frame, phrase: NounPhrase) -> NounPhrase:
    """Read "fue liberado el activista de Z," + "X": who is meant is named behind the comma."""
    if not phrase.anaphor:
        return phrase
    behind = (p for p in frame.phrases if phrase.last < p.first <= phrase.last + _NAMED and p.people)
    named = next(behind, None)
    if named is None or named.anaphor or named.possessive or frame.before(named.first) != ",":
        return phrase
    between = frame.folded[phrase.last : named.first - 1]
    return named if "," not in between and not within(frame.acts, phrase.last, named.first) else phrase


def only_says(frame: Frame, phrase: NounPhrase, start: int) -> bool:
    """Tell whether a phrase says what a verb tells: "Neighbours told us that a van had been parked there"."""
    folded, speech = frame.folded, frame.passage.speech
    if not speech or _THAT.isdisjoint(folded[phrase.last : start]):
        return False
    return any(
        folded[at] in _THAT and within(speech, max(phrase.last, at - _SAID), at) for at in range(phrase.last, start)
    )


def comes_behind(frame: Frame, hit: Hit, of_thing: bool) -> bool:
    """Tell what only comes behind a thing from whom somebody follows: "the post was followed by insults"."""
    by = frame.folded[hit.last : hit.last + 1]
    return of_thing and frame.folded[hit.first] in _FOLLOWED and not frame.grammar["by"].isdisjoint(by)
