"""What a check gives: findings with their places, waivers, and what could not be checked."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from tocsin.core.appeal import Span

Severity = Literal["error", "warning", "information"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")
Lack = Literal["case", "registry", "treaties", "facts", "editions", "before", "words", "kind", "later"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands.

    Attributes:
        path: The field of the document (`demands[2]`).
        words: The words in question, as printed; empty where something is missing.
        span: Start and end in code points, `None` where nothing is printed.
        in_source: Whether `span` counts in the normalised source (a document that was read) or in the field at `path`
            (one that was composed).
    """

    path: str
    words: str = ""
    span: Span | None = None
    in_source: bool = False


@dataclass(frozen=True, slots=True)
class Waiver:
    """A signed decision to let a finding stand, or all findings of a rule.

    Attributes:
        rule: Id of the rule.
        reason: Why, in a sentence.
        until: The last day on which it holds.
        by: Who decided.
        cause: The `cause` of the finding that it names; empty where it is about every finding of the rule.
    """

    rule: str
    reason: str
    until: dt.date
    by: str | None = None
    cause: str = ""

    def is_about(self, cause: str) -> bool:
        """Tell whether it is about the finding of its rule that has a cause."""
        return self.cause in ("", cause)

    def holds(self, on: dt.date) -> bool:
        """Tell whether it holds on a day."""
        return on <= self.until


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause for one rule to speak, with all the places where it shows.

    Attributes:
        rule: Id of the rule (`DAT-02`).
        severity: What it means for approval: an error blocks it, a warning needs a waiver, information neither.
        says: What is wrong, in a sentence.
        fix: What to do.
        places: Where, in the order of the document; at least one.
        waiver: The waiver that was given for it, whether or not it still holds.
        stands: Whether no waiver holds.
        cause: What tells it from the other findings of its rule in this document: 16 digits, no word of the text.
    """

    rule: str
    severity: Severity
    says: str
    fix: str
    places: tuple[Place, ...]
    waiver: Waiver | None = None
    stands: bool = True
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that did not run, or ran in part only, and what it lacks, in a code and in a sentence."""

    rule: str
    severity: Severity
    lacks: Lack
    says: str
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found in one document.

    Attributes:
        on: The day for which it was checked.
        findings: Errors first, then in the order of the document.
        checked: Ids of the rules that ran.
        unchecked: The rules that did not run, or ran in part only; together with `checked` these are all there are.
        idle: Waivers for what was not found.
    """

    on: dt.date
    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    unchecked: tuple[Unchecked, ...]
    idle: tuple[Waiver, ...] = ()

    @property
    def blocked(self) -> bool:
        """Tell whether an error stands."""
        return any(finding.stands and finding.severity == "error" for finding in self.findings)
