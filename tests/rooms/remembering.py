"""What many tests begin with is done once, and afterwards only its rows are laid down, in the transaction of each test.

Letting somebody join takes 140 statements, and most tests let one or two join. `Memory` does such a beginning the real
way when it is asked for the first time, reads all tables before and after, and next time puts the difference there. It
does so only where nothing else was written before, in the transaction of the test or in the databases of its own in
which commits are real; whoever has written anything goes the real way.
"""

from collections.abc import Callable, Hashable, Sequence
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, router, transaction

from tocsin.casework.search import memory as indexes
from two_databases import ALIASES

Given = TypeVar("Given")
Row = tuple[Any, ...]
Table = tuple[str, str]
_WRITTEN = {
    "sqlite": "SELECT total_changes()",
    # What PostgreSQL counts for this session; it sends off what transactions before wrote between two of them only.
    "postgresql": "SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
    " + pg_stat_get_xact_tuples_deleted(oid)) FROM pg_class WHERE relkind = 'r' AND relname NOT LIKE 'pg_%%'",
}
_WRITTEN_AND_COMMITTED = {
    "sqlite": _WRITTEN["sqlite"],
    # What was committed counts for the database, once the session has sent it off.
    "postgresql": "SELECT pg_stat_get_db_tuples_inserted(oid) + pg_stat_get_db_tuples_updated(oid)"
    " + pg_stat_get_db_tuples_deleted(oid) FROM pg_database WHERE datname = current_database()",
}


@dataclass(frozen=True)
class Change:
    """What happened to the rows of one table, each known by its first column that is its key."""

    columns: Sequence[str]
    key: int
    added: Sequence[Row]
    changed: Sequence[Row]
    gone: Sequence[Any]


@dataclass
class Beginning:
    """What was done, what it gave, and what was done after it."""

    given: Any = None
    changes: dict[Table, Change] = field(default_factory=dict)
    then: dict[Hashable, "Beginning"] = field(default_factory=dict)


class Memory:
    """The beginnings that tests on one kind of database have in common.

    Those in which commits are real have some of their own: what follows a commit was done in them, too.
    """

    def __init__(self, *, committed: bool) -> None:
        self._empty, self._committed = Beginning(), committed

    def of_a_test(self) -> "Remembering":
        """Begin at the beginning."""
        return Remembering(self._empty, committed=self._committed)


class Remembering:
    """How far a test has gone on a way that is remembered."""

    def __init__(self, at: Beginning, *, committed: bool) -> None:
        self._committed = committed
        rolled_back = all(connections[alias].in_atomic_block for alias in ALIASES)
        self._at: Beginning | None = at if committed != rolled_back else None
        self._written = written(committed=committed) if self._at else []
        # The same people come again in another test, and have looked for nothing there.
        indexes._kept.clear()

    def __call__(self, key: Hashable, act: Callable[[], Given]) -> Given:
        """Give what `act` gives, having done it or laid down what it left.

        Args:
            key: What is done, with everything that it depends on.
            act: Does it. What it gives is copied for each test, which may change it.
        """
        if self._at is None or written(committed=self._committed) != self._written:
            self._at = None
            return act()
        at = self._at
        if found := at.then.get(key):
            lay_down(found.changes)
        else:
            before = everything()
            found = Beginning(act())
            found.changes = changes_between(before, everything())
            at.then[key] = found
        self._at, self._written = found, written(committed=self._committed)
        given: Given = deepcopy(found.given)
        return given


def written(*, committed: bool) -> list[int]:
    """Count the rows that were written on each connection."""
    counts = []
    for alias in ALIASES:
        vendor = connections[alias].vendor
        with connections[alias].cursor() as cursor:
            if committed and vendor == "postgresql":
                cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute((_WRITTEN_AND_COMMITTED if committed else _WRITTEN)[vendor])
            counts.append(int(cursor.fetchone()[0]))
    return counts


def everything() -> dict[Table, tuple[list[str], int, dict[Any, Row]]]:
    """Read all rows of all tables of both databases: the names of the columns, which is the key, and the rows by it."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        alias, table = router.db_for_write(model), model._meta.db_table
        with connections[alias].cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            key = columns.index(model._meta.pk.column)
            found[alias, table] = columns, key, {row[key]: row for row in cursor.fetchall()}
    return found


def changes_between(before: dict[Table, Any], after: dict[Table, Any]) -> dict[Table, Change]:
    """Give what happened to each table in which anything did."""
    found = {}
    for table, (columns, key, rows) in after.items():
        old = before[table][2]
        added = [row for name, row in rows.items() if name not in old]
        changed = [row for name, row in rows.items() if name in old and old[name] != row]
        gone = [name for name in old if name not in rows]
        if added or changed or gone:
            found[table] = Change(columns, key, added, changed, gone)
    return found


def lay_down(changes: dict[Table, Change]) -> None:
    """Let the same happen to the tables again, in one transaction of each database."""
    with ExitStack() as stack:
        for alias in ALIASES:
            if not connections[alias].in_atomic_block:
                stack.enter_context(transaction.atomic(using=alias))
        _write(changes)
        _count_on(changes)


def _count_on(changes: dict[Table, Change]) -> None:
    """Let the counters of PostgreSQL go on behind the rows; a copy of the template has those of the template."""
    for alias in ALIASES:
        grown = [
            model
            for model in apps.get_models(include_auto_created=True)
            if (change := changes.get((alias, model._meta.db_table))) is not None and change.added
        ]
        with connections[alias].cursor() as cursor:
            for statement in connections[alias].ops.sequence_reset_sql(no_style(), grown):
                cursor.execute(statement)


def _write(changes: dict[Table, Change]) -> None:
    for (alias, table), change in changes.items():
        named = [f'"{column}"' for column in change.columns]
        with connections[alias].cursor() as cursor:
            if change.gone:
                marks = ", ".join(["%s"] * len(change.gone))
                cursor.execute(f'DELETE FROM "{table}" WHERE {named[change.key]} IN ({marks})', change.gone)
            if change.changed:
                values = ", ".join(f"{column} = %s" for column in named)
                rows = [(*row, row[change.key]) for row in change.changed]
                cursor.executemany(f'UPDATE "{table}" SET {values} WHERE {named[change.key]} = %s', rows)
            if change.added:
                marks = ", ".join(["(" + ", ".join(["%s"] * len(named)) + ")"] * len(change.added))
                values = [value for row in change.added for value in row]
                cursor.execute(f'INSERT INTO "{table}" ({", ".join(named)}) VALUES {marks}', values)
