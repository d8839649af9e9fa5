"""How long the desk keeps people waiting while a mailing runs, and how soon after the click its first message goes out.

Usage: `python bench/desk_beside_mailing.py [--readers N] [--connections N]`. A demonstration is founded in a temporary
directory and its desk served as it always is, by a process of its own (`tocsin site serve`); a mailer that is at work
already hands over to a server of mail on this machine, as that of a working site would. Somebody signs in and opens one
page after the other, first while nothing is mailed; then an officer sends an appeal by the form of its page, and the
same pages are opened until that has ended.

All times are by the clock, so they say something of a quiet machine alone: its load stands above them. The first
message counts from the moment before the click to that at which it is written down that it was handed over.
"""

import argparse
import asyncio
import html
import multiprocessing
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import sending
from public_server_speed import free_port, serving

from demonstrations import CASE, TOCSIN, found

DESK_MS, FIRST_SECONDS = 300, 2.0
PAGES = ("/", "/cases", "/reports", "/journal", "/mailings")
_SPAWN = multiprocessing.get_context("spawn")
_LONGEST = 900.0


class Browser:
    """A browser without scripts, in which somebody of the demonstration has signed in."""

    def __init__(self, port: int, login: str) -> None:
        self._port, self._cookies = port, dict[str, str]()
        self.post("/demonstration", self.get("/sign-in"), person=login)

    def get(self, path: str) -> str:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, page: str, **pressed: str) -> None:
        """Send that form of a page in which this can be chosen, with what is hidden in it."""
        forms = re.findall(rf'<form[^>]* action="{path}".*?</form>', page, re.DOTALL)
        form = next(each for each in forms if all(f'value="{value}"' in each for value in pressed.values() if value))
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        fields = {name: html.unescape(value) for name, value in hidden} | pressed
        self._ask("POST", path, urllib.parse.urlencode(fields))

    def _ask(self, method: str, path: str, sent: str | None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if sent is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection("localhost", self._port, timeout=_LONGEST)) as line:
            line.request(method, path, sent, headers)
            given = line.getresponse()
            for name, value in given.getheaders():
                if name.lower() == "set-cookie":
                    key, _, kept = value.partition(";")[0].partition("=")
                    self._cookies[key] = kept
            if given.status not in {200, 302, 303}:
                raise SystemExit(f"{method} {path} answered {given.status}")
            return given.read().decode()


@dataclass
class Watched:
    """What the database says of a mailing, looked at beside everybody else."""

    database: Path
    first: float = 0.0
    over: bool = False
    count: int = field(default=0)

    def look(self) -> None:
        """Look every 20 ms until all of it is over."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as asked:
            while not self.over:
                if not self.first:
                    found = asked.execute(
                        "SELECT 1 FROM dispatch_delivery WHERE state = 'handed_over' LIMIT 1"
                    ).fetchone()
                    self.first = time.perf_counter() if found else 0.0
                else:
                    self.over = bool(
                        asked.execute("SELECT 1 FROM dispatch_mailing WHERE state = 'finished'").fetchone()
                    )
                time.sleep(0.02)
            (self.count,) = asked.execute(
                "SELECT count(*) FROM dispatch_delivery WHERE state = 'handed_over'"
            ).fetchone()


def mail(site: Path, port: int, connections: int) -> None:
    """Be the mailer of a demonstration, but for handing over to another server, and without its pause."""
    os.environ["TOCSIN_SITE"] = str(site)
    from tocsin.cli.site.boot import boot  # noqa: PLC0415  Django is started here and not in the process that measures

    boot("tocsin.config.settings_mailer")
    from django.conf import settings  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.config import equipping, first_readers  # noqa: PLC0415
    from tocsin.dispatch import clocks  # noqa: PLC0415
    from tocsin.dispatch.mailer import MailerAtWork  # noqa: PLC0415
    from tocsin.dispatch.remembering import Memory  # noqa: PLC0415
    from tocsin.dispatch.survey import Survey  # noqa: PLC0415

    mailings = settings.TOCSIN_MAILINGS
    assert mailings is not None
    folder = site.parent / equipping.FOLDER
    memory = Memory(folder / equipping.MEMORY)
    clocks.confirm(memory, now=timezone.now())
    load = first_readers.kept_here(equipping.Equipping(folder, mailings), port)

    async def work() -> None:
        at_work = MailerAtWork(Survey(load, memory, connections), connections)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, at_work.stop)
        await at_work.run()

    asyncio.run(work())


@contextmanager
def at_work(site: Path, port: int, connections: int) -> Iterator[None]:
    """Let a mailer work, and give it the time to start that it had before anybody clicks."""
    process = _SPAWN.Process(target=mail, args=(site, port, connections), daemon=True)
    process.start()
    database = site.with_name("data.db")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as asked:
        ends_at = time.monotonic() + _LONGEST
        while not asked.execute("SELECT 1 FROM dispatch_mailer WHERE holds_for = ''").fetchone():
            if time.monotonic() > ends_at or not process.is_alive():
                raise SystemExit("the mailer does not work")
            time.sleep(0.1)
    try:
        yield
    finally:
        process.terminate()
        process.join()


def take_in(site: Path, count: int) -> None:
    """Let readers subscribe, as a list that is imported."""
    rows = site.with_name("more.csv")
    rows.write_text("address;language\n" + "".join(f"more{at}@reader.example;en\n" for at in range(count)), "utf-8")
    subprocess.run([*TOCSIN, "subscribers", "import", str(rows)], env=_of(site), check=True, stdout=subprocess.DEVNULL)


def _of(site: Path) -> dict[str, str]:
    return {**os.environ, "TOCSIN_SITE": str(site)}


def opened(browser: Browser, pages: Sequence[str], until: Watched | None, rounds: int) -> list[float]:
    """Open pages in turn until a mailing is over, or so many times; give the ms of each."""
    took = []
    while (not until.over) if until else rounds > 0:
        rounds -= 1
        for page in pages:
            begun = time.perf_counter()
            browser.get(page)
            took.append((time.perf_counter() - begun) * 1000)
    return sorted(took)


def unsent(officer: Browser) -> str:
    """Give the address of an appeal that was not mailed yet."""
    there = re.findall(r'href="(/mailings/[0-9a-f-]{36})"', officer.get("/mailings"))
    return str(next(each for each in there if 'value="send"' in officer.get(each)))


def row(name: str, took: Sequence[float]) -> str:
    """Give the line of the table about some pages."""
    middle, most = took[len(took) // 2], took[min(int(len(took) * 0.95), len(took) - 1)]
    return f"{name:32} {middle:5.0f} ms in the middle, {most:5.0f} for 95 of 100, {took[-1]:5.0f} at most ({len(took)})"


def measure(site: Path, readers: int, connections: int) -> None:
    """Print what one mailing does to the desk."""
    take_in(site, readers)
    ports = {name: free_port() for name in ("--port", "--public-port", "--publishing-port")}
    desk = ports["--port"]
    command = [*TOCSIN, "serve", "--no-worker", *(str(each) for pair in ports.items() for each in pair)]
    sink = sending.postfix if sending.found("smtp-sink") else sending.bundled
    with sink(0) as port, serving(command, desk, _of(site)), at_work(site, port, connections):
        officer, worker = Browser(desk, "ada"), Browser(desk, "tomas")
        where = unsent(officer)
        before = opened(worker, PAGES, None, 4)
        page = officer.get(where)
        watched = Watched(site.with_name("data.db"))
        watching = threading.Thread(target=watched.look, daemon=True)
        watching.start()
        clicked = time.perf_counter()
        officer.post(f"{where}/step", page, step="send", policy="resend", not_before="")
        answered = time.perf_counter()
        during = opened(worker, PAGES, watched, 0)
        watching.join()
        over = time.perf_counter()
    print(row("pages while nothing is mailed", before))
    print(f"{row('pages while a mailing runs', during)}; {DESK_MS} wanted")
    print(
        f"from the click to the first message {watched.first - clicked:.2f} s ({FIRST_SECONDS:g} wanted),"
        f" to the answer of the page {answered - clicked:.2f} s,"
        f" to the end {over - clicked:.1f} s: {watched.count} messages, {watched.count / (over - clicked):.0f}/s"
    )


def main(words: Sequence[str]) -> None:
    """Found a demonstration, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=64)
    given = parser.parse_args(words)
    machine = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{given.readers} readers, {given.connections} connections, {machine}")
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "site"
        found(directory, CASE)
        measure(directory / "site.toml", given.readers, given.connections)


if __name__ == "__main__":
    main(sys.argv[1:])
