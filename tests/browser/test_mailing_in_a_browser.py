"""An officer mails an appeal of the demonstration: whom it goes to, how it goes, and that it stops when she says so."""

import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from at_the_desk import Opener, enter, follow
from playwright.sync_api import Page, expect

from smtp_sink import serving

PATIENCE_SECONDS = 60


def open_mailing(page: Page, title: str) -> None:
    page.goto("/mailings")
    follow(page.locator("main a[href^='/mailings/']", has_text=title).first)


def step(page: Page, name: str) -> None:
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
    assert all(each["To"].endswith("@readers.example") for each in mails)
    assert all(each["List-Unsubscribe"].startswith("<http://localhost:") for each in mails)
