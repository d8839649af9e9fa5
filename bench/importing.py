"""How many documents a minute an archive of past appeals is taken over with: each format by itself, and all together.

Usage: `python bench/importing.py [--documents 200]`. Invented appeals are written as text, web pages, PDF and Word
files into a temporary directory, and taken over as `tocsin site import-archive` does, by its own steps: opened in a
child process each, read, planned, signed by two people and put into the database. A sandbox does not tell what it
spent, so that times are by the clock on the wall, and say something only on a machine that does nothing else.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from public_site_speed import NOW, document_of
from strongroom import PASSPHRASE, first_person, set_up

if TYPE_CHECKING:
    from tocsin.adapters.outlets import Format
    from tocsin.appeals.two import Two
    from tocsin.operations.reading_archive import Opened

T = TypeVar("T")
FORMATS: "tuple[Format, ...]" = ("txt", "html", "pdf", "docx")
WANTED = 1_000
AT_ONCE = 25


def two_approvers() -> "Two":
    """Give two people whose keys count for what is published."""
    from tocsin.accounts import demonstration
    from tocsin.accounts.actor import TERMINAL
    from tocsin.publishing import signatories

    root = replace(first_person(), confirmed_at=NOW)
    people = [
        replace(
            demonstration.settle(root, login, login.title(), PASSPHRASE, ["approver"], now=NOW).actor,
            proof=TERMINAL,
            confirmed_at=NOW,
        )
        for login in ("ada", "bo")
    ]
    for each in people:
        signatories.admit(root.ring, each.id, now=NOW)
    return people[0], people[1]


def write(folder: Path, form: "Format", first: int, count: int, dice: random.Random) -> None:
    """Write so many appeals in one format, each under a code of its own."""
    from tocsin.adapters.outlets import render_file

    folder.mkdir()
    for number in range(first, first + count):
        code = f"XZV {number % 900 + 1:03} / 01{number // 900:02} / OBS {number % 900 + 1:03}"
        written = render_file(document_of(number, code, dice), form)
        (folder / f"{number:05}.{form}").write_bytes(written)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Give what some work gave, and the seconds that it took."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def open_all(folder: Path) -> "list[Opened]":
    """Open and read all files of a folder."""
    from tocsin.operations import reading_archive

    return list(reading_archive.open_all(reading_archive.files_of([folder])))


def take_over(two: "Two", opened: "list[Opened]") -> int:
    """Plan what was read, and show what nothing stands against; gives how many appeals that are."""
    from tocsin.appeals import archiving
    from tocsin.core.archive import DOUBTS, plan
    from tocsin.publishing import archive

    found = [each for one in opened for each in one.found]
    stand = [name for name, each in DOUBTS.items() if each.may_stand]
    planned = plan(found, archive.shelf({each.printed for each in found}, now=NOW), stand)
    archiving.begin(two, planned, now=NOW)
    for start in range(0, len(planned.units), AT_ONCE):
        archiving.take_over(two, planned.units[start : start + AT_ONCE], now=NOW)
    return len(planned.units)


def row(name: str, documents: int, seconds: float) -> bool:
    """Print a line of the table; tell whether as many were done as are wanted."""
    minute = documents / seconds * 60
    print(f"{name:<24} {minute:>8.0f} a minute   wanted {WANTED}{'  MISSED' if minute < WANTED else ''}")
    return minute >= WANTED


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print the table; gives 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200, help="of each format")
    parser.add_argument("--seed", type=int, default=20_261_126)
    chosen = parser.parse_args(arguments)
    count, dice = chosen.documents, random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder))
        two = two_approvers()
        load = os.getloadavg()[0]
        print(f"seed {chosen.seed}, {count} documents of each format, {os.cpu_count()} cores, load {load:.1f}")
        opened: list[Opened] = []
        met, whole = [], 0.0
        for at, form in enumerate(FORMATS):
            here = Path(folder) / form
            write(here, form, at * count, count, dice)
            read, seconds = timed(lambda here=here: open_all(here))  # type: ignore[misc]
            met.append(row(f"{form}: opened and read", len(read), seconds))
            opened += read
            whole += seconds
        taken, seconds = timed(lambda: take_over(two, opened))
        met.append(row("planned and taken over", len(opened), seconds))
        met.append(row("from file to page", len(opened), whole + seconds))
        print(f"{taken} of {len(opened)} documents are appeals that are shown now")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
