"""What had become of each defender by the date of the document: the last outcome the story tells of them."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tocsin.core.appeal import Span, StatusAsOf
from tocsin.core.reader.dates import time_words
from tocsin.core.reader.facts.chronology import Told
from tocsin.core.reader.facts.entities import Entity
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.facts.steps import is_in_name
from tocsin.core.reader.tokens import Hit, within

_GONE = frozenset({"unacknowledged", "disappeared"})
_FINAL = ("killed", "died_in_custody")
_SPECIFIC = frozenset(
    {"pretrial_detention", "administrative_detention", "house_arrest", "serving_sentence", "unacknowledged"}
)
_HELD = _SPECIFIC - {"unacknowledged"}
_DETAINED, _MOVED = "detained", "moved"  # what kind of detention is not said
_ACQUITTED = "acquitted"  # of one count, where a sentence was passed on the same day
_AT_LIBERTY = "at_liberty"  # where somebody was held or sentenced before: "has appealed and remains free"
_ENDED = "ended"  # "held for three hours" ends with the hours
_KNOWN_AS = {
    _DETAINED: "in_police_custody",
    _MOVED: "pretrial_detention",
    _AT_LIBERTY: "released",
    _ACQUITTED: "released",
}
# "Remains detained", "was moved", "is held incommunicado" say less than was told before; who is detained somewhere is
# found again.
# Who is held in a prison is at home no more.
_KNOWN_BETTER_THAN = {
    _DETAINED: _HELD,
    _MOVED: _HELD - {"house_arrest"} | {"disappeared"},
    "unacknowledged": _HELD | {"disappeared"},
}
_AFTER_SENTENCE = frozenset({_DETAINED, _MOVED, "in_police_custody", "pretrial_detention"})
_LASTING = frozenset({"house_arrest", "pretrial_detention", "administrative_detention", _DETAINED})
_FREE = frozenset({"released", "released_conditions", "released_pending", _ACQUITTED, _AT_LIBERTY, _ENDED})
_ON_CONDITIONS = frozenset({"released_conditions", "released_pending"})
_TO = frozenset({"to"})  # "X to two years and Y to …"
_JOINTS = frozenset({"and", "but", "et", "mais", "y", "pero"})
_BREAKS = frozenset({";", "while", "whereas", "tandis", "mientras"})
_IN_CUSTODY = frozenset({_DETAINED, "in_police_custody", "unacknowledged"})
_HOURS = 10  # words between "held" and "for three hours"
_SAID = 3  # words of "spent three days"
_BY_ACT = {
    "killing": "killed",
    "death_in_custody": "died_in_custody",
    "arbitrary_arrest": "in_police_custody",
    "arbitrary_detention": _DETAINED,
    "incommunicado": "unacknowledged",
    "transfer": _MOVED,
    "house_arrest": "house_arrest",
    "enforced_disappearance": "disappeared",
    "abduction": "disappeared",
    "expulsion": "expelled",
    "release": "released",
    "conditional_release": "released_conditions",
    "acquittal": _ACQUITTED,
}

_LONGEST_ACT = 12  # words
_PRISON_REACH = 9  # words between "held" and "prison"
_REFUSED_BEFORE, _REFUSED_BEHIND = 10, 6  # words between "bail" and "denied"
_BRIEF = frozenset({"minute", "hour", "day", "week"})
_AUXILIARIES = 4  # words before a verb
_WHILE = 8  # words between "had" and "months", or "under house arrest" and "for six months"
_OWNER_REACH = 2  # words between "detention" and the name of who is held
_TERM_REACH = 9  # words between "sentenced" and "years"


def read_statuses(story: Sequence[Told], defenders: Sequence[Entity], issued_on: dt.date | None) -> list[StatusAsOf]:
    """Find the last status of each defender, in the order of the events."""
    names = {person.name for person in defenders}
    last: dict[str, tuple[str, StatusAsOf]] = {}
    today = issued_on.isoformat() if issued_on else ""
    held_at_last: set[str] = set()
    for told in story:
        if not (told.acts or told.passage.outcomes):
            continue
        day = known_day((told.event.until or told.event.date or "") if told.event is not None else "")
        told_here: dict[str, tuple[int, str]] = {}
        for at, status, concerned, span in sorted((*_from_acts(told), *_from_words(told)), key=_vague_first):
            if told.passage.role == "position" and status not in _FINAL:
                continue  # it recalls earlier days, often without a date
            # What lasts outdoes whatever was told before; what is told behind it may still have ended it.
            latest = today if _lasts(told, status, at) else day
            for name in _missing(told, status, last) or concerned:
                before = last.get(name)
                if name not in names or (before and (before[1].status in _FINAL or (latest and latest < before[0]))):
                    continue
                sentenced = before is not None and before[1].status == "serving_sentence" and before[0] == day
                held_before = before is not None and before[1].status in _FREE and _is_before(told, at, status)
                arrested_before = status == "in_police_custody" and (name in held_at_last or _was_taken(told, before))
                sentenced_of_else = sentenced and bool(day) and status == _ACQUITTED
                taken_in_court = sentenced and status in _AFTER_SENTENCE
                if (
                    held_before
                    or arrested_before
                    or taken_in_court
                    or sentenced_of_else
                    or _is_told_again(told, status, before and before[1])
                    or _was_before(told, at, status, told_here.get(name))
                ):
                    continue
                told_here[name] = at, status
                held_at_last |= {name} if _goes_on(told, status, at) else set()
                if status == _ENDED and before and before[1].status in _IN_CUSTODY:
                    del last[name]
                if _changes(status, before[1].status if before else None):
                    known = _KNOWN_AS.get(status, status)
                    last[name] = (day or (before[0] if before else ""), StatusAsOf(name, known, issued_on, span))
    return [last[person.name][1] for person in defenders if person.name in last]


def known_day(day: str) -> str:
    """Give a day, or nothing where the text does not tell its year: "XXXX-03" lies behind every year."""
    return "" if day.startswith("X") else day


def _is_told_again(told: Told, status: str, before: StatusAsOf | None) -> bool:
    """Tell whether a paragraph without a day tells how those were taken of whom the one before told the release."""
    if before is None or before.span is None or before.status not in _FREE or status not in _IN_CUSTODY:
        return False
    carried = told.event is not None and told.event.derived_from == "the sentence before"
    return carried and before.span[0] < told.passage.span[0]


def _was_taken(told: Told, before: tuple[str, StatusAsOf] | None) -> bool:
    """Tell how those were taken who are missing since, where no day says that they were found: "soldiers took him"."""
    if told.event is None or before is None or before[1].status != "disappeared":
        return False
    return told.event.date is None or told.event.derived_from == "the sentence before"


def _missing(told: Told, status: str, last: Mapping[str, tuple[str, StatusAsOf]]) -> list[str]:
    """Give those taken away where a sentence without a name says who is gone: "the police deny holding him".

    It says so of them, not of who was named last, such as a friend who asked for them.
    """
    if status not in _GONE or any(phrase.people and not _goes_back(phrase) for phrase in told.phrases):
        return []
    return [name for name, (_, left) in last.items() if left.status == "disappeared"]


def _changes(status: str, before: str | None) -> bool:
    """Tell whether a status says more than what was known before it."""
    if status == _ENDED or (status == _AT_LIBERTY and before is None):
        return False
    return before not in _KNOWN_BETTER_THAN.get(status, ())


def _goes_back(phrase: NounPhrase) -> bool:
    return phrase.anaphor or phrase.possessive or phrase.clitic or phrase.relative


def _lasts(told: Told, status: str, at: int) -> bool:
    """Tell whether somebody is still held when the document is written: "detained since 3 April"; not "had been"."""
    if told.event is None or told.event.precision != "after" or status not in {_DETAINED, *_HELD}:
        return False
    near = told.passage.tokens.folded[max(told.sentence.first, at - _AUXILIARIES) : at]
    return told.passage.words.grammar["past"].isdisjoint(near)


def _goes_on(told: Told, status: str, at: int) -> bool:
    """Tell whether somebody is held at last: "remains in prison"; how they were arrested may be told behind."""
    if status not in {_DETAINED, *_HELD} or told.passage.role == "background":
        return False
    near = told.passage.tokens.folded[max(told.sentence.first, at - _AUXILIARIES) : at + 1]
    return not told.passage.words.grammar["remaining"].isdisjoint(near)


def _was_before(told: Told, at: int, status: str, outcome: tuple[int, str] | None) -> bool:
    """Tell whether an outcome lies before another of the same sentence.

    "Was acquitted, who had been sentenced to a year"; "regained her freedom after a year of pre-trial detention".
    """
    if outcome is None:
        return False
    told_at, told_here = outcome
    if told_here in _ON_CONDITIONS and status == "released":
        return True  # "was granted bail and left the prison"
    if told_here in _FREE and status == "pretrial_detention":
        return True
    if told_here in _GONE and status in _IN_CUSTODY:  # "nobody knows where she is being held"
        led = told.passage.tokens.folded[max(told.sentence.first, at - _LONGEST_ACT) : at]
        return not told.passage.words.grammar["wherever"].isdisjoint(led)
    # "Avait été placé en détention provisoire" is one outcome, of which the words say more than the act.
    return told_at != at and _is_pluperfect(told, at)


def _is_pluperfect(told: Told, at: int) -> bool:
    near = told.passage.tokens.folded[max(told.sentence.first, at - _AUXILIARIES) : at + 1]
    return not told.passage.words.grammar["pluperfect"].isdisjoint(near)


def _is_before(told: Told, at: int, status: str) -> bool:
    """Tell what lies before a release told in another sentence: "He told us that he had been held in a camp"."""
    undated = told.event is None or told.event.derived_from is not None
    return undated and status not in _FREE and _is_pluperfect(told, at)


def _vague_first(outcome: "_Outcome") -> tuple[bool, int]:
    """Order the outcomes of a sentence: "arrested and remanded in custody" leaves somebody in pre-trial detention.

    Of a prison term and a release the one told last counts: "sentenced to two years, and released that evening".
    """
    return outcome[1] in _SPECIFIC or outcome[1] in _FREE, outcome[0]


_Outcome = tuple[int, str, tuple[str, ...], Span]


def _from_acts(told: Told) -> Iterator[_Outcome]:
    """Give what the acts of a sentence leave their victims in; a sentence in court only where it is to prison."""
    for found in told.acts:
        act = found.act
        status = _BY_ACT.get(act.type)
        if act.type == "acquittal" and _is_convicted(told, found.at, act.victims):
            continue  # of another count
        if act.type == "sentencing":
            imprisoned = tuple(name for name in act.victims if _names_prison(told, found.at, name))
            status = "serving_sentence" if imprisoned else None
            act = replace(act, victims=imprisoned)
        if status == _DETAINED and _is_in_prison(told, found.at):
            status = _MOVED
        if status in {*_IN_CUSTODY, _MOVED} and act.type != "transfer" and _is_over(told, found.at):
            status = _ENDED
        if status in _LASTING and _was_for_a_while(told, found.at):
            status = _ENDED
        if status is not None and act.span is not None and act.mode in {"occurred", "ongoing"} and not found.relative:
            yield found.at, status, act.victims, act.span


def _is_over(told: Told, at: int) -> bool:
    """Tell "was held for three hours", which is over, from "has been held for a week" and "remanded for two months"."""
    words, folded = told.passage.words, told.passage.tokens.folded
    grammar = words.grammar
    at += folded[at] not in grammar["holding"] and folded[at + 1 : at + 2] != []  # "la tuvieron retenida tres horas"
    if folded[at] not in grammar["holding"]:
        return False
    before = folded[max(told.sentence.first, at - _AUXILIARIES) : at]
    behind = folded[at + 1 : min(told.sentence.last, at + _HOURS)]
    if not grammar["lasting"].isdisjoint(before) or not grammar["not_yet"].isdisjoint(behind):
        return False
    units = time_words(words.language).units
    # "Arrested two days after the march": only what stands behind "for" or the verb itself is how long it was.
    return any(
        word in grammar["briefly"]
        or (
            units.get(word) in _BRIEF
            and (number < _SAID or not grammar["lasted"].isdisjoint(behind[number - 3 : number]))
        )
        for number, word in enumerate(behind)
    )


def _was_for_a_while(told: Told, at: int) -> bool:
    """Tell "had spent fourteen months under house arrest", which is over."""
    words, folded = told.passage.words, told.passage.tokens.folded
    near = folded[max(told.sentence.first, at - _WHILE) : at]
    auxiliary = next((number for number, word in enumerate(near) if word in words.grammar["pluperfect"]), None)
    if auxiliary is None:
        return False
    units = time_words(words.language).units
    behind = folded[at : min(told.sentence.last, at + _WHILE)]
    lasted = (
        number < _SAID or not words.grammar["lasted"].isdisjoint(behind[number - 3 : number])
        for number, word in enumerate(behind)
        if word in units
    )
    return any(word in units for word in near[auxiliary:]) or any(lasted)


def _is_in_prison(told: Told, at: int) -> bool:
    """Tell whether a prison stands behind "held": "has been held in Velm prison"."""
    behind = told.passage.tokens.folded[at + 1 : min(told.sentence.last, at + _PRISON_REACH)]
    return not told.passage.words.grammar["prisons"].isdisjoint(behind)


def _is_convicted(told: Told, at: int, people: Sequence[str]) -> bool:
    """Tell whether a court convicts of another count in the same breath; "who had been sentenced" was before."""
    folded = told.passage.tokens.folded
    return any(
        each.act.type == "sentencing"
        and not {*people}.isdisjoint(each.act.victims)
        and (each.at < at or not _JOINTS.isdisjoint(folded[each.at - _AUXILIARIES : each.at]))
        and not _is_pluperfect(told, each.at)
        for each in told.acts
    )


def _names_prison(told: Told, at: int, name: str) -> bool:
    """Tell whether a sentence is to prison: it names one, or only a term ("sentenced to twelve years").

    In "sentenced X to two years and Y to a suspended sentence" each has their own.
    """
    grammar, folded = told.passage.words.grammar, told.passage.tokens.folded
    first, last = _clause(told, at)
    named = [phrase for phrase in told.phrases if phrase.people and not (phrase.possessive or phrase.clitic)]
    behind = [phrase for phrase in named if at < phrase.first < last]
    own = next((number for number, p in enumerate(behind) if name in p.refs), None)
    with_term = [p.first for p in behind if not _TO.isdisjoint(folded[p.last : p.last + 1])]
    if own is not None and len(with_term) > 1:
        first = at = max([place for place in with_term if place <= behind[own].first], default=at)
        last = min([place for place in with_term if place > behind[own].first], default=last)
    said = folded[first:last]
    if not grammar["suspended"].isdisjoint(said):
        return False
    if not grammar["prison"].isdisjoint(said):
        return True
    # "Convicted of libel, and sentenced to two years".
    told_at = {at, *(hit.first for hit in within(told.passage.verdicts, at, last) if hit.value == "convicted")}
    ends = (folded[each : min(last, each + _TERM_REACH)] for each in told_at)
    return any(not grammar["term"].isdisjoint(words) and grammar["not_prison"].isdisjoint(words) for words in ends)


def _clause(told: Told, at: int) -> tuple[int, int]:
    """Give the words between the semicolons, or "while", around a place, behind which somebody else is named."""
    folded, first, last = told.passage.tokens.folded, told.sentence.first, told.sentence.last
    if _BREAKS.isdisjoint(folded[first:last]):
        return first, last
    named = max((phrase.first for phrase in told.phrases if phrase.people), default=first)
    breaks = [each for each in range(first, named) if folded[each] in _BREAKS]
    before, behind = [each + 1 for each in breaks if each < at], [each for each in breaks if each > at]
    return max(before, default=first), min(behind, default=last)


def _from_words(told: Told) -> Iterator[_Outcome]:
    """Give what words say that are no act by themselves ("whereabouts remain unknown", "in pre-trial detention")."""
    for hit in _outcomes(told):
        near = within(told.passage.verbs, hit.first - _LONGEST_ACT, hit.last)
        told_as_act = any(hit.first < act.last for act in near)
        if not (told_as_act and hit.value in _BY_ACT.values() and hit.value not in _SPECIFIC):
            over = hit.value in _LASTING and _was_for_a_while(told, hit.first)
            status = _ENDED if over else hit.value
            yield hit.first, status, tuple(_concerned(told, hit)), told.passage.tokens.span(hit.first, hit.last)


def _outcomes(told: Told) -> list[Hit]:
    outcomes: list[Hit] = []
    if not told.passage.outcomes:
        return outcomes
    grammar, folded = told.passage.words.grammar, told.passage.tokens.folded
    for hit in within(told.passage.outcomes, told.sentence.first, told.sentence.last):
        if is_in_name(told, hit):
            continue  # "from Velm Remand Prison"
        before = folded[max(told.sentence.first, hit.first - 3) : hit.first]
        if not grammar["negation"].isdisjoint(before) or (before and before[-1] in grammar["irrealis"]):
            continue
        if (hit.value in _FREE and _is_refused(told, hit)) or _is_hidden(told, hit):
            continue
        if any(each.kind == "denying" for each in within(told.passage.unreal, hit.first - _AUXILIARIES, hit.first)):
            continue  # "deny having her in custody"
        outcomes.append(hit)
    return outcomes


def _is_hidden(told: Told, hit: Hit) -> bool:
    """Tell whether an outcome stands in words that tell nothing: "exigen su liberación"."""
    near = within(told.passage.acts, hit.first - _AUXILIARIES, hit.first + 1)
    return any(each.value == "blind" and hit.first < each.last for each in near)


def _is_refused(told: Told, hit: Hit) -> bool:
    """Tell whether a release is refused or only asked for: "refused to release her on bail", "bail was denied"."""
    first = max(told.sentence.first, hit.first - _REFUSED_BEFORE)
    near = told.passage.tokens.folded[first : min(told.sentence.last, hit.last + _REFUSED_BEHIND)]
    return not told.passage.words.grammar["refusing"].isdisjoint(near)


def _concerned(told: Told, hit: Hit) -> list[str]:
    """Choose who the outcome is about: the victims of an act at these words, else the people named before them."""
    for found in told.acts:
        if found.act.victims and (hit.first <= found.at < hit.last or found.at <= hit.first < found.at + 3):
            return list(found.act.victims)
    if hit.value in _HELD:
        # "Extended for two months the pre-trial detention of X": whom the verb before says.
        held = (f.act.victims for f in told.acts if _BY_ACT.get(f.act.type) == _DETAINED and f.at < hit.first)
        if (victims := next(held, ())) and hit.first - told.sentence.first < _LONGEST_ACT + _AUXILIARIES:
            return list(victims)
    if owner := next((phrase for phrase in told.phrases if phrase.people and _owns(told, phrase, hit)), None):
        return [person.name for person in owner.people]
    before = [phrase for phrase in told.phrases if phrase.people and phrase.first < hit.first and not phrase.clitic]
    if before:
        return [person.name for person in before[-1].people]
    behind = [phrase for phrase in told.phrases if phrase.people]
    return [person.name for person in behind[0].people] if behind else []


def _owns(told: Told, phrase: NounPhrase, hit: Hit) -> bool:
    """Tell whom the noun of an outcome is of: "the pre-trial detention of X was extended"."""
    if phrase.first <= hit.first and hit.last < phrase.last:
        return True
    is_near = 0 < phrase.first - hit.last <= _OWNER_REACH
    return is_near and told.passage.tokens.folded[hit.last] in told.passage.words.grammar["object_of"]
