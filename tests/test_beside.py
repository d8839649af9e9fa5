"""What runs beside the desk is started again when it ends, more and more slowly, and is given up loudly."""

import itertools
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from demonstrations import TOCSIN, demonstration
from lacking import lacking
from test_cli_site import free_port
from tocsin.cli.site.beside import WAITS, Beside, beside
from visiting import fetched

LOST = "Nothing is done"
Says = Callable[[], list[str]]


def words(program: str) -> list[str]:
    return [sys.executable, "-c", program]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Says:
    return lambda: capfd.readouterr().err.splitlines()  # noqa: PLW0108  asked for what was said up to then


def ended(watched: Beside) -> None:
    watched._thread.join(60)
    assert not watched._thread.is_alive()


def test_what_ends_at_once_is_tried_again_and_then_given_up_loudly(said: Says) -> None:
    with beside("it", words("raise SystemExit(3)"), lost=LOST, waits=(0, 0.5, 0)) as watched:
        ended(watched)
        assert watched.given_up
    assert said() == [
        "tocsin: it ended (with 3); it is started again in 0 s",
        "tocsin: it ended (with 3); it is started again in 0.5 s",
        "tocsin: it ended (with 3); it is started again in 0 s",
        "tocsin: it ended 4 times in a row (with 3) and is GIVEN UP. Nothing is done",
    ]


def test_the_waits_grow_and_have_a_bound() -> None:
    assert list(WAITS) == sorted(WAITS)
    assert WAITS[0] >= 1
    assert WAITS[-1] <= 60


def test_what_ran_for_long_is_not_given_up(said: Says, tmp_path: Path) -> None:
    # Each run lasts an hour by this clock; the twentieth stays until it is ended.
    program = f"""
import pathlib, signal
runs = pathlib.Path({str(tmp_path / "runs")!r})
with runs.open("a") as file:
    file.write("x")
if runs.stat().st_size == 20:
    print("stays", flush=True)
    signal.pause()
"""
    hours = itertools.count(step=3_600)
    with beside("it", words(program), lost=LOST, waits=(0, 0), clock=lambda: float(next(hours))) as watched:
        while not (tmp_path / "runs").exists() or (tmp_path / "runs").stat().st_size < 20:
            os.sched_yield()
            assert not watched.given_up
    assert (tmp_path / "runs").read_text() == 20 * "x"
    assert said() == 19 * ["tocsin: it ended (with 0); it is started again in 0 s"]


def test_it_ends_with_the_block_while_it_runs_and_while_it_waits(said: Says) -> None:
    with beside("it", words("import signal; signal.pause()"), lost=LOST):
        pass
    with beside("it", words("raise SystemExit(1)"), lost=LOST, waits=(3_600,)) as watched:
        while not (heard := said()):
            os.sched_yield()
    assert not watched._thread.is_alive()
    assert not watched.given_up
    assert heard == ["tocsin: it ended (with 1); it is started again in 3600 s"]


def test_a_process_that_is_forked_meanwhile_keeps_nobody_waiting(said: Says) -> None:
    """The desk forks its own processes while what runs beside it is started."""
    forked: list[int] = []
    try:
        with beside("it", words("raise SystemExit(3)"), lost=LOST, waits=(0,) * 30) as watched:
            while watched._thread.is_alive():
                if (number := os.fork()) == 0:
                    signal.pause()
                    os._exit(0)
                forked.append(number)
                watched._thread.join(0.005)
            assert watched.given_up
        assert len(said()) == 31
    finally:
        for number in forked:
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)


def test_what_is_told_of_a_starter_that_has_died_ends_at_once() -> None:
    dead = subprocess.Popen(words("pass"))
    dead.wait()
    program = f"import signal; from tocsin.cli.site.beside import end_with; end_with({dead.pid}); signal.pause()"
    assert subprocess.run(words(program), timeout=60, check=False).returncode == -signal.SIGTERM


def children_of(parent: int) -> dict[int, str]:
    """Give the running children of a process with what they were called by."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, of = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(of) == parent and state != "Z":
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ").strip()
        except OSError:
            continue
    return found


def wait_for(server: subprocess.Popen[str], wanted: Callable[[str], bool], *, but: int = 0) -> int:
    while server.poll() is None:
        for number, called in children_of(server.pid).items():
            if number != but and wanted(called):
                return number
        time.sleep(0.01)
    raise AssertionError("the desk has ended")


@pytest.fixture
def server(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """Serve a demonstration; the address is what it says first."""
    if not Path("/proc/self/stat").exists():
        lacking("no /proc here: the processes of a desk were not looked for")
    demonstration(tmp_path_factory, tmp_path / "var")
    served = subprocess.Popen(
        [*TOCSIN, "serve", "--port", str(free_port())],
        env={**os.environ, "TOCSIN_SITE": str(tmp_path / "var/site.toml")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    # No wait of these tests lasts for ever: all that it started holds the same pipes, and goes with it.
    watchdog = threading.Timer(120, kill_session, (served.pid,))
    watchdog.start()
    yield served
    watchdog.cancel()
    kill_session(served.pid)
    served.communicate()


def kill_session(number: int) -> None:
    """Kill every process of a session, in whatever group it is."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[3]) == number:
                os.kill(int(entry.name), signal.SIGKILL)


def is_worker(called: str) -> bool:
    return "site worker" in called


def is_mailer(called: str) -> bool:
    return "site mailer" in called


def is_form(called: str) -> bool:
    return "site letterbox" in called


def is_desk(called: str) -> bool:
    return "site serve" in called


@pytest.mark.long
def test_a_worker_and_a_process_of_the_desk_that_are_killed_come_back(server: subprocess.Popen[str]) -> None:
    assert server.stdout is not None
    assert server.stderr is not None
    address = server.stdout.readline().split()[2] + "sign-in"
    assert "Tomas Oray" in fetched(address)
    worker, desk = wait_for(server, is_worker), wait_for(server, is_desk)
    os.kill(worker, signal.SIGKILL)
    line = "tocsin: the worker ended (killed by SIGKILL); it is started again in 1 s\n"
    assert server.stderr.readline() == line
    worker = wait_for(server, is_worker, but=worker)
    os.kill(desk, signal.SIGKILL)
    wait_for(server, is_desk, but=desk)
    assert "Tomas Oray" in fetched(address)
    assert worker in children_of(server.pid)
    server.send_signal(signal.SIGINT)
    assert server.wait(60) == 0
    assert server.stderr.read() == "", "what is ended on purpose has not crashed"
    assert not Path(f"/proc/{worker}").exists()


@pytest.mark.long
def test_a_desk_that_dies_as_soon_as_it_is_started_stops_and_says_so(server: subprocess.Popen[str]) -> None:
    assert server.stderr is not None
    # What is started beside the desk bears its name for a moment, and the mailer is the last.
    wait_for(server, is_mailer)
    desk = wait_for(server, is_desk)
    os.kill(desk, signal.SIGKILL)
    os.kill(wait_for(server, is_desk, but=desk), signal.SIGKILL)
    assert server.stderr.readline() == "tocsin: a process of the desk dies when it is started; the desk has stopped\n"
    assert server.wait(60) == 1


@pytest.mark.long
def test_a_desk_stops_though_one_of_its_processes_hears_nothing(server: subprocess.Popen[str]) -> None:
    assert server.stdout is not None
    fetched(server.stdout.readline().split()[2] + "sign-in")
    os.kill(wait_for(server, is_desk), signal.SIGSTOP)
    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0


@pytest.mark.long
def test_what_runs_beside_a_desk_that_is_killed_ends_with_it(server: subprocess.Popen[str]) -> None:
    ends = [os.pidfd_open(wait_for(server, wanted)) for wanted in (is_worker, is_form)]
    try:
        server.kill()
        # Of both within a part of the time after which all that is left over is killed.
        assert all(select.select([each], [], [], 30)[0] for each in ends)
    finally:
        for each in ends:
            os.close(each)
