"""What a process that answers strangers cannot do to a database in a file, whatever statement got into it (W-16)."""

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connections
from django.db.backends.signals import connection_created

from desk import client_of
from desk_of_appeals import Office
from people import NOW
from tocsin.config import confining
from tocsin.publishing.queries import Wanted, list_shown

pytestmark = [pytest.mark.database("sqlite"), pytest.mark.usefixtures("frozen")]

EVERYWHERE = {
    "open another file": "ATTACH DATABASE '{file}' AS other",
    "write all of it to a file": "VACUUM INTO '{file}'",
    "make a table": "CREATE TABLE kept (words TEXT)",
    "hide a table behind a view": "CREATE TEMP VIEW journal_entry AS SELECT 1",
    "shadow a table": "CREATE TEMP TABLE journal_entry (number INTEGER)",
    "write into the schema": "PRAGMA writable_schema=ON",
    "let the schema run functions": "PRAGMA trusted_schema=ON",
    "leave what was deleted": "PRAGMA secure_delete=OFF",
    "wait for no disk": "PRAGMA synchronous=OFF",
    "keep no journal of the file": "PRAGMA journal_mode=OFF",
    "gather figures": "ANALYZE",
}

FORBIDDEN = {
    "default": {
        **EVERYWHERE,
        "drop a trigger of the journal": "DROP TRIGGER journal_entry_no_update",
        "drop a table": "DROP TABLE casework_casefile",
        "change a table": "ALTER TABLE journal_entry RENAME TO journal_before",
        "put a trigger of one's own": "CREATE TRIGGER forget BEFORE INSERT ON journal_entry BEGIN SELECT 1; END",
        "drop an index": "DROP INDEX journal_kinds_in_order",
        "drop the index of words": "DROP TABLE publishing_words",
    },
    "keys": {**EVERYWHERE, "drop the slots": "DROP TABLE vault_slot"},
}


@pytest.fixture
def confined() -> Iterator[None]:
    """Let this process be one that answers strangers."""
    confining.confine()
    try:
        yield
    finally:
        connection_created.disconnect(dispatch_uid="a process that answers strangers")
        for each in connections.all():
            each.connection.set_authorizer(None)


@pytest.mark.usefixtures("confined")
@pytest.mark.parametrize("database", ["default", "keys"])
def test_no_statement_makes_changes_or_opens_anything_but_rows(database: str, tmp_path: Path) -> None:
    # A connection of its own, which begins confined: some of these say something else inside a transaction.
    own = connections[database].copy()
    done = []
    try:
        with own.cursor() as cursor:
            for what, statement in FORBIDDEN[database].items():
                try:
                    cursor.execute(statement.format(file=tmp_path / "taken"))
                    done.append(what)
                except DatabaseError as error:
                    if "not authorized" not in str(error) and "authorization denied" not in str(error):
                        done.append(f"{what}: {error}")
    finally:
        own.close()
    assert done == []
    assert list(tmp_path.iterdir()) == []


def test_the_desk_and_the_public_site_do_their_work_all_the_same(office: Office, confined: None) -> None:
    office.release(office.approved())
    for who in (office.lead, office.first):
        client = client_of(who)
        for address in ("/", "/cases", f"/cases/{office.case}", "/journal", "/appeals"):
            assert client.get(address).status_code == 200, address
    assert list_shown(Wanted(words="Zarvania arbitrary"), 1, now=NOW).total == 1


@pytest.mark.parametrize("server", ["wsgi", "asgi", "wsgi_public", "wsgi_publishing"])
def test_every_process_that_answers_strangers_is_confined(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    confined = []
    monkeypatch.setattr(confining, "confine", lambda: confined.append(server))
    runpy.run_module(f"tocsin.config.{server}")
    assert confined == [server]
