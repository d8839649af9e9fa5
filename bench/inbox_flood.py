"""How long a letter waits behind a flood of reports of mail servers until it stands in the inbox.

Usage: `python bench/inbox_flood.py [--reports N] [--database sqlite|postgresql]… [--drain]`. Reports of every kind that
`tests/mailbox/bounces` has, each with a token that somebody made up, are poured over LMTP into the receiver, which
runs in a process of its own and commits each to the disk before it says 250. With them come answers of machines, one to
ten reports, every second with a return path as if a person had written, and a hundred letters, half of them quoting
the code of an appeal. Meanwhile one person opens the inbox again and again, through Django's client: that sorts what
came for as long as a page may take. `--drain` sorts all of it in the end, and counts whether anything is missing.

A letter is seen once a page shows it; how long that took counts from the 250. The cases are opened beside the inbox, as
a page that sorts nothing, and are judged; how long the inbox took, which sorts for two seconds, is told. Times are by
the clock: others at work on the same machine make them longer. Exit code 1 where a letter or a page took too long, or
where a report changed a reader or a mailing.
"""

import argparse
import asyncio
import multiprocessing
import random
import re
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/rooms/replies"))

import outbox_speed  # Starts Django with the settings of the desk.
from desk_speed import signed_in
from django.db import connections
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from mailroom import Mailroom
from post_office import US, mail

from invented_appeals import ENGLISH
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.adapters import lmtp
from tocsin.dispatch.models import Bounce, Delivery, Subscriber, Suppression
from tocsin.replies import actions, queries, receiving, sorting
from tocsin.replies.models import ARRIVED, Arrivals

ROOT = Path(__file__).resolve().parent.parent
SEEN_WITHIN_SECONDS, PAGE_MS = 60, 500
"""What is wanted: of a letter, and of a page for which nothing has to be sorted first."""
LETTERS, TO_ONE_MACHINE = 100, 10
LINES = 4
EACH_SECONDS, CASES_A_ROUND = 1, 5
_TOKEN = b"0123456789abcdef" * 2
_NUMBERED = re.compile(r"Letter number ([0-9]+)\b")
_UNTOUCHED = (Subscriber, Delivery, Suppression, Bounce)
_FORK = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Seen:
    """What happened, in seconds: when each letter was kept, when the inbox showed it, how long pages took."""

    kept: dict[int, float] = field(default_factory=dict)
    shown: dict[int, float] = field(default_factory=dict)
    inbox: list[float] = field(default_factory=list)
    cases: list[float] = field(default_factory=list)

    def waited(self) -> list[float]:
        """How long each letter waited, the longest last."""
        return sorted(max(0.0, self.shown[each] - self.kept[each]) for each in self.kept)

    def slowest(self) -> tuple[float, float]:
        """How many milliseconds 95 of 100 pages took at most: of the inbox, and of the cases."""
        inbox, cases = (1000 * _p(sorted(each), 95) for each in (self.inbox, self.cases))
        return inbox, cases


class Line:
    """A connection of the mail server to the receiver."""

    def __init__(self, port: int) -> None:
        """Connect and say hello."""
        self._line = socket.create_connection(("127.0.0.1", port))
        self._heard = self._line.makefile("rb")
        self._answer()
        self._line.sendall(b"LHLO mx.example\r\n")
        self._answer()

    def hand_over(self, content: bytes, sender: str, to: str) -> None:
        """Hand a mail over, and come back once it was kept."""
        body = re.sub(rb"\r?\n", b"\r\n", content.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        stuffed = re.sub(rb"(?m)^\.", b"..", body)
        head = f"MAIL FROM:<{sender}>\r\nRCPT TO:<{to}>\r\nDATA\r\n".encode()
        self._line.sendall(head + stuffed + b"\r\n.\r\n")
        said = [self._answer() for _ in range(4)]
        if not said[-1].startswith(b"250"):
            raise RuntimeError(f"the receiver answered {said!r}")

    def _answer(self) -> bytes:
        while (line := self._heard.readline())[3:4] == b"-":
            pass
        return line


def pour(port: int, numbers: Sequence[int]) -> None:
    """Hand over the flood: reports, and answers of machines."""
    dice, line = random.Random(numbers[0]), Line(port)
    reports = [each.read_bytes() for each in sorted((ROOT / "tests/mailbox/bounces").glob("*.eml"))]
    machines = [each.read_bytes() for each in sorted((ROOT / "tests/mailbox").glob("out_of_office_*.eml"))]
    for number in numbers:
        forged = reports[number % len(reports)].replace(_TOKEN, dice.randbytes(16).hex().encode())
        line.hand_over(forged + f"\r\nX-Number: {number}\r\n".encode(), "", "bounces@observers.example")
        if number % TO_ONE_MACHINE == 0:
            sender = f"clerk{number}@ministry.example" if number % (2 * TO_ONE_MACHINE) else ""
            answer = machines[number // TO_ONE_MACHINE % len(machines)]
            line.hand_over(answer + f"\r\n{number}\r\n".encode(), sender, US)


def write_letters(port: int, code: str, seen: Seen, is_poured: Callable[[int], bool]) -> None:
    """Hand over letters of people while the flood comes; note when each was kept."""
    line = Line(port)
    for number in range(LETTERS):
        while not is_poured(number):
            time.sleep(0.05)
        subject = f"Your appeal {code}" if number % 2 else "Your letter"
        line.hand_over(mail(subject, f"Letter number {number} of a person."), "vesna@letters.example", US)
        seen.kept[number] = time.monotonic()


@contextmanager
def receiver() -> Iterator[int]:
    """Let the receiver take mail in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    connections.close_all()

    def receive() -> None:
        asyncio.run(lmtp.serve(("127.0.0.1", port), _take, asyncio.Event()))

    process = _FORK.Process(target=receive, daemon=True)
    process.start()
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.join()


def _take(one: lmtp.Delivered) -> lmtp.Verdict:
    return receiving.take(one, now=timezone.now())


def measure(kind: str, reports: int, *, drains: bool) -> bool:
    """Print what happened on one kind of database; tell whether all was as it is wanted."""
    with outbox_speed.databases(kind):
        people = outbox_speed.press()
        appeal = people.publish([ENGLISH], now=timezone.now())
        room = Mailroom(people, appeal, Path(tempfile.mkdtemp()))
        room.readers(50)
        room.send()
        actions.open_inbox(people.ana.actor, now=timezone.now())
        before = _untouched()
        seen, begun = Seen(), time.monotonic()
        with receiver() as port:
            share = [range(each, reports, LINES) for each in range(min(LINES, reports))]
            flood = [_FORK.Process(target=pour, args=(port, each), daemon=True) for each in share]
            for each in flood:
                each.start()

            def is_poured(number: int) -> bool:
                return not any(each.is_alive() for each in flood) or _taken() * LETTERS > number * reports

            writer = Thread(target=write_letters, args=(port, appeal.code, seen, is_poured), daemon=True)
            writer.start()
            look(people.ana, seen, lambda: writer.is_alive() or any(each.is_alive() for each in flood))
            poured = time.monotonic() - begun
        waiting, waited = queries.take_stock().states[ARRIVED], seen.waited()
        print(
            f"{kind:<11}{reports:,} reports, {reports // TO_ONE_MACHINE:,} answers of machines and {len(waited)}"
            f" letters came in {poured:.0f} s; {waiting:,} wait"
        )
        print(
            f"{'':<11}letters seen after {statistics.median(waited):.1f} s in the middle, {_p(waited, 99):.1f} s for 99"
            f" of 100, {waited[-1]:.1f} s at worst (wanted: {SEEN_WITHIN_SECONDS})"
        )
        inbox, cases = seen.slowest()
        print(
            f"{'':<11}95 of 100 pages meanwhile: the cases {cases:.0f} ms (wanted: {PAGE_MS}); the inbox,"
            f" which sorts, {inbox:.0f} ms"
        )
        if drains:
            drain(people.ana.actor)
        page = idle_page(people.ana)
        print(f"{'':<11}a page of the inbox with nothing to sort: {page:.0f} ms (wanted: {PAGE_MS})")
        stock = queries.take_stock()
        same = _untouched() == before
        print(
            f"{'':<11}{stock.states}; {stock.missing} missing; readers and mailing {'as before' if same else 'CHANGED'}"
        )
        is_quick = max(cases, page) <= PAGE_MS
        return same and not stock.missing and waited[-1] <= SEEN_WITHIN_SECONDS and is_quick


def look(person: NewAccount, seen: Seen, still: Callable[[], bool]) -> None:
    """Open the inbox again and again, until all has come and every letter was shown."""
    client = signed_in(person)
    while still() or len(seen.shown) < LETTERS:
        begun = time.monotonic()
        page = client.get("/inbox").content.decode()
        sorted_at = time.monotonic()
        seen.inbox.append(sorted_at - begun)
        seen.cases += [_seconds(client, "/cases") for _ in range(CASES_A_ROUND)]
        for found in _NUMBERED.findall(page):
            seen.shown.setdefault(int(found), sorted_at)
        time.sleep(EACH_SECONDS)


def drain(actor: Actor) -> None:
    """Sort all that came, and tell how long it took."""
    begun, done = time.monotonic(), 0
    while sorted_now := sum(sorting.sort(actor, now=timezone.now()).values()):
        done += sorted_now
    print(f"{'':<11}{done:,} sorted in {time.monotonic() - begun:.0f} s")


def idle_page(person: NewAccount) -> float:
    """Give how many milliseconds a page takes before which nothing is sorted."""
    client = signed_in(person)
    with patch.object(sorting, "sort_at_sight"):
        return statistics.median(1000 * _seconds(client, "/inbox") for _ in range(5))


def _seconds(client: Client, page: str) -> float:
    begun = time.monotonic()
    client.get(page)
    return time.monotonic() - begun


def _untouched() -> list[list[Any]]:
    return [[*table.objects.order_by("pk").values()] for table in _UNTOUCHED]


def _taken() -> int:
    return Arrivals.objects.aggregate(sum=Sum("taken"))["sum"] or 0


def _p(values: Sequence[float], share: int) -> float:
    return values[min(len(values) - 1, len(values) * share // 100)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument(
        "--drain", action="store_true", help="sort all of it in the end, which takes a quarter of an hour"
    )
    chosen = parser.parse_args(arguments)
    kinds = chosen.database or ("sqlite", "postgresql")
    good = [measure(kind, chosen.reports, drains=chosen.drain) for kind in kinds]
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
