"""Working together and lists as a person sees them: pictures, and what axe says of them."""

from collections.abc import Iterator

import pytest
from at_the_desk import Opener, enter, examine, follow, open_case
from playwright.sync_api import Page

TASK = "Ask the lawyer whether the hearing on Thursday still stands."


def pages(page: Page) -> Iterator[str]:
    """Set a task, comment beside a fact, hand the case over, and look at the lists."""
    enter(page)
    page.goto("/cases")
    yield "cases"
    if page.locator(".fold > summary").is_visible():
        page.locator(".fold > summary").click()
    page.locator("#by-country").select_option(index=1)
    page.locator("#question").fill("a")
    page.locator("#question").press("Enter")
    page.wait_for_load_state()
    yield "cases-narrowed"
    open_case(page)
    yield "case-with-marks"
    follow(page.locator(".story .marks a").first)
    page.locator("#comment-text").fill("Two sources, or one that was heard twice?")
    follow(page.locator("form[action$=comments] button"))
    page.locator("#task-text").fill(TASK)
    page.locator("#task-to").select_option(index=1)
    page.locator("#task-until").fill("2031-01-02")
    follow(page.locator("form[action$=tasks] button"))
    yield "together"
    follow(page.locator("form[action$=tasks] button"))
    yield "together-mistakes"
    page.goto("/")
    assert TASK in page.locator("main").inner_text()
    yield "home-asked"
    page.goto("/account/notices")
    yield "notices"
    follow(page.locator("main form button").last)
    yield "notices-mistakes"
    open_case(page)
    case = page.url
    follow(page.locator(".together a").first)
    follow(page.locator("a[href$='/merge']"))
    yield "merge"
    follow(page.locator("main form button").last)
    yield "merge-mistakes"
    page.locator("#id_other").select_option(index=1)
    page.locator("#id_reason").fill("The family and the lawyer wrote to us about the same night.")
    follow(page.locator("main form button").last)
    yield "merged"
    follow(page.locator("form[action$='/undo'] button"))
    yield "parted"
    page.goto(case)
    assert "Anhalt" in page.locator("h1").inner_text()


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ar", True)], ids=["en light", "ar dark"])
def test_people_work_together_on_pages_that_axe_and_small_screens_bear(
    open_page: Opener, language: str, dark: bool
) -> None:
    page = open_page(dark=dark, language=language)
    look = f"{'dark' if dark else 'light'}.{language}"
    for name in pages(page):
        examine(page, name, look)
