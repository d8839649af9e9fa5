"""All rules: the functions of `rules/` joined with what the TOML file of their family says of them."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import tomli

from tocsin.core.preflight import rules
from tocsin.core.preflight.rule import FINDERS, Rule

FAMILIES: Mapping[str, str] = {
    "CON": "consent",
    "SEC": "safety",
    "NAM": "names",
    "DAT": "dates",
    "FCT": "facts",
    "DEM": "demands",
    "ADR": "addressees",
    "LAW": "law",
    "LNG": "languages",
    "COD": "codes",
    "LTR": "letters",
}
"""The letters of a family and the name of its files."""


@cache
def load_rules() -> Mapping[str, Rule]:
    """Give all rules by their ids, in the order of the families and of their files."""
    found: dict[str, Rule] = {}
    for letters, name in FAMILIES.items():
        file = resources.files(rules).joinpath(f"{name}.toml")
        if not file.is_file():
            continue
        for id_, entry in tomli.loads(file.read_text(encoding="utf-8")).items():
            if not id_.startswith(f"{letters}-"):
                raise ValueError(f"{name}.toml: {id_} belongs to another family")
            found[id_] = _rule(id_, entry)
    if orphans := FINDERS.keys() - found.keys():
        raise ValueError(f"functions without an entry: {sorted(orphans)}")
    return found


def _rule(id_: str, entry: Mapping[str, Any]) -> Rule:
    later = entry.get("later")
    if (id_ in FINDERS) == (later is not None):
        raise ValueError(f"{id_}: either a function finds it or `later` says what it waits for")
    return Rule(
        id=id_,
        severity=entry["severity"],
        title=entry["title"],
        why=entry["why"],
        says=entry.get("says", ""),
        fix=entry.get("fix", ""),
        phrases=entry.get("phrases", {}),
        find=FINDERS.get(id_),
        needs=tuple(entry.get("needs", ())),
        partly=tuple(entry.get("partly", ())),
        words=tuple(entry.get("words", ())),
        kinds=tuple(entry.get("kinds", ())),
        consults=entry.get("consults", False),
        later=later,
        examples={key: _examples(entry.get(key, ())) for key in _KINDS},
    )


_KINDS: tuple[Literal["bad", "good"], ...] = ("bad", "good")


def _examples(given: Any) -> tuple[Mapping[str, Any], ...]:
    """Give the examples: a line alone belongs to the story, a table says which slot of an appeal it fills."""
    listed = given if isinstance(given, list | tuple) else [given]
    return tuple({"situation": each} if isinstance(each, str) else each for each in listed)
