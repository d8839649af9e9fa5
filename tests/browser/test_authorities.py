"""The directory and the addressees of a case in a browser: by keyboard, with and without scripts, in two languages."""

import re

import pytest
from at_the_desk import Opener, enter, examine, examine_as_it_is, follow, picture
from playwright.sync_api import Page, expect

WAY = "/authorities/posts/xzv-police-velm"


def case_of(page: Page) -> str:
    """Give the address of the case of the demonstration that asks for something."""
    page.goto("/cases")
    return page.locator("a[href^='/cases/']", has_text="Anhalt").first.get_attribute("href") or ""


@pytest.mark.parametrize(("scripts", "post"), [(True, "Velm"), (False, "Paris")], ids=["scripts", "no scripts"])
def test_an_officer_checks_an_address_and_chooses_whom_a_case_writes_to(
    open_page: Opener, scripts: bool, post: str
) -> None:
    page = open_page(scripts=scripts)
    enter(page)
    page.goto("/authorities")
    page.locator("select[name=state]").select_option("failed")
    follow(page.locator("form.filter button"))
    expect(page.locator(".state").first).to_have_text("does not reach")
    follow(page.locator(".posts a", has_text=post).first)
    follow(page.locator("#ways ~ .held button[value=ok]").first)
    expect(page.locator("#ways ~ .held .state").first).to_have_text("checked")

    page.goto(case_of(page) + "/addressees")
    offered = page.locator("#fits ~ ol > li").first
    name = offered.locator("h3").inner_text()
    follow(offered.locator("button"))
    # Once one is chosen, the next who fits has the focus: one key chooses on.
    expect(page.locator("#fits ~ ol > li button").first).to_be_focused()
    chosen = page.locator("#chosen ~ ul > li", has_text=name)
    expect(chosen).to_have_count(1)
    follow(page.locator("#fits ~ ol h3 a").first)
    page.go_back()
    follow(chosen.locator("a").first)
    follow(page.locator("form[action$='/cases'] button"))
    expect(page.locator(".rows a", has_text="Anhalt")).to_have_count(1)
    page.goto(case_of(page) + "/addressees")
    follow(chosen.locator("button"))
    expect(chosen).to_have_count(0)


def test_a_government_changes_and_it_is_taken_back(open_page: Opener) -> None:
    page = open_page()
    enter(page)
    page.goto("/authorities?state=verified")
    sure = page.locator(".posts h3").count()
    assert sure > 5
    page.goto("/authorities/governments")
    page.locator("select[name=country]").select_option("XZV")
    follow(page.locator("main form.fields button"))
    page.goto("/authorities?state=stale")
    assert page.locator(".posts h3").count() > sure
    page.goto("/authorities/governments")
    follow(page.locator("form[action$='/back'] button").first)
    page.goto("/authorities?state=verified")
    assert page.locator(".posts h3").count() >= sure


def test_axe_finds_nothing_on_the_pages_of_the_directory(open_page: Opener) -> None:
    page = open_page()
    enter(page)
    pages = {
        "authorities": "/authorities",
        "authority": "/authorities/posts/xzv-minister-justice",
        "authority-new": "/authorities/new",
        "authority-import": "/authorities/import",
        "authority-governments": "/authorities/governments",
        "authority-cases": f"{WAY}/cases",
        "institutions": "/authorities/institutions",
        "institution-new": "/authorities/institutions/new",
        "addressees": case_of(page) + "/addressees",
    }
    for name, address in pages.items():
        page.goto(address)
        examine(page, name)
    page.goto("/authorities/posts/xzv-minister-justice")
    follow(page.locator("main form[action$='/end'] button").first)
    examine_as_it_is(page, "authority-end")
    page.goto("/authorities/posts/xzv-minister-justice")
    follow(page.locator("a[href*='/institutions/of/']"))
    examine(page, "institution")


def test_a_file_is_looked_at_and_a_bad_row_named(open_page: Opener) -> None:
    page = open_page()
    enter(page)
    page.goto("/authorities/import")
    table = "what,key,country,code,name_en\npost,xbm-mayor,XBM,mayor,Mayor of Tarn\npost,xbm-major,XBM,major,Major\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "authorities.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    follow(page.locator("form.fields button"))
    expect(page.locator("table tbody tr")).to_have_count(1)
    expect(page.locator("table tbody tr")).to_contain_text(re.compile("line 3.*major"))
    picture(page, "authority-import-refused")
    good = table.replace("major,Major", "mayor,Mayor of Ost").replace("xbm-major", "xbm-mayor-ost")
    page.locator("input[type=file]").set_input_files(
        {"name": "authorities.csv", "mimeType": "text/csv", "buffer": good.encode()}
    )
    follow(page.locator("form.fields button"))
    expect(page.locator("button[name=take]")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("The file was taken.")
