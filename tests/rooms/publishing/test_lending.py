"""Connections that requests borrow: one after the other, none from another database, and none for long."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.backends.signals import connection_created
from django.db.utils import ConnectionHandler

from tocsin.config import confining, lending
from tocsin.config.databases import databases
from tocsin.config.site import Database
from tocsin.publishing import asking, hours

Opened = Callable[..., Any]


class Monotonic:
    """A clock that the test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Monotonic]:
    clock = Monotonic()
    monkeypatch.setattr(lending, "clock", clock)
    lending.close_all()
    yield clock
    lending.close_all()


def opened(settings: dict[str, Any]) -> Any:
    backend = ConnectionHandler({"default": lending.lent(settings)}).create_connection("default")
    backend.ensure_connection()
    return backend


def test_a_connection_is_lent_to_one_request_after_the_other_for_some_seconds(clock: Monotonic) -> None:
    first = opened(connection.settings_dict)
    raw = first.connection
    first.close()
    second, third = opened(connection.settings_dict), opened(connection.settings_dict)
    assert second.connection is raw
    assert third.connection is not raw
    third.cursor().execute("BEGIN")
    third.close()
    assert not lending._kept, "who left a transaction open gives nothing back"
    clock.seconds = lending.LONGEST_SECONDS - 1
    second.close()
    # A process that makes files is a fork of one that has read: none of both reads where the other does.
    forked = os.fork()
    if not forked:
        os._exit(len(lending._kept))
    assert os.waitpid(forked, 0)[1] == 0
    late = opened(connection.settings_dict)
    late.close()
    clock.seconds += lending.LONGEST_SECONDS
    fresh = opened(connection.settings_dict)
    with fresh.cursor() as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)
    clock.seconds += lending.LONGEST_SECONDS
    fresh.close()
    assert not lending._kept, "what is old is not kept for the next"


@pytest.mark.database("sqlite")
def test_what_is_half_read_hides_nothing_for_longer_than_that(clock: Monotonic, tmp_path: Path) -> None:
    one, other = (
        databases(Database(path=tmp_path / name), Database(path=tmp_path / "keys.db"))["default"]
        for name in ("one.db", "other.db")
    )
    writing = opened(one)
    with writing.cursor() as cursor:
        cursor.execute("CREATE TABLE shown (slug TEXT)")
        cursor.executemany("INSERT INTO shown VALUES (%s)", [["retracted"]] * 1_000)
    reading = opened(one)
    # An answer that somebody left in the middle keeps what it began to read.
    half = reading.connection.execute("SELECT slug FROM shown")
    half.fetchone()
    reading.close()
    with writing.cursor() as cursor:
        cursor.execute("DELETE FROM shown")
    clock.seconds = lending.LONGEST_SECONDS
    late = opened(one)
    assert late.connection.execute("SELECT count(*) FROM shown").fetchone() == (0,)
    late.close()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        opened(other).connection.execute("SELECT slug FROM shown")


@pytest.mark.database("sqlite")
def test_a_connection_that_is_lent_stays_confined(clock: Monotonic) -> None:
    before = opened(connection.settings_dict)
    before.close()
    connection_created.connect(confining._confine)
    try:
        for _ in range(3):
            lent = opened(connection.settings_dict)
            assert lent.connection.is_confined
            with pytest.raises(DatabaseError, match="not authorized"), lent.cursor() as cursor:
                cursor.execute("CREATE TABLE elsewhere (word TEXT)")
            lent.close()
    finally:
        connection_created.disconnect(confining._confine)


@pytest.mark.database("postgresql")
def test_a_connection_that_its_server_ended_is_lent_to_nobody(clock: Monotonic) -> None:
    first = opened(connection.settings_dict)
    number = first.connection.info.backend_pid
    first.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    second = opened(connection.settings_dict)
    assert second.connection.info.backend_pid != number
    second.close()


def test_a_compiled_question_is_filled_in_anew_each_time() -> None:
    for code in ("' OR '1'='1", "%s", "XZV 001 / 0106 / OBS 001"):
        assert asking.chain_of(code) == (0, {})
    assert hours.number() == hours.number()
