"""What is asked of a report and why one is declined: `questions.toml` and `declining.toml`, read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

URGENT = "urgent"
ANSWERS = ("yes", "no", "unknown")
SAME = ("same", "other", "unsure", "open")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of triage: its words, and whether a case can be opened where the answer is no."""

    words: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to decline: its words, and for how many days the report is kept."""

    words: str
    days: int


@cache
def questions() -> Mapping[str, Question]:
    """Give the questions of triage by their codes."""
    return {code: Question(row["words"], row["needed"]) for code, row in _rows("questions").items()}


def still_to_answer(answers: Mapping[str, str]) -> list[Question]:
    """Give the questions that keep a case from being opened until somebody answers them with yes."""
    return [each for code, each in questions().items() if each.needed and answers.get(code) != "yes"]


@cache
def reasons() -> Mapping[str, Reason]:
    """Give the reasons to decline by their codes."""
    return {code: Reason(row["words"], row["days"]) for code, row in _rows("declining", "reasons").items()}


def _rows(name: str, table: str = "") -> dict[str, Any]:
    text = files("tocsin.intake").joinpath(f"{name}.toml").read_text("utf-8")
    rows: dict[str, Any] = tomllib.loads(text)[table or name]
    return rows
