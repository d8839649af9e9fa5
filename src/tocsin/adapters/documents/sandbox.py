"""Run the opener of files in a child process that cannot reach anything.

With bubblewrap the child sees a read-only world that holds the interpreter and its libraries, alone in its namespaces.
Without it the same child runs under its own resource limits and system-call filter, and the answer carries a warning.
"""

import contextlib
import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tocsin.adapters.documents.limits import READY, READY_UNFILTERED, Limits
from tocsin.core.errors import MissingInput, RefusedFile

NO_BUBBLEWRAP = "bubblewrap is missing or may not work here, so the file was opened under resource limits only"
NO_FILTER = "this system has no system-call filter that we know, so the opener could have reached the network"

_BOOT = """
import sys
import types
sys.path[:0] = sys.argv[1].split(chr(10))
# What stands in the package's own file is for those who send files in here, and costs the child a third of its time.
package = sys.modules["tocsin.adapters.documents"] = types.ModuleType("tocsin.adapters.documents")
package.__path__ = [sys.path[0] + "/tocsin/adapters/documents"]
from tocsin.adapters.documents.limits import Limits
LIMITS = Limits.from_arguments(sys.argv[2].split())
"""
_CONFINE = """
from tocsin.adapters.documents.confine import confine
confine(LIMITS)
"""
# Freeing what the reader learnt of each language takes half a second, for which whoever asked would wait.
_LEAVE = """
import os
sys.stdout.flush()
os._exit(0)
"""
_LIBRARIES = ("lxml", "pypdfium2", "PIL")
_SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache")
_ANSWER_BYTES_PER_CHARACTER = 12  # JSON writes a character beyond the first plane as two escapes of six bytes
_ANSWER_SPARE_BYTES = 1_000_000

_unusable: set[str] = set()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child wrote once its confinement stood, and in what the confinement fell short."""

    output: bytes
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class End:
    """How a child ended: all that it wrote, its return code, and whether its time was over."""

    output: bytes
    status: int
    expired: bool

    @property
    def confined(self) -> bool:
        """Say whether its confinement stood."""
        return self.output.startswith((READY, READY_UNFILTERED))


def run(code: str, data: bytes, limits: Limits) -> Answer:
    """Run the Python source `code` in the confined child, with `data` as its standard input and `LIMITS` as a name.

    Raises:
        RefusedFile: The child ran out of time, memory or room for its answer, or fell.
    """
    warnings = []
    end = None
    if bubblewrap := usable_bubblewrap():
        end = _finish(_start([bubblewrap, *world(), "--", *_python(code, limits)]), data, limits)
        if not end.confined and not end.expired:
            # It fell before it read the file, so the file had no say in it: many containers forbid namespaces.
            note_unusable(bubblewrap)
            end = None
    if end is None:
        warnings.append(NO_BUBBLEWRAP)
        end = _finish(_start(_python(code, limits)), data, limits)
    return answer_of(end, limits, warnings)


def start_ahead(code: str, limits: Limits) -> "subprocess.Popen[bytes] | None":
    """Start the child that `run` would start, before there is anything to give it; none where bubblewrap does not work.

    It dies with the thread that starts it.
    """
    bubblewrap = usable_bubblewrap()
    if bubblewrap is None:
        return None
    return _start([bubblewrap, *world(), "--", *_python(code, limits)])


def finish(process: "subprocess.Popen[bytes]", data: bytes, limits: Limits) -> Answer | None:
    """Give a child that was started ahead its data, as `run` does; none where it fell before it was confined."""
    end = _finish(process, data, limits)
    return answer_of(end, limits, []) if end.confined or end.expired else None


def usable_bubblewrap() -> str | None:
    """Find a bubblewrap that never failed here before it had a file."""
    found = shutil.which("bwrap")
    return found if found not in _unusable else None


def note_unusable(bubblewrap: str) -> None:
    """Note that this bubblewrap does not work here."""
    _unusable.add(bubblewrap)


def drop(process: "subprocess.Popen[bytes]") -> None:
    """End a child that is not wanted any more."""
    with process:
        _kill(process)


def answer_of(end: End, limits: Limits, warnings: list[str]) -> Answer:
    """Give the answer of a child that ended well.

    Raises:
        RefusedFile: It did not.
    """
    if end.output.startswith(READY_UNFILTERED):
        warnings.append(NO_FILTER)
    return Answer(_checked(end, limits), tuple(warnings))


def bubblewrap_works() -> bool:
    """Say whether the full sandbox can be had on this machine; costs one start of the child."""
    return NO_BUBBLEWRAP not in run("", b"", Limits()).warnings


def _checked(end: End, limits: Limits) -> bytes:
    if end.expired:
        raise RefusedFile(f"opening it took longer than {limits.wall_seconds} seconds")
    number = -end.status if end.status < 0 else end.status - 128
    if number == signal.SIGXCPU:
        raise RefusedFile(f"opening it took more than {limits.cpu_seconds} seconds of processor time")
    if len(end.output) > ceiling_of(limits):
        raise RefusedFile("its text is larger than what may be handed on")
    if end.status or not end.confined:
        raise RefusedFile("the program that opens it in the sandbox was stopped", hint="the file may be an attack")
    return end.output.partition(b"\n")[2]


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return start(command, subprocess.PIPE, subprocess.PIPE)


def start(command: list[str], given: int, answers: int) -> "subprocess.Popen[bytes]":
    """Start a child that knows nothing of ours but its input and output."""
    # The error stream is thrown away: a parser's complaint quotes the file.
    return subprocess.Popen(  # noqa: S603 (fixed words and our own paths)
        command,
        stdin=given,
        stdout=answers,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )


@contextlib.contextmanager
def timed(process: "subprocess.Popen[bytes]", limits: Limits) -> Iterator[threading.Event]:
    """Kill a child whose time is over, and say so by what is given."""
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        _kill(process)

    timer = threading.Timer(limits.wall_seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()


def _finish(process: "subprocess.Popen[bytes]", data: bytes, limits: Limits) -> End:
    ceiling = ceiling_of(limits)
    with process, timed(process, limits) as expired:
        try:
            output = _exchange(process, data, ceiling)
            if len(output) <= ceiling:
                process.wait()
        finally:
            _kill(process)
    return End(output, process.returncode, expired.is_set())


def _exchange(process: subprocess.Popen[bytes], data: bytes, ceiling: int) -> bytes:
    if process.stdin is None or process.stdout is None:
        return b""
    return exchange(process.stdin, process.stdout, data, ceiling)


def exchange(given: IO[bytes], answers: IO[bytes], data: bytes, ceiling: int) -> bytes:
    """Give all, then take all up to one byte above the ceiling; a child that does not play along meets the timer."""
    with contextlib.suppress(BrokenPipeError), given as pipe:
        pipe.write(data)
    return answers.read(ceiling + 1)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def ceiling_of(limits: Limits) -> int:
    """Say how many bytes an answer may have."""
    return limits.text_characters * _ANSWER_BYTES_PER_CHARACTER + _ANSWER_SPARE_BYTES


def _python(code: str, limits: Limits) -> list[str]:
    return python(_CONFINE + code, limits)


def python(code: str, limits: Limits) -> list[str]:
    """Start the interpreter alone: isolated, without `site`, with nothing on its path but what the opener needs."""
    path = "\n".join(map(str, _search_path()))
    return [
        str(Path(sys.executable).resolve()),
        "-I",
        "-S",
        "-B",
        "-c",
        _BOOT + code + _LEAVE,
        path,
        " ".join(limits.to_arguments()),
    ]


@functools.cache
def _folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise MissingInput(f"the library {package} is not installed", hint="run make setup")
    return Path(spec.origin).resolve().parent


@functools.cache
def _search_path() -> tuple[Path, ...]:
    """Give the folders to import from, our own first."""
    return tuple(dict.fromkeys(_folder_of(package).parent for package in ("tocsin", *_LIBRARIES)))


@functools.cache
def world() -> tuple[str, ...]:
    """Describe to bubblewrap the world that the child sees: read-only, without home folders, devices, other users."""
    words = ["--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--hostname", "opener"]
    words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    # Of the folder that holds our own package only the package is shown: beside it may lie anything.
    shown = dict.fromkeys([_folder_of("tocsin"), *(_folder_of(package).parent for package in _LIBRARIES)])
    for folder in (*_SYSTEM_FOLDERS, sys.base_prefix, *map(str, shown)):
        if Path(folder).is_symlink():
            words += ["--symlink", str(Path(folder).readlink()), folder]
        else:
            words += ["--ro-bind-try", folder, folder]
    return (*words, "--remount-ro", "/", "--chdir", "/")
