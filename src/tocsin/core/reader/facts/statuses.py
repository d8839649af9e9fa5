"""What had become of each defender by the date of the document: the last outcome the story tells of them."""

import datetime as dt
from collections.abc import Sequence

from tocsin.core.appeal import StatusAsOf
from tocsin.core.reader.facts.chronology import Told
from tocsin.core.reader.facts.entities import Entity
from tocsin.core.reader.tokens import Hit

# Where a sentence holds several, the one that says more wins.
_FINAL = ("killed", "died_in_custody")


def read_statuses(story: Sequence[Told], defenders: Sequence[Entity], issued_on: dt.date | None) -> list[StatusAsOf]:
    """Find the last status of each defender, in the order of the events."""
    names = {person.name for person in defenders}
    last: dict[str, tuple[str, StatusAsOf]] = {}
    for told in story:
        when = (told.event.until or told.event.date or "") if told.event is not None else ""
        for hit in _outcomes(told):
            if any(found.relative and found.at <= hit.first for found in told.acts):
                continue  # "the officers who arrested her" tells of an earlier day
            span = told.passage.tokens.span(hit.first, hit.last)
            for name in _concerned(told, hit):
                before = last.get(name)
                if name not in names or (before and (before[1].status in _FINAL or (when and when < before[0]))):
                    continue
                last[name] = (when or (before[0] if before else ""), StatusAsOf(name, hit.value, issued_on, span))
    return [last[person.name][1] for person in defenders if person.name in last]


def _outcomes(told: Told) -> list[Hit]:
    grammar, folded = told.passage.words.grammar, told.passage.tokens.folded
    outcomes = []
    for hit in told.passage.words.outcomes.find(told.passage.tokens, told.sentence.first, told.sentence.last):
        before = folded[max(told.sentence.first, hit.first - 3) : hit.first]
        if any(word in grammar["negation"] for word in before) or (before and before[-1] in grammar["irrealis"]):
            continue
        outcomes.append(hit)
    return outcomes


def _concerned(told: Told, hit: Hit) -> list[str]:
    """Choose who the outcome is about: the victims of an act at these words, else the people named before them."""
    for found in told.acts:
        if hit.first <= found.at < hit.last or found.at <= hit.first < found.at + 3:
            return list(found.act.victims)
    before = [phrase for phrase in told.phrases if phrase.people and phrase.first < hit.first]
    if before:
        return [person.name for person in before[-1].people]
    behind = [phrase for phrase in told.phrases if phrase.people]
    return [person.name for person in behind[0].people] if behind else []
