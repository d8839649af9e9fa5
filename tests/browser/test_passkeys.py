"""Passkeys with Chromium's own virtual authenticator, and everything that works without scripts beside them."""

import re
import time
import tomllib
from base64 import b32decode
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from at_the_desk import enter, follow, picture
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tocsin.accounts import second_factor

CHOSEN = "chosen in her own session"


@pytest.fixture
def site(desk: str) -> str:
    """The desk by a name: passkeys are bound to names, never to addresses of the network."""
    return desk.replace("127.0.0.1", "localhost")


@pytest.fixture
def context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site)
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
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    on = {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": kind | on})
    return page


def passphrase_of(login: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = next(tmp_path_factory.getbasetemp().glob("browser*/var/demonstration.toml"))
    people = tomllib.loads(file.read_text("utf-8"))["people"]
    return str(next(person["passphrase"] for person in people if person["login"] == login))


def make_passkey(page: Page) -> None:
    page.goto("/account/second-factor")
    follow(page.get_by_role("button", name="Make a passkey"))
    expect(page).to_have_url(re.compile("/account$"))


def code_of(page: Page) -> str:
    """Do what an authenticator does with the secret on the page."""
    secret = b32decode(page.locator("ol code").inner_text().replace(" ", ""))
    return second_factor.code_at(secret, datetime.fromtimestamp(time.time(), UTC))


def test_a_passkey_is_made_signs_in_and_confirms(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    enter(page, "vera")
    page.goto("/account/second-factor")
    follow(page.get_by_role("button", name="Set up an authenticator"))
    expect(page.locator("main img")).to_have_js_property("complete", True)
    assert page.locator("main img").evaluate("drawn => drawn.naturalWidth") > 0
    make_passkey(page)
    expect(page.get_by_text("Passkey made on")).to_have_count(1)
    picture(page, "account")
    follow(page.get_by_role("button", name="Sign out"))

    page.locator("input[name=login]").fill("vera")
    page.locator("input[name=passphrase]").fill("not her passphrase")
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.locator("[role=alert]").first).to_contain_text("wrong")
    page.locator("input[name=passphrase]").fill(passphrase_of("vera", tmp_path_factory))
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.locator("h1")).to_have_text("My work")

    page.goto("/confirm?next=/people")
    picture(page, "confirm")
    follow(page.get_by_role("button", name="Confirm with a passkey"))
    expect(page).to_have_url(re.compile("/people$"))
    picture(page, "people")
    page.goto("/account")
    follow(page.get_by_role("button", name="Remove"))
    expect(page.get_by_text("Passkey made on")).to_have_count(0)


def test_a_browser_that_gives_no_passkey_says_so_and_leaves_the_code(page: Page) -> None:
    page.goto("/sign-in")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('refused')); }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The browser gave no passkey")).to_be_visible()
    expect(page.locator("input[name=code]")).to_be_visible()


def test_somebody_joins_loses_her_factor_and_recovers_without_scripts(page: Page, chromium: Browser, site: str) -> None:
    enter(page, "vera")
    page.goto("/people/invite")
    page.locator("input[name=login]").fill("samira")
    page.locator("input[name=name]").fill("Samira Voss")
    page.locator("input[value=verifier]").check()
    picture(page, "invite")
    follow(page.get_by_role("button", name="Make the link"))
    link = page.locator("main code").inner_text()
    picture(page, "link")

    plain = chromium.new_context(base_url=site, java_script_enabled=False)
    hers = plain.new_page()
    hers.goto(link)
    picture(hers, "join")
    hers.locator("input[name=passphrase]").fill(CHOSEN)
    hers.locator("input[name=again]").fill(CHOSEN)
    follow(hers.locator("main button"))
    code = hers.locator("main code").inner_text()
    picture(hers, "recovery-code")
    follow(hers.locator("main a.button"))
    expect(hers.get_by_role("button", name="Make a passkey")).to_be_hidden()
    with hers.expect_response(re.compile("/second-factor/picture$")) as given:
        follow(hers.get_by_role("button", name="Set up an authenticator"))
    assert given.value.headers["content-type"] == "image/svg+xml"
    assert given.value.body().startswith(b"<svg")
    picture(hers, "second-factor")
    hers.locator("input[name=code]").fill(code_of(hers))
    follow(hers.get_by_role("button", name="Take this authenticator"))
    fingerprint = hers.locator("#fingerprint + p code").inner_text()

    page.goto("/people")
    follow(page.get_by_role("row", name="Samira Voss").get_by_role("link", name="Compare the fingerprint"))
    page.locator("input[name=fingerprint]").fill(fingerprint)
    picture(page, "vouch")
    follow(page.get_by_role("button", name="Stand for her keys"))
    expect(page.get_by_role("row", name="Samira Voss")).to_contain_text("works here")
    follow(page.get_by_role("row", name="Samira Voss").get_by_role("link", name="Change"))
    picture(page, "person")

    follow(hers.get_by_role("button", name="Sign out"))
    follow(hers.get_by_role("link", name="I have lost my authenticator or passkey"))
    hers.locator("input[name=login]").fill("samira")
    hers.locator("input[name=passphrase]").fill(CHOSEN)
    hers.locator("input[name=recovery_code]").fill(code)
    picture(hers, "lost-factor")
    follow(hers.locator("main form.fields button"))
    expect(hers.locator("h1")).to_have_text("Second factor")
    follow(hers.get_by_role("button", name="Set up an authenticator"))
    expect(hers.locator("main img")).to_be_visible()
    plain.close()
