"""Searching all of one's cases."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tocsin.accounts.actor import Actor, demand
from tocsin.casework import store
from tocsin.casework.models import CaseFile, CaseSummary
from tocsin.casework.parts import compartments, put_together
from tocsin.casework.search import memory
from tocsin.casework.search.index import Index, Place
from tocsin.casework.search.summary import Summary, compose, open_summary
from tocsin.core.errors import Locked
from tocsin.core.names import words_of
from tocsin.core.records import from_plain
from tocsin.journal import actions as journal
from tocsin.vault import bulk
from tocsin.vault import queries as vault
from tocsin.vault.bulk import Bunch
from tocsin.vault.opened import CaseKeys

MOST_SHOWN = 50
# A save is stamped with the time at which its request began, and seen when it is committed.
_SLOWEST_SAVE = timedelta(minutes=5)
_ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found, by its name and code, and the compartment in which the words stand."""

    case: UUID
    title: str = field(repr=False)
    code: str = field(repr=False)
    compartment: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: the first hits, whether there are more, and how many cases could not be looked into."""

    hits: tuple[Hit, ...]
    more: bool
    closed: int


def search(actor: Actor, question: str, *, now: datetime) -> Found:
    """Find the cases in which all words of a question begin a word of one compartment that the person may open.

    That something was searched is written down, and how much was found; not what was looked for.
    """
    demand(actor, "case.read", now=now)
    kept = memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now)
        hits, more = _hits(actor, kept.index, words_of(question), now)
        closed = len(kept.closed)
    with transaction.atomic():
        journal.record(actor.id, "casework.cases.searched", now=now, cases=len(hits))
    return Found(hits, more, closed)


def _hits(actor: Actor, index: Index, words: list[str], now: datetime) -> tuple[tuple[Hit, ...], bool]:
    """Look into the index, and ask of each hit whether she may still open it."""
    hits: dict[UUID, Hit] = {}
    found = index.find(words)
    # One more than is shown tells whether there are more.
    while len(hits) <= MOST_SHOWN and (places := list(islice(found, MOST_SHOWN + 1))):
        # By their cases alone: asked for the holder too, a database without statistics goes through all that she holds.
        grants = vault.list_grants(now).filter(case__in={case for case, _ in places})
        rows = grants.values_list("holder", "case", "compartment")
        live = {(case, compartment) for holder, case, compartment in rows if holder == actor.id}
        shredded = CaseFile.objects.filter(id__in={case for case, _ in places}).exclude(shredded_at=None)
        gone = set(shredded.values_list("id", flat=True))
        for case, compartment in places:
            if (case, compartment) in live and case not in gone:
                hits.setdefault(case, _hit(index, case, compartment, live))
    return tuple(islice(hits.values(), MOST_SHOWN)), len(hits) > MOST_SHOWN


def _hit(index: Index, case: UUID, compartment: str, live: set[Place]) -> Hit:
    place = (case, compartments().default)
    named = index.summaries.get(place) if place in live else None
    return Hit(case, named.title if named else "", named.code if named else "", compartment)


def refresh(actor: Actor, kept: memory.Kept, now: datetime, *, adopt: bool = True) -> None:
    """Take in what was saved and granted since the index was brought up to date; all of it, the first time.

    To be called with the lock of what is kept; `adopt` as in `bulk.open_cases`.
    """
    saved, wanted = CaseSummary.objects.filter(case__shredded_at=None), Q()
    if kept.until is not None:
        recent = _cases_since(actor, kept.until - _SLOWEST_SAVE, now)
        # After a large import nearly everything is recent, and a database takes only so many ids in a question.
        if len(recent) <= _ROWS_AT_ONCE:
            saved, wanted = saved.filter(case__in=recent), Q(case__in=recent)
    bunch = bulk.open_cases(actor.ring, wanted, now, adopt=adopt)
    changed, broken = _open_summaries(saved, bunch, kept.index)
    for case, version in _without_summary(bunch, changed, kept.index):
        keys = {compartment: keys for (of, compartment), keys in bunch.keys.items() if of == case}
        try:
            changed |= _from_whole(CaseKeys(case, keys), version)
        except Locked:
            broken.add(case)
    kept.index.put(changed)
    kept.closed = (kept.closed - {case for case, _ in bunch.keys}) | broken | bunch.closed
    kept.until = now


def _cases_since(actor: Actor, since: datetime, now: datetime) -> set[UUID]:
    """Give the cases that were saved or granted since."""
    # By the time alone, which has an index; few were given to anybody within minutes.
    granted = vault.list_grants(now).filter(given_at__gte=since).values_list("holder", "case")
    saved = CaseSummary.objects.filter(saved_at__gte=since)
    return {case for holder, case in granted if holder == actor.id} | set(saved.values_list("case", flat=True))


def _open_summaries(
    saved: QuerySet[CaseSummary], bunch: Bunch, index: Index
) -> tuple[dict[Place, tuple[int, Summary]], set[UUID]]:
    """Open the summaries that the index does not have yet, as far as they are of the state in which the case is."""
    changed: dict[Place, tuple[int, Summary]] = {}
    broken: set[UUID] = set()
    default, opened = compartments().default, bunch.keys
    # Twenty thousand rows: ids as the database has them, no objects of models.
    rows = saved.values_list("case_id", "compartment", "version", "case__version", "sealed")
    for case, compartment, version, current, sealed in rows.iterator(_ROWS_AT_ONCE):
        place = (case, compartment)
        if (
            place not in opened
            or index.versions.get(place) == version
            or (compartment == default and version != current)
        ):
            continue
        try:
            summary = open_summary(opened[place], version, bytes(sealed))
        except Locked:
            broken.add(case)
            continue
        # One that was written before there were facets is summed up anew, from the whole case.
        if compartment != default or summary.facets is not None:
            changed[place] = (version, summary)
    return changed, broken


def _without_summary(bunch: Bunch, changed: Container[Place], index: Index) -> Iterable[tuple[UUID, int]]:
    """Give the cases that the index does not have in their present state, and whose summary did not say it."""
    default = compartments().default
    missing = [case for case, part in bunch.keys if part == default and (case, default) not in changed]
    files = CaseFile.objects.filter(shredded_at=None).values_list("id", "version")
    for at in range(0, len(missing), _ROWS_AT_ONCE):
        for case, version in files.filter(id__in=missing[at : at + _ROWS_AT_ONCE]):
            if index.versions.get((case, default)) != version:
                yield case, version


def _from_whole(keys: CaseKeys, version: int) -> dict[Place, tuple[int, Summary]]:
    """Sum up a case by opening it: one that was sealed before there were summaries, or whose summary is gone."""
    case = from_plain(put_together(store.read(keys, version).parts))
    return {(keys.case, part): (version, compose(case, part)) for part in keys.compartments}
