"""What the public site takes as it is served, in real processes over real sockets, beside a plain Django site.

Usage: `python bench/public_server_speed.py [--requests 4000] [--connections 8] [--appeals 20]`. A site with invented
appeals is made in a temporary directory, the standing set with `--appeals 20000`; `tocsin site public --workers 2` and
the plain site, which shows the same text under the same server, are asked over this machine's own network by readers
who each keep a connection. They ask for one page, and then for pages of the whole set, as often as people ask for pages
of a site: the n-th of them an n-th as often as the first (Zipf's law), so that many are made anew. Requests a second of
two cores are counted by the processor's time of the server's processes, so that neither the readers nor a busy machine
count; latency is by the clock, with the load of the machine beside it.
"""

import argparse
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil
from public_site_speed import NOW, end, fill, row
from strongroom import set_up

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
WANTED_A_SECOND, WANTED_MS = 1_000, 50


@dataclass(frozen=True)
class Taken:
    """What requests took: milliseconds of each, the shortest first, and seconds of the processor and of the clock."""

    milliseconds: list[float]
    seconds: float
    passed: float

    @property
    def of_two_cores(self) -> float:
        """Requests a second that two cores take."""
        return 2 * len(self.milliseconds) / self.seconds

    def within(self, share: float) -> float:
        """Milliseconds within which this share of the requests is answered."""
        return self.milliseconds[min(int(len(self.milliseconds) * share), len(self.milliseconds) - 1)]


def free_port() -> int:
    """Give a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(command: list[str], port: int, environment: dict[str, str]) -> Iterator[int]:
    """Serve until the block ends; gives the number of the process."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def processor_seconds(root: int) -> float:
    """Give the seconds that a process and all that it started have taken."""
    first = psutil.Process(root)
    # Of each: its own time, and that of children that have ended.
    return sum(sum(each.cpu_times()[:4]) for each in (first, *first.children(recursive=True)))


def read(port: int, paths: Sequence[str]) -> list[float]:
    """Ask for pages over one connection, one after the other; gives the milliseconds of each."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    milliseconds = []
    for path in paths:
        start = time.perf_counter()
        connection.request("GET", path, headers={"Host": f"localhost:{port}", "Accept-Encoding": "gzip"})
        response = connection.getresponse()
        response.read()
        milliseconds.append((time.perf_counter() - start) * 1e3)
        if response.status != 200:
            raise SystemExit(f"bench: {path} was answered by {response.status}")
    connection.close()
    return milliseconds


def asked(pid: int, port: int, paths: Sequence[str], connections: int, before: Sequence[str] = ()) -> Taken:
    """Let some readers share what is asked for at the same time, after what is asked for `before` and not counted."""

    def together(paths: Sequence[str]) -> list[float]:
        with ThreadPoolExecutor(connections) as readers:
            times = [readers.submit(read, port, paths[at::connections]) for at in range(connections)]
            return [each for one in times for each in one.result()]

    together(before or paths[: 50 * connections])
    spent = processor_seconds(pid)
    start = time.perf_counter()
    milliseconds = together(paths)
    passed = time.perf_counter() - start
    return Taken(sorted(milliseconds), processor_seconds(pid) - spent, passed)


def shown(name: str, taken: Taken, *, wanted: bool) -> None:
    """Print the rows of a server."""
    row(f"{name}: requests a second of two cores", taken.of_two_cores, "", f"≥ {WANTED_A_SECOND}" if wanted else "")
    row(f"{name}: by the clock, readers and all else beside it", len(taken.milliseconds) / taken.passed, "")
    row(f"{name}: half of the requests within", taken.within(0.5), "ms")
    row(f"{name}: 99 of 100 within", taken.within(0.99), "ms", f"≤ {WANTED_MS}" if wanted else "")


def published(folder: Path) -> tuple[list[str], str]:
    """Let processes serve the site in a folder; gives the addresses of all appeals, and one's document as JSON."""
    from django.conf import settings

    from tocsin.config.writing import write_root
    from tocsin.core.appeal import to_json
    from tocsin.publishing import queries

    write_root(folder / "site.toml", settings.TOCSIN_ROOTS[0])
    slugs = [slug for slug, _, _ in queries.list_addresses(now=NOW)]
    listed = queries.find(slugs[0], now=NOW)
    assert listed is not None
    assert listed.appeal is not None
    return [f"/appeals/{slug}/en.html" for slug in slugs], to_json(listed.appeal.editions[0].document)


def plain_copy(folder: Path, document: str) -> dict[str, str]:
    """Make the plain site in a folder; gives the environment that its server needs."""
    environment = {"PLAIN_SITE": str(folder / "plain.sqlite"), "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-c", "import sys, plain_site; plain_site.make(sys.stdin.read())"]
    subprocess.run(command, env={**os.environ, **environment}, input=document, text=True, check=True)
    return environment


def measure(folder: Path, requests: int, connections: int) -> None:
    """Measure the site that lies in a folder as it is served, and print the table."""
    paths, document = published(folder)
    print(f"load {os.getloadavg()[0]:.1f}, {len(paths)} appeals, {requests} requests over {connections} connections")
    shares = [1 / place for place in range(1, len(paths) + 1)]
    drawn = random.Random(len(paths)).choices(paths, shares, k=2 * requests)
    port = free_port()
    with serving([str(BIN / "tocsin"), "site", "public", "--port", str(port), "--workers", "2"], port, {}) as pid:
        ours = asked(pid, port, paths[:1] * requests, connections)
        many = asked(pid, port, drawn[requests:], connections, drawn[:requests])
    environment, port = plain_copy(folder, document), free_port()
    server = ["--interface", "wsgi", "--workers", "2", "--port", str(port), "--no-log", "plain_site:application"]
    with serving([str(BIN / "granian"), *server], port, environment) as pid:
        plain = asked(pid, port, ["/"] * requests, connections)
    shown("page of an appeal", ours, wanted=True)
    shown(f"{len(set(drawn))} pages of {len(paths)}, as people ask", many, wanted=True)
    shown("the same text by a plain Django site", plain, wanted=False)


def main(arguments: list[str] | None = None) -> None:
    """Make a site, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=4_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--appeals", type=int, default=20, help="how many the site shows; 20000 is the standing set")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        set_up(Path(name))
        fill(chosen.appeals, random.Random(20_261_126))
        measure(Path(name), chosen.requests, chosen.connections)
    end()


if __name__ == "__main__":
    main()
