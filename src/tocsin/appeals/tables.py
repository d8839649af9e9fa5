"""`states.toml` and `gates.toml`, read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tocsin.core.errors import BadRequest

DRAFT, IN_REVIEW, CHANGES_REQUESTED = "draft", "in_review", "changes_requested"
CLEARED, APPROVED = "cleared", "approved"
PUBLISHED, RETRACTED, ABANDONED = "published", "retracted", "abandoned"


@dataclass(frozen=True, slots=True)
class Gate:
    """One question of a review; `verb` is what a role needs to answer it."""

    code: str
    name: str
    asks: str

    @property
    def verb(self) -> str:
        """Give the verb that clears it."""
        return f"appeal.clear_{self.code}"


@dataclass(frozen=True, slots=True)
class Verb:
    """From which states a verb leads where; where it leads nowhere, the state stays."""

    states: frozenset[str]
    to: str


@cache
def states() -> Mapping[str, str]:
    """Give the words of each state."""
    table: dict[str, str] = _read("states.toml")["states"]
    return table


@cache
def standings() -> Mapping[str, str]:
    """Give the words of each state, and of all that `standing` makes of one."""
    return {**states(), **_read("states.toml")["standings"]}


@cache
def reasons_to_abandon() -> Mapping[str, str]:
    """Give the reasons for which an appeal is given up."""
    table: dict[str, str] = _read("states.toml")["abandoning"]
    return table


@cache
def verbs() -> Mapping[str, Verb]:
    """Give the verbs."""
    rows = _read("states.toml")["verbs"]
    return {name: Verb(frozenset(row["from"]), row["to"]) for name, row in rows.items()}


@cache
def gates() -> Mapping[str, Gate]:
    """Give the gates in their order."""
    return {code: Gate(code, row["name"], row["asks"]) for code, row in _read("gates.toml").items()}


def moved(state: str, verb: str) -> str:
    """Give the state to which a verb leads.

    Raises:
        BadRequest: if it is not possible there.
    """
    found = verbs()[verb]
    if state not in found.states:
        raise BadRequest("this is not possible where the appeal stands now")
    return found.to or state


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("tocsin.appeals").joinpath(name).read_text("utf-8"))
