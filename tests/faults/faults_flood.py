"""Strangers who send much, slowly and often do not fill the memory of the desk."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from test_cli_site import fetched, free_port

MOST_MEGABYTES = 500
LARGE = 10_900_000


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


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    folder = tmp_path_factory.mktemp("flood")
    environment = {**os.environ, "TOCSIN_SITE": str(folder / "site.toml")}
    subprocess.run([sys.executable, "-m", "tocsin", "site", "init", "--demonstration"], env=environment, check=True)
    port = free_port()
    command = [sys.executable, "-m", "tocsin", "site", "serve", "--no-worker", "--port", str(port)]
    with subprocess.Popen(command, env=environment, start_new_session=True) as served:
        try:
            fetched(f"http://127.0.0.1:{port}/sign-in")
            yield port, served.pid
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


def test_a_flood_of_strangers_does_not_fill_the_memory(desk: tuple[int, int]) -> None:
    port, pid = desk
    assert b"200" in send(port, "GET /sign-in HTTP/1.1")
    before = most(tree(pid))
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    for line in slow:
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nlogin=")
    large = f"POST /reports/new HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {LARGE}"
    with ThreadPoolExecutor(40) as strangers:
        answers = list(strangers.map(lambda _: send(port, large, bytes(LARGE)), range(80)))
        many = list(strangers.map(lambda _: send(port, "GET /sign-in HTTP/1.1"), range(200)))
    after = most(tree(pid))
    for line in slow:
        line.close()
    print(f"{before} MB before, {after} MB at most; {sum(b'302' in each for each in answers)} of 80 sent away")
    assert not [each for each in answers if each and b"302" not in each]
    assert sum(b"200" in each for each in many) == 200
    assert b"200" in send(port, "GET /sign-in HTTP/1.1")
    assert after < MOST_MEGABYTES
