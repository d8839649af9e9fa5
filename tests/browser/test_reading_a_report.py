"""A report from its coming to its case in a browser: with and without scripts, by keyboard, in English and Arabic."""

import re

import pytest
from at_the_desk import Opener, enter, examine, examine_as_it_is
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

TEXT = """\
On 3 November 2026, at around 8 pm, two men in plain clothes arrested Ms. Greta Ilvane, a lawyer, in Velm.

They reportedly beat her assistant, Oskar Tamm.
"""


def press(page: Page, button: Locator) -> None:
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_report_becomes_a_case(open_page: Opener, scripts: bool, language: str) -> None:
    page = open_page(scripts=scripts, language=language)
    with page.expect_navigation():
        enter(page)
    page.goto("/reports/new")
    page.locator("textarea").fill(TEXT)
    page.locator("select[name=source_type]").select_option("lawyer")
    press(page, page.locator("main form button"))
    expect(page.locator("mark.act").first).to_have_text("arrested")
    # What it is about stands before what is asked of it, on the screen as in the source and so by Tab.
    parts = page.locator(".source, #triage, .understood")
    assert parts.evaluate_all("all => all.map(each => each.className)") == ["source", "triage", "understood"]
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        text, questions, facts = parts.evaluate_all("all => all.map(each => each.getBoundingClientRect().toJSON())")
        is_beside = text["left"] > questions["right"] if language == "ar" else text["right"] < questions["left"]
        assert is_beside if width > 960 else text["bottom"] <= questions["top"]
        assert questions["bottom"] <= facts["top"]
    for question in ("defender", "work"):
        press(page, page.locator(f"form:has(input[value={question}]) button[value=yes]"))

    press(page, page.locator("#person-0 .agree"))
    # The next fact has the focus: one key confirms it.
    expect(page.locator("#person-1 .agree")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#person-1")).to_have_class(re.compile("confirmed"))

    press(page, page.locator("button[accesskey=a]"))
    expect(page.locator(".fact:not(.decided)")).not_to_have_count(0)
    found = Axe().run(page) if scripts else None
    assert found is None or found.violations_count == 0, found.generate_report()
    press(page, page.locator("button[accesskey=o]"))
    expect(page).to_have_url(re.compile("/cases/"))
    expect(page.locator("h1")).to_contain_text("Greta Ilvane")
    expect(page.locator(".told").first).to_contain_text("two men in plain clothes arrested")


# What a mouse does, from one word of a paragraph to another; marks and their numbers stand in between.
CHOOSE = """([from, to]) => {
  const text = [...document.querySelectorAll("[data-at]")].find(each => each.textContent.includes(from));
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data.includes(from)) range.setStart(node, node.data.indexOf(from));
    if (node.data.includes(to)) range.setEnd(node, node.data.indexOf(to) + to.length);
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
UNREAD = """\
🌱 On 3 November 2026 police arrested Ms. Orla Venn in Velm. The neighbours keep a dog.

Her garden 🌱 was trampled on by many feet, and her Sister Dara Venn saw it.
"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_words_that_were_not_read_are_chosen_and_become_a_fact(open_page: Opener, language: str) -> None:
    page = open_page(language=language)
    enter(page)
    page.goto("/reports/new")
    page.locator("textarea").fill(UNREAD)
    page.locator("select[name=source_type]").select_option("family")
    press(page, page.locator("main form button"))
    offered = page.locator("[data-chosen]")
    expect(offered).to_be_hidden()
    page.evaluate(CHOOSE, ["garden", "many feet"])
    expect(offered).to_be_visible()
    press(page, offered.locator("a"))
    expect(page.locator("#adding q")).to_have_text("garden 🌱 was trampled on by many feet")
    examine_as_it_is(page, "adding")
    press(page, page.locator("#adding .kinds a[href*='kind=event']").first)
    page.locator("[name=change-what]").fill("Her garden was trampled on.")
    press(page, page.locator("#adding form button"))
    expect(page.locator(".fact", has_text="Her garden was trampled on.")).to_have_count(1)
    # What is no text of the report offers nothing.
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    expect(offered).to_be_hidden()


# As a keyboard that writes Cyrillic sends it, on which no key is named like this.
KEY_OF_CHANGE = """each => each.dispatchEvent(new KeyboardEvent("keydown", {key: "с", code: "KeyC", bubbles: true}))"""


def test_a_key_means_the_fact_that_has_the_focus_and_not_an_act_in_it(open_page: Opener) -> None:
    page = open_page()
    enter(page)
    page.goto("/reports/new")
    page.locator("textarea").fill(TEXT)
    page.locator("select[name=source_type]").select_option("lawyer")
    press(page, page.locator("main form button"))
    fact = page.locator(".fact:has(.acts .change)").first
    before = fact.get_attribute("id")
    agree = fact.locator("> .decide .agree")
    agree.focus()
    with page.expect_navigation():
        agree.evaluate(KEY_OF_CHANGE)
    expect(page).to_have_url(re.compile(f"change={before}#"))


def test_axe_finds_nothing_on_the_pages_of_intake(open_page: Opener) -> None:
    page = open_page()
    with page.expect_navigation():
        enter(page)
    page.goto("/reports")
    address = page.locator(".rows a").first.get_attribute("href")
    for name, where in {"reports": "/reports", "new-report": "/reports/new", "reading": address or ""}.items():
        page.goto(where)
        examine(page, name)
