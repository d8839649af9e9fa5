"""Which address asks for what: `access.toml`, read and checked."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files


def access() -> Mapping[str, str]:
    """Give what each address asks for, by its name."""
    table: dict[str, str] = tomllib.loads(files("tocsin.config").joinpath("access.toml").read_text("utf-8"))["views"]
    return table
