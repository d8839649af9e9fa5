"""Where indexes are kept: in the memory of this worker, for people whose sessions are open, and nowhere else.

An index goes when a session of its person ends in this worker (lock, signing out, another sign-in). Of what happens in
other workers, and of sessions that nobody ends, a watch that runs while anything is kept learns within half a minute.
Python cannot overwrite the memory that it frees: whoever reads the memory of the host reads what was in it.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connections
from django.utils import timezone

from tocsin.accounts.actions import IDLE, LONGEST
from tocsin.accounts.models import Session
from tocsin.casework.search.holdings import Holdings
from tocsin.casework.search.index import Index
from tocsin.casework.search.namesakes import Namesakes

WATCH_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """How far the cases of a person are opened: of so many so many, since when, and from which id on not yet."""

    since: datetime
    held: int
    opened: int = 0
    reached: UUID | None = None


class Kept:
    """The index of one person, and up to when it is up to date; who uses it holds the lock."""

    def __init__(self) -> None:
        self.index, self.until, self.lock = Index(), None, threading.Lock()
        self.opening: Opening | None = None
        self.closed: frozenset[UUID] = frozenset()
        self.namesakes = Namesakes()
        self._written: tuple[object, ...] = ()
        self._holdings = Holdings(frozenset(), self.index)

    def holdings(self, held: frozenset[str], merged: Mapping[UUID, UUID]) -> Holdings:
        """Give what is known of the cases that a person may open now.

        Args:
            held: The cases whose facts she may open, as the database writes their ids, with hyphens or without: to read
                twenty thousand of them takes longer than all the rest, and nearly always they are as before, and
                nearly all of them in the index.
            merged: Cases that are pointers, with those that took them in.
        """
        written = (held, merged, self.index.changes)
        if written != self._written:
            known = {case.hex: case for case, _ in self.index.summaries}
            cases = {known.get(each.replace("-", "")) or UUID(each) for each in held}
            # A case that was merged stands in the list as long as one may not open the one that took it in.
            gone = {each for each, into in merged.items() if into in cases}
            self._written, self._holdings = written, Holdings(frozenset(cases - gone), self.index)
        return self._holdings

    until: datetime | None


_kept: dict[UUID, Kept] = {}
_lock = threading.Lock()
_watch: list[threading.Thread] = []


def kept_for(account: UUID) -> Kept:
    """Give the index of a person, an empty one if she has none."""
    with _lock:
        kept = _kept.setdefault(account, Kept())
        if not (_watch and _watch[0].is_alive()):
            _watch[:] = [threading.Thread(target=_watching, name="search-watch", daemon=True)]
            _watch[0].start()
    return kept


def is_kept(account: UUID) -> bool:
    """Tell whether there is an index of a person in this worker."""
    return account in _kept


def drop(account: UUID) -> None:
    """Forget the index of a person."""
    with _lock:
        _kept.pop(account, None)


def session_ended(instance: Session, **_signal: Any) -> None:
    """Forget the index of a person one of whose sessions is deleted (a receiver of Django's `post_delete`)."""
    drop(instance.account_id)


def sweep(now: datetime) -> None:
    """Forget the indexes of people without an open session."""
    live = Session.objects.filter(seen_at__gt=now - IDLE, opened_at__gt=now - LONGEST, account__disabled_at=None)
    for account in set(_kept) - set(live.values_list("account", flat=True)):
        drop(account)


def _watching() -> None:
    while True:
        threading.Event().wait(WATCH_SECONDS)
        try:
            sweep(timezone.now())
        except DatabaseError:
            # Nobody can say who is signed in: nothing stays.
            _kept.clear()
        finally:
            connections.close_all()
        with _lock:
            if not _kept:
                _watch.clear()
                return
