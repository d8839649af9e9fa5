"""The whole way by keyboard alone: a report is pasted, confirmed, becomes a case, is added to, worked at, talked about.

Nothing is clicked and nothing is focused by the test: it presses Tab until what it looks for has the focus, as a person
does, and at each step the focus is seen.
"""

import re

import pytest
from at_the_desk import Opener, enter, painted
from playwright.sync_api import Page, expect

TEXT = """\
On 3 November 2026, at around 8 pm, two men in plain clothes arrested Ms. Salka Ondrin, a lawyer, in Velm.

They reportedly beat her assistant, Pavo Ruun.
"""
# A person who has to press more often has lost her way.
MOST_TABS = 220
# What has the focus: whether a selector means it, whether it is on the screen, and whether its ring is drawn.
FOCUSED = """selector => {
  const here = document.activeElement;
  const box = here.getBoundingClientRect();
  const style = getComputedStyle(here);
  return {
    fits: here.matches(selector),
    name: here.tagName + "." + here.className + " " + (here.innerText || here.name || "").slice(0, 40),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus; it is on the screen and its ring is drawn, here and on the way there."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED, selector)
        if found["name"].startswith("BODY"):
            continue
        assert found["seen"], f"the focus is not on the screen: {found['name']}"
        assert found["ring"], f"the focus is not seen: {found['name']}"
        if found["fits"]:
            return
    raise AssertionError(f"no Tab leads to {selector}")


def press(page: Page, key: str = "Enter") -> None:
    """Press a key that leads to another page."""
    painted(page)
    with page.expect_navigation():
        page.keyboard.press(key)
    painted(page)


def go(page: Page, selector: str) -> None:
    tab_to(page, selector)
    press(page)


def skip_to_content(page: Page) -> None:
    """The first Tab of a page leads to its content, past everything that stands on every page."""
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED, "a.skip")["fits"]
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def take_the_report_in(page: Page) -> None:
    go(page, "header nav a[href='/reports']")
    go(page, "main a[href='/reports/new']")
    tab_to(page, "textarea[name=text]")
    page.keyboard.insert_text(TEXT)
    tab_to(page, "select[name=source_type]")
    page.keyboard.press("ArrowDown")
    go(page, "main form.fields button:not([type=button])")
    expect(page.locator("h1")).to_contain_text("Salka Ondrin")


def confirm_what_it_says(page: Page) -> None:
    go(page, "button[name=answer][value=yes]")
    # From then on the next question has the focus when the page comes, and behind the last one the next fact.
    while page.evaluate(FOCUSED, "button[name=answer]")["fits"]:
        press(page)
    while page.evaluate(FOCUSED, ".fact .agree")["fits"]:
        press(page)
    expect(page.locator(".fact:not(.decided)")).to_have_count(0)


def test_a_person_without_a_mouse_comes_from_a_report_to_a_comment(open_page: Opener) -> None:
    page = open_page()
    enter(page)
    take_the_report_in(page)
    confirm_what_it_says(page)
    # Behind the last of them the next step has the focus.
    assert page.evaluate(FOCUSED, "form[action$='/case'] button")["fits"]
    press(page)
    expect(page).to_have_url(re.compile("/cases/"))
    expect(page.locator("h1")).to_contain_text("Salka Ondrin")

    # What was done is said first, in the title too, and Tab goes on from there.
    expect(page).to_have_title(re.compile("^The case was opened"))
    expect(page.locator(".said")).to_be_focused()
    go(page, ".story a[href*='/add']")
    tab_to(page, "main form.fields textarea")
    page.keyboard.insert_text("Her office was sealed by the police.")
    tab_to(page, "main form.fields select[name=source]")
    page.keyboard.press("End")
    go(page, "main form.fields .actions button")
    expect(page.locator("main")).to_contain_text("Her office was sealed by the police.")

    page.goto(re.sub(r"(/cases/[0-9a-f-]+).*", r"\1", page.url))
    go(page, ".together a, a[href$='/together']")
    tab_to(page, "#task-text")
    page.keyboard.insert_text("Ask the bar association whether they know.")
    go(page, "form[action$='/tasks'] button")
    expect(page.locator("main")).to_contain_text("Ask the bar association whether they know.")
    tab_to(page, "#comment-text")
    page.keyboard.insert_text("Seen by one neighbour only.")
    go(page, "form[action$='/comments'] button")
    expect(page.locator("main")).to_contain_text("Seen by one neighbour only.")


# Where the focus is on the screen, in the order in which Tab comes to it.
ORDER = """() => [...document.querySelectorAll("header nav a")].map(each => each.getBoundingClientRect().x)"""


@pytest.mark.parametrize(("language", "is_mirrored"), [("en", False), ("ar", True)])
def test_tab_goes_in_the_direction_of_reading(open_page: Opener, language: str, is_mirrored: bool) -> None:
    page = open_page(language=language)
    enter(page)
    places = page.evaluate(ORDER)
    assert len(places) > 3
    assert places == sorted(places, reverse=is_mirrored)
    skip_to_content(page)
    # The skip link stands at the beginning of the line, and no attribute makes an order of its own.
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
