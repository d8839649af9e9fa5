"""A backup that is killed at any moment leaves the last one whole, and never data whose keys were not kept."""

import re
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from child import run_child
from people import LATER, NOW, Hire
from tocsin.casework import actions as casework
from tocsin.core.records import from_yaml
from tocsin.operations import archive, backup
from tocsin.operations.manifest import DATA, KEYS, manifest_of

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.long]
CASE = from_yaml(Path(__file__).parents[1].joinpath("casework/case.yaml").read_text("utf-8"))
SECRET, PUBLIC = archive.new_key()
STAMP = re.compile(r"(\d{8}T\d{6}Z)-(data|keys)\.tocsin\.age")

# Makes a backup and dies at the n-th call of the system that makes, syncs, renames or removes a file of it.
_DYING = """
import signal
from datetime import datetime
from tocsin.operations import backup
site, data, keys, public, moment, left = *map(Path, sys.argv[1:4]), sys.argv[4], sys.argv[5], [int(sys.argv[6])]

def counted(real):
    def call(*words, **options):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **options)
    return call

os.fsync, os.open, Path.rename, Path.unlink = map(counted, (os.fsync, os.open, Path.rename, Path.unlink))
backup.make(site, data, keys, [public], now=datetime.fromisoformat(moment))
"""


def whole(directory: Path, identity: Path) -> dict[str, set[str]]:
    """Give the parts that are there under their names, by the moment of the backup; each of them can be read."""
    found: dict[str, set[str]] = {}
    for path in directory.rglob("*"):
        if match := STAMP.fullmatch(path.name):
            manifest_of(path, archive.identities(identity), DATA if match[2] == "data" else KEYS)
            found.setdefault(match[1], set()).add(match[2])
    return found


def test_a_backup_that_is_killed_leaves_the_last_and_never_data_without_keys(hire: Hire, tmp_path: Path) -> None:
    casework.open_new_case(hire("tomas", "case_lead").actor, CASE, reason="a report", now=NOW)
    data, keys, identity = tmp_path / "data", tmp_path / "keys", tmp_path / "key.txt"
    data.mkdir()
    keys.mkdir()
    identity.write_text(SECRET, "utf-8")
    backup.make(settings.SITE.directory, data, keys, [PUBLIC], now=LATER)
    first = f"{LATER:%Y%m%dT%H%M%SZ}"
    for calls in range(100):
        moment = LATER + timedelta(minutes=1 + calls)
        words = [str(settings.SITE.directory), str(data), str(keys), PUBLIC, moment.isoformat(), str(calls)]
        ended = run_child(_DYING, *words)
        assert ended.returncode in (-signal.SIGKILL, 0), ended.stderr
        found = whole(tmp_path, identity)
        assert found[first] == {"data", "keys"}, "the last backup stays"
        assert {"data"} not in found.values(), "no data without their keys"
        if ended.returncode == 0:
            break
    assert ended.returncode == 0
    assert calls >= 8, "it was killed before it began, between all its steps and after them"
    assert list(tmp_path.rglob("*.unfinished")) == [], "the next backup removes what a killed one left"
