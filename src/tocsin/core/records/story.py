"""What happened and what was said: events, involvements, statements."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core.records.justice import InstrumentArticle
from tocsin.core.records.shape import CodeOf, IdOf, OneOrMany
from tocsin.core.records.values import (
    ActorRef,
    ClaimRef,
    Count,
    DetentionRef,
    EventId,
    EventRef,
    Language,
    PersonRef,
    PlaceRef,
    ProceedingRef,
    Provision,
    Record,
    ReleaseClass,
    StatementRef,
    TemporalExpression,
    VictimRef,
    Wording,
    Words,
)

Degree = Annotated[str, CodeOf(("involvement_degrees",))]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLink:
    """How an event stands to another one."""

    type: Annotated[str, CodeOf(("event_links",))]
    event: EventRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatContent:
    """What a threat said; confidential by default, for a threat that is quoted does its work once more."""

    words: Wording
    rc: ReleaseClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """What is known of a threat beyond the act itself; none of it is ever put into an appeal.

    Attributes:
        seriousness: How serious the team holds it to be; `death` where it was one of death.
        recipients: Whom it reached, where that is somebody else than whom it is against.
        content: What it said.
        reported_to: The authorities or organisations to which it was reported.
        protection_requested, protection_granted: Which measures of protection were asked for, which were given.
    """

    seriousness: Literal["low", "medium", "high", "death"] | None = None
    recipients: tuple[VictimRef, ...] = ()
    content: ThreatContent | None = None
    reported_to: tuple[ActorRef, ...] = ()
    protection_requested: Words | None = None
    protection_granted: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What an act did to the body and to the mind of its victim; confidential by default, and never printed."""

    physical: Words | None = None
    psychological: Words | None = None
    rc: ReleaseClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """Something with a beginning and an end.

    An event with an `act_type` holds one act for each of its victims: `tocsin.core.records.acts` gives them one by one.

    Attributes:
        kind: What the event is to the story; an `omission` is a thing not done.
        what: What happened, for the team; not meant for print as it stands.
        text: The clause to print, without its time, where an editor wrote it: it goes before a composed one.
        act_type, mode, method, medium: The kind of act, whether it happened or goes on, by what means, through what.
        manner: A word of the source for the manner, kept as a quotation.
        procedure: The step of a case that the event is (release, charge, hearing).
        concerns: The people whom a step or a decision is about.
        victims, actors: To whom it was done, and who is said to have done it.
        actor_note: Why no actor is named, or what is doubtful about the one named.
        attribution: The words by which the text says whose statement it is.
        as_of: The day on which an omission or a state held.
        episode: Events of one continuous whole share it.
        motive: Why the event is linked to the work of the defender.
        stated_reason: The statement in which a reason was given for the act; that is printed where it is told itself.
        consequences: What it led to.
        harm: What it did to those to whom it was done.
        assessment: Whether the team holds it to be a violation; never printed.
        domestic_law, international_law: The law of the country and the treaties that it breaks, whatever of it the
            appeal cites.
        threat: What is known of a threat beyond the act.
        threat_sender: The number, address or account from which a threat came; sealed with the sources.
    """

    id: EventId
    kind: Literal["context", "plan", "act", "statement", "procedure", "omission"]
    what: Words | None = None
    text: Words | None = None
    act_type: Annotated[str, CodeOf(("violation_types",))] | None = None
    mode: Annotated[str, CodeOf(("violation_modes",))] | None = None
    method: Annotated[str, CodeOf(("act_methods",))] | None = None
    medium: tuple[Annotated[str, CodeOf(("act_methods", "channel_types"))], ...] = ()
    manner: str | None = None
    procedure: Annotated[str, CodeOf(("procedure_types",))] | None = None
    t: TemporalExpression | None = None
    as_of: dt.date | None = None
    words: str | None = None
    occurrences: Count | None = None
    victims: tuple[VictimRef, ...] = ()
    actors: tuple[ActorRef, ...] = ()
    actor_note: str | None = None
    concerns: tuple[PersonRef, ...] = ()
    organiser: ActorRef | None = None
    place: PlaceRef | None = None
    statement: StatementRef | None = None
    detention: DetentionRef | None = None
    proceeding: ProceedingRef | None = None
    cause: EventRef | None = None
    links: tuple[EventLink, ...] = ()
    episode: str | None = None
    attribution: str | None = None
    motive: Words | None = None
    stated_reason: StatementRef | None = None
    consequences: Words | None = None
    harm: Harm | None = None
    assessment: Annotated[str, CodeOf(("violation_assessment",))] | None = None
    domestic_law: tuple[Provision, ...] = ()
    international_law: tuple[InstrumentArticle, ...] = ()
    threat: Threat | None = None
    threat_sender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvolvementDefaults:
    """What holds of every actor of an event for whom no involvement says otherwise."""

    degree: Degree
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement(Record):
    """The link between an actor and the acts of an event; `victim` where it holds for one of them alone.

    What became of the actor since is said twice, for one may be so without the other (HURIDOCS list 26): `office` says
    whether the post was kept, `prosecution` whether anybody had to answer for it in court.
    """

    id: Annotated[str, IdOf("involvement")]
    event: EventRef
    actor: ActorRef
    victim: VictimRef | None = None
    degree: Degree
    actor_type: Annotated[str, CodeOf(("actor_types",))] | None = None
    capacity: Literal["in_uniform", "plain_clothes", "off_duty", "private"] | None = None
    basis: tuple[ClaimRef, ...] = ()
    office: Literal["in_post", "promoted", "moved", "suspended", "dismissed", "unknown"] | None = None
    prosecution: Literal["none", "investigated", "charged", "acquitted", "convicted", "unknown"] | None = None
    named_in_public: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Record):
    """What somebody said, in quotation marks or reported; always printed with who said it.

    `translator` is who put the words into the language of the case; sealed with the sources.
    """

    id: Annotated[str, IdOf("statement")]
    speaker: Annotated[tuple[ActorRef, ...], OneOrMany]
    addressed_to: tuple[ActorRef, ...] = ()
    form: Literal["oral", "written", "written_or_oral_unknown"] | None = None
    about_event: EventRef | None = None
    attribution_type: (
        Literal[
            "acknowledges_act",
            "denies_act",
            "acknowledges_act_denies_responsibility",
            "acknowledges_act_gives_alternative_explanation",
            "accepts_responsibility",
        ]
        | None
    ) = None
    huridocs_mt28: str | None = None
    quote: Words | None = None
    verbatim: bool | None = None
    translated: Literal["yes", "no", "likely"] | None = None
    original_lang: Language | None = None
    original_text: str | None = None
    translator: str | None = None
    reported_speech: Words | None = None
    rebuttal: Words | None = None
    t: TemporalExpression | None = None
