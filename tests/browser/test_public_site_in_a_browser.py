"""The public site in a browser, with and without scripts: in two directions and colours, on a phone and a desk."""

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from at_the_desk import SIZES, Opener, examine_as_it_is, follow, picture_paper
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from tocsin.core.guarding import questions

HELD, WITHDRAWN = "/appeals/xzv-003-1126-obs-091", "/appeals/xzv-008-0825-obs-074"
# What came after the first of these: it is about her release, and asks for letters.
FREE = "xzv-003-1126-obs-091-1"


def addresses(page: Page, tag: str) -> dict[str, str]:
    """Give where the main pages of the public site are in a language."""
    page.goto(f"{HELD}/{tag}.html")
    defender = page.locator("a[href*='/defender/']").first.get_attribute("href") or ""
    return {
        "public-list": f"/{tag}/index.html",
        "public-search": f"/{tag}/index.html?q=vardell",
        "public-country": f"/{tag}/country/XZV.html",
        "public-defender": urljoin(page.url, defender),
        "public-appeal": f"{HELD}/{tag}.html",
        "public-withdrawn": f"{WITHDRAWN}/{tag}.html",
        "public-verify": f"/{tag}/verify.html",
        "public-statistics": f"/{tag}/statistics.html",
        "public-programs": f"/{tag}/api.html",
        "act-whom": f"/{tag}/act/{FREE}.html",
        "act-letter": f"/{tag}/act/{FREE}/2.{tag}.html",
        "act-tell": f"/{tag}/act/{FREE}/tell.1.html",
        "act-tell-whom": f"/{tag}/act/{FREE}/tell.html",
    }


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ar", True)], ids=["en light", "ar dark"])
def test_the_public_site_is_read_in_two_directions(open_page: Opener, language: str, dark: bool) -> None:
    page = open_page(publishing=True, dark=dark)
    for name, address in addresses(page, language).items():
        page.goto(address)
        examine_as_it_is(page, name)
    page.goto(f"{HELD}/{language}.html")
    printed = page.pdf(format="A4")
    paper = PdfDocument(printed)
    words = "".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
    assert len(paper) <= 4
    if language == "en":
        assert ("Description of the situation" in words, "All appeals" in words) == (True, False)
        # It is in English alone.
        page.goto(f"/appeals/{FREE}/en.html")
        examine_as_it_is(page, "public-update")
    picture_paper(printed, "print", language)
    picture_paper(page.request.get(f"{HELD}/{language}.pdf").body(), "pdf", language)
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


@pytest.mark.parametrize(
    ("language", "chosen", "wrote"),
    [("en", "en", "I wrote"), ("fr", "en", "J’ai écrit"), ("ru", "ru", "Я написал(а)"), ("ar", "ar", "لقد كتبت")],
)
def test_somebody_acts_without_scripts(open_page: Opener, language: str, chosen: str, wrote: str) -> None:
    page = open_page(publishing=True, scripts=False, language=language)
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        act(page, language, chosen, wrote)
    assert page.context.cookies() == []


_CENTIMETRE = 72 / 2.54


def envelope_is_a_sheet_of_its_own(page: Page) -> None:
    """Print, and look where on the paper the address stands: alone on the last sheet, low and behind the middle."""
    lines = page.locator(".envelope span").all_inner_texts()
    paper = PdfDocument(page.pdf(format="A4"))
    assert len(paper) >= 2
    *before, last = (sheet.get_textpage() for sheet in paper)
    words = [_letters(sheet.get_text_bounded()) for sheet in (*before, last)]
    assert words[-1] == _letters("".join(lines)), "nothing but the address is on it"
    assert "XZV0031126OBS0911" in "".join(words[:-1])
    assert _letters("My own sentence.") in words[0], "it prints as it was changed"
    left, bottom, right, top = zip(*(last.get_rect(number) for number in range(last.count_rects())), strict=True)
    width, height = paper[len(paper) - 1].get_size()
    assert height - max(top) > 9 * _CENTIMETRE
    assert min(bottom) > 0
    # An address in Latin letters has its own direction on a page in Arabic, too.
    rtl = page.locator(".envelope").evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert width - max(right) > 8 * _CENTIMETRE if rtl else min(left) > 8 * _CENTIMETRE


def _letters(text: str) -> str:
    return "".join(each for each in text if each.isalnum())


def act(page: Page, language: str, chosen: str, wrote: str) -> None:
    """Write a letter from the page of an appeal on, and tell so both ways."""
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
    envelope_is_a_sheet_of_its_own(page)
    page.emulate_media(media="screen")
    follow(page.get_by_role("button", name=wrote))
    expect(page.locator("form")).to_have_count(0)
    page.go_back()
    follow(page.locator("a[href*='tell.']"))
    asked = int(page.locator("[name=asked]").get_attribute("value") or "")
    page.locator("#number").fill(str(questions()[asked].answer))
    follow(page.get_by_role("button", name=wrote))
    expect(page.locator("form")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_with_scripts_a_letter_is_copied_and_its_links_take_along_what_was_changed(
    open_page: Opener, language: str
) -> None:
    page = open_page(publishing=True, language=language)
    page.goto(f"/{language}/act/{FREE}/2.{language}.html")
    letter, link, told = page.locator(".letter"), page.locator(".open a").first, page.locator(".without")
    composed = link.get_attribute("href") or ""
    examine_as_it_is(page, "act-letter-scripts")
    letter.press("Control+A")
    page.keyboard.type("My own & only words, 100 % mine\nأنا")
    href = link.get_attribute("href") or ""
    assert href.startswith(composed.partition("&body=")[0])
    assert parse_qs(urlsplit(href).query)["body"] == ["My own & only words, 100 % mine\r\nأنا"]
    expect(told).to_be_hidden()
    page.locator(".copy button").first.click()
    expect(page.locator(".copy [role=status]").first).not_to_be_empty()
    # Pasted behind itself, it shows what was copied.
    letter.press("Control+End")
    page.keyboard.press("Control+V")
    expect(letter).to_contain_text("أناMy own & only words, 100 % mine")
    # Too long for any link: each opens what was composed, and the page says what to do.
    page.keyboard.insert_text("أ" * 400)
    expect(told).to_be_visible()
    assert link.get_attribute("href") == composed
    examine_as_it_is(page, "act-letter-changed")
    assert page.context.cookies() == []
