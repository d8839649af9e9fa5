"""The outbox: deliveries claimed under a lease, written down before their content goes out, and settled.

```text
waiting ─claim─▶ claimed ─intend─▶ intended ─settle─▶ handed_over | failed | uncertain
   ▲                │ lease over                │ lease over: uncertain, or once more if the policy is `resend`
   └────────────────┘
```

A mailer that lives keeps what it intended: it renews the lease of what a server has not answered for yet.
Every step is one transaction. A mailer whose lease is over, or whose mailing was stopped or paused since, changes
nothing here any more: each statement names the mailer and the state in which the row has to be.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import F, Q

from tocsin.core.messages import Tokens, tokens_for
from tocsin.dispatch.actions import ON_ITS_WAY, hold_alone, lock_of, pause
from tocsin.dispatch.models import OWED, QUEUE_ID, REPLY, TOMBSTONES, Delivery, Fixing, Mailing
from tocsin.dispatch.tokens import token_digest

LEASE = timedelta(seconds=60)
# The number of a delivery, and the digests by which its message is known once it is out.
_Intent = tuple[int, bytes, bytes]
#: A message that was uncertain so often is not sent again by itself, whatever the policy.
MOST_DOUBTS = 3
_AT_ONCE = 5_000
_STRIDE = 16
# Of columns of such a table, as PostgreSQL calls them.
_TYPES = {int: "bigint", bytes: "bytea", str: "text"}


# What is made for each message is a struct: a frozen dataclass takes ten times as long to make.
class Claim(msgspec.Struct, frozen=True):
    """A delivery that a mailer may begin."""

    id: int
    mailing: UUID
    epoch: int
    subscriber: UUID
    address: bytes
    openpgp: bytes | None
    tokens: Tokens
    language: str
    html: bool
    neutral: bool
    tries: int
    doubts: int

    def __repr__(self) -> str:
        """Say nothing of whom it is for."""
        return f"Claim({self.id})"


class End(msgspec.Struct, frozen=True):
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
    """Claim deliveries of a mailing that are due; none if it is not to be sent.

    Those that were put off and are due come first, and of all others those of the lowest rank.

    Who has left meanwhile, or to whose address nothing is sent, is settled as suppressed on the way.
    """
    with transaction.atomic():
        now = database_time()
        # The number of the turn goes up before anything is sent: a mailer that remembers it knows an old database.
        going = Mailing.objects.filter(id=mailing.id, state="sending", epoch=mailing.epoch)
        if not going.update(turn=F("turn") + 1):
            return []
        mailing.refresh_from_db(fields=["turn"])
        due, barred = [], defaultdict(list)
        for id_, why, *row in _due(mailing.id, now, most):
            if why:
                barred[why].append(id_)
            else:
                due.append((id_, row))
        for why, ids in barred.items():
            Delivery.objects.filter(id__in=ids).update(state="suppressed", reason=why, settled_at=now)
        _write_claims([id_ for id_, _ in due], mailing.epoch, mine, now)
    # Outside of the transaction, for which others may wait.
    return [_claim(id_, row, mailing, token_key) for id_, row in due]


# What was put off and is due, and what nobody has tried: two looks, each by an index of its own, since those that wait
# for their time may be most of a queue.
_AGAIN = "not_before <= %s ORDER BY not_before, id"
_FRESH = "not_before IS NULL ORDER BY rank, id"
# One statement for all that a claim has to know: each delivery with its reader, and why nothing is sent to her.
_DUE = """
    SELECT d.id,
        CASE WHEN s.id IS NULL THEN 'erased' WHEN b.reason IS NOT NULL THEN b.reason
            WHEN s.state <> 'active' THEN s.state ELSE '' END,
        s.id, s.address, s.openpgp, d.language, d.html, d.neutral, d.tries, d.doubts
    FROM (
        SELECT * FROM dispatch_delivery
        WHERE mailing_id = %s AND state = 'waiting' AND {which} LIMIT %s {skipping}
    ) AS d
    LEFT JOIN dispatch_subscriber AS s ON s.id = d.subscriber
    LEFT JOIN dispatch_suppression AS b ON b.fingerprint = s.fingerprint
    ORDER BY d.rank, d.id
"""


def _due(mailing: UUID, now: datetime, most: int) -> list[tuple[Any, ...]]:
    again = _found(_AGAIN, [_stored_id(mailing), _stored(now)], most)
    return again + _found(_FRESH, [_stored_id(mailing)], most - len(again))


def _found(which: str, words: list[Any], most: int) -> list[tuple[Any, ...]]:
    if most <= 0:
        return []
    skips = connection.features.has_select_for_update_skip_locked
    with connection.cursor() as cursor:
        cursor.execute(_DUE.format(which=which, skipping="FOR UPDATE SKIP LOCKED" if skips else ""), [*words, most])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _claim(delivery: int, row: Sequence[Any], mailing: Mailing, token_key: bytes) -> Claim:
    subscriber, address, openpgp, language, html, neutral, tries, doubts = row
    reader = subscriber if isinstance(subscriber, UUID) else UUID(subscriber)
    return Claim(
        id=delivery,
        mailing=mailing.id,
        epoch=mailing.epoch,
        subscriber=reader,
        address=bytes(address),
        openpgp=None if openpgp is None else bytes(openpgp),
        # Of mailing and reader and not of the row: from a restored backup the same message is made again.
        tokens=tokens_for(mailing.id.bytes + reader.bytes, token_key),
        language=language,
        html=bool(html),
        neutral=bool(neutral),
        tries=tries,
        doubts=doubts,
    )


def _write_claims(ids: Sequence[int], epoch: int, mine: Mine, now: datetime) -> None:
    if not ids:
        return
    _many(
        "WITH one (number) AS (SELECT * FROM {rows}) UPDATE dispatch_delivery AS d SET state = 'claimed', mailer = %s,"
        " epoch = %s, lease_until = %s, not_before = NULL FROM one WHERE d.id = one.number",
        [(each,) for each in ids],
        [_stored_id(mine.mailer), epoch, _stored(now + mine.lease)],
    )


def write(mine: Mine, ends: Sequence[End], intents: Sequence[Claim]) -> set[int]:
    """Settle some deliveries and write others down as intended, durably; give the ids of those that may go out."""
    granted: set[int] = set()
    by_mailing: dict[tuple[UUID, int], list[_Intent]] = {}
    for one in intents:
        digests = token_digest(one.tokens.leaving), token_digest(one.tokens.bounce)
        by_mailing.setdefault((one.mailing, one.epoch), []).append((one.id, *digests))
    with transaction.atomic():
        now = database_time()
        _settle(mine, ends, now)
        # In one order for all mailers, so that no two wait for each other.
        for (mailing, epoch), rows in sorted(by_mailing.items()):
            if _is_going(mailing, epoch):
                granted |= _intend(mine, rows, now)
    return granted


def _is_going(mailing: UUID, epoch: int) -> bool:
    """Tell whether a mailing is being sent, under the epoch of a claim; it stays so until the transaction ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [lock_of(mailing)])
        cursor.execute(
            "SELECT 1 FROM dispatch_mailing m WHERE m.id = %s AND m.state = 'sending' AND m.epoch = %s AND"
            " (m.kind IN (%s, %s)"
            " OR NOT EXISTS (SELECT 1 FROM publishing_publishedretraction r WHERE r.slug = m.slug))",
            [_stored_id(mailing), epoch, *TOMBSTONES],
        )
        return cursor.fetchone() is not None


_INTENDED = (
    "WITH one (number, leaving, bounce) AS (SELECT * FROM {rows}) UPDATE dispatch_delivery AS d SET state = 'intended',"
    " leaving = one.leaving, bounce = one.bounce, lease_until = %s"
)
_RENEWED = "WITH one (number) AS (SELECT * FROM {rows}) UPDATE dispatch_delivery AS d SET lease_until = %s"
# Who was erased since it was claimed gets nothing; what is on its way to her is kept in hand.
_WHERE_MINE = (
    " FROM one WHERE d.id = one.number AND CASE WHEN d.mailer = %s AND d.state = %s AND d.lease_until > %s"
    " AND (d.subscriber IS NOT NULL OR d.state = 'intended') THEN TRUE ELSE FALSE END RETURNING id"
)


def _intend(mine: Mine, rows: Sequence[_Intent], now: datetime) -> set[int]:
    return _lease(mine, _INTENDED, "claimed", rows, now)


def _lease(mine: Mine, words: str, state: str, rows: Sequence[Sequence[Any]], now: datetime) -> set[int]:
    """Change, for a lease from now on, what is in this state and belongs to this mailer; give the ids of it."""
    granted = _many(
        words + _WHERE_MINE, rows, [_stored(now + mine.lease), _stored_id(mine.mailer), state, _stored(now)]
    )
    return {number for (number,) in granted}


def renew(mine: Mine, ids: Collection[int]) -> set[int]:
    """Let what is on its way belong to its mailer for another lease; give the ids of what still did."""
    with transaction.atomic():
        return _lease(mine, _RENEWED, "intended", [(each,) for each in ids], database_time())


def _settle(mine: Mine, ends: Sequence[End], now: datetime) -> None:
    alike: dict[tuple[Any, ...], list[tuple[int, str]]] = {}
    for one in ends:
        # What a server says may be longer than there is room.
        same = (one.state, one.reason, one.reply[:REPLY], one.not_before, one.tried)
        alike.setdefault(same, []).append((one.id, one.queue_id[:QUEUE_ID]))
    for (state, reason, reply, not_before, tried), rows in alike.items():
        later = not_before and _stored(not_before)
        _many(
            "WITH one (id, queue_id) AS (SELECT * FROM {rows}) UPDATE dispatch_delivery AS d SET state = %s,"
            " reason = %s, reply = %s, queue_id = one.queue_id, not_before = %s, tries = d.tries + %s,"
            " doubts = d.doubts + %s, settled_at = %s, lease_until = NULL"
            " FROM one WHERE d.id = one.id"
            " AND CASE WHEN d.mailer = %s AND d.state IN ('claimed', 'intended') THEN TRUE ELSE FALSE END",
            rows,
            [
                *(state, reason, reply, later, int(tried), int(reason == "uncertain")),
                *(_stored(now), _stored_id(mine.mailer)),
            ],
        )


def take_over() -> int:
    """Take back what belongs to mailers whose lease is over: claimed ones wait again, intended ones are uncertain."""
    now = database_time()
    # Found by mailing and state: an index of leases would be written three times for each message.
    owing = Mailing.objects.filter(state__in=("sending", "paused", "stopped")).values("id")
    # A lease that ends later than any can was taken while the clock was wrong.
    over = Delivery.objects.filter(Q(lease_until__lte=now) | Q(lease_until__gt=now + 10 * LEASE), mailing__in=owing)
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
            # Whatever else held it might have passed.
            why = "retracted" if row.held_for == "retracted" else "stopped"
            Delivery.objects.filter(id__in=some).update(state="suppressed", reason=why, settled_at=now)
        # Asked in this order: with its last readers fixed, what is owed to them is seen.
        elif row.state == "sending" and _is_fixed(row) and not left.exists() and not _asks_a_person(row):
            Mailing.objects.filter(id=row.id).update(state="finished", ended_at=now, held_for="", held_since=None)


def _is_fixed(row: Mailing) -> bool:
    return not Fixing.objects.filter(mailing=row).exists()


def _asks_a_person(row: Mailing) -> bool:
    """Tell whether somebody has to decide about what is uncertain: what has ended does not go on any more."""
    return Delivery.objects.filter(mailing=row, state="uncertain").exists()


def hold(mailing: UUID, why: str) -> None:
    """Say why nothing of a mailing goes out at present, or that all is well again."""
    since = database_time() if why else None
    # A mailer that claimed a moment ago says that all is well: not of what was paused meanwhile, with the reason.
    rows = Mailing.objects.filter(id=mailing) if why else Mailing.objects.filter(id=mailing, state="sending")
    rows.exclude(held_for=why).update(held_for=why, held_since=since)


def pause_all(why: str, *, of: str = "") -> list[UUID]:
    """Pause all that is on its way and say why, until a person has looked at each; give what was paused.

    So where the site was frozen, and where a database was put back: what went out since would go out once more. Of that
    a mailer knows that remembers (`remembering`), but on another machine there is none.

    Args:
        why: A code of `mailings.toml`.
        of: The slug of one appeal; its tombstones go on.
    """
    going = Mailing.objects.filter(state__in=ON_ITS_WAY)
    with transaction.atomic():
        rows = going.filter(slug=of).exclude(kind__in=TOMBSTONES) if of else going
        found = list(rows.order_by("id").values_list("id", flat=True))
        for each in found:
            pause(each)
            hold(each, why)
    return found


def _many(words: str, rows: Sequence[Sequence[Any]], more: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Change many rows in one statement, in which they stand as a table at `{rows}`; give what it returns.

    What else has to be so of a row stands in a `CASE`. PostgreSQL knows that few rows of a table are in such a state,
    but not that they are these: it would go through all that ever were, for each batch, and not from id to id.
    """
    if connection.vendor == "postgresql":
        # By columns, each of them one value: three long ones are written and read sooner than hundreds of short ones.
        columns = ", ".join(f"%s::{_TYPES[type(cell)]}[]" for cell in rows[0])
        return _returned(words.format(rows=f"unnest({columns})"), [*map(list, zip(*rows, strict=True)), *more])
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    # The last one again and again up to one of few numbers, since SQLite reads a statement that it has not seen for as
    # long as it takes to do it. A row that stands twice is changed once.
    rows = [*rows, *[rows[-1]] * (_full(len(rows)) - len(rows))]
    table = ", ".join([row] * len(rows))
    return _returned(words.format(rows=f"(VALUES {table})"), [*chain.from_iterable(rows), *more])


def _returned(words: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        # By its count nobody knows what changed: for SQLite there is none where a statement begins with a table.
        return cursor.fetchall() if cursor.description else []


def _full(count: int) -> int:
    """Give the next of the numbers of rows that statements have: powers of two, and from 16 on multiples of it."""
    return 1 << (count - 1).bit_length() if count <= _STRIDE else -(-count // _STRIDE) * _STRIDE


def _stored(time: datetime) -> Any:
    """Give a time as this database keeps it: SQLite compares texts, so it has to be the very text of Django's."""
    return connection.ops.adapt_datetimefield_value(time.astimezone(UTC))


def _stored_id(one: UUID) -> Any:
    return one if connection.features.has_native_uuid_field else one.hex
