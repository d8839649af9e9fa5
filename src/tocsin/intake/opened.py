"""A report as somebody has it open: how it came, what was read in it, and what was decided so far."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import msgspec
from django.utils import timezone

from tocsin.core.appeal import AppealDocument, from_json
from tocsin.core.errors import BadDocument, CannotOpen
from tocsin.core.reader import FACT_LANGUAGES
from tocsin.core.recording import FIELDS, Decision, Fact, Settled, added_fact, facts_of, settle
from tocsin.intake.models import TAKEN, Report
from tocsin.intake.tables import URGENT


def is_lacking(settled: Settled) -> bool:
    """Tell whether words lack a speaker or a law is not known: confirmed as it stands it would come into no case."""
    fields = FIELDS[settled.fact.kind].items() if settled.fact.kind in {"quotation", "law"} else ()
    return any(field.needed and not settled.values[name] for name, field in fields)


class Arrival(msgspec.Struct, frozen=True):
    """How a report came: from whom, as which file; all that is not its text, and as private."""

    source_type: str
    told_by: str = ""
    file_name: str = ""
    media_type: str = "text/plain"
    sha256: str = ""
    size: int = 0


class Understood(msgspec.Struct, frozen=True):
    """What was read in a report, or why it could not be read, what to do then, and whether another try is in vain."""

    documents: list[str] = []
    warnings: list[str] = []
    attachments: list[str] = []
    refused: str = ""
    advice: str = ""
    in_vain: bool = False


class Ruling(msgspec.Struct, frozen=True):
    """One round of decisions: on some facts, on a question of triage, or on whether it is about a case that we have.

    A fact that was added is of a `kind`, from the words at `span`; an act is one of the event `within`. Where a report
    was brought into a case, `version` is the state of the case that came of it.
    """

    facts: list[str] = []
    verdict: str = "open"
    values: dict[str, str] = {}
    question: str = ""
    answer: str = ""
    case: str = ""
    same: str = ""
    kind: str = ""
    span: tuple[int, int] = (0, 0)
    within: str = ""
    version: int = 0


class Said(msgspec.Struct, frozen=True):
    """What the team wrote to the sender of a report."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a sender with who wrote it, and when."""

    text: str = field(repr=False)
    by: UUID | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling with its number, who made it, and when."""

    number: int
    ruling: Ruling = field(repr=False)
    by: UUID | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Brought:
    """Into which case a report was brought, and the state of the case that came of it."""

    case: UUID
    version: int


@dataclass(frozen=True)
class OpenReport:
    """A report, opened."""

    report: Report
    arrival: Arrival = field(repr=False)
    understood: Understood | None = field(repr=False)
    rulings: tuple[Ruled, ...] = field(repr=False)
    said: tuple[Answered, ...] = field(default=(), repr=False)

    @property
    def id(self) -> UUID:
        """Give the id of the report."""
        return self.report.id

    @cached_property
    def documents(self) -> tuple[AppealDocument, ...]:
        """Give what was read."""
        try:
            return tuple(map(from_json, self.understood.documents)) if self.understood else ()
        except BadDocument as error:
            raise CannotOpen("what was read in this report was written by another version") from error

    @cached_property
    def text(self) -> str:
        """Give the text that the spans of the facts point into."""
        return next((each.source.text for each in self.documents if each.source), "")

    @property
    def language(self) -> str:
        """Give the language of the text; English where it is not known."""
        return next((each.language for each in self.documents if each.language), "en")

    @property
    def reads_facts(self) -> bool:
        """Tell whether the program takes facts from a text in such a language at all."""
        return any(each.language in FACT_LANGUAGES for each in self.documents)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Give the facts as they were read, and those that people added from words that were not."""
        received = timezone.localdate(self.report.received_at)
        return (*facts_of(self.documents, received), *self._added(received))

    def _added(self, received: dt.date) -> Iterable[Fact]:
        for each in self.rulings:
            if each.ruling.kind:
                said = each.ruling
                (key,) = said.facts
                yield added_fact(key, said.kind, said.span, said.values, said.within, self.text, received)

    @cached_property
    def settled(self) -> tuple[Settled, ...]:
        """Give the facts with what was decided about each."""
        return settle(self.facts, self._decisions())

    def _decisions(self) -> Iterable[Decision]:
        for each in self.rulings:
            for fact in each.ruling.facts:
                yield Decision(each.number, fact, each.ruling.verdict, each.ruling.values)  # type: ignore[arg-type]

    @property
    def answers(self) -> Mapping[str, str]:
        """Give the last answer to each question of triage."""
        return {each.ruling.question: each.ruling.answer for each in self.rulings if each.ruling.question}

    @property
    def cases(self) -> Mapping[UUID, str]:
        """Give what people said of cases that it may be about: `same`, `other` or `unsure`."""
        said = {UUID(each.ruling.case): each.ruling.same for each in self.rulings if each.ruling.case}
        return {case: same for case, same in said.items() if same != "open"}

    @property
    def brought(self) -> Brought | None:
        """Give the case that the report was brought into; none where a case was opened from it, or it waits."""
        last = next((each.ruling for each in reversed(self.rulings) if each.ruling.case), None)
        if self.report.state != TAKEN or last is None or not last.version:
            return None
        return Brought(UUID(last.case), last.version)

    @property
    def same_cases(self) -> tuple[UUID, ...]:
        """Give the cases that it is about, as somebody said."""
        return tuple(case for case, same in self.cases.items() if same == "same")

    @property
    def is_urgent(self) -> bool:
        """Tell whether somebody said that one has to act today."""
        return self.answers.get(URGENT) == "yes"

    @property
    def still_open(self) -> int:
        """Count the facts about which nobody has decided."""
        return sum(each.verdict == "open" for each in self.settled)

    @property
    def people(self) -> tuple[str, ...]:
        """Name the people whom the report is about, as far as nobody rejected them; those who defend rights first."""
        people = [each for each in self.settled if each.fact.kind == "person" and each.verdict != "rejected"]
        defenders = [each for each in people if each.values["role"] == "defender"]
        return tuple(each.values["name"] for each in defenders or people)

    def decided_since(self, seen: int, wanted: Ruling) -> frozenset[str]:
        """Tell what of a ruling was decided after a person last looked."""
        later = [each.ruling for each in self.rulings if each.number > seen]
        met = {fact for ruling in later for fact in ruling.facts if fact in set(wanted.facts)}
        met |= {ruling.question for ruling in later if wanted.question and ruling.question == wanted.question}
        return frozenset(met | {ruling.case for ruling in later if wanted.case and ruling.case == wanted.case})
