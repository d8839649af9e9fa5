"""Whether a report is about somebody whom a case names already: a reason to look, with its evidence; people decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.casework.search import memory
from tocsin.casework.search.facets import Facets
from tocsin.casework.search.listing import hold
from tocsin.casework.search.opening import refresh
from tocsin.core.names import NameIndex, Pair, compare
from tocsin.intake.actions import open_listed
from tocsin.intake.opened import OpenReport
from tocsin.intake.queries import list_reports
from tocsin.journal import actions as journal

# A report names so many people at most that somebody goes through their namesakes.
MOST_PEOPLE, MOST_CASES = 20, 30
# Each is opened to be compared, as for a list; those that wait longer are not looked at.
MOST_WAITING = 100
# What else agrees puts a case before another with as good a name; it makes nobody a namesake.
_A_PLACE, _A_MONTH, _ANOTHER_NAME = 0.05, 0.03, 0.1
_SAME_PLACE = 0.9


@dataclass(frozen=True, slots=True)
class Namesake:
    """A name of a report and one of a case that may mean one person, and the words that stand for each other."""

    in_report: str = field(repr=False)
    in_case: str = field(repr=False)
    score: float
    pairs: tuple[Pair, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """A case that may be about the same as a report.

    Attributes:
        case, title: The case, and what it is called.
        namesakes: The most alike first.
        places: Places that both name, as the case writes them.
        months: Months in which both tell of something.
    """

    case: UUID
    title: str = field(repr=False)
    namesakes: tuple[Namesake, ...]
    places: tuple[str, ...] = field(repr=False)
    months: tuple[str, ...]

    @property
    def weight(self) -> float:
        """Say how early it is shown: by its name, then by what else agrees."""
        more = _ANOTHER_NAME * (len(self.namesakes) - 1) + _A_PLACE * bool(self.places) + _A_MONTH * bool(self.months)
        return self.namesakes[0].score + more


def list_known(actor: Actor, report: OpenReport, *, now: datetime) -> tuple[Known, ...]:
    """Find the cases that name somebody of a report, in whatever script: of those that a person may open.

    That it was asked is written down, and how many cases were found; not for whom.
    """
    demand(actor, "case.read", now=now)
    kept = memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now, adopt=False, names=True)
        holdings = hold(actor, kept, now)
        facets, titles = holdings.facets, holdings.titles
        namesakes = _namesakes(kept, named_in(report, "person")[:MOST_PEOPLE], facets)
    places, months = named_in(report, "place"), months_of(report)
    known = (
        Known(case, titles[case], found, _both(facets[case].places, places), _months(facets[case], months))
        for case, found in namesakes.items()
    )
    shown = tuple(sorted(known, key=lambda each: -each.weight)[:MOST_CASES])
    with transaction.atomic():
        journal.record(actor.id, "casework.cases.searched", now=now, cases=len(shown))
    return shown


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another report that waits and names somebody like one of a report; the most alike name first."""

    opened: OpenReport = field(repr=False)
    namesakes: tuple[Namesake, ...]


def list_waiting(actor: Actor, report: OpenReport, *, now: datetime) -> tuple[Waiting, ...]:
    """Find the newest reports that wait and name somebody of a report: no case knows either of them yet."""
    others = [each for each in list_reports(actor, now=now) if each.id != report.id][:MOST_WAITING]
    waiting = {each.id: each for each in open_listed(actor, others, now=now) if each is not None}
    names: NameIndex[UUID] = NameIndex()
    for each in waiting.values():
        for name in named_in(each, "person")[:MOST_PEOPLE]:
            names.add(each.id, name)
    found: dict[UUID, dict[str, Namesake]] = {}
    for name in named_in(report, "person")[:MOST_PEOPLE]:
        for like in names.find(name, most=MOST_WAITING):
            namesake = Namesake(name, like.name, like.likeness.score, like.likeness.pairs)
            found.setdefault(like.key, {}).setdefault(name, namesake)
    alike = (
        Waiting(waiting[other], tuple(sorted(each.values(), key=lambda one: -one.score)))
        for other, each in found.items()
    )
    return tuple(sorted(alike, key=lambda each: -each.namesakes[0].score)[:MOST_CASES])


def titles_of(actor: Actor, cases: Iterable[UUID], *, now: datetime) -> dict[UUID, str]:
    """Give the names of those of some cases that a person may open; that she saw them is written down."""
    demand(actor, "case.read", now=now)
    kept = memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now, adopt=False)
        titles = hold(actor, kept, now).titles
        found = {case: titles[case] for case in cases if case in titles}
    if found:
        with transaction.atomic():
            journal.record(actor.id, "casework.cases.listed", now=now, cases=len(found))
    return found


def _namesakes(
    kept: memory.Kept, names: Iterable[str], facets: Mapping[UUID, Facets]
) -> dict[UUID, tuple[Namesake, ...]]:
    found: dict[UUID, list[Namesake]] = {}
    for name in names:
        for case, like in kept.namesakes.find(name).items():
            if case in facets:
                namesake = Namesake(name, like.name, like.likeness.score, like.likeness.pairs)
                found.setdefault(case, []).append(namesake)
    return {case: tuple(sorted(each, key=lambda one: -one.score)) for case, each in found.items()}


def named_in(report: OpenReport, kind: str) -> list[str]:
    """List the names of people or places in a report that nobody rejected, each once."""
    settled = (each for each in report.settled if each.fact.kind == kind and each.verdict != "rejected")
    return list(dict.fromkeys(filter(None, (each.values["name"] for each in settled))))


def months_of(report: OpenReport) -> set[str]:
    """Give the months in which a report tells of something, as `2026-11`."""
    dates = (each.values.get("date", "") for each in report.settled if each.fact.kind == "event")
    return {date[:7] for date in dates if len(date) >= 7 and "X" not in date[:7]}


def _both(ours: Iterable[str], theirs: list[str]) -> tuple[str, ...]:
    return tuple(each for each in ours if any(compare(each, other).score >= _SAME_PLACE for other in theirs))


def _months(facets: Facets, months: set[str]) -> tuple[str, ...]:
    return tuple(sorted(months & set(facets.months)))
