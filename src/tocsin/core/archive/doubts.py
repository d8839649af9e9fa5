"""What may be doubtful about a document of an archive, from `doubts.toml`."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to look at a document before it is published.

    Attributes:
        name: Its name in reports and options.
        says: What it is, in one line.
        fix: What a person can do about it.
        may_stand: Whether she may take the document all the same.
    """

    name: str
    says: str
    fix: str
    may_stand: bool = False


def _read() -> dict[str, Doubt]:
    table = tomllib.loads(files("tocsin.core.archive").joinpath("doubts.toml").read_text("utf-8"))
    return {name: Doubt(name, **row) for name, row in table.items()}


DOUBTS: Final = _read()
"""Every doubt by its name, in the order in which they are told."""
