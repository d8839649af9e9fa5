"""Working together and lists as a person sees them: pictures, and what axe says of them."""

from at_the_desk import Opener, enter, examine, examine_as_it_is, follow, open_case

TASK = "Ask the lawyer whether the hearing on Thursday still stands."


def test_people_work_together_on_pages_that_axe_and_small_screens_bear(open_page: Opener) -> None:
    """Set a task, comment beside a fact, hand the case over, and look at the lists."""
    page = open_page()
    enter(page)
    page.goto("/cases")
    examine(page, "cases")
    if page.locator(".fold > summary").is_visible():
        page.locator(".fold > summary").click()
    page.locator("#by-country").select_option(index=1)
    page.locator("#question").fill("a")
    page.locator("#question").press("Enter")
    page.wait_for_load_state()
    examine_as_it_is(page, "cases-narrowed")
    open_case(page)
    examine(page, "case-with-marks")
    follow(page.locator(".story .end a[href$='#say']").first)
    page.locator("#comment-text").fill("Two sources, or one that was heard twice?")
    follow(page.locator("form[action$=comments] button"))
    page.locator("#task-text").fill(TASK)
    page.locator("#task-to").select_option(index=1)
    page.locator("#task-until").fill("2031-01-02")
    follow(page.locator("form[action$=tasks] button"))
    examine(page, "together")
    follow(page.locator("form[action$=tasks] button"))
    examine_as_it_is(page, "together-mistakes")
    page.goto("/")
    assert TASK in page.locator("main").inner_text()
    examine(page, "home-asked")
    page.goto("/account/notices")
    examine(page, "notices")
    follow(page.locator("main form button").last)
    examine_as_it_is(page, "notices-mistakes")


def test_two_files_and_two_records_become_one_and_come_apart_on_pages_that_axe_bears(open_page: Opener) -> None:
    """Merge a case with another, look at who stands there twice since, and undo it."""
    page = open_page()
    enter(page)
    open_case(page)
    case = page.url
    follow(page.locator(".together a").first)
    follow(page.locator("a[href$='/merge']"))
    examine(page, "merge")
    follow(page.locator("main form button").last)
    examine_as_it_is(page, "merge-mistakes")
    # The case that names the same organisation; which one is first in the list depends on what other tests opened.
    alike = page.locator("#id_other option", has_text="Oswin Varn")
    other = alike.first if alike.count() else page.locator("#id_other option").nth(1)
    page.locator("#id_other").select_option(value=other.get_attribute("value"))
    page.locator("#id_reason").fill("The family and the lawyer wrote to us about the same night.")
    follow(page.locator("main form button").last)
    examine(page, "merged")
    follow(page.locator("main a[href$='/same']"))
    examine(page, "same")
    pair = page.locator("section.known a.button")
    # Another test may have put the two into one before; then there is no pair to look at.
    if pair.count():
        follow(pair.first)
        examine(page, "same-pair")
        follow(page.locator("main form button").last)
        examine_as_it_is(page, "same-mistakes")
        page.go_back()
        page.go_back()
    page.go_back()
    # The first one: a second try of this test finds what the first one merged, too.
    follow(page.locator("form[action$='/undo'] button").first)
    examine(page, "parted")
    page.goto(case)
    assert "Anhalt" in page.locator("h1").inner_text()
