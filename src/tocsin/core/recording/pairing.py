"""Which record of a case is the same as one of a report: proposed with the reasons, decided by a person.

People and organisations are found by their names in whatever script, places by theirs; what happened by the kind of
act, the people, the time and the place. Where two records fit equally well none is proposed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tocsin.core.names import LEAST_SCORE, compare
from tocsin.core.recording.comparing import folded, names_of, same_charge, texts_of, time_bounds
from tocsin.core.records import (
    Case,
    Detention,
    Event,
    Group,
    Organisation,
    Person,
    Place,
    Proceeding,
    Record,
    Statement,
    Wording,
)

# What is told of some days apart may be one thing told by somebody who was not sure of the day.
_DAYS_APART = timedelta(days=10)
_ALIKE_WORDS = 0.5
_WORD = re.compile(r"\w+")
# So much speaks for a pair at least before it is proposed.
_ENOUGH = 4
_ACT, _PEOPLE, _TIME, _NEAR, _PLACE = 2, 3, 3, 1, 1


@dataclass(frozen=True, slots=True)
class Pairing:
    """A record of a report, and the record of the case that it is about.

    Attributes:
        theirs: The id of the record of the report.
        ours: That of the case; empty where the case has none, or a person says so.
        why: What speaks for it: `name`, `act`, `people`, `time`, `near_time`, `place`, `words`, `charge`.
        others: The records of the case that it could be, the likeliest first.
        is_said: Whether a person said so.
    """

    theirs: str
    ours: str
    why: tuple[str, ...]
    others: tuple[str, ...]
    is_said: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    weight: float
    why: tuple[str, ...]
    record: str


_Weigh = Callable[["_Pairs", Any, Any], tuple[float, tuple[str, ...]]]


def pair_records(ours: Case, theirs: Case, said: Mapping[str, str]) -> tuple[Pairing, ...]:
    """Say of each record of a report which of the case it is.

    Args:
        ours: The case.
        theirs: What was confirmed of the report.
        said: What a person said: ids of the case by those of the report, empty where it is new.
    """
    return _Pairs(ours, theirs, said).all()


class _Pairs:
    def __init__(self, ours: Case, theirs: Case, said: Mapping[str, str]) -> None:
        self._ours, self._theirs, self._said = ours, theirs, said
        # What later records are compared by: who and where the earlier ones are in the case.
        self.known: dict[str, str] = {}

    def all(self) -> tuple[Pairing, ...]:
        return tuple(pairing for section, weigh in _WEIGHED for pairing in self._section(section, weigh))

    def _section(self, section: str, weigh: _Weigh) -> Iterator[Pairing]:
        wanted = [each for each in getattr(self._theirs, section) if each.id != self._theirs.appeal.publisher]
        there: Sequence[Record] = getattr(self._ours, section)
        ranked = {each.id: self._ranked(each, there, weigh) for each in wanted}
        proposed = self._one_to_one(ranked)
        for each in wanted:
            chosen = self._said.get(each.id)
            is_said = chosen is not None and (chosen == "" or any(one.id == chosen for one in there))
            best = proposed.get(each.id)
            ours = chosen if is_said and chosen is not None else best.record if best else ""
            if ours:
                self.known[each.id] = ours
            why = next((found.why for found in ranked[each.id] if found.record == ours), ())
            yield Pairing(each.id, ours, why, tuple(found.record for found in ranked[each.id]), is_said)

    def _ranked(self, theirs: Any, there: Iterable[Any], weigh: _Weigh) -> list[_Found]:
        found = [_Found(*weigh(self, each, theirs), each.id) for each in there]
        return sorted(found, key=lambda each: -each.weight)

    def _one_to_one(self, ranked: Mapping[str, Sequence[_Found]]) -> dict[str, _Found]:
        """Propose the best pairs, each record once; none where two fit equally well."""
        taken = {each for each in self._said.values() if each}
        pairs = sorted(
            ((found, each) for each, all_found in ranked.items() for found in all_found if found.weight >= _ENOUGH),
            key=lambda pair: -pair[0].weight,
        )
        proposed: dict[str, _Found] = {}
        for found, each in pairs:
            rivals = [other for other in ranked[each] if other.weight == found.weight and other.record not in taken]
            if each not in proposed and each not in self._said and found.record not in taken and len(rivals) == 1:
                proposed[each] = found
                taken.add(found.record)
        return proposed

    def are_same(self, ours: Iterable[str], theirs: Iterable[str]) -> bool:
        """Tell whether some record of the report is known as one of these of the case."""
        return bool({self.known[each] for each in theirs if each in self.known} & set(ours))


def _by_names(names: Callable[[Any], Iterable[str]]) -> _Weigh:
    def weigh(_pairs: _Pairs, ours: Any, theirs: Any) -> tuple[float, tuple[str, ...]]:
        likeness = max((compare(one, other).score for one in names(ours) for other in names(theirs)), default=0.0)
        # A name that would be shown to a person who searches for it is enough to propose.
        return likeness / LEAST_SCORE * _ENOUGH, ("name",) if likeness >= LEAST_SCORE else ()

    return weigh


def _group(_pairs: _Pairs, ours: Group, theirs: Group) -> tuple[float, tuple[str, ...]]:
    words = _alike(ours.label, theirs.label)
    kind = bool(ours.actor_type) and ours.actor_type == theirs.actor_type != "unknown"
    if ours.size and theirs.size and not ours.size.fits(theirs.size):
        return 0, ()
    why = (*(["words"] if words >= _ALIKE_WORDS else []), *(["act"] if kind else []))
    return words * _ENOUGH / _ALIKE_WORDS + kind + bool(ours.size), tuple(why)


def _alike(one: Wording | None, other: Wording | None) -> float:
    """Say how many of the words of two wordings are the same, from 0 to 1."""
    pairs = ((_words(left), _words(right)) for left in texts_of(one) for right in texts_of(other))
    return max((len(left & right) / len(left | right) for left, right in pairs if left | right), default=0.0)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(folded(text)))


def _statement(pairs: _Pairs, ours: Statement, theirs: Statement) -> tuple[float, tuple[str, ...]]:
    words = _alike(ours.quote, theirs.quote) >= _ALIKE_WORDS
    same = pairs.are_same(ours.speaker, theirs.speaker)
    why = (*(["people"] if same else []), *(["words"] if words else []))
    return (_PEOPLE * same + 1) * words, tuple(why)


def _event(pairs: _Pairs, ours: Event, theirs: Event) -> tuple[float, tuple[str, ...]]:
    if "statement" in {ours.kind, theirs.kind}:
        # What was said is found by its words; the event is how it stands in the story.
        same = bool(ours.statement) and pairs.known.get(theirs.statement or "") == ours.statement
        return (_ENOUGH, ("words",)) if same else (0, ())
    act = _same_act(ours, theirs)
    people, others = _people(ours), _people(theirs)
    same_people = pairs.are_same(people, others)
    when, why_then = _when(ours, theirs)
    place = bool(ours.place and theirs.place) and pairs.known.get(theirs.place or "") == ours.place
    words = _alike(ours.what, theirs.what) >= _ALIKE_WORDS
    why = [name for name, holds in (("act", act), ("people", same_people)) if holds]
    weight = _ACT * act + _PEOPLE * same_people + when + _PLACE * place + words
    # Another act, other people or another time makes another event, whatever else agrees: a person may say otherwise.
    fits = act and when >= 0 and (same_people or not (people and others))
    if not fits or (not same_people and not words and not place):
        weight = min(weight, _ENOUGH - 1)
    return weight, (*why, *why_then, *(["place"] if place else []), *(["words"] if words else []))


def _same_act(ours: Event, theirs: Event) -> bool:
    return (ours.act_type, ours.procedure) == (theirs.act_type, theirs.procedure)


def _people(event: Event) -> tuple[str, ...]:
    return (*event.victims, *event.concerns)


def _when(ours: Event, theirs: Event) -> tuple[int, list[str]]:
    one, other = time_bounds(ours.t), time_bounds(theirs.t)
    if None in (one.earliest, one.latest, other.earliest, other.latest):
        return 0, []
    both = one.within(other)
    if not both.empty:
        return _TIME, ["time"]
    apart = max(one.earliest, other.earliest) - min(one.latest, other.latest)  # type: ignore[type-var, operator]
    return (_NEAR, ["near_time"]) if apart <= _DAYS_APART else (-_TIME, [])


def _detention(pairs: _Pairs, ours: Detention, theirs: Detention) -> tuple[float, tuple[str, ...]]:
    same = pairs.are_same(ours.persons, theirs.persons)
    return (_ENOUGH, ("people",)) if same else (0, ())


def _proceeding(pairs: _Pairs, ours: Proceeding, theirs: Proceeding) -> tuple[float, tuple[str, ...]]:
    same = pairs.are_same(ours.defendants, theirs.defendants)
    charge = any(same_charge(one, other) for one in ours.charges for other in theirs.charges)
    why = (*(["people"] if same else []), *(["charge"] if charge else []))
    known = bool(ours.defendants and theirs.defendants)
    weight = _PEOPLE * same + _ENOUGH * charge
    return (min(weight, _ENOUGH - 1) if known and not same else weight), tuple(why)


def _person_names(person: Person) -> list[str]:
    return [each.full for each in person.names]


def _place_names(place: Place) -> tuple[str, ...]:
    return texts_of(place.name)


_WEIGHED: tuple[tuple[str, _Weigh], ...] = (
    ("places", _by_names(_place_names)),
    ("organisations", _by_names(lambda each: names_of(each) if isinstance(each, Organisation) else ())),
    ("persons", _by_names(_person_names)),
    ("groups", _group),
    ("statements", _statement),
    ("events", _event),
    ("detentions", _detention),
    ("proceedings", _proceeding),
)
