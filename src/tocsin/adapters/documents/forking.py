"""One sandbox for many files, one after the other: each is opened by a child of its own, forked inside.

What waits in the sandbox (`forking_child`) sees no byte of any file: for each it is handed the ends of two new pipes,
forks a child that takes them, and says how that child ended. So nothing of one file can reach what is said of the next,
and a child that falls, or is stopped, costs only the file that it was given. Limits hold for each child, as in
`sandbox.run`; starting bubblewrap and the interpreter is paid for once.
"""

import contextlib
import os
import socket
import subprocess
from types import TracebackType
from typing import Self

from tocsin.adapters.documents import sandbox
from tocsin.adapters.documents.limits import READY, STATUS, Limits
from tocsin.core.errors import RefusedFile


class Forking:
    """A sandbox that stands as long as the `with` block; it is started when the first file is there.

    It ends with the thread that started it.
    """

    def __init__(self, code: str, limits: Limits) -> None:
        """Begin.

        Args:
            code: Python source that ends in `serve(work, LIMITS)` of `forking_child`; `work` reads one file from
                standard input and answers on standard output.
            limits: The ceilings for one file.
        """
        self._code, self._limits = code, limits
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._warnings: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def process(self) -> int:
        """Number of the process in which the sandbox began; 0 where none stands."""
        return self._process.pid if self._process else 0

    def run(self, data: bytes) -> sandbox.Answer:
        """Have one file opened.

        Raises:
            RefusedFile: As `sandbox.run`.
        """
        process, line = self._begin()
        with sandbox.timed(process, self._limits) as expired:
            output, status = _exchange(line, data, sandbox.ceiling_of(self._limits))
        if status or expired.is_set():
            # Something happened that should not: the next file gets a new sandbox.
            self._end()
        end = sandbox.End(output, status, expired.is_set())
        return sandbox.answer_of(end, self._limits, list(self._warnings))

    def _begin(self) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        if self._process is not None and self._line is not None:
            return self._process, self._line
        python = sandbox.python(self._code, self._limits)
        self._warnings = []
        if bubblewrap := sandbox.usable_bubblewrap():
            if self._start([bubblewrap, *sandbox.world(), "--", *python]):
                return self._begin()
            sandbox.note_unusable(bubblewrap)
        self._warnings = [sandbox.NO_BUBBLEWRAP]
        if not self._start(python):
            raise RefusedFile("the program that opens files in the sandbox does not start")
        return self._begin()

    def _start(self, command: list[str]) -> bool:
        """Start what waits; tell whether it stands. It has seen no file yet, so what fails here is no file's doing.

        Raises:
            RefusedFile: It did not stand in time.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            process = sandbox.start(command, theirs.fileno(), subprocess.DEVNULL)
        with sandbox.timed(process, self._limits) as expired:
            stands = _take(ours, len(READY)) == READY
        self._process, self._line = process, ours
        if not stands or expired.is_set():
            self._end()
        if expired.is_set():
            # A machine that is busy says nothing of bubblewrap.
            raise RefusedFile("the program that opens files in the sandbox did not start in time")
        return stands

    def _end(self) -> None:
        process, line = self._process, self._line
        self._process = self._line = None
        if line is not None:
            line.close()
        if process is not None:
            sandbox.drop(process)


def _exchange(line: socket.socket, data: bytes, ceiling: int) -> tuple[bytes, int]:
    """Give one file to a new child, and take its answer and how it ended."""
    (their_input, our_input), (our_output, their_output) = os.pipe(), os.pipe()
    with os.fdopen(our_input, "wb") as given, os.fdopen(our_output, "rb") as answers:
        with contextlib.suppress(OSError):
            socket.send_fds(line, [b"?"], [their_input, their_output])
        os.close(their_input)
        os.close(their_output)
        output = sandbox.exchange(given, answers, data, ceiling)
    # Nothing of a status is there where all of the sandbox was stopped.
    told = _take(line, STATUS.size)
    return output, STATUS.unpack(told)[0] if len(told) == STATUS.size else 1


def _take(line: socket.socket, size: int) -> bytes:
    told = b""
    with contextlib.suppress(OSError):
        while len(told) < size and (more := line.recv(size - len(told))):
            told += more
    return told
