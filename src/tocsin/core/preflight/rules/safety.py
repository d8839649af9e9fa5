"""Safety: what the words of a text give away about people, and what they say of people that nobody may say."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from tocsin.core.preflight.accused import Accused, find_accused
from tocsin.core.preflight.consents import agrees, consent_of
from tocsin.core.preflight.findings import Severity
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import BODY, NARRATIVE, Found, Passage, Subject
from tocsin.core.preflight.wording import Phrase
from tocsin.core.reader import fold
from tocsin.core.records import Person, independent

_NEAR = 4  # words between two phrases that belong together
_LONGEST_OPENER = 4  # words
_STOPS = ".;?!"
_PRONOUNS = frozenset("she he they elle il elles ils ella el".split())
_THREATS = frozenset({"threat", "death_threat", "threat_to_family"})
_SEVERITY_OF_SOURCE: Mapping[str, Severity] = {"kin": "error", "post": "error", "few": "warning"}
_CORROBORATING = 2  # independent sources before a person is named for a crime
_TEXT = (*BODY, "title", "note", "demand", "opening")


class _People:
    """The people whom a text is about, and in which of its sentences they are named, with a capital."""

    def __init__(self, subject: Subject) -> None:
        named = [one.name for one in subject.document.facts.people if one.role in {"defender", "relative", None}]
        if subject.case is not None:
            named += [name.full for person in subject.case.persons for name in person.names]
        self._words = frozenset(word for name in named for word in fold(name).split() if len(word) > 2)
        self._starts: dict[str, list[int]] = {}

    def are_named_beside(self, found: Found) -> bool:
        """Tell whether the sentence of a phrase names one of them."""
        starts = self._starts_in(found.passage)
        first, last = _sentence(found)
        at = bisect_left(starts, first)
        return at < len(starts) and starts[at] < last

    def _starts_in(self, passage: Passage) -> list[int]:
        if passage.path not in self._starts:
            tokens = passage.tokens
            words = zip(tokens.words, tokens.folded, tokens.starts, strict=True)
            starts = [start for word, folded, start in words if word[0].isupper() and folded in self._words]
            self._starts[passage.path] = starts
        return self._starts[passage.path]


def _sentence(found: Found) -> tuple[int, int]:
    return found.passage.sentence_at(found.start)


@rule("SEC-03")
def sources_that_can_be_guessed(subject: Subject) -> Iterator[Hit]:
    """Find sources behind "according to" or before "told us" who are known by kinship or by their post."""
    for person in subject.find("source_people", *_TEXT):
        if subject.quoted(person):
            continue
        passage = person.passage
        behind = subject.has_within(passage, *_back(passage, person.start), "source_openers")
        before = subject.has_within(passage, *_ahead(passage, person.end), "source_tells")
        if behind or before:
            yield Hit.at(person.place, severity=_SEVERITY_OF_SOURCE[person.value])


def _back(passage: Passage, end: int) -> tuple[int, int]:
    """Give the stretch of a few words before an offset, back to the last stop or comma."""
    first = max(0, passage.word_from(end) - _NEAR - _LONGEST_OPENER)
    start = passage.tokens.starts[first] if len(passage.tokens) > first else end
    stop = max(passage.text.rfind(sign, start, end) for sign in f"{_STOPS},")
    return (max(start, stop + 1), end)


def _ahead(passage: Passage, start: int) -> tuple[int, int]:
    """Give the stretch of a few words behind an offset, up to the next stop."""
    last = min(len(passage.tokens), passage.word_from(start) + _NEAR + _LONGEST_OPENER) - 1
    end = passage.tokens.end(last) if last >= 0 else start
    stops = [at for sign in _STOPS if (at := passage.text.find(sign, start, end)) >= 0]
    return start, min([end, *stops])


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
    people = _People(subject)
    if _all_agreed(subject, "publish_health_details"):
        return
    for table, severity in (("sexual_violence", "error"), ("sexual_threat", "warning"), ("health", "warning")):
        for found in subject.find(table, *_TEXT):
            if _is_of_the_work(subject, found, table) or not people.are_named_beside(found):
                continue
            yield Hit.at(found.place, cause=f"{found.passage.path} {_sentence(found)}", severity=_as_severity(severity))


def _as_severity(name: str) -> Severity:
    return "error" if name == "error" else "warning"


def _is_of_the_work(subject: Subject, found: Found, table: str) -> bool:
    """Tell whether a sentence speaks of what somebody works on, or threatens, rather than of what was done."""
    if table == "sexual_violence" and subject.has_beside(found, "sexual_threat"):
        return True
    return table != "sexual_threat" and subject.has_before(found, "sexual_violence_work")


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
            yield Hit.at(found.passage.place(found.start, tokens.end(who)))


@rule("SEC-07")
def traits_of_a_person(subject: Subject) -> Iterator[Hit]:
    """Find orientation, identity, faith, infection and papers told of a named person; not of work or a group."""
    people = _People(subject)
    if _all_agreed(subject, "publish_identity_traits"):
        return
    for found in subject.find("traits", *_TEXT):
        if not subject.quoted(found) and people.are_named_beside(found) and _is_of_a_person(subject, found):
            yield Hit.at(found.place, what=Phrase(found.value))


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
    people = _People(subject)
    for found in subject.find("travel", *BODY, "note"):
        spared = subject.has_beside(found, "free_to_travel") or subject.quoted(found)
        if not spared and (people.are_named_beside(found) or _begins_with_pronoun(found)):
            yield Hit.at(found.place)


def _begins_with_pronoun(found: Found) -> bool:
    start, _ = _sentence(found)
    return bool(_PRONOUNS.intersection(fold(found.passage.text[start : start + 12]).split()[:1]))


@rule("SEC-11")
def measures_of_protection(subject: Subject) -> Iterator[Hit]:
    """Find how somebody is protected; a prison that moves a prisoner is no measure, and the dead need none."""
    statuses = [status.status for status in subject.document.facts.status_as_of]
    if statuses and {"killed", "died_in_custody"}.issuperset(statuses):
        return
    for found in subject.find("security_measures", *_TEXT):
        if not subject.has_beside(found, "security_of_prison") and not subject.quoted(found):
            yield Hit.at(found.place, cause=f"{found.passage.path} {_sentence(found)}")


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
    judged: dict[str, tuple[bool, bool]] = {}
    for accused in find_accused(subject):
        sentence = accused.event.sentence
        if sentence not in judged:
            judged[sentence] = subject.has(sentence, "finding"), subject.has(sentence, "allegation")
        found_guilty, alleged = judged[sentence]
        alleged = alleged or bool(accused.event.hedges)
        if found_guilty or (alleged and _is_corroborated(subject, accused)):
            continue
        severity: Severity = "warning" if alleged else "error"
        what = Phrase("allegation" if alleged else "fact")
        yield Hit.at(accused.place, cause=fold(accused.name), severity=severity, name=accused.name, what=what)


def _is_corroborated(subject: Subject, accused: Accused) -> bool:
    """Tell whether the case has a corroborated claim with two independent sources about this person."""
    case = subject.case
    if case is None:
        return False
    ids = {one.id for one in case.persons if any(fold(accused.name) in fold(name.full) for name in one.names)}
    claims = [one for one in case.claims if ids.intersection(one.about) and one.status == "corroborated"]
    return any(independent(case, claim.sources) >= _CORROBORATING for claim in claims)
