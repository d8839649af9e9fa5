"""What can be wrong with a site before it is served."""

import io

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tocsin.adapters.outlets import demand_faces
from tocsin.core.errors import BrokenJournal, MissingFont
from tocsin.journal.queries import verify


def findings() -> list[str]:
    """Say what is wrong, a line for each."""
    return settings_findings() or _journal()


def settings_findings() -> list[str]:
    """Say what is wrong with settings and tables, a line for each."""
    unmade = [alias for alias in ("default", "keys") if _has_migrations_to_run(alias)]
    if unmade:
        return [f"{alias}: tables are missing or of another version (tocsin site upgrade)" for alias in unmade]
    return _django() + _faces()


def count_journal() -> int:
    """Give the number of entries in the journal."""
    return verify()


def _has_migrations_to_run(alias: str) -> bool:
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _django() -> list[str]:
    said = io.StringIO()
    try:
        call_command("check", deploy=not settings.SITE.is_demonstration, fail_level="WARNING", stdout=said, stderr=said)
    except SystemCheckError as error:
        return str(error).splitlines()
    return []


def _faces() -> list[str]:
    try:
        demand_faces()
    except MissingFont as error:
        return [f"{error}: without it no appeal has a PDF or a share card"]
    return []


def _journal() -> list[str]:
    try:
        verify()
    except BrokenJournal as error:
        return [str(error)]
    return []
