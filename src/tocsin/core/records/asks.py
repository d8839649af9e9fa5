"""What an appeal asks, what it holds, and of whom it asks: demands, calls, positions, addressees, occupancies."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core.records.shape import CodeOf, IdOf, Key, OneOrMany
from tocsin.core.records.values import (
    AddresseeRef,
    BeneficiaryRef,
    ContactPoint,
    Country,
    FactRef,
    Language,
    Lines,
    MatterRef,
    OccupancyRef,
    OrgOrName,
    OrgRef,
    Record,
    Status,
    Words,
)

DemandType = Annotated[str, CodeOf(("demand_types",))]
Post = Annotated[str, CodeOf(("posts",))]
Quality = Literal["immediate", "prompt", "thorough", "transparent", "independent", "impartial", "effective", "public"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandStatus(Status):
    """What became of a demand by a date, for one of those it is for.

    `causality` says what our appeal had to do with it, as far as anybody can tell; for the team, and never printed.
    """

    value: Annotated[str, CodeOf(("demand_status",))]
    beneficiary: BeneficiaryRef | None = None
    causality: Literal["reported", "plausible", "attributed_by_protagonist", "unknown"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(Record):
    """One numbered request to the authorities, and the facts it rests on."""

    id: Annotated[str, IdOf("demand")]
    ordinal: str | None = None
    types: tuple[DemandType, ...]
    text: Words | None = None
    beneficiaries: tuple[BeneficiaryRef, ...] = ()
    based_on: tuple[FactRef, ...] = ()
    quality_terms: tuple[Quality, ...] = ()
    requested_bodies: tuple[OrgRef, ...] = ()
    competent: tuple[AddresseeRef, ...] = ()
    deadline: dt.date | None = None
    statuses: tuple[DemandStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyCall(Record):
    """A call made in prose, outside the numbered list."""

    id: Annotated[str, IdOf("body_call")]
    types: tuple[DemandType, ...]
    to: OrgOrName
    quality_terms: tuple[Quality, ...] = ()
    rights: tuple[str, ...] = ()
    beneficiaries: tuple[BeneficiaryRef, ...] = ()
    based_on: tuple[FactRef, ...] = ()
    text: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What the publisher holds: the verb, and the facts or the circumstance that it is about."""

    verb: Literal[
        "underlines",
        "recalls",
        "condemns",
        "strongly_condemns",
        "deplores",
        "expresses_concern",
        "expresses_utmost_concern",
        "welcomes",
        "urges",
        "calls_on",
    ]
    object: Annotated[tuple[MatterRef, ...], OneOrMany] = ()
    text: Words | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee(Record):
    """An office holder to whom readers are asked to write, as printed and by parts."""

    id: Annotated[str, IdOf("addressee")]
    as_printed: str | None = None
    honorific: str | None = None
    title: str | None = None
    person: str | None = None
    post: Post
    post_label: Words | None = None
    body: OrgOrName | None = None
    channels: tuple[ContactPoint, ...] = ()
    location: str | None = None
    country: Country | None = None
    occupancy: OccupancyRef | None = None
    letter_languages: tuple[Language, ...] = ()
    copy: bool | None = None
    reason: str | None = None
    safe_for_in_country_supporters: bool | None = None
    editorial_note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy(Record):
    """Who holds a post, from when to when, and when that was last checked."""

    id: Annotated[str, IdOf("occupancy")]
    person: str
    post: Post
    body: OrgOrName | None = None
    begins: Annotated[dt.date | None, Key("from")] = None
    ends: Annotated[dt.date | None, Key("until")] = None
    acting: bool | None = None
    evidence: str | None = None
    checked_on: dt.date | None = None
    checked_by: str | None = None
