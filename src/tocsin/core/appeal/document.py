"""The appeal document, version 1: frozen values without behaviour.

Absent knowledge is `None` or an empty tuple, never a guess. A `span` is `(start, end)` in Unicode code points
into the normalised source text (`Source.text`); it is `None` where the document was composed, not read.
Vocabulary codes (violations, demand types, act types, statuses, actor types, channel kinds) are those of
`tocsin.core.vocab`; printed words with no code keep `code=None` and their words.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

SCHEMA = "tocsin/appeal/1"

Span = tuple[int, int]
Kind = Literal["urgent_appeal", "new_information", "closure", "press_release", "open_letter", "report"]
SectionRole = Literal[
    "situation", "new_information", "background", "position", "actions", "addressees", "contacts", "other"
]
Precision = Literal["minute", "hour", "part_of_day", "day", "month", "year", "range", "vague", "before", "after"]
Voice = Literal["active", "passive", "nominal"]
Mode = Literal["occurred", "ongoing", "attempted", "risk", "omission"]


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of printed text."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """The code of the appeal, as printed and as understood.

    `oddities` names what departs from the canonical form, by the codes of `tocsin.core.codes`.
    """

    as_printed: str
    canonical: str
    country: str | None = None
    country_number: int | None = None
    month: int | None = None
    year: int | None = None
    series: str | None = None
    number: int | None = None
    follow_up: int | None = None
    oddities: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """One entry of the violation line, in the printed order."""

    code: str | None
    as_printed: str
    mode: Mode = "occurred"
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening formula; `urgent` where it asks for an urgent intervention."""

    text: str
    urgent: bool
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `notes` are the markers anchored in it."""

    text: str
    notes: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A typed run of paragraphs.

    The role `actions` holds the heading and introduction of the demands, `addressees` and `contacts` the heading of
    those lists; the lists themselves are fields of the document.
    """

    role: SectionRole
    heading: str | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """One numbered request to the authorities."""

    ordinal: str | None
    text: str
    types: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach a post or an organisation.

    `value` is normalised (E.164 numbers, lower-cased e-mail domain, handle with its `@`), or `None` where the printed
    form cannot be used (a masked e-mail address, a number with missing digits); `display` is what was printed.
    """

    kind: str
    value: str | None
    display: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person in an office to whom readers are asked to write; `copy` where only a copy is asked for."""

    as_printed: str
    style: str | None = None
    title: str | None = None
    name: str | None = None
    post: str | None = None
    channels: tuple[Channel, ...] = ()
    location: str | None = None
    salutation: str | None = None
    copy: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A closing request: `write_to_mission`, `report_action`, or another one that the vocabulary of readers knows."""

    kind: str | None
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote."""

    marker: str
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A channel of the publisher itself; `holder` as printed where the line names one."""

    kind: str
    value: str | None
    display: str
    holder: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A named person.

    `role`: defender, relative, lawyer, official, other. `other_forms` are the printed forms that differ from `name`;
    `described_as` the words of the text for what the person is or does.
    """

    name: str
    title: str | None = None
    role: str | None = None
    other_forms: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    described_as: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """People known only by description; `size` only where the text gives a number."""

    label: str
    size: int | None = None
    actor_type: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation and the other printed forms of its name."""

    name: str
    other_forms: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place the text names; `kind` is a code of the list `place_kinds`."""

    name: str
    kind: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done to somebody.

    `victims` and `actors` are names of people, groups or organisations of the same document. An empty `actors` with
    `voice="passive"` means that the text does not say who did it.
    """

    type: str
    as_printed: str
    method: str | None = None
    mode: Mode = "occurred"
    victims: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    voice: Voice = "active"
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A sentence of the chronology.

    `date` and `until` are ISO 8601 dates of reduced precision (`2021`, `2021-05`, `2021-05-29`); `time` is `HH:MM`
    local time. `words` are the temporal words of the sentence, or `None` where the date follows from the sentence
    before; `derived_from` says what a computed value rests on. `hedges` keep the words of doubt.
    """

    date: str | None
    time: str | None
    precision: Precision | None
    words: str | None
    ambiguous: bool
    sentence: str
    acts: tuple[Act, ...] = ()
    until: str | None = None
    derived_from: str | None = None
    places: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """An offence somebody is accused of; `status` is a `proceeding_status`, `attribution` who says so."""

    offence: str | None
    provision: str | None = None
    law: str | None = None
    person: str | None = None
    status: str | None = None
    attribution: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Proceeding:
    """A step of a case before an authority, and what it came to as of a date."""

    direction: Literal["against_defender", "for_defender", "neutral"]
    status: str
    as_of: dt.date | None
    sentence: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks and who said them."""

    text: str
    speaker: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """A law or treaty the text cites; `instrument` is a code where we know one."""

    instrument: str | None
    as_printed: str
    article: str | None = None
    right: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class StatusAsOf:
    """What had become of a person by a date (a `detention_status`, or `killed`, `disappeared`)."""

    person: str
    status: str
    as_of: dt.date | None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the text says happened, to whom, by whom, when and where."""

    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    places: tuple[Place, ...] = ()
    events: tuple[Event, ...] = ()
    charges: tuple[Charge, ...] = ()
    proceedings: tuple[Proceeding, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    laws: tuple[Law, ...] = ()
    status_as_of: tuple[StatusAsOf, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A stretch of the source that no field took."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """The normalised source text that all spans point into."""

    text: str


@dataclass(frozen=True, slots=True)
class AppealDocument:
    """One language edition of one appeal. `language` is a BCP 47 tag."""

    kind: Kind
    language: str | None
    title: Text | None = None
    reference: Reference | None = None
    violations: tuple[Violation, ...] = ()
    countries: tuple[str, ...] = ()
    issued_on: dt.date | None = None
    issued_at: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    opening: Opening | None = None
    sections: tuple[Section, ...] = ()
    demands: tuple[Demand, ...] = ()
    addressees: tuple[Addressee, ...] = ()
    requests: tuple[Request, ...] = ()
    notes: tuple[Note, ...] = ()
    contacts: tuple[Contact, ...] = ()
    about: Text | None = None
    facts: Facts = Facts()
    unread: tuple[Unread, ...] = ()
    source: Source | None = None


def tells_nothing_new(document: AppealDocument) -> bool:
    """Tell whether a document is a follow-up without a section of new information, as a reminder is."""
    return document.kind == "new_information" and not any(each.role == document.kind for each in document.sections)
