"""A person's day at the desk, with and without scripts, in English and in Arabic."""

import re
from collections.abc import Iterator

import pytest
from at_the_desk import Opener, enter, examine, examine_as_it_is, follow, open_case, painted, press_access_key
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

# Each main page behind the case, and what to click on the page before to come to it.
PAGES = {
    "access": "a[href$='/access']",
    "mistakes": "main form.fields:not(details form) button",
    "journal": "a[href='/journal']",
}


def walk(page: Page) -> Iterator[str]:
    """Walk through the main pages, from the door inwards, and say where one is."""
    page.goto("/sign-in")
    yield "sign-in"
    enter(page)
    painted(page)
    yield "home"
    open_case(page)
    painted(page)
    yield "case"
    for name, step in PAGES.items():
        follow(page.locator(step).first)
        painted(page)
        yield name
    page.goto("/cases/00000000-0000-4000-8000-000000000000")
    yield "not-there"


def go_to(page: Page, name: str) -> None:
    """Walk to a page."""
    next(each for each in walk(page) if each == name)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_day_at_the_desk(open_page: Opener, scripts: bool, language: str) -> None:
    page = open_page(scripts=scripts, language=language)
    enter(page)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(page.locator("h1")).to_have_text({"en": "My work", "ar": "عملي"}[language])
    open_case(page)
    expect(page.locator("h1")).to_have_text("Davit Anhalt, Mirela Tosk")
    expect(page.locator(".date li")).to_have_count(30)
    expect(page.locator("#e08")).to_contain_text("They beat him with sticks")

    follow(page.locator("a[href$='/access']"))
    form = page.locator("form.fields").last
    form.locator("select[name=colleague]").select_option(label="Amina Belkova")
    form.locator("input[value=facts]").uncheck()
    form.locator("input[value=evidence]").check()
    form.locator("textarea").fill("she compares the pictures")
    follow(form.locator("button"))
    # A program that reads aloud begins there, and so does Tab.
    expect(page.locator("[role=status]")).to_be_focused()
    given = page.locator(".grants > li", has_text="she compares the pictures")
    expect(given).to_have_count(1)

    given.locator("summary").first.click()
    follow(given.locator("form[action$=prolong] button"))
    expect(page.locator("[role=status]")).to_be_visible()
    expect(given).to_have_count(1)

    given.locator("summary").last.click()
    given.locator("select").select_option("done")
    follow(given.locator("button.stop"))
    expect(page.locator("[role=status]")).to_be_visible()
    expect(page.locator(".grants > li", has_text="she compares the pictures")).to_have_count(0)

    follow(page.locator("a[href='/journal']"))
    expect(page.locator("tbody tr", has_text="Amina Belkova").first).to_be_visible()
    press_access_key(page, "l")
    expect(page).to_have_url(re.compile(r"/sign-in\?locked$"))
    page.go_back()
    expect(page).to_have_url(re.compile("/sign-in$"))
    assert "Davit" not in page.content()


def test_a_mistake_is_said_first_and_leads_to_its_field(open_page: Opener) -> None:
    page = open_page()
    go_to(page, "access")
    form = page.locator("form.fields").last
    form.locator("textarea").fill("because")
    follow(form.locator("button"))
    expect(page.locator(".summary")).to_be_focused()
    page.locator(".summary a").first.click()
    expect(page.locator("#id_colleague")).to_be_focused()
    expect(page.locator("#id_colleague")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_reason")).to_have_value("because")


def test_the_language_is_switched_on_the_page_and_stays(open_page: Opener) -> None:
    page = open_page(scripts=False)
    enter(page)
    follow(page.locator("a[href='/journal']"))
    follow(page.get_by_role("button", name="Русский"))
    expect(page.locator("h1")).to_have_text("Журнал")
    follow(page.locator("a[href='/']").first)
    expect(page.locator("h1")).to_have_text("Моя работа")
    follow(page.get_by_role("button", name="English"))
    expect(page.locator("h1")).to_have_text("My work")


def test_axe_finds_nothing_and_a_person_can_look(open_page: Opener) -> None:
    page = open_page()
    for name in walk(page):
        if name == "mistakes":
            examine_as_it_is(page, name)
        else:
            examine(page, name)


def test_axe_would_find_something(open_page: Opener) -> None:
    page = open_page()
    page.goto("/sign-in")
    page.evaluate("document.querySelector('label[for]').remove()")
    assert "label" in [each["id"] for each in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("language", ["en", "ar", "ru"])
def test_nothing_is_cut_off_at_320_pixels_or_with_letters_twice_as_large(open_page: Opener, language: str) -> None:
    page = open_page(language=language)
    for name in walk(page):
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        page.set_viewport_size({"width": 1280, "height": 800})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, name
        page.evaluate("document.documentElement.style.fontSize = ''")


# A box that is ticked by its words may be as small as it likes.
_SEEN = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
  const size = Math.max(box.height, ...[...(it.labels ?? [])].map(each => each.getBoundingClientRect().height));
  const ringed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return [it.outerHTML.slice(0, 80), it.tagName === 'BODY', ringed,
          box.bottom > 0 && box.top < innerHeight, size >= 24 || style.display === 'inline'];
}"""


def test_who_walks_by_keyboard_always_sees_where_she_is(open_page: Opener) -> None:
    page = open_page()
    for name in walk(page):
        walked = 0
        for _ in range(60):
            page.keyboard.press("Tab")
            what, is_over, ringed, in_sight, large = page.evaluate(_SEEN)
            if is_over:
                break
            walked += 1
            assert ringed, f"{name}: {what} shows no ring"
            assert in_sight, f"{name}: {what} is out of sight"
            assert large, f"{name}: {what} is too small to hit"
        assert walked > 5


def test_an_arabic_page_is_the_mirror_of_an_english_one(open_page: Opener) -> None:
    places = {}
    for language in ("en", "ar"):
        page = open_page(language=language)
        go_to(page, "case")
        places[language] = {
            part: page.locator(part).first.bounding_box()
            for part in (".bar .mark", ".bar .me", "aside", ".at", ".class")
        }
    for part, english in places["en"].items():
        arabic = places["ar"][part]
        assert english is not None
        assert arabic is not None
        middle, mirrored = english["x"] + english["width"] / 2, arabic["x"] + arabic["width"] / 2
        assert (middle < 640) is (mirrored > 640), part
