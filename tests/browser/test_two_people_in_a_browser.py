"""What takes two people, as the first one and as the second one see it: pictures of each page, and what axe says."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from at_the_desk import Opener, enter, examine, follow
from playwright.sync_api import Page, expect
from test_evidence_in_a_browser import photograph

NAMES = {"en": "Halina Brost", "ar": "Merit Sundal"}
TEXT = """\
On 3 November 2026, two men in plain clothes arrested Ms. {name}, a lawyer, in Velm.

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


def shared_case(page: Page, name: str) -> Iterator[str]:
    """Open a case from a report of which something stays behind, and share it with a colleague."""
    page.goto("/reports/new")
    page.locator("textarea").fill(TEXT.format(name=name))
    page.locator("select[name=source_type]").select_option("lawyer")
    follow(page.locator("main form button"))
    for question in ("defender", "work"):
        follow(page.locator(f"form:has(input[value={question}]) button[value=yes]"))
    follow(page.locator("button[accesskey=a]"))
    expect(page.locator(".behind li")).not_to_have_count(0)
    yield "stays-behind"
    follow(page.locator("button[accesskey=o]"))
    expect(page.locator("h1")).to_contain_text(name)


def share(page: Page, case: str) -> None:
    page.goto(f"{case}/access")
    form = page.locator("form.fields").last
    form.locator("select[name=colleague]").select_option(label="Ines Corvaldo")
    form.locator("input[value=evidence]").check()
    form.locator("textarea").fill("we lead it together")
    follow(form.locator("button"))


def a_record_that_more_may_see(page: Page, case: str) -> Iterator[str]:
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
    yield "class-asked"
    change(page, "ines")
    page.goto("/")
    yield "class-home-of-the-second"
    follow(page.locator(f"a[href='{path_of(record)}#class']"))
    yield "class-second"
    follow(page.locator("form[action$='/class/agree'] button"))


def a_copy_that_may_leave(page: Page, case: str, file: Path) -> Iterator[str]:
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
    yield "copy-asked"
    copy = page.url
    change(page, "tomas")
    page.goto("/")
    follow(page.locator(f"a[href='{path_of(copy)}#release']"))
    yield "copy-second"
    follow(page.locator("form[action$='/agree'] button"))
    yield "copy-agreed"


def a_list_taken_out(page: Page) -> Iterator[str]:
    page.goto("/cases")
    page.locator("details:has(#reason) summary").click()
    yield "export-opened"
    page.locator("#reason").select_option(index=1)
    page.locator("#key").select_option("plain")
    page.locator("button[formaction]").click()
    expect(page.locator("button[name=ask]")).to_be_visible()
    yield "export-needs-a-second"
    follow(page.locator("button[name=ask]"))
    yield "export-asked"
    change(page, "ines")
    follow(page.locator("a[href='/cases/exports']"))
    yield "export-second"
    follow(page.locator("button[name=answer][value=agree]"))
    change(page, "tomas")
    page.goto("/cases/exports")
    yield "export-agreed"


def a_case_handed_over(page: Page, case: str) -> Iterator[str]:
    page.goto(f"{case}/together")
    page.locator("details:has(form[action$='/hand-over']) summary").click()
    page.locator("form[action$='/hand-over'] select").select_option(index=1)
    page.locator("form[action$='/hand-over'] textarea").fill("I am away for two weeks.")
    follow(page.locator("form[action$='/hand-over'] button"))
    yield "hand-over-offered"
    change(page, "ines")
    page.goto("/")
    yield "hand-over-home-of-the-second"
    page.goto(f"{case}/together")
    yield "hand-over-second"


def a_case_sealed(page: Page, case: str) -> Iterator[str]:
    page.goto(f"{case}/seal")
    page.locator("#why").fill(WHY)
    follow(page.locator("button[value=ask]"))
    yield "seal-asked"
    page.goto(case)
    yield "case-while-its-sealing-is-asked"
    change(page, "tomas")
    page.goto("/")
    yield "seal-home-of-the-second"
    follow(page.locator(f"a[href='{path_of(case)}/seal']"))
    yield "seal-second"
    follow(page.locator("button[value=agree]"))
    yield "sealed-case"
    page.goto("/")
    yield "sealed-home"
    page.goto("/cases/sealed")
    expect(page.locator("main")).to_contain_text(WHY)
    yield "sealed-list"
    page.goto(case)
    yield "sealed-case-page-of-before"
    page.goto(f"{case}/seal")
    page.locator("#why").fill("She is in another country.")
    follow(page.locator("button[value=ask]"))
    change(page, "ines")
    page.goto(f"{case}/seal")
    yield "opening-second"
    follow(page.locator("button[value=looked]"))
    follow(page.locator("button[value=agree]"))
    page.goto(case)
    yield "case-opened-again"


# Colours do not depend on the language, nor the direction on the colours: two looks see both.
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ar", True)], ids=["en light", "ar dark"])
def test_what_takes_two_people(open_page: Opener, language: str, dark: bool, tmp_path: Path) -> None:
    page = open_page(dark=dark, language=language)
    look = f"{'dark' if dark else 'light'}.{language}"

    def look_at(walk: Iterator[str]) -> None:
        for name in walk:
            examine(page, f"two-{name}", look)

    enter(page)
    look_at(shared_case(page, NAMES[language]))
    case = page.url
    share(page, case)
    look_at(a_record_that_more_may_see(page, case))
    look_at(a_copy_that_may_leave(page, case, photograph(tmp_path / "door.jpg")))
    look_at(a_list_taken_out(page))
    look_at(a_case_handed_over(page, case))
    look_at(a_case_sealed(page, case))
