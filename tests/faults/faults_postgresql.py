"""The line to PostgreSQL is cut at each request, or the server killed, while a site does what it does and takes mail.

The server is one of its own, with `fsync` on. Whoever hears an error may repeat what she did: it is done once then.
`FAULT_EVERY` says at which requests the server is killed besides commits: every seventh; every one takes a quarter of
an hour. `FAULT_STEP` says at which the line is cut: every one (1), or every third, others each day.
"""

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cut_line import SOCKET, Line, kill_all
from django.db import Error, close_old_connections, connections
from own_server import own_server
from pytest_django.plugin import DjangoDbBlocker
from site_at_work import DEEDS, World, close, found, must_hold, with_new_cases

from child import STEP, one_by_one
from desk import signed_in
from people import NOW
from tocsin.accounts import door
from tocsin.accounts.actions import NewAccount
from tocsin.core.errors import BadRequest, NotAllowed
from two_databases import PostgreSQL, Server, patiently, point_at

MOST = 400
EVERY = int(os.environ.get("FAULT_EVERY", "7"))


@dataclass
class Site:
    """A site on a server that can be reached directly and by way of a line."""

    server: Server
    directly: dict[str, Any]
    world: World
    line: Line

    def through_the_line(self) -> dict[str, Any]:
        return {alias: {**each, "HOST": str(self.line.host)} for alias, each in self.directly.items()}

    def start_again(self) -> None:
        """Start the server that was killed; what it left to say that it runs counts while nobody buried its process."""
        for left in ("postmaster.pid", f"{SOCKET}.lock"):
            (Path(self.directly["default"]["HOST"]) / left).unlink(missing_ok=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            patiently(self.server.ensure_postgres_running)


@pytest.fixture(scope="module")
def site(django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="tocsin-line-") as host, django_db_blocker.unblock():
        server = own_server("faults")
        try:
            maker = PostgreSQL(server, "faults", durable=True)
            directly = maker.template()
            line = Line(Path(host), Path(directly["default"]["HOST"]), lambda: kill_all(server.get_pid()))
            yield Site(server, directly, found(directly), line)
            line.close()
            close()
        finally:
            server.cleanup()


@pytest.fixture
def world(site: Site) -> World:
    point_at(site.directly)
    return with_new_cases(site.world)


def tried(site: Site, world: World, deed: str) -> set[str]:
    """Do something by way of the line; give what was acknowledged. Whoever is told nothing is told of the database."""
    try:
        DEEDS[deed](world)
    except Error:
        return set()
    return {deed}


def repeat(world: World, deed: str) -> None:
    """Do it again, as whoever was told of an error may; what was done after all is not done twice."""
    # What Django does before each request.
    close_old_connections()
    try:
        DEEDS[deed](world)
    except (BadRequest, NotAllowed):
        assert deed in {"give", "end"}


def test_the_server_waits_for_the_disk(site: Site) -> None:
    point_at(site.directly)
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone() == ("on",)


@pytest.mark.parametrize(
    ("how", "then"), [("unsent", "repeated"), ("unanswered", "repeated"), ("unanswered", "looked at")]
)
@pytest.mark.parametrize("deed", DEEDS)
def test_cut_at_each_request_a_site_is_whole_and_what_was_tried_can_be_repeated(
    site: Site, deed: str, how: Any, then: str
) -> None:
    told = 0
    for at in one_by_one(MOST):
        point_at(site.directly)
        world = with_new_cases(site.world)
        point_at(site.through_the_line())
        site.line.break_at(at, how)
        acknowledged = tried(site, world, deed)
        happened = site.line.happened
        assert happened or acknowledged
        told += not acknowledged
        if then == "repeated" and not acknowledged:
            repeat(world, deed)
            acknowledged = {deed}
        point_at(site.directly)
        try:
            must_hold(world, acknowledged)
        except Exception as error:
            raise AssertionError(f"{how}: cut at request {at} of {deed}") from error
        if not happened:
            break
    else:
        pytest.fail("it never got through")
    assert told * STEP > 5, "nobody was told of a cut"
    print(f"{deed}: cut up to request {at}, {how}, {then}; {told} times the person was told")


def test_cut_at_each_request_a_page_says_that_the_database_cannot_be_reached(
    site: Site, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)
    client = signed_in(NewAccount(world.lead, "", b""))
    client.raise_request_exception = False
    point_at(site.through_the_line())
    statuses: list[int] = []
    while not statuses or site.line.happened:
        site.line.break_at(len(statuses) + 1, "unanswered")
        close_old_connections()
        given = client.get(f"/cases/{world.case}")
        statuses.append(given.status_code)
        assert ("The database cannot be reached" in given.content.decode()) == (given.status_code == 503)
    *cut, whole = statuses
    assert whole == 200
    assert set(cut) <= {200, 503}
    assert cut.count(503) > 10
    print(f"a case: {cut.count(503)} of {len(cut)} pages said that the database cannot be reached")


def killed_at(site: Site, deed: str, at: int, kind: bytes = b"") -> bool:
    """Kill the server at a request, start it again and look at the site; tell whether there was such a request."""
    point_at(site.directly)
    world = with_new_cases(site.world)
    point_at(site.through_the_line())
    site.line.break_at(at, "killed", kind)
    acknowledged = tried(site, world, deed)
    happened = site.line.happened
    if happened:
        site.line.wait_until_killed()
    else:
        # It was acknowledged, and the server dies in the next moment.
        assert acknowledged
        kill_all(site.server.get_pid())
    close()
    site.start_again()
    point_at(site.directly)
    try:
        must_hold(world, acknowledged)
    except Exception as error:
        raise AssertionError(f"killed at request {at} of {deed} {kind.decode()}") from error
    return happened


@pytest.mark.parametrize("deed", DEEDS)
def test_killed_a_server_comes_back_with_all_that_was_acknowledged(site: Site, deed: str) -> None:
    commits = next(at for at in itertools.count(1) if not killed_at(site, deed, at, b"COMMIT"))
    # Taking a mail is ten requests: the first of these is early enough for it.
    others = next(at for at in itertools.count() if not killed_at(site, deed, 1 + EVERY // 4 + at * EVERY))
    assert commits > 1
    assert others
    print(f"{deed}: killed at {commits - 1} commits, at {others} other requests, and when it was done")


def test_the_control_a_commit_that_does_not_wait_for_the_disk_is_lost(site: Site, world: World) -> None:
    hurried = {
        alias: {**each, "OPTIONS": {"options": "-c synchronous_commit=off"}} for alias, each in site.directly.items()
    }
    ask(site, "ALTER SYSTEM SET wal_writer_delay = '10s'", "SELECT pg_reload_conf()")
    point_at(hurried)
    DEEDS["save"](world)
    kill_all(site.server.get_pid())
    close()
    site.start_again()
    ask(site, "ALTER SYSTEM RESET wal_writer_delay", "SELECT pg_reload_conf()")
    point_at(site.directly)
    with pytest.raises(AssertionError):
        must_hold(world, {"save"})


def test_the_control_what_is_acknowledged_before_it_is_done_is_noticed(site: Site, world: World) -> None:
    point_at(site.through_the_line())
    site.line.break_at(1, "unsent")
    assert tried(site, world, "save") == set()
    point_at(site.directly)
    with pytest.raises(AssertionError):
        must_hold(world, {"save"})


def ask(site: Site, *questions: str) -> None:
    point_at(site.directly)
    with connections["default"].cursor() as cursor:
        for question in questions:
            cursor.execute(question)
