"""Strangers who send much, slowly and often do not fill the memory of the desk, nor of the public form."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from test_cli_site import free_port
from tocsin.core.guarding import questions
from visiting import fetched

# How long the desk takes to answer is measured by the clock.
ALONE = True
MOST_MEGABYTES = 500
LARGE = 10_900_000
MOST_MEGABYTES_OF_THE_FORM = 450
LONGEST_SECONDS_AT_THE_DESK = 1.0
# Whom a server in front would name, and nobody may keep.
ASKER = "203.0.113.77"


def tree(root: int) -> list[int]:
    """Give a process and all that it started."""
    found = [root]
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((each / "stat").read_text().rpartition(")")[2].split()[1]) in found:
                found.append(int(each.name))
    return found


def most(pids: list[int]) -> int:
    """Give how many megabytes processes held at most, together."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmHWM" in line]
    return sum(int(line.split()[1]) for line in lines) // 1024


class Served(NamedTuple):
    """A desk with its public form: their ports, the process that began them, and where all their files lie."""

    port: int
    public: int
    pid: int
    folder: Path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("flood")
    environment = {**os.environ, "TOCSIN_SITE": str(folder / "site.toml")}
    subprocess.run([sys.executable, "-m", "tocsin", "site", "init", "--demonstration"], env=environment, check=True)
    port, public = free_port(), free_port()
    ports = ["--port", str(port), "--public-port", str(public)]
    command = [sys.executable, "-m", "tocsin", "site", "serve", "--no-worker", *ports]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, start_new_session=True, stdout=log, stderr=log) as served,
    ):
        try:
            fetched(f"http://127.0.0.1:{port}/sign-in")
            fetched(f"http://127.0.0.1:{public}/en/")
            yield Served(port, public, served.pid, folder)
        finally:
            os.killpg(served.pid, signal.SIGTERM)


def send(port: int, head: str, body: bytes = b"") -> bytes:
    """Send a request; give the first line of the answer, or nothing where the line was cut."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 30) as line:
        line.sendall(f"{head}\r\nHost: localhost\r\n\r\n".encode())
        with suppress(OSError):
            line.sendall(body)
        return line.recv(100).partition(b"\r\n")[0]
    return b""


def test_a_flood_of_strangers_does_not_fill_the_memory(desk: Served) -> None:
    port = desk.port
    assert b"200" in send(port, "GET /sign-in HTTP/1.1")
    before = most(of_the_desk(desk))
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    for line in slow:
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nlogin=")
    large = f"POST /reports/new HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {LARGE}"
    with ThreadPoolExecutor(40) as strangers:
        answers = list(strangers.map(lambda _: send(port, large, bytes(LARGE)), range(80)))
        many = list(strangers.map(lambda _: send(port, "GET /sign-in HTTP/1.1"), range(200)))
    after = most(of_the_desk(desk))
    for line in slow:
        line.close()
    print(f"{before} MB before, {after} MB at most; {sum(b'302' in each for each in answers)} of 80 sent away")
    assert not [each for each in answers if each and b"302" not in each]
    assert sum(b"200" in each for each in many) == 200
    assert b"200" in send(port, "GET /sign-in HTTP/1.1")
    assert after < MOST_MEGABYTES


def whole(port: int, head: str, body: bytes = b"") -> bytes:
    """Send a request; give the whole answer."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.sendall(f"{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode() + body)
        while part := line.recv(65_536):
            found += part
    return found


def letter(port: int, text: str) -> bytes:
    """Write as a person does: open the form, count what it asks for, send it."""
    page = whole(port, "GET /en/ HTTP/1.1").decode()
    code, asked = (re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("code", "asked"))
    assert code
    assert asked
    answer = questions()[int(asked[1])].answer
    body = urlencode({"code": code[1], "asked": asked[1], "number": answer, "text": text}).encode()
    head = f"POST /en/ HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}"
    return whole(port, head, body)


def of_the_form(desk: Served) -> list[int]:
    """Give the processes of the public form."""
    found = [pid for pid in tree(desk.pid) if b"letterbox" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert found
    return sorted({each for pid in found for each in tree(pid)})


def of_the_desk(desk: Served) -> list[int]:
    """Give the processes of the desk."""
    return sorted(set(tree(desk.pid)) - set(of_the_form(desk)))


def seconds_at_the_desk(desk: Served) -> float:
    start = time.monotonic()
    assert b"200" in send(desk.port, "GET /sign-in HTTP/1.1")
    return time.monotonic() - start


def test_a_flood_at_the_public_form_stops_neither_the_desk_nor_an_honest_letter(desk: Served) -> None:
    before = most(of_the_form(desk))
    slow = [socket.create_connection(("127.0.0.1", desk.public)) for _ in range(200)]
    for line in slow:
        line.sendall(b"POST /en/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\ntext=")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        + bytes(6_900_000)
        + b"\r\n--x--\r\n"
    )
    kind = f"Content-Type: multipart/form-data; boundary=x\r\nX-Forwarded-For: {ASKER}\r\nContent-Length: {len(body)}"
    with ThreadPoolExecutor(40) as strangers:
        large = strangers.map(lambda _: send(desk.public, f"POST /en/ HTTP/1.1\r\n{kind}", body), range(120))
        many = strangers.map(lambda _: send(desk.public, f"GET /en/ HTTP/1.1\r\nX-Forwarded-For: {ASKER}"), range(400))
        waited = sorted(seconds_at_the_desk(desk) for _ in range(40))
        honest = letter(desk.public, "Somebody was taken from her home in Velm.")
        refused, opened = list(large), list(many)
    after = most(of_the_form(desk))
    for line in slow:
        line.close()
    p95 = waited[int(len(waited) * 0.95)]
    sent_back = sum(b" 400" in each for each in refused)
    print(f"{before} MB before, {after} MB at most; the desk after {p95:.2f} s (p95); {sent_back} of 120 sent back")
    assert b'receipt"><strong>' in honest
    assert not [each for each in refused if each and b" 400" not in each]
    assert sum(b" 200" in each for each in opened) == 400
    assert b'receipt"><strong>' in letter(desk.public, "And another one.")
    assert after < MOST_MEGABYTES_OF_THE_FORM
    assert p95 < LONGEST_SECONDS_AT_THE_DESK
    kept = [each for each in desk.folder.rglob("*") if each.is_file() and ASKER.encode() in each.read_bytes()]
    assert kept == [], "somebody who asked is written down"
