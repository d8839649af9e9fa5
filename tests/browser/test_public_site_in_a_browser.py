"""The public site in a browser without scripts: in English and Arabic, light and dark, on a phone and a desk."""

import os
from urllib.parse import urljoin

import pytest
from at_the_desk import SCREENS, SIZES, Opener, examine, follow, painted, picture
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from tocsin.core.guarding import questions

HELD, WITHDRAWN = "/appeals/xzv-003-1126-obs-091", "/appeals/xzv-008-0825-obs-074"
# What came after the first of these: it is about her release, and asks for letters.
FREE = "xzv-003-1126-obs-091-1"


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
        "act-whom-ru": f"/ru/act/{FREE}.html",
        "act-letter-ar": f"/ar/act/{FREE}/2.ar.html",
        "act-tell-fr": f"/fr/act/{FREE}/tell.html",
    }.items():
        page.goto(address)
        examine(page, name, look)
    page.goto(f"{HELD}/en.html")
    paper = PdfDocument(page.pdf(format="A4"))
    words = "".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
    assert len(paper) <= 4
    assert ("Description of the situation" in words, "All appeals" in words) == (True, False)
    if "PICTURES" in os.environ:
        picture_the_rest(page, look)
    assert page.context.cookies() == []


def picture_the_rest(page: Page, look: str) -> None:
    """Picture what axe was shown the like of already, and the pages of the PDF, for the eyes of a person."""
    for tag in ("en", "ar"):
        page.goto(f"{HELD}/{tag}.html")
        defender = page.locator("a[href*='/defender/']").first.get_attribute("href") or ""
        for name, address in {
            "country": f"/{tag}/country/XZV.html",
            "defender": urljoin(page.url, defender),
            "search": f"/{tag}/index.html?q=vardell",
            "programs": f"/{tag}/api.html",
            "statistics": f"/{tag}/statistics.html",
            "verify": f"/{tag}/verify.html",
            "withdrawn": f"{WITHDRAWN}/{tag}.html",
        }.items():
            page.goto(address)
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                painted(page)
                picture(page, f"appeals-{name}-{tag}.{size}.{look}")
        page.goto(f"{HELD}/{tag}.html")
        for number, sheet in enumerate(PdfDocument(page.pdf(format="A4")), start=1):
            sheet.render(scale=1).to_pil().save(SCREENS / f"appeals-print-{tag}-{number}.png")
        printed = PdfDocument(page.request.get(f"{HELD}/{tag}.pdf").body())
        for number, sheet in enumerate(printed, start=1):
            sheet.render(scale=1).to_pil().save(SCREENS / f"appeals-pdf-{tag}-{number}.png")


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


@pytest.mark.parametrize(
    ("language", "chosen", "wrote", "size"),
    [
        ("en", "en", "I wrote", "phone"),
        ("fr", "en", "J’ai écrit", "desktop"),
        ("ru", "ru", "Я написал(а)", "desktop"),
        ("ar", "ar", "لقد كتبت", "phone"),
    ],
)
def test_somebody_acts_without_scripts(open_page: Opener, language: str, chosen: str, wrote: str, size: str) -> None:
    width, height = {"phone": (360, 740), "desktop": (1366, 768)}[size]
    page = open_page(publishing=True, scripts=False, language=language, width=width, height=height)
    page.goto(f"/appeals/{FREE}/en.html")
    follow(page.locator("p.act a"))
    follow(page.locator(f".site a[lang={language}]"))
    follow(page.locator(f".whom > li >> nth=1 >> a[href$='.{chosen}.html']"))
    letter = page.locator(".letter")
    expect(letter).to_contain_text("XZV 003 / 1126 / OBS 091.1")
    letter.press("Control+Home")
    page.keyboard.type("My own sentence. ")
    expect(letter).to_contain_text("My own sentence.")
    assert (page.locator(".open a").first.get_attribute("href") or "").startswith("mailto:reception@interior.example?")
    # As it is printed: what was changed, and nothing that is for the screen.
    page.emulate_media(media="print")
    expect(letter).to_be_visible()
    expect(page.locator(".open")).to_be_hidden()
    expect(page.locator(".envelope")).to_be_visible()
    page.emulate_media(media="screen")
    follow(page.get_by_role("button", name=wrote))
    expect(page.locator("form")).to_have_count(0)
    page.go_back()
    follow(page.locator("a[href*='tell.']"))
    asked = int(page.locator("[name=asked]").get_attribute("value") or "")
    page.locator("#number").fill(str(questions()[asked].answer))
    follow(page.get_by_role("button", name=wrote))
    expect(page.locator("form")).to_have_count(0)
    assert page.context.cookies() == []
