"""Reading the whole journal to see whether anything was changed, removed, put in, moved, cut off or set back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from tocsin.core.errors import BrokenJournal
from tocsin.journal import anchors
from tocsin.journal.chain import GENESIS, digest_of
from tocsin.journal.models import Anchor, Head
from tocsin.vault import steps
from tocsin.vault.steps import Step

Row = tuple[int, bytes, bytes, bytes, bytes, bytes, bytes, bytes | None]

# The columns as bytes of the chain, with as little work for each entry as each database allows.
_POSTGRESQL = """
SELECT number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), uuid_send(actor), kind,
       uuid_send(subject), facts, digest, mark
FROM journal_entry WHERE number <= %s ORDER BY number"""
# Joined with nothing, a time is text: Python would make an object of the column.
_SQLITE = """
SELECT number, at || '', actor, kind, subject, facts, digest, mark
FROM journal_entry WHERE number <= %s ORDER BY number"""
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class KeptAnchor:
    """An anchor as it was printed once and kept elsewhere: the entry's number, its digest, the journal's first key."""

    number: int
    digest: bytes
    first_key: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a journal that is whole.

    Attributes:
        entries: How many there are.
        anchors: How many of the anchors are signed.
        since_anchor: How many entries the last anchor does not cover.
        starts: After which entries a key was begun: 0, and one more for each restored backup.
        first_key: The public key that the signatures begin with; on paper with the security officer.
    """

    entries: int
    anchors: int
    since_anchor: int
    starts: tuple[int, ...]
    first_key: bytes


@dataclass(slots=True)
class _Standing:
    """The journal at one moment: its head, its anchors, and the present step."""

    head: Head
    anchors: list[Anchor]
    step: Step | None
    newest_step: int
    digests: dict[int, bytes] = field(default_factory=dict)


def inspect(kept: Iterable[KeptAnchor] = ()) -> Report:
    """Read the whole journal.

    Args:
        kept: Anchors that were kept elsewhere.

    Raises:
        BrokenJournal: at the first entry, anchor or head that is not as it was written.
    """
    standing = _standing()
    lines = list(kept)
    wanted = {anchor.number for anchor in standing.anchors} | {line.number for line in lines}
    _walk(standing, wanted)
    _check_anchors(standing)
    _check_kept(standing, lines)
    starts = tuple(anchor.number for anchor in standing.anchors if not anchor.signature)
    last = standing.anchors[-1].number if standing.anchors else 0
    return Report(
        entries=standing.head.number,
        anchors=len(standing.anchors) - len(starts),
        since_anchor=standing.head.number - last,
        starts=starts,
        first_key=bytes(standing.anchors[0].public) if standing.anchors else b"",
    )


def _standing() -> _Standing:
    # Nobody writes while these are read; the entries up to this head do not change afterwards.
    with transaction.atomic():
        head = Head.objects.select_for_update().filter(id=1).first()
        if head is None:
            raise BrokenJournal("the head of the journal is missing")
        rows = list(Anchor.objects.order_by("step"))
        return _Standing(head, rows, steps.get(head.step), steps.newest())


def _walk(standing: _Standing, wanted: set[int]) -> None:
    head, step = standing.head, standing.step
    anchored = standing.anchors[-1].number if standing.anchors else 0
    if head.number and step is None:
        raise BrokenJournal(
            "the key store has no key for this state of the journal: one of the two was set back",
            hint="after a restored backup: tocsin site journal resume",
        )
    previous, count = GENESIS, 0
    standing.digests[0] = GENESIS
    for number, at, actor, kind, subject, facts, digest, mark in _rows(head.number):
        count += 1
        previous = digest_of(previous, number, at, actor, kind, subject, facts)
        if number != count or digest != previous:
            raise BrokenJournal("the chain breaks here: an entry is missing or was changed", where=f"entry {count}")
        if number > anchored and step is not None and not step.made(mark, previous):
            raise BrokenJournal("this entry was not written by this site", where=f"entry {count}")
        if count in wanted:
            standing.digests[count] = previous
    if head.number != count or (count and bytes(head.digest) != previous):
        raise BrokenJournal("the journal ends before its head", where=f"entry {count}")
    if step is not None and not step.made(bytes(head.mark), anchors.head_words(count, previous if count else b"")):
        raise BrokenJournal("the end of the journal was cut off or set", where=f"entry {count}")


def _check_anchors(standing: _Standing) -> None:
    rows, head, step = standing.anchors, standing.head, standing.step
    # One more step may have been drawn when a crash kept its anchor from being made.
    if standing.newest_step > head.step + 1:
        raise BrokenJournal("the key store has gone further than the journal: the journal was set back")
    if step is None:
        return
    if not rows or rows[0].signature or rows[-1].step != head.step or bytes(rows[-1].public) != step.public():
        raise BrokenJournal("the anchors do not lead to the present key")
    for row in rows:
        if standing.digests.get(row.number) != bytes(row.digest):
            raise BrokenJournal("an anchor and the entries do not agree", where=f"anchor {row.step}")
    for before, row in pairwise(rows):
        signed = steps.signed(bytes(before.public), anchors.signed_words(row), bytes(row.signature))
        if row.signature and (row.step != before.step + 1 or not signed):
            raise BrokenJournal("the signature of an anchor is not that of the step before", where=f"anchor {row.step}")


def _check_kept(standing: _Standing, kept: list[KeptAnchor]) -> None:
    starts = {bytes(row.public) for row in standing.anchors if not row.signature}
    for line in kept:
        where = f"kept anchor of entry {line.number}"
        if line.number > standing.head.number:
            raise BrokenJournal("the journal was cut off or set back: it ends before this anchor", where=where)
        if standing.digests.get(line.number) != line.digest:
            raise BrokenJournal("the journal was rewritten: it is another one than this anchor is of", where=where)
        if line.first_key not in starts:
            raise BrokenJournal("the journal's first key is another one than on this anchor", where=where)


def _rows(last: int) -> Iterator[Row]:
    shape = _from_sqlite if connection.vendor == "sqlite" else _from_postgresql
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL, [last])
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from map(shape, rows)


def _from_sqlite(row: tuple[Any, ...]) -> Row:
    number, at, actor, kind, subject, facts, digest, mark = row
    # Django writes UTC as "2026-11-25 12:00:00" with microseconds where there are some.
    time = f"{at[:10]}T{at[11:]}{'' if len(at) > 19 else '.000000'}+00:00"
    return (
        number,
        time.encode(),
        bytes.fromhex(actor) if actor else b"",
        kind.encode(),
        bytes.fromhex(subject) if subject else b"",
        facts.encode(),
        digest,
        mark,
    )


def _from_postgresql(row: tuple[Any, ...]) -> Row:
    number, at, actor, kind, subject, facts, digest, mark = row
    return number, at.encode(), actor or b"", kind.encode(), subject or b"", facts.encode(), bytes(digest), mark
