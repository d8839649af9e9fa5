"""A line between a site and PostgreSQL that is cut at the Nth request, or the server killed at it.

A request is what the server answers with one `ReadyForQuery`: a plain query, or parts that a `Sync` closes. The line is
a Unix socket that hands on what it hears, message by message, as the protocol has them.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

How = Literal["unsent", "unanswered", "killed", "counted"]
SOCKET = ".s.PGSQL.5432"
_ENDS_A_REQUEST = b"QS"
_PATIENCE_SECONDS = 60


class Line:
    """The line; `host` is what the site takes for the server's directory."""

    def __init__(self, host: Path, server: Path, kill: Callable[[], None]) -> None:
        self.host, self._server, self._kill = host, server / SOCKET, kill
        self._at, self._how, self._kind = 0, "counted", b""
        self.requests, self.happened = 0, False
        self._lock, self._killed = threading.Lock(), threading.Event()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(host / SOCKET))
        self._door.listen()
        threading.Thread(target=self._welcome, daemon=True).start()

    def break_at(self, number: int, how: How, kind: bytes = b"") -> None:
        """Let something happen at the Nth request from now on, of those that hold some words: to one connection, once.

        Args:
            number: Which; 1 is the next.
            how: `unsent`: the server never hears it. `unanswered`: it does it, and its answer is lost. `killed`: it
                hears it, and is killed at once. `counted`: nothing happens.
            kind: Words of the requests that count.
        """
        with self._lock:
            self._at, self._how, self._kind, self.requests, self.happened = number, how, kind, 0, False

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _welcome(self) -> None:
        while True:
            try:
                site, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=_Connection(self, site, self._server).run, daemon=True).start()

    def due(self, request: bytes) -> How:
        """Count a request, and tell what happens to it."""
        with self._lock:
            if self._kind not in request:
                return "counted"
            self.requests += 1
            if self.requests != self._at or self._how == "counted":
                return "counted"
            self.happened = True
            return self._how  # type: ignore[return-value]

    def kill(self) -> None:
        """Kill the server."""
        self._kill()
        self._killed.set()

    def wait_until_killed(self) -> None:
        """Wait until nothing of the server is left; the site hears of its end before."""
        assert self._killed.wait(_PATIENCE_SECONDS)
        self._killed.clear()


class _Connection:
    """One connection of a site, handed on in both directions."""

    def __init__(self, line: Line, site: socket.socket, server: Path) -> None:
        self._line, self._site = line, site
        self._to_server = socket.socket(socket.AF_UNIX)
        self._server = server
        self._muted, self._answered = threading.Event(), threading.Event()

    def run(self) -> None:
        """Hand on until one of the two ends goes.

        Nothing is closed while the other thread may still listen: its number would be given to the next connection.
        """
        answers = threading.Thread(target=self._answer, daemon=True)
        with self._site, self._to_server, suppress(OSError):
            self._to_server.connect(str(self._server))
            answers.start()
            with suppress(OSError):
                self._ask()
            self._hang_up()
            answers.join()

    def _ask(self) -> None:
        request = b""
        for at, message in enumerate(_messages(self._site, starts_bare=True)):
            request += message
            if at == 0 or message[:1] not in _ENDS_A_REQUEST:
                if at == 0:
                    self._to_server.sendall(message)
                    request = b""
                continue
            how = self._line.due(request)
            if how == "unsent":
                return
            if how == "unanswered":
                self._muted.set()
            self._to_server.sendall(request)
            if how == "unanswered":
                assert self._answered.wait(_PATIENCE_SECONDS)
                return
            if how == "killed":
                self._line.kill()
                return
            request = b""
        self._to_server.sendall(request)

    def _answer(self) -> None:
        with suppress(OSError):
            for message in _messages(self._to_server, starts_bare=False):
                if not self._muted.is_set():
                    self._site.sendall(message)
                elif message[:1] == b"Z":
                    self._answered.set()
        self._answered.set()
        self._hang_up()

    def _hang_up(self) -> None:
        for end in (self._site, self._to_server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _messages(end: socket.socket, *, starts_bare: bool) -> Iterator[bytes]:
    """Give message by message: a letter, four bytes of length, and the rest; the very first of a site has no letter."""
    heard, letter = b"", 0 if starts_bare else 1
    while piece := end.recv(1 << 16):
        heard += piece
        while len(heard) >= letter + 4:
            length = letter + int.from_bytes(heard[letter : letter + 4], "big")
            if len(heard) < length:
                break
            yield heard[:length]
            heard, letter = heard[length:], 1


def kill_all(postmaster: int) -> None:
    """Kill a server with everything that it started, at once, and wait until nothing of it is left."""
    started = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text("ascii").split()
    pids = [postmaster, *map(int, started)]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _wait_until(lambda: not any(map(_lives, pids)))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_until(so: Callable[[], bool]) -> None:
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while not so():
        assert time.monotonic() < give_up, "PostgreSQL does not stop"
        threading.Event().wait(0.02)
