"""Which cases of a list cannot be opened, asked of all of them at once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from tocsin.accounts.actor import Actor
from tocsin.casework import queries, store
from tocsin.casework.models import SealedRecord
from tocsin.casework.parts import compartments
from tocsin.core.errors import Locked
from tocsin.vault import bulk
from tocsin.vault.opened import CompartmentKeys


def list_broken(actor: Actor, cases: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Tell which cases were set back, or have an outline or a key that does not open.

    A list shows what lies in summaries: without this it would name a case as if nothing had happened to it. What does
    not open is asked once more: somebody may have given it another key after the keys were read.
    """
    closed = _list_closed(actor, cases, now=now)
    return queries.list_set_back(cases) | (_list_closed(actor, closed, now=now) if closed else set())


def _list_closed(actor: Actor, cases: Collection[UUID], *, now: datetime) -> set[UUID]:
    keys = bulk.open_cases(actor.ring, Q(case__in=list(cases)), now, adopt=False).keys
    outlines = SealedRecord.objects.filter(case__in=list(cases), row=F("case_id"), version=F("case__version"))
    sealed = {
        case: (version, bytes(value)) for case, version, value in outlines.values_list("case_id", "version", "sealed")
    }
    return {case for case in cases if not _opens(case, keys, sealed)}


def _opens(
    case: UUID, keys: Mapping[tuple[UUID, str], CompartmentKeys], sealed: Mapping[UUID, tuple[int, bytes]]
) -> bool:
    key = keys.get((case, compartments().default))
    if key is None or case not in sealed:
        return False
    version, value = sealed[case]
    try:
        store.open_outline(key, case, version, value)
    except Locked:
        return False
    return True
