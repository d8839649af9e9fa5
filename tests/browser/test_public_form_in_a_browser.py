"""The public form in a browser: without scripts, on a phone, in Arabic; and the report on the desk."""

import pytest
from at_the_desk import Opener, enter, examine_as_it_is, follow, painted, picture
from playwright.sync_api import Page, expect

from tocsin.core.guarding import questions

TEXT = "اعتقلت الشرطة المحامية لينا ماروش في فيلم يوم 3 نوفمبر 2026."


def count(page: Page) -> None:
    """Answer the question that keeps programs out."""
    asked = int(page.locator("input[name=asked]").input_value())
    page.locator("#id_number").fill(str(questions()[asked].answer))


def test_somebody_writes_in_arabic_without_scripts_and_comes_back_for_the_answer(open_page: Opener) -> None:
    phone = open_page(public=True, scripts=False, language="ar", width=360, height=740)
    phone.goto("/")
    assert phone.locator("html").get_attribute("dir") == "rtl"
    phone.locator("#id_text").fill(TEXT)
    phone.locator("#id_number").fill("٩٩٩")
    follow(phone.locator("main form button"))
    expect(phone.locator("#id_text")).to_have_value(TEXT)
    count(phone)
    follow(phone.locator("main form button"))
    code = phone.locator(".receipt").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360, "a part of the code is out of sight"
    picture(phone, "form-receipt")
    assert phone.context.cookies() == []

    desk = open_page()
    enter(desk)
    desk.goto("/reports")
    follow(desk.get_by_role("button", name="Take in and read"))
    picture(desk, "reports-with-one-of-the-public-form")
    follow(desk.locator("ul.rows li", has_text="Anonymous").locator("a").first)
    desk.locator("#words").fill("في أي سجن؟")
    follow(desk.locator("#sender form button"))
    painted(desk)
    expect(desk.locator("#sender article")).to_contain_text("في أي سجن؟")
    picture(desk, "report-of-the-public-form")

    phone.goto("/ar/come-back")
    phone.locator("#id_code").fill(code.translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)}))
    follow(phone.locator("main form button"))
    expect(phone.locator("#answers + article")).to_contain_text("في أي سجن؟")
    phone.locator("#id_text").fill("في سجن فيلم.")
    count(phone)
    follow(phone.locator("main form button"))
    expect(phone.locator("[role=status]")).to_be_visible()
    picture(phone, "form-conversation")
    assert phone.context.cookies() == []


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ar", True)], ids=["en light", "ar dark"])
def test_the_public_pages_are_accessible(open_page: Opener, language: str, dark: bool) -> None:
    page = open_page(public=True, dark=dark)
    for name, address in {"form": "", "form-come-back": "come-back", "form-not-there": "nowhere"}.items():
        page.goto(f"/{language}/{address}")
        examine_as_it_is(page, name)
