"""The child that waits for a report: shut in like any other, used once, and missed by nobody where it is gone."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lacking import lacking

from tocsin.adapters.documents import LIMITS, Limits, confined, get_ready, read_report, sandbox
from tocsin.adapters.documents.waiting import Waiting
from tocsin.core.errors import RefusedFile

ECHO = "print(sys.stdin.read().upper())"
LOOK = "import os; PLACES = sys.stdin.read().split(chr(10)); print([each for each in PLACES if os.path.exists(each)])"


@pytest.fixture(autouse=True)
def bubblewrap() -> None:
    if not sandbox.bubblewrap_works():
        lacking("bubblewrap is missing, or this container forbids its namespaces: no child waits without it")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> "list[subprocess.Popen[bytes] | None]":
    """Give the children that were started ahead."""
    children: list[subprocess.Popen[bytes] | None] = []
    start = sandbox.start_ahead

    def start_and_tell(code: str, limits: Limits) -> "subprocess.Popen[bytes] | None":
        children.append(start(code, limits))
        return children[-1]

    monkeypatch.setattr(sandbox, "start_ahead", start_and_tell)
    return children


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let no other child be started than the one that waits."""

    def run(*_: object) -> sandbox.Answer:
        raise AssertionError("another child was started")

    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "run", run)
        yield patch


def test_a_child_that_waited_answers_and_no_other_is_started(alone: pytest.MonkeyPatch) -> None:
    waiting = Waiting(ECHO)
    # A thread that serves one request is gone before the report comes.
    thread = threading.Thread(target=waiting.get_ready, args=[LIMITS])
    thread.start()
    thread.join()
    assert waiting.run(b"velm", LIMITS).output == b"VELM\n"


def test_a_child_is_given_to_one_report_only(started: "list[subprocess.Popen[bytes] | None]") -> None:
    waiting = Waiting(ECHO)
    waiting.get_ready(LIMITS)
    waiting.get_ready(LIMITS)
    assert waiting.run(b"velm", LIMITS).output == b"VELM\n"
    assert len(started) == 1
    waiting.get_ready(LIMITS)
    assert waiting.run(b"orst", LIMITS).output == b"ORST\n"
    assert len(started) == 2
    assert all(child is not None and child.poll() is not None for child in started)


def test_a_child_that_waited_is_shut_in_like_any_other(tmp_path: Path, alone: pytest.MonkeyPatch) -> None:
    waiting = Waiting(LOOK)
    waiting.get_ready(LIMITS)
    seen = waiting.run(f"{tmp_path}\n/usr".encode(), LIMITS)
    assert seen.output == b"['/usr']\n"
    assert seen.warnings == ()


def test_a_child_that_waited_has_no_more_time_than_any_other() -> None:
    waiting = Waiting("import time; sys.stdin.read(); time.sleep(60)")
    hurried = Limits(wall_seconds=1)
    waiting.get_ready(hurried)
    with pytest.raises(RefusedFile, match="longer than 1 seconds"):
        waiting.run(b"x", hurried)


def test_other_limits_are_another_child() -> None:
    waiting = Waiting("print(LIMITS.pages, sys.stdin.read())")
    waiting.get_ready(Limits(pages=5))
    assert waiting.run(b"x", Limits(pages=7)).output == b"7 x\n"


def test_a_child_that_died_waiting_or_was_dropped_is_missed_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(ECHO)
    waiting.get_ready(LIMITS)
    waiting.drop()
    assert waiting.run(b"velm", LIMITS).output == b"VELM\n"
    start = sandbox.start_ahead

    def start_and_kill(code: str, limits: Limits) -> "subprocess.Popen[bytes] | None":
        child = start(code, limits)
        if child is not None:
            child.kill()
            child.wait()
        return child

    monkeypatch.setattr(sandbox, "start_ahead", start_and_kill)
    waiting.get_ready(LIMITS)
    assert waiting.run(b"orst", LIMITS).output == b"ORST\n"


def test_a_report_reads_the_same_in_a_child_that_waited() -> None:
    report = "La policía detuvo a Davit Anhalt el 3 de mayo de 2021 en Karvel.".encode()
    fresh = read_report(report, name="pasted.txt")
    get_ready(LIMITS)
    assert confined.read_confined(report, "txt", LIMITS) == fresh
