"""Every other page of the desk, as a person sees it: pictures of each, and what axe says of it."""

from at_the_desk import Opener, enter, examine, examine_as_it_is, follow, offer_authenticator, open_case, painted
from playwright.sync_api import Page


def pages_of_accounts(page: Page) -> None:
    """Walk through the pages of accounts as somebody who looks after them."""
    for name in ("lost-second-factor", "sign-in"):
        page.goto(f"/{name}")
        examine(page, name)
    follow(page.locator("form.fields button:not([type=button])").first)
    examine_as_it_is(page, "sign-in-mistakes")
    enter(page, "vera")
    for address in ("people", "people/invite", "account", "account/passphrase", "confirm?next=/people"):
        page.goto(f"/{address}")
        examine(page, address.partition("?")[0].replace("/", "-"))
    page.goto("/people")
    follow(page.locator("tbody a[href^='/people/']").first)
    examine(page, "people-person")
    offer_authenticator(page)
    examine(page, "account-second-factor")
    page.goto("/account")
    follow(page.locator("form[action$=recovery-code] button"))
    examine_as_it_is(page, "account-recovery-code")


def invited(page: Page, login: str) -> None:
    """Invite somebody, and walk her way in up to her first look at her account."""
    page.goto("/people/invite")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=name]").fill("Ines Rovan")
    follow(page.locator("main form.fields button"))
    link = page.locator("main code").inner_text()
    examine_as_it_is(page, "link")
    follow(page.locator("form[action$=sign-out] button"))
    page.goto(link)
    examine(page, "join")
    page.locator("input[name=passphrase]").fill("chosen in her own session")
    page.locator("input[name=again]").fill("chosen in her own session")
    follow(page.locator("main form.fields button"))
    page.goto("/account/second-factor")
    examine(page, "must-set-up-a-second-factor")
    enter(page, "vera")
    page.goto("/people")
    follow(page.locator("tbody a[href$='/vouch']").first)
    examine(page, "vouch")


def pages_of_cases(page: Page) -> None:
    """Walk through the pages of cases that a case lead comes to less often."""
    enter(page)
    page.locator("input[name=question]").fill("anhalt")
    follow(page.locator("form.search button"))
    examine_as_it_is(page, "search")
    page.locator("input[name=question]").fill("zarquon")
    follow(page.locator("form.search button"))
    examine_as_it_is(page, "search-nothing")
    open_case(page)
    follow(page.locator("a[href$='/access']"))
    page.locator(".grants summary").first.click()
    painted(page)
    examine_as_it_is(page, "access-opened")
    follow(page.locator("a[href$='/shred']"))
    examine(page, "shred")
    for address in ("cases/sealed", "inbox"):
        page.goto(f"/{address}")
        examine(page, address.replace("/", "-"))
    open_case(page)
    follow(page.locator(".story a[href*='/add']").first)
    examine(page, "add-record")
    open_case(page)
    follow(page.locator("a[href$='/seal']"))
    examine(page, "seal")


def test_axe_finds_nothing_on_any_page_and_nothing_is_cut_off(open_page: Opener) -> None:
    page = open_page()
    pages_of_accounts(page)
    invited(page, "ines-rovan")
    pages_of_cases(page)
