"""Main pages by Tab alone, on a narrow screen: whatever can be worked is reached, seen, and has a name.

The same page may not be wider than the screen in any of its four looks.
"""

from collections.abc import Iterator
from itertools import product

import pytest
from at_the_desk import LANGUAGES, SCHEMES, Opener, enter, open_case
from by_tab import mistakes_of
from playwright.sync_api import Page

NARROW = 360


def address_of(page: Page, selector: str) -> str:
    return page.locator(selector).first.get_attribute("href") or ""


def pages_of_the_desk(page: Page) -> Iterator[str]:
    """Give the addresses of main pages of the desk."""
    enter(page)
    yield from ("/", "/cases", "/reports", "/reports/new", "/inbox", "/mailings", "/authorities", "/journal")
    yield "/search?question=anhalt"
    page.goto("/reports")
    report = address_of(page, ".rows a")
    yield from (report, f"{report}/known")
    page.goto("/authorities")
    yield address_of(page, ".posts a[href*='/posts/']")
    open_case(page)
    case = page.url
    record = address_of(page, ".story a.change[href*='/records/']")
    yield from (case, record, f"{case}/add/risks", f"{case}/add/consents", f"{case}/evidence/new")
    yield from (f"{case}/{each}" for each in ("access", "together", "merge", "same", "addressees", "appeals"))


def pages_of_the_public(page: Page) -> Iterator[str]:
    """Give the addresses of pages on which readers do something."""
    yield from ("/en/index.html", "/en/subscribe.html", "/en/statistics.html", "/en/api.html")
    page.goto("/en/index.html")
    yield address_of(page, ".appeals h2 a").replace("../", "/")


@pytest.mark.parametrize("public", [False, True], ids=["desk", "public site"])
def test_tab_leads_to_all_that_can_be_worked_and_nothing_is_wider_than_a_phone(open_page: Opener, public: bool) -> None:
    walked = {each: open_page(publishing=public, language=each, width=NARROW, height=740) for each in LANGUAGES}
    for each in walked.values():
        if not public:
            enter(each)
    first = walked["en"]
    found = []
    for address in list((pages_of_the_public if public else pages_of_the_desk)(first)):
        for language, scheme in product(LANGUAGES, SCHEMES):
            page = walked[language]
            if scheme == SCHEMES[0]:
                given = page.goto(address.replace("/en", f"/{language}", 1) if public else address)
                assert given is not None
                assert given.ok, address
            page.emulate_media(color_scheme=scheme)
            width = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{address}: it is {width} wide in {language}, {scheme}"] * (width > NARROW)
        found += [f"{address}: {each}" for each in mistakes_of(first)]
    assert not found, "\n".join(found)


# What would be wrong with each of five things.
SPOIL = """() => {
  const [first, ring, name, out, over] = [...document.querySelectorAll("main button, main a")];
  ring.style.outline = "none";
  name.textContent = "";
  out.tabIndex = -1;
  const lid = Object.assign(document.createElement("div"), {id: "lid"});
  Object.assign(lid.style, {position: "absolute", inset: "0"});
  over.style.position = "relative";
  over.parentElement.style.position = "relative";
  over.after(lid);
}"""


def test_a_walk_would_find_what_is_wrong(open_page: Opener) -> None:
    page = open_page(width=NARROW, height=740)
    page.goto("/sign-in")
    page.evaluate(SPOIL)
    found = sorted(each.partition("<")[0].partition(" BUTTON")[0] for each in mistakes_of(page))
    assert found == ["", "no Tab leads to ", "no name has", "no ring is drawn around "], mistakes_of(page)
