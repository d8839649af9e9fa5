"""What two consents of one person both say: where somebody stood in a case twice, the narrower of the two holds.

Each consent is narrowed by that of the other record, so that whoever asks one of them is told no more than both allow.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, TypeAlias

from tocsin.core.editing import entered, lives
from tocsin.core.preflight.consents import AGREED, WIDTHS, consent_of, has_ended
from tocsin.core.records import Case, Consent, ConsentAnswer, ConsentStatus, Person

_Answer: TypeAlias = Literal["no", "ask_each_time", "yes"]
_ANSWERS: tuple[_Answer, ...] = ("no", "ask_each_time", "yes")
_ENDED = frozenset({"refused", "withdrawn"})
# Which of two holds: the one that allows least.
_STATES = (
    "withdrawn",
    "refused",
    "expired",
    "unknown_legacy_import",
    "not_requested",
    "requested",
    "unobtainable_justified",
    "limited",
    "given",
)


def narrowed(case: Case, kept: Person, gone: Person, status: ConsentStatus) -> tuple[dict[str, Consent], str | None]:
    """Give the consents of two records of one person as they are from now on, by id, and which of them holds.

    Where nobody was asked of one of the two there is nothing to be narrowed by: what was said of the other holds.

    Args:
        case: The case.
        kept: The record that stays.
        gone: The one that goes into it.
        status: Day, person and reason of the status of a consent that got narrower.
    """
    own, other = consent_of(case, kept), consent_of(case, gone)
    if own is None or other is None:
        holding = own or other
        return {}, holding.id if holding else None
    found = {each.id: _narrower(each, other, status) for each in _of(case, kept)}
    found |= {each.id: _narrower(each, own, status) for each in _of(case, gone)}
    holding = min(own, other, key=lambda each: (not has_ended(each, status.as_of), _STATES.index(each.state)))
    return found, holding.id


def narrower_form(*forms: str | None) -> str | None:
    """Give the form of a name that shows least; nothing where none is said."""
    return min((each for each in forms if each in WIDTHS), key=WIDTHS.index, default=None)


def _of(case: Case, person: Person) -> Iterable[Consent]:
    return (each for each in case.consents if each.person == person.id)


def _narrower(consent: Consent, other: Consent, status: ConsentStatus) -> Consent:
    keys = dict.fromkeys((each.use, each.audience) for each in (*consent.answers, *other.answers))
    answers = (_less(consent, other, use, audience or "") for use, audience in keys)
    days = [each.expires_on for each in (consent, other) if each.expires_on]
    changed = replace(
        consent,
        answers=tuple(each for each in answers if each is not None),
        limits=tuple(dict.fromkeys((*consent.limits, *other.limits))),
        expires_on=min(days, default=None),
        withdrawn_at=consent.withdrawn_at or other.withdrawn_at,
    )
    if changed == consent or consent.state not in AGREED:
        return changed
    return entered(lives()["Consent"], changed, status, status.as_of)


def _less(consent: Consent, other: Consent, use: str, audience: str) -> ConsentAnswer | None:
    """Give what both say of a use for an audience; nothing where this one says nothing of it."""
    mine, theirs = consent.answer(use, audience), other.answer(use, audience)
    if mine is None:
        return None
    said: _Answer = "no" if other.state in _ENDED else "ask_each_time"
    if other.state in AGREED and theirs is not None:
        said = theirs.answer
    form = narrower_form(mine.identity_form, theirs.identity_form if theirs else None)
    answer = min(mine.answer, said, key=_ANSWERS.index)
    return ConsentAnswer(use=use, audience=audience or None, identity_form=form, answer=answer)
