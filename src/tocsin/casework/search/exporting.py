"""Taking a list of one's cases out of the site as a table: for a reason, within limits, and above fifty rows by two.

A table on a disk is out of reach of all that protects a case here. So nobody carries off what she holds in one go, or
in many small ones: the rows of a day are counted together. And it is encrypted to a key that she has named before; one
that everybody can read takes a second person, however short it is.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from tocsin.accounts.actor import Actor, demand
from tocsin.accounts.queries import works
from tocsin.casework.models import ExportAsk
from tocsin.casework.search.export_keys import VERB, end_of
from tocsin.casework.search.listing import Listed, Wanted, list_all
from tocsin.core.errors import BadRequest
from tocsin.journal import actions as journal
from tocsin.journal.actions import Fact
from tocsin.journal.queries import list_entries

MOST_ALONE = 50
MOST_ROWS = 2_000
NOT_ENCRYPTED = ""
_EXPORTED = "casework.cases.exported"
_DAY = timedelta(hours=24)


class SecondNeeded(BadRequest):
    """More rows than one person may take out alone."""


@cache
def reasons() -> Mapping[str, str]:
    """Give the reasons for taking a list out, by their codes; `exporting.toml`."""
    table: dict[str, str] = tomllib.loads(files(__package__).joinpath("exporting.toml").read_text("utf-8"))["reasons"]
    return table


def take_out(actor: Actor, wanted: Wanted, *, reason: str, key: str, now: datetime) -> tuple[Listed, ...]:
    """Give the cases of a list to be taken out, once that is written into the journal with their number.

    Args:
        actor: Who takes them out; only what she may open herself is among them.
        wanted: Which cases.
        reason: A code of `exporting.toml`.
        key: The public key that the table will be encrypted to, or `NOT_ENCRYPTED`.
        now: When.

    Raises:
        BadRequest: without a reason, for an empty list or one of more than 2,000 rows.
        SecondNeeded: if it is not encrypted, or more than fifty rows within a day, and nobody agreed to these very
            cases.
    """
    rows = _rows(actor, wanted, reason, now)
    with transaction.atomic():
        facts: dict[str, Fact] = {"rows": len(rows), "reason": reason, "key": end_of(key) or "none"}
        agreed = _agreed(actor, _digest(rows, key), now)
        if agreed is not None:
            facts["agreed_by"] = agreed
        # The entry first: until it is committed nobody else writes one, so that two requests at once are counted both.
        journal.record(actor.id, _EXPORTED, None, now=now, **facts)
        if agreed is None and key == NOT_ENCRYPTED:
            raise SecondNeeded("a table that is not encrypted takes a second person: ask for it")
        if agreed is None and _taken_alone(actor, now) > MOST_ALONE:
            raise SecondNeeded("more than fifty rows within a day take a second person: ask for it")
    return rows


def _rows(actor: Actor, wanted: Wanted, reason: str, now: datetime) -> tuple[Listed, ...]:
    demand(actor, VERB, now=now)
    if reason not in reasons():
        raise BadRequest("a list is taken out for a reason of the list")
    rows = list_all(actor, wanted, now=now)
    if not rows:
        raise BadRequest("there is nothing in this list")
    if len(rows) > MOST_ROWS:
        raise BadRequest("a table has at most 2,000 rows: narrow the list")
    return rows


def _taken_alone(actor: Actor, now: datetime) -> int:
    entries = list_entries(actor=actor.id).filter(kind=_EXPORTED, at__gt=now - _DAY)
    facts = map(json.loads, entries.values_list("facts", flat=True))
    return sum(each["rows"] for each in facts if "agreed_by" not in each)


def _agreed(actor: Actor, digest: bytes, now: datetime) -> UUID | None:
    """Use up what somebody agreed to, if it was this; tell who."""
    asks = ExportAsk.objects.select_for_update().filter(by=actor.id, digest=digest, ended_at=None)
    ask = asks.filter(agreed_at__gt=now - _DAY).first()
    # Of whose account was closed since, the agreement counts no more.
    if ask is None or ask.agreed_by in {None, actor.id} or not works(ask.agreed_by, VERB):
        return None
    ExportAsk.objects.filter(id=ask.id).update(ended_at=now)
    return ask.agreed_by


def _digest(rows: Iterable[Listed], key: str) -> bytes:
    return sha256(b"".join(sorted(each.id.bytes for each in rows)) + key.encode()).digest()


def ask(actor: Actor, wanted: Wanted, *, reason: str, key: str, now: datetime) -> int:
    """Ask that a list may be taken out that one person may not take alone; tell how many rows it has.

    Raises:
        BadRequest: as in `take_out`.
    """
    rows = _rows(actor, wanted, reason, now)
    with transaction.atomic():
        ExportAsk.objects.filter(by=actor.id, ended_at=None).update(ended_at=now)
        ExportAsk.objects.create(
            id=uuid4(),
            by=actor.id,
            at=now,
            rows=len(rows),
            reason=reason,
            is_encrypted=key != NOT_ENCRYPTED,
            digest=_digest(rows, key),
        )
        journal.record(actor.id, "casework.export.asked", now=now, rows=len(rows), reason=reason)
    return len(rows)


def list_asks(actor: Actor, *, now: datetime) -> list[ExportAsk]:
    """List what is asked and not answered, and what was agreed for oneself and not used."""
    fresh = ExportAsk.objects.filter(ended_at=None, at__gt=now - 7 * _DAY)
    mine = Q(by=actor.id, agreed_at__gt=now - _DAY)
    return list(fresh.filter(Q(agreed_at=None) | mine).order_by("-at"))


def agree(actor: Actor, ask_id: UUID, *, now: datetime) -> None:
    """Agree, as another person than who asked: she may take out these very cases once within a day.

    Raises:
        BadRequest: if nobody asks for this any more, or she asked herself.
    """
    demand(actor, VERB, now=now)
    with transaction.atomic():
        asked = _held(ask_id)
        if asked.by == actor.id:
            raise BadRequest("another person than who asked has to agree")
        ExportAsk.objects.filter(id=asked.id).update(agreed_by=actor.id, agreed_at=now)
        journal.record(actor.id, "casework.export.agreed", now=now, asked_by=asked.by, rows=asked.rows)


def refuse(actor: Actor, ask_id: UUID, *, now: datetime) -> None:
    """Refuse it, or take back what one asked."""
    demand(actor, VERB, now=now)
    with transaction.atomic():
        asked = _held(ask_id)
        ExportAsk.objects.filter(id=asked.id).update(ended_at=now)
        journal.record(actor.id, "casework.export.refused", now=now, asked_by=asked.by, rows=asked.rows)


def _held(ask_id: UUID) -> ExportAsk:
    asked = ExportAsk.objects.select_for_update().filter(id=ask_id, ended_at=None, agreed_at=None).first()
    if asked is None:
        raise BadRequest("nobody asks for this any more")
    return asked
