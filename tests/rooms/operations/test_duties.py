"""Several workers share the work: a duty is done by one of them when it is due, and by another when that one dies."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from child import run_child
from people import NOW, waiting_in_tests
from tocsin.core.errors import BrokenJournal
from tocsin.journal import actions, subscriptions
from tocsin.journal.models import Cursor, Entry
from tocsin.operations import duties, sweeping
from tocsin.operations.duties import LEASE, Task
from tocsin.operations.models import Duty
from tocsin.operations.sweeping import Swept, sweep

pytestmark = pytest.mark.usefixtures("committed")
READ = "casework.case.read"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Work(list[datetime]):
    """A duty that writes down when it was done, and fails while it is told to."""

    fails: Exception | None = None

    def __call__(self, _directory: Path, now: datetime) -> int:
        if self.fails:
            raise self.fails
        self.append(now)
        return len(self)

    def task(self, every: timedelta = HOUR) -> Task:
        return Task("tests.work", every, self, "pieces of work")


def perform(task: Task, directory: Path, *, now: datetime, at_once: bool = False) -> int | None:
    worker = duties.take(task, now=now, at_once=at_once)
    return worker and duties.perform(task, worker, directory, now=now)


@pytest.fixture
def work() -> Work:
    return Work()


def test_a_duty_rests_until_it_is_due_or_wanted_at_once(work: Work, tmp_path: Path) -> None:
    task = work.task()
    times = [NOW, NOW, NOW + HOUR - MINUTE, NOW + HOUR, NOW + 3 * HOUR]
    assert [perform(task, tmp_path, now=now) for now in times] == [1, None, None, 2, 3]
    assert perform(task, tmp_path, now=times[-1], at_once=True) == 4
    assert Duty.objects.get().done_at == times[-1]


@pytest.mark.parametrize("at_once", [False, True])
def test_what_one_worker_is_at_no_other_does_until_the_first_is_taken_for_dead(
    work: Work, tmp_path: Path, at_once: bool
) -> None:
    Duty.objects.create(name="tests.work", worker=uuid4(), leased_until=NOW + LEASE)
    late = NOW + LEASE - MINUTE
    assert [perform(work.task(), tmp_path, now=now, at_once=at_once) for now in (NOW, late)] == [None, None]
    assert duties.is_at_work("tests.work", late)
    assert not duties.is_at_work("tests.work", NOW + LEASE)
    assert perform(work.task(), tmp_path, now=NOW + LEASE, at_once=at_once) == 1


def test_a_worker_that_was_taken_for_dead_takes_nothing_back(work: Work, tmp_path: Path) -> None:
    other = uuid4()

    def taken_over(_directory: Path, now: datetime) -> int:
        Duty.objects.update(worker=other, leased_until=now + 2 * LEASE)
        return 1

    perform(Task("tests.work", HOUR, taken_over), tmp_path, now=NOW)
    assert (Duty.objects.get().worker, Duty.objects.get().done_at) == (other, None)


def test_times_that_a_wrong_clock_wrote_hold_nothing_up(work: Work, tmp_path: Path) -> None:
    future = NOW + timedelta(days=3650)
    Duty.objects.create(name="tests.work", worker=uuid4(), leased_until=future + LEASE, due_at=future)
    assert perform(work.task(), tmp_path, now=NOW) == 1
    Cursor.objects.create(subscriber="tests.seen", worker=uuid4(), leased_until=future)
    subscriptions.subscribe("tests.seen", {READ}, lambda _: None)
    try:
        actions_recorded()
        assert waiting_in_tests() == {"tests.seen": 0}
    finally:
        subscriptions.unsubscribe("tests.seen")


def actions_recorded() -> None:
    with transaction.atomic():
        actions.record(None, READ, uuid4(), now=NOW)


def test_what_fails_is_tried_again_after_a_while_that_grows(work: Work, tmp_path: Path) -> None:
    work.fails = OSError(5, "the disk")
    tried, now = [], NOW
    while now < NOW + 2 * HOUR:
        before = Duty.objects.values_list("failures", flat=True).first() or 0
        while Duty.objects.filter(due_at__gt=now).exists():
            assert perform(work.task(), tmp_path, now=now) is None
            now += MINUTE
        with pytest.raises(OSError, match="disk"):
            perform(work.task(), tmp_path, now=now)
        assert Duty.objects.get().failures == before + 1
        tried.append(int((now - NOW) / MINUTE))
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123]
    work.fails = None
    assert perform(work.task(), tmp_path, now=now + HOUR) == 1
    assert (Duty.objects.get().failures, Duty.objects.get().worker) == (0, None)


@pytest.mark.parametrize("error", [DatabaseError(), OSError(28, "full"), BrokenJournal("the chain breaks")])
def test_a_duty_that_fails_keeps_no_other_from_being_done(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failing, after = Work(), Task("tests.after", HOUR, work, "pieces of work")
    failing.fails = error
    monkeypatch.setattr(sweeping, "tasks", lambda: [failing.task(), after])
    swept = sweep(tmp_path, now=NOW, thorough=True)
    assert swept == Swept({"tests.after": 1}, {"tests.work": type(error).__name__})
    assert swept.says_something
    assert str(swept) == f"swept: 1 pieces of work, tests.work failed ({type(error).__name__})"
    assert str(error) not in str(swept) or not str(error), "what an error says may be somebody's words"


def test_a_sweep_is_not_begun_where_the_main_database_cannot_say_what_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Task] = []

    def gone(task: Task, **_: object) -> None:
        asked.append(task)
        raise DatabaseError

    monkeypatch.setattr(duties, "take", gone)
    with pytest.raises(DatabaseError):
        sweep(tmp_path, now=NOW, thorough=True)
    assert len(asked) == 1, "a database that hangs is not waited for at every duty"


def test_a_sweep_says_what_there_was_to_do_and_nothing_where_there_was_nothing(tmp_path: Path) -> None:
    first = sweep(tmp_path, now=NOW, thorough=True)
    assert str(first) == "swept: nothing was to be done"
    assert not first.says_something
    Duty.objects.filter(name="grants").update(worker=uuid4(), leased_until=NOW + LEASE)
    second = sweep(tmp_path, now=NOW, thorough=True)
    assert second.elsewhere == ["grants"]
    assert "grants is done by another worker" in str(second)


def test_no_duty_is_begun_once_the_worker_is_told_to_stop(work: Work, tmp_path: Path) -> None:
    assert sweep(tmp_path, now=NOW, thorough=True, stopped=lambda: True) == Swept()
    assert not Duty.objects.exists()


@pytest.fixture
def seen() -> Iterator[list[int]]:
    numbers: list[int] = []
    subscriptions.subscribe("tests.seen", {READ}, lambda entry: numbers.append(entry.number))
    yield numbers
    subscriptions.unsubscribe("tests.seen")


# Commits an entry and dies before anybody was told of it.
_DYING_AFTER_COMMIT = """
import signal
from datetime import datetime
from uuid import uuid4
from django.db import transaction
from tocsin.journal import actions
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    actions.record(None, "casework.case.read", uuid4(), now=datetime.fromisoformat("2026-11-25T12:00:00+00:00"))
"""


def test_the_worker_delivers_what_a_crash_after_the_commit_kept_back_and_delivers_it_once(
    seen: list[int], tmp_path: Path
) -> None:
    ended = run_child(_DYING_AFTER_COMMIT)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert (Entry.objects.count(), waiting_in_tests()) == (1, {"tests.seen": 1})
    assert sweep(tmp_path, now=NOW, thorough=False).found["entries for tests.seen"] == 1
    assert sweep(tmp_path, now=NOW + MINUTE, thorough=False).found["entries for tests.seen"] == 0
    assert seen == [1]


@pytest.mark.database("sqlite")
def test_the_worker_catches_up_with_what_a_subscriber_failed_at_where_no_entry_of_its_kind_follows(
    work: Work, tmp_path: Path
) -> None:
    def saw(entry: Entry) -> None:
        work(tmp_path, entry.at)

    work.fails = ArithmeticError()
    subscriptions.subscribe("tests.failing", {READ}, saw)
    try:
        actions_recorded()
        work.fails = None
        with transaction.atomic():
            actions.record(None, "casework.record.saved", uuid4(), now=NOW)
        assert (work, waiting_in_tests()) == ([], {"tests.failing": 1})
        assert sweep(tmp_path, now=NOW, thorough=False).found["entries for tests.failing"] == 1
    finally:
        subscriptions.unsubscribe("tests.failing")
    assert work == [NOW]


# A worker that is killed at its first entry, while it holds both leases.
_DYING_WORKER = """
import signal
from datetime import datetime
from pathlib import Path
from tocsin.journal import subscriptions
from tocsin.operations.sweeping import sweep
subscriptions.subscribe("tests.seen", {"casework.case.read"}, lambda _: os.kill(os.getpid(), signal.SIGKILL))
sweep(Path(sys.argv[1]), now=datetime.fromisoformat("2026-11-25T12:00:00+00:00"), thorough=True)
"""


def test_what_a_killed_worker_was_at_is_done_by_another_after_its_lease(seen: list[int], tmp_path: Path) -> None:
    with transaction.atomic():
        actions.record(None, READ, uuid4(), now=NOW)
        transaction.get_connection().run_on_commit.clear()
    ended = run_child(_DYING_WORKER, str(tmp_path))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    soon = sweep(tmp_path, now=NOW + MINUTE, thorough=False)
    assert soon.elsewhere == ["entries for tests.seen"]
    assert "sessions" in soon.found, "what the dead one was not at is done"
    assert sweep(tmp_path, now=NOW + LEASE, thorough=False).found["entries for tests.seen"] == 1
    assert seen == [1]


def test_a_subscriber_that_fails_ends_no_worker_and_its_entry_waits(
    seen: list[int], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_entry: Entry) -> None:
        raise ArithmeticError

    subscriptions.subscribe("tests.fails", {READ}, fails)
    try:
        actions_recorded()
        swept = sweep(tmp_path, now=NOW, thorough=True)
        assert swept.found["entries for tests.fails"] == 0
        assert waiting_in_tests() == {"tests.fails": 1, "tests.seen": 0}
        assert Cursor.objects.get(subscriber="tests.fails").failures == 2
    finally:
        subscriptions.unsubscribe("tests.fails")


# Three of these go through the same duties at the same moment; each prints how many it did.
_AT_ONCE = """
from datetime import datetime, timedelta
from pathlib import Path
from tocsin.operations import duties
from tocsin.operations.duties import Task
directory, now, done = Path(sys.argv[1]), datetime.fromisoformat("2026-11-25T12:00:00+00:00"), 0
for number in range(40):
    def act(directory, now):
        (directory / f"{number}-{os.getpid()}").touch()
        return 1
    task = Task(f"tests.work {number}", timedelta(minutes=1), act)
    worker = duties.take(task, now=now)
    done += duties.perform(task, worker, directory, now=now) if worker else 0
print(done)
"""


@pytest.mark.long
def test_workers_at_once_do_each_duty_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        ended = list(pool.map(lambda _: run_child(_AT_ONCE, str(tmp_path)), range(3)))
    assert [each.returncode for each in ended] == [0, 0, 0], [each.stderr for each in ended]
    numbers = sorted(int(path.name.partition("-")[0]) for path in tmp_path.iterdir())
    assert numbers == list(range(40))
    assert sum(int(each.stdout) for each in ended) == 40
