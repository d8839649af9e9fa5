"""A case taken apart into the parts that are sealed one by one, and put together again.

A part is what one record has in one compartment. A case in plain form (`tocsin.core.records.to_plain`) becomes parts;
parts of those compartments that a person holds become a case. A field of a compartment that she does not hold is
absent, as if it had never been filled.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple


class PartKey(NamedTuple):
    """Which part: the section of the case, the id of the record in it ("" where a section is one), the compartment."""

    section: str
    record: str
    compartment: str


@dataclass(frozen=True, slots=True)
class Compartments:
    """The compartments of a case file, as `compartments.toml` has them."""

    default: str
    words: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]]

    def of(self, section: str, field: str) -> str:
        """Tell the compartment of a field."""
        return self.fields.get(section, {}).get(field, self.default)


@cache
def compartments() -> Compartments:
    """Read `compartments.toml`."""
    table = tomllib.loads(files("tocsin.casework").joinpath("compartments.toml").read_text("utf-8"))
    fields: dict[str, dict[str, str]] = {}
    for name, compartment in table["fields"].items():
        section, _, field = name.partition(".")
        fields.setdefault(section, {})[field] = compartment
    return Compartments(table["default"], table["compartments"], fields)


def take_apart(plain: Mapping[str, Any]) -> dict[PartKey, Any]:
    """Give the parts of a case in plain form, in its order."""
    parts: dict[PartKey, Any] = {}
    for section, value in plain.items():
        for record, content in _records(value):
            for compartment, piece in _pieces(section, content).items():
                parts[PartKey(section, record, compartment)] = piece
    return parts


def _records(value: Any) -> Iterable[tuple[str, Any]]:
    """Name the records of a section by their ids, or by their place where they have none ("#3")."""
    if not isinstance(value, list):
        return [("", value)]
    return [
        (str(item.get("id") or f"#{at}") if isinstance(item, dict) else f"#{at}", item) for at, item in enumerate(value)
    ]


def _pieces(section: str, content: Any) -> dict[str, Any]:
    default = compartments().default
    if not isinstance(content, dict):
        return {default: content}
    pieces: dict[str, dict[str, Any]] = {default: {}}
    for field, value in content.items():
        pieces.setdefault(compartments().of(section, field), {})[field] = value
    return pieces


def put_together(parts: Mapping[PartKey, Any]) -> dict[str, Any]:
    """Give a case in plain form from its parts; what `take_apart` did, undone.

    A piece whose record is gone (somebody who could not see the piece removed the record) is left out.
    """
    default = compartments().default
    records = {key[:2]: piece for key, piece in parts.items() if key.compartment == default}
    for key, piece in parts.items():
        if key.compartment != default and key[:2] in records:
            records[key[:2]] = records[key[:2]] | piece
    plain: dict[str, Any] = {}
    for (section, record), content in records.items():
        if record:
            plain.setdefault(section, []).append(content)
        else:
            plain[section] = content
    return plain
