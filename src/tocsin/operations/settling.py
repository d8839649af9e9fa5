"""Telling the journal and the main database what was done in the key store while they could not be written."""

from datetime import datetime

from django.db import DatabaseError, transaction

from tocsin.accounts import actions as accounts
from tocsin.casework import actions as casework
from tocsin.journal import actions as journal
from tocsin.vault import emergency


def settle(now: datetime) -> bool:
    """Write what is owed, and tell whether that was possible. A crash in between writes an entry twice, never not."""
    words, happened = emergency.owed()
    shredded = emergency.list_doomed(shredded=True)
    if not words and not shredded:
        return True
    seconds = int(happened.timestamp()) if happened else 0
    try:
        with transaction.atomic():
            for word in words:
                journal.record(None, f"site.panic.{word}", now=now, happened=seconds)
            if {"locked", "frozen"} & set(words):
                accounts.forget_sessions()
            casework.write_down_shredded(shredded, now=now)
    except DatabaseError:
        return False
    emergency.told(words)
    emergency.settled(shredded)
    return True
