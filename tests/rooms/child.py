"""Running a piece of work in a process of its own, on the databases of the test, so that it can be killed.

`run_child` starts one anew; `in_child` forks one, which costs a tenth, and lets strace look at it.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connections

from lacking import lacking

HERE = Path(__file__).parent
STEP = int(os.environ.get("FAULT_STEP", "1"))
_PRELUDE = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "desk_settings"
import django
django.setup()
from pathlib import Path
from django.conf import settings
from tocsin.config.databases import databases
from tocsin.config.site import Database
from two_databases import point_at
where, settings.TOCSIN_ROOTS = json.loads(sys.argv[1])
point_at(databases(*(Database(path=Path(each["NAME"])) if each["ENGINE"].endswith("sqlite3") else
    Database(name=each["NAME"], user=each["USER"], host=each["HOST"]) for each in where)))
del sys.argv[1]
"""


def run_child(
    work: str, *words: str, roots: Sequence[str] = (), under: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run Python in a child that points at the databases of this test.

    Args:
        work: The source; `sys.argv[1:]` are the words.
        words: For the source.
        roots: The public keys that trust begins with.
        under: A program that starts the child, such as strace with its arguments.
    """
    command, env = _child(work, words, roots, under)
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def running_child(work: str, *words: str, roots: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    """Let such a child run beside the test; it is ended with it."""
    command, env = _child(work, words, roots, ())
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def _child(
    work: str, words: Sequence[str], roots: Sequence[str], under: Sequence[str]
) -> tuple[list[str], dict[str, str]]:
    where = []
    for alias in ("default", "keys"):
        each = connections[alias].settings_dict
        where.append({name: str(each.get(name, "")) for name in ("ENGINE", "NAME", "USER", "HOST")})
        connections[alias].close()
    paths = os.pathsep.join([str(HERE), str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [*under, sys.executable, "-c", _PRELUDE + work, json.dumps([where, list(roots)]), *words]
    return command, {**os.environ, "PYTHONPATH": paths}


def in_child(work: Callable[[Callable[[str], None]], None], strace: list[str]) -> tuple[set[str], bool]:
    """Do some work in a process of its own, under strace; give what it acknowledged, and whether it came to its end."""
    go_read, go = os.pipe()
    told_read, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            os.read(go_read, 1)
            work(lambda what: os.write(told, f"ACK {what}\n".encode()) and None)
            os.write(told, b"END\n")
        os._exit(0)
    os.close(told)
    tracer = subprocess.Popen(["strace", "-f", "-p", str(pid), *strace], stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    attached = tracer.stderr.readline()
    if b"attached" not in attached:
        os.close(go)
        os.waitpid(pid, 0)
        tracer.wait()
        raise RuntimeError(f"strace cannot look at a process of ours here: {attached.decode(errors='replace').strip()}")
    os.write(go, b"g")
    os.waitpid(pid, 0)
    tracer.communicate()
    with os.fdopen(told_read, "rb") as heard:
        said = heard.read().decode().split("\n")
    for end in (go, go_read):
        os.close(end)
    return {line.removeprefix("ACK ") for line in said if line.startswith("ACK ")}, "END" in said


def one_by_one(most: int) -> range:
    """Give at which calls something is stopped, in turn: at each, or at every `FAULT_STEP`th.

    Which ones changes from day to day, and not when what failed is tried again.
    """
    return range(1 + int(time.time() // 86_400) % STEP, most, STEP)


def must_have_strace() -> None:
    """Skip where strace is missing, or fail where it must be there."""
    if shutil.which("strace") is None:
        lacking("strace is not installed here: no process was stopped and no power was cut")
