"""Every other page of the desk, as a person sees it: pictures of each, and what axe says of it."""

from collections.abc import Iterator

import pytest
from at_the_desk import Opener, enter, examine, follow, offer_authenticator, open_case, painted
from playwright.sync_api import Page


def pages_of_accounts(page: Page) -> Iterator[str]:
    """Walk through the pages of accounts as somebody who looks after them, and say where one is."""
    for name in ("lost-second-factor", "sign-in"):
        page.goto(f"/{name}")
        yield name
    follow(page.locator("form.fields button:not([type=button])").first)
    yield "sign-in-mistakes"
    enter(page, "vera")
    for address in ("people", "people/invite", "account", "account/passphrase", "confirm?next=/people"):
        page.goto(f"/{address}")
        yield address.partition("?")[0].replace("/", "-")
    page.goto("/people")
    follow(page.locator("tbody a[href^='/people/']").first)
    yield "people-person"
    offer_authenticator(page)
    yield "account-second-factor"
    page.goto("/account")
    follow(page.locator("form[action$=recovery-code] button"))
    yield "account-recovery-code"


def invited(page: Page, login: str) -> Iterator[str]:
    """Invite somebody, and walk her way in up to her first look at her account."""
    page.goto("/people/invite")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=name]").fill("Ines Rovan")
    follow(page.locator("main form.fields button"))
    link = page.locator("main code").inner_text()
    yield "link"
    follow(page.locator("form[action$=sign-out] button"))
    page.goto(link)
    yield "join"
    page.locator("input[name=passphrase]").fill("chosen in her own session")
    page.locator("input[name=again]").fill("chosen in her own session")
    follow(page.locator("main form.fields button"))
    page.goto("/account/second-factor")
    yield "must-set-up-a-second-factor"
    enter(page, "vera")
    page.goto("/people")
    follow(page.locator("tbody a[href$='/vouch']").first)
    yield "vouch"


def pages_of_cases(page: Page) -> Iterator[str]:
    """Walk through the pages of cases that a case lead comes to less often."""
    enter(page)
    page.locator("input[name=question]").fill("anhalt")
    follow(page.locator("form.search button"))
    yield "search"
    page.locator("input[name=question]").fill("zarquon")
    follow(page.locator("form.search button"))
    yield "search-nothing"
    open_case(page)
    follow(page.locator("a[href$='/access']"))
    page.locator(".grants summary").first.click()
    painted(page)
    yield "access-opened"
    follow(page.locator("a[href$='/shred']"))
    yield "shred"
    for address in ("cases/sealed", "inbox"):
        page.goto(f"/{address}")
        yield address.replace("/", "-")
    open_case(page)
    follow(page.locator("a[href$='/seal']"))
    yield "seal"


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ar", True)], ids=["en light", "ar dark"])
def test_axe_finds_nothing_on_any_page_and_nothing_is_cut_off(open_page: Opener, language: str, dark: bool) -> None:
    page = open_page(dark=dark, language=language)
    look = f"{'dark' if dark else 'light'}.{language}"
    for walk in (pages_of_accounts(page), invited(page, f"ines-{language}"), pages_of_cases(page)):
        for name in walk:
            examine(page, name, look)
