"""The drill of docs/drill.md, command by command: a site at work is backed up and destroyed, and comes back elsewhere.

Two processes with three threads each save, give access and end it while the backup is made. As root, the site and the
machine of the drill belong to two different users. How much was saved meanwhile, and how long it takes, is printed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from site import getsitepackages as site_packages
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from own_server import own_server

import visiting
from command_line import ROOT
from test_cli_site import free_port
from tocsin.accounts.second_factor import code_at

HERE = Path(__file__).parent
LOAD = HERE / "site_under_load.py"
# Seconds in which everybody has saved before, while and after the backup is made.
LONGEST = 240
PASSPHRASE = "correct horse battery staple"
PAGE = (ROOT / "docs/drill.md").read_text("utf-8")


def open_to_all(path: Path) -> bool:
    """Tell whether any user of this machine may start a program."""
    return path.exists() and all(each.stat().st_mode & 0o001 for each in (path, *path.parents))


# A Python in the home of root is for root alone; Debian's own of the same version runs the same program then.
PYTHON = next(
    (
        each
        for each in (Path(sys.executable).resolve(), Path(f"/usr/bin/python3.{sys.version_info.minor}"))
        if open_to_all(each)
    ),
    None,
)
IMPORTED = os.pathsep.join(str(each) for each in (ROOT / "src", ROOT / "tests", ROOT / "tests/rooms", *site_packages()))
CHANGES_USER = os.geteuid() == 0 and PYTHON is not None and open_to_all(ROOT / "src")
# A user of the site, and another one of the machine of the drill, whom nobody else is.
USERS = (65_533, 65_534) if CHANGES_USER else (os.geteuid(),) * 2
RUN = [str(PYTHON if CHANGES_USER else sys.executable), "-P"]


def blocks() -> dict[str, list[str]]:
    """Give the commands of the page by the heading that they stand under."""
    found: dict[str, list[str]] = {}
    for part in PAGE.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        lines = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        found[heading.partition(",")[0]] = [line for block in lines for line in block.splitlines()]
    return found


SITE, ELSEWHERE = "1. On the machine of the site", "2. On the other machine"
LOOK, CLEAN, SERVER = "3. Look", "4. Clean up", "Into PostgreSQL"


@dataclass
class Machine:
    """A directory that stands for a machine, with a user of its own, a home that is empty, and root's `tocsin`."""

    root: Path
    user: int
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        of_user = ("home", "var/lib/tocsin", "var/backups/tocsin/data", "var/backups/tocsin/keys")
        for name in ("bin", "run", *of_user):
            (self.root / name).mkdir(parents=True)
        text = (ROOT / "deploy/tocsin").read_text("utf-8")
        assert "runuser -u tocsin --" in text
        text = text.replace("runuser -u tocsin --", " ".join(self.as_user)).replace("/var/lib", f"{self.root}/var/lib")
        text = text.replace("/opt/tocsin/bin/tocsin", f"PYTHONPATH={IMPORTED} {' '.join(RUN)} -m tocsin")
        (self.root / "bin/tocsin").write_text(text)
        (self.root / "bin/tocsin").chmod(0o755)
        for name in of_user:
            os.chown(self.root / name, self.user, -1)

    @property
    def as_user(self) -> list[str]:
        """Give the words before a command by which root becomes the user of the site."""
        user = str(self.user)
        return ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"] if CHANGES_USER else ["env"]

    def started(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """Start something in a shell of root, away from any terminal."""
        environment = {
            "PATH": f"{self.root}/bin:{os.environ['PATH']}",
            "HOME": str(self.root / "home"),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environment,
        }
        pipe = subprocess.PIPE
        return subprocess.Popen(
            words, cwd=self.root, env=environment, stdin=pipe, stdout=pipe, text=True, start_new_session=True, **options
        )

    def run(self, line: str, typed: str = "", status: int = 0) -> str:
        """Run a line of the page as root types it on this machine; give what it printed."""
        line = re.sub(r"(?<![\w/])/(?=var/|run/)", f"{self.root}/", line)
        line = line.replace("/media/drill", str(self.root.parent / "media"))
        group = self.user if CHANGES_USER else os.getegid()
        line = line.replace("-o tocsin -g tocsin", f"-o {self.user} -g {group}")
        ended = self.started("sh", "-c", line, stderr=subprocess.PIPE)
        said, complained = ended.communicate(typed, timeout=300)
        assert ended.returncode == status, f"{line}\n{said}{complained}"
        return said

    def load(self, *words: str) -> subprocess.Popen[str]:
        """Start the program of the load, as the user of the site."""
        place = f"TOCSIN_SITE={self.root}/var/lib/tocsin/site/site.toml"
        return self.started(*self.as_user, "env", place, f"PYTHONPATH={IMPORTED}", *RUN, str(LOAD), *words)

    def answer(self, *words: str) -> Any:
        """Give what the program of the load answers."""
        ended = self.load(*words)
        said, _ = ended.communicate(timeout=300)
        assert ended.returncode == 0, said
        return json.loads(said)


@pytest.fixture
def world() -> Iterator[Path]:
    """Give a directory for two machines and a medium, which two users can enter."""
    if not CHANGES_USER:
        print("one user is both: root could not become another here")
    with tempfile.TemporaryDirectory(prefix="tocsin-drill-") as directory:
        root = Path(directory)
        root.chmod(0o711)
        (root / "media").mkdir()
        yield root


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    if "postgresql" not in request.node.callspec.params["site"]:
        yield None
        return
    started = own_server("drill")
    # Its socket lies with its files; it looks at who may enter when it starts only.
    Path(parse_qs(urlsplit(started.get_uri()).query)["host"][0]).chmod(0o711)
    try:
        yield started
    finally:
        started.cleanup()


def two_addresses(server: Any, name: str) -> dict[str, str]:
    """Make two empty databases, and give their addresses as an environment."""
    import psycopg

    given = {}
    for part in ("data", "keys"):
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}_{part}"')
        given["DATABASE_URL" if part == "data" else "KEYS_DATABASE_URL"] = server.get_uri().replace(
            "/postgres?", f"/{name}_{part}?"
        )
    return given


@contextmanager
def people_at_work(machine: Machine, cases: dict[str, list[str]]) -> Iterator[Callable[[], dict[str, int]]]:
    """Let two people save until the block ends.

    Gives a function that gives the newest state of each case that somebody was told was saved, while both work.
    """
    newest: dict[str, int] = {}
    working = [machine.load("write", login, *each) for login, each in cases.items()]

    def hear(person: subprocess.Popen[str]) -> None:
        assert person.stdout is not None
        with person.stdout as lines:
            for line in lines:
                case, said = line.split()
                if case != "told":
                    newest[case] = max(int(said), newest.get(case, 0))

    ears = [Thread(target=hear, args=(person,)) for person in working]
    for each in ears:
        each.start()
    begun = time.monotonic()

    def told() -> dict[str, int]:
        assert [person.poll() for person in working] == [None, None], "somebody works no more"
        assert time.monotonic() < begun + LONGEST, "nobody gets to save"
        os.sched_yield()
        return dict(newest)

    try:
        yield told
    finally:
        for person in working:
            assert person.stdin is not None
            person.stdin.close()
        for each in ears:
            each.join(120)
        assert [person.wait(120) for person in working] == [0] * len(working)


def wait_until_all_saved(told: Callable[[], dict[str, int]], cases: set[str], after: dict[str, int]) -> None:
    while any((now := told()).get(case, 1) <= after.get(case, 1) for case in cases):
        assert set(now) <= cases


def fits(states: dict[str, Any], before: dict[str, int], after: dict[str, int]) -> None:
    """Expect of each case one state: what was acknowledged before the backup is in it, and nothing of after it."""
    assert set(states) == set(before)
    for case, (version, words, saved) in states.items():
        assert before[case] <= version <= after[case] + 1
        assert words.startswith(f"Taken at turn {version - 1} by "), "words and number are of one moment"
        assert saved == version, "the journal is of that moment, too"


@pytest.mark.parametrize(("site", "into"), [("sqlite", ELSEWHERE), ("postgresql", ELSEWHERE), ("postgresql", SERVER)])
def test_the_drill_brings_a_site_back_that_was_at_work(world: Path, server: Any, site: str, into: str) -> None:
    office = Machine(world / "office", USERS[0], two_addresses(server, "office") if server else {})
    said = office.run("tocsin site init --host desk.example", f"vera\nVera\n{PASSPHRASE}\n{PASSPHRASE}\n")
    key = re.search(r"AGE-SECRET-KEY-\w+", said)
    assert key
    made = office.answer("found")
    cases = {case for each in made["cases"].values() for case in each}
    with people_at_work(office, made["cases"]) as told:
        wait_until_all_saved(told, cases, {})
        for line in blocks()[SITE][:1]:
            office.run(line)
        before = told()
        for line in blocks()[SITE][1:]:
            office.run(line)
        during = told()
        wait_until_all_saved(told, cases, during)
    print(f"{site}: {sum(during.values()) - sum(before.values())} saves while the backup was made")
    assert sum(during.values()) > sum(before.values()), "nobody worked while the backup was made"
    destroy(office, server)

    begun = time.monotonic()
    laptop = Machine(world / "laptop", USERS[1])
    restore(laptop, key[0], into, server)
    states = look(laptop, made)
    fits(states, before, during)
    seen_at_the_desk(laptop, made, states)
    assert laptop.answer("look")["missing"] == 0
    print(f"{site}: brought back, looked at and worked with in {time.monotonic() - begun:.1f} s")
    for line in blocks()[CLEAN]:
        laptop.run(line)
    assert not list((laptop.root / "var/lib/tocsin").iterdir())
    assert [each.name for each in (world / "media").glob("*.age")] == [
        each.name for each in (world / "media").glob("*-data.tocsin.age")
    ]


def destroy(machine: Machine, server: Any) -> None:
    shutil.rmtree(machine.root)
    if server:
        import psycopg

        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for part in ("data", "keys"):
                connection.execute(f'DROP DATABASE "office_{part}" WITH (FORCE)')


def restore(laptop: Machine, key: str, into: str, server: Any) -> None:
    """Run the second step of the page, or the same with what it says of PostgreSQL in place of its own `restore`."""
    addresses = two_addresses(server, "laptop") if into == SERVER else {}
    for line in blocks()[ELSEWHERE]:
        lines = blocks()[SERVER] if "site restore" in line and addresses else [line]
        for each in lines:
            if name := re.match(r"export (\w+)=", each):
                laptop.environment[name[1]] = addresses.pop(name[1])
            else:
                said = laptop.run(each, typed=f"{key}\n" if each.startswith("cat ") else "")
                assert "sound; the journal has" in said or "site restore" not in each
    assert addresses == {}
    assert not (laptop.root / "run/tocsin/key.txt").exists()
    settings = (laptop.root / "var/lib/tocsin/site/site.toml").read_text("utf-8")
    assert "/office_" not in settings, "no command of the drill reaches the databases of the site"
    # The settings name them; the environment of the drill ends with the shell it was typed into.
    laptop.environment.clear()


def look(laptop: Machine, made: Any) -> dict[str, Any]:
    """Run the third step and expect what its table says; give the states of the cases."""
    found = laptop.answer("look")
    assert found["missing"] == 0
    code = code_at(bytes.fromhex(made["totp"]["tomas"]), timezone.now())
    expected = {
        "check": "sound; the journal holds",
        "verify": "it is the journal of the 1 anchors that were kept",
        "drill": "3 of 3 cases were opened",
        "worker": "swept: ",
        "doctor": "backups",
    }
    for line in blocks()[LOOK]:
        command = next(name for name in expected if f" {name}" in line)
        typed = f"tomas\n{PASSPHRASE}\n{code}\n" if command == "drill" else ""
        said = laptop.run(line, typed=typed, status=int(command == "doctor"))
        assert expected.pop(command) in said
        assert "failed" not in said
        if command == "doctor":
            wrong = {each.split()[1] for each in said.splitlines() if each.startswith("WRONG")}
            assert wrong <= {"backups", "anchors"}, said
    assert expected == {}
    states: dict[str, Any] = found["states"]
    return states


def seen_at_the_desk(laptop: Machine, made: Any, states: dict[str, Any]) -> None:
    """Let somebody sign in at the desk and open her cases; what she reads is what was saved."""
    port = free_port()
    desk = laptop.started(str(laptop.root / "bin/tocsin"), "site", "serve", "--no-worker", "--port", str(port))
    try:
        while not visiting.is_there(port):
            assert desk.poll() is None
        secret = bytes.fromhex(made["totp"]["amina"])
        amina = visiting.sign_in(port, "amina", PASSPHRASE, secret, timezone.now())
        for case in made["cases"]["amina"]:
            page = amina.get(f"/cases/{case}")
            assert page.status == 200
            assert "Lena Marosh" in page.text
            assert states[case][1].partition(" by ")[0] in page.text
        others = set(made["cases"]["tomas"]) - set(made["cases"]["amina"])
        assert {amina.get(f"/cases/{case}").status for case in others} == {404}
    finally:
        desk.terminate()
        desk.communicate()


def test_each_command_of_the_page_is_run_by_the_drill() -> None:
    commands = blocks()
    assert set(commands) == {SITE, ELSEWHERE, LOOK, CLEAN, SERVER}
    assert all(commands.values())
    fenced = "".join(re.findall(r"^```\w*\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
    assert sum(len(lines) for lines in commands.values()) == len(fenced.splitlines())
