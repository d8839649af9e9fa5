"""What a process that answers strangers may ask of SQLite: rows, and nothing that makes or opens anything else.

Whoever gets a statement of her own into such a process finds no way to another file, to a table's end, or round the
triggers that keep the journal. On PostgreSQL the role of the process says the same (`docs/postgresql-*-role.sql`).
"""

import sqlite3
from typing import Any, Final

from django.db import connections
from django.db.backends.signals import connection_created

_ROWS: Final = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
    }
)
# The index of words is looked into by a table of the connection's own, which is gone with it (`publishing.search`).
_OF_ITS_OWN: Final = frozenset({sqlite3.SQLITE_CREATE_VTABLE, sqlite3.SQLITE_DROP_VTABLE})
# What the doctor asks how it stands, and the index whether it was changed.
_TOLD: Final = frozenset({"journal_mode", "synchronous", "secure_delete", "trusted_schema", "data_version"})


def confine() -> None:
    """Let the connections of this process do no more than that, those that are open too."""
    connection_created.connect(_confine, dispatch_uid="a process that answers strangers")
    for each in connections.all(initialized_only=True):
        if each.connection is not None:
            _confine(connection=each)


def _confine(*, connection: Any, **_: object) -> None:
    if connection.vendor == "sqlite" and not getattr(connection.connection, "is_confined", False):
        connection.connection.set_authorizer(_permit)
        if hasattr(connection.connection, "is_confined"):
            connection.connection.is_confined = True


def _permit(action: int, first: str | None, second: str | None, database: str | None, _by: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        # With a second word it would be set.
        permitted = first in _TOLD and second is None
    else:
        permitted = action in _ROWS or (action in _OF_ITS_OWN and database == "temp")
    return sqlite3.SQLITE_OK if permitted else sqlite3.SQLITE_DENY
