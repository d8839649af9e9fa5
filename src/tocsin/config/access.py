"""Which address asks for what, and which fields it takes: `access.toml`, read."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files


def access() -> Mapping[str, str]:
    """Give what each address asks for, by its name."""
    return _table("views")


def fields() -> Mapping[str, frozenset[str]]:
    """Give the fields that the form of each address may send, by its name."""
    return {address: frozenset(names.split()) for address, names in _table("fields").items()}


def _table(name: str) -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(files("tocsin.config").joinpath("access.toml").read_text("utf-8"))[name]
    return table
