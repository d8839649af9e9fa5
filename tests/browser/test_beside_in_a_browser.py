"""A second report beside a case in a browser: without scripts, by keyboard, in English and Arabic."""

import pytest
from at_the_desk import Opener, enter, examine, follow
from playwright.sync_api import Page, expect

FIRST = """\
On 3 November 2026, at around 8 pm, two men in plain clothes arrested Ms. {name}, a lawyer, in Velm.

She was charged with "public insult" (Article 312 of the Criminal Code).
"""
SECOND = """\
On 5 November 2026, two men in plain clothes arrested Ms. {name}, a lawyer, in Velm.

They beat her assistant, Oskar Tamm.
"""


def put_in(page: Page, text: str) -> str:
    """Put a report in, answer what is asked, and confirm all of it; give its address."""
    page.goto("/reports/new")
    page.locator("textarea").fill(text)
    page.locator("select[name=source_type]").select_option("lawyer")
    follow(page.locator("main form button"))
    address = page.url
    for question in ("defender", "work"):
        follow(page.locator(f"form:has(input[value={question}]) button[value=yes]"))
    while page.locator(".agree").count():
        follow(page.locator(".agree").first)
    return address


@pytest.mark.parametrize(("scripts", "name"), [(True, "Tamsin Orvell"), (False, "Nerys Halvard")])
def test_a_second_report_is_put_beside_a_case(open_page: Opener, scripts: bool, name: str) -> None:
    page = open_page(scripts=scripts)
    enter(page)
    put_in(page, FIRST.format(name=name))
    follow(page.locator("button[accesskey=o]"))
    expect(page.locator("h1")).to_contain_text(name)
    case = page.url
    report = put_in(page, SECOND.format(name=name))
    page.goto(f"{report}/known")
    if scripts:
        examine(page, "known")
    follow(page.locator(f"section:has(a[href$='{case.rpartition('/')[2]}']) button[value=same]"))
    follow(page.locator("a.button[href*='/into/']").first)
    if scripts:
        examine(page, "beside")
    # By keyboard: into the two sides, to what the report says, and on.
    page.locator("fieldset.sides input:checked").first.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("fieldset.sides input[value=theirs]").first).to_be_checked()
    page.locator("button[name=bring]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(case)
    expect(page.locator(".story")).to_contain_text("Oskar Tamm")
    page.goto(report)
    follow(page.locator("form[action$='/out'] button"))
    page.goto(case)
    expect(page.locator(".story")).not_to_contain_text("Oskar Tamm")
