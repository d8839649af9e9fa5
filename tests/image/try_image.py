"""The image is built as docs/operating.md says, and a site lives in it: `make image`.

`IMAGE_BUILD` and `IMAGE_RUN` stand for `docker build` and `docker`.
What is made here has other names than on the page, and is removed again.
"""

import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator

import pytest
from django.utils import timezone

import visiting
from command_line import ROOT
from test_cli_site import free_port

BUILD = os.environ.get("IMAGE_BUILD", "docker build")
RUN = os.environ.get("IMAGE_RUN", "docker")
PASSPHRASE = "correct horse battery staple"
NAME = "tocsin-tried"
PORT = free_port()
SECONDS = 60


def lines() -> list[str]:
    """Give the commands of the page."""
    section = (ROOT / "docs/operating.md").read_text("utf-8").partition("## A container")[2].partition("\n## ")[0]
    found = re.search(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found
    enclosed, *commands = found[1].splitlines()
    flags = re.fullmatch(r'enclosed="(.*)"', enclosed)
    assert flags
    return [line.replace("$enclosed", flags[1]) for line in commands]


def run(line: str, typed: str = "") -> str:
    """Run a command of the page under other names; give what it printed."""
    line = re.sub(r"^docker build\b", BUILD, line)
    line = re.sub(r"^docker\b", RUN, line)
    line = re.sub(
        r"-t tocsin\b|\btocsin:|\bdesk\b(?!\.)",
        lambda found: found[0].replace("tocsin", NAME).replace("desk", NAME),
        line,
    )
    line = re.sub(r" tocsin(?= site init|$)", f" {NAME}", line)
    line = line.replace("127.0.0.1:8000:", f"127.0.0.1:{PORT}:").replace(" -it ", " -i ")
    ended = subprocess.run(
        shlex.split(line), input=typed, capture_output=True, text=True, cwd=ROOT, check=False, start_new_session=True
    )
    assert ended.returncode in ((0, 1) if "doctor" in line else (0,)), f"{line}\n{ended.stdout}{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def image() -> Iterator[None]:
    """Build the image; remove it, its containers and its volume in the end."""
    try:
        run(lines()[0])
        yield
    finally:
        for words in (["rm", "-f", NAME], ["volume", "rm", "-f", NAME], ["rmi", "-f", NAME]):
            subprocess.run([*shlex.split(RUN), *words], capture_output=True, check=False)


def inside(program: str) -> str:
    """Run Python in the image alone, without the volume of a site."""
    words = [*shlex.split(RUN), "run", "--rm", "--read-only", "--cap-drop", "ALL", "--entrypoint", "python", NAME]
    return subprocess.run([*words, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def gateway() -> str:
    """Give the address of this machine in the network of containers, as the page says to look it up."""
    routes = inside("print(open('/proc/net/route').read())").splitlines()[1:]
    number = next(words[2] for words in map(str.split, routes) if words[1] == "00000000")
    return ".".join(str(each) for each in reversed(bytes.fromhex(number)))


def wait_for_the_desk() -> None:
    begun = time.monotonic()
    while not visiting.is_there(PORT):
        assert time.monotonic() < begun + SECONDS, "the desk does not answer; does it believe this proxy?"
        os.sched_yield()


def test_the_image_holds_the_program_for_nobody_in_particular(image: None) -> None:
    assert inside("import os; print(os.getuid(), os.getgid(), os.listdir('/var/lib/tocsin'))") == "10001 10001 []"
    tried = "import pathlib\ntry:\n pathlib.Path('/opt/tocsin/x').write_text('')\nexcept OSError as e: print(e.errno)"
    assert inside(tried) in {"13", "30"}
    assert inside("import importlib.util as u; print(u.find_spec('pip'))") == "None"


def test_a_site_lives_in_the_image(image: None) -> None:
    _, init, start, doctor = lines()
    assert "--proxy 172.17.0.1" in init
    said = run(init.replace("172.17.0.1", gateway()), f"vera\nVera\n{PASSPHRASE}\n{PASSPHRASE}\n")
    secret = re.search(r"secret=(\w+)", said)
    assert secret
    run(start)
    wait_for_the_desk()
    vera = visiting.sign_in(PORT, "vera", PASSPHRASE, visiting.from_authenticator(secret[1]), timezone.now())
    looked = run(doctor)
    print(looked)
    assert {each.split()[1] for each in looked.splitlines() if each.startswith("WRONG")} <= {"backups", "worker"}
    assert "bubblewrap does not work" in looked
    begun = time.monotonic()
    run("docker stop desk")
    print(f"stopped in {time.monotonic() - begun:.1f} s")
    assert not visiting.is_there(PORT)
    run("docker start desk")
    wait_for_the_desk()
    page = vera.get("/")
    assert (page.status, page.to) == (200, ""), "her session goes on"
