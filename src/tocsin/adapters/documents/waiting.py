"""A confined child that waits for a report, so that nobody has to wait for the child.

It is started by the same command and under the same limits as any other, has shut itself in before it waits, is given
one report, and is gone. Until then it has seen no text of anybody. It is kept only where somebody is about to bring a
report in, one for a process of the desk, and for some minutes.
"""

import subprocess
import threading
from typing import TYPE_CHECKING

from tocsin.adapters.documents import sandbox
from tocsin.adapters.documents.limits import Limits

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

KEPT_SECONDS = 600


class Waiting:
    """At most one child that waits to run `code`."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._lock = threading.Lock()
        self._child: Future[subprocess.Popen[bytes] | None] | None = None
        self._limits: Limits | None = None
        self._timer: threading.Timer | None = None
        # A child dies with the thread that started it: threads that serve one request would take it along.
        self._starter: ThreadPoolExecutor | None = None

    def get_ready(self, limits: Limits) -> None:
        """Start a child in the background, unless one waits already."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a command has no child wait

        with self._lock:
            if self._child is not None:
                return
            if self._starter is None:
                self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-starter")
            self._limits = limits
            self._child = self._starter.submit(sandbox.start_ahead, self._code, limits)
            self._timer = threading.Timer(KEPT_SECONDS, self.drop)
            self._timer.daemon = True
            self._timer.start()

    def run(self, data: bytes, limits: Limits) -> sandbox.Answer:
        """Run the code on the data, in the child that waits or in a new one.

        Raises:
            RefusedFile: As `sandbox.run`.
        """
        child = self._take()
        if child is not None and self._limits != limits:
            sandbox.drop(child)
            child = None
        answer = sandbox.finish(child, data, limits) if child is not None else None
        return answer or sandbox.run(self._code, data, limits)

    def drop(self) -> None:
        """End the child that waits."""
        child = self._take()
        if child is not None:
            sandbox.drop(child)

    def _take(self) -> "subprocess.Popen[bytes] | None":
        """Take the child, which nobody else is given then; none where it has ended meanwhile."""
        with self._lock:
            child, self._child = self._child, None
            if self._timer is not None:
                self._timer.cancel()
        process = child.result() if child is not None else None
        if process is not None and process.poll() is not None:
            sandbox.drop(process)
            return None
        return process
