"""What people decided about the facts of a report: one after the other, none overwritten."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tocsin.core import vocab
from tocsin.core.errors import BadRequest
from tocsin.core.recording.facts import Fact
from tocsin.core.recording.fields import FIELDS, Field, Kind

Verdict = Literal["confirmed", "rejected", "open"]
LONGEST_VALUE = 2_000
_DATE = re.compile(r"(?:[0-9]{4}|XXXX)(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: about which fact, which way, and the fields as the person left them.

    `open` takes an earlier decision back. `number` counts the decisions of a report from 1.
    """

    number: int
    fact: str
    verdict: Verdict
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """A fact as it stands: the last decision about it, and its fields after it.

    Attributes:
        fact: What was read.
        verdict: `open` where nobody has decided.
        values: The fields, with what a person corrected.
        seen: The number of the last decision, 0 without one; who decides next says which one she saw.
    """

    fact: Fact
    verdict: Verdict
    values: Mapping[str, str]
    seen: int

    @property
    def is_corrected(self) -> bool:
        """Tell whether a person changed what was read."""
        return dict(self.values) != dict(self.fact.values)

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing about the fact asks for a second look."""
        return not self.fact.doubts


def settle(facts: Iterable[Fact], decisions: Iterable[Decision]) -> tuple[Settled, ...]:
    """Give each fact with the last decision about it; an act of a rejected event is rejected with it."""
    last: dict[str, Decision] = {}
    corrected: dict[str, Mapping[str, str]] = {}
    for decision in decisions:
        last[decision.fact] = decision
        if decision.values:
            corrected[decision.fact] = decision.values
    settled = []
    for fact in facts:
        decision = last.get(fact.key, Decision(0, fact.key, "open"))
        gone = fact.within and last.get(fact.within, decision).verdict == "rejected"
        values = {**fact.values, **corrected.get(fact.key, {})}
        settled.append(Settled(fact, "rejected" if gone else decision.verdict, values, decision.number))
    return tuple(settled)


def left_behind(settled: Iterable[Settled]) -> tuple[Settled, ...]:
    """Give the doubtful facts that nobody has decided about: they come into no case, and are to be seen before."""
    return tuple(each for each in settled if each.verdict == "open" and not each.is_plain)


def check_values(kind: Kind, values: Mapping[str, str], facts: Mapping[str, Kind]) -> dict[str, str]:
    """Give the fields of a fact as a person wrote them, tidied.

    Args:
        kind: The kind of the fact.
        values: What was written; what is left out is empty.
        facts: All facts of the report, by key: what a field may name.

    Raises:
        BadRequest: if something needed is missing, or a date, time, code or name cannot be; it says of which field.
    """
    return {name: _checked(name, each, values.get(name, ""), facts) for name, each in FIELDS[kind].items()}


def _checked(name: str, kept: Field, written: str, facts: Mapping[str, Kind]) -> str:
    value = " ".join(written.split())
    if not value:
        if kept.needed:
            raise BadRequest("a field that is needed is empty", where=name)
        return ""
    if len(value) > LONGEST_VALUE:
        raise BadRequest("this is too long for one fact", where=name)
    if kept.shape == "code" and not any(value in vocab.load(each) for each in kept.lists):
        raise BadRequest("this is no word of the list", where=name)
    if kept.shape in {"date", "day"} and not _is_date(value, whole=kept.shape == "day"):
        raise BadRequest("this is no date", where=name, hint="2026-11-25, 2026-11 or 2026")
    if kept.shape == "time" and not _TIME.fullmatch(value):
        raise BadRequest("this is no time of day", where=name, hint="18:30")
    if kept.shape == "facts":
        named = value.split()
        if any(facts.get(key) not in kept.of for key in named) or (len(named) > 1 and not kept.many):
            raise BadRequest("this names nobody of the report", where=name)
    return value


def _is_date(value: str, *, whole: bool) -> bool:
    if not _DATE.fullmatch(value) or (whole and len(value) < len("2026-11-25")):
        return False
    # A leap year stands for the one that is not known.
    parts = [int(part) for part in value.replace("XXXX", "2000").split("-")]
    try:
        dt.date(*[*parts, 1, 1][:3])
    except ValueError:
        return False
    return parts[0] >= 1000 and not (whole and value.startswith("X"))
