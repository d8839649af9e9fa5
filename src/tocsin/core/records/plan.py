"""The appeal that is to be made of a case: its code, headings, fixed words, demands and addressees by id."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core.records.shape import CodeOf, Key, OneOrMany
from tocsin.core.records.values import (
    AddresseeRef,
    AppealId,
    CaseRef,
    ContactPoint,
    Country,
    DemandRef,
    Language,
    Line,
    Lines,
    OrgRef,
    PersonRef,
    Record,
    SourceRef,
    Wording,
    Words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealCode:
    """The code by its parts, and as it is printed."""

    country: Country
    country_seq: int
    month: int
    year: int
    series: str
    series_seq: int
    followup: int | None = None
    display: str | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationHeading:
    """One entry of the violation line; the order counts."""

    code: Annotated[str, CodeOf(("violation_types", "procedure_types"))]
    mode: Annotated[str, CodeOf(("violation_modes",))] | None = None
    label: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationBasis:
    """The words by which the publisher says that it was informed; `named_source` only if the source wants it."""

    text: str
    named_source: SourceRef | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where a note is anchored in the source text."""

    line: Line
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A note: of its own words, or those that describe the organisation it defines."""

    marker: str
    anchored_at: Anchor | None = None
    defines: OrgRef | None = None
    text: Words | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraAction:
    """What readers are asked to do beside writing to the addressees."""

    type: Annotated[str, CodeOf(("request_kinds",))]
    text: Words | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """The fixed text about the publisher, in the version of a year."""

    key: str
    version: int
    text: Words | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactBlock:
    """How readers reach the publisher."""

    heading: Words | None = None
    channels: tuple[ContactPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAppeal:
    """An earlier appeal of the same chain."""

    display: str
    issued_on: dt.date
    title: Words | None = None


Urgency = Literal["requests_your_urgent_intervention", "requests_your_intervention"]
AppealStatus = Literal[
    "draft",
    "in_review",
    "changes_requested",
    "cleared",
    "approved",
    "scheduled",
    "embargoed",
    "published",
    "superseded",
    "corrected",
    "closed",
    "retracted",
    "abandoned",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealPlan(Record):
    """What the case says of the appeal itself; the facts are records of their own."""

    id: AppealId
    type: Annotated[str, CodeOf(("document_types",))]
    code: AppealCode | None = None
    follows: tuple[EarlierAppeal, ...] = ()
    issued_on: dt.date | None = None
    issued_at_places: tuple[str, ...] = ()
    language: Language
    status: AppealStatus | None = None
    embargo_until: dt.date | None = None
    review_on: dt.date | None = None
    countries: tuple[Country, ...] = ()
    title: Wording | None = None
    violation_headings: tuple[ViolationHeading, ...] = ()
    urgency_wording: Urgency | None = None
    case: CaseRef | None = None
    publisher: OrgRef
    publisher_parents: tuple[OrgRef, ...] = ()
    partners: tuple[OrgRef, ...] = ()
    protagonists: tuple[PersonRef, ...] = ()
    protagonist_orgs: Annotated[tuple[OrgRef, ...], OneOrMany, Key("protagonist_org")] = ()
    information_basis: InformationBasis | None = None
    summary: Wording | None = None
    description_heading: Wording | None = None
    narrative_paragraphs: tuple[Line, ...] = ()
    position_paragraphs: tuple[Line, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    actions_heading: Wording | None = None
    actions_intro: Wording | None = None
    demands: tuple[DemandRef, ...] = ()
    addressees_heading: Wording | None = None
    addressees: tuple[AddresseeRef, ...] = ()
    extra_actions: tuple[ExtraAction, ...] = ()
    boilerplate: Boilerplate | None = None
    contact_block: ContactBlock | None = None
