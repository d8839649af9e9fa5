"""Safety: what the words of a text give away about people, and what they say of people that nobody may say."""

from collections.abc import Iterator, Mapping

from tocsin.core.preflight.accused import Accused, find_accused
from tocsin.core.preflight.consents import agrees, consent_of
from tocsin.core.preflight.findings import Severity
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import BODY, NARRATIVE, Found, Passage, Subject
from tocsin.core.reader import fold
from tocsin.core.records import Person

_NEAR = 4  # words between two phrases that belong together
_THREATS = frozenset({"threat", "death_threat", "threat_to_family"})
_SEVERITY_OF_SOURCE: Mapping[str, Severity] = {"kin": "error", "post": "error", "few": "warning"}
_CORROBORATING = 2  # independent sources before a person is named for a crime
_TEXT = (*BODY, "title", "note", "demand", "opening")


def _words_between(passage: Passage, start: int, end: int) -> list[str]:
    """Give the words between two offsets; a full stop or a semicolon parts what stands on its sides."""
    between = passage.text[start:end]
    return between.split() if start <= end and not {".", ";", "?", "!"} & set(between) else [""] * (_NEAR + 1)


def _names(subject: Subject) -> frozenset[str]:
    """Give the words of the names of the people whom the text is about."""
    names = [person.name for person in subject.document.facts.people if person.role in {"defender", "relative", None}]
    if subject.case is not None:
        names += [name.full for person in subject.case.persons for name in person.names]
    return frozenset(word for name in names for word in fold(name).split() if len(word) > 2)


def _sentence(found: Found) -> tuple[int, int]:
    return found.passage.sentence_at(found.start)


def _names_somebody(found: Found, names: frozenset[str]) -> bool:
    """Tell whether the sentence of a phrase names one of these people, with a capital."""
    start, end = _sentence(found)
    words = (word.strip(".,;:()“”\"'’s") for word in found.passage.text[start:end].split())
    return any(word[:1].isupper() and fold(word) in names for word in words)


@rule("SEC-03")
def sources_that_can_be_guessed(subject: Subject) -> Iterator[Hit]:
    """Find sources behind "according to" or before "told us" who are known by kinship or by their post."""
    people = [found for found in subject.find("source_people", *_TEXT) if not subject.quoted(found)]
    openers = {(one.passage.path, *_sentence(one)): one for one in subject.find("source_openers", *_TEXT)}
    tellers = {(one.passage.path, *_sentence(one)): one for one in subject.find("source_tells", *_TEXT)}
    for person in people:
        key = (person.passage.path, *_sentence(person))
        opener, teller = openers.get(key), tellers.get(key)
        behind = opener and len(_words_between(person.passage, opener.end, person.start)) <= _NEAR
        before = teller and len(_words_between(person.passage, person.end, teller.start)) <= _NEAR
        if behind or before:
            yield Hit.at(person.place, severity=_SEVERITY_OF_SOURCE[person.value])


@rule("SEC-04")
def third_parties(subject: Subject) -> Iterator[Hit]:
    """Find relatives and lawyers with their names, unless the appeal is for them or the case has their consent."""
    document = subject.document
    title = fold(document.title.text if document.title else "")
    protagonists = title + fold(" ".join(demand.text for demand in document.demands))
    for k, person in enumerate(document.facts.people):
        if person.role not in {"relative", "lawyer"} or fold(person.name) in protagonists:
            continue
        if not _has_agreed(subject, person.name, "publish_name"):
            severity: Severity = "warning" if subject.case is None else "error"
            place = subject.place_of(person.span, _printed(subject, person.span, person.name), f"facts.people[{k}]")
            yield Hit.at(place, cause=fold(person.name), severity=severity, person=person.name)


def _printed(subject: Subject, span: tuple[int, int] | None, words: str) -> str:
    source = subject.document.source
    return source.text[slice(*span)] if source is not None and span is not None else words


def _has_agreed(subject: Subject, name: str, use: str) -> bool:
    if subject.case is None:
        return False
    for person in subject.case.persons:
        if any(fold(form.full) == fold(name) for form in person.names):
            return agrees(consent_of(subject.case, person), use) is not None
    return False


@rule("SEC-05")
def violence_and_health_of_named_people(subject: Subject) -> Iterator[Hit]:
    """Find sexual violence and health told of people who are named, unless the case has their word for it."""
    names = _names(subject)
    if _all_agreed(subject, "publish_health_details"):
        return
    for table, severity in (("sexual_violence", "error"), ("sexual_threat", "warning"), ("health", "warning")):
        for found in subject.find(table, *_TEXT):
            if _is_of_the_work(subject, found, table) or not _names_somebody(found, names):
                continue
            yield Hit.at(found.place, cause=f"{found.passage.path} {_sentence(found)}", severity=_as_severity(severity))


def _as_severity(name: str) -> Severity:
    return "error" if name == "error" else "warning"


def _is_of_the_work(subject: Subject, found: Found, table: str) -> bool:
    """Tell whether a sentence speaks of what somebody works on, or threatens, rather than of what was done."""
    start, end = _sentence(found)
    text = found.passage.text[start:end]
    if table == "sexual_violence" and subject.has(text, "sexual_threat"):
        return True
    return table != "sexual_threat" and subject.has(found.passage.text[start : found.start], "sexual_violence_work")


def _all_agreed(subject: Subject, use: str) -> bool:
    case = subject.case
    people = [case.find_record(one, Person) for one in case.appeal.protagonists] if case else []
    return bool(people) and case is not None and all(one and agrees(consent_of(case, one), use) for one in people)


@rule("SEC-06")
def one_of_a_kind(subject: Subject) -> Iterator[Hit]:
    """Find "the only woman", "the only witness": words that leave one person."""
    for found in subject.find("only_one", *NARRATIVE, "note"):
        tokens = found.passage.tokens
        first, last = found.passage.word_from(found.end), found.passage.word_from(found.end + 40)
        behind = range(first, min(last, first + 3))
        who = next((at for at in behind if subject.has(tokens.words[at], "only_one_people")), None)
        if who is not None and not subject.quoted(found):
            yield Hit.at(found.passage.place(found.start, tokens.ends[who]))


@rule("SEC-07")
def traits_of_a_person(subject: Subject) -> Iterator[Hit]:
    """Find orientation, identity, faith, infection and papers told of a named person; not of work or a group."""
    names = _names(subject)
    if _all_agreed(subject, "publish_identity_traits"):
        return
    for found in subject.find("traits", *_TEXT):
        if not subject.quoted(found) and _names_somebody(found, names) and _is_of_a_person(subject, found):
            yield Hit.at(found.place, what=found.value.replace("_", " "))


def _is_of_a_person(subject: Subject, found: Found) -> bool:
    """Tell "the lesbian activist X" and "X, who is a Christian," from "gay rights activist X"."""
    text = found.passage.text
    behind, before = text[found.end : found.end + 40].split(), text[max(0, found.start - 30) : found.start].split()
    if behind and behind[0][:1] in {"+", "/"}:
        return False
    near = [word.strip('.,;:()“”"') for word in behind[:2]]
    if any(subject.has(word, "trait_work") for word in near):
        return False
    if near and any(subject.has(word, "trait_people") for word in near):
        return True
    return any(subject.has(" ".join(before[-many:]), "trait_said") for many in (1, 2))


@rule("SEC-09")
def places_and_journeys(subject: Subject) -> Iterator[Hit]:
    """Find where somebody at liberty is, and where somebody will go."""
    names = _names(subject)
    for found in subject.find("travel", *BODY, "note"):
        start, end = _sentence(found)
        spared = subject.has(found.passage.text[start:end], "free_to_travel")
        if not spared and not subject.quoted(found) and _names_or_pronoun(found, names):
            yield Hit.at(found.place)


def _names_or_pronoun(found: Found, names: frozenset[str]) -> bool:
    """Tell whether a sentence is about a person of the text: it names one, or begins with a pronoun."""
    start, _ = _sentence(found)
    first = fold(found.passage.text[start : start + 12]).split()[:1]
    return _names_somebody(found, names) or bool(set(first) & {"she", "he", "they", "elle", "il", "ella", "el"})


@rule("SEC-11")
def measures_of_protection(subject: Subject) -> Iterator[Hit]:
    """Find how somebody is protected; a prison that moves a prisoner is no measure, and the dead need none."""
    statuses = [status.status for status in subject.document.facts.status_as_of]
    if statuses and {"killed", "died_in_custody"}.issuperset(statuses):
        return
    for found in subject.find("security_measures", *_TEXT):
        start, end = _sentence(found)
        if not subject.has(found.passage.text[start:end], "security_of_prison") and not subject.quoted(found):
            yield Hit.at(found.place, cause=f"{found.passage.path} {start}")


@rule("SEC-12")
def threats_word_for_word(subject: Subject) -> Iterator[Hit]:
    """Find threats that are quoted word for word."""
    threatening = {
        event.sentence for event in subject.document.facts.events if any(act.type in _THREATS for act in event.acts)
    }
    for k, quotation in enumerate(subject.document.facts.quotations):
        place = subject.place_of(
            quotation.span, _printed(subject, quotation.span, quotation.text), f"facts.quotations[{k}]"
        )
        if subject.sentence_of(place).strip() in threatening:
            yield Hit.at(place)


@rule("SEC-13")
def people_named_for_a_crime(subject: Subject) -> Iterator[Hit]:
    """Find people named for something violent: as a fact an error, as an allegation a decision that must be on file."""
    for accused in find_accused(subject):
        sentence = accused.event.sentence
        if subject.has(sentence, "finding"):
            continue
        alleged = bool(accused.event.hedges) or subject.has(sentence, "allegation")
        if alleged and _is_corroborated(subject, accused):
            continue
        what = (
            "as an allegation: are there two sources, a lawyer's word, and was an answer asked for?"
            if alleged
            else "as a fact"
        )
        severity: Severity = "warning" if alleged else "error"
        yield Hit.at(accused.place, cause=fold(accused.name), severity=severity, name=accused.name, what=what)


def _is_corroborated(subject: Subject, accused: Accused) -> bool:
    """Tell whether the case has a corroborated claim with two sources about this person."""
    case = subject.case
    if case is None:
        return False
    ids = {one.id for one in case.persons if any(fold(accused.name) in fold(name.full) for name in one.names)}
    claims = [one for one in case.claims if ids.intersection(one.about) and one.status == "corroborated"]
    return any(len(set(claim.sources)) >= _CORROBORATING for claim in claims)
