"""Keys that what comes from outside is sealed to, for people who open it: drawing one, opening its private half."""

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import transaction

from tocsin.accounts.actor import Actor
from tocsin.core.errors import Locked, NotAllowed
from tocsin.intake.actions import cover
from tocsin.journal import actions as journal
from tocsin.letterbox.models import OutsideKey
from tocsin.vault import actions as vault
from tocsin.vault import letters
from tocsin.vault import queries as keys_of
from tocsin.vault.sealing import Place

_Key = TypeVar("_Key", bound=OutsideKey)


def draw(actor: Actor, table: type[_Key], compartment: str, verb: str, *, now: datetime) -> _Key:
    """Draw a key inside the transaction of the caller, and stand for it.

    Args:
        actor: Who draws it.
        table: The table of its kind.
        compartment: What its private half is sealed in.
        verb: Whoever has it may open what is sealed to the key.
        now: When.
    """
    key, (secret, half) = uuid4(), letters.draw_letter_key()
    vault.found(actor.ring, key, [compartment], reason="intake", ends_at=None, now=now)
    cover(actor, key, now, compartment=compartment, verb=verb)
    sealed = keys_of.open_case(actor.ring, key, now)[compartment].seal(secret, _place(key))
    signature = letters.sign_letter_key(actor.ring, key, half)
    return table._default_manager.create(
        id=key, public=half, secret=sealed, made_by=actor.id, signature=signature, made_at=now
    )


def renew(
    actor: Actor, table: type[_Key], compartment: str, verb: str, *, after: timedelta, kind: str, now: datetime
) -> None:
    """Draw the next key when the one in use has served its time; before, let all who have the verb hold that one.

    Args:
        actor: Who does it; nothing is done by somebody who does not hold the key in use.
        table: The table of its kind.
        compartment: What its private half is sealed in.
        verb: Whoever has it may open what is sealed to the key.
        after: How long a key is used.
        kind: Of the journal's entry.
        now: When.
    """
    in_use = table._default_manager.filter(retired_at=None).order_by("-made_at").first()
    if in_use is None or not keys_of.list_grants(now, case=in_use.id, holder=actor.id).exists():
        return
    with transaction.atomic():
        if now - in_use.made_at > after:
            retire(table, now=now)
            journal.record(actor.id, kind, draw(actor, table, compartment, verb, now=now).id, now=now)
        else:
            cover(actor, in_use.id, now, compartment=compartment, verb=verb)


def retire(table: type[_Key], *, now: datetime) -> None:
    """Let nothing more be sealed to the keys of a table; what was sealed to them still opens."""
    table._default_manager.filter(retired_at=None).update(retired_at=now)


def private_half(actor: Actor, key: OutsideKey, compartment: str, *, now: datetime) -> bytes:
    """Open the private half of a key; nothing where this person holds none."""
    try:
        return keys_of.open_case(actor.ring, key.id, now)[compartment].open(bytes(key.secret), _place(key.id))
    except (NotAllowed, Locked):
        return b""


def _place(key: UUID) -> Place:
    return Place("letter_key", key, "secret")
