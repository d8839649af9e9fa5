"""Who subscribed to the journal sees every entry once and in order, whatever dies on the way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from child import run_child
from people import NOW, waiting_in_tests
from tocsin.journal import actions, subscriptions
from tocsin.journal.models import Cursor, Entry

READ, SAVED = "casework.case.read", "casework.record.saved"
NAME = "tests.seen"


class Seen(list[int]):
    """Writes down the numbers of the entries it sees; fails at those it is told to fail at."""

    fails_at: int | None = None

    def __call__(self, entry: Entry) -> None:
        if entry.number == self.fails_at:
            raise ArithmeticError(entry.number)
        self.append(entry.number)


@pytest.fixture
def seen() -> Iterator[Seen]:
    seen = Seen()
    subscriptions.subscribe(NAME, {READ}, seen)
    yield seen
    subscriptions.unsubscribe(NAME)


def write(*kinds: str) -> None:
    for kind in kinds:
        actions.record(None, kind, uuid4(), now=NOW)


def test_a_subscriber_sees_entries_of_its_kinds_once_and_in_order(seen: Seen) -> None:
    write(READ, SAVED, READ, READ)
    assert waiting_in_tests() == {NAME: 3}
    assert subscriptions.deliver(NAME, now=NOW) == 3
    assert subscriptions.deliver(NAME, now=NOW) == 0
    write(READ)
    assert NAME in subscriptions.names()
    subscriptions.deliver(NAME, now=NOW)
    assert seen == [1, 3, 4, 5]
    assert waiting_in_tests() == {NAME: 0}


def test_what_fails_waits_and_is_not_passed_over(seen: Seen) -> None:
    write(READ, READ, READ)
    seen.fails_at = 2
    for times in (1, 2):
        with pytest.raises(ArithmeticError):
            subscriptions.deliver(NAME, now=NOW)
        cursor = Cursor.objects.get()
        assert (cursor.number, cursor.failures, cursor.worker) == (1, times, None)
    seen.fails_at = None
    subscriptions.deliver(NAME, now=NOW)
    assert (seen, Cursor.objects.get().failures) == ([1, 2, 3], 0)


def test_one_worker_at_a_time_until_its_lease_is_over(seen: Seen) -> None:
    write(READ)
    Cursor.objects.create(subscriber=NAME, worker=uuid4(), leased_until=NOW + subscriptions.LEASE)
    assert subscriptions.deliver(NAME, now=NOW) == 0
    assert subscriptions.deliver(NAME, now=NOW + subscriptions.LEASE - timedelta(seconds=1)) == 0
    assert subscriptions.deliver(NAME, now=NOW + subscriptions.LEASE) == 1
    assert seen == [1]


def test_a_worker_whose_lease_was_taken_over_acts_no_more(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    write(READ, READ)
    Cursor.objects.create(subscriber=NAME)
    first = subscriptions._next(subscriptions._subscribers[NAME])

    def late(_subscriber: subscriptions.Subscriber) -> list[Entry]:
        # While this one slept, another took the lease and did the work.
        monkeypatch.undo()
        Cursor.objects.update(worker=None)
        subscriptions.deliver(NAME, now=NOW)
        return first

    monkeypatch.setattr(subscriptions, "_next", late)
    subscriptions.deliver(NAME, now=NOW)
    assert seen == [1, 2]


def test_nobody_subscribes_under_the_name_of_another(seen: Seen) -> None:
    with pytest.raises(ValueError, match="already"):
        subscriptions.subscribe(NAME, {READ}, seen)


@pytest.mark.usefixtures("committed")
def test_an_entry_is_delivered_after_its_commit_and_never_without_one(seen: Seen) -> None:
    with transaction.atomic():
        write(READ)
        assert seen == []
    assert seen == [1]
    with pytest.raises(ArithmeticError), transaction.atomic():
        _write_and_fail()
    assert seen == [1]


def _write_and_fail() -> None:
    write(READ)
    raise ArithmeticError


@pytest.mark.usefixtures("committed")
def test_a_subscriber_that_fails_spoils_no_action(seen: Seen, caplog: pytest.LogCaptureFixture) -> None:
    seen.fails_at = 1
    other = Seen()
    subscriptions.subscribe("tests.z", {READ}, other)
    with transaction.atomic():
        write(READ)
    assert Entry.objects.count() == 1
    assert (seen, other) == ([], [1])
    assert waiting_in_tests() == {NAME: 1, "tests.z": 0}
    subscriptions.unsubscribe("tests.z")


@pytest.mark.usefixtures("committed")
def test_an_entry_wakes_only_whom_its_kind_concerns_and_what_failed_is_caught_up_with(seen: Seen) -> None:
    seen.fails_at = 1
    with transaction.atomic():
        write(READ)
    seen.fails_at = None
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        write(SAVED)
    assert (seen, [each["sql"] for each in asked if Cursor._meta.db_table in each["sql"]]) == ([], [])
    with transaction.atomic():
        write(READ)
    assert seen == [1, 3]


# Writes what it sees into a file outside the database, and dies at the second entry: before, within or after its work.
_DYING = """
from datetime import datetime
from tocsin.journal import subscriptions
moment, outside = sys.argv[1:]

def act(entry):
    if entry.number == 2 and moment == "before":
        os.kill(os.getpid(), 9)
    with open(outside, "a") as file:
        file.write(f"{entry.number}\\n")
    if entry.number == 2 and moment == "after":
        os.kill(os.getpid(), 9)

subscriptions.subscribe("tests.seen", {"casework.case.read"}, act)
subscriptions.deliver("tests.seen", now=datetime.fromisoformat("2026-11-25T12:00:00+00:00"))
"""


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(("moment", "twice"), [("before", []), ("after", [2])])
def test_a_worker_that_is_killed_loses_nothing_and_its_successor_goes_on(
    seen: Seen, tmp_path: Path, moment: str, twice: list[int]
) -> None:
    with transaction.atomic():
        for _ in range(4):
            # Recorded without delivering: the worker is to find them.
            write(READ)
        transaction.get_connection().run_on_commit.clear()
    outside = tmp_path / "outside"
    ended = run_child(_DYING, moment, str(outside))
    assert ended.returncode == -9, ended.stderr
    reached = [int(line) for line in outside.read_text().split()]
    assert subscriptions.deliver(NAME, now=NOW) == 0, "the dead worker's lease is not over"
    assert subscriptions.deliver(NAME, now=NOW + subscriptions.LEASE) == 3
    assert sorted({*reached, *seen}) == [1, 2, 3, 4], "at least once"
    assert [number for number in seen if number in reached] == twice, "again only what was under way"
