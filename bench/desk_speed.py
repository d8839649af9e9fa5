"""How long the pages of the desk take, and how many questions each asks of the databases.

Usage: `python bench/desk_speed.py [--full | --quick] [--postgresql]`. A site of invented cases is made in a temporary
directory, on SQLite or PostgreSQL, with the settings of a real one; requests go through Django's client, templates and
middleware included. One person holds a tenth of what another holds; `--full` founds 100,000 cases, of which they hold
2,000 and 20,000. A case that is opened takes 7 ms of the processor to found. The 78,000 of which no page opens anything
are put in as rows: as many, as long and as linked as those that the rooms leave, with a true chain of the journal, and
noise where something is sealed.
Times are medians of the processor's time in milliseconds, so that a busy machine does not matter much. A report is read
in a sandbox, which does not tell all of its time: that is measured by the clock on the wall, and says something only on
a machine that does nothing else. The page on which a report is pasted has a sandbox wait for it, as it does for people;
what a report costs that nobody waited for stands beside it.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from invented_names import name as invented
from invented_names import variant
from public_site_speed import postgresql
from strongroom import PASSPHRASE, case_of, first_person, median_ms, set_up, words

if TYPE_CHECKING:
    from uuid import UUID

    from django.test import Client

    from tocsin.accounts.actions import NewAccount
    from tocsin.accounts.actor import Actor

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime.now(tz=UTC).replace(microsecond=0)
A_DAY = timedelta(days=1)
PAGE_MS, CASE_MS, REPORT_MS, COMPOSED_MS = 300, 150, 500, 100
# Most of a report's way lies in the sandbox: two processes and a lexicon.
REPORT_WORDS = 1_500
WARM_SECONDS = 3
NAMES = ("Lena Marosh", "Davit Anhalt", "Mirela Tosk", "Ines Rovan", "Oswin Varn", "Runa Otteken", "Timo Dreve")
COUNTRIES = ("XZV", "XOS", "XBM")
WORDS_EACH = 150


@dataclass(frozen=True)
class Row:
    """One figure, with what is wanted of it (0 where nothing is), and how many questions it took."""

    name: str
    ms: float
    wanted: int = 0
    questions: int = 0

    def __str__(self) -> str:
        """Give it as a line of the table."""
        asked = f"{self.questions:>4} questions" if self.questions else " " * 14
        wanted = f"   wanted {self.wanted}{'  MISSED' if self.ms > self.wanted else ''}" if self.wanted else ""
        return f"{self.name:<60} {self.ms:>9.1f} ms {asked}{wanted}"


def hire(root: "Actor", login: str) -> "NewAccount":
    """Give a case lead with an authenticator."""
    from tocsin.accounts import demonstration

    return demonstration.settle(root, login, login.title(), PASSPHRASE, ["case_lead"], now=NOW)


def some_name(dice: random.Random) -> str:
    """Give one of a few names, or one of very many in one of three scripts."""
    return dice.choice(NAMES) if dice.random() < 0.5 else variant(invented(dice), dice).text


def some_alarms(dice: random.Random) -> tuple[str, ...]:
    """Give none to two alarms of a case, as its summary keeps them: some began, some will."""
    from tocsin.casework.search.alarms import kinds

    codes = dice.sample(sorted(kinds()), dice.randint(0, 2))
    return tuple(sorted(f"{NOW.date() + timedelta(days=dice.randint(-30, 90))} {code}" for code in codes))


def fill(actor: "Actor", count: int, seed: int) -> None:
    """Found so many cases as the rooms would, each with its outline, summary and entries, and without its records."""
    from uuid import uuid4

    from django.db import connection, transaction

    from tocsin.casework import store
    from tocsin.casework.merging import Change
    from tocsin.casework.models import CaseFile, CaseSummary
    from tocsin.casework.search.facets import Facets
    from tocsin.casework.search.summary import Summary, _place, _written
    from tocsin.casework.search.words import in_buckets
    from tocsin.journal import actions as journal
    from tocsin.vault import actions as vault
    from tocsin.vault import slots
    from tocsin.vault.queries import open_case

    dice, alarm_dice = random.Random(seed), random.Random(seed)
    slots.preallocate(count + 100)
    for start in range(0, count, 500):
        with transaction.atomic(), transaction.atomic(using="keys"):
            for _ in range(start, min(count, start + 500)):
                at = NOW - timedelta(minutes=dice.randint(60, 500_000))
                file = CaseFile.objects.create(id=uuid4(), opened_at=at, version=1)
                ends_at = NOW + timedelta(days=60)
                # What was granted within the last minutes is opened anew with each question to the index.
                vault.found(actor.ring, file.id, ["facts"], reason="bench", ends_at=ends_at, now=NOW - A_DAY)
                keys = open_case(actor.ring, file.id, NOW)
                store.write(keys, store.EMPTY, {}, Change({}, frozenset()), by=actor.id, now=at)
                name, review = some_name(dice), NOW.date() + timedelta(days=dice.randint(-10, 200))
                facets = Facets(
                    countries=(dice.choice(COUNTRIES),),
                    violations=(dice.choice(("arbitrary_arrest", "torture", "death_threat")),),
                    status=dice.choice(("draft", "published")),
                    review_on=review.isoformat() if dice.random() < 0.5 else "",
                    names=(name,),
                    saved_at=at.timestamp(),
                    alarms=some_alarms(alarm_dice),
                )
                found = in_buckets([*name.casefold().split(), *words(dice, WORDS_EACH)])
                sealed = keys["facts"].seal(
                    _written.encode(Summary(name, "", found, facets)), _place(file.id, "facts", 1)
                )
                CaseSummary.objects.create(case=file, compartment="facts", version=1, sealed=sealed, saved_at=at)
                journal.record(actor.id, "casework.case.opened", file.id, now=NOW)
                journal.record(actor.id, "casework.record.saved", file.id, now=NOW, version=1, parts=1)
            # What follows each entry would take longer than all the rest: anchors, and whom it concerns.
            connection.run_on_commit.clear()


@dataclass(frozen=True)
class Sizes:
    """How many bytes the rooms leave in each sealed field of a case of the bench."""

    reason: int
    outline: int
    summary: int


def sizes() -> Sizes:
    """Measure them at a case that was founded by the rooms."""
    from tocsin.casework.models import CaseSummary, SealedRecord
    from tocsin.vault.models import Grant

    grant, outline, summary = Grant.objects.last(), SealedRecord.objects.last(), CaseSummary.objects.last()
    if grant is None or outline is None or summary is None:
        raise RuntimeError("found some cases first")
    return Sizes(len(grant.reason), len(outline.sealed), len(summary.sealed))


def crowd(actor: "Actor", count: int, seed: int) -> None:
    """Put in so many cases that nobody opens: their rows alone, 2,000 at a time."""
    long, dice = sizes(), random.Random(seed)
    for start in range(0, count, 2_000):
        add_rows(actor, min(2_000, count - start), long, dice)


def add_rows(actor: "Actor", count: int, long: Sizes, dice: random.Random) -> None:
    """Put in the rows of some cases in one transaction."""
    from uuid import UUID

    from django.db import transaction

    from tocsin.casework.models import CaseFile, CaseSummary, SealedRecord
    from tocsin.vault.models import SLOT_BYTES, Grant, KeyState, Slot

    cases = [UUID(int=dice.getrandbits(128), version=4) for _ in range(count)]
    at = {case: NOW - timedelta(minutes=dice.randint(60, 500_000)) for case in cases}
    with transaction.atomic(), transaction.atomic(using="keys"):
        CaseFile.objects.bulk_create(CaseFile(id=case, opened_at=at[case], version=1) for case in cases)
        KeyState.objects.bulk_create(KeyState(case=case, compartment="facts") for case in cases)
        slots = Slot.objects.bulk_create(
            Slot(sealed=dice.randbytes(SLOT_BYTES), taken_at=NOW - A_DAY, case=case) for case in cases
        )
        terms = {"compartment": "facts", "given_by": actor.id, "given_at": NOW - A_DAY}
        Grant.objects.bulk_create(
            Grant(
                holder=actor.id,
                case=case,
                slot=slot.number,
                reason=dice.randbytes(long.reason),
                ends_at=NOW + timedelta(days=60),
                **terms,
            )
            for case, slot in zip(cases, slots, strict=True)
        )
        SealedRecord.objects.bulk_create(
            SealedRecord(
                case_id=case,
                row=case,
                version=1,
                compartment="facts",
                sealed=dice.randbytes(long.outline),
                saved_by=actor.id,
                saved_at=at[case],
            )
            for case in cases
        )
        CaseSummary.objects.bulk_create(
            CaseSummary(
                case_id=case,
                compartment="facts",
                version=1,
                sealed=dice.randbytes(long.summary),
                saved_at=at[case],
            )
            for case in cases
        )
        add_entries(actor, cases)


def add_entries(actor: "Actor", cases: "list[UUID]") -> None:
    """Continue the journal with the two entries that a new case has, chained and marked as by the rooms."""
    from tocsin.journal import anchors
    from tocsin.journal.chain import Link, digest
    from tocsin.journal.models import Entry, Head

    head = Head.objects.select_for_update().get(id=1)
    step, before, number = anchors.step_of(head, now=NOW), bytes(head.digest), head.number
    rows = []
    for case in cases:
        for kind, facts in (("casework.case.opened", "{}"), ("casework.record.saved", '{"parts":1,"version":1}')):
            number += 1
            before = digest(before, Link(number, NOW, actor.id, kind, case, facts))
            chained = {"digest": before, "mark": step.mark(before)}
            rows.append(Entry(number=number, at=NOW, actor=actor.id, kind=kind, subject=case, facts=facts, **chained))
    Entry.objects.bulk_create(rows, batch_size=500)
    head.number, head.digest, head.mark = number, before, step.mark(anchors.head_words(number, before))
    head.save(update_fields=["number", "digest", "mark"])


def tell_nobody() -> None:
    """Let subscribers of the journal have seen all that was put in; else the first page waits while they are told."""
    from tocsin.journal import subscriptions
    from tocsin.journal.models import Cursor, Head

    number = Head.objects.values_list("number", flat=True).get(id=1)
    for name in subscriptions.names():
        Cursor.objects.update_or_create(subscriber=name, defaults={"number": number})


def signed_in(account: "NewAccount") -> "Client":
    """Give a browser in which somebody has signed in."""
    from django.conf import settings
    from django.test import Client

    from tocsin.accounts import actions as accounts
    from tocsin.accounts.actor import TOTP
    from tocsin.accounts.models import Account

    client = Client(SERVER_NAME="localhost")
    row = Account.objects.get(id=account.actor.id)
    # On a busy machine the site is filled for longer than a session stays open that nobody uses.
    cookie = accounts.open_session(row, account.actor.ring, proof=TOTP, now=datetime.now(tz=UTC))
    client.cookies[settings.TOCSIN_COOKIE] = urlsafe_b64encode(cookie).decode()
    return client


def questions_of(request: Callable[[], object]) -> int:
    """Count the questions that a request asks of both databases."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        request()
    return len(main) + len(keys)


def cpu_seconds() -> float:
    """Give the seconds of the processor of this process and of those of PostgreSQL that work for it."""
    from django.db import connections

    total = time.process_time()
    for name in ("default", "keys"):
        if connections[name].vendor == "postgresql":
            with connections[name].cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                schedule = Path(f"/proc/{cursor.fetchone()[0]}/schedstat").read_text("ascii")
            total += int(schedule.split()[0]) / 1e9
    return total


def measured(name: str, request: Callable[[], object], wanted: int, runs: int) -> Row:
    """Measure a request that was made once before."""
    questions = questions_of(request)
    return Row(name, median_ms(request, runs, cpu_seconds), wanted, questions)


def until_open(client: "Client", address: str, **posted: str) -> list[float]:
    """Ask as a browser does until all cases are open; give how many ms each answer takes."""
    times, goes_on, at = [], True, address
    while goes_on:
        start = cpu_seconds()
        answer = client.post(at, posted) if posted else client.get(at)
        times.append((cpu_seconds() - start) * 1e3)
        goes_on = "Refresh" in answer.headers or answer.status_code == 307 or b"goes-on=1" in answer.content
        at = f"{address}?goes-on=1" if posted else address
    return times


def pages_of(account: "NewAccount", count: int, runs: int) -> list[Row]:
    """Measure the pages of somebody who holds so many cases."""
    from tocsin.casework.search import memory

    client = signed_in(account)

    def ask(address: str, **posted: str) -> Callable[[], object]:
        def request() -> object:
            answer = client.post(address, posted) if posted else client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            return answer

        return request

    def as_first(name: str, address: str, **posted: str) -> Row:
        memory.drop(account.actor.id)
        times = until_open(client, address, **posted)
        return Row(f"{count} cases: {name} as the first page, slowest of {len(times)}", max(times), PAGE_MS)

    def opening(name: str) -> list[Row]:
        memory.drop(account.actor.id)
        times = until_open(client, "/")
        return [
            Row(f"{count} cases: first page of a session{name}", times[0], PAGE_MS),
            Row(f"{count} cases: the slowest until all are open{name}", max(times), PAGE_MS),
            Row(f"{count} cases: all {len(times)} until then{name}", sum(times)),
        ]

    ask("/account")()
    rows = opening(", boxes not sealed again")
    # Boxes are sealed again by what is sent.
    memory.drop(account.actor.id)
    until_open(client, "/cases", order="changed")
    rows += [
        as_first("a search", "/search", question="lena"),
        as_first("a list by a name in another script", "/cases", question="Мирела Тоск"),
    ]
    rows += opening("")
    rows += [
        measured(f"{count} cases: first page", ask("/"), PAGE_MS, runs),
        measured(f"{count} cases: list", ask("/cases"), PAGE_MS, runs),
        measured(f"{count} cases: list by country and overdue review", ask("/cases", **NARROW), PAGE_MS, runs),
        measured(f"{count} cases: list by an alarm", ask("/cases", alarm="any"), PAGE_MS, runs),
        measured(f"{count} cases: list by a word", ask("/cases", question="ma"), PAGE_MS, runs),
        Row(
            f"{count} cases: the first name in another script, slowest answer",
            max(until_open(client, "/cases", question="Мирела Тоск")),
            PAGE_MS,
        ),
        measured(f"{count} cases: a name in another script", ask("/cases", question="Мирела Тоск"), PAGE_MS, runs),
        measured(f"{count} cases: search", ask("/search", question="lena"), PAGE_MS, runs),
        measured(f"{count} cases: journal", ask("/journal"), PAGE_MS, runs),
        measured(f"{count} cases: reports", ask("/reports"), PAGE_MS, runs),
    ]
    return rows


NARROW = {"country": "XZV", "review": "overdue", "order": "name"}


def pages_of_a_case(account: "NewAccount", runs: int) -> list[Row]:
    """Measure the pages of a case of 300 records, with remarks."""
    from tocsin.casework import actions
    from tocsin.casework.search import memory
    from tocsin.casework.together import remarks

    opened = actions.open_new_case(account.actor, case_of(300), reason="bench", now=NOW)
    for at in range(20):
        remarks.comment(account.actor, opened.id, "who saw it?", about=f"e{at + 100}", now=NOW)
    client = signed_in(account)
    where = f"/cases/{opened.id}"
    memory.drop(account.actor.id)
    times = until_open(client, f"{where}/merge")
    return [
        Row(f"merging it as the first page, slowest of {len(times)}", max(times), PAGE_MS),
        measured("merging it", lambda: client.get(f"{where}/merge"), PAGE_MS, runs),
        measured("a case of 300 records", lambda: client.get(where), CASE_MS, runs),
        measured("working together at it", lambda: client.get(f"{where}/together"), PAGE_MS, runs),
        measured("who has access to it", lambda: client.get(f"{where}/access"), PAGE_MS, runs),
    ]


def pages_of_an_appeal(account: "NewAccount", runs: int) -> list[Row]:
    """Measure an appeal that is composed of a case of 300 records, and its page with a preflight of it each time."""
    from composing import of_length

    from tocsin.casework import actions

    # A case has one draft at a time; each request, and the one that is counted before, takes a case of its own.
    case = of_length(290)
    fresh = iter([actions.open_new_case(account.actor, case, reason="bench", now=NOW).id for _ in range(runs + 1)])
    client = signed_in(account)
    made: list[str] = []

    def compose() -> None:
        answer = client.post(f"/cases/{next(fresh)}/appeals/new", {"language": "en"})
        if answer.status_code != 302:
            raise RuntimeError(f"no appeal was composed: {answer.status_code}")
        made.append(answer.headers["Location"])

    return [
        measured("an appeal composed of a case of 300 records", compose, COMPOSED_MS, runs),
        measured("its page, with a preflight of it", lambda: client.get(made[-1]), PAGE_MS, runs),
    ]


def report(account: "NewAccount", runs: int, warm_seconds: float) -> list[Row]:
    """Measure a report from its coming to the page on which its facts are confirmed.

    Args:
        account: Who reads it.
        runs: How often.
        warm_seconds: For how long somebody pastes it, while a sandbox starts.
    """
    from tocsin.intake import actions as intake

    text = (ROOT / "src/tocsin/config/demonstration/radio.txt").read_text("utf-8").split(" ")
    many = " ".join((text * (REPORT_WORDS // len(text) + 1))[:REPORT_WORDS]).encode()
    client = signed_in(account)

    def whole() -> "UUID":
        report = intake.receive(account.actor, intake.Incoming(many, source_type="lawyer"), now=NOW)
        if not intake.understand(account.actor, report, now=NOW):
            raise RuntimeError("the report could not be read")
        client.get(f"/reports/{report}")
        return report

    def with_a_child_that_waits() -> float:
        client.get("/reports/new")
        # Somebody who pastes a report takes longer.
        time.sleep(warm_seconds)
        start = time.perf_counter()
        whole()
        return (time.perf_counter() - start) * 1000

    shown = whole()
    with_children = median_ms(whole, runs, lambda: sum(os.times()[:4]))
    on_the_wall = median_ms(whole, runs, time.perf_counter)
    waited = statistics.median(with_a_child_that_waits() for _ in range(runs))
    return [
        Row(f"a report of {REPORT_WORDS} words read and shown, by the clock on the wall", waited, REPORT_MS),
        Row("the same where no sandbox was waiting for it", on_the_wall),
        Row("the processor's time of it, as far as the sandbox tells", with_children),
        measured("the page of that report", lambda: client.get(f"/reports/{shown}"), PAGE_MS, runs),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="100,000 cases; somebody holds 20,000 of them")
    parser.add_argument("--cases", type=int, default=2_000, help="how many the person with many holds (2000)")
    parser.add_argument("--quick", action="store_true", help="30 cases and each page once, to see that it works")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL that is started for it")
    asked = parser.parse_args(arguments)
    many = 20_000 if asked.full else 30 if asked.quick else asked.cases
    runs, of_reports, warm_seconds = (1, 1, 0) if asked.quick else (7, 5, WARM_SECONDS)
    with tempfile.TemporaryDirectory() as directory, postgresql() if asked.postgresql else nullcontext():
        set_up(Path(directory))
        root = replace(first_person(), confirmed_at=NOW)
        few, most, others = (hire(root, login) for login in ("tomas", "amina", "jon"))
        start = time.perf_counter()
        fill(few.actor, many // 10, 1)
        fill(most.actor, many, 2)
        crowd(others.actor, 100_000 - many - many // 10 if asked.full else many // 2, 3)
        tell_nobody()
        print(f"the site was filled in {time.perf_counter() - start:.0f} s")
        rows = [*pages_of(few, many // 10, runs), *pages_of(most, many, runs)]
        rows += [*pages_of_a_case(most, runs), *pages_of_an_appeal(most, runs), *report(few, of_reports, warm_seconds)]
    print(*rows, sep="\n")
    missed = [row.name for row in rows if row.wanted and row.ms > row.wanted]
    print("missed: " + "; ".join(missed) if missed else "all as wanted")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
