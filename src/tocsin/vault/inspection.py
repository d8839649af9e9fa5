"""Looking at the key store as a whole, without any key: what nobody asks for, and what is asked for and gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.db.models import BigIntegerField

from tocsin.core.errors import CannotOpen
from tocsin.vault import boxes, slots
from tocsin.vault.models import Grant, Holder, KeyLink, Slot, Vacancy

# A slot is taken before the row that names it is written; what is still without one after this time has no row.
_ORPHANED_AFTER = timedelta(hours=1)
# A crash leaves a handful. More means that the two databases are of different days, and then a key without a row may be
# the key of a row that comes back.
_MOST_ORPHANS = 100


@dataclass(frozen=True, slots=True)
class Inspection:
    """What there is in the key store: numbers of slots."""

    slots: int
    free: int
    orphans: tuple[int, ...]
    missing: int

    @property
    def belong_together(self) -> bool:
        """Tell whether key store and main database can be of the same moment."""
        return not self.missing and len(self.orphans) <= _MOST_ORPHANS


def inspect(now: datetime) -> Inspection:
    """Compare the key store with the rows that name its slots."""
    taken = Slot.objects.filter(taken_at__lte=now - _ORPHANED_AFTER).values_list("number", flat=True)
    candidates = sorted(set(taken) - set(_named()))
    return Inspection(
        slots=Slot.objects.count(),
        free=Vacancy.objects.count(),
        orphans=tuple(number for number, payload in slots.read(candidates).items() if payload),
        missing=_missing(now),
    )


def destroy_orphans(now: datetime) -> int:
    """Destroy the keys that a crash left without a row; none if there are more than a crash leaves."""
    found = list_orphans(now)
    slots.destroy_all(found)
    return len(found)


def list_orphans(now: datetime) -> tuple[int, ...]:
    """Give the numbers of those that are destroyed next."""
    found = inspect(now)
    return found.orphans if found.belong_together else ()


def _named() -> Iterator[int]:
    """Give every slot that a row of any room names: columns called `slot` or `..._slot`."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, BigIntegerField) and (field.name == "slot" or field.name.endswith("_slot")):
                yield from model._default_manager.exclude(**{field.name: None}).values_list(field.name, flat=True)


def _missing(now: datetime) -> int:
    """Count the keys that should be there: those of holders, and of grants that hold now but for shredded cases."""
    ways_in = Holder.objects.values_list("passphrase_slot", "recovery_slot")
    # The organisation has no way in, and says so with the number that no slot has.
    holders = [number for pair in ways_in for number in pair if number]
    live = Grant.objects.filter(ended_at=None).exclude(ends_at__lte=now)
    grants = dict(live.values_list("slot", "case"))
    links = dict(KeyLink.objects.values_list("slot", "case"))
    shredded = _shredded(grants)
    found = slots.read([*holders, *grants, *links])
    gone = sum(not found.get(number) for number in holders)
    gone += sum(not _is_box(found.get(slot, b"")) for slot, case in grants.items() if case not in shredded)
    return gone + sum(not found.get(slot) for slot, case in links.items() if case not in shredded)


def _shredded(grants: dict[int, UUID]) -> set[UUID]:
    """Give the cases none of whose live grants has a key any more: what remains of a shredding."""
    found = slots.read(grants)
    return set(grants.values()) - {case for slot, case in grants.items() if found.get(slot)}


def _is_box(payload: bytes) -> bool:
    if boxes.is_adopted(payload):
        return True
    try:
        boxes.giver_of(payload)
    except CannotOpen:
        return False
    return True
