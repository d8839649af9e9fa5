"""The appeal document as JSON: writing, reading, and the schema, all from the same dataclasses."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from inspect import cleandoc
from typing import Any, get_args

import msgspec

from tocsin.core.appeal.document import SCHEMA, AppealDocument
from tocsin.core.errors import BadDocument, NewerSchema

_VERSION = re.compile(r"tocsin/appeal/(\d{1,6})")
# Lets the library learn the dataclasses while the module is loaded, which one thread does: two that read their first
# documents at the same moment would end the process. It remembers them by class, and this is never called.
_LEARNT = msgspec.json.Decoder(AppealDocument)


def to_json(document: AppealDocument, *, indent: int | None = 2) -> str:
    """Write a document.

    Args:
        document: The document.
        indent: Spaces per level, or `None` for one line.

    Returns:
        JSON with the keys in the documented order, `schema` first, and `source` only where the document holds it.
    """
    encoded = msgspec.json.encode(to_plain(document))
    if indent is not None:
        encoded = msgspec.json.format(encoded, indent=indent)
    return encoded.decode("utf-8")


def to_plain(document: AppealDocument) -> dict[str, Any]:
    """Give the document as dicts, lists and strings, as `to_json` writes it."""
    plain: dict[str, Any] = msgspec.to_builtins(document)
    if plain["source"] is None:
        del plain["source"]
    return {"schema": SCHEMA, **plain}


def from_json(text: str | bytes, *, where: str | None = None) -> AppealDocument:
    """Read a document.

    Args:
        text: JSON of one document.
        where: Name of the file, for the error message.

    Raises:
        NewerSchema: The document was written by a later version.
        BadDocument: The text is no JSON, or not of the schema; the message says where.
    """
    try:
        plain = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadDocument(f"not JSON: {error}", where=where, hint="give the JSON that `tocsin read` printed") from error
    if not isinstance(plain, dict):
        raise BadDocument("JSON, but not one appeal document", where=where, hint="give one object, not a list")
    _check_version(plain.pop("schema", None), where)
    _refuse_unknown(plain, AppealDocument, "$", where)
    try:
        return msgspec.convert(plain, AppealDocument)
    except msgspec.ValidationError as error:
        # What stands in the place of a code may be anything, and an error shows no text of a document.
        said = re.sub(r" (['\"]).*\1(?= - at )", "", str(error), flags=re.DOTALL)
        raise BadDocument(said, where=where, hint="see docs/appeal-schema.json") from error


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of the document, generated from the dataclasses."""
    (root,), components = msgspec.json.schema_components([AppealDocument], ref_template="#/$defs/{name}")
    body = components.pop(root["$ref"].rsplit("/", 1)[1])
    body["properties"] = {"schema": {"const": SCHEMA}, **body["properties"]}
    body["required"] = ["schema", *body["required"]]
    for part in (body, *components.values()):
        part["additionalProperties"] = False
        # Since 3.13 Python itself takes the indentation out, and the schema is the same on all.
        part["description"] = cleandoc(part["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Appeal document",
        **{key: value for key, value in body.items() if key != "title"},
        "$defs": dict(sorted(components.items())),
    }


def _check_version(schema: object, where: str | None) -> None:
    match = _VERSION.fullmatch(schema) if isinstance(schema, str) else None
    if match is None:
        raise BadDocument("no appeal document: the key `schema` is missing or strange", where=where)
    if int(match[1]) > int(SCHEMA.rsplit("/", 1)[1]):
        raise NewerSchema(f"written by a later version ({schema})", where=where, hint="update tocsin to read it")


def _refuse_unknown(value: object, kind: Any, path: str, where: str | None) -> None:
    """Refuse keys that the schema does not know: dropping them in silence would lose text."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            if isinstance(item, dict | list):
                _refuse_unknown(item, kind, f"{path}[{number}]", where)
        return
    known = _fields_inside(kind)
    if not isinstance(value, dict) or known is None:
        return
    for key, item in value.items():
        if key not in known:
            raise BadDocument(f"unknown key `{path}.{key}`", where=where, hint="see docs/appeal-schema.json")
        if isinstance(item, dict | list):
            _refuse_unknown(item, known[key], f"{path}.{key}", where)


@cache
def _fields_inside(kind: Any) -> Mapping[str, Any] | None:
    """Give the fields of the first class that a type holds, with their types."""
    inner = next((part for part in (kind, *_leaves(kind)) if is_dataclass(part)), None)
    return {field.name: field.type for field in fields(inner)} if inner else None


def _leaves(kind: Any) -> list[Any]:
    """List the types inside unions and tuples."""
    return [leaf for part in get_args(kind) for leaf in (part, *_leaves(part))]
