"""Passkeys with Chromium's own virtual authenticator, and everything that works without scripts beside them."""

import re
import time
import tomllib
from base64 import b32decode
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from at_the_desk import enter, follow, make_passkey, offer_authenticator, own_authenticator
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tocsin.accounts import second_factor

CHOSEN, NEXT = "chosen in her own session", "another one of her own"


@pytest.fixture
def context(chromium: Browser, desk: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=desk)
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page in a browser with an authenticator that knows its person by her finger."""
    page = context.new_page()
    own_authenticator(page)
    return page


def passphrase_of(login: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = next(tmp_path_factory.getbasetemp().glob("browser*/var/demonstration.toml"))
    people = tomllib.loads(file.read_text("utf-8"))["people"]
    return str(next(person["passphrase"] for person in people if person["login"] == login))


def test_a_passkey_is_made_signs_in_and_confirms(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    enter(page, "vera")
    offer_authenticator(page)
    expect(page.locator("main img")).to_have_js_property("complete", True)
    assert page.locator("main img").evaluate("drawn => drawn.naturalWidth") > 0
    make_passkey(page)
    expect(page.get_by_text("Passkey made on")).to_have_count(1)
    follow(page.get_by_role("button", name="Sign out"))

    page.locator("input[name=login]").fill("vera")
    page.locator("input[name=passphrase]").fill("not her passphrase")
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.locator("[role=alert]").first).to_contain_text("wrong")
    page.locator("input[name=passphrase]").fill(passphrase_of("vera", tmp_path_factory))
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.locator("h1")).to_have_text("My work")

    page.goto("/confirm?next=/people")
    follow(page.get_by_role("button", name="Confirm with a passkey"))
    expect(page).to_have_url(re.compile("/people$"))
    page.goto("/account")
    follow(page.get_by_role("button", name="Remove"))
    expect(page.get_by_text("Passkey made on")).to_have_count(0)


def test_a_browser_that_gives_no_passkey_says_so_and_leaves_the_code(page: Page) -> None:
    page.goto("/sign-in")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('refused')); }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The browser gave no passkey")).to_be_visible()
    expect(page.locator("input[name=code]")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_somebody_joins_and_comes_back_after_each_loss_without_scripts(
    page: Page, chromium: Browser, desk: str, language: str
) -> None:
    login, name = f"samira-{language}", f"Samira Voss {language}"
    link = invited(page, login, name)
    plain = chromium.new_context(base_url=desk, java_script_enabled=False, locale=language)
    hers = plain.new_page()
    hers.goto(link)
    expect(hers.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    fill(hers, passphrase=CHOSEN, again=CHOSEN)
    recovery_code = hers.locator("main code").inner_text()
    follow(hers.locator("main a.button"))
    expect(hers.locator("button[data-question]")).to_be_hidden()
    secret = take_authenticator(hers)
    fingerprint = hers.locator("#fingerprint + p code").inner_text()

    page.goto("/people")
    follow(page.get_by_role("row", name=name).get_by_role("link", name="Compare the fingerprint"))
    fill(page, fingerprint=fingerprint)
    expect(page.get_by_role("row", name=name)).to_contain_text("works here")

    # She lost her authenticator, and has passphrase and recovery code.
    follow(hers.locator("form[action$=sign-out] button"))
    follow(hers.locator("a[href$=lost-second-factor]"))
    fill(hers, login=login, passphrase=CHOSEN, recovery_code=recovery_code)
    expect(hers).to_have_url(re.compile("/account/second-factor$"))
    secret = take_authenticator(hers)

    # She forgot her passphrase, and has authenticator and recovery code.
    follow(hers.locator("form[action$=sign-out] button"))
    fill(hers, login=login, passphrase=recovery_code, code=code_of(secret, steps=1))
    expect(hers).to_have_url(re.compile(r"/account/passphrase\?forgotten$"))
    fill(hers, present=recovery_code, passphrase=NEXT, again=NEXT)
    expect(hers).to_have_url(re.compile("/account$"))

    # She lost it again, and the recovery code with it: an administrator makes a link.
    page.goto("/people")
    follow(page.get_by_role("row", name=name).get_by_role("link", name="Change"))
    follow(page.get_by_role("button", name="Reset the second factor"))
    hers.goto(page.locator("main code").inner_text())
    fill(hers, secret=NEXT)
    take_authenticator(hers)
    expect(hers).to_have_url(re.compile("/account$"))
    plain.close()


def invited(page: Page, login: str, name: str) -> str:
    """Let an administrator invite somebody, and give the link."""
    enter(page, "vera")
    page.goto("/people/invite")
    page.locator("input[value=verifier]").check()
    fill(page, login=login, name=name)
    return page.locator("main code").inner_text()


def fill(page: Page, **fields: str) -> None:
    """Fill the form of a page and send it, whatever its language."""
    form = page.locator("main form.fields:not([action]), main form.fields[action$=code]").first
    for name, words in fields.items():
        form.locator(f"input[name={name}]").fill(words)
    follow(form.locator("button:not([type=button])").first)


def take_authenticator(page: Page) -> bytes:
    """Set up an authenticator on the page of second factors, and give its secret."""
    with page.expect_response(re.compile("/second-factor/picture$")) as given:
        follow(page.locator("form[action$=offer] button"))
    assert given.value.headers["content-type"] == "image/svg+xml"
    assert given.value.body().startswith(b"<svg")
    secret = b32decode(page.locator("ol code").inner_text().replace(" ", ""))
    fill(page, code=code_of(secret))
    return secret


def code_of(secret: bytes, *, steps: int = 0) -> str:
    """Do what an authenticator does, as it will be some steps from now: a code is good once."""
    return second_factor.code_at(secret, datetime.fromtimestamp(time.time() + 30 * steps, UTC))
