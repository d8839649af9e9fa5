"""The key store: slots of one size that are overwritten in place.

Overwriting is what makes shredding true, so nothing may keep the bytes that were there. SQLite copies a page into its
rollback journal before it changes it; the journal is kept at its size (`journal_mode=PERSIST`, so that shredding needs
no room on a full disk) and washed with zeros once the change is committed. PostgreSQL keeps the old row until the table
is rewritten: there the wash is `VACUUM FULL` of this small table.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import connections, transaction

from tocsin.core.errors import CannotOpen
from tocsin.vault.models import SLOT_BYTES, Slot, Vacancy

KEYS = "keys"
_MORE = 256
_IN_ONE_QUERY = 5000
# What one transaction overwrites: at most so many pages, for which the journal of SQLite always has room.
_IN_ONE_TRANSACTION = 200
_JOURNAL_ROOM = 1 << 20


def preallocate(count: int) -> None:
    """Make slots full of random bytes, so that taking one changes no size."""
    with transaction.atomic(using=KEYS):
        slots = Slot.objects.bulk_create(Slot(sealed=os.urandom(SLOT_BYTES)) for _ in range(count))
        Vacancy.objects.bulk_create(Vacancy(number=slot.number) for slot in slots)
        transaction.on_commit(keep_room, using=KEYS)


def take(payload: bytes, now: datetime, case: UUID | None = None) -> int:
    """Put a payload into a free slot and give the slot's number; `case` says whose shredding destroys it."""
    with transaction.atomic(using=KEYS):
        vacancy = Vacancy.objects.select_for_update(skip_locked=True).order_by("number").first()
        if vacancy is None:
            preallocate(_MORE)
            vacancy = Vacancy.objects.select_for_update(skip_locked=True).order_by("number").first()
        if vacancy is None:
            raise RuntimeError("slots were made and are gone")
        number = vacancy.number
        vacancy.delete()
        Slot.objects.filter(number=number).update(sealed=_filled(payload), taken_at=now, case=case)
    return number


def read(numbers: Iterable[int]) -> Mapping[int, bytes]:
    """Give the payloads of slots; what was destroyed is empty."""
    return {number: _payload(sealed) for number, sealed in _sealed(numbers)}


def _sealed(numbers: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    wanted = list(numbers)
    for at in range(0, len(wanted), _IN_ONE_QUERY):
        rows = Slot.objects.filter(number__in=wanted[at : at + _IN_ONE_QUERY]).values_list("number", "sealed")
        yield from ((number, bytes(sealed)) for number, sealed in rows)


def read_one(number: int) -> bytes:
    """Give the payload of one slot."""
    payload = read([number]).get(number)
    if payload is None:
        raise CannotOpen("the key store does not hold this key", hint="the two databases may be from different backups")
    return payload


def overwrite(number: int, payload: bytes) -> None:
    """Put another payload in the place of what a slot holds; the old one is gone when the transaction has ended."""
    Slot.objects.filter(number=number).update(sealed=_filled(payload))
    transaction.on_commit(wash, using=KEYS)


def exchange(changes: Mapping[int, tuple[bytes, bytes]]) -> None:
    """Put payloads in the places of others that still lie there: `{number: (old, new)}`.

    What was overwritten or destroyed meanwhile stays as it is. Nothing is washed: this is for a new wrapping of the
    same secret, and what the database keeps of the old one goes with the next wash.
    """
    with transaction.atomic(using=KEYS):
        held = dict(_sealed(changes))
        for number, (old, new) in changes.items():
            before = held.get(number, b"")
            if _payload(before) == old:
                Slot.objects.filter(number=number, sealed=before).update(sealed=_filled(new))


def destroy(numbers: Iterable[int]) -> None:
    """Overwrite slots with random bytes, in one transaction, and wash away what the database kept of them."""
    with transaction.atomic(using=KEYS):
        for number in numbers:
            Slot.objects.filter(number=number).update(sealed=_filled(b""))
        transaction.on_commit(wash, using=KEYS)


def destroy_all(numbers: Iterable[int]) -> None:
    """Overwrite any number of slots, in as many transactions as fit into the room that the journal has on a full disk.

    Not all or nothing: after a crash it is repeated.
    """
    ordered = sorted(set(numbers))
    for at in range(0, len(ordered), _IN_ONE_TRANSACTION):
        destroy(ordered[at : at + _IN_ONE_TRANSACTION])


def numbers_of(cases: Iterable[UUID]) -> list[int]:
    """List the slots of cases, as the key store itself knows them."""
    return list(Slot.objects.filter(case__in=list(cases)).values_list("number", flat=True))


def journal_room() -> int | None:
    """Give the bytes that the rollback journal of SQLite holds on to; on PostgreSQL there is none."""
    connection = connections[KEYS]
    if connection.vendor != "sqlite":
        return None
    path = _journal()
    return path.stat().st_size if path.exists() else 0


def has_room() -> bool:
    """Tell whether shredding needs no room on the disk."""
    room = journal_room()
    return room is None or room >= _JOURNAL_ROOM


def keep_room() -> None:
    """Let the rollback journal of SQLite hold on to enough of the disk for shredding, however full the disk becomes."""
    if has_room():
        return
    with connections[KEYS].cursor() as cursor:
        cursor.execute("BEGIN EXCLUSIVE")
        try:
            with _journal().open("ab", buffering=0) as journal:
                # Written, not only claimed: a hole in a file is no room.
                journal.write(bytes(_JOURNAL_ROOM - os.fstat(journal.fileno()).st_size))
                os.fsync(journal.fileno())
        finally:
            cursor.execute("COMMIT")


def wash() -> None:
    """Remove what the database itself still keeps of overwritten slots."""
    connection = connections[KEYS]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # With the exclusive lock nobody writes a journal; one that a crash left was played back before the lock.
            cursor.execute("BEGIN EXCLUSIVE")
            try:
                _fill_with_zeros(_journal())
            finally:
                cursor.execute("COMMIT")
        else:
            cursor.execute("VACUUM (FULL) vault_slot")


def _journal() -> Path:
    return Path(f"{connections[KEYS].settings_dict['NAME']}-journal")


def _fill_with_zeros(path: Path) -> None:
    if not path.exists():
        return
    with path.open("r+b", buffering=0) as journal:
        size = os.fstat(journal.fileno()).st_size
        for at in range(0, size, 1 << 20):
            journal.write(bytes(min(1 << 20, size - at)))
        os.fsync(journal.fileno())


def _filled(payload: bytes) -> bytes:
    room = SLOT_BYTES - 2 - len(payload)
    if room < 0:
        raise ValueError("a payload is longer than a slot")
    return len(payload).to_bytes(2, "big") + payload + os.urandom(room)


def _payload(sealed: bytes) -> bytes:
    return sealed[2 : 2 + int.from_bytes(sealed[:2], "big")]
