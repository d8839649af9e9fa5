"""What keeps people safe and facts honest: consents, risks, sources, claims, evidence."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core.records.actors import IdentityForm
from tocsin.core.records.shape import CodeOf, Form, IdOf, OneOrMany, RefersTo
from tocsin.core.records.values import (
    ClaimRef,
    ConsentId,
    EvidenceRef,
    Language,
    Line,
    LocalTime,
    PersonRef,
    Record,
    Sha3,
    Sha256,
    SourceRef,
    Status,
    TemporalExpression,
    Words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAnswer:
    """The answer for one use, for one audience, under one form of the name."""

    use: Annotated[str, CodeOf(("consent_uses",))]
    audience: Annotated[str, CodeOf(("audiences",))] | None = None
    identity_form: IdentityForm | None = None
    answer: Literal["yes", "no", "ask_each_time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStatus(Status):
    """Where a consent stood on a date."""

    value: Annotated[str, CodeOf(("consent_states",))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """What a person has agreed to; never published itself.

    `state` is the latest; where `statuses` are dated, it is the value of the last of them.
    """

    id: ConsentId
    person: PersonRef
    state: Annotated[str, CodeOf(("consent_states",))]
    statuses: tuple[ConsentStatus, ...] = ()
    given_by: Literal["self", "guardian", "family", "lawyer"] | None = None
    relation: Annotated[str, CodeOf(("relation_types",))] | None = None
    means: Literal["signed", "recorded", "message", "oral_with_witness"] | None = None
    language: Language | None = None
    explained: tuple[Literal["purposes", "risks", "withdrawal", "public_permanence"], ...] = ()
    answers: tuple[ConsentAnswer, ...] = ()
    limits: tuple[str, ...] = ()
    given_on: dt.date | None = None
    expires_on: dt.date | None = None
    withdrawn_at: LocalTime | None = None
    reason_unobtainable: str | None = None
    evidence: tuple[EvidenceRef, ...] = ()

    def answer(self, use: str, audience: str) -> ConsentAnswer | None:
        """Give the answer for a use and an audience; one for that audience goes before one for all audiences."""
        fitting = [each for each in self.answers if each.use == use and each.audience in {audience, None}]
        return min(fitting, key=lambda each: each.audience is None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessment(Record):
    """Whom publishing or silence exposes, to whom, and what was decided by two people; never published."""

    id: Annotated[str, IdOf("risk")]
    exposed: tuple[Annotated[str, RefersTo(("person", "grp", "org"))], ...]
    threat_actors: tuple[Annotated[str, RefersTo(("person", "grp", "org"))], ...] = ()
    effect_of_publishing: str | None = None
    effect_of_silence: str | None = None
    mitigation: tuple[str, ...] = ()
    level: Literal["low", "medium", "high", "extreme"] | None = None
    decision: Literal["publish", "publish_limited", "closed_action_only", "do_not_publish"] | None = None
    decided_by: tuple[str, ...] = ()
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """Who gave information. `identity` is never published, whatever `rc` says.

    `heard_from` is the source who told this one, where it did not see for itself; the two are then one account.
    """

    id: Annotated[str, IdOf("source")]
    type: Annotated[str, CodeOf(("source_types",))]
    reliability: Annotated[str, CodeOf(("source_reliability",))] | None = None
    identity: str | None = None
    saw_it: bool | None = None
    heard_from: SourceRef | None = None
    channel_secure: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The exact part of a source or of a piece of evidence that a claim rests on.

    `start` and `end` count code points of the normalised source text, like the spans of an appeal document.
    """

    evidence: EvidenceRef | None = None
    archive: str | None = None
    page: int | None = None
    line: Line | None = None
    paragraph: int | None = None
    clip: str | None = None
    frame: str | None = None
    cell: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStatus(Status):
    """What the verifiers held of a claim on a date."""

    value: Annotated[str, CodeOf(("claim_status",))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """A statement of fact: about which record, who says it, on what basis, and how sure we are.

    `status` is the latest; where `statuses` are dated, it is the value of the last of them. `attribution`
    are the words to print where the claim is printed with attribution.
    """

    id: Annotated[str, IdOf("claim")]
    about: Annotated[
        tuple[
            Annotated[
                str, RefersTo(("event", "statement", "detention", "proceeding", "person", "org", "grp", "addressee"))
            ],
            ...,
        ],
        OneOrMany,
    ]
    predicate: str | None = None
    value: str | None = None
    sources: Annotated[tuple[SourceRef, ...], OneOrMany] = ()
    citations: tuple[Citation, ...] = ()
    attribution: Words | None = None
    credibility: Annotated[str, CodeOf(("information_credibility",))] | None = None
    status: Annotated[str, CodeOf(("claim_status",))]
    statuses: tuple[ClaimStatus, ...] = ()
    analyst: str | None = None
    disagrees_with: tuple[ClaimRef, ...] = ()
    t: TemporalExpression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEntry:
    """Who held an item of evidence, and what was done with it."""

    t: LocalTime
    giver: str | None = None
    holder: str
    action: Literal["collected", "received", "copied", "redacted", "transferred", "returned"]
    hash_before: Sha256 | None = None
    hash_after: Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Record):
    """An item of evidence; an original is never altered, a redaction is a copy.

    It is known by two hashes of different making, so that it stays what it is should one of them be broken; what came
    came before there were two has the first alone.

    `collected_at`, `collector`, `method` and `original_url` say how it was got;
    `archive_copies` where others keep the same. `dated` is the day of the material itself.
    """

    id: Annotated[str, IdOf("evidence")]
    what: Words | None = None
    sha256: Sha256 | None = None
    sha3_256: Sha3 | None = None
    media_type: Annotated[str, Form("media type", r"[a-z]+/[a-z0-9.+-]+")] | None = None
    size: int | None = None
    material: Annotated[str, CodeOf(("material_types",))] | None = None
    language: Language | None = None
    dated: LocalTime | None = None
    warnings: tuple[Annotated[str, CodeOf(("content_warnings",))], ...] = ()
    source: SourceRef | None = None
    collected_at: LocalTime | None = None
    collector: str | None = None
    method: str | None = None
    original_url: str | None = None
    archive_copies: tuple[str, ...] = ()
    is_original: bool | None = None
    derived_from: EvidenceRef | None = None
    redaction_of: EvidenceRef | None = None
    custody: tuple[CustodyEntry, ...] = ()
