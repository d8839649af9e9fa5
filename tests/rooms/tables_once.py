"""The tables of a restored site are made by the migrations once a worker and kind of database, and then repeated.

To restore makes the tables of both databases anew by all migrations, which draw every model again and again: that is
two seconds of the processor, and tests restore some hundred times. What the first time left is copied in SQLite, and
what it said to PostgreSQL is said again. Whoever asks for other tables, or has some already, goes the real way.
"""

import sqlite3
from collections.abc import Callable, Hashable
from typing import Any, ClassVar

from django.db.migrations.executor import MigrationExecutor

Statement = tuple[str, Any]


class OnceMade(MigrationExecutor):
    """Takes the place of Django's own where a backup is restored."""

    _in_sqlite: ClassVar[dict[Hashable, sqlite3.Connection]] = {}
    _in_postgresql: ClassVar[dict[Hashable, list[Statement]]] = {}

    def migrate(self, targets: Any, *arguments: Any, **words: Any) -> Any:
        """Make the tables, or repeat what making them did."""
        if arguments or words or self.loader.applied_migrations:
            return super().migrate(targets, *arguments, **words)
        wanted = self.connection.alias, tuple(targets)
        repeat = self._copied if self.connection.vendor == "sqlite" else self._said_again
        return repeat(wanted, lambda: super(OnceMade, self).migrate(targets))

    @classmethod
    def forget(cls) -> None:
        """Forget what was made."""
        for made in cls._in_sqlite.values():
            made.close()
        cls._in_sqlite.clear()
        cls._in_postgresql.clear()

    def _copied(self, wanted: Hashable, make: Callable[[], Any]) -> Any:
        self.connection.ensure_connection()
        if made := self._in_sqlite.get(wanted):
            made.backup(self.connection.connection)
            return None
        state = make()
        made = self._in_sqlite[wanted] = sqlite3.connect(":memory:")
        self.connection.connection.backup(made)
        return state

    def _said_again(self, wanted: Hashable, make: Callable[[], Any]) -> Any:
        if said := self._in_postgresql.get(wanted):
            with self.connection.cursor() as cursor:
                for statement in said:
                    cursor.execute(*statement)
            return None
        said = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not sql.lstrip().upper().startswith("SELECT"):
                said.append((sql, params))
            return execute(sql, params, many, context)

        with self.connection.execute_wrapper(note):
            state = make()
        self._in_postgresql[wanted] = said
        return state
