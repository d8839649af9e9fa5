"""What a person does at the desk in a browser, whatever the test."""

import os
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from command_line import ROOT

SIZES = {"desktop": (1280, 800), "phone": (360, 740)}
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


def painted(page: Page) -> None:
    """Wait until the page is on the screen: a key pressed before would go to the one that was left."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def picture(page: Page, name: str) -> None:
    """Take a picture of the whole page for the eyes of a person, if somebody will look at it."""
    if "PICTURES" in os.environ:
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def examine(page: Page, name: str, look: str) -> None:
    """Picture a page in all sizes; axe finds nothing on it, and nothing is cut off where it is narrowest."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        painted(page)
        picture(page, f"{name}.{size}.{look}")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.set_viewport_size({"width": 1280, "height": 800})


def press_access_key(page: Page, letter: str) -> None:
    """Press Alt and a letter, as a keyboard does: Playwright's own `press` sends no letter beside Alt."""
    session = page.context.new_cdp_session(page)
    key = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": letter, "unmodifiedText": letter, **key})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
