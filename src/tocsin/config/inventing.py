"""The invented countries of a demonstration."""

import tomllib
from importlib.resources import files


def invented_countries() -> dict[str, str]:
    """Give the names of the invented countries by their codes."""
    table = files("tocsin.config").joinpath("demonstration/countries.toml").read_text("utf-8")
    countries: dict[str, str] = tomllib.loads(table)["countries"]
    return countries
