"""Telling the journal and the main database what was done in the key store while they could not be written."""

from datetime import datetime

from django.db import DatabaseError, transaction

from tocsin.accounts import actions as accounts
from tocsin.casework import actions as casework
from tocsin.dispatch import halting
from tocsin.journal import actions as journal
from tocsin.vault import emergency


def settle(now: datetime) -> bool:
    """Write what is owed, and tell whether that was possible."""
    try:
        tell(now)
    except DatabaseError:
        return False
    return True


def tell(now: datetime) -> int:
    """Write what is owed, and tell how much it was. A crash in between writes an entry twice, never not.

    Raises:
        DatabaseError: if the main database cannot be written; all of it is owed still.
    """
    words, happened = emergency.owed()
    shredded = emergency.list_doomed(shredded=True)
    if not words and not shredded:
        return 0
    seconds = int(happened.timestamp()) if happened else 0
    with transaction.atomic():
        # First, since it may hold back what waits for its hour: whoever publishes waits for that before the journal.
        casework.write_down_shredded(shredded, "site.panic.shredded", now=now)
        for word in words:
            journal.record(None, f"site.panic.{word}", now=now, happened=seconds)
        if {"locked", "frozen"} & set(words):
            accounts.forget_sessions()
        if {"frozen", "lifted"} & set(words):
            halting.halt(now=now) if emergency.is_frozen() else halting.end()
    casework.erase_reports(now)
    emergency.told(words)
    emergency.settled(shredded)
    return len(words) + len(shredded)
