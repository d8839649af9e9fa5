"""`tocsin site` for those who run one: backups that become a site again, the doctor, the worker, an emergency."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import demonstrations
from demonstrations import TOCSIN
from test_cli_site import free_port, site
from tocsin.operations import archive

pytestmark = pytest.mark.long
SECRET, PUBLIC = archive.new_key()


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demonstrations.demonstration(tmp_path_factory, tmp_path_factory.mktemp("operated") / "var")


@pytest.fixture(scope="module")
def backed_up(demonstration: Path) -> list[Path]:
    to = demonstration.with_name("backups")
    to.mkdir()
    to.with_name("key.txt").write_text(SECRET + "\n", "utf-8")
    ended = site(demonstration, "backup", to, "--recipient", PUBLIC)
    assert (ended.returncode, ended.stderr) == (0, "")
    return [next(to.glob("*-data.tocsin.age")), next(to.glob("*-keys.tocsin.age"))]


def test_a_backup_becomes_a_site_again(backed_up: list[Path], demonstration: Path, tmp_path: Path) -> None:
    identity = demonstration.with_name("key.txt")
    ended = site(tmp_path / "new", "restore", *backed_up, "--identity", identity)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "sound; the journal has" in ended.stdout
    assert site(tmp_path / "new", "check").returncode == 0
    assert (tmp_path / "new/demonstration.toml").read_bytes() == (demonstration / "demonstration.toml").read_bytes()
    again = site(tmp_path / "new", "restore", *backed_up, "--identity", identity)
    assert again.returncode == 2
    assert "there is a site already" in again.stderr


@pytest.mark.parametrize("harm", ["cut data", "cut keys", "exchanged", "wrong key", "no key"])
def test_what_cannot_be_restored_is_said_in_a_line_and_leaves_nothing(
    backed_up: list[Path], demonstration: Path, tmp_path: Path, harm: str
) -> None:
    data, keys = backed_up
    identity = demonstration.with_name("key.txt")
    if harm.startswith("cut"):
        harmed = data if harm == "cut data" else keys
        copy = tmp_path / harmed.name
        copy.write_bytes(harmed.read_bytes()[:-100])
        data, keys = (copy, keys) if harm == "cut data" else (data, copy)
    elif harm == "exchanged":
        data, keys = keys, data
    else:
        identity = tmp_path / "other.txt"
        identity.write_text(archive.new_key()[0] if harm == "wrong key" else "nothing", "utf-8")
    ended = site(tmp_path / "new/var", "restore", data, keys, "--identity", identity)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert not (tmp_path / "new/var").exists()
    assert list((tmp_path / "new").glob("*")) == []


def test_the_doctor_says_what_is_wrong_and_ends_with_one(demonstration: Path) -> None:
    ended = site(demonstration, "doctor")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout.splitlines()) >= 10
    (demonstration / "demonstration.toml").chmod(0o644)
    try:
        ended = site(demonstration, "doctor", "--format", "json")
    finally:
        (demonstration / "demonstration.toml").chmod(0o600)
    assert ended.returncode == 1
    wrong = [each for each in json.loads(ended.stdout) if each["state"] == "wrong"]
    assert [(each["about"], each["todo"]) for each in wrong] == [("permissions", "chmod go= demonstration.toml")]


def test_an_emergency_asks_twice_before_it_destroys(demonstration: Path) -> None:
    assert site(demonstration, "panic", "shred").returncode == 1, "nothing is chosen"
    chosen = site(demonstration, "panic", "choose", "--all").stdout.split()
    count = len(chosen)
    assert count > 1
    for typed in (f"{count + 1}\nSHRED\n", f"{count}\nshred\n", f"{count}\n"):
        assert site(demonstration, "panic", "shred", typed=typed).returncode == 130
    assert site(demonstration, "panic", "list").stdout.split() == chosen, "nothing was destroyed"
    assert site(demonstration, "panic", "spare", *chosen).stdout == ""


def test_a_frozen_site_is_said_and_lifted(demonstration: Path) -> None:
    assert site(demonstration, "panic", "freeze").returncode == 0
    try:
        ended = site(demonstration, "doctor")
        assert ended.returncode == 1
        assert re.search("the site is frozen, and .*: tocsin site panic lift", ended.stdout)
    finally:
        assert site(demonstration, "panic", "lift").returncode == 0
    assert site(demonstration, "doctor").returncode == 0


def worker_of(demonstration: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "TOCSIN_SITE": str(demonstration / "site.toml")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen([*TOCSIN, "worker"], env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_says_what_it_did_and_stops_when_it_is_told_to(demonstration: Path, number: int) -> None:
    assert site(demonstration, "panic", "lock").returncode == 0
    with worker_of(demonstration) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "the worker is at work (Ctrl-C stops it)\n"
        worker.send_signal(number)
        assert worker.wait(60) == 0
        *did, stopped = worker.stdout.read().splitlines()
    assert stopped == "the worker has stopped"
    assert all(line.startswith("swept: ") and "failed" not in line for line in did)


@pytest.mark.parametrize("command", ["worker", "letterbox"])
def test_what_is_told_of_a_starter_that_is_gone_does_not_go_on_alone(demonstration: Path, command: str) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    port = ["--port", str(free_port())] if command == "letterbox" else []
    ended = site(demonstration, command, *port, "--beside", str(gone.pid))
    assert ended.returncode in {0, -signal.SIGTERM}


def test_what_would_be_destroyed_is_told_by_the_day_and_nothing_is_destroyed_by_telling(demonstration: Path) -> None:
    rows = demonstration.joinpath("data.db").read_bytes(), demonstration.joinpath("keys.db").read_bytes()
    ended = site(demonstration, "retention", "--ids")
    assert (ended.returncode, ended.stderr) == (0, "")
    head, *lines = ended.stdout.splitlines()
    assert re.fullmatch(r" +now(?:  \d{4}-\d\d-\d\d){4}", head)
    counted = [line for line in lines if re.fullmatch(r"(?: +\d+){5}  \S.*", line)]
    endless = [line for line in lines if re.fullmatch(r" +no end +\d+  \S.*", line)]
    named = [line for line in lines if re.fullmatch(r"\d{4}-\d\d-\d\d\t[0-9a-f-]{36}\t\S.*", line)]
    assert counted + endless + named == lines
    # The demonstration has a report that was declined, which goes within a month, and cases, which nothing destroys.
    assert [line.split()[:5] for line in counted if "declined reports" in line] == [["0", "0", "0", "1", "1"]]
    assert [line.split()[0] for line in named] == [head.split()[3]]
    assert int(endless[0].split()[2]) > 1
    assert rows == (demonstration.joinpath("data.db").read_bytes(), demonstration.joinpath("keys.db").read_bytes())


def test_the_worker_does_everything_once_and_says_so(demonstration: Path) -> None:
    ended = site(demonstration, "worker", "--once")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("swept: ")


def test_a_worker_that_cannot_reach_the_main_database_says_so_and_ends_with_one(
    demonstration: Path, tmp_path: Path
) -> None:
    shutil.copytree(demonstration, tmp_path / "var")
    (tmp_path / "var/data.db").write_bytes(b"no database")
    ended = site(tmp_path / "var", "worker", "--once")
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        1,
        "nothing swept\n",
        "tocsin: nothing swept: DatabaseError\n",
    )


def test_a_site_of_an_earlier_version_is_refused_until_it_is_upgraded(demonstration: Path, tmp_path: Path) -> None:
    shutil.copytree(demonstration, tmp_path / "var")
    with closing(sqlite3.connect(tmp_path / "var/data.db", isolation_level=None)) as database:
        for table in ("operations_duty", "operations_keeper"):
            database.execute(f"DROP TABLE {table}")
        database.execute("DELETE FROM django_migrations WHERE app = 'operations'")
    refused = site(tmp_path / "var", "serve")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "tocsin site upgrade" in site(tmp_path / "var", "check").stdout
    made = site(tmp_path / "var", "upgrade").stdout.splitlines()
    assert made == [
        "made  default: operations.0001_duties",
        "made  default: operations.0002_keepers",
        "The tables are of this version.",
    ]
    assert site(tmp_path / "var", "upgrade").stdout == "The tables are of this version already.\n"
    assert site(tmp_path / "var", "check").returncode == 0
