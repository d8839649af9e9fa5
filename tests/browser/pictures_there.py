"""Whether there are pictures of all main pages in the looks that were wanted: asked when the walks have ended."""

from itertools import product

import pytest
from at_the_desk import LANGUAGES, MAIN_PAGES, SCREENS, SIZES, looks_wanted
from PIL import Image


@pytest.mark.parametrize("name", [*MAIN_PAGES["desk"], *MAIN_PAGES["public"]])
def test_a_main_page_has_its_pictures(name: str) -> None:
    assert looks_wanted()
    for look in looks_wanted():
        size, scheme, _ = look
        with Image.open(SCREENS / f"{name}.{'.'.join(look)}.png") as taken:
            assert taken.width == SIZES[size][0], f"{look}: something of it is out of sight"
            ground = taken.convert("L").getpixel((1, taken.height - 2))
            assert (ground < 128) is (scheme == "dark"), look


@pytest.mark.parametrize(("name", "language"), [*product(MAIN_PAGES["paper"], LANGUAGES)])
def test_each_page_of_what_is_printed_has_a_picture(name: str, language: str) -> None:
    numbers = sorted(int(each.name.split(".")[1]) for each in SCREENS.glob(f"{name}.*.{language}.png"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers
