"""A really full disk: a file system of a few megabytes, filled to the last byte. Run by `make faults`."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lacking import lacking

HERE = Path(__file__).parent
CASE = HERE.parent / "rooms/casework/case.yaml"
TOCSIN = [sys.executable, "-m", "tocsin", "site"]
LONGEST_SECONDS = 60


def run(site: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TOCSIN_SITE": str(site / "site.toml")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [*TOCSIN, *words], env=environment, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    mount = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    ended = subprocess.run(mount, check=False, capture_output=True)
    if ended.returncode:
        reason = "no file system can be mounted here, not even in a namespace: nothing was tried on a full disk"
        lacking(reason)
    made = tmp_path_factory.mktemp("site") / "var"
    assert run(made, "init", "--demonstration", "--case", CASE).returncode == 0
    assert run(made, "panic", "choose", "--all").returncode == 0
    return made


def on_a_full_disk(site: Path, out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    mountpoint = out.parent / "disk"
    mountpoint.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = ["unshare", "-rm", "sh", HERE / "on_a_full_disk.sh", site, mountpoint, out, *TOCSIN, *words]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS
    )


def chosen(site: Path) -> str:
    """Give the case of the list that most people hold keys of."""
    held = 'SELECT "case" FROM vault_slot JOIN vault_doomed USING ("case") WHERE went_into IS NULL'
    held += " GROUP BY 1 ORDER BY count(*) DESC, 1"
    with closing(sqlite3.connect(site / "keys.db")) as keys:
        return str(keys.execute(held).fetchone()[0])


def boxes(site: Path, case: str) -> set[bytes]:
    """Give what the key store holds of a case: the contents of those of its slots that are not emptied."""
    with closing(sqlite3.connect(site / "keys.db")) as keys:
        rows = keys.execute('SELECT sealed FROM vault_slot WHERE "case" = ?', [case])
        return {bytes(sealed) for (sealed,) in rows if sealed[:2] != b"\0\0"}


def entries(site: Path) -> list[str]:
    with closing(sqlite3.connect(site / "data.db")) as data:
        return [row[0] for row in data.execute("SELECT kind FROM journal_entry ORDER BY number")]


@pytest.fixture(params=["with ballast", "without ballast"])
def prepared(request: pytest.FixtureRequest, site: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "var"
    shutil.copytree(site, copy)
    if request.param == "without ballast":
        (copy / "ballast").unlink()
    return copy


def test_shredding_works_on_a_full_disk(prepared: Path, tmp_path: Path) -> None:
    case = chosen(prepared)
    before = boxes(prepared, case)
    assert len(before) > 3
    out = tmp_path / "after"
    ended = on_a_full_disk(prepared, out, "panic", "shred", "--yes")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert boxes(out, case) == set()
    everything = b"".join(each.read_bytes() for each in out.iterdir() if each.is_file())
    assert [box for box in before if box[:100] in everything] == []
    if (prepared / "ballast").exists():
        assert "site.panic.shredded" in entries(out), "the ballast made room for the journal"
    else:
        assert "The journal could not be told" in ended.stdout
        assert run(out, "worker", "--once").returncode == 0
        assert "site.panic.shredded" in entries(out)
    assert run(out, "check").returncode == 0, "nothing has to be repaired"


@pytest.mark.parametrize("word", ["lock", "freeze"])
def test_sessions_end_on_a_full_disk(prepared: Path, tmp_path: Path, word: str) -> None:
    def secret(at: Path) -> tuple[bytes, int]:
        with closing(sqlite3.connect(at / "keys.db")) as keys:
            row: tuple[bytes, int] = keys.execute("SELECT session_secret, frozen FROM vault_emergency").fetchone()
            return row

    out = tmp_path / "after"
    ended = on_a_full_disk(prepared, out, "panic", word)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert secret(out)[0] != secret(prepared)[0]
    assert secret(out)[1] == (word == "freeze")


def test_saving_is_refused_on_a_full_disk_and_harms_nothing(site: Path, tmp_path: Path) -> None:
    out = tmp_path / "after"
    ended = on_a_full_disk(site, out, "panic", "choose", "--all")
    assert ended.returncode == 2
    assert ended.stderr.startswith("tocsin: ")
    assert len(ended.stderr.splitlines()) == 1
    assert entries(out) == entries(site)
    assert run(out, "check").returncode == 0
