"""The public site in a browser without scripts: in English and Arabic, light and dark, on a phone and a desk."""

import pytest
from at_the_desk import Opener, examine, follow
from playwright.sync_api import expect

HELD, WITHDRAWN = "/appeals/xzv-003-1126-obs-091", "/appeals/xzv-008-0825-obs-074"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_public_site_is_read_in_two_directions(open_page: Opener, dark: bool) -> None:
    page = open_page(publishing=True, dark=dark)
    look = "dark" if dark else "light"
    for name, address in {
        "appeals-list-en": "/en/index.html",
        "appeals-list-ar": "/ar/index.html",
        "appeals-one-en": f"{HELD}/en.html",
        "appeals-one-ar": f"{HELD}/ar.html",
        "appeals-verify-ar": "/ar/verify.html",
        "appeals-withdrawn-ar": f"{WITHDRAWN}/ar.html",
    }.items():
        page.goto(address)
        examine(page, name, look)
    assert page.context.cookies() == []


def test_somebody_finds_an_appeal_in_another_script_and_reads_on(open_page: Opener) -> None:
    page = open_page(publishing=True, scripts=False, language="ar", width=360, height=740)
    page.goto("/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator("#q").fill("فارديل")
    follow(page.locator("form button"))
    expect(page.locator(".appeals > li")).to_have_count(1)
    follow(page.locator(".appeals h2 a"))
    assert page.url.endswith(f"{HELD}/ar.html")
    follow(page.locator(".notice.grave a"))
    expect(page.locator("h1")).to_contain_text("Release")
    follow(page.locator(".chain a").first)
    assert page.url.endswith(f"{HELD}/en.html")
    follow(page.locator(".site p a"))
    expect(page.locator(".appeals > li")).not_to_have_count(0)
