"""Consent: nobody is named, quoted or shown further than the person agreed to, by the person, freely and lately."""

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from tocsin.core.preflight.consents import (
    AGREED,
    WIDTHS,
    Mention,
    agrees,
    consent_of,
    has_ended,
    is_defended,
    mentions,
    where,
)
from tocsin.core.preflight.findings import Severity
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import Subject
from tocsin.core.preflight.wording import Phrase, Several, Term, Value
from tocsin.core.reader import fold
from tocsin.core.records import FREE, Case, Consent, Person, event_bounds

_DAYS_OF_A_CONSENT: Final = 365
_AGE_OF_MAJORITY: Final = 18
_DELICATE: Final = frozenset({"sexual_violence", "health_deterioration", "torture", "sentencing"})
_DELICATE_STEPS: Final = frozenset({"charge", "trial"})
_OUT_OF_REACH: Final = frozenset({"disappeared", "in_hiding", "in_hospital"})
_LIFE_AT_RISK: Final = frozenset({"high", "extreme"})
# In an emergency somebody looks again within 48 hours (domain paper, section 3.2).
_REVIEWED_WITHIN: Final = dt.timedelta(days=2)
_MEANS_WITHOUT_WITNESS: Final = frozenset({"message", "recorded", None})


class _Named(NamedTuple):
    """A person for whom the appeal is and whom the text names, with the consent that the case has."""

    mention: Mention
    person: Person
    consent: Consent | None
    case: Case

    @property
    def name(self) -> str:
        return self.person.preferred.full

    def hit(self, severity: Severity | None = None, **values: Value) -> Hit:
        place = self.mention.passage.place(self.mention.start, self.mention.end)
        return Hit.at(place, cause=self.person.id, severity=severity, person=self.name, **values)


def _named(subject: Subject) -> Iterator[_Named]:
    case = subject.case
    if case is None:
        return
    for mention in mentions(subject):
        person = mention.person
        if is_defended(case, person):
            yield _Named(mention, person, consent_of(case, person), case)


@rule("CON-01")
def named_without_consent(subject: Subject) -> Iterator[Hit]:
    """Find people who are named and have not agreed to it; a consent that has ended is left to CON-03."""
    for named in _named(subject):
        shown = named.mention.form in {"full_name", "given_name_only"} and not _is_emergency(named)
        if shown and not has_ended(named.consent, subject.on) and agrees(named.consent, "publish_name") is None:
            yield named.hit()


@rule("CON-02")
def more_than_agreed(subject: Subject) -> Iterator[Hit]:
    """Find people of whose name the text prints more than they agreed to, or than the case decided to show."""
    for named in _named(subject):
        answer = agrees(named.consent, "publish_name")
        limits = [form for form in (answer and answer.identity_form, named.person.identity_in_public) if form in WIDTHS]
        narrowest = min(limits, key=WIDTHS.index, default="full_name")
        decided = answer is not None or _is_emergency(named)
        if decided and WIDTHS.index(named.mention.form) > WIDTHS.index(narrowest):
            agreed, printed = Term("identity_forms", narrowest), Term("identity_forms", named.mention.form)
            yield named.hit(agreed=agreed, printed=printed)


@rule("CON-03")
def ended_consents(subject: Subject) -> Iterator[Hit]:
    """Find people whose consent was withdrawn or has run out."""
    for named in _named(subject):
        consent = named.consent
        if consent is None or not has_ended(consent, subject.on):
            continue
        expired = consent.expires_on is not None and consent.expires_on < subject.on
        if expired and consent.state != "withdrawn":
            yield named.hit(what=Phrase.of("ran_out", day=f"{consent.expires_on}"))
        else:
            yield named.hit(what=Phrase("over" if consent.state == "expired" and not expired else "withdrawn"))


@rule("CON-05")
def children(subject: Subject) -> Iterator[Hit]:
    """Find children who are named without their own word, their guardian's, and a note on their best interests."""
    for named in _named(subject):
        if not _was_a_child(named.person, named.case):
            continue
        given_by = {
            one.given_by for one in named.case.consents if one.person == named.person.id and one.state in AGREED
        }
        missing = [Phrase(who) for who in ("self", "guardian") if who not in given_by]
        missing += [] if named.person.risk else [Phrase("interests")]
        if missing:
            yield named.hit(missing=Several(tuple(missing)))


def _was_a_child(person: Person, case: Case) -> bool:
    """Tell whether somebody was under 18 when it happened: by the age that is recorded, or by the day of birth."""
    if person.age_at_event is not None:
        return person.age_at_event < _AGE_OF_MAJORITY
    if person.birth_date is None:
        return False
    happened = min((one.earliest for one in event_bounds(case).values() if one.earliest), default=None)
    first = happened.date() if happened else case.appeal.issued_on
    if first is None:
        return False
    year, month, day = [*map(int, person.birth_date[:10].split("-")), 12, 31][:3]
    return (first.year - year) - ((first.month, first.day) < (month, day)) < _AGE_OF_MAJORITY


@rule("CON-06")
def agreed_by_others(subject: Subject) -> Iterator[Hit]:
    """Find people for whom only the family or a lawyer agreed, though they can be asked; CON-11 finds the others."""
    for named in _named(subject):
        giver = _agreed_for(named)
        if giver and _can_be_asked(named.person, named.case):
            yield named.hit(giver=Phrase(giver), why=Phrase("free"))


def _agreed_for(named: _Named) -> str | None:
    """Tell whether the family or a lawyer agreed for somebody who is alive, and has not said anything herself."""
    consent = named.consent
    own = any(
        one.given_by == "self" and one.state in AGREED for one in named.case.consents if one.person == named.person.id
    )
    if consent is None or consent.state not in AGREED or consent.given_by not in {"family", "lawyer"} or own:
        return None
    return None if _is_dead(named.person) else consent.given_by


def _is_dead(person: Person) -> bool:
    return any(status.value in {"killed", "died"} for status in person.statuses)


def _can_be_asked(person: Person, case: Case) -> bool:
    """Tell whether somebody is free and can be reached by the last word of the case."""
    held = [one for one in case.detentions if person.id in one.persons and one.status is not None]
    last = max(held, key=lambda one: one.status.as_of if one.status else dt.date.min, default=None)
    free = last is None or last.status is None or last.status.value in FREE
    return free and not any(status.value in _OUT_OF_REACH for status in person.statuses[-1:])


@rule("CON-11")
def named_without_being_asked(subject: Subject) -> Iterator[Hit]:
    """Find people who cannot be asked and are named all the same: by the word of others, or in an emergency."""
    for named in _named(subject):
        giver = _agreed_for(named)
        if giver and not _can_be_asked(named.person, named.case):
            yield named.hit(what=Phrase(giver))
        elif _is_emergency(named):
            yield named.hit(what=Phrase("nobody"))


@rule("CON-12")
def emergencies_in_haste(subject: Subject) -> Iterator[Hit]:
    """Find emergencies of which the case file lacks the risk, the form of the name, or the day of the next look."""
    for named in _named(subject):
        if not _is_emergency(named):
            continue
        case, person = named.case, named.person
        is_at_risk = any(person.id in one.exposed and one.level in _LIFE_AT_RISK for one in case.risks)
        review = next((one.review_on for one in case.statuses[-1:] if one.review_on), case.appeal.review_on)
        is_reviewed = review is not None and subject.on <= review <= subject.on + _REVIEWED_WITHIN
        has = {"risk": is_at_risk, "form": person.identity_in_public is not None, "review": is_reviewed}
        if missing := tuple(Phrase(what) for what, is_there in has.items() if not is_there):
            yield named.hit(missing=Several(missing))


def _is_emergency(named: _Named) -> bool:
    """Tell whether the case says that a consent cannot be had, of somebody who disappeared or whom nobody may see."""
    if named.consent is None or named.consent.state != "unobtainable_justified":
        return False
    if any(status.value == "disappeared" for status in named.person.statuses[-1:]):
        return True
    held = [one for one in named.case.detentions if named.person.id in one.persons and one.status is not None]
    last = max(held, key=lambda one: one.status.as_of if one.status else dt.date.min, default=None)
    if last is None or last.status is None or last.status.value in FREE:
        return False
    sees_nobody = any(one.incommunicado and not one.ends for one in last.custody[-1:])
    return last.status.value == "unacknowledged" or sees_nobody


@rule("CON-13")
def limited_consents(subject: Subject) -> Iterator[Hit]:
    """Find people who set limits to what is told of them: a person reads the text for those."""
    for named in _named(subject):
        if _limits(named):
            yield named.hit()


@rule("CON-14")
def told_against_a_limit(subject: Subject) -> Iterator[Hit]:
    """Find words in the text that somebody set as a limit: her village, her family, her employer."""
    for named in _named(subject):
        for limit in _limits(named):
            if found := where(subject, limit):
                passage, start, end = found
                yield Hit.at(passage.place(start, end), cause=f"{named.person.id} {limit}", person=named.name)


def _limits(named: _Named) -> tuple[str, ...]:
    return named.consent.limits if named.consent is not None and named.consent.state in AGREED else ()


@rule("CON-07")
def old_consents(subject: Subject) -> Iterator[Hit]:
    """Find consents that are older than a year, or than a delicate fact about the person."""
    for named in _named(subject):
        given_on = named.consent.given_on if named.consent and named.consent.state in AGREED else None
        if given_on is None:
            continue
        if (subject.on - given_on).days > _DAYS_OF_A_CONSENT:
            yield named.hit(day=given_on.isoformat(), what=Phrase("old"))
        elif _has_delicate_news(named.person, named.case, given_on):
            yield named.hit(day=given_on.isoformat(), what=Phrase("overtaken"))


def _has_delicate_news(person: Person, case: Case, given_on: dt.date) -> bool:
    bounds = event_bounds(case)
    for event in case.events:
        about = person.id in (*event.concerns, *event.victims)
        delicate = event.act_type in _DELICATE or event.procedure in _DELICATE_STEPS
        begun = bounds[event.id].earliest
        if about and delicate and begun is not None and begun.date() > given_on:
            return True
    return False


@rule("CON-09")
def quoted_without_consent(subject: Subject) -> Iterator[Hit]:
    """Find quotations of people of the case who have not agreed to be quoted."""
    case = subject.case
    if case is None:
        return
    for k, quotation in enumerate(subject.document.facts.quotations):
        person = _speaker(case, quotation.speaker or "")
        if person is None or agrees(consent_of(case, person), "publish_quote"):
            continue
        source = subject.document.source
        printed = source.text[slice(*quotation.span)] if source and quotation.span else quotation.text
        place = subject.place_of(quotation.span, printed, f"facts.quotations[{k}]")
        yield Hit.at(place, cause=f"{person.id} {k}", person=person.preferred.full)


def _speaker(case: Case, printed: str) -> Person | None:
    """Find the person of the case whose whole name or family name is the speaker."""
    words = fold(printed).split()
    for person in case.persons:
        for name in person.names:
            families = fold(name.family or "").split()
            if words and (words == fold(name.full).split() or (families and words[-len(families) :] == families)):
                return person
    return None


@rule("CON-10")
def agreed_in_custody(subject: Subject) -> Iterator[Hit]:
    """Find consents given by somebody in custody, without a signature or a witness."""
    for named in _named(subject):
        consent = named.consent
        if consent is None or consent.state not in AGREED or consent.given_by not in {"self", None}:
            continue
        if consent.means in _MEANS_WITHOUT_WITNESS and consent.given_on and _was_held(named, consent.given_on):
            yield named.hit(day=consent.given_on.isoformat(), means=Phrase(consent.means or "unknown"))


def _was_held(named: _Named, on: dt.date) -> bool:
    """Tell whether somebody was held on a day: taken by then, and not known to have been let go before it."""
    bounds = event_bounds(named.case)
    for detention in named.case.detentions:
        if named.person.id not in detention.persons or detention.apprehended_in is None:
            continue
        begun = bounds[detention.apprehended_in].earliest
        status = detention.status
        freed = status.since if status is not None and status.value in FREE else None
        ended = bounds[freed].latest if freed is not None and freed in bounds else None
        over = ended.date() if ended else status.as_of if status is not None and status.value in FREE else None
        if begun is not None and begun.date() <= on and (over is None or on < over):
            return True
    return False
