"""An appeal on the desk of the demonstration, from the case to the published code, by six people in their turns."""

import re
import time
from datetime import UTC, datetime, timedelta

from at_the_desk import Opener, enter, examine, examine_as_it_is, follow, make_passkey, own_authenticator
from by_tab import mistakes_of
from playwright.sync_api import Page, expect

from tocsin.core.codes import parse, slug

PASSED = "button[name=answer][value=passed]"
TITLE = "Zarvania: Arbitrary arrest and judicial harassment of Ilse Tammert"


def draft(page: Page) -> str:
    """Draft an appeal of the case that is ready for one; give where its page is."""
    page.goto("/cases")
    follow(page.locator("main a[href^='/cases/']", has_text="Tammert").first)
    follow(page.locator("main a[href$='/appeals']"))
    follow(page.locator("form[action$='/appeals/new'] button"))
    return page.url


def mend(page: Page, rule: str, text: str, words: str) -> None:
    """Write a text anew, about which a finding stands, and see the finding go; without words it is taken out."""
    expect(page.locator(f"#{rule}")).to_be_visible()
    follow(page.locator(".passage", has_text=text).locator("a.change").first)
    page.locator("textarea[name=words]").fill(words)
    follow(page.locator("form[action$='/text'] button"))
    expect(page.locator(".words", has_text=words or text)).to_have_count(1 if words else 0)
    expect(page.locator(f"#{rule}")).to_have_count(0)


def waive_all(page: Page) -> None:
    """Sign that each warning may stand, with a reason."""
    while page.locator("form[action$='/waive']").count():
        page.locator(".finding summary").first.click()
        page.locator("form[action$='/waive'] textarea").first.fill("The office has no other.")
        follow(page.locator("form[action$='/waive'] button").first)


def translate(page: Page, at: str) -> None:
    """Begin an edition in French, and take it out again."""
    page.goto(at)
    page.locator("summary", has_text="Another language").click()
    page.locator("select[name=edition]").select_option("fr")
    follow(page.locator("button[value=add]"))
    page.goto(f"{at}?edition=fr")
    examine(page, "appeal-translation")
    page.locator("summary", has_text="Take this edition out").click()
    follow(page.locator("button[value=out]"))
    expect(page.locator("[role=status]")).to_contain_text("Saved")


def clear(page: Page, at: str) -> None:
    """Clear the gates that are one's own to clear."""
    page.goto(at)
    expect(page.locator(PASSED)).not_to_have_count(0)
    while page.locator(PASSED).count():
        follow(page.locator(PASSED).first)


def step_up(page: Page) -> None:
    """Show the passkey where that was not done within five minutes."""
    if page.get_by_role("heading", name="Confirm that it is you").count():
        follow(page.get_by_role("button", name="Confirm with a passkey"))


def approve(page: Page, at: str) -> None:
    """Read what becomes public, and sign it."""
    page.goto(at)
    follow(page.locator("a[href$='/final']"))
    follow(page.locator("#sign + form button"))
    step_up(page)
    expect(page.locator("[role=status]")).to_contain_text("your key signed exactly this text")


def go_the_whole_way(office: dict[str, Page], at: str, *, examined: bool = False) -> str:
    """Review, approve and publish what was drafted; give its code."""
    follow(office["tomas"].locator("form[action$='/submit'] button"))
    if examined:
        office["ines"].goto(at)
        examine(office["ines"], "appeal-review")
    for login in ("ines", "noor"):
        clear(office[login], at)
    if examined:
        office["ada"].goto(f"{at}/final")
        examine(office["ada"], "appeal-final")
    for login in ("ada", "bo"):
        approve(office[login], at)
    follow(office["bo"].locator("form[action$='/release'] button"))
    step_up(office["bo"])
    expect(office["bo"].locator("[role=status]")).to_have_text("It is published.")
    return office["bo"].locator("h1").inner_text()


def she_is_free(page: Page, case: str) -> None:
    """Write down what is new in the case: she came home yesterday, and two sources tell it."""
    yesterday = datetime.fromtimestamp(time.time(), UTC) - timedelta(days=1)
    page.goto(case)
    follow(page.get_by_role("link", name="a step of a case").first)
    page.get_by_label("When").fill(f"{yesterday:%-d %B %Y}")
    page.get_by_label("What happened").fill("She came home.")
    page.get_by_label("Which step of a case it is").select_option("release")
    page.locator("[name=concerns][value='person:tammert']").check()
    page.get_by_label("Who may see it").select_option("P")
    page.get_by_label("Who says so").select_option(label="Lawyer")
    follow(page.get_by_role("button", name="Add it"))
    enter_status(page, "section-claims", "She came home", "corroborated")
    enter_status(page, "section-detentions", "In police custody", "released", f"{yesterday:%Y-%m-%d}")


def enter_status(page: Page, section: str, record: str, status: str, on: str = "") -> None:
    """Enter where a record of a case stands now."""
    page.locator(f"#{section} > summary").click()
    follow(page.locator(f"#{section} a.change", has_text=record))
    form = page.locator("form[action$='/status']")
    if not form.is_visible():
        page.locator("details:has(form[action$='/status']) > summary").click()
    form.locator("[name=value]").select_option(status)
    if on:
        form.locator("[name=as_of]").fill(on)
    follow(form.locator("button"))


def update(page: Page, case: str) -> str:
    """Draft new information on what was published; give where its page is."""
    page.goto(f"{case}/appeals")
    expect(page.locator("main")).to_contain_text("New in the case since the last appeal")
    examine(page, "appeals-of-case")
    follow(page.locator("button[name=closes][value='']"))
    examine(page, "appeal-update")
    # She is free: nobody asks for it any more.
    expect(page.locator(".words", has_text="Release Ilse Tammert")).to_have_count(0)
    mend(
        page, "DEM-08", "Drop all charges", "Drop all charges against Ilse Tammert, and give The Lantern its computers;"
    )
    waive_all(page)
    return page.url.partition("?")[0]


def take_back(office: dict[str, Page], at: str) -> None:
    """Let one approver ask that an appeal is taken back, and a second one agree."""
    page = office["ada"]
    page.goto(at)
    page.locator("summary", has_text="Take it back").click()
    page.locator("textarea[name=note]").fill("Withdrawn at the wish of those whom it was about.")
    follow(page.locator("button[value=ask]"))
    step_up(page)
    page = office["bo"]
    page.goto("/appeals")
    follow(page.locator("main a[href*='/appeals/']").first)
    examine(page, "appeal-asked-back")
    follow(page.locator("button[value=agree]"))
    step_up(page)
    expect(page.locator("[role=status]")).to_contain_text("nothing of it is shown any more")
    page.goto(at)
    examine(page, "appeal-taken-back")


def close_the_case(page: Page, case: str) -> None:
    """Close a case, and draft the closing update of its appeals."""
    page.goto(f"{case}/status")
    page.locator("select[name=value]").select_option("closed")
    page.locator("select[name=outcome]").select_option(index=1)
    page.locator("textarea[name=reason]").fill("Nothing is left to ask.")
    examine_as_it_is(page, "case-status")
    follow(page.locator("main form.fields .actions button"))
    page.goto(f"{case}/appeals")
    follow(page.locator("button[name=closes][value=yes]"))
    examine(page, "appeal-closing")


def read_when(page: Page, address: str, shown: str) -> None:
    """Open a public page until it shows something: copies of what stood there before may be kept for a minute."""
    for _ in range(60):
        page.goto(address)
        page.reload()
        if page.locator(shown).count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{address} does not show {shown}")


def test_from_a_case_to_the_public_page_an_update_and_a_retraction(open_page: Opener) -> None:
    office = {login: open_page() for login in ("tomas", "luc", "ines", "noor", "ada", "bo")}
    for login, page in office.items():
        enter(page, login)
    for login in ("ada", "bo"):
        own_authenticator(office[login])
        make_passkey(office[login])
    page = office["tomas"]
    at = draft(page)
    case = at.partition("/appeals/")[0]
    examine(page, "appeal-draft")
    assert not mistakes_of(page)
    page.goto(at)
    follow(page.locator("#t-demands-2 a.change").first)
    examine(page, "appeal-change")
    page.goto(at)
    mend(
        page, "DEM-08", "Drop all charges", "Drop all charges against Ilse Tammert, and give The Lantern its computers;"
    )
    waive_all(page)
    translate(office["luc"], at)
    page.goto(at)
    code = go_the_whole_way(office, at, examined=True)
    page.goto(at)
    expect(page.locator("h1")).to_have_text(code)
    examine(page, "appeal-published")
    public = open_page(publishing=True, scripts=False)
    first = f"/appeals/{slug(parse(code).code)}/en"
    public.goto(f"{first}.html")
    expect(public.locator("h1")).to_have_text(TITLE)
    assert public.request.get(f"{first}.pdf").body().startswith(b"%PDF")

    she_is_free(page, case)
    later = update(page, case)
    assert go_the_whole_way(office, later) == f"{code}.1"
    second = f"/appeals/{slug(parse(f'{code}.1').code)}/en"
    link = f"a[href*='{slug(parse(code).code)}-1/']"
    read_when(public, f"{first}.html", link)
    follow(public.locator(link).first)
    expect(public.locator("main")).to_contain_text("Ms. Tammert was released")
    read_when(public, "/en/index.html", f".appeals a[href*='{second}']")

    take_back(office, later)
    read_when(public, f"{second}.html", "text=Withdrawn at the wish of those whom it was about.")
    expect(public.locator("main")).not_to_contain_text("was released")
    read_when(public, "/en/index.html", f".appeals:not(:has(a[href*='{second}']))")
    expect(public.locator(f".appeals a[href*='{first}']")).to_have_count(1)
    feed = public.request.get("/en/feed.atom").text()
    assert re.search(rf"deleted-entry[^>]*>\s*<[^>]*comment>{code}\.1<", feed)
    page.goto(f"{at}/versions?from=1&to=2")
    examine(page, "appeal-versions")
    enter(page, "vera")
    page.goto("/people/approvers")
    examine(page, "approvers")
    enter(page)
    close_the_case(page, case)


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
