"""The words that rules look up, one file a language; a phrase is added there, not in code."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from tocsin.core.reader import Families, Phrases

LANGUAGES = ("en",)


@cache
def tables(language: str) -> dict[str, Any]:
    """Load the tables of a language; none for a language that has no file."""
    if language not in LANGUAGES:
        return {}
    return tomllib.loads(resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


@cache
def families(language: str) -> Families | None:
    """Give the tables of a language as phrases that are found in one pass; `None` where it has none."""
    found = {name: Phrases(_phrases(table)) for name, table in tables(language).items()}
    return Families(found) if found else None


def _phrases(table: Any) -> list[tuple[str, str, str]]:
    """Give the phrases of a table: a list has phrases alone, a table has them under what they mean."""
    if isinstance(table, list):
        return [(phrase, "", "") for phrase in table]
    return [(phrase, "", value) for value, phrases in table.items() for phrase in phrases]
