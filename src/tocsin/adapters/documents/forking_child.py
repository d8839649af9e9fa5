"""What waits inside the sandbox: for each file it forks a child, which shuts itself in and does the work.

It reads none of the files and none of the answers; all that it is given are ends of pipes, for the child alone.
"""

import ctypes
import gc
import os
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import cast

from tocsin.adapters.documents import seccomp
from tocsin.adapters.documents.confine import confine_fork, leave_network
from tocsin.adapters.documents.limits import READY, STATUS, Limits

_STANDARD = 3
"""Input, output and errors: beyond them a child has nothing open."""


def serve(work: Callable[[], None], limits: Limits) -> None:
    """Fork a child for each pair of pipes that comes on standard input, until nobody is there who could send one."""
    leave_network()
    seccomp.get_ready()
    # What is there now is never freed: no child copies memory for looking at it.
    gc.freeze()
    fork = _bare_fork()
    line = socket.socket(fileno=sys.stdin.fileno())
    line.sendall(READY)
    while True:
        asked, pipes, _, _ = socket.recv_fds(line, 1, 2)
        if not asked:
            return
        child = fork()
        if child < 0:
            raise OSError(ctypes.get_errno(), "no child can be forked")
        if not child:
            _become(pipes, work, limits)
        for pipe in pipes:
            os.close(pipe)
        line.sendall(STATUS.pack(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))


def _bare_fork() -> Callable[[], int]:
    """Give the C library's `fork`, called without letting go of the interpreter.

    `os.fork` also makes the child's locks, threads and random numbers anew, for which each child copies a quarter of
    the memory that it copies at all. Here is one thread, no lock is held, and no child draws a random number.
    """
    fork = ctypes.PyDLL(None, use_errno=True).fork
    fork.argtypes, fork.restype = (), ctypes.c_int
    return cast("Callable[[], int]", fork)


def _become(pipes: list[int], work: Callable[[], None], limits: Limits) -> None:
    """Be the child of one file, and never come back."""
    with ExitStack() as stack:
        stack.push(_end)
        for standard, pipe in enumerate(pipes):
            os.dup2(pipe, standard)
        os.closerange(_STANDARD, max(pipes) + 1)
        confine_fork(limits)
        work()
        sys.stdout.flush()


def _end(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
    """End the child, whatever happened: it must not go on as what it was forked from."""
    if kind is not None and error is not None:
        sys.excepthook(kind, error, trace)
    os._exit(0 if kind is None else 1)
