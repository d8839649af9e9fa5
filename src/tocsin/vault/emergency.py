"""What stops everything at once: locking all sessions, freezing the site, shredding the cases chosen for it.

All of it is one row and a short list in the key store, overwritten in place: it works while the main database is
locked, damaged or gone, and on a full disk. Every request reads the row, so that nothing has to be told to any process.
What the journal has to say of it is owed until the main database can be written.

Of a chosen case the list holds the reports, too, that went into it: each has keys of its own, and only the main
database knows where it went.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tocsin.core.errors import Frozen
from tocsin.vault import slots
from tocsin.vault.models import Doomed, Emergency
from tocsin.vault.slots import KEYS

_ROW = 1
_SECRET_BYTES = 32


def session_secret() -> bytes:
    """Give what every session's key is derived from, besides its cookie."""
    return bytes(Emergency.objects.values_list("session_secret", flat=True).get(id=_ROW))


def is_frozen() -> bool:
    """Tell whether nobody may sign in and nothing may be done."""
    return Emergency.objects.values_list("frozen", flat=True).get(id=_ROW)


def demand_thawed() -> None:
    """Refuse what a frozen site does not do.

    Raises:
        Frozen: while the site is frozen.
    """
    if is_frozen():
        raise Frozen("the site is frozen: nobody signs in and nothing is changed", hint="tocsin site panic lift")


def lock(now: datetime) -> None:
    """End all sessions of everybody: what their rings were sealed with is gone."""
    _change("locked", now, session_secret=os.urandom(_SECRET_BYTES))


def freeze(now: datetime) -> None:
    """End all sessions, and let nobody do anything until it is lifted."""
    _change("frozen", now, session_secret=os.urandom(_SECRET_BYTES), frozen=True)


def lift(now: datetime) -> None:
    """Let people sign in and work again."""
    _change("lifted", now, frozen=False)


def _change(word: str, now: datetime, **fields: bytes | bool) -> None:
    with transaction.atomic(using=KEYS):
        row = Emergency.objects.select_for_update().get(id=_ROW)
        owed = " ".join(dict.fromkeys([*row.owed.split(), word]))
        Emergency.objects.filter(id=_ROW).update(owed=owed, changed_at=now, **fields)
        transaction.on_commit(slots.wash, using=KEYS)


def owed() -> tuple[tuple[str, ...], datetime | None]:
    """Give what the journal was not told of yet, in order, and when the last of it happened."""
    row = Emergency.objects.get(id=_ROW)
    return tuple(row.owed.split()), row.changed_at


def told(words: Iterable[str]) -> None:
    """Strike what the journal has been told of."""
    with transaction.atomic(using=KEYS):
        row = Emergency.objects.select_for_update().get(id=_ROW)
        left = [word for word in row.owed.split() if word not in set(words)]
        Emergency.objects.filter(id=_ROW).update(owed=" ".join(left))


def doom(cases: Iterable[UUID]) -> None:
    """Put cases on the list of those that an emergency shreds."""
    with transaction.atomic(using=KEYS):
        for case in cases:
            Doomed.objects.get_or_create(case=case)


def follow(went: Mapping[UUID, UUID]) -> None:
    """Put reports that went into cases on the list, `{report: case}`, as far as the case is on it."""
    with transaction.atomic(using=KEYS):
        listed = set(Doomed.objects.select_for_update().filter(went_into=None).values_list("case", flat=True))
        for report, case in went.items():
            if case in listed:
                Doomed.objects.update_or_create(case=report, defaults={"went_into": case})


def let_go(report: UUID) -> None:
    """Take a report from the list that is taken out of its case again."""
    Doomed.objects.filter(case=report, shredded=False).exclude(went_into=None).delete()


def spare(cases: Iterable[UUID]) -> int:
    """Take cases from the list and tell how many were on it; what is shredded stays until the journal knows of it."""
    spared = list(cases)
    with transaction.atomic(using=KEYS):
        Doomed.objects.filter(went_into__in=spared, shredded=False).delete()
        return Doomed.objects.filter(case__in=spared, shredded=False).delete()[0]


def list_doomed(*, shredded: bool | None = None) -> list[UUID]:
    """List the cases that an emergency shreds, or those of them that it did or did not shred yet."""
    found = Doomed.objects.filter(went_into=None).order_by("case")
    return list((found if shredded is None else found.filter(shredded=shredded)).values_list("case", flat=True))


def shred_doomed() -> list[UUID]:
    """Destroy the keys of every case and report on the list, and list the cases. The main database is not asked."""
    cases = list_doomed()
    listed = list(Doomed.objects.values_list("case", flat=True))
    slots.destroy_all(slots.numbers_of(listed))
    for each in listed:
        Doomed.objects.filter(case=each, shredded=False).update(shredded=True)
    return cases


def settled(cases: Iterable[UUID]) -> None:
    """Take shredded cases from the list: the journal and the main database know of them."""
    known = list(cases)
    with transaction.atomic(using=KEYS):
        Doomed.objects.filter(Q(case__in=known) | Q(went_into__in=known), shredded=True).delete()
