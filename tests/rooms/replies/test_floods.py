"""A flood of what mail servers report, and mail that is fetched: nothing is hidden, lost or believed.

TOCSIN_FLOOD sets how many reports come (100000 for the promise of the security paper; `make faults` need not).
"""

import os
import random
import re
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office import US, came, mail

from desk import signed_in
from imap_server import Post, mailbox_of
from lacking import lacking
from people import NOW
from tocsin.accounts.actions import NewAccount
from tocsin.adapters import imap
from tocsin.adapters.lmtp import Delivered
from tocsin.core.errors import NoMailServer
from tocsin.dispatch.models import Bounce, Subscriber, Suppression
from tocsin.replies import actions, queries, receiving, sorting
from tocsin.replies.models import ARRIVED, ASIDE, LETTERS, QUARANTINED, RETURNED, RETURNS, WAITING, Arrivals, RawMessage

FLOOD = int(os.environ.get("TOCSIN_FLOOD", "150"))
TOKEN = b"0123456789abcdef" * 2
BOUNCES = "bounces@observers.example"
VISIBLE_SECONDS = 60
REPORTS = [each.read_bytes() for each in sorted((Path(__file__).parents[2] / "mailbox/bounces").glob("*.eml"))]


def pour(count: int) -> None:
    """Have forged reports come, each with a token that somebody made up, from nobody."""
    dice = random.Random(17)
    for number in range(count):
        report = REPORTS[number % len(REPORTS)].replace(TOKEN, dice.randbytes(16).hex().encode())
        came(report + f"\r\nX-Number: {number}\r\n".encode(), sender="", to=BOUNCES)


def test_a_letter_behind_a_flood_of_reports_is_seen_within_a_minute_and_no_report_is_believed(
    lead: NewAccount, record_property: Callable[[str, object], None]
) -> None:
    pour(FLOOD)
    assert came(mail("Your letter", "We received it."), now=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1, seconds=5)
    assert RawMessage.objects.filter(lane=LETTERS).count() == 1
    begun = time.monotonic()
    first = sorting.sort(lead.actor, now=later)
    shown = queries.list_mail(lead.actor, WAITING, now=later)
    took = time.monotonic() - begun
    assert "We received it." in next(each.text for each in actions.look_over(lead.actor, shown, now=later) if each)
    assert took < VISIBLE_SECONDS
    rounds = 1
    while RawMessage.objects.filter(state=ARRIVED).exists():
        rounds += 1
        first += sorting.sort(lead.actor, now=later + timedelta(hours=rounds))
        assert rounds < 10 + FLOOD
    stock = queries.take_stock()
    assert (stock.taken, stock.missing) == (FLOOD + 1, 0)
    assert first[RETURNED] > FLOOD / 2
    assert not any(table.objects.exists() for table in (Bounce, Suppression, Subscriber))
    record_property("seen_after_seconds", round(took, 1))
    record_property("rounds", rounds)


@pytest.mark.usefixtures("frozen")
@pytest.mark.database("sqlite")
def test_no_page_of_the_inbox_reads_more_the_more_reports_wait(lead: NewAccount) -> None:
    came(mail("Your letter", "We received it."))
    client = signed_in(lead)
    with CaptureQueriesContext(connection) as asked:
        assert "We received it." in client.get("/inbox").content.decode()
    asked_of_mail = [each["sql"] for each in asked if "replies_rawmessage" in each["sql"]]
    with connection.cursor() as cursor:
        plans = [cursor.execute(f"EXPLAIN QUERY PLAN {each}").fetchall() for each in asked_of_mail]
    steps = [step for plan in plans for *_, step in plan if "replies_rawmessage" in step]
    assert len(steps) >= 8
    # All mail is counted, from an index; everything else is found by one, and never by the key that all mail shares.
    assert [each for each in steps if not re.search("^SEARCH|COVERING INDEX", each) or "(key_id=" in each] == []


def test_letters_are_laid_before_reports_whenever_they_come(lead: NewAccount) -> None:
    pour(5)
    away = "I am back on 2 May."
    came(mail("Away", away, "Auto-Submitted: auto-replied"))
    came(mail("Away", away, "X-Auto-Response-Suppress: All"))
    came(mail("=?utf-8?b?0JDQstGC0L7QvtGC0LLQtdGC?=", away))
    came(mail("Out of office: your letter", away))
    came(mail("Your letter", away, sender="mailer-daemon@letters.example"))
    for number in range(3):
        came(mail("Your letter", f"We received it {number}."), now=NOW + timedelta(minutes=number))
    assert sorting.sort(lead.actor, now=NOW + timedelta(hours=1), most=3) == {WAITING: 3}
    assert sorting.sort(lead.actor, now=NOW + timedelta(hours=1), most=5) == {ASIDE: 5}


def test_a_day_that_is_full_turns_mail_away_for_now_and_loses_none(
    lead: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = [receiving.take(Delivered("a@b.example", (US,), mail("one", "two")), now=NOW)]
    monkeypatch.setattr(receiving, "MOST_A_DAY", Arrivals.objects.get().size + 100)
    turned_away = Delivered("a@b.example", (US,), mail("three", "four"))
    verdicts += [receiving.take(turned_away, now=NOW), receiving.take(turned_away, now=NOW + timedelta(days=1))]
    assert verdicts == ["kept", "full", "kept"]
    assert RawMessage.objects.count() == 2


def test_mail_that_is_fetched_is_there_once_though_the_line_is_cut(lead: NewAccount) -> None:
    post = Post(cut_at=9)
    post.put(mail("one", "two"), b"Return-Path: <>\r\n" + REPORTS[0], mail("three", "four"))
    with mailbox_of(post):
        box = imap.Mailbox("127.0.0.1", post.port, "none", "appeals", "a password")
        with pytest.raises(NoMailServer):
            imap.fetch(box, lambda one: receiving.take(one, now=NOW))
        assert RawMessage.objects.count() > 0
        assert len(post.inbox) == 3
        assert imap.fetch(box, lambda one: receiving.take(one, now=NOW)).kept == 3
    today = Arrivals.objects.get()
    assert (RawMessage.objects.count(), today.taken, post.inbox) == (3, 3, {})
    assert today.known > 0
    assert RawMessage.objects.filter(lane=RETURNS).count() == 1
    assert sum(sorting.sort(lead.actor, now=NOW).values()) == 3


def mails_of_pythons_own_tests() -> list[Path]:
    found = find_spec("test.test_email")
    folder = Path(found.origin).parent / "data" if found and found.origin else Path("missing")
    return sorted(folder.glob("msg_*.txt"))


def mails_of_flufl_bounce() -> list[Path]:
    """Give the reports of some hundred kinds of mail servers; of that library nothing but its mails is used."""
    files = metadata.files("flufl.bounce") or ()
    return sorted(Path(str(each.locate())) for each in files if each.match("tests/data/*.txt"))


@pytest.mark.parametrize("corpus", [mails_of_pythons_own_tests, mails_of_flufl_bounce])
def test_the_mails_that_others_test_with_are_taken_without_loss(
    lead: NewAccount, corpus: Callable[[], list[Path]]
) -> None:
    mails = [each.read_bytes() for each in corpus()]
    if not mails:
        lacking(f"{corpus.__name__.replace('_', ' ')} are not installed: they were not received")
    kept = {each for each in mails if came(each)}
    assert kept == set(mails)
    sorted_ = sorting.sort(lead.actor, now=NOW)
    stock = queries.take_stock()
    assert (stock.taken, stock.missing, sum(sorted_.values())) == (len(kept), 0, len(kept))
    assert (sorted_[QUARANTINED], queries.count_unread()) == (0, 0)
