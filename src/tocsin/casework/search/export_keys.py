"""The public keys to which somebody has her tables encrypted, under names of hers."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.adapters.encrypting import read_key
from tocsin.casework.models import ExportKey
from tocsin.core.errors import BadRequest, Locked
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault

VERB = "case.export"
LONGEST_NAME = 60
MOST = 10
# Of a key the journal has the end, which tells it from others and is short enough for a code.
_END = 16


class _Kept(msgspec.Struct, frozen=True):
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A public key under its name."""

    id: UUID
    name: str = field(repr=False)
    key: str


def add(actor: Actor, name: str, written: str, *, now: datetime) -> UUID:
    """Name a key; the end of it stands in the journal.

    Raises:
        BadRequest: without a name, if it is no public key of age, or if there are ten already.
    """
    demand(actor, VERB, now=now)
    name = " ".join(name.split())[:LONGEST_NAME]
    try:
        key = read_key(written)
    except ValueError as error:
        raise BadRequest("this is no public key of age: it begins with age1") from error
    if not name:
        raise BadRequest("give the key a name")
    if len(list_keys(actor)) >= MOST:
        raise BadRequest("you have named ten keys already: forget one first")
    row = ExportKey(id=uuid4(), account=actor.id, added_at=now)
    row.sealed = vault.seal_own(actor.ring, msgspec.json.encode(_Kept(name, key)), _purpose(row.id))
    with transaction.atomic():
        row.save(force_insert=True)
        journal.record(actor.id, "casework.export_key.added", now=now, key=end_of(key))
    return row.id


def list_keys(actor: Actor) -> tuple[NamedKey, ...]:
    """Open the keys that a person named, by their names; one that somebody tampered with is left out."""
    found = []
    for row in ExportKey.objects.filter(account=actor.id):
        try:
            kept = msgspec.json.decode(vault.open_own(actor.ring, bytes(row.sealed), _purpose(row.id)), type=_Kept)
        except (Locked, msgspec.DecodeError):
            continue
        found.append(NamedKey(row.id, kept.name, kept.key))
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def end_of(key: str) -> str:
    """Give the letters by which the journal names a key."""
    return key[-_END:]


def forget(actor: Actor, key_id: UUID) -> None:
    """Forget a key of one's own; nothing happens where there is none."""
    ExportKey.objects.filter(id=key_id, account=actor.id).delete()


def _purpose(key_id: UUID) -> str:
    return f"export key {key_id}"
