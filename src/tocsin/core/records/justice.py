"""Detentions, proceedings before an authority, and the law that an appeal cites."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core import vocab
from tocsin.core.records.shape import CodeOf, Form, IdOf, Key, OneOrMany
from tocsin.core.records.values import (
    ActorRef,
    Country,
    EventRef,
    Language,
    Lines,
    LocalTime,
    OrgRef,
    PersonRef,
    PlaceRef,
    ProceedingRef,
    Provision,
    Record,
    ReleaseClass,
    StatementRef,
    Status,
    TemporalExpression,
    TimeOrEvent,
    Words,
)

Access = Literal["granted", "delayed", "denied"]

FREE = frozenset({"released", "released_conditions", "released_pending", "released_expiry", "released_pardon"})
"""The statuses of a detention in which those who were held have been let go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """A stretch of a detention at one place."""

    facility: PlaceRef | None = None
    authority: ActorRef | None = None
    begins: Annotated[TimeOrEvent | None, Key("from")] = None
    ends: Annotated[TimeOrEvent | None, Key("to")] = None
    transfer_reason: str | None = None
    incommunicado: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetentionStatus(Status):
    """Whether and how somebody was held on a date."""

    value: Annotated[str, CodeOf(("detention_status",))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detention(Record):
    """The time for which people were held, from the event in which liberty was taken.

    People whose ways part are in detentions of their own. `status` is the latest, `history` holds the earlier ones.
    `proceedings` are those in which the charges stand for which they are held.
    """

    id: Annotated[str, IdOf("detention")]
    persons: tuple[PersonRef, ...]
    apprehended_in: EventRef | None = None
    custody: tuple[Custody, ...] = ()
    warrant_shown: bool | None = None
    ordered_by: ActorRef | None = None
    stated_reason: StatementRef | None = None
    legal_basis_given: bool | None = None
    legal_basis: Provision | None = None
    lawyer_access: Access | None = None
    family_access: Access | None = None
    medical_access: Access | None = None
    ill_treatment: tuple[EventRef, ...] = ()
    proceedings: tuple[ProceedingRef, ...] = ()
    status: DetentionStatus | None = None
    history: tuple[DetentionStatus, ...] = ()
    wgad_categories: tuple[Literal["I", "II", "III", "IV", "V"], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """An offence that somebody is accused of; a charge that was only announced was not filed."""

    label: Words | None = None
    category: Annotated[str, CodeOf(("charge_categories",))] | None = None
    provision: Provision | None = None
    persons: tuple[PersonRef, ...] = ()
    stage: Literal["announced_not_filed", "filed", "amended", "dropped", "upheld"] | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """What a court imposed on some or all of the defendants."""

    kind: Literal["imprisonment", "suspended_imprisonment", "fine", "community_service", "travel_ban", "other"]
    persons: tuple[PersonRef, ...] = ()
    years: int | None = None
    months: int | None = None
    days: int | None = None
    amount: int | None = None
    currency: Annotated[str, Form("ISO 4217 code", r"[A-Z]{3}")] | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a proceeding, the event in which it was taken, and who observed it."""

    step: Annotated[str, CodeOf(("proceeding_status", "procedure_types"))]
    event: EventRef | None = None
    t: TemporalExpression | None = None
    outcome: str | None = None
    observers: tuple[ActorRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingStatus(Status):
    """Where a proceeding stood on a date."""

    value: Annotated[str, CodeOf(("proceeding_status",))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceeding(Record):
    """A case before an authority, against a defender or started by one; also one that was never opened.

    `status` is the latest, `past_statuses` holds the earlier ones; `history` holds the steps that were taken.
    `observers` watch the trial or the next hearing for the team or for others, and are never printed.
    """

    id: Annotated[str, IdOf("proceeding")]
    kind: Literal[
        "criminal",
        "administrative",
        "civil",
        "disciplinary",
        "ngo_registration",
        "migration",
        "constitutional",
        "habeas_corpus",
        "complaint_to_nhri",
        "criminal_or_administrative_unknown",
    ]
    direction: Literal["against_defender", "for_defender", "neutral"] | None = None
    defendants: tuple[ActorRef, ...] = ()
    complainants: tuple[ActorRef, ...] = ()
    suspects: tuple[ActorRef, ...] = ()
    applicant: ActorRef | None = None
    authority: OrgRef | None = None
    court: OrgRef | None = None
    case_number: str | None = None
    case_number_rc: ReleaseClass | None = None
    about: Annotated[tuple[EventRef, ...], OneOrMany] = ()
    charges: tuple[Charge, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    status: ProceedingStatus | None = None
    past_statuses: tuple[ProceedingStatus, ...] = ()
    history: tuple[Step, ...] = ()
    next_hearing: LocalTime | None = None
    observers: tuple[ActorRef, ...] = ()
    occurrences_min: int | None = None


def is_instrument(code: str) -> bool:
    """Say whether a code names an instrument: one of the list, or one of a country (`xzv_constitution`)."""
    instruments = vocab.load("instruments")
    return code in instruments or (code[3:4] == "_" and code[4:] in instruments)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentArticle:
    """An article of a treaty or declaration."""

    instrument: Annotated[str, CodeOf(("instruments",))]
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LawCited:
    """A law or treaty that the appeal cites, the right it is cited for, and the articles that protect that right."""

    instrument: Annotated[
        str, Form("code of an instrument, with or without the country before it", r"[a-z0-9_]+", is_instrument)
    ]
    country: Country | None = None
    article: str | None = None
    right: str | None = None
    expected_article: str | None = None
    candidate_articles: tuple[str, ...] = ()
    party_as_of_issue: bool | None = None
    lang: Language | None = None
    checked_on: dt.date | None = None
    src: Lines = ()
