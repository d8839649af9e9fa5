"""What takes two people, as the first one and as the second one see it: pictures of each page, and what axe says."""

from pathlib import Path
from urllib.parse import urlsplit

from at_the_desk import Opener, enter, examine, examine_as_it_is, follow
from playwright.sync_api import Page, expect
from test_evidence_in_a_browser import photograph

NAME = "Halina Brost"
TEXT = f"""\
On 3 November 2026, two men in plain clothes arrested Ms. {NAME}, a lawyer, in Velm.

They reportedly beat her assistant, Oskar Tamm. He may have been threatened by the police on 4 or 5 November.
"""
WHY = "Her phone was taken with the messages on it; whoever has it knows where she hides."


def change(page: Page, login: str) -> None:
    """Let another person of the demonstration sit down at the machine."""
    page.context.clear_cookies(name="session")
    page.goto("/")
    if page.locator("form[action$=sign-out] button").count():
        follow(page.locator("form[action$=sign-out] button"))
    enter(page, login)


def path_of(address: str) -> str:
    """Give an address as links on the pages have it."""
    return urlsplit(address).path


def shared_case(page: Page) -> None:
    """Open a case from a report of which something stays behind, and share it with a colleague."""
    page.goto("/reports/new")
    page.locator("textarea").fill(TEXT)
    page.locator("select[name=source_type]").select_option("lawyer")
    follow(page.locator("main form button"))
    for question in ("defender", "work"):
        follow(page.locator(f"form:has(input[value={question}]) button[value=yes]"))
    follow(page.locator("button[accesskey=a]"))
    expect(page.locator(".behind li")).not_to_have_count(0)
    examine(page, "two-stays-behind")
    follow(page.locator("button[accesskey=o]"))
    expect(page.locator("h1")).to_contain_text(NAME)


def share(page: Page, case: str) -> None:
    page.goto(f"{case}/access")
    form = page.locator("form.fields").last
    form.locator("select[name=colleague]").select_option(label="Ines Corvaldo")
    form.locator("input[value=evidence]").check()
    form.locator("textarea").fill("we lead it together")
    follow(form.locator("button"))


def a_record_that_more_may_see(page: Page, case: str) -> None:
    page.goto(case)
    follow(page.locator(".story a.change[href*='/records/']").first)
    record = page.url
    # That fewer people see it, one says alone.
    page.locator("form.editing select[name$=rc]").select_option("R")
    follow(page.locator("form.editing .actions button"))
    page.goto(record)
    page.locator("#class summary").click()
    page.locator("#class select").select_option(index=1)
    page.locator("#class textarea").fill("Her lawyer said it to the press himself.")
    follow(page.locator("#class form button"))
    examine(page, "two-class-asked")
    change(page, "ines")
    page.goto("/")
    examine(page, "two-class-home-of-the-second")
    follow(page.locator(f"a[href='{path_of(record)}#class']"))
    examine(page, "two-class-second")
    follow(page.locator("form[action$='/class/agree'] button"))


def a_copy_that_may_leave(page: Page, case: str, file: Path) -> None:
    page.goto(f"{case}/evidence/new")
    page.locator("textarea[name=what]").fill("Photograph of the door of the office, broken open")
    page.locator("textarea[name=came]").fill("By hand, from a neighbour")
    page.locator("input[type=file]").set_input_files(file)
    follow(page.locator("main form.fields button"))
    page.locator("#copies ~ details summary").click()
    follow(page.locator("form[action$='/copy'] button"))
    page.locator("#release ~ details summary").first.click()
    page.locator("input[name='release-release_class']").first.check()
    page.locator("input[name='release-ground']").first.check()
    page.locator("textarea[name='release-why']").fill("The door and nobody beside it.")
    follow(page.locator("form[action$='/ask'] button"))
    examine(page, "two-copy-asked")
    copy = page.url
    change(page, "tomas")
    page.goto("/")
    follow(page.locator(f"a[href='{path_of(copy)}#release']"))
    examine(page, "two-copy-second")
    follow(page.locator("form[action$='/agree'] button"))
    examine(page, "two-copy-agreed")


def a_list_taken_out(page: Page) -> None:
    page.goto("/cases")
    page.locator("details:has(#reason) summary").click()
    examine(page, "two-export-opened")
    page.locator("#reason").select_option(index=1)
    page.locator("#key").select_option("plain")
    page.locator("button[formaction]").click()
    expect(page.locator("button[name=ask]")).to_be_visible()
    examine_as_it_is(page, "two-export-needs-a-second")
    follow(page.locator("button[name=ask]"))
    examine(page, "two-export-asked")
    change(page, "ines")
    follow(page.locator("a[href='/cases/exports']"))
    examine(page, "two-export-second")
    follow(page.locator("button[name=answer][value=agree]"))
    change(page, "tomas")
    page.goto("/cases/exports")
    examine(page, "two-export-agreed")


def a_case_handed_over(page: Page, case: str) -> None:
    page.goto(f"{case}/together")
    page.locator("details:has(form[action$='/hand-over']) summary").click()
    page.locator("form[action$='/hand-over'] select").select_option(index=1)
    page.locator("form[action$='/hand-over'] textarea").fill("I am away for two weeks.")
    follow(page.locator("form[action$='/hand-over'] button"))
    examine(page, "two-hand-over-offered")
    change(page, "ines")
    page.goto("/")
    examine(page, "two-hand-over-home-of-the-second")
    page.goto(f"{case}/together")
    examine(page, "two-hand-over-second")


def a_case_sealed(page: Page, case: str) -> None:
    page.goto(f"{case}/seal")
    page.locator("#why").fill(WHY)
    follow(page.locator("button[value=ask]"))
    examine(page, "two-seal-asked")
    page.goto(case)
    examine(page, "two-case-while-its-sealing-is-asked")
    change(page, "tomas")
    page.goto("/")
    examine(page, "two-seal-home-of-the-second")
    follow(page.locator(f"a[href='{path_of(case)}/seal']"))
    examine(page, "two-seal-second")
    follow(page.locator("button[value=agree]"))
    examine(page, "two-sealed-case")
    page.goto("/")
    examine(page, "two-sealed-home")
    page.goto("/cases/sealed")
    expect(page.locator("main")).to_contain_text(WHY)
    examine(page, "two-sealed-list")
    page.goto(case)
    examine(page, "two-sealed-case-page-of-before")
    page.goto(f"{case}/seal")
    page.locator("#why").fill("She is in another country.")
    follow(page.locator("button[value=ask]"))
    change(page, "ines")
    page.goto(f"{case}/seal")
    examine(page, "two-opening-second")
    follow(page.locator("button[value=looked]"))
    follow(page.locator("button[value=agree]"))
    page.goto(case)
    examine(page, "two-case-opened-again")


def test_what_takes_two_people(open_page: Opener, tmp_path: Path) -> None:
    page = open_page()
    enter(page)
    shared_case(page)
    case = page.url
    share(page, case)
    a_record_that_more_may_see(page, case)
    a_copy_that_may_leave(page, case, photograph(tmp_path / "door.jpg"))
    a_list_taken_out(page)
    a_case_handed_over(page, case)
    a_case_sealed(page, case)
