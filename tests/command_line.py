"""The command line as tests call it: `call` inside this process, for speed; `run` in one of its own, the real thing."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from tocsin.cli import main

ROOT = Path(__file__).resolve().parent.parent
_WARNED = ("bubblewrap is missing", "no system-call filter")  # true of the machine, not of the command


@dataclass(frozen=True)
class Ended:
    """How a command ended; `errors` are the lines of standard error."""

    status: int
    output: str
    errors: list[str]


def call(*arguments: str, stdin: str | bytes = b"") -> Ended:
    """Run a command inside this process, as `main` runs it; what it warns of the machine is left out of `errors`."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["tocsin", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        with pytest.raises(SystemExit) as ended:
            main()
    errors = [line for line in err.getvalue().splitlines() if not any(words in line for words in _WARNED)]
    return Ended(int(ended.value.code or 0), out.getvalue(), errors)


def run(
    *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None, program: str = "", limit: float = 60
) -> Ended:
    """Run `python -m tocsin` in the root of the repository, or a program that stands beside this Python."""
    start = [str(Path(sys.executable).with_name(program))] if program else [sys.executable, "-m", "tocsin"]
    ended = subprocess.run(
        [*start, *arguments],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", **(env or {})},
        timeout=limit,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8").splitlines())
