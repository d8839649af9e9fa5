"""Who is in a case: people, organisations, groups, and the places where things happened."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core.records.shape import Bare, CodeOf, Form, Key, OneOrMany
from tocsin.core.records.values import (
    ConsentRef,
    ContactPoint,
    Count,
    Country,
    EvidenceRef,
    GroupId,
    GroupRef,
    Language,
    Lines,
    LocalTime,
    OrgId,
    OrgRef,
    PersonId,
    PersonRef,
    PlaceId,
    PlaceRef,
    Record,
    ReleaseClass,
    RiskRef,
    Script,
    Status,
    TemporalExpression,
    Wording,
    Words,
)

Topic = Annotated[str, CodeOf(("defender_topics",))]
IdentityForm = Annotated[str, CodeOf(("identity_forms",))]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationName:
    """One form of the name of an organisation; a misspelling is kept so that it is found, never printed."""

    value: str
    lang: Language | None = None
    use: Literal["preferred", "variant", "short", "acronym", "former", "translation", "misspelling"]
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationStatus(Status):
    """Whether an organisation was registered on a date."""

    value: Literal[
        "registered",
        "unregistered",
        "unregistered_application_rejected",
        "application_pending",
        "rejected",
        "suspended",
        "dissolved",
        "foreign_agent",
        "undesirable",
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Record):
    """An organisation, a body of the State or a business; a collective without registration is one too.

    `described_as` and `description` say what it is, the latter for a note at its first mention.
    """

    id: OrgId
    name: Wording | None = None
    names: tuple[OrganisationName, ...] = ()
    short: str | None = None
    acronym: str | None = None
    kind: Annotated[str, CodeOf(("organisation_kinds",))]
    country: Country | None = None
    parent: OrgRef | None = None
    members: tuple[OrgRef, ...] = ()
    place: PlaceRef | None = None
    founded: str | None = None
    founders: tuple[OrgRef, ...] = ()
    works_on: tuple[Topic, ...] = ()
    registration_status: RegistrationStatus | None = None
    past_registrations: tuple[RegistrationStatus, ...] = ()
    described_as: str | None = None
    description: Words | None = None
    objective_src: Lines = ()
    inferred_from: Lines = ()
    website: str | None = None
    contact_points: tuple[ContactPoint, ...] = ()

    def is_named_in(self, language: str) -> bool:
        """Whether there is a name to print in a language; an acronym, or a name of no language, is one in each."""
        languages = [each.lang or language for each in self.names if each.use == "preferred"]
        languages += [each.language for each in self.name.texts] if self.name else []
        return language in languages or not languages

    def preferred_name(self, language: str) -> str:
        """Give the whole name to print in a language; where there is none in it, that in another language."""
        forms = [each for each in self.names if each.use == "preferred"]
        own = [each.value for each in forms if each.lang == language]
        worded = self.name.text(language) if self.name else None
        others = [each.value for each in forms] + [each.text for each in (self.name.texts if self.name else ())]
        return next(iter([*own, *([worded] if worded else []), *others]), self.acronym or self.short or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """One form of the name of a person."""

    full: str
    given: str | None = None
    family: str | None = None
    patronymic: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    order: Literal["given_family", "family_given", "single"] | None = None
    script: Script | None = None
    lang: Language | None = None
    use: Literal[
        "preferred", "legal", "alias", "nom_de_guerre", "former", "misspelling", "transliteration", "pseudonym"
    ]
    scheme: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    rc: ReleaseClass | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Defender:
    """What a person does as a defender: topics of the work, not traits of the person."""

    is_hrd: bool
    works_on: tuple[Topic, ...] = ()
    roles: tuple[str, ...] = ()
    since: LocalTime | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The place of a person in an organisation; that of a banned group is confidential."""

    org: OrgRef
    role: str | None = None
    begins: Annotated[LocalTime | None, Key("from")] = None
    ends: Annotated[LocalTime | None, Key("until")] = None
    rc: ReleaseClass | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """A link of a person to another person; confidential by default."""

    type: Annotated[str, CodeOf(("relation_types",))]
    person: PersonRef
    rc: ReleaseClass | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStatus(Status):
    """Whether a person was alive and free on a date, beyond what detentions say."""

    value: Literal["alive", "killed", "died", "disappeared", "in_hiding", "left_country", "in_hospital"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """A person with a name. `title` drives the grammar of what is printed and is not stored as sex.

    `photos` are pieces of evidence that show the person: a copy leaves only as any copy does, and with her consent.
    """

    id: PersonId
    names: tuple[PersonName, ...]
    title: Wording | None = None
    grammatical_gender: Literal["f", "m", "x"] | None = None
    pronouns: str | None = None
    role: Annotated[str, CodeOf(("person_roles",))] | None = None
    described_as: Words | None = None
    defender: Defender | None = None
    memberships: tuple[Membership, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    identity_in_public: IdentityForm | None = None
    consent: ConsentRef | None = None
    risk: RiskRef | None = None
    birth_date: LocalTime | None = None
    age_at_event: int | None = None
    nationality: tuple[Country, ...] = ()
    citizenship: tuple[Country, ...] = ()
    residence_country: Country | None = None
    statuses: tuple[LifeStatus, ...] = ()
    contact_points: tuple[ContactPoint, ...] = ()
    photos: tuple[EvidenceRef, ...] = ()

    @property
    def preferred(self) -> PersonName:
        """The name to use: the preferred one, or else the first."""
        return next((each for each in self.names if each.use == "preferred"), self.names[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Record):
    """People known only by description: counted, and perhaps identified later.

    `counting_unit` says what the number counts, where it is not people one by one.
    """

    id: GroupId
    label: Words | None = None
    size: Annotated[Count | None, Bare("exact")] = None
    counting_unit: Annotated[str, CodeOf(("counting_units",))] | None = None
    part_of: GroupRef | None = None
    org: OrgRef | None = None
    actor_type: Annotated[str, CodeOf(("actor_types",))] | None = None
    actor_type_basis: Literal["uniform", "self_identification", "witness", "document", "inference"] | None = None
    existence: Literal["reported", "reported_by_actor", "presumed"] | None = None
    identity_in_public: IdentityForm | None = None
    identified_as: Annotated[tuple[PersonRef, ...], OneOrMany] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subdivision:
    """An ISO 3166-2 code and the list in which it is valid, since these codes change."""

    value: Annotated[str, Form("ISO 3166-2 code", r"[A-Z]{2}-[A-Z0-9]{1,3}")]
    valid_in_list_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinates:
    """Degrees of latitude and longitude (WGS 84); confidential by default."""

    latitude: float
    longitude: float
    rc: ReleaseClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Record):
    """A place, and the place that it lies in or near."""

    id: PlaceId
    name: Wording
    type: Annotated[str, CodeOf(("place_kinds",))] | None = None
    within: Annotated[PlaceRef | None, Key("in")] = None
    near: PlaceRef | None = None
    country: Country | None = None
    iso3166_2: Subdivision | None = None
    coordinates: Coordinates | None = None
    valid: TemporalExpression | None = None
