"""An appeal on the desk of the demonstration, from the case to the published code, by six people in their turns."""

from at_the_desk import Opener, enter, examine, follow, painted
from playwright.sync_api import Page, expect

from tocsin.core.codes import parse, slug

PASSED = "button[name=answer][value=passed]"


def of(page: Page, login: str, at: str) -> None:
    """Let somebody else sit down at the page of the appeal."""
    enter(page, login)
    page.goto(at)


def draft(page: Page) -> str:
    """Draft an appeal of the case that is ready for one; give where its page is."""
    enter(page)
    page.goto("/cases")
    follow(page.locator("main a[href^='/cases/']", has_text="Tammert").first)
    follow(page.locator("main a[href$='/appeals']"))
    follow(page.locator("form[action$='/appeals/new'] button"))
    return page.url


def waive_all(page: Page) -> None:
    """Sign that each warning may stand, with a reason."""
    while page.locator("form[action$='/waive']").count():
        page.locator(".finding summary").first.click()
        page.locator("form[action$='/waive'] textarea").first.fill("The office has no other.")
        follow(page.locator("form[action$='/waive'] button").first)


def clear(page: Page) -> None:
    """Clear the gates that are one's own to clear."""
    while page.locator(PASSED).count():
        follow(page.locator(PASSED).first)


def approve(page: Page) -> None:
    follow(page.locator("a[href$='/final']"))
    follow(page.locator("#sign + form button"))
    if page.locator("button[name=confirm-click]").count():
        follow(page.locator("button[name=confirm-click]"))


def test_an_appeal_is_written_reviewed_approved_and_published(open_page: Opener, served: tuple[str, str, str]) -> None:
    page = open_page()
    at = draft(page)
    examine(page, "appeal-draft", "light.en")
    arabic = open_page(language="ar", dark=True)
    of(arabic, "ines", at)
    examine(arabic, "appeal-draft", "dark.ar")
    follow(page.locator("#t-sections-0-paragraphs-1 a.change").first)
    examine(page, "appeal-change", "light.en")
    page.locator("textarea[name=words]").fill(
        page.locator("textarea[name=words]").input_value() + " It was read widely."
    )
    page.locator("input[name=records]").first.check()
    follow(page.locator("form[action$='/text'] button"))
    expect(page.locator(".words", has_text="It was read widely.")).to_be_visible()
    waive_all(page)
    of(page, "luc", at)
    page.locator("summary", has_text="Another language").click()
    page.locator("select[name=edition]").select_option("fr")
    follow(page.locator("button[value=add]"))
    page.goto(f"{at}?edition=fr")
    examine(page, "appeal-translation", "light.en")
    page.locator("summary", has_text="Take this edition out").click()
    follow(page.locator("button[value=out]"))
    of(page, "tomas", at)
    follow(page.locator("form[action$='/submit'] button"))
    of(page, "ines", at)
    examine(page, "appeal-review", "light.en")
    clear(page)
    of(page, "noor", at)
    clear(page)
    for login in ("ada", "bo"):
        of(page, login, at)
        if login == "ada":
            page.goto(f"{at}/final")
            examine(page, "appeal-final", "light.en")
            page.goto(at)
        approve(page)
    follow(page.locator("form[action$='/release'] button"))
    code = page.locator("h1").inner_text()
    page.goto(f"{served[2]}/appeals/{slug(parse(code).code)}/en.html")
    expect(page.locator("h1")).to_have_text("Zarvania: Arbitrary arrest and judicial harassment of Ilse Tammert")
    page.goto(f"{at}/versions?from=1&to=2")
    examine(page, "appeal-versions", "light.en")
    of(arabic, "bo", at)
    examine(arabic, "appeal-published", "dark.ar")
    arabic.goto(f"{at}/final")
    examine(arabic, "appeal-final", "dark.ar")
    of(arabic, "vera", "/people/approvers")
    examine(arabic, "approvers", "dark.ar")
    painted(arabic)


def test_what_two_approvers_say_in_public_that_belongs_to_no_case(open_page: Opener) -> None:
    page, arabic = open_page(), open_page(language="ar", dark=True)
    # Who signs in anew ends her session in the other window.
    for each, who, look in ((page, "ada", "light.en"), (arabic, "bo", "dark.ar")):
        enter(each, who)
        each.goto("/signatories")
        examine(each, "signatories", look)
        each.goto("/archived")
        examine(each, "archived", look)
    page.goto("/signatories")
    follow(page.locator("a[href^='/signatories/']").first)
    page.locator("input[name=since]").fill("2026-01-01T08:00")
    page.locator("textarea[name=note]").fill("A key of ours was stolen. Pass none of it on.")
    follow(page.locator("button[value=look]"))
    examine(page, "signatory", "light.en")
    page.goto("/archived")
    follow(page.locator("main .rows a").first)
    page.locator("details summary").first.click()
    page.locator("textarea[name=text-0]").fill("Another title for it")
    page.locator("#id_note").fill("The title was wrong.")
    examine(page, "archived-appeal", "light.en")
    follow(page.locator("button[value=correct]"))
    if page.locator("button[name=confirm-click]").count():
        follow(page.locator("button[name=confirm-click]"))
    asked = page.url
    arabic.goto(asked)
    examine(arabic, "asked-statement", "dark.ar")
    page.goto("/appeals")
    examine(page, "waiting-with-asked", "light.en")
    page.goto(asked)
    examine(page, "asked-statement", "light.en")
    follow(page.locator("button[value=leave]"))
    expect(page.get_by_text("It is not said.")).to_be_visible()
