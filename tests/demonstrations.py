"""Demonstration sites for tests of the command line and of the browser: each is founded once a run, and copied.

To found one takes five seconds of the processor. What is copied are the files as the command left them.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOT

TOCSIN = [sys.executable, "-m", "tocsin", "site"]
CASE = ROOT / "tests/rooms/casework/case.yaml"


def demonstration(factory: pytest.TempPathFactory, at: Path, case: Path = CASE) -> Path:
    """Give a demonstration of one's own with a case, in a directory that is not there yet."""
    founded = of_the_run(factory) / f"founded-with-{case.parent.name}-{case.stem}"
    with founded.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not founded.exists():
            found(founded, case)
    shutil.copytree(founded, at)
    return at


def of_the_run(factory: pytest.TempPathFactory) -> Path:
    """Give the directory that all workers of a run have in common."""
    own = factory.getbasetemp()
    return own.parent if own.name.startswith("popen-") else own


def found(at: Path, case: Path) -> None:
    """Found a demonstration; it is there whole, or not at all."""
    environment = {**os.environ, "TOCSIN_SITE": str(at / "site.toml")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    words = [*TOCSIN, "init", "--demonstration", "--case", str(case)]
    ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
