"""Who agreed to what: a table of people and purposes, as a person reads it before something is published."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import places
from tocsin.casework.editing.tables import words_of_choices
from tocsin.casework.pages.wording import Words, label, name
from tocsin.core import vocab
from tocsin.core.records import Consent, ConsentAnswer


@dataclass(frozen=True, slots=True)
class Row:
    """A consent: whose, where it stands, the day on which it ended, and what was said to each purpose; its sealed part.

    A person of whom nobody has asked has one row without an answer.
    """

    person: str
    state: Words | None
    answers: tuple[tuple[str, ...], ...]
    row: UUID | None
    ended: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """The purposes, and a row for each person."""

    purposes: tuple[Words, ...]
    rows: tuple[Row, ...]


def matrix(opened: OpenCase, language: str, today: dt.date) -> Matrix:
    """Give the table of a case: a row for each consent, since one person may have given several."""
    codes = list(vocab.load("consent_uses"))
    purposes = tuple(said for code in codes if (said := label("consent_uses", code, language)))
    rows = places(opened)
    shown = []
    for person in opened.case.persons:
        consents = [each for each in opened.case.consents if each.person == person.id]
        for consent in consents or (None,):
            ended = consent.expires_on if consent and consent.expires_on and consent.expires_on < today else None
            shown.append(
                Row(
                    str(name(opened.case, person.id, language)),
                    label("consent_states", consent.state, language) if consent else None,
                    tuple(_answers(consent, code, language) for code in codes),
                    rows.get(("consents", consent.id)) if consent else None,
                    ended,
                )
            )
    return Matrix(purposes, tuple(shown))


def _answers(consent: Consent | None, use: str, language: str) -> tuple[str, ...]:
    return tuple(_words(each, language) for each in (consent.answers if consent else ()) if each.use == use)


def _words(answer: ConsentAnswer, language: str) -> str:
    """Say an answer, with the audience and the name that it is for."""
    said = gettext(words_of_choices("ConsentAnswer.answer")[answer.answer])
    audience = label("audiences", answer.audience, language)
    form = label("identity_forms", answer.identity_form, language)
    limits = [str(each) for each in (audience, form) if each]
    return f"{said} ({', '.join(limits)})" if limits else said
