"""Whether there are pictures of all main pages in all looks: asked when the walks that make them have ended."""

import tomllib
from itertools import product
from pathlib import Path

import pytest
from at_the_desk import SCHEMES, SCREENS, SIZES

LANGUAGES = ("en", "ar")
PAGES = tomllib.loads(Path(__file__).with_name("main_pages.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", [*PAGES["desk"], *PAGES["public"]])
def test_a_main_page_has_eight_pictures(name: str) -> None:
    wanted = {f"{name}.{'.'.join(look)}.png" for look in product(SIZES, SCHEMES, LANGUAGES)}
    assert wanted - {each.name for each in SCREENS.glob(f"{name}.*")} == set()


@pytest.mark.parametrize(("name", "language"), [*product(PAGES["paper"], LANGUAGES)])
def test_each_page_of_what_is_printed_has_a_picture(name: str, language: str) -> None:
    numbers = sorted(int(each.name.split(".")[1]) for each in SCREENS.glob(f"{name}.*.{language}.png"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers
