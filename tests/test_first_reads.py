"""Threads that read the first things of their kind in a process at once read them.

msgspec learns a dataclass when it first meets it; where two threads did that at the same moment, the process ended.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

import msgspec
import pytest

from tocsin.core.addressing import Post
from tocsin.core.appeal import to_json
from tocsin.core.bounces import read
from tocsin.core.reader import read as read_text

ROOT: Final = Path(__file__).parents[1]
# Each child is a process that has read none yet.
TOGETHER: Final = """
import os, sys, threading
{ready}
def together(written):
    sys.setswitchinterval(1e-6)
    barrier = threading.Barrier(16)
    threads = [threading.Thread(target=lambda: (barrier.wait(), {call})) for _ in range(16)]
    for act in (threading.Thread.start, threading.Thread.join):
        for each in threads:
            act(each)

def ended(written):
    if child := os.fork():
        return os.waitpid(child, 0)[1]
    together(written)
    os._exit(0)

written = sys.stdin.read()
print([ended(written) for _ in range(40)])
"""
DESK: Final = "import django; django.setup(); from tocsin.authorities.queries import Post, decoded"
MAILS: Final = "import json; from tocsin.adapters.documents.mails import _read; asked = json.load(sys.stdin)"
FIRST: Final = {
    "appeal": ("from tocsin.core.appeal import from_json", "from_json(written)"),
    "post": (DESK, "decoded(written, Post)"),
    "mail": (MAILS, "_read(asked, (), ())"),
}


def written(kind: str) -> str:
    """Give something of a kind as it is kept or told."""
    if kind == "appeal":
        return to_json(read_text((ROOT / "examples" / "appeal.txt").read_text("utf-8"))[0].document)
    if kind == "post":
        post = Post(key="xzv-mayor", country="XZV", office="mayor", names={"en": "Mayor"})
        return msgspec.json.encode(post).decode()
    report = (ROOT / "tests" / "mailbox" / "bounces").glob("*.eml")
    return json.dumps({"returned": asdict(read(min(report).read_bytes()))})


@pytest.mark.long
@pytest.mark.parametrize("kind", FIRST)
def test_threads_that_read_the_first_of_a_kind_at_once_read_it(kind: str) -> None:
    ready, call = FIRST[kind]
    ended = subprocess.run(
        [sys.executable, "-c", TOGETHER.format(ready=ready, call=call)],
        input=written(kind),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DJANGO_SETTINGS_MODULE": "desk_settings"},
    )
    assert (ended.stdout, ended.stderr) == (f"{[0] * 40}\n", "")
