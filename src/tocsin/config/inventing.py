"""The invented countries of a demonstration."""

import tomllib
from importlib.resources import files


def invented_countries() -> dict[str, dict[str, str]]:
    """Give the names of the invented countries in each language of the pages, by their codes."""
    table = files("tocsin.config").joinpath("demonstration/countries.toml").read_text("utf-8")
    countries: dict[str, dict[str, str]] = tomllib.loads(table)
    return countries
