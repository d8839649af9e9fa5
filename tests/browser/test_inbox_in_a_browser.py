"""The inbox worked by keyboard alone: mail comes, is opened and sorted, said what it is, filed, and answered."""

import os
import re
import shutil
import smtplib
import socket
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from at_the_desk import Opener, enter, examine_as_it_is
from playwright.sync_api import Browser, Page, expect
from test_by_keyboard_alone import go, press, tab_to

from demonstrations import TOCSIN
from lacking import lacking

US = "appeals@observers.example"
HOSTILE = tomllib.loads(Path(__file__).with_name("hostile_mails.toml").read_text("utf-8"))["html"]
Delivered = Callable[..., None]


@pytest.fixture(scope="module")
def delivered(directory: Path) -> Iterator[Delivered]:
    """Give what hands a mail to the receiver of the demonstration, as a mail server does."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "TOCSIN_SITE": str(directory / "site.toml")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    receiver = subprocess.Popen([*TOCSIN, "receive", "--port", str(port)], env=environment)

    def deliver(sender: str, subject: str, text: str, *more: str) -> None:
        lines = [f"From: {sender}", f"To: {US}", f"Subject: {subject}", *more, "", text, ""]
        with smtplib.LMTP("127.0.0.1", port) as mail:
            mail.sendmail(sender, [US], "\r\n".join(lines).encode())

    try:
        until = monotonic() + 60
        while True:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert monotonic() < until, "the receiver does not listen"
            sleep(0.2)
        yield deliver
    finally:
        receiver.terminate()
        receiver.wait(30)


def published_codes(open_page: Opener) -> list[str]:
    page = open_page(publishing=True)
    page.goto("/en/")
    found = re.findall(r"[A-Z]{3} \d{3} / \d{4} / OBS \d{3}\b(?!\.)", page.locator("main").inner_text())
    assert found, "the demonstration has published something"
    return list(dict.fromkeys(found))


def published_code(open_page: Opener) -> str:
    return published_codes(open_page)[0]


def open_inbox(page: Page) -> None:
    page.goto("/inbox")
    if page.locator("button[name=change][value=open]").count():
        tab_to(page, "button[name=change][value=open]")
        press(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_mail_is_sorted_corrected_filed_and_answered_by_keys(
    open_page: Opener, delivered: Delivered, language: str
) -> None:
    code = published_code(open_page)
    page = open_page(language=language)
    enter(page)
    open_inbox(page)
    delivered(f"reader.{language}@letters.example", f"A question {language}", "Which appeal was it that we spoke of?")
    page.goto("/inbox")
    tab_to(page, "section[aria-labelledby=waiting] ul.rows a")
    press(page)
    examine_as_it_is(page, "mail")
    # It was a report: she corrects what the rule said, types the code, and files it.
    tab_to(page, "input[name=kind]")
    chosen = page.locator("input[name=kind][value=reader_report]")
    while not chosen.is_checked():
        page.keyboard.press("ArrowUp")
    tab_to(page, "#code")
    page.keyboard.insert_text(code)
    go(page, "button[accesskey=s]")
    page.goto("/inbox?kind=reader_report")
    expect(page.locator("section[aria-labelledby=filed]")).to_contain_text(code)

    # In the name of an authority, and nothing proves it: one key files it only with a reason.
    text = f"In reply to your letter {code}: the ministry rejects these accusations. {language}"
    delivered("ministry@justice.example", f"Re: {code}", text)
    page.goto("/inbox")
    tab_to(page, "section[aria-labelledby=filed] ul.rows a")
    press(page)
    expect(page.locator("input[name=kind][value=authority_reply]")).to_be_checked()
    go(page, "button[name=guess]")
    expect(page.locator("[role=alert]").first).to_be_visible()
    tab_to(page, "#reason")
    page.keyboard.insert_text("The embassy confirmed it by telephone.")
    examine_as_it_is(page, "mail-refused")
    page.locator("#reason").focus()
    go(page, "button[name=guess]")
    page.goto("/inbox?kind=authority_reply")
    examine_as_it_is(page, "inbox")
    tab_to(page, "section[aria-labelledby=filed] ul.rows a")
    press(page)
    go(page, "a[accesskey=r]")
    expect(page).to_have_url(re.compile("/answer"))


def test_nothing_in_a_hostile_mail_runs_or_is_fetched(open_page: Opener, delivered: Delivered) -> None:
    """What was asked for elsewhere, or stopped by the policy of the page, `open_page` complains of."""
    code = published_code(open_page)
    page = open_page()
    enter(page)
    open_inbox(page)
    for trick, html in HOSTILE.items():
        text = f"<p>This is a mail.</p>{html}<p>It is {trick}.</p>"
        delivered("vesna@letters.example", f"{trick} {code}", text, "MIME-Version: 1.0", "Content-Type: text/html")
    seen = set()
    # A page sorts for two seconds.
    until = monotonic() + 60
    while len(seen) < len(HOSTILE) and monotonic() < until:
        page.goto("/inbox")
        rows = page.locator("section[aria-labelledby=filed] ul.rows a")
        seen = {row.get_attribute("href") for row in rows.filter(has_text=re.compile("|".join(HOSTILE))).all()}
    assert len(seen) == len(HOSTILE)
    for address in seen:
        page.goto(address)
        expect(page.locator("article")).to_contain_text("This is a mail.")
        assert (
            page.locator("main :is(script, img, svg, math, iframe, object, embed, video, style, link, base)").count()
            == 0
        )
        assert page.locator("a[href*='evil.example'], a[href^='javascript:']").count() == 0


# What is clicked or focused by a key is told, and not done: the next key is pressed on the same page.
_TOLD = """() => {
  window.told = [];
  document.addEventListener("click", event => {
    event.preventDefault();
    window.told.push(event.target.accessKey);
  }, true);
  document.addEventListener("focusin", event => window.told.push(event.target.accessKey), true);
}"""


def test_each_key_that_the_page_names_reaches_it_from_a_keyboard(
    open_page: Opener, delivered: Delivered, chromium: Browser, desk: str
) -> None:
    """Keys come through a screen as a person's do: the driver sends them past what the browser keeps for itself."""
    missing = [each for each in ("Xvfb", "xdotool") if shutil.which(each) is None]
    if missing:
        lacking(f"{', '.join(missing)} is not there (Debian: apt install xvfb xdotool): no key was pressed")
    page = open_page()
    enter(page)
    open_inbox(page)
    one, other, *_ = published_codes(open_page)
    delivered("vesna@letters.example", f"By keyboard {one} / {other}", f"We wrote about {other}.")
    page.goto("/inbox")
    waiting = page.locator("section[aria-labelledby=waiting] ul.rows a")
    address = waiting.filter(has_text="By keyboard").get_attribute("href")
    with screen() as display:
        environment = {**os.environ, "DISPLAY": display}
        browser = chromium.browser_type.launch(
            executable_path=shutil.which("chromium"),
            headless=False,
            env=environment,
            args=["--no-sandbox", "--window-position=0,0", "--window-size=1280,900"],
        )
        seen = browser.new_page(base_url=desk, no_viewport=True)
        enter(seen)
        seen.goto(address or "")
        subprocess.run(["xdotool", "mousemove", "1200", "600"], env=environment, check=True)
        seen.evaluate(_TOLD)
        keys = seen.evaluate("[...document.querySelectorAll('[accesskey]')].map(each => each.accessKey)")
        assert {"a", "w", "s", "0", "l", "g", "j"} <= set(keys)
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", f"alt+{key}"], env=environment, check=True)
            seen.wait_for_function("key => window.told.includes(key)", arg=key, timeout=5_000)
        # And now it is done: the key of the second guess files the mail with that appeal.
        seen.goto(address or "")
        second = seen.locator("button[name=guess][accesskey=j]").get_attribute("value") or ""
        assert second in (one, other)
        with seen.expect_navigation():
            subprocess.run(["xdotool", "key", "--clearmodifiers", "alt+j"], env=environment, check=True)
        seen.goto("/inbox")
        rows = seen.locator("ul.rows li").filter(has_text="By keyboard")
        expect(rows).to_have_count(1)
        expect(seen.locator("section[aria-labelledby=filed]").locator(rows)).to_contain_text(second)
        browser.close()


@contextmanager
def screen() -> Iterator[str]:
    """Give a screen that nobody sees."""
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24"]
    server = subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(30)
