"""What the answers of the API are made of. A field goes out by `fields.toml` alone, where its meaning stands too.

Addresses are relative to the answer in which they stand, so that they hold on a mirror, an onion name and a disk.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import PublishedKind, Words

Intervention = Literal["first_appeal", "follow_up", "closure"]
Standing = Literal["published", "withdrawn", "unknown"]
# How something that is shown stands; `standings.Standing` has those that nobody sees, too.
Shown = Literal["published", "corrected", "superseded", "closed"]
INTERVENTIONS: dict[str, Intervention] = {
    "urgent_appeal": "first_appeal",
    "new_information": "follow_up",
    "closure": "closure",
}


@dataclass(frozen=True, slots=True)
class Title:
    """The title of an edition."""

    language: str
    text: str
    page: str


@dataclass(frozen=True, slots=True)
class ListedAppeal:
    """An appeal in a list."""

    slug: str
    code: str
    kind: PublishedKind
    intervention: Intervention
    archived: bool
    version: int
    standing: Shown
    asks: bool
    follows: str | None
    issued_on: date | None
    changed_at: datetime
    countries: tuple[str, ...]
    violations: tuple[str, ...]
    titles: tuple[Title, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Appeals:
    """A part of the list of appeals."""

    total: int
    items: tuple[ListedAppeal, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """An edition as a file."""

    form: str
    address: str


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """One language of an appeal."""

    language: str
    sha256: str
    files: tuple[PublishedFile, ...]
    document: AppealDocument


@dataclass(frozen=True, slots=True)
class Correction:
    """What a version after the first changed."""

    version: int
    corrected_at: datetime
    note: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another appeal of the same case, or one that was withdrawn."""

    slug: str
    code: str
    standing: Standing
    address: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of what became of an appeal, with what it counts."""

    name: str
    figure: int
    text: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office that answered because of an appeal, as its editions print it, and never who holds it."""

    names: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal, as two people signed it, or as it was taken over from an archive."""

    slug: str
    code: str
    kind: PublishedKind
    intervention: Intervention
    archived: bool
    version: int
    standing: Shown
    asks: bool
    follows: str | None
    published_at: datetime
    changed_at: datetime
    countries: tuple[str, ...]
    violations: tuple[str, ...]
    editions: tuple[PublishedEdition, ...]
    corrections: tuple[Correction, ...]
    chain: tuple[Related, ...]
    record: tuple[Figure, ...]
    answered: tuple[Office, ...]
    signed_by: tuple[str, ...]
    proof: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says, and which appeal it means."""

    canonical: str
    scheme: str
    country: str | None
    country_number: int | None
    month: int | None
    year: int | None
    series: str | None
    number: int | None
    follow_up: int | None
    oddities: tuple[str, ...]
    standing: Standing
    appeal: Related | None
    chain: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class NamedCountry:
    """A country of which something is published."""

    code: str
    names: tuple[Words, ...]
    appeals: int


@dataclass(frozen=True, slots=True)
class Countries:
    """The countries of which something is published."""

    items: tuple[NamedCountry, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure counts."""

    name: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of everything that is published."""

    interventions: int
    first_appeals: int
    follow_ups: int
    closures: int
    cases: int
    countries: int
    defenders: int
    organisations: int


@dataclass(frozen=True, slots=True)
class CountryYear:
    """The figures of a country in a year."""

    country: str | None
    year: int | None
    first_appeals: int
    follow_ups: int
    closures: int
    cases: int
    defenders: int
    organisations: int


@dataclass(frozen=True, slots=True)
class ViolationYear:
    """In how many appeals of a year, and on how many cases, a violation is; `None` where they are too few."""

    violation: str
    year: int | None
    appeals: int | None
    cases: int | None


@dataclass(frozen=True, slots=True)
class ViolationCountry:
    """In how many appeals on a country, and on how many cases, a violation is; `None` where they are too few."""

    violation: str
    country: str | None
    appeals: int | None
    cases: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is published, counted; each figure with its definition."""

    about: str
    definitions: tuple[Definition, ...]
    fewest: int
    totals: Totals
    by_country_and_year: tuple[CountryYear, ...]
    headline_violations_by_year: tuple[ViolationYear, ...]
    headline_violations_by_country: tuple[ViolationCountry, ...]
    acts_by_year: tuple[ViolationYear, ...]
    acts_by_country: tuple[ViolationCountry, ...]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an appeal was taken back."""

    slug: str
    code: str
    withdrawn_at: datetime
    proof: str


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """Everything that was taken back."""

    items: tuple[Withdrawal, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy of the site says of itself."""

    made_at: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stands in the place of an appeal that was taken back: a problem, and nothing of its text."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    slug: str
    appeal: str
    standing: Literal["withdrawn"]
    withdrawn_at: datetime
    note: tuple[Words, ...]
    proof: str
