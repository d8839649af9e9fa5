"""A mail is answered in a browser, by keyboard and without scripts, and the desk looks at what became of its appeal."""

import os
import subprocess
import sys
from pathlib import Path

from at_the_desk import Opener, enter, examine, follow
from playwright.sync_api import expect

CODE = "XZV 003 / 1126 / OBS 091.1"
SLUG = "xzv-003-1126-obs-091-1"
# As the receiver does: it knows nothing of people.
_COMES = f"""
from django import setup
setup()
from django.utils import timezone
from tocsin.adapters.lmtp import Delivered
from tocsin.replies import receiving
head = "From: Office <reception@interior.example>\\r\\nSubject: Re: {CODE}\\r\\nMessage-ID: <7@interior.example>"
receiving.keep(Delivered("reception@interior.example", ("us@observers.example",),
    (head + "\\r\\n\\r\\nWe have received your letter.\\r\\n").encode()), now=timezone.now())
"""


def test_an_officer_answers_a_mail_and_looks_at_what_became_of_the_appeal(open_page: Opener, directory: Path) -> None:
    page = open_page()
    enter(page)
    page.goto("/inbox")
    opening = page.locator("form[action$='inbox/opening'] button[value=open]")
    if opening.count():
        follow(opening)
    environment = {
        **os.environ,
        "TOCSIN_SITE": str(directory / "site.toml"),
        "DJANGO_SETTINGS_MODULE": "tocsin.config.settings",
    }
    subprocess.run([sys.executable, "-c", _COMES], env=environment, check=True)
    page.goto("/inbox")
    follow(page.locator("a[href*='/inbox/']", has_text=f"Re: {CODE}").first)
    follow(page.locator("a[href$='/answer']"))
    assert CODE in page.locator("#text").input_value()
    examine(page, "answer")
    page.locator("#text").fill("Thank you.")
    follow(page.get_by_role("button", name="Send the answer"))
    expect(page.locator("#given")).to_be_visible()
    examine(page, "answered")
    page.goto(f"/records/{SLUG}")
    examine(page, "record-of-appeal")
