"""The final clauses of treaties: how long after its deposit a State is bound."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

import tomli

from tocsin.core.errors import BadTreaties

_FILE = "final_clauses.toml"


@dataclass(frozen=True, slots=True)
class FinalClause:
    """When a treaty entered into force, and at the latest how many days after its deposit it binds a State."""

    in_force: dt.date
    days: int
    article: str


@cache
def final_clauses() -> Mapping[str, FinalClause]:
    """Give the final clauses by the code of the instrument.

    Raises:
        BadTreaties: The file is not there, or is not of the form that its head describes.
    """
    try:
        table = tomli.loads(resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
        clauses = {code: FinalClause(**entry) for code, entry in table.items()}
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, TypeError) as error:
        raise BadTreaties("the final clauses cannot be read", where=_FILE) from error
    return MappingProxyType(clauses)
