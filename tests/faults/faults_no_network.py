"""Without a network the desk works as ever, and nothing in it tries to reach one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOT
from lacking import lacking

# The desk, and reports that strangers wrote, opened and read in the sandbox.
TESTS = ("tests/rooms/test_desk.py", "tests/rooms/intake/test_reports.py")
ALONE = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
_NETWORK = re.compile(r"connect\(.*sa_family=AF_INET6?,|sendto\(.*sa_family=AF_INET6?,")


@pytest.fixture(autouse=True)
def must_be_able_to() -> None:
    """Look for what both tests need: a machine that makes network namespaces, and strace."""
    if shutil.which("strace") is None or shutil.which("unshare") is None:
        lacking("strace or unshare is not installed here: nobody looked whether the desk reaches for the network")
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        lacking("this machine makes no network namespace: nobody looked whether the desk reaches for the network")


def attempts(folder: Path, *command: str) -> list[str]:
    """Run something without a network; give each attempt to reach one, from it or from what it started."""
    log = folder / "calls.log"
    traced = ["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(log), *command]
    subprocess.run([*ALONE, *traced], cwd=ROOT, env=dict(os.environ), check=True, capture_output=True, timeout=600)
    return [line for line in log.read_text("utf-8", "replace").splitlines() if _NETWORK.search(line)]


def test_nothing_reaches_for_the_network(tmp_path: Path) -> None:
    assert (
        attempts(tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS, "-k", "sqlite") == []
    )


def test_the_control_an_attempt_is_seen(tmp_path: Path) -> None:
    work = "import socket; socket.socket().connect_ex(('192.0.2.1', 80))"
    assert len(attempts(tmp_path, sys.executable, "-c", work)) == 1
