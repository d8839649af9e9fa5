"""What records are made of: ids, codes, words in several languages, times, statuses, channels, provisions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core import vocab
from tocsin.core.records.shape import ID_FORMS, CodeOf, Form, IdOf, Joined, OneOrMany, RefersTo, Suffixed


def is_country(code: str) -> bool:
    """Say whether a code is an alpha-3 code of ISO 3166-1, or one that ISO leaves to its users (`XZV`)."""
    known = vocab.country(code)
    return code.startswith("X") or (known is not None and known.alpha3 == code)


def is_time(text: str) -> bool:
    """Say whether a time in the form of `LocalTime` exists in the calendar."""
    day, _, clock = text.partition("T")
    parts = [*map(int, day.split("-")), 1, 1][:3]
    hour, minute = map(int, clock.split(":")) if clock else (0, 0)
    if not 1000 <= parts[0] < 3000:
        return False
    try:
        dt.datetime(parts[0], parts[1], parts[2], hour, minute)  # noqa: DTZ001 - local time by meaning
    except ValueError:
        return False
    return True


def is_event_or_time(text: str) -> bool:
    """Say whether a text that is the id of an event or a time by its form is one."""
    return text.startswith("e") or is_time(text)


LANGUAGE_PATTERN = r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?"
LINES_PATTERN = r"L[1-9][0-9]*(?:, ?L[1-9][0-9]*)*"
TIME_PATTERN = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2})?)?)?"

Language = Annotated[str, Form("language tag", LANGUAGE_PATTERN)]
Script = Annotated[str, Form("ISO 15924 code of a script", r"[A-Z][a-z]{3}")]
Country = Annotated[str, Form("ISO 3166-1 alpha-3 code", r"[A-Z]{3}", is_country)]
Zone = Annotated[str, Form("name of a time zone", r"UTC|[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}")]
LocalTime = Annotated[str, Form("date or time (2021, 2021-05, 2021-05-29, 2021-05-29T16:00)", TIME_PATTERN, is_time)]
Line = Annotated[str, Form("number of a line (L12)", r"L[1-9][0-9]*")]
Lines = Annotated[tuple[Line, ...], Joined]
Sha256 = Annotated[str, Form("SHA-256 in hexadecimal digits", r"[0-9a-f]{64}")]
Sha3 = Annotated[str, Form("SHA3-256 in hexadecimal digits", r"[0-9a-f]{64}")]

AppealId = Annotated[str, IdOf("appeal")]
OrgId = Annotated[str, IdOf("org")]
PersonId = Annotated[str, IdOf("person")]
GroupId = Annotated[str, IdOf("grp")]
PlaceId = Annotated[str, IdOf("place")]
ConsentId = Annotated[str, IdOf("consent")]
EventId = Annotated[str, IdOf("event")]

CaseRef = Annotated[str, RefersTo(("case",))]
OrgRef = Annotated[str, RefersTo(("org",))]
PersonRef = Annotated[str, RefersTo(("person",))]
GroupRef = Annotated[str, RefersTo(("grp",))]
PlaceRef = Annotated[str, RefersTo(("place",))]
ConsentRef = Annotated[str, RefersTo(("consent",))]
RiskRef = Annotated[str, RefersTo(("risk",))]
EventRef = Annotated[str, RefersTo(("event",))]
StatementRef = Annotated[str, RefersTo(("statement",))]
DetentionRef = Annotated[str, RefersTo(("detention",))]
ProceedingRef = Annotated[str, RefersTo(("proceeding",))]
DemandRef = Annotated[str, RefersTo(("demand",))]
AddresseeRef = Annotated[str, RefersTo(("addressee",))]
OccupancyRef = Annotated[str, RefersTo(("occupancy",))]
SourceRef = Annotated[str, RefersTo(("source",))]
ClaimRef = Annotated[str, RefersTo(("claim",))]
EvidenceRef = Annotated[str, RefersTo(("evidence",))]
ActorRef = Annotated[str, RefersTo(("grp", "org", "person"))]
VictimRef = Annotated[str, RefersTo(("person", "org", "grp"))]
FactRef = Annotated[str, RefersTo(("event", "statement", "detention", "proceeding"))]
BeneficiaryRef = Annotated[str, RefersTo(("person", "org", "grp", "class"))]
MatterRef = Annotated[str, RefersTo(("event", "statement", "detention", "proceeding", "context"))]
OrgOrName = Annotated[str, RefersTo(("org",), loosely=True)]
TimeOrEvent = Annotated[
    str,
    Form(
        "date, time or id of an event",
        f"{TIME_PATTERN}|{ID_FORMS['event']}",
        is_event_or_time,
    ),
    RefersTo(("event",), loosely=True),
]

ReleaseClass = Annotated[str, CodeOf(("release_class",))]


@dataclass(frozen=True, slots=True)
class Translation:
    """Words in one language."""

    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Words in one or several languages, and where they stand in a source text.

    Files write it as `{en: "...", fr: "...", src: L7}`; fields marked as suffixed write `what_en`, `what_fr`.
    """

    texts: tuple[Translation, ...] = ()
    src: Lines = ()

    def text(self, language: str) -> str | None:
        """Give the words in a language or in the shorter form of its tag; never those of another language."""
        if len(self.texts) == 1 and self.texts[0].language == language:
            return self.texts[0].text
        known = {each.language: each.text for each in self.texts}
        tag = language
        while tag and tag not in known:
            tag = tag.rpartition("-")[0]
        return known.get(tag)


Words = Annotated[Wording, Suffixed]

Precision = Literal[
    "instant",
    "minute",
    "approx_minute",
    "minute_sequence",
    "hour",
    "part_of_day",
    "day",
    "month",
    "year",
    "range",
    "vague",
    "before",
    "after",
    "unknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalExpression:
    """When something happened, as exactly as it is known, in the local time of the place; an unknown part stays out.

    Attributes:
        words: The words of the source for the time.
        start: When it began. `date` is the day of something whose hour is unknown.
        earliest, latest: It lies between them, both included; with the precision `before`, `latest` is excluded, and
            with `range` it went on from one to the other.
        latest_start: Something that goes on had begun by then.
        until: When it ended.
        precision: How exactly the time is known.
        after, before, during, order_before: Events it followed, preceded, or was a part of.
        derived: What a computed value rests on.
        ambiguous, interpretation: The words can be read in two ways; how we read them.
        ongoing_as_of: It still went on on that day.
        date_unknown: The day itself is not known, only its bounds.
        tz: The IANA name of the zone where it is not that of the case.
        edtf: The same in ISO 8601-2, where it can be said so.
        calendar: The calendar of the source, where it is not the Gregorian one.
    """

    words: str | None = None
    start: LocalTime | None = None
    date: LocalTime | None = None
    earliest: LocalTime | None = None
    latest: LocalTime | None = None
    latest_start: LocalTime | None = None
    until: LocalTime | None = None
    precision: Precision | None = None
    after: Annotated[tuple[EventRef, ...], OneOrMany] = ()
    before: Annotated[tuple[EventRef, ...], OneOrMany] = ()
    during: EventRef | None = None
    order_before: tuple[EventRef, ...] = ()
    derived: str | None = None
    ambiguous: bool | None = None
    interpretation: str | None = None
    ongoing_as_of: dt.date | None = None
    date_unknown: bool | None = None
    tz: Zone | None = None
    edtf: str | None = None
    calendar: Literal["gregorian", "julian", "hijri", "solar_hijri", "buddhist", "ethiopian"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there were, or how often something happened, as exactly as it is known.

    Attributes:
        min, max: It lies between them, both included; "several times" is a minimum of 2.
        exact: The number, where it was counted.
        about: The number that was given as a rough one ("about 20").
        words: The words of the source.
    """

    min: int | None = None
    max: int | None = None
    exact: int | None = None
    about: int | None = None
    words: str | None = None

    @property
    def most(self) -> int | None:
        """The one number that stands for it where grammar asks for one."""
        return self.exact or self.about or self.max or self.min

    def fits(self, other: "Count") -> bool:
        """Say whether both can be true of the same people; a rough number excludes nothing."""
        return self._least() <= other._highest() and other._least() <= self._highest()

    def _least(self) -> float:
        return next((each for each in (self.exact, self.min) if each is not None), 0)

    def _highest(self) -> float:
        return next((each for each in (self.exact, self.max) if each is not None), float("inf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What held on a date. Statuses follow one another and are not overwritten.

    Attributes:
        value: What held.
        as_of: The last day on which it is known to have held.
        since: When it began.
        confidence: How sure we are.
        conditions: What was imposed with it.
        reason: Why it was entered, where a life cycle asks for that; for the team alone.
        by: The id of the account that entered it.
        corrects: The status entered before it was a mistake, and this one stands in its place.
        claim: The claim that it rests on.
    """

    value: str
    as_of: dt.date
    since: TimeOrEvent | None = None
    confidence: Literal["confirmed", "corroborated", "reported_by_parties", "reported", "unknown"] | None = None
    conditions: str | None = None
    reason: str | None = None
    by: str | None = None
    corrects: bool | None = None
    claim: ClaimRef | None = None
    src: Lines = ()


def in_force(rows: Sequence[Status]) -> tuple[Status, ...]:
    """Give statuses, in the order in which they were entered, without those that the one behind them corrects."""
    standing: list[Status] = []
    for each in rows:
        if each.corrects and standing:
            standing.pop()
        standing.append(each)
    return tuple(standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """A provision of a law. `code` is the name of the law as it is printed, `text` what the provision says."""

    country: Country | None = None
    code: str | None = None
    article: str | None = None
    paragraph: str | None = None
    subparagraph: str | None = None
    title: str | None = None
    max_penalty: str | None = None
    version_date: dt.date | None = None
    text: Words | None = None

    @property
    def number(self) -> str | None:
        """Give the article with what is meant of it: `174(2)(b)`."""
        parts = "".join(f"({each})" for each in (self.paragraph, self.subparagraph) if each)
        return f"{self.article}{parts}" if self.article else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """A way to reach somebody. `value` is the normal form (E.164, handle with `@`), `display` what is printed."""

    type: Annotated[str, CodeOf(("channel_types",))]
    value: str
    display: str | None = None
    holder: OrgRef | None = None
    label: str | None = None
    preferred: bool | None = None
    lang: Language | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    checked_on: dt.date | None = None
    check_result: Literal["ok", "bounced", "full", "unknown"] | None = None
    third_party_provider: bool | None = None
    rc: ReleaseClass | None = None
    src: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has.

    Attributes:
        id: Unique in the case, of the kind of the record.
        rc: Who may see it, where it is not the default of its kind.
        recorded_on: When it became known to us.
        claims: The claims it rests on.
        src: The lines of the source text where it stands.
    """

    id: str
    rc: ReleaseClass | None = None
    recorded_on: dt.date | None = None
    claims: tuple[ClaimRef, ...] = ()
    src: Lines = ()
