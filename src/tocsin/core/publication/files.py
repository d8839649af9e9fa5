"""Statements and the list of signatories' keys as files of JSON, which anybody can keep and check without us."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from tocsin.core.errors import BadPublication, NewerPublication, NotSigned
from tocsin.core.publication.canonical import canonical
from tocsin.core.publication.letter_languages import LetterLanguages, letter_languages_of
from tocsin.core.publication.missions import Mission, missions_of, text_in
from tocsin.core.publication.salutations import Salutation, salutations_of
from tocsin.core.publication.statements import (
    Disavowal,
    Edition,
    PublicAppeal,
    Retraction,
    Signature,
    Statement,
    Words,
)
from tocsin.core.publication.verifying import Signatory, Signed, verify

_SCHEMAS: Final = {
    "appeal": "tocsin/public-appeal/1",
    # A program that does not know of embassies, or of what is said of letters, must not say that nobody signed them.
    "with_missions": "tocsin/public-appeal/2",
    "with_languages": "tocsin/public-appeal/3",
    "with_salutations": "tocsin/public-appeal/4",
    "archived": "tocsin/archived-appeal/1",
    "retraction": "tocsin/retraction/1",
    "disavowal": "tocsin/disavowal/1",
}
# A program that does not know of disavowals must not read a list that has one as if it had none.
_SIGNATORIES, _DISAVOWING = "tocsin/signatories/1", "tocsin/signatories/2"
_HINT: Final = "give the file `proof.json` of the appeal's page"


def to_file(statement: Statement) -> bytes:
    """Write a statement with its editions and signatures, in canonical form."""
    signatures = [{"key": each.key, "signature": each.signature.hex()} for each in statement.signatures]
    table = {**statement.head(), "signatures": signatures}
    if not isinstance(statement, PublicAppeal):
        return canonical(
            {"schema": _SCHEMAS["retraction" if isinstance(statement, Retraction) else "disavowal"], **table}
        )
    # The document is written as it was signed, not as this version of the program would write it.
    editions = [{"language": each.language, "document": json.loads(each.content)} for each in statement.editions]
    return canonical({"schema": _schema_of(statement), **table, "editions": editions})


def _schema_of(appeal: PublicAppeal) -> str:
    """Give the oldest version that has a place for all of an appeal."""
    if appeal.is_archived:
        return _SCHEMAS["archived"]
    if appeal.salutations:
        return _SCHEMAS["with_salutations"]
    if appeal.letter_languages:
        return _SCHEMAS["with_languages"]
    return _SCHEMAS["with_missions" if appeal.missions else "appeal"]


def from_file(content: bytes | str, *, where: str | None = None) -> Statement:
    """Read a statement; it is not verified yet.

    Raises:
        NewerPublication: A later version of the program wrote it.
        BadPublication: It is no statement, or breaks a rule for statements.
    """
    table = _table(content, where)
    schema = table.get("schema")
    if schema not in _SCHEMAS.values():
        raise _unknown(schema, _SCHEMAS.values(), where)
    try:
        if schema == _SCHEMAS["retraction"]:
            return _retraction(table)
        if schema == _SCHEMAS["disavowal"]:
            return _disavowal(table)
        return _appeal(table)
    except BadPublication as error:
        raise BadPublication(error.what, where=where or error.where, hint=error.hint) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadPublication("a part of this publication is missing or strange", where=where, hint=_HINT) from error


def signatories_to_file(signatories: Iterable[Signatory]) -> bytes:
    """Write a list of keys, with the disavowals that are about them."""
    keys = tuple(signatories)
    rows = [
        {
            "id": each.id,
            "public": each.public.hex(),
            "label": each.label,
            "retired_on": each.retired_on.isoformat() if each.retired_on else None,
        }
        for each in keys
    ]
    disavowals = [json.loads(to_file(each.disavowal)) for each in keys if each.disavowal]
    if not disavowals:
        return canonical({"schema": _SIGNATORIES, "signatories": rows})
    return canonical({"schema": _DISAVOWING, "signatories": rows, "disavowals": disavowals})


def signatories_from_file(content: bytes | str, signed: Signed, *, where: str | None = None) -> tuple[Signatory, ...]:
    """Read a list of keys, and verify the disavowals in it.

    Raises:
        NewerPublication: A later version of the program wrote it.
        BadPublication: It is no list of keys, an id does not belong to its key, a key is disavowed twice, or two other
            keys of the list do not stand for a disavowal.
    """
    table = _table(content, where)
    schema = table.get("schema")
    if schema not in (_SIGNATORIES, _DISAVOWING):
        raise _unknown(schema, [_SIGNATORIES], where)
    try:
        rows = [(row["id"], _signatory(row)) for row in table["signatories"]]
        disavowals = [_disavowal(row) for row in table["disavowals"]] if schema == _DISAVOWING else []
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadPublication("a key in this list is missing or strange", where=where) from error
    if any(stated != signatory.id for stated, signatory in rows):
        raise BadPublication("an id in this list belongs to another key", where=where)
    return _with(disavowals, [signatory for _, signatory in rows], signed, where)


def _with(
    disavowals: list[Disavowal], signatories: list[Signatory], signed: Signed, where: str | None
) -> tuple[Signatory, ...]:
    """Put each disavowal to its key; in a list their order says nothing, so each has to hold beside all others."""
    by_key = {each.key: each for each in disavowals}
    if len(by_key) < len(disavowals):
        raise BadPublication("a key is disavowed twice in this list", where=where)
    keys = tuple(replace(each, disavowal=by_key.get(each.id)) for each in signatories)
    try:
        for each in disavowals:
            verify(each, keys, signed)
    except NotSigned as error:
        raise BadPublication("a disavowal in this list is not signed by two other keys of it", where=where) from error
    return keys


def _signatory(row: dict[str, Any]) -> Signatory:
    retired_on = date.fromisoformat(row["retired_on"]) if row["retired_on"] is not None else None
    return Signatory(_bytes(row["public"]), str(row["label"]), retired_on)


def _table(content: bytes | str, where: str | None) -> dict[str, Any]:
    try:
        table = json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BadPublication("this is no JSON", where=where, hint=_HINT) from error
    if not isinstance(table, dict):
        raise BadPublication("this is JSON, but no publication", where=where, hint=_HINT)
    return table


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: two readers could read two texts, both under one signature."""
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


def _unknown(schema: object, known: Iterable[str], where: str | None) -> BadPublication:
    kinds = {each.rsplit("/", 1)[0] for each in known}
    if isinstance(schema, str) and schema.rsplit("/", 1)[0] in kinds:
        return NewerPublication("a later version of Tocsin wrote this", where=where, hint="update tocsin to read it")
    return BadPublication("this is JSON, but not what is looked for here", where=where, hint=_HINT)


def _appeal(table: dict[str, Any]) -> PublicAppeal:
    return PublicAppeal(
        code=text_in(table["code"]),
        kind=table["kind"],
        editions=tuple(Edition(text_in(row["language"]), canonical(row["document"])) for row in table["editions"]),
        version=_whole(table["version"]),
        note=_note(table["note"]),
        supersedes=None if table["supersedes"] is None else text_in(table["supersedes"]),
        not_before=None if table["not_before"] is None else _time(table["not_before"]),
        signatures=_signatures(table["signatures"]),
        **_more(table),
    )


def _more(table: dict[str, Any]) -> dict[str, Any]:
    """Read what only some versions of the schema have a place for: what stands in another is not signed."""
    schema = table["schema"]
    if schema == _SCHEMAS["archived"]:
        return {"archived_from": _archived_from(table)}
    if schema == _SCHEMAS["with_missions"]:
        return {"missions": _missions(table)}
    missions = {"missions": _missions(table)} if "missions" in table else {}
    if schema == _SCHEMAS["with_languages"]:
        return {"letter_languages": _letter_languages(table), **missions}
    if schema == _SCHEMAS["with_salutations"]:
        languages = {"letter_languages": _letter_languages(table)} if "letter_languages" in table else {}
        return {"salutations": _salutations(table), **languages, **missions}
    return {}


def _archived_from(table: dict[str, Any]) -> tuple[str, ...]:
    digests = tuple(map(text_in, table["archived_from"]))
    if not digests:
        raise ValueError("an archived appeal without files")
    return digests


def _missions(table: dict[str, Any]) -> tuple[Mission, ...]:
    missions = missions_of(table["missions"])
    if not missions:
        raise ValueError("no embassies where some are said to be")
    return missions


def _letter_languages(table: dict[str, Any]) -> tuple[LetterLanguages, ...]:
    rows = letter_languages_of(table["letter_languages"])
    if not rows:
        raise ValueError("no languages of letters where some are said to be")
    return rows


def _salutations(table: dict[str, Any]) -> tuple[Salutation, ...]:
    rows = salutations_of(table["salutations"])
    if not rows:
        raise ValueError("no salutations where some are said to be")
    return rows


def _retraction(table: dict[str, Any]) -> Retraction:
    return Retraction(
        text_in(table["code"]), _time(table["retracted_at"]), _note(table["note"]), _signatures(table["signatures"])
    )


def _disavowal(table: dict[str, Any]) -> Disavowal:
    return Disavowal(
        text_in(table["key"]),
        _time(table["since"]),
        tuple(map(text_in, table["confirmed"])),
        _note(table["note"]),
        _signatures(table["signatures"]),
    )


def _note(rows: list[dict[str, Any]]) -> tuple[Words, ...]:
    return tuple(Words(text_in(row["language"]), text_in(row["text"])) for row in rows)


def _signatures(rows: list[dict[str, Any]]) -> tuple[Signature, ...]:
    return tuple(Signature(text_in(row["key"]), _bytes(row["signature"])) for row in rows)


def _bytes(written: str) -> bytes:
    value = bytes.fromhex(written)
    if value.hex() != written:
        raise ValueError("not in lower-case hexadecimal digits")
    return value


def _time(written: str) -> datetime:
    time = datetime.fromisoformat(written).astimezone(UTC)
    if time.isoformat() != written:
        raise ValueError("not in the one form of a time")
    return time


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value
