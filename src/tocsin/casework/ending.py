"""Why access ends: `ending.toml`, read."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def reasons_to_end() -> Mapping[str, str]:
    """Give the reasons for ending access, by their codes."""
    table: dict[str, str] = tomllib.loads(files("tocsin.casework").joinpath("ending.toml").read_text("utf-8"))[
        "reasons"
    ]
    return table
