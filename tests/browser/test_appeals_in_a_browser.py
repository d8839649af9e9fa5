"""An appeal on the desk of the demonstration, from the case to the published code, by six people in their turns."""

from at_the_desk import Opener, enter, examine, examine_as_it_is, follow
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
    examine(page, "appeal-draft")
    follow(page.locator("#t-sections-0-paragraphs-1 a.change").first)
    examine(page, "appeal-change")
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
    examine(page, "appeal-translation")
    page.locator("summary", has_text="Take this edition out").click()
    follow(page.locator("button[value=out]"))
    of(page, "tomas", at)
    follow(page.locator("form[action$='/submit'] button"))
    of(page, "ines", at)
    examine(page, "appeal-review")
    clear(page)
    of(page, "noor", at)
    clear(page)
    for login in ("ada", "bo"):
        of(page, login, at)
        if login == "ada":
            page.goto(f"{at}/final")
            examine(page, "appeal-final")
            page.goto(at)
        approve(page)
    follow(page.locator("form[action$='/release'] button"))
    code = page.locator("h1").inner_text()
    page.goto(f"{served[2]}/appeals/{slug(parse(code).code)}/en.html")
    expect(page.locator("h1")).to_have_text("Zarvania: Arbitrary arrest and judicial harassment of Ilse Tammert")
    page.goto(f"{at}/versions?from=1&to=2")
    examine(page, "appeal-versions")
    of(page, "vera", "/people/approvers")
    examine(page, "approvers")
    of(page, "tomas", at)
    examine(page, "appeal-published")
    go_on(page)


def go_on(page: Page) -> None:
    """Draft what follows the appeal of a page: new information, and, when its case is closed, a closing update."""
    follow(page.locator("main .trail a[href$='/appeals']"))
    examine(page, "appeals-of-case")
    listed = page.url
    follow(page.locator("button[name=closes][value='']"))
    examine(page, "appeal-update")
    page.locator("summary", has_text="Give it up").click()
    follow(page.locator("form[action$='/abandon'] button"))
    page.goto(listed.replace("/appeals", "/status"))
    page.locator("select[name=value]").select_option("closed")
    page.locator("select[name=outcome]").select_option(index=1)
    page.locator("textarea[name=reason]").fill("Nothing is left to ask.")
    examine_as_it_is(page, "case-status")
    follow(page.locator("main form.fields .actions button"))
    page.goto(listed)
    follow(page.locator("button[name=closes][value=yes]"))
    examine(page, "appeal-closing")


def test_what_two_approvers_say_in_public_that_belongs_to_no_case(open_page: Opener) -> None:
    page = open_page()
    enter(page, "ada")
    page.goto("/archived")
    examine(page, "archived")
    page.goto("/signatories")
    examine(page, "signatories")
    follow(page.locator("a[href^='/signatories/']").first)
    page.locator("input[name=since]").fill("2026-01-01T08:00")
    page.locator("textarea[name=note]").fill("A key of ours was stolen. Pass none of it on.")
    follow(page.locator("button[value=look]"))
    examine_as_it_is(page, "signatory")
    page.goto("/archived")
    follow(page.locator("main .rows a").first)
    page.locator("details summary").first.click()
    page.locator("textarea[name=text-0]").fill("Another title for it")
    page.locator("#id_note").fill("The title was wrong.")
    examine_as_it_is(page, "archived-appeal")
    follow(page.locator("button[value=correct]"))
    if page.locator("button[name=confirm-click]").count():
        follow(page.locator("button[name=confirm-click]"))
    asked = page.url
    page.goto("/appeals")
    examine(page, "waiting-appeals")
    page.goto(asked)
    examine(page, "asked-statement")
    follow(page.locator("button[value=leave]"))
    expect(page.get_by_text("It is not said.")).to_be_visible()
