"""The people of a text and what they agreed to: a printed name finds the person of the case, and that the consent."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.core.appeal import AppealDocument
from tocsin.core.preflight.subject import Passage, Subject
from tocsin.core.reader import fold
from tocsin.core.records import Case, Consent, ConsentAnswer, Person

AGREED = frozenset({"given", "limited"})
"""States of a consent in which its answers count."""

WIDTHS = ("unnamed", "role_description", "pseudonym", "initials", "given_name_only", "full_name")
"""How much of a person each form shows, the least first."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A person of the case whose name stands in the text.

    Attributes:
        person: The person.
        passage: The text in which the fullest form of the name stands first.
        start: Where it begins.
        end: Where it ends.
        form: How the person is shown: a code of `identity_forms`.
    """

    person: Person
    passage: Passage
    start: int
    end: int
    form: str

    def is_within(self, other: "Mention") -> bool:
        """Tell whether it is a part of a longer name."""
        inside = other.start <= self.start and self.end <= other.end
        return self.passage is other.passage and inside and self.end - self.start < other.end - other.start


def consent_of(case: Case, person: Person) -> Consent | None:
    """Give the consent of a person, the one that the person names or the latest that is about the person."""
    if person.consent is not None:
        return case.find_record(person.consent, Consent)
    about = [one for one in case.consents if one.person == person.id]
    return max(about, key=lambda one: one.given_on or dt.date.min, default=None)


def agrees(consent: Consent | None, use: str) -> ConsentAnswer | None:
    """Give the answer by which a person agreed to a public use; `None` where there is none."""
    if consent is None or consent.state not in AGREED:
        return None
    answer = consent.answer(use, "public")
    return answer if answer is not None and answer.answer == "yes" else None


def has_ended(consent: Consent | None, on: dt.date) -> bool:
    """Tell whether a consent was withdrawn or has run out."""
    return consent is not None and (
        consent.state in {"withdrawn", "expired"}
        or consent.withdrawn_at is not None
        or (consent.expires_on is not None and consent.expires_on < on)
    )


def is_defended(case: Case, person: Person) -> bool:
    """Tell whether an appeal of the case is for a person, so that she has to agree to be named in it."""
    return person.id in case.appeal.protagonists or bool(person.defender and person.defender.is_hrd)


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person of the case whom a document names.

    Attributes:
        person: The person.
        form: How much of the person it shows: a code of `identity_forms`.
        is_defended: Whether it is for this person, who has to agree.
        consent: What the case has of that.
        has_ended: Whether that was withdrawn, or has run out.
    """

    person: Person
    form: str
    is_defended: bool
    consent: Consent | None
    has_ended: bool


def people_named(document: AppealDocument, case: Case, on: dt.date) -> tuple[NamedPerson, ...]:
    """List the people of a case whom a document names, each with what she agreed to, as on a day."""
    found = list(mentions(Subject(document, on, case)))
    # The family name in the whole name of one person is not a name of her sister.
    named = (each for each in found if not any(each.is_within(other) for other in found))
    with_consent = ((each, consent_of(case, each.person)) for each in named)
    return tuple(
        NamedPerson(each.person, each.form, is_defended(case, each.person), consent, has_ended(consent, on))
        for each, consent in with_consent
    )


def mentions(subject: Subject) -> Iterator[Mention]:
    """Find the people of the case whom the text names, each once, by the fullest form that it prints."""
    if subject.case is None:
        return
    lowered = [(passage, f" {' '.join(passage.tokens.folded)} ") for passage in subject.passages]
    for person in subject.case.persons:
        for words, form in _forms(person):
            wanted = f" {' '.join(words)} "
            passage = next((passage for passage, text in lowered if wanted in text), None)
            if passage is not None:
                yield Mention(person, passage, *_span(passage, words), form)
                break


def where(subject: Subject, words: str) -> tuple[Passage, int, int] | None:
    """Find where words stand in the text for the first time, however they are written; they stand there as wholes."""
    wanted = fold(words).split()
    for passage in subject.passages:
        if wanted and f" {' '.join(wanted)} " in f" {' '.join(passage.tokens.folded)} ":
            return passage, *_span(passage, wanted)
    return None


def _forms(person: Person) -> Iterator[tuple[list[str], str]]:
    """Give the printed forms of a name in words, the fullest first, each with how much of the identity it shows."""
    for name in person.names:
        form = "pseudonym" if name.use in {"pseudonym", "nom_de_guerre", "alias"} else "full_name"
        yield fold(name.full).split(), form
    for name in person.names:
        if name.family:
            yield fold(name.family).split(), "full_name"
    for name in person.names:
        if name.given:
            yield fold(name.given).split(), "given_name_only"


def _span(passage: Passage, words: list[str]) -> tuple[int, int]:
    tokens = passage.tokens
    first = next(at for at in range(len(tokens)) if tokens.folded[at : at + len(words)] == words)
    return tokens.span(first, first + len(words))
