"""A case as YAML and JSON: the same keys in both, those of the interchange form that `SCHEMA` follows."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from tocsin.core.errors import BadCase, NewerCase
from tocsin.core.records.case import Case
from tocsin.core.records.earlier import in_two, modernised
from tocsin.core.records.folding import fold, unfold
from tocsin.core.records.plain_yaml import parse_yaml, write_yaml

SCHEMA = "tocsin/case/1"
_VERSION = re.compile(r"tocsin/case/(\d{1,6})")


def from_yaml(text: str, *, where: str | None = None) -> Case:
    """Read a case from YAML.

    Args:
        text: The YAML of one case.
        where: Name of the file, for the error message.

    Raises:
        NewerCase: The case was written by a later version.
        BadCase: The text is no YAML, or no case; the message names the record. Its children say more.
    """
    return _read(text, parse_yaml, where)


def from_json(text: str | bytes, *, where: str | None = None) -> Case:
    """Read a case from JSON; arguments and errors are those of `from_yaml`."""
    return _read(text, _parse_json, where)


def to_yaml(case: Case) -> str:
    """Write a case as YAML, the keys in the order of the schema."""
    return write_yaml(to_plain(case))


def to_json(case: Case, *, indent: int = 2) -> str:
    """Write a case as JSON."""
    return msgspec.json.format(msgspec.json.encode(to_plain(case)), indent=indent).decode("utf-8")


def to_plain(case: Case) -> dict[str, Any]:
    """Give a case as dicts, lists and texts, `schema` first; dates are texts."""
    return {"schema": SCHEMA, **unfold(case)}


def from_plain(plain: object, *, where: str | None = None) -> Case:
    """Make a case of dicts, lists and texts; errors are those of `from_yaml`."""
    try:
        return _case(plain)
    except BadCase as error:
        place = ": ".join(part for part in (where, error.where) if part)
        raise type(error)(error.what, where=place or None, hint=error.hint) from error


def _read(text: Any, parse: Callable[[Any], object], where: str | None) -> Case:
    try:
        plain = parse(text)
    except BadCase as error:
        place = ", ".join(part for part in (where, error.where) if part)
        raise BadCase(error.what, where=place or None, hint=error.hint) from error
    return from_plain(plain, where=where)


def _parse_json(text: str | bytes) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadCase(f"not JSON: {error}") from error


def _case(plain: object) -> Case:
    if not isinstance(plain, dict):
        raise BadCase("not a case", hint="give one table of sections: appeal, persons, events …")
    rest = {key: value for key, value in plain.items() if key != "schema"}
    case: Case = fold(in_two(modernised(rest) if _is_earlier(plain.get("schema")) else rest), Case)
    return case


def _is_earlier(schema: object) -> bool:
    """Say whether the case has the form before version 1; refuse what is no case, or one of a later version."""
    if schema == "urgent-appeal/0.1":
        return True
    match = _VERSION.fullmatch(schema) if isinstance(schema, str) else None
    if match is None:
        raise BadCase("no case: the key `schema` is missing or strange", hint=f"write `schema: {SCHEMA}`")
    if int(match[1]) > int(SCHEMA.rsplit("/", 1)[1]):
        raise NewerCase(f"written by a later version ({schema})", hint="update tocsin to read it")
    return False
