"""One sandbox for many files, one after the other: each is opened by a child of its own, forked inside.

What waits in the sandbox (`forking_child`) sees no byte of any file: for each it is handed the ends of two new pipes,
forks a child that takes them, and says how that child ended. So nothing of one file can reach what is said of the next,
and a child that falls, or is stopped, costs only the file that it was given. Limits hold for each child, as in
`sandbox.run`; starting bubblewrap and the interpreter is paid for once. Where files are many and small
(`ForkingForSeveral`), a child may be given more than one, until a parser in C is about to see what it was given.
"""

import contextlib
import os
import socket
import subprocess
from types import TracebackType
from typing import IO, Self

from tocsin.adapters.documents import sandbox
from tocsin.adapters.documents.limits import READY, SIZE, STATUS, Limits
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


class ForkingForSeveral(Forking):
    """The same, where a child is given one file after the other until it lets none in any more.

    Each file is given behind its length, and answered by two lines.
    """

    def __init__(self, code: str, limits: Limits) -> None:
        """Begin, as `Forking`; `work` reads several files."""
        super().__init__(code, limits)
        self._child: _Child | None = None

    def run(self, data: bytes) -> sandbox.Answer:
        """Have one file opened.

        Raises:
            RefusedFile: As `sandbox.run`.
        """
        process, line = self._begin()
        with sandbox.timed(process, self._limits) as expired:
            if self._child is None or not self._child.give(data):
                self._let_go(line)
                self._child = _Child(line)
                self._child.give(data)
            output, whole = self._child.take(sandbox.ceiling_of(self._limits))
            status = 0 if whole else self._let_go(line)
        if status or expired.is_set():
            self._end()
        end = sandbox.End(output, status, expired.is_set())
        return sandbox.answer_of(end, self._limits, list(self._warnings))

    def _let_go(self, line: socket.socket) -> int:
        """Give a child that there is nothing more, and tell how it ended."""
        child, self._child = self._child, None
        if child is None:
            return 0
        child.close()
        return _status(line)

    def _end(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None
        super()._end()


class _Child:
    """The ends of two pipes, whose other ends a child has that was forked for them."""

    def __init__(self, line: socket.socket) -> None:
        self._given, self._answers = _fork(line)
        self._ready = b""

    def give(self, data: bytes) -> bool:
        """Give a file; tell whether the child lets it in."""
        try:
            self._given.write(SIZE.pack(len(data)))
            self._given.write(data)
            self._given.flush()
        except BrokenPipeError:
            return False
        return True

    def take(self, ceiling: int) -> tuple[bytes, bool]:
        """Take what it says of a file, up to one byte above the ceiling, and tell whether that is all it had to say."""
        self._ready = self._ready or self._answers.readline(ceiling)
        first = self._answers.readline(ceiling)
        second = self._answers.readline(max(0, ceiling + 1 - len(first)))
        return self._ready + first + second, second.endswith(b"\n")

    def close(self) -> None:
        self._answers.close()
        with contextlib.suppress(BrokenPipeError):
            self._given.close()


def _exchange(line: socket.socket, data: bytes, ceiling: int) -> tuple[bytes, int]:
    """Give one file to a new child, and take its answer and how it ended."""
    given, answers = _fork(line)
    with given, answers:
        output = sandbox.exchange(given, answers, data, ceiling)
    return output, _status(line)


def _fork(line: socket.socket) -> tuple[IO[bytes], IO[bytes]]:
    """Have a child forked; give what leads to it, and what comes from it."""
    (their_input, our_input), (our_output, their_output) = os.pipe(), os.pipe()
    with contextlib.suppress(OSError):
        socket.send_fds(line, [b"?"], [their_input, their_output])
    os.close(their_input)
    os.close(their_output)
    return os.fdopen(our_input, "wb"), os.fdopen(our_output, "rb")


def _status(line: socket.socket) -> int:
    """Take how a child ended; nothing of that is there where all of the sandbox was stopped."""
    told = _take(line, STATUS.size)
    return int(STATUS.unpack(told)[0]) if len(told) == STATUS.size else 1


def _take(line: socket.socket, size: int) -> bytes:
    told = b""
    with contextlib.suppress(OSError):
        while len(told) < size and (more := line.recv(size - len(told))):
            told += more
    return told
