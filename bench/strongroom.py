"""How long the strongroom takes: signing in, opening a case, opening and indexing all summaries, searching them.

Usage: `python bench/strongroom.py [--quick]`. A site of invented cases is made in a temporary directory, on SQLite,
with the settings of a real one. Times are medians of the processor's time of this process in milliseconds, so that a
busy machine does not matter much; what grows is measured at a tenth and, where that says something, tenfold.
"""

import argparse
import dataclasses
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.accounts.actor import Actor
    from tocsin.core.records import Case

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
AN_HOUR_LATER = NOW + timedelta(hours=1)
PASSPHRASE = "correct horse battery staple"
WORDS_EACH = 150
QUESTIONS = {
    "a name that nobody has": "qqzzy",
    "a word of every case": "lena",
    "the beginnings of two words": "ma re",
    "five words": "ma re lo ka en",
}
TARGET_OPEN_MS, TARGET_INDEX_MS, TARGET_QUERY_MS = 50, 1000, 10


def median_ms(work: Callable[[], object], runs: int, clock: Callable[[], float] = time.process_time) -> float:
    """Give the median milliseconds of some runs."""
    times = []
    for _ in range(runs):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times) * 1e3


def set_up(directory: Path) -> None:
    """Make the tables of a site in a directory, and let Django know of it."""
    from tocsin.config import writing
    from tocsin.config.site import LOOPBACK

    path = directory / "site.toml"
    writing.write_new(path, "demonstration", LOOPBACK)
    writing.write_private(directory / "demonstration.toml", "people = []\n")
    os.environ |= {"TOCSIN_SITE": str(path), "DJANGO_SETTINGS_MODULE": "tocsin.config.settings"}
    import django

    django.setup()
    from tocsin.adapters.collecting import collect_seldom
    from tocsin.config.founding import make_tables

    # As every process does that serves the desk.
    collect_seldom()
    make_tables()


def first_person() -> "Actor":
    """Create the one person of the site, who may do everything."""
    from django.conf import settings

    from tocsin.accounts import actions as accounts
    from tocsin.accounts.actor import PASSKEY, verbs_of_roles

    fresh = accounts.create_first_account("vera", "Vera", PASSPHRASE, ["administrator"], now=NOW)
    settings.TOCSIN_ROOTS = (fresh.actor.ring.public().sign.hex(),)
    return dataclasses.replace(fresh.actor, roles=frozenset(verbs_of_roles()), proof=PASSKEY)


def case_of(records: int) -> "Case":
    """Give an invented case with so many records: the one of the tests, with more events."""
    from tocsin.core.records import Event, from_yaml
    from tocsin.core.records.values import Translation, Wording

    case = from_yaml((ROOT / "tests/rooms/casework/case.yaml").read_text("utf-8"))
    dice = random.Random(records)
    more = tuple(
        Event(id=f"e{at:03}", kind="context", what=Wording((Translation("en", " ".join(words(dice, 20))),)))
        for at in range(100, 100 + records - 7)
    )
    return dataclasses.replace(case, events=(*case.events, *more))


def words(dice: random.Random, count: int) -> list[str]:
    """Draw invented words, common ones more often."""
    return [_letters(int(50_000 * dice.random() ** 3))[: dice.randint(3, 9)] for _ in range(count)]


@cache
def _letters(number: int) -> str:
    return "".join(random.Random(number).choices("aeioulnrstmkdvpgbh", k=9))


def fill(actor: "Actor", count: int, words_each: int) -> None:
    """Found so many cases with a summary of so many words, as the rooms would; without their records."""
    from uuid import uuid4

    from django.db import transaction

    from tocsin.casework.models import CaseFile, CaseSummary
    from tocsin.casework.search.facets import Facets
    from tocsin.casework.search.summary import Summary, _place, _written
    from tocsin.casework.search.words import in_buckets
    from tocsin.vault import actions as vault
    from tocsin.vault import slots
    from tocsin.vault.queries import open_case

    dice = random.Random(count)
    slots.preallocate(count + 100)
    with transaction.atomic(), transaction.atomic(using="keys"):
        for _ in range(count):
            file = CaseFile.objects.create(id=uuid4(), opened_at=NOW, version=1)
            vault.found(actor.ring, file.id, ["facts"], reason="bench", ends_at=None, now=NOW)
            keys = open_case(actor.ring, file.id, NOW)["facts"]
            found = in_buckets(["lena", "marosh", *words(dice, words_each)])
            summary = Summary("Lena Marosh", "XZV 001 / 1126 / OBS 001", found, Facets(names=("Lena Marosh",)))
            CaseSummary.objects.create(
                case=file,
                compartment="facts",
                version=1,
                sealed=keys.seal(_written.encode(summary), _place(file.id, "facts", 1)),
                saved_at=NOW,
            )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the cases, and no promise")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as directory:
        set_up(Path(directory))
        actor = first_person()
        rows = [*signing_in(), *opening(actor), *searching(actor, 2_000 if quick else 20_000)]
    for name, figure, target in rows:
        print(f"{name:<64} {figure:>9.1f} ms" + (f"   wanted {target}" if target else ""))
    missed = [name for name, figure, target in rows if target and figure > target]
    print("missed: " + "; ".join(missed) if missed else "all as wanted")
    return int(bool(missed))


Row = tuple[str, float, int]


def signing_in() -> list[Row]:
    """Measure what a passphrase costs, and what each request of a session does."""
    from tocsin.accounts import actions as accounts
    from tocsin.accounts.models import Account
    from tocsin.vault import queries

    account = Account.objects.get()
    ring = queries.unlock(account.id, PASSPHRASE)
    cookie = accounts.open_session(account, ring, now=NOW)
    return [
        (
            "unlocking by passphrase (Argon2id, 128 MiB, 3 rounds)",
            median_ms(lambda: queries.unlock(account.id, PASSPHRASE), 5),
            0,
        ),
        (
            "the same by the clock on the wall",
            median_ms(lambda: queries.unlock(account.id, PASSPHRASE), 5, time.perf_counter),
            0,
        ),
        ("resuming a session, each request", median_ms(lambda: accounts.resume(cookie, now=NOW), 50), 0),
    ]


def opening(actor: "Actor") -> list[Row]:
    """Measure opening a whole case."""
    from tocsin.casework import actions

    rows: list[Row] = []
    for records, target in ((30, 0), (300, TARGET_OPEN_MS), (3_000, 0)):
        opened = actions.open_new_case(actor, case_of(records), reason="bench", now=NOW)
        reading = median_ms(lambda case=opened.id: actions.read_case(actor, case, now=NOW), 9)  # type: ignore[misc]
        rows.append((f"opening a case of {records} records, journal entry included", reading, target))
    return rows


def searching(actor: "Actor", most: int) -> list[Row]:
    """Measure opening and indexing all summaries, and questions to the index."""
    from tocsin.casework.search import actions, memory
    from tocsin.core.errors import StillOpening

    def search(question: str) -> None:
        for _ in range(most):
            try:
                actions.search(actor, question, now=AN_HOUR_LATER)
            except StillOpening:
                continue
            return

    def from_nothing() -> None:
        memory.drop(actor.id)
        search("nothingatall")

    rows: list[Row] = []
    for held, added in ((most // 10, most // 10), (most, most - most // 10)):
        fill(actor, added, WORDS_EACH)
        whole = held == most
        rows.append((f"{held} cases: first search ever (boxes are sealed again)", median_ms(from_nothing, 1), 0))
        indexing = median_ms(from_nothing, 5)
        rows.append((f"{held} cases: summaries opened and indexed", indexing, TARGET_INDEX_MS if whole else 0))
        for name, question in QUESTIONS.items():
            asked = median_ms(lambda words=question: search(words), 20)  # type: ignore[misc]
            rows.append((f"{held} cases: {name}", asked, TARGET_QUERY_MS if whole else 0))
    return rows


if __name__ == "__main__":
    sys.exit(main())
