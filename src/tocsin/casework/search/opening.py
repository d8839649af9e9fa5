"""Opening what a person holds, for the lists and searches of her session: all of it once, then what changed.

With 20,000 cases that takes longer than a page may. A page opens as many as it has time for and says how far it is
(`StillOpening`, shown by `while_opening`); the next one goes on from there, whichever of her pages that is. Nobody
opens anything between two pages, so that nothing goes on when she has signed out. Whoever asks for a name has the names
in them sorted in after that, in the same way.
"""

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from time import thread_time
from typing import Final
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
from tocsin.core.errors import Locked, StillOpening
from tocsin.core.records import from_plain
from tocsin.journal import actions as journal
from tocsin.vault import bulk
from tocsin.vault import queries as vault
from tocsin.vault.bulk import Bunch
from tocsin.vault.models import Grant
from tocsin.vault.opened import CaseKeys

# What a page has left of the 300 ms that it may take, in time of the processor: on a busy machine each page costs as
# much more as its opening does, and more pages would make it busier. Cases whose boxes were never opened take four
# times as long as the others, and so many of them fill it.
PATIENCE_SECONDS = 0.1
AT_ONCE = 500
# A page that shows something of so many has no time left to open any.
_MANY: Final = 5000
# A save is stamped with the time at which its request began, and seen when it is committed.
_SLOWEST_SAVE = timedelta(minutes=5)
_IN_ONE_QUERY: Final = 5000


def open_all(actor: Actor, *, now: datetime, adopt: bool = False, names: bool = False) -> None:
    """See that all cases of a person are open, before a page does or writes down anything else.

    Raises:
        StillOpening: as in `refresh`.
    """
    demand(actor, "case.read", now=now)
    kept = memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now, adopt=adopt, names=names)


def refresh(actor: Actor, kept: memory.Kept, now: datetime, *, adopt: bool = True, names: bool = False) -> None:
    """Take in what was saved and granted since the index was brought up to date; all of it, the first time.

    To be called with the lock of what is kept.

    Args:
        actor: Whose index it is.
        kept: The index.
        now: The time by which grants hold.
        adopt: As in `bulk.open_cases`.
        names: Whether somebody is going to be looked for by name.

    Raises:
        StillOpening: if there is more to open than a page has time for. What is in the index then is some of what she
            holds: nothing may be said of the whole. That they were opened is journalled.
    """
    until = kept.until or _open_all(actor, kept, now, adopt=adopt)
    recent = sorted(_cases_since(actor, until - _SLOWEST_SAVE, now))
    for at in range(0, len(recent), _IN_ONE_QUERY):
        _take_in(actor, kept, Q(case__in=recent[at : at + _IN_ONE_QUERY]), now, adopt=adopt)
    kept.until = now
    if names:
        _sort_names(kept)


def _sort_names(kept: memory.Kept) -> None:
    """Sort in the names of those cases that are new or changed, as long as there is time."""
    ends = thread_time() + PATIENCE_SECONDS
    while left := kept.namesakes.take(kept.index.summaries, kept.index.versions, AT_ONCE):
        if thread_time() > ends:
            held = sum(compartment == compartments().default for _case, compartment in kept.index.versions)
            raise StillOpening(held - left, held, is_sorting=True)


def _open_all(actor: Actor, kept: memory.Kept, now: datetime, *, adopt: bool) -> datetime:
    """Open what is not open yet, in the order of ids, as long as there is time; give when that began."""
    held = vault.list_grants(now, holder=actor.id).filter(_of_cases())
    opening = kept.opening or memory.Opening(now, held.values("case").distinct().count())
    before, ends = opening.opened, thread_time() + PATIENCE_SECONDS
    while kept.until is None:
        ahead = Q(case__gte=opening.reached) if opening.reached else Q()
        beyond = held.filter(ahead).order_by("case").values_list("case", flat=True).distinct()[AT_ONCE : AT_ONCE + 1]
        reached = next(iter(beyond), None)
        opened = _take_in(actor, kept, ahead & Q(case__lt=reached) if reached else ahead, now, adopt=adopt)
        kept.opening = opening = replace(opening, reached=reached, opened=opening.opened + opened)
        if reached is None:
            # Whatever came since the first page began to open is looked for like all that comes later.
            kept.until, kept.opening = opening.since, None
        late = thread_time() > ends or (reached is None and opening.opened > _MANY)
        if opening.opened > AT_ONCE and late:
            with transaction.atomic():
                journal.record(actor.id, "casework.cases.opened", now=now, cases=opening.opened - before)
            raise StillOpening(opening.opened, opening.held)
    return opening.since


def _take_in(actor: Actor, kept: memory.Kept, wanted: Q, now: datetime, *, adopt: bool) -> int:
    """Take in those of her cases whose grants are wanted, as far as they changed; give how many these are."""
    wanted &= _of_cases()
    bunch = bulk.open_cases(actor.ring, wanted, now, adopt=adopt)
    held = vault.list_grants(now, holder=actor.id).filter(wanted)
    changed, broken = _open_summaries(held, bunch, kept.index)
    for case, version in _without_summary(bunch, changed, kept.index):
        keys = {compartment: keys for (of, compartment), keys in bunch.keys.items() if of == case}
        try:
            changed |= _from_whole(CaseKeys(case, keys), version)
        except Locked:
            broken.add(case)
    opened = {case for case, _ in bunch.keys}
    kept.index.put(changed)
    kept.closed = (kept.closed - opened) | broken | bunch.closed
    return len(opened | bunch.closed)


def _of_cases() -> Q:
    """Leave out grants of reports, mails and the names of colleagues."""
    return Q(compartment__in=compartments().words)


def _cases_since(actor: Actor, since: datetime, now: datetime) -> set[UUID]:
    """Give the cases that were saved or granted since."""
    # By the time alone, which has an index; few were given to anybody within minutes.
    granted = vault.list_grants(now).filter(given_at__gte=since).values_list("holder", "case")
    saved = CaseSummary.objects.filter(saved_at__gte=since)
    return {case for holder, case in granted if holder == actor.id} | set(saved.values_list("case", flat=True))


def _open_summaries(
    held: QuerySet[Grant], bunch: Bunch, index: Index
) -> tuple[dict[Place, tuple[int, Summary]], set[UUID]]:
    """Open the summaries that the index does not have yet, as far as they are of the state in which the case is."""
    changed: dict[Place, tuple[int, Summary]] = {}
    broken: set[UUID] = set()
    default, opened = compartments().default, bunch.keys
    saved = CaseSummary.objects.filter(case__shredded_at=None, case__in=held.values("case"))
    # Ids as the database has them, no objects of models, of which twenty thousand take long.
    rows = saved.values_list("case_id", "compartment", "version", "case__version", "sealed")
    for case, compartment, version, current, sealed in rows:
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


def _without_summary(bunch: Bunch, changed: Container[Place], index: Index) -> Iterator[tuple[UUID, int]]:
    """Give the cases that the index does not have in their present state, and whose summary did not say it."""
    default = compartments().default
    missing = [case for case, part in bunch.keys if part == default and (case, default) not in changed]
    files = CaseFile.objects.filter(shredded_at=None, id__in=missing)
    for case, version in files.values_list("id", "version"):
        if index.versions.get((case, default)) != version:
            yield case, version


def _from_whole(keys: CaseKeys, version: int) -> dict[Place, tuple[int, Summary]]:
    """Sum up a case by opening it: one that was sealed before there were summaries, or whose summary is gone."""
    case = from_plain(put_together(store.read(keys, version).parts))
    return {(keys.case, part): (version, compose(case, part)) for part in keys.compartments}
