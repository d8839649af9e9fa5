"""The ordered table of rules by which a mail finds its appeal."""

import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import Any

import tomli


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        code: Its name, which readings of mail keep.
        level: How much it proves; 1 proves most.
        sure: Whether it can decide alone; what is not sure ranks only.
        weight: How much it counts in the ranking.
        words: What it says of a clue, in English.
    """

    code: str
    level: int
    sure: bool
    weight: int
    words: str


@cache
def _table() -> dict[str, Any]:
    return tomli.loads((pkgutil.get_data(__package__, "rules.toml") or b"").decode())


@cache
def rules() -> dict[str, Rule]:
    """Give the rules by their codes, in the order of the table."""
    return {row["code"]: Rule(**row) for row in _table()["rule"]}


def weight_of(how: str) -> int:
    """Say how much it counts in the ranking how a clue was understood."""
    return int(_table()["how"][how]["weight"])


def words_for(rule: str, how: str) -> tuple[str, str]:
    """Give the words of a rule, and of how a clue was understood, in English; empty for what no table knows."""
    how_words = _table()["how"].get(how, {}).get("words", "")
    return (rules()[rule].words if rule in rules() else "", how_words)
