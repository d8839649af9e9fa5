"""A command that runs beside this process: started again when it ends, more and more slowly, until that is no use.

It is told the number of this process, and ends with it.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

# Seconds before each next start; who ends once more after the last is given up.
WAITS = (1, 2, 5, 15, 60)
# Seconds after which an end has nothing to do with the one before.
_LONG = 600
_LOOK_SECONDS = 2

beside_option = click.option(
    "--beside", type=int, hidden=True, help="The number of the process that started this one, and that it ends with."
)


class Beside:
    """One command and the thread that watches over it."""

    def __init__(
        self, name: str, command: Sequence[str], *, lost: str, waits: Sequence[float], clock: Callable[[], float]
    ) -> None:
        """Start the command.

        Args:
            name: What a person calls it.
            command: The words of it; behind them comes `--beside` and the number of this process.
            lost: What is missing once it is given up, as a sentence.
            waits: Seconds before each next start.
            clock: Gives seconds that only go up.
        """
        self._name, self._lost, self._waits, self._clock = name, lost, waits, clock
        self._command = [*command, "--beside", str(os.getpid())]
        self._running: int | None = None
        self._lock, self._stopped, self.given_up = threading.Lock(), threading.Event(), False
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the command, and wait until it has ended."""
        with self._lock:
            self._stopped.set()
            if self._running is not None:
                os.kill(self._running, signal.SIGTERM)
        self._thread.join()

    def _watch(self) -> None:
        ends = 0
        while running := self._start():
            began = self._clock()
            status = self._ended(running)
            if self._stopped.is_set():
                return
            ends = 1 if self._clock() - began >= _LONG else ends + 1
            if ends > len(self._waits):
                self.given_up = True
                _say(f"{self._name} ended {ends} times in a row ({_how(status)}) and is GIVEN UP. {self._lost}")
                return
            wait = self._waits[ends - 1]
            _say(f"{self._name} ended ({_how(status)}); it is started again in {wait:g} s")
            self._stopped.wait(wait)

    def _start(self) -> int | None:
        """Start the command; give the number of its process.

        `subprocess` waits for a pipe to close, which a process forked meanwhile, such as the desk's own, keeps open.
        """
        with self._lock:
            if self._stopped.is_set():
                return None
            # Ctrl-C is for this process, which then ends the other; it is no crash that the thread should tell of.
            self._running = os.posix_spawn(self._command[0], self._command, os.environ, setpgroup=0)
            return self._running

    def _ended(self, running: int) -> int:
        """Wait until the command has ended; give its status as `subprocess` does, -9 where it was killed."""
        # It is buried with the lock held, so that `stop` sends no signal to a stranger that got its number.
        os.waitid(os.P_PID, running, os.WEXITED | os.WNOWAIT)
        with self._lock:
            self._running = None
            return os.waitstatus_to_exitcode(os.waitpid(running, 0)[1])


def _say(line: str) -> None:
    click.echo(f"tocsin: {line}", err=True)


def _how(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"with {status}"


@contextmanager
def beside(
    name: str,
    command: Sequence[str],
    *,
    lost: str,
    waits: Sequence[float] = WAITS,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Beside]:
    """Let a command run beside, and end it with the block."""
    watched = Beside(name, command, lost=lost, waits=waits, clock=clock)
    try:
        yield watched
    finally:
        watched.stop()


def end_with(parent: int) -> None:
    """Send this process SIGTERM once it is no child of its starter any more, however that ended.

    Args:
        parent: The number of the starter, as that told it: to ask for it here is too late if it has died meanwhile.
    """
    threading.Thread(target=_watch_over, args=(parent,), name="ends with its starter", daemon=True).start()


def _watch_over(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
