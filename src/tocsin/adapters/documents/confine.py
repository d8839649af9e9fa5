"""What the child process gives up before it sees the first byte of a file."""

import os
import resource
import signal
import sys

from tocsin.adapters.documents import seccomp
from tocsin.adapters.documents.limits import READY, READY_UNFILTERED, Limits

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1


def confine(limits: Limits) -> None:
    """Give up resources, network, new processes and every change to files; then say so on standard output.

    The line on standard output tells the parent that the confinement stands; whatever fails before it cannot be the
    doing of the file.
    """
    _limit(limits)
    leave_network()
    _shut()


def confine_fork(limits: Limits) -> None:
    """Do the same in a child that was forked inside a sandbox: the network was left before it was there."""
    _limit(limits)
    _die_with_parent()
    _shut()


def leave_network() -> None:
    """Leave the network where the system lets us, and end with the process that began us."""
    if sys.platform.startswith("linux"):
        # Refused inside most containers and inside the sandbox, which has its own namespaces; the filter shuts the
        # network in any case.
        seccomp.libc().unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        # After `unshare`, because the kernel forgets this wish when the credentials change.
        _die_with_parent()


def _die_with_parent() -> None:
    if sys.platform.startswith("linux"):
        seccomp.libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _shut() -> None:
    filtered = seccomp.shut()
    os.write(sys.stdout.fileno(), READY if filtered else READY_UNFILTERED)


def _limit(limits: Limits) -> None:
    for name, value in {
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": 0,
    }.items():
        # One unit of grace above: at the upper limit the kernel kills, at the lower one it says why.
        _lower(getattr(resource, name), value, value + (name == "RLIMIT_CPU"))


def _lower(kind: int, soft: int, hard: int) -> None:
    ceiling = resource.getrlimit(kind)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))
