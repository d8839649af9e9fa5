"""Evidence as a person puts it in, looks at it and lets a copy of it go: with the keyboard, on a phone, in Arabic."""

import io
from pathlib import Path

from at_the_desk import Opener, enter, examine, follow, open_case
from PIL import Image, ImageDraw
from playwright.sync_api import Page


def photograph(path: Path) -> Path:
    """Draw a street with a door, as a telephone would have taken it."""
    drawn = Image.new("RGB", (1600, 1200), (120, 150, 190))
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 700, 1600, 1200), fill=(110, 105, 100))
    pen.rectangle((300, 250, 1300, 900), fill=(190, 170, 140))
    pen.rectangle((700, 500, 900, 900), fill=(90, 50, 30))
    pen.ellipse((400, 620, 480, 700), fill=(220, 180, 150))
    pen.rectangle((390, 700, 490, 900), fill=(40, 60, 120))
    drawn.save(path, "JPEG", comment=b"taken by a telephone")
    return path


def put_in(page: Page, file: Path) -> None:
    """Put a photograph into the case of the demonstration."""
    enter(page)
    open_case(page)
    follow(page.locator("a[href$='/evidence/new']"))
    page.locator("textarea[name=what]").fill("Photograph of the door of the office, broken open, a man beside it")
    page.locator("input[value=injury]").check()
    page.locator("input[value=violence]").check()
    page.locator("textarea[name=came]").fill("By hand, from a neighbour, on a memory card")
    page.locator("input[type=file]").set_input_files(file)


def test_every_page_of_evidence(open_page: Opener, tmp_path: Path) -> None:
    page = open_page()
    put_in(page, photograph(tmp_path / "IMG_2041.jpg"))
    examine(page, "evidence-new")
    follow(page.locator("main form.fields button"))
    assert page.locator("main img").count() == 0
    examine(page, "evidence")
    item = page.url
    page.goto(f"{item}/look?grid")
    assert page.evaluate("document.querySelector('.looked img').naturalWidth") > 1000
    examine(page, "evidence-look")
    page.locator("textarea[name=areas]").fill("F10:G15")
    follow(page.locator("main form.fields button"))
    examine(page, "evidence-copy")
    follow(page.locator(".veil a"))
    examine(page, "evidence-copy-looked-at")
    page.goto(item)
    follow(page.locator("form[action$='/check'] button"))
    examine(page, "evidence-custody")
    follow(page.locator(".trail a").first)
    examine(page, "evidence-cited")


def test_without_scripts_an_original_goes_in_and_comes_out_as_it_was(open_page: Opener, tmp_path: Path) -> None:
    page = open_page(scripts=False)
    file = photograph(tmp_path / "IMG_2041.jpg")
    put_in(page, file)
    follow(page.locator("main form.fields button"))
    page.locator("#out + details summary").click()
    page.locator("textarea[name=take-words]").fill("For the laboratory")
    with page.expect_download() as taken:
        page.locator("form[action$='/take-out'] button").click()
    assert Path(taken.value.path()).read_bytes() == file.read_bytes()
    assert taken.value.suggested_filename.startswith("evidence-")
    assert io.BytesIO(file.read_bytes()).getbuffer().nbytes > 1000
