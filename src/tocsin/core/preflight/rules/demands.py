"""Demands: what is asked rests on facts, answers them, and is asked of somebody who can do it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from tocsin.core import vocab
from tocsin.core.addressing import competences
from tocsin.core.appeal import Demand
from tocsin.core.preflight import tables, words
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.posts import Seat, seats_of
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import NARRATIVE, Found, Passage, Subject
from tocsin.core.preflight.wording import Phrase, Several, Term, Value
from tocsin.core.reader import fold

_HELD = frozenset(
    "in_police_custody unacknowledged pretrial_detention administrative_detention serving_sentence psychiatric "
    "transferred".split()
)
_ANSWERS_TO_DETENTION = frozenset(
    "release fair_trial access_lawyer access_family access_medical humane_conditions quash_conviction drop_charges "
    "disclose_whereabouts".split()
)
_GONE = frozenset(
    {"released", "released_expiry", "released_pardon", "killed", "died_in_custody", "expelled", "escaped"}
)
_OPEN_CHARGE = frozenset({"announced", "under_investigation", "charged", "at_trial", "convicted", "on_appeal"})
_ANSWERS_TO_CHARGES = frozenset({"drop_charges", "fair_trial", "quash_conviction", "end_harassment", "release"})
_STORY = (*NARRATIVE, "note", "title", "violation")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


@rule("DEM-01")
def demands_without_fact(subject: Subject) -> Iterator[Hit]:
    """Find demands for which the text has none of the words that could give a ground, or the case no fact."""
    told = {found.value for found in subject.find("supports", *_STORY)}
    known = words.tables(subject.language).get("supports", {}).keys()
    rootless = {one.ordinal for one in subject.case.demands if not one.based_on} if subject.case else set()
    for k, demand in enumerate(subject.document.demands):
        unsupported = bool(demand.types) and known >= set(demand.types) and told.isdisjoint(demand.types)
        if unsupported or (demand.ordinal and demand.ordinal in rootless):
            yield Hit.at(subject.whole(f"demands[{k}]"), cause=str(k), ordinal=_ordinal(demand, k))


def _ordinal(demand: Demand, number: int) -> str:
    return demand.ordinal or str(number + 1)


def _asked(subject: Subject) -> frozenset[str]:
    """Give the types of all demands."""
    return frozenset(kind for demand in subject.document.demands for kind in demand.types)


@rule("DEM-02")
def detention_without_demand(subject: Subject) -> Iterator[Hit]:
    """Find people who are held or have disappeared by the last word of the text, and no demand about it."""
    asked = _asked(subject)
    if not asked:
        return
    printed = fold(" ".join([subject.document.title.text if subject.document.title else "", *_demand_texts(subject)]))
    for person, (status, place) in _statuses(subject).items():
        if fold(person) not in printed:
            continue  # Somebody of whom the text tells, but whom the appeal is not for.
        label = Term("detention_status", status)
        if status == "disappeared" and not asked & {"disclose_whereabouts", "release"}:
            yield Hit.at(place, cause="disappeared", person=person, status=label, missing=Phrase("whereabouts"))
        elif status in _HELD and not asked & _ANSWERS_TO_DETENTION:
            yield Hit.at(place, cause="held", person=person, status=label, missing=Phrase("justice"))


def _demand_texts(subject: Subject) -> list[str]:
    return [demand.text for demand in subject.document.demands]


def _statuses(subject: Subject) -> Mapping[str, tuple[str, Place]]:
    """Give the last status of each person, and where it stands."""
    source = subject.document.source
    last = {}
    for k, status in enumerate(subject.document.facts.status_as_of):
        words_of_it = source.text[slice(*status.span)] if source and status.span else status.person
        last[status.person] = (status.status, subject.place_of(status.span, words_of_it, f"facts.status_as_of[{k}]"))
    return last


class _Fact(NamedTuple):
    """A serious fact: its type, where it stands, and the demands that would answer it."""

    kind: str
    place: Place
    answers: frozenset[str]


@rule("DEM-03")
def facts_without_demand(subject: Subject) -> Iterator[Hit]:
    """Find serious facts that no demand answers; a detention is left to DEM-02."""
    asked = _asked(subject)
    if not asked:
        return
    for fact in _serious(subject):
        if not asked & fact.answers:
            answers = Several(tuple(Term("demand_types", one) for one in sorted(fact.answers, key=_english)), "slash")
            yield Hit.at(fact.place, cause=fact.kind, fact=Term("violation_types", fact.kind), answers=answers)


def _english(demand: str) -> str:
    """Give by what types of demands are ordered, in every language: their English labels."""
    return vocab.load("demand_types")[demand].label("en").text.lower()


def _serious(subject: Subject) -> Iterator[_Fact]:
    facts = subject.document.facts
    held = any(status in _HELD for status, _ in _statuses(subject).values())
    answers: dict[str, list[str]] = tables.load("answers")["always"]
    if held:
        answers = answers | tables.load("answers")["while_held"]
    for number, event in enumerate(facts.events):
        for act in event.acts:
            if (
                act.type in answers
                and act.mode in {"occurred", "ongoing"}
                and act.victims
                and act.method != "handcuffed"
            ):
                yield _Fact(act.type, subject.place_of_act(number, act), frozenset(answers[act.type]))
    for found in subject.find("registration_refused", *NARRATIVE, "note"):
        yield _Fact("registration_denied", found.place, frozenset(answers["registration_denied"]))
    for k, charge in enumerate(facts.charges):
        if charge.person and charge.status in _OPEN_CHARGE:
            place = subject.place_of(charge.span, charge.offence or "", f"facts.charges[{k}]")
            yield _Fact("judicial_harassment", place, _ANSWERS_TO_CHARGES)


@rule("DEM-04")
def demands_to_nobody(subject: Subject) -> Iterator[Hit]:
    """Find demands that name a body which is no addressee, and demands that no addressee has the power to meet."""
    seats = seats_of(subject)
    if not seats:
        return
    there = frozenset(body for seat in seats for body in seat.bodies)
    named = _bodies(subject)
    for k, demand in enumerate(subject.document.demands):
        missing = [
            found.passage.text[found.start : found.end] for found in named.get(k, ()) if found.value not in there
        ]
        place, ordinal = subject.whole(f"demands[{k}]"), _ordinal(demand, k)
        if missing:
            what = Phrase.of("nobody", ordinal=ordinal, bodies=_listed(missing))
            yield Hit.at(place, cause=str(k), what=what)
        elif powerless := [kind for kind in demand.types if not _can(seats, kind)]:
            asked = _listed([Phrase.of("quoted", term=Term("demand_types", kind)) for kind in powerless])
            yield Hit.at(place, cause=str(k), what=Phrase.of("powerless", ordinal=ordinal, demands=asked))


def _bodies(subject: Subject) -> Mapping[int, list[Found]]:
    """Give the bodies of the State that each demand names."""
    numbers = {f"demands[{k}]": k for k in range(len(subject.document.demands))}
    named: dict[int, list[Found]] = {}
    for found in subject.find("bodies", "demand"):
        named.setdefault(numbers[found.passage.path], []).append(found)
    return named


def _can(seats: tuple[Seat, ...], kind: str) -> bool:
    """Tell whether an addressee can meet a demand, or holds an office of which nothing is known."""
    powers = competences()
    return any(
        not seat.posts or any(post not in powers or {"all", kind} & set(powers[post]) for post in seat.posts)
        for seat in seats
    )


def _listed(names: Sequence[Value]) -> Several:
    return Several(tuple(name for at, name in enumerate(names) if name not in names[:at]), "and")


@rule("DEM-05")
def release_of_the_free(subject: Subject) -> Iterator[Hit]:
    """Find demands to release people of whom every one is free or dead by the last word of the text."""
    statuses = _statuses(subject)
    for k, demand in enumerate(subject.document.demands):
        for_whom = [statuses[person][0] for person in demand.beneficiaries if person in statuses]
        complete = bool(demand.beneficiaries) and len(for_whom) == len(demand.beneficiaries)
        if "release" in demand.types and complete and _GONE.issuperset(for_whom):
            person, status = demand.beneficiaries[0], Term("detention_status", for_whom[0])
            place = subject.whole(f"demands[{k}]")
            yield Hit.at(place, cause=str(k), ordinal=_ordinal(demand, k), person=person, status=status)


@rule("DEM-06")
def weak_words(subject: Subject) -> Iterator[Hit]:
    """Find investigations asked for without promptness or independence, and releases with neither word of urgency.

    One demand with the standard words is enough for the list; each call in the position is judged by itself.
    """
    weak = []
    for k, demand in enumerate(subject.document.demands):
        have = _qualities(subject, demand.text)
        if "investigate" in demand.types and subject.has(demand.text, "investigation"):
            weak.append((k, _missing_of_investigation(have)))
        if "release" in demand.types and not have & {"prompt", "unconditional"}:
            yield Hit.at(subject.whole(f"demands[{k}]"), cause=f"release {k}", missing=Phrase("release"))
    if weak and all(missing for _, missing in weak):
        k, missing = weak[0]
        yield Hit.at(subject.whole(f"demands[{k}]"), cause="investigation", missing=Several(missing, "and"))
    for passage, start, end in _calls_to_investigate(subject):
        if missing := _missing_of_investigation(_qualities(subject, passage.text[start:end])):
            yield Hit.at(passage.place(start, end), missing=Several(missing, "and"))


def _qualities(subject: Subject, text: str) -> set[str]:
    return subject.values_in(text, "qualities")


def _missing_of_investigation(have: set[str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(kind) for kind in ("prompt", "independent") if kind not in have)


def _calls_to_investigate(subject: Subject) -> Iterator[tuple[Passage, int, int]]:
    """Give the sentences of the position that ask the authorities to investigate."""
    seen = set()
    for found in subject.find("investigation", "position"):
        start, end = found.passage.sentence_at(found.start)
        key = (found.passage.path, start)
        if key not in seen and subject.has_before(found, "calls"):
            seen.add(key)
            yield found.passage, start, end


@rule("DEM-07")
def harmful_demands(subject: Subject) -> Iterator[Hit]:
    """Find demands for death or for punishment without a trial; not those that speak against it."""
    for found in subject.find("harmful", "demand", "position", "request"):
        if not subject.has_before(found, "harm_averted"):
            yield Hit.at(found.place)


@rule("DEM-08")
def organisations_without_demand(subject: Subject) -> Iterator[Hit]:
    """Find organisations that were attacked, or stand in the case as protagonists, and are named in no demand."""
    demanded = fold(" ".join(_demand_texts(subject)))
    if not demanded:
        return
    for name, forms, place in _attacked(subject):
        if not any(form and fold(form) in demanded for form in (name, *forms)):
            yield Hit.at(place, cause=fold(name), organisation=name)


def _attacked(subject: Subject) -> Iterator[tuple[str, tuple[str, ...], Place]]:
    """Give the organisations that something was done to, with the other forms of their names."""
    facts = subject.document.facts
    own = {name for person in facts.people if person.role == "defender" for name in person.organisations}
    victims = {victim for event in facts.events for act in event.acts for victim in act.victims}
    marked = _refused_in_notes(subject)
    for k, one in enumerate(facts.organisations):
        words_of_name = {word for name in (one.name, *one.other_forms) for word in re.findall(r"\w{5,}", fold(name))}
        refused = any(len(words_of_name & before) >= 2 for before in marked)
        if refused or (one.name in victims and one.name in own):
            yield (
                one.name,
                _forms(one.name, one.other_forms),
                subject.place_of(one.span, one.name, f"facts.organisations[{k}]"),
            )


def _forms(name: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """Give the forms under which a demand may name an organisation: also what stands in quotation marks."""
    return (*others, *re.findall(r"[“‘«\"]\s?([^”’»\"]{3,})\s?[”’»\"]", name))


def _refused_in_notes(subject: Subject) -> list[set[str]]:
    """Give, for each note that tells of a refused registration, the words before its mark in the text."""
    paths = {found.passage.path for found in subject.find("registration_refused", "note")}
    markers = [note.marker for k, note in enumerate(subject.document.notes) if f"notes[{k}]" in paths]
    before = []
    for passage in subject.passages_of(*NARRATIVE):
        for marker in markers:
            at = passage.text.find(f"[{marker.strip('[]')}]")
            if at > 0:
                before.append(set(re.findall(r"\w{5,}", fold(passage.text[max(0, at - 60) : at]))))
    return before


@rule("DEM-09")
def gaps_in_the_numbers(subject: Subject) -> Iterator[Hit]:
    """Find the first demand whose number does not follow the one before it."""
    printed = [(k, demand.ordinal) for k, demand in enumerate(subject.document.demands) if demand.ordinal]
    for (_, before), (k, after) in pairwise(printed):
        first, second = _number(before, printed[0][1]), _number(after, printed[0][1])
        if first is not None and second is not None and second != first + 1:
            yield Hit.at(subject.whole(f"demands[{k}]"), cause="numbers", ordinal=after, before=before)
            return


def _number(ordinal: str, first: str) -> int | None:
    """Read "3", "iii" or "c"; whether letters are Roman numerals, the first number of the list says."""
    plain = ordinal.lower()
    if plain.isdigit():
        return int(plain) if plain.isascii() and len(plain) < 4 else None
    if first.lower() == "i" and plain and set(plain) <= _ROMAN.keys() and len(plain) < 8:
        values = [_ROMAN[letter] for letter in plain]
        return sum(-one if one < next_ else one for one, next_ in zip(values, [*values[1:], 0], strict=True))
    return ord(plain) - ord("a") + 1 if len(plain) == 1 and plain.isascii() and plain.isalpha() else None
