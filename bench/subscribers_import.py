"""How long it takes to take a list of readers in, and where that time goes.

Usage: `python bench/subscribers_import.py [--rows 50000]`. A list as organisations have them, a fifth of it twice and
three rows in a hundred junk, glued together of four encodings, is taken into a site in a temporary directory on SQLite,
or where `DATABASE_URL` says. Times are the processor's of this process; those of PostgreSQL's own are not in them,
which is why the time by the clock stands beside.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from strongroom import set_up

ROWS_A_SECOND = 1_000_000 / 300
JUNK = ("nobody", "mira tosk@reader.example", "|touch@reader.example", "mira@[192.0.2.1]", "\0x\0", '"Tosk, Mira')
PARTS = ("utf-8-sig", "cp1251", "utf-16", "cp1252")
LANGUAGES = {"utf-8-sig": "русский", "cp1251": "русский", "utf-16": "العربية", "cp1252": "français"}


def write(path: Path, count: int, dice: random.Random) -> int:
    """Invent a list, a quarter of it in each encoding; tell how many of its rows are junk."""
    junk = 0
    with path.open("wb") as file:
        for encoding in PARTS:
            rows = list(_rows(count // len(PARTS), LANGUAGES[encoding], count, dice))
            junk += sum(row.startswith(";") for row in rows)
            file.write(f"Name;Email;Language;Country\n{''.join(rows)}".encode(encoding))
    return junk


def _rows(count: int, language: str, of: int, dice: random.Random) -> Iterator[str]:
    for _ in range(count):
        if dice.random() < 0.03:
            yield f";{dice.choice(JUNK)};;\n"
            continue
        # Of the numbers that are drawn so many come twice that a fifth of the rows is known already.
        number, country = dice.randrange(int(of * 2.2)), dice.choice(("MAR", "", "XZV"))
        yield f"Reader {number};reader.{number}@host{number % 997}.example;{language};{country}\n"


class Stopwatch:
    """The processor's time that a function took, all calls together."""

    def __init__(self, owner: Any, name: str) -> None:
        self.seconds, self._inner = 0.0, getattr(owner, name)
        setattr(owner, name, self._timed)

    def _timed(self, *words: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return self._inner(*words, **named)
        finally:
            self.seconds += time.process_time() - began


def spent(act: Callable[[], Any]) -> tuple[float, float, Any]:
    """Give the seconds of the processor and of the clock that something took, and what it gave."""
    processor, clock = time.process_time(), time.perf_counter()
    given = act()
    return time.process_time() - processor, time.perf_counter() - clock, given


def main(words: list[str]) -> int:
    """Print the table; end with 1 if it is slower than a million rows in five minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    count = parser.parse_args(words).rows
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder))
        return measure(Path(folder) / "readers.csv", count)


def measure(path: Path, count: int) -> int:
    """Take an invented list in and print what each part of the work took."""
    from django.conf import settings
    from django.utils import timezone

    from tocsin.config.mailings import Mailings
    from tocsin.core.messages import Address
    from tocsin.core.subscribing import read_list
    from tocsin.dispatch import taking
    from tocsin.dispatch.models import Subscriber
    from tocsin.vault.mailer_keys import draw_mailer_key, public_half

    sender = Address.parse("appeals@office.example")
    settings.TOCSIN_MAILINGS = Mailings(
        "", sender, sender, sender, "appeals.office.example", "https://appeals.example/", public_half(draw_mailer_key())
    )
    junk = write(path, count, random.Random(7))
    reading = taking.Reading(("en",))
    read, _, _ = spent(lambda: sum(1 for _ in read_list(taking._blocks(path), languages=("en",))))
    sealing = Stopwatch(taking, "seal_address")
    finding = Stopwatch(taking, "fingerprint")
    writing = Stopwatch(Subscriber.objects, "bulk_create")
    whole, clock, report = spent(lambda: taking.take_list(path, reading, now=timezone.now()))
    again, _, twice = spent(lambda: taking.take_list(path, reading, now=timezone.now()))
    parts = {
        "read rows": read,
        "fingerprint": finding.seconds / 2,
        "seal": sealing.seconds,
        "write rows": writing.seconds,
    }
    print(f"{report.rows} rows: {report.added} added, {report.known} known, {dict(report.refused)} refused")
    for name, seconds in {**parts, "look and the rest": whole - sum(parts.values())}.items():
        print(f"{name:>20}  {seconds / report.rows * 1e6:7.1f} µs a row")
    rate = report.rows / whole
    print(f"{'whole':>20}  {whole / report.rows * 1e6:7.1f} µs a row, {rate:,.0f} rows a second")
    print(f"{'by the clock':>20}  {clock / report.rows * 1e6:7.1f} µs a row")
    print(f"{'taken again':>20}  {again / report.rows * 1e6:7.1f} µs a row, {twice.added} added")
    assert (Subscriber.objects.count(), report.refused.total()) == (report.added, junk)
    return int(rate < ROWS_A_SECOND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
