"""The outbox: deliveries claimed under a lease, written down before their content goes out, and settled.

```text
waiting ─claim─▶ claimed ─intend─▶ intended ─settle─▶ handed_over | failed | uncertain
   ▲                │ lease over                │ lease over: uncertain, or once more if the policy is `resend`
   └────────────────┘
```

Every step is one transaction. A mailer whose lease is over, or whose mailing was stopped or paused since, changes
nothing here any more: each statement names the mailer and the state in which the row has to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from tocsin.core.messages import Tokens, tokens_for
from tocsin.dispatch.actions import hold_alone, lock_of
from tocsin.dispatch.models import OWED, Delivery, Mailing, Subscriber, Suppression
from tocsin.dispatch.tokens import token_digest

LEASE = timedelta(seconds=60)
#: A message that was uncertain so often is not sent again by itself, whatever the policy.
MOST_DOUBTS = 3
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that a mailer may begin."""

    id: int
    mailing: UUID
    epoch: int
    subscriber: UUID
    address: bytes = field(repr=False)
    openpgp: bytes | None = field(repr=False)
    tokens: Tokens = field(repr=False)
    language: str
    html: bool
    neutral: bool
    tries: int
    doubts: int


@dataclass(frozen=True, slots=True)
class End:
    """What became of a delivery, or that it has to wait."""

    id: int
    state: str
    reason: str = ""
    reply: str = ""
    queue_id: str = ""
    not_before: datetime | None = None
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Mine:
    """A mailer, as the rows know it, and how long what it claims is its own."""

    mailer: UUID
    lease: timedelta = LEASE


def database_time() -> datetime:
    """Give the time of the database's own clock."""
    words = "SELECT clock_timestamp()" if connection.vendor == "postgresql" else "SELECT strftime('%Y-%m-%dT%H:%M:%fZ')"
    with connection.cursor() as cursor:
        cursor.execute(words)
        (found,) = cursor.fetchone()
    return found if isinstance(found, datetime) else datetime.fromisoformat(found)


def claim(mailing: Mailing, mine: Mine, most: int, token_key: bytes) -> list[Claim]:
    """Claim deliveries of a mailing that are due, those of the lowest rank first; none if it is not to be sent.

    Who has left meanwhile, or to whose address nothing is sent, is settled as suppressed on the way.
    """
    with transaction.atomic():
        now = database_time()
        # The number of the turn goes up before anything is sent: a mailer that remembers it knows an old database.
        going = Mailing.objects.filter(id=mailing.id, state="sending", epoch=mailing.epoch)
        if not going.update(turn=F("turn") + 1):
            return []
        mailing.refresh_from_db(fields=["turn"])
        due = Delivery.objects.filter(Q(not_before=None) | Q(not_before__lte=now), mailing=mailing, state="waiting")
        wanted = due.only("subscriber", "language", "html", "neutral", "tries", "doubts").order_by("rank", "id")
        rows = list(wanted.select_for_update(skip_locked=_skips())[:most])
        readers = _readers([row.subscriber for row in rows if row.subscriber])
        claims = []
        for row in rows:
            reader = readers.get(row.subscriber) if row.subscriber else None
            if isinstance(reader, Subscriber):
                claims.append(_claim(row, reader, mailing, token_key))
            else:
                _suppress(row, reader or "erased", now)
        _write_claims(claims, mine, now)
    return claims


def _skips() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)


def _readers(ids: Sequence[UUID]) -> Mapping[UUID, Subscriber | str]:
    """Give each reader, or why nothing is sent to her."""
    rows = Subscriber.objects.filter(id__in=ids).only("address", "fingerprint", "openpgp", "state")
    found: dict[UUID, Subscriber | str] = {row.id: row for row in rows}
    digests = {bytes(row.fingerprint): row.id for row in found.values() if isinstance(row, Subscriber)}
    for row in list(found.values()):
        if isinstance(row, Subscriber) and row.state != "active":
            found[row.id] = row.state
    for barred in Suppression.objects.filter(fingerprint__in=list(digests)):
        found[digests[bytes(barred.fingerprint)]] = barred.reason
    return found


def _claim(row: Delivery, reader: Subscriber, mailing: Mailing, token_key: bytes) -> Claim:
    # Of mailing and reader and not of the row: from a restored backup the same message is made again.
    tokens = tokens_for(mailing.id.bytes + reader.id.bytes, token_key)
    sealed = None if reader.openpgp is None else bytes(reader.openpgp)
    return Claim(
        id=row.id,
        mailing=mailing.id,
        epoch=mailing.epoch,
        subscriber=reader.id,
        address=bytes(reader.address),
        openpgp=sealed,
        tokens=tokens,
        language=row.language,
        html=row.html,
        neutral=row.neutral,
        tries=row.tries,
        doubts=row.doubts,
    )


def _suppress(row: Delivery, why: str, now: datetime) -> None:
    Delivery.objects.filter(id=row.id).update(state="suppressed", reason=why, settled_at=now)


def _write_claims(claims: Sequence[Claim], mine: Mine, now: datetime) -> None:
    until = _stored(now + mine.lease)
    mailer = _stored_id(mine.mailer)
    _many(
        "UPDATE dispatch_delivery SET state = 'claimed', mailer = %s, epoch = %s, lease_until = %s, not_before = NULL,"
        " leaving = %s, bounce = %s WHERE id = %s",
        [
            (mailer, one.epoch, until, token_digest(one.tokens.leaving), token_digest(one.tokens.bounce), one.id)
            for one in claims
        ],
    )


def write(mine: Mine, ends: Sequence[End], intents: Sequence[Claim]) -> set[int]:
    """Settle some deliveries and write others down as intended, durably; give the ids of those that may go out."""
    granted: set[int] = set()
    with transaction.atomic():
        _settle(mine, ends)
        by_mailing: dict[tuple[UUID, int], list[int]] = {}
        for one in intents:
            by_mailing.setdefault((one.mailing, one.epoch), []).append(one.id)
        # In one order for all mailers, so that no two wait for each other.
        for (mailing, epoch), ids in sorted(by_mailing.items()):
            if _is_going(mailing, epoch):
                granted |= _intend(mine, ids)
    return granted


def _is_going(mailing: UUID, epoch: int) -> bool:
    """Tell whether a mailing is being sent, under the epoch of a claim; it stays so until the transaction ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [lock_of(mailing)])
        cursor.execute(
            "SELECT 1 FROM dispatch_mailing m WHERE m.id = %s AND m.state = 'sending' AND m.epoch = %s AND NOT EXISTS"
            " (SELECT 1 FROM publishing_publishedretraction r WHERE r.slug = m.slug)",
            [_stored_id(mailing), epoch],
        )
        return cursor.fetchone() is not None


def _intend(mine: Mine, ids: Sequence[int]) -> set[int]:
    now = database_time()
    ours = Delivery.objects.filter(id__in=ids, mailer=mine.mailer)
    still = ours.filter(state="claimed", lease_until__gt=now)
    if still.update(state="intended", lease_until=now + mine.lease) == len(ids):
        return set(ids)
    return set(ours.filter(state="intended").values_list("id", flat=True))


def _settle(mine: Mine, ends: Sequence[End]) -> None:
    if not ends:
        return
    now, mailer = _stored(database_time()), _stored_id(mine.mailer)
    _many(
        "UPDATE dispatch_delivery SET state = %s, reason = %s, reply = %s, queue_id = %s, not_before = %s,"
        " tries = tries + %s, doubts = doubts + %s, settled_at = %s, lease_until = NULL"
        " WHERE id = %s AND mailer = %s AND state IN ('claimed', 'intended')",
        [
            (
                *(one.state, one.reason, one.reply, one.queue_id[:80]),
                *(one.not_before and _stored(one.not_before), int(one.tried), int(one.reason == "uncertain")),
                *(now, one.id, mailer),
            )
            for one in ends
        ],
    )


def take_over() -> int:
    """Take back what belongs to mailers whose lease is over: claimed ones wait again, intended ones are uncertain."""
    now = database_time()
    # A lease that ends later than any can was taken while the clock was wrong.
    over = Delivery.objects.filter(Q(lease_until__lte=now) | Q(lease_until__gt=now + 10 * LEASE))
    with transaction.atomic():
        free = {"mailer": None, "lease_until": None}
        count = over.filter(state="claimed").update(state="waiting", **free)
        doubt = {"reason": "uncertain", "doubts": F("doubts") + 1, "settled_at": now, **free}
        intended = over.filter(state="intended")
        again = Mailing.objects.filter(policy="resend", state__in=("sending", "paused")).values("id")
        count += intended.filter(mailing__in=again, doubts__lt=MOST_DOUBTS - 1).update(**{**doubt, "state": "waiting"})
        count += intended.update(**{**doubt, "state": "uncertain"})
    return count


def close(mailing: Mailing) -> None:
    """End a mailing of which nothing is owed any more, and settle what is left of one that was stopped."""
    now = database_time()
    with transaction.atomic():
        hold_alone(mailing.id)
        row = Mailing.objects.select_for_update().get(id=mailing.id)
        left = Delivery.objects.filter(mailing=row, state__in=OWED)
        if row.state == "stopped":
            # In parts, so that nobody waits long for the database.
            some = list(left.filter(state="waiting").values_list("id", flat=True)[:_AT_ONCE])
            why = row.held_for or "stopped"
            Delivery.objects.filter(id__in=some).update(state="suppressed", reason=why, settled_at=now)
        elif row.state == "sending" and not left.exists() and not _asks_a_person(row):
            Mailing.objects.filter(id=row.id).update(state="finished", ended_at=now, held_for="", held_since=None)


def _asks_a_person(row: Mailing) -> bool:
    return row.policy == "hold" and Delivery.objects.filter(mailing=row, state="uncertain").exists()


def hold(mailing: UUID, why: str) -> None:
    """Say why nothing of a mailing goes out at present, or that all is well again."""
    since = database_time() if why else None
    Mailing.objects.filter(id=mailing).exclude(held_for=why).update(held_for=why, held_since=since)


def _many(words: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(words, rows)


def _stored(time: datetime) -> Any:
    """Give a time as this database keeps it: SQLite compares texts, so it has to be the very text of Django's."""
    return connection.ops.adapt_datetimefield_value(time.astimezone(UTC))


def _stored_id(one: UUID) -> Any:
    return one if connection.features.has_native_uuid_field else one.hex
