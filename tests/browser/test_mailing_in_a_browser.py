"""An officer mails an appeal of the demonstration, and readers ask for it: what they see, and that nothing leaves."""

import os
import re
import sqlite3
import subprocess
import threading
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from at_the_desk import Opener, enter, examine, examine_as_it_is, follow
from playwright.sync_api import Page, expect

from demonstrations import TOCSIN
from smtp_sink import serving
from tocsin.core.guarding import questions

PATIENCE_SECONDS = 60
IN_TWO_DAYS = 2 * 86_400
# What the demonstration took back, and the id of a mailing of it.
WITHDRAWN, BROUGHT = "xzv-008-0825-obs-074", "0d5c2f4e0f534a539f0a3b1c9f2d7a12"


def open_mailing(page: Page, title: str) -> None:
    page.goto("/mailings")
    follow(page.locator("main a[href^='/mailings/']", has_text=title).first)


def step(page: Page, name: str) -> None:
    if name == "stop":  # it cannot be undone, so it takes two presses; a pause takes one
        page.locator("summary", has_text="Stop for good").click()
    follow(page.locator(f"button[name=step][value={name}]"))


def handed_over(page: Page) -> int:
    return int(page.locator("tr", has_text="handed over").locator("td").inner_text())


def test_she_sends_watches_it_go_and_stops_it_and_nothing_leaves_the_machine(
    open_page: Opener, directory: Path
) -> None:
    page = open_page(scripts=False)
    settings = directory / "mailer/mailer.toml"
    with serving() as elsewhere:
        # Whatever somebody writes there, the mailer of a demonstration hands nothing to it.
        named = settings.read_text("utf-8").replace("smtp://localhost", f"smtp://localhost:{elsewhere.port}")
        settings.write_text(named, "utf-8")
        enter(page, "ada")
        open_mailing(page, "Ilka Vardell")
        readers = page.locator("#whom .count").inner_text()
        assert page.locator("#whom ~ ul li").count() >= 1
        step(page, "send")
        expect(page.locator("main .state")).to_have_text("is being sent")
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while not handed_over(page) and time.monotonic() < ends_at:
            page.reload()
        step(page, "stop")
        expect(page.locator("main .state")).to_have_text("stopped")
        assert 0 < handed_over(page) < int(readers)
    assert elsewhere.greeted_as == []
    mails = [message_from_bytes(each.read_bytes(), policy=default) for each in directory.glob("sent-mail/*.eml")]
    # Other tests of this site leave links and tests there, which go to others.
    of_mailing = [each for each in mails if each["List-Id"] and not each["Subject"].startswith("[TEST]")]
    assert of_mailing
    assert all(each["To"].endswith("@readers.example") for each in of_mailing)
    assert all(each["List-Unsubscribe"].startswith("<http://localhost:") for each in of_mailing)


def test_axe_finds_nothing_on_pages_of_mailings_and_nothing_is_cut_off(open_page: Opener, directory: Path) -> None:
    page = open_page()
    enter(page, "bo")
    page.goto("/account/notices")
    page.locator("main form.fields input[name=mailbox]").fill("bo@office.example")
    follow(page.locator("main form.fields button").last)
    page.goto("/mailings")
    examine(page, "mailings")
    follow(page.locator("main a[href^='/mailings/']").last)
    examine(page, "mailing")
    step(page, "test")
    examine_as_it_is(page, "mailing-tested")
    page.locator("input[name=not_before]").fill("2001-01-01T10:00")
    step(page, "send")
    examine_as_it_is(page, "mailing-refused")
    page.locator("input[name=not_before]").fill(time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + IN_TWO_DAYS)))
    step(page, "send")
    examine(page, "mailing-scheduled")
    step(page, "pause")
    went_wrong(directory)
    # The mailer writes down by what a mail server knows them, as soon as it sees them.
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while page.locator("main form bdi.address").count() < 2 and time.monotonic() < ends_at:
        page.reload()
    expect(page.locator("main input[name=delivery]")).to_have_count(2)
    expect(page.locator("main form bdi.address")).to_have_count(2)
    examine(page, "mailing-held")
    step(page, "stop")
    examine_as_it_is(page, "mailing-stopped")


def test_what_went_out_to_its_end_is_left_and_taken_back(open_page: Opener, directory: Path) -> None:
    page = open_page()
    enter(page, "bo")
    page.goto("/mailings")
    # It is in Spanish alone, so that few get it.
    follow(page.locator("main a[href^='/mailings/'][lang=es]"))
    # A second try of this test finds what the first one sent.
    if page.locator("button[name=step][value=send]").count():
        step(page, "send")
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while page.locator("main .state").inner_text() != "finished" and time.monotonic() < ends_at:
        page.reload()
    expect(page.locator("main .state")).to_have_text("finished")
    examine(page, "mailing-finished")
    also_brought(directory, WITHDRAWN)
    page.goto("/mailings")
    follow(page.locator("section[aria-labelledby=gone] a"))
    expect(page.locator("#told")).to_be_visible()
    examine(page, "mailing-tombstone")
    mails = (message_from_bytes(each.read_bytes(), policy=default) for each in directory.glob("sent-mail/*.eml"))
    links = [re.findall(r"http://localhost:[^>]+", each["List-Unsubscribe"] or "") for each in mails if each["List-Id"]]
    reader = open_page(publishing=True)
    reader.goto(next(link for found in links for link in found if "/leave/" in link))
    examine(reader, "readers-leave")
    follow(reader.locator("main form button"))
    examine_as_it_is(reader, "readers-left")


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ar", True)], ids=["en light", "ar dark"])
def test_axe_finds_nothing_on_pages_of_readers_and_nothing_is_cut_off(
    open_page: Opener, language: str, dark: bool, directory: Path
) -> None:
    page = open_page(publishing=True, dark=dark, language=language)
    address = f"mira-{language}@reader.example"
    page.goto(f"/{language}/subscribe.html")
    examine_as_it_is(page, "readers-subscribe")
    follow(page.locator("main form.ask .go button"))
    examine_as_it_is(page, "readers-mistakes")
    count_for(page)
    page.locator("input[name=address]").fill(address)
    page.locator("select[name=language1]").select_option(language)
    follow(page.locator("main form.ask .go button"))
    examine_as_it_is(page, "readers-sent")
    page.goto(link_mailed_to(address, directory))
    examine_as_it_is(page, "readers-confirm")
    follow(page.locator("main form button"))
    examine_as_it_is(page, "readers-confirmed")
    page.goto(f"/{language}/change.html")
    examine_as_it_is(page, "readers-change-ask")
    page.goto(f"/{language}/confirm/{'0' * 32}")
    examine_as_it_is(page, "readers-link-over")
    page.goto(f"/leave/{'0' * 32}")
    examine_as_it_is(page, "readers-leave-over")


def went_wrong(directory: Path) -> None:
    """Write down of some deliveries of what is paused that they are uncertain, were refused, or wait."""
    ends = [("uncertain", "uncertain")] * 2 + [("failed", "gone"), ("failed", "refused"), ("waiting", "server")]
    with sqlite3.connect(directory / "data.db", timeout=30) as database:
        ids = database.execute(
            "SELECT d.id FROM dispatch_delivery d JOIN dispatch_mailing m ON m.id = d.mailing_id"
            " WHERE m.state = 'paused' AND d.state = 'waiting' ORDER BY d.id"
        ).fetchall()
        for (number,), (state, reason) in zip(ids, ends, strict=False):
            words = "UPDATE dispatch_delivery SET state = ?, reason = ?, settled_at = '2026-11-27 08:00:00', doubts = 1"
            database.execute(f"{words} WHERE id = ?", [state, reason, number])
        database.execute("UPDATE dispatch_mailing SET held_for = 'refused' WHERE state = 'paused'")


def also_brought(directory: Path, slug: str) -> None:
    """Write down that what went out to its end brought what was taken back since, too."""
    with sqlite3.connect(directory / "data.db", timeout=30) as database:
        kept = "version, kind, state, policy, epoch, turn, opened_by, opened_at, [order], ended_at, held_for"
        database.execute(
            f"INSERT OR IGNORE INTO dispatch_mailing (id, slug, {kept}) SELECT ?, ?, {kept}"
            " FROM dispatch_mailing WHERE state = 'finished'",
            [BROUGHT, slug],
        )
        kept = "subscriber, rank, language, html, neutral, state, reason, reply, queue_id, tries, doubts, epoch"
        database.execute(
            f"INSERT OR IGNORE INTO dispatch_delivery (mailing_id, {kept}) SELECT ?, {kept} FROM dispatch_delivery"
            " WHERE mailing_id IN (SELECT id FROM dispatch_mailing WHERE state = 'finished' AND id != ?)",
            [BROUGHT, BROUGHT],
        )


def count_for(page: Page) -> None:
    """Answer the question that keeps programs out."""
    asked = int(page.locator("input[name=asked]").input_value())
    page.locator("input[name=number]").fill(str(questions()[asked].answer))


def link_mailed_to(address: str, directory: Path) -> str:
    """Let the worker look who asked, and give the link that the mailer then puts into the folder."""
    environment = {**os.environ, "TOCSIN_SITE": str(directory / "site.toml")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([*TOCSIN, "worker", "--once"], env=environment, check=True, capture_output=True, timeout=120)
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        for each in directory.glob("sent-mail/*.eml"):
            mail = message_from_bytes(each.read_bytes(), policy=default)
            if address in str(mail["To"]):
                return re.findall(r"http://localhost:\S+", mail.get_content())[0]
        threading.Event().wait(0.2)
    raise AssertionError("no link was mailed")
