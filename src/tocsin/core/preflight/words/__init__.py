"""The words that rules look up, a folder a language, a file a family of rules; a phrase is added there, not in code."""

from functools import cache
from importlib import resources
from typing import Any

import tomli

from tocsin.core.reader import FACT_LANGUAGES, Families, Phrases, lexicon


@cache
def languages() -> tuple[str, ...]:
    """Name the languages that have words."""
    return tuple(
        sorted(one.name for one in resources.files(__package__).iterdir() if one.is_dir() and len(one.name) == 2)
    )


@cache
def tables(language: str) -> dict[str, Any]:
    """Load the tables of a language; none for a language that has no folder.

    Raises:
        ValueError: Two files have a table of one name.
    """
    found: dict[str, Any] = dict(_of_the_reader(language))
    if language not in languages():
        return found
    files = sorted(resources.files(__package__).joinpath(language).iterdir(), key=lambda one: one.name)
    for file in (one for one in files if one.name.endswith(".toml")):
        entries = tomli.loads(file.read_text(encoding="utf-8"))
        if doubled := found.keys() & entries.keys():
            raise ValueError(f"{language}/{file.name}: another file has the table {min(doubled)}")
        found |= entries
    return found


def _of_the_reader(language: str) -> dict[str, Any]:
    """Give what the reader knows already: who acts (by type of actor), verbs of saying, words of doubt."""
    if language not in FACT_LANGUAGES:
        return {}
    groups = lexicon.load(language, "groups")
    kinds = {**groups["heads"], **groups["institutions"]}
    return {
        "actors": {kind: groups["heads"].get(kind, []) + groups["institutions"].get(kind, []) for kind in kinds},
        "speech": lexicon.load(language, "justice")["speech"]["words"],
        "hedges": lexicon.load(language, "people")["hedges"]["words"],
    }


@cache
def phrases(language: str) -> dict[str, Phrases]:
    """Give each table of a language as phrases."""
    return {name: Phrases(_phrases(table)) for name, table in tables(language).items()}


@cache
def families(language: str) -> Families | None:
    """Give the tables of a language as phrases that are found in one pass; `None` where it has none."""
    found = phrases(language)
    return Families(found) if found else None


def _phrases(table: Any) -> list[tuple[str, str, str]]:
    """Give the phrases of a table: a list has phrases alone, a table has them under what they mean."""
    if isinstance(table, list):
        return [(phrase, "", "") for phrase in table]
    return [(phrase, "", value) for value, phrases in table.items() for phrase in phrases]
