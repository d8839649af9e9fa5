"""Searching all of one's cases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.casework.models import CaseFile
from tocsin.casework.parts import compartments
from tocsin.casework.search import memory
from tocsin.casework.search.index import Index, Place
from tocsin.casework.search.opening import refresh
from tocsin.core.names import words_of
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault

MOST_SHOWN = 50


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


def search(actor: Actor, question: str, *, now: datetime, names: bool = False) -> Found:
    """Find the cases in which all words of a question begin a word of one compartment that the person may open.

    With `names`, those stand behind them that name somebody like the question, in whatever script or spelling.

    That something was searched is written down, and how much was found; not what was looked for.
    """
    demand(actor, "case.read", now=now)
    kept = memory.kept_for(actor.id)
    with kept.lock:
        refresh(actor, kept, now, names=names)
        # Names that differ by a figure alone are alike; who asks with one asks for that one.
        is_name = names and not any(map(str.isdigit, question))
        alike = list(kept.namesakes.find(question)) if is_name else []
        hits, more = _hits(actor, kept.index, words_of(question), alike, now)
        closed = len(kept.closed)
    with transaction.atomic():
        journal.record(actor.id, "casework.cases.searched", now=now, cases=len(hits))
    return Found(hits, more, closed)


def _hits(
    actor: Actor, index: Index, words: list[str], alike: Sequence[UUID], now: datetime
) -> tuple[tuple[Hit, ...], bool]:
    """Look into the index, and ask of each hit whether she may still open it."""
    hits: dict[UUID, Hit] = {}
    default = compartments().default
    found = chain(index.find(words), ((case, default) for case in alike))
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
