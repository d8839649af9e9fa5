"""Keys of invented signatories, drawn from their names, and appeals that they signed."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeVar

from nacl.signing import SigningKey

import invented_appeals
from tocsin.core.appeal import AppealDocument, Reference
from tocsin.core.codes import parse
from tocsin.core.publication import (
    Disavowal,
    PublicAppeal,
    PublishedKind,
    Retraction,
    Signatory,
    Signature,
    edition_of,
    key_id_of,
)
from tocsin.vault.keyring import is_signed

__all__ = ["CODE", "appeal", "coded", "is_signed", "key_of", "signatory", "signed"]

S = TypeVar("S", PublicAppeal, Retraction, Disavowal)
CODE = "XZV 001 / 1126 / OBS 001"
EDITIONS = (invented_appeals.ARABIC, invented_appeals.ENGLISH)


def key_of(name: str) -> SigningKey:
    """Draw the key of an invented signatory."""
    return SigningKey(sha256(name.encode()).digest())


def signatory(name: str) -> Signatory:
    """Give the public key of an invented signatory."""
    return Signatory(bytes(key_of(name).verify_key), name)


def signed(statement: S, by: Iterable[str] = ("ana", "boris")) -> S:
    """Sign a statement by some signatories."""
    return replace(
        statement,
        signatures=tuple(
            Signature(key_id_of(bytes(key_of(name).verify_key)), key_of(name).sign(statement.message).signature)
            for name in by
        ),
    )


def coded(document: AppealDocument, code: str) -> AppealDocument:
    """Give a document the code of a first appeal or a follow-up."""
    read = parse(code).code
    parts = {part: getattr(read, part) for part in read.__slots__}
    return replace(document, reference=Reference(code, code, **parts), unread=(), source=None)


def appeal(
    code: str = CODE, documents: Iterable[AppealDocument] = EDITIONS, *, follows: str | None = None, **changes: Any
) -> PublicAppeal:
    """Give an unsigned appeal under a code, in English and Arabic; one that follows another is new information."""
    kind: PublishedKind = "new_information" if follows else "urgent_appeal"
    editions = [edition_of(replace(coded(each, code), kind=kind)) for each in documents]
    ordered = tuple(sorted(editions, key=lambda each: each.language))
    return replace(PublicAppeal(code, kind, ordered, supersedes=follows), **changes)
