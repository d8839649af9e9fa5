"""The words of the directory: reasons, results of checks, states; `reasons.toml`, read."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return tomllib.loads(files("tocsin.authorities").joinpath("reasons.toml").read_text("utf-8"))


def reasons() -> Mapping[str, str]:
    """Give the words of every reason by its code."""
    return {code: row["words"] for code, row in _tables()["reasons"].items()}


def chosen_reasons() -> Mapping[str, str]:
    """Give the reasons that a person can choose."""
    return {code: row["words"] for code, row in _tables()["reasons"].items() if row.get("chosen", True)}


def results() -> Mapping[str, str]:
    """Give the words of every result of a check."""
    return {code: row["words"] for code, row in _tables()["results"].items()}


def returns() -> Mapping[str, str]:
    """Give the words of why a message came back, by what is said of the mailbox."""
    return {code: row["words"] for code, row in _tables()["returns"].items()}


def states() -> Mapping[str, str]:
    """Give the words of every state."""
    return {code: row["words"] for code, row in _tables()["states"].items()}
