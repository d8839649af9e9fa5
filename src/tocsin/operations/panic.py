"""Stopping everything: what must work on a full disk, without the main database, and within seconds."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError, connections, transaction

from tocsin.casework import actions as casework
from tocsin.core.errors import Unreachable
from tocsin.intake import queries as reports
from tocsin.journal import actions as journal
from tocsin.operations import ballast
from tocsin.operations.settling import settle
from tocsin.vault import emergency

_WAIT_SECONDS = 1


def wait_little() -> None:
    """Let no database keep us waiting, before anything is asked of them: one that hangs may be why we are here."""
    for alias in ("default", "keys"):
        connection = connections[alias]
        connection.close()
        options = connection.settings_dict["OPTIONS"] = dict(connection.settings_dict["OPTIONS"])
        if connection.vendor == "sqlite":
            options["timeout"] = _WAIT_SECONDS
        else:
            options["connect_timeout"] = _WAIT_SECONDS
            options["options"] += f" -c lock_timeout={_WAIT_SECONDS}s"


def stop(action: Callable[[datetime], object], directory: Path, *, now: datetime) -> bool:
    """Do one of the actions of `emergency`; tell whether the journal could be told of it at once.

    Raises:
        Unreachable: if not even the key store can be changed; nothing was done then.
    """
    try:
        action(now)
    except DatabaseError as error:
        raise Unreachable(
            "the key store cannot be changed", where="keys", hint="stop every process of the site and repeat"
        ) from error
    return settle(now) or (ballast.free_if_full(directory) and settle(now))


def shred(_now: datetime) -> None:
    """Shred the cases on the list."""
    emergency.shred_doomed()


def choose(cases: Iterable[UUID], *, now: datetime) -> None:
    """Put cases on the list of those that an emergency shreds, with the reports that went into them.

    Raises:
        BadRequest: if there is no such case; the list stays as it was.
    """
    chosen = casework.existing(cases)
    journal.announce(None, "site.panic.begun", now=now)
    with transaction.atomic():
        for case in chosen:
            journal.record(None, "site.panic.chosen", case, now=now)
        emergency.doom(chosen)
        # After their cases: what goes into one meanwhile follows by itself. Nobody takes one out before the end.
        went = reports.went_into(chosen).select_for_update().values_list("id", "case")
        emergency.follow({report: case for report, case in went if case})


def spare(cases: Iterable[UUID], *, now: datetime) -> int:
    """Take cases from the list; tell how many."""
    journal.announce(None, "site.panic.begun", now=now)
    with transaction.atomic():
        listed = set(emergency.list_doomed(shredded=False)) & set(cases)
        for case in sorted(listed):
            journal.record(None, "site.panic.spared", case, now=now)
        return emergency.spare(listed)
