"""The command line as tests call it: a process of its own, in the root of the repository."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ended:
    """How a command ended; `errors` are the lines of standard error."""

    status: int
    output: str
    errors: list[str]


def run(
    *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None, program: str = "", limit: float = 60
) -> Ended:
    """Run `python -m tocsin` with these arguments, or a program that stands beside this Python."""
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
