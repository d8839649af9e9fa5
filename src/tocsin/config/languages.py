"""The languages of the desk's pages: `languages.toml`, read and typed."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """A language of the pages: its tag, its name in itself, and whether its catalogue waits for a native reviewer."""

    tag: str
    name: str
    draft: bool


@cache
def languages() -> tuple[PageLanguage, ...]:
    """Give the languages of the pages in the order of the switch."""
    table = tomllib.loads(files("tocsin.config").joinpath("languages.toml").read_text("utf-8"))
    return tuple(PageLanguage(**row) for row in table["languages"])
