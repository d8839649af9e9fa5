"""The rows of a site's databases as frames, the same for SQLite and PostgreSQL, and back.

Rows are read and written by Django's own models: those of today when a backup is made, and those of the day of the
backup, by its migrations, when one is restored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from django.apps import apps
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model, QuerySet

from tocsin.accounts.models import Session
from tocsin.casework.models import EvidencePiece
from tocsin.core.errors import BadBackup, NewerBackup
from tocsin.dispatch.models import Halt, Mailer
from tocsin.operations.manifest import DATA, Migrations, Rows
from tocsin.operations.models import Duty
from tocsin.publishing.models import FinishedFile
from tocsin.vault.models import Emergency, Slot, StepKey, Vacancy

# What is not kept: sessions, which open nothing any more; what is of the present (what stops everything, who is at what
# duty, which mailers there are); finished files, which are made again of what was signed; the key of the journal's
# present step, which nobody may have twice; and free slots, which are made anew.
_NOT_KEPT = {Session, Emergency, Duty, StepKey, Vacancy, Mailer, FinishedFile, Halt}
_IN_ONE_FRAME = 500
# Of rows of about a megabyte.
_LARGE: dict[type[Model], int] = {EvidencePiece: 8}


def migrations_of(alias: str) -> Migrations:
    """Give the names of the migrations that were made in a database, by room."""
    found: Migrations = {}
    for room, name in sorted(MigrationRecorder(connections[alias]).applied_migrations()):
        found.setdefault(room, []).append(name)
    return found


@contextmanager
def snapshot(alias: str) -> Iterator[None]:
    """See a database as it stands at this moment, whatever others write meanwhile, and keep nobody from writing."""
    connection = connections[alias]
    words = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # A backup has time: where many write, SQLite lets whoever comes wait without any order.
            cursor.execute("PRAGMA busy_timeout=120000")
        cursor.execute(words)
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def dump(alias: str) -> Iterator[bytes]:
    """Give all rows of a database that are kept, inside a snapshot."""
    for model in apps.get_models():
        if model in _NOT_KEPT or str(getattr(model, "database", DATA)) != alias:
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        batch: list[list[Any]] = []
        most = _LARGE.get(model, _IN_ONE_FRAME)
        for row in _rows(model).values_list(*names).iterator(chunk_size=most):
            batch.append(list(row))
            if len(batch) == most:
                yield msgspec.msgpack.encode(Rows(model._meta.label, names, batch))
                batch = []
        if batch:
            yield msgspec.msgpack.encode(Rows(model._meta.label, names, batch))


def _rows(model: type[Model]) -> QuerySet[Model]:
    found = model._default_manager.order_by("pk")
    return found.exclude(taken_at=None) if model is Slot else found


class Loader:
    """Writes the rows of a backup into a database that has nothing yet."""

    def __init__(self, alias: str, migrations: Migrations) -> None:
        """Make the tables as they were on the day of the backup.

        Raises:
            NewerBackup: if this version of Tocsin does not know them.
        """
        self._alias = alias
        executor = MigrationExecutor(connections[alias])
        made = {(room, name) for room, names in migrations.items() for name in names}
        if unknown := made - set(executor.loader.graph.nodes):
            raise NewerBackup(f"this backup is of a later version of Tocsin ({'.'.join(min(unknown))})")
        parents = {parent.key for node in made for parent in executor.loader.graph.node_map[node].parents}
        self._targets = sorted(made - parents)
        executor.migrate(self._targets)
        self._models = executor.loader.project_state(self._targets).apps
        self._emptied: set[str] = set()

    def load(self, rows: Rows) -> None:
        """Write some rows; what the migrations put into the table is replaced.

        Raises:
            BadBackup: if there is no such table or column.
        """
        try:
            model = self._models.get_model(rows.model)
            if rows.model not in self._emptied:
                self._emptied.add(rows.model)
                model._default_manager.using(self._alias).all().delete()
            made = [model(**dict(zip(rows.fields, row, strict=True))) for row in rows.rows]
        except (LookupError, TypeError, ValueError) as error:
            raise BadBackup("this backup holds a table that does not fit") from error
        model._default_manager.using(self._alias).bulk_create(made)

    def finish(self) -> None:
        """Bring the tables to the present, and let counters go on behind the rows.

        Raises:
            BadBackup: if a row names another one that is not there.
        """
        connection = connections[self._alias]
        connection.check_constraints()
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        models = [model for model in apps.get_models() if str(getattr(model, "database", DATA)) == self._alias]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(_no_style(), models):
                cursor.execute(statement)


def _no_style() -> Any:
    from django.core.management.color import no_style  # noqa: PLC0415  loads much, for this alone

    return no_style()


def is_empty(alias: str) -> bool:
    """Tell whether a database has no table at all."""
    return not connections[alias].introspection.table_names()


@contextmanager
def all_or_nothing(alias: str) -> Iterator[None]:
    """Keep nothing in a database of PostgreSQL if something fails; files of SQLite are thrown away by the caller."""
    if connections[alias].vendor == "sqlite":
        yield
        return
    with transaction.atomic(using=alias):
        yield
