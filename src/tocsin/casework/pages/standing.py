"""How things stand in a case: its people, detentions, proceedings, demands and appeals, each as of a day."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from tocsin.casework.custody import lost, unseen
from tocsin.casework.pages import dates
from tocsin.casework.pages.saying import who_says
from tocsin.casework.pages.story import StoryDay, Stretch, story, stretches, when_words
from tocsin.casework.pages.wording import Words, count_words, label, name, names, words_of
from tocsin.core.editing import lives
from tocsin.core.records import (
    FREE,
    Case,
    CaseStatus,
    Charge,
    Consent,
    Cover,
    Demand,
    DemandStatus,
    Detention,
    Event,
    Group,
    Person,
    Proceeding,
)
from tocsin.publishing.countries import country_name

_DAY = len("2021-05-29")
# A consent that ends within a month has to be asked for again, a hearing to be prepared.
_SOON = dt.timedelta(days=30)
_LIFE = {
    "alive": gettext_lazy("alive"),
    "killed": gettext_lazy("killed"),
    "died": gettext_lazy("died"),
    "disappeared": gettext_lazy("disappeared"),
    "in_hiding": gettext_lazy("in hiding"),
    "left_country": gettext_lazy("left the country"),
    "in_hospital": gettext_lazy("in hospital"),
}
_KINDS = {
    "criminal": gettext_lazy("Criminal case"),
    "administrative": gettext_lazy("Administrative case"),
    "civil": gettext_lazy("Civil case"),
    "disciplinary": gettext_lazy("Disciplinary case"),
    "ngo_registration": gettext_lazy("Registration of an organisation"),
    "migration": gettext_lazy("Migration case"),
    "constitutional": gettext_lazy("Constitutional case"),
    "habeas_corpus": gettext_lazy("Habeas corpus"),
    "complaint_to_nhri": gettext_lazy("Complaint to a human rights institution"),
    "criminal_or_administrative_unknown": gettext_lazy("Criminal or administrative case"),
}
_SIDES = {
    "against_defender": gettext_lazy("against the defender"),
    "for_defender": gettext_lazy("brought for the defender"),
}


def kind_of_proceeding(proceeding: Proceeding) -> str:
    """Say what kind of case before an authority it is."""
    return str(_KINDS[proceeding.kind])


@dataclass(frozen=True, slots=True)
class Soon:
    """A day that matters: it is past, comes soon, or is far enough away."""

    day: dt.date
    clock: str
    is_past: bool
    is_soon: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """For how long somebody may be held without a judge, in words, and when that is over."""

    words: str
    ends: Soon | None


@dataclass(frozen=True, slots=True)
class Dated:
    """Words that hold on a day, since when; of a release the conditions, of custody its limit, of the lost how long.

    `far` says beside `since` how long ago that is, `says` who says so, and `record` of which record it holds.
    """

    words: Words
    as_of: dt.date | None = None
    since: str = ""
    far: str = ""
    record: str = ""
    says: tuple[str, ...] = ()
    conditions: str = ""
    limit: Limit | None = None
    lasting: str = ""


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person of the case."""

    id: str
    name: str
    role: Words | None
    belongs_to: tuple[Words, ...]
    standing: tuple[Dated, ...]
    consent: Words | None
    consent_ends: Soon | None


@dataclass(frozen=True, slots=True)
class ProceedingShown:
    """A case before an authority."""

    id: str
    kind: str
    side: str
    number: str
    charges: tuple[tuple[Words, ...], ...]
    status: Dated | None
    before: tuple[Words, ...]
    observers: tuple[Words, ...]
    hearing: Soon | None


@dataclass(frozen=True, slots=True)
class DemandShown:
    """A demand in its words, by its kinds, what became of it, and the latest of that for each whom it is for."""

    id: str
    words: tuple[Words, ...]
    kinds: tuple[Words, ...]
    statuses: tuple[Dated, ...]
    latest: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class CoverShown:
    """What stands on the cover of the case: its codename, how soon somebody has to act, and where others have it."""

    codename: str
    priority: Words | None
    is_urgent: bool
    references: tuple[tuple[tuple[Words, ...], str], ...]


@dataclass(frozen=True, slots=True)
class GroupShown:
    """People known only by description, how many they are, and what that counts."""

    id: str
    name: Words
    size: str
    unit: Words | None


@dataclass(frozen=True, slots=True)
class _Clocks:
    """Of each detention the limit, and of each detention or person that is lost since when, in words."""

    limits: Mapping[str, Limit]
    lasting: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page of a case shows."""

    title: str
    cover: CoverShown | None
    countries: tuple[str, ...]
    code: str
    kind: Words | None
    issued_on: dt.date | None
    zone: str
    protagonists: tuple[PersonShown, ...]
    others: tuple[PersonShown, ...]
    groups: tuple[GroupShown, ...]
    proceedings: tuple[ProceedingShown, ...]
    demands: tuple[DemandShown, ...]
    days: tuple[StoryDay, ...]
    stretches: tuple[Stretch, ...]

    @property
    def count_of_people(self) -> int:
        """Give the number of people."""
        return len(self.protagonists) + len(self.others)

    @property
    def count(self) -> int:
        """Give the number of lines of the story."""
        return sum(len(day.lines) for day in self.days)


def case_page(case: Case, language: str, today: dt.date) -> CasePage:
    """Give the page of a case in a language, as of today."""
    clocks = _Clocks(
        {
            each.detention: Limit(dates.hours_words(each.hours), soon(f"{each.ends:%Y-%m-%dT%H:%M}", today, language))
            for each in unseen(case)
        },
        {each.record: _lost_words((today - each.since).days) for each in lost(case)},
    )
    shown = [(person, _person(case, person, clocks, language, today)) for person in case.persons]
    appeal, days = case.appeal, story(case, language, today)
    return CasePage(
        title=title_of(case),
        cover=_cover(case.cover, language) if case.cover else None,
        countries=tuple(country_name(code, language) for code in appeal.countries),
        code=(appeal.code.display or "") if appeal.code else "",
        # A plan for an appeal is none yet: what a case is for is said by the case.
        kind=label("document_types", appeal.type, language) if appeal.code or appeal.issued_on else None,
        issued_on=appeal.issued_on,
        zone=case.timezone_default or "",
        protagonists=tuple(each for person, each in shown if _is_protagonist(case, person)),
        others=tuple(each for person, each in shown if not _is_protagonist(case, person)),
        groups=tuple(_group(case, each, language) for each in case.groups),
        proceedings=tuple(_proceeding(case, each, language, today) for each in case.proceedings),
        demands=tuple(_demand(case, each, language) for each in case.demands),
        days=days,
        stretches=stretches(days, language),
    )


def _cover(cover: Cover, language: str) -> CoverShown:
    whose = ((label("mechanisms", each.mechanism, language), each) for each in cover.references)
    references = tuple(
        (tuple(filter(None, (mechanism, Words(each.whose) if each.whose else None))), each.reference)
        for mechanism, each in whose
    )
    priority = label("case_priority", cover.priority, language)
    return CoverShown(cover.codename or "", priority, cover.priority == "urgent", references)


def _group(case: Case, group: Group, language: str) -> GroupShown:
    size = count_words(group.size) if group.size else ""
    return GroupShown(
        group.id, name(case, group.id, language), size, label("counting_units", group.counting_unit, language)
    )


def title_of(case: Case) -> str:
    """Name a case by its protagonists, for the eyes of who has it open."""
    people = [person.preferred.full for person in case.persons if _is_protagonist(case, person)]
    return ", ".join(people) or gettext("A case without a named protagonist")


def status_of_case(case: Case) -> CaseStatus | None:
    """Give where the case as a whole stands; nothing where nobody has said."""
    return next((each for each in reversed(lives()["Case"].in_force(case)) if isinstance(each, CaseStatus)), None)


def hearings(case: Case) -> Iterator[str]:
    """Give the days and times of the next hearings, as the records write them."""
    return (each.next_hearing for each in case.proceedings if each.next_hearing)


def _is_protagonist(case: Case, person: Person) -> bool:
    return person.id in case.appeal.protagonists or bool(person.defender and person.defender.is_hrd)


def soon(written: str | None, today: dt.date, language: str) -> Soon | None:
    """Read a day, with a time of day or without, of which it matters whether it lies ahead."""
    if written is None or len(written) < _DAY:
        return None
    day = dt.date.fromisoformat(written[:_DAY])
    clock = written[_DAY + 1 :]
    words = dates.clock_words(dt.time.fromisoformat(clock), language) if clock else ""
    return Soon(day, words, day < today, today <= day <= today + _SOON)


def _person(case: Case, person: Person, clocks: _Clocks, language: str, today: dt.date) -> PersonShown:
    consent = case.by_id.get(person.consent or "")
    agreed = consent if isinstance(consent, Consent) else None
    ends = agreed.expires_on if agreed else None
    return PersonShown(
        id=person.id,
        name=person.preferred.full,
        role=label("person_roles", person.role, language),
        belongs_to=names(case, tuple(each.org for each in person.memberships if not each.ends), language),
        standing=tuple(_standing(case, person, clocks, language, today)),
        consent=label("consent_states", agreed.state, language) if agreed else None,
        consent_ends=soon(ends.isoformat(), today, language) if ends else None,
    )


def _standing(case: Case, person: Person, clocks: _Clocks, language: str, today: dt.date) -> Iterator[Dated]:
    for detention in case.detentions:
        if person.id in detention.persons and detention.status:
            words = label("detention_status", detention.status.value, language)
            if words:
                of = detention.id
                since, far = _since(case, _began(detention), language, today)
                yield Dated(
                    words,
                    detention.status.as_of,
                    since=since,
                    far=far,
                    record=of,
                    says=who_says(case, detention, language),
                    conditions=detention.status.conditions or "",
                    limit=clocks.limits.get(of),
                    lasting=clocks.lasting.get(of, ""),
                )
    for status in lives()["Person"].in_force(person)[-1:]:
        words = Words(str(_LIFE[status.value]), language)
        yield Dated(words, status.as_of, record=person.id, lasting=clocks.lasting.get(person.id, ""))


def _began(detention: Detention) -> str:
    """Give the time or event since which a status holds; by the first one somebody is held since she was taken."""
    status = detention.status
    if status is None or status.since:
        return (status.since or "") if status else ""
    is_first = not detention.history and status.value not in FREE
    return (detention.apprehended_in or "") if is_first else ""


def _since(case: Case, told: str, language: str, today: dt.date) -> tuple[str, str]:
    """Say since when a status holds, by the event that it began with or the time itself, and how long ago that is."""
    event = case.find_record(told, Event)
    bounds = case.ordering.bounds.get(told)
    if event is not None:
        known = bounds and bounds.earliest and bounds.latest and bounds.earliest.date() == bounds.latest.date()
        far = dates.how_long(bounds.latest.date(), today, language) if known and bounds and bounds.latest else ""
        return when_words(event, language), far
    if not told:
        return "", ""
    day = dt.date.fromisoformat(told[:_DAY]) if len(told) >= _DAY else None
    return dates.date_words(told, language), dates.how_long(day, today, language) if day else ""


def _lost_words(days: int) -> str:
    return gettext("Whereabouts unknown for %(time)s") % {"time": dates.days_words(days)} if days > 0 else ""


def _proceeding(case: Case, each: Proceeding, language: str, today: dt.date) -> ProceedingShown:
    status = label("proceeding_status", each.status.value, language) if each.status else None
    bodies = tuple(dict.fromkeys(ref for ref in (each.court, each.authority) if ref))
    return ProceedingShown(
        id=each.id,
        kind=kind_of_proceeding(each),
        side=str(_SIDES.get(each.direction or "", "")),
        number=each.case_number or "",
        charges=tuple(_charge(charge, language) for charge in each.charges),
        status=Dated(status, each.status.as_of) if status and each.status else None,
        before=tuple(name(case, ref, language) for ref in bodies),
        observers=names(case, each.observers, language),
        hearing=soon(each.next_hearing, today, language),
    )


def _charge(charge: Charge, language: str) -> tuple[Words, ...]:
    """Name the offence, and the article that it is said to break."""
    words = words_of(charge.label, language) or label("charge_categories", charge.category, language)
    law = charge.provision
    article = Words(gettext("art. %(article)s") % {"article": law.article}) if law and law.article else None
    return tuple(each for each in (words, article) if each)


def _demand(case: Case, demand: Demand, language: str) -> DemandShown:
    text = words_of(demand.text, language)
    kinds = tuple(each for code in demand.types if (each := label("demand_types", code, language)))
    statuses = [each for each in lives()["Demand"].in_force(demand) if isinstance(each, DemandStatus)]
    became = [_became(case, demand, each, language) for each in statuses]
    latest = {each.beneficiary: said for each, said in zip(statuses, became, strict=True)}
    return DemandShown(demand.id, (text,) if text else kinds, kinds, tuple(became), tuple(latest.values()))


def _became(case: Case, demand: Demand, status: DemandStatus, language: str) -> Dated:
    """Say what became of a demand, and for whom where it is made for several."""
    words = label("demand_status", status.value, language) or Words(status.value)
    whose = status.beneficiary if len(demand.beneficiaries) > 1 else None
    named = name(case, whose, language).text if whose and whose in case.by_id else ""
    return Dated(Words(f"{named}: {words.text}", words.language) if named else words, status.as_of)
