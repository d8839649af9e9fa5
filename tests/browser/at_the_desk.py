"""What a person does at the desk in a browser, whatever the test."""

import os
import re
import tomllib
from collections.abc import Callable
from itertools import product
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from pypdfium2 import PdfDocument

from command_line import ROOT

SIZES = {"desktop": (1280, 800), "phone": (360, 740)}
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "ar")
MAIN_PAGES = tomllib.loads(Path(__file__).with_name("main_pages.toml").read_text("utf-8"))
SCREENS = ROOT / "out/screens"
Opener = Callable[..., Page]


def enter(page: Page, login: str = "tomas") -> None:
    """Sign in as somebody of the demonstration."""
    page.goto("/sign-in")
    follow(page.locator(f"button[value={login}]"))


def open_case(page: Page) -> None:
    """Open the case of the demonstration, by its name: which one comes first depends on what other tests left."""
    page.goto("/cases")
    follow(page.locator("main a[href^='/cases/']", has_text="Anhalt").first)


def follow(step: Locator) -> None:
    """Click what leads to another page, and wait until one is there."""
    with step.page.expect_navigation():
        step.click()


def offer_authenticator(page: Page) -> None:
    """Go to where the secret of an authenticator is shown; who was here before may have left one without a code."""
    page.goto("/account/second-factor")
    if page.locator("form[action$=offer]").count():
        follow(page.locator("form[action$=offer] button"))


def own_authenticator(page: Page) -> None:
    """Give a browser an authenticator that knows its person by her finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    on = {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": kind | on})


def make_passkey(page: Page) -> None:
    """Make a passkey on the page of second factors."""
    page.goto("/account/second-factor")
    follow(page.get_by_role("button", name="Make a passkey"))
    expect(page).to_have_url(re.compile("/account$"))


def painted(page: Page) -> None:
    """Wait until the page is on the screen: a key pressed before would go to the one that was left."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def looks_wanted() -> list[tuple[str, str, str]]:
    """Give the looks that somebody wants pictures of: all eight, or one of them by its turn (`PICTURES=3/8`)."""
    turn, _, of = os.environ.get("PICTURES", "").partition("/")
    looks = list(product(SIZES, SCHEMES, LANGUAGES))
    if not of:
        return looks if turn else []
    assert int(of) == len(looks)
    return [looks[int(turn) - 1]]


def picture(page: Page, name: str) -> None:
    """Take pictures of the whole page in the looks that are wanted; by turns, of the main pages alone."""
    language = page.locator("html").get_attribute("lang")
    wanted = [each for each in looks_wanted() if each[2] == language]
    if not wanted or (len(wanted) == 1 and name not in MAIN_PAGES["desk"] + MAIN_PAGES["public"]):
        return
    SCREENS.mkdir(parents=True, exist_ok=True)
    size_before = page.viewport_size
    was_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for size, scheme, _ in wanted:
        width, height = SIZES[size]
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENS / f"{name}.{size}.{scheme}.{language}.png", full_page=True)
    page.emulate_media(color_scheme=SCHEMES[was_dark])
    if size_before:
        page.set_viewport_size(size_before)


def picture_paper(printed: bytes, name: str, language: str) -> None:
    """Take pictures of the pages of a PDF, if somebody will look at them."""
    if not looks_wanted():
        return
    SCREENS.mkdir(parents=True, exist_ok=True)
    for number, sheet in enumerate(PdfDocument(printed), start=1):
        sheet.render(scale=1.5).to_pil().save(SCREENS / f"{name}.{number}.{language}.png")


def examine(page: Page, name: str) -> None:
    """Examine a page as it is, and once more as a browser in Arabic and in dark colours gets it.

    Colours do not depend on the language, nor the direction on the colours: two looks see both.
    """
    examine_as_it_is(page, name)
    mirrored = page.context.new_page()
    # A header of its own would not outweigh the language of the browser.
    agent = {"userAgent": page.evaluate("navigator.userAgent"), "acceptLanguage": "ar"}
    page.context.new_cdp_session(mirrored).send("Emulation.setUserAgentOverride", agent)
    mirrored.emulate_media(color_scheme="dark")
    mirrored.goto(page.url)
    assert mirrored.locator("html").get_attribute("lang") == "ar"
    assert mirrored.locator("h1").count() == page.locator("h1").count()
    examine_as_it_is(mirrored, name)
    mirrored.close()


def examine_as_it_is(page: Page, name: str) -> None:
    """Axe finds nothing on a page, nothing is cut off where it is narrowest, and there are pictures of it to look at.

    What answers a form cannot be asked for once more in another language.
    """
    picture(page, name)
    page.set_viewport_size({"width": 320, "height": 640})
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.set_viewport_size({"width": 1280, "height": 800})


def press_access_key(page: Page, letter: str) -> None:
    """Press Alt and a letter, as a keyboard does: Playwright's own `press` sends no letter beside Alt."""
    session = page.context.new_cdp_session(page)
    key = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": letter, "unmodifiedText": letter, **key})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
