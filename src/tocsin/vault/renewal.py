"""New data keys where a grant has run out: nobody was at hand on that day, so the next who saves does it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.vault import actions, queries
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, KeyState
from tocsin.vault.sealing import DataKey, new_key


def renew(ring: Keyring, case: UUID, *, now: datetime) -> tuple[str, ...]:
    """Change the data keys of those compartments of a case that somebody's grant has run out for; names them.

    Whoever held a grant until its day may have kept the key. Called before anything is sealed, so that what is saved
    after that day is closed to her; by a clock that is in doubt nobody's day has come. A compartment that one does not
    hold waits for somebody who does.
    """
    with transaction.atomic():
        for compartment in _run_out(case, now):
            actions.lock(case, compartment)
            actions.end_run_out(case, compartment, now)
        due = KeyState.objects.filter(case=case, renewal_due=True)
        if not due.exists():
            return ()
        held = queries.open_case(ring, case, now).compartments
        return tuple(_renew(ring, case, state, now) for state in due.filter(compartment__in=list(held)))


def _run_out(case: UUID, now: datetime) -> list[str]:
    expired = Grant.objects.filter(case=case, ended_at=None, ends_at__lte=now)
    return sorted(set(expired.values_list("compartment", flat=True)))


def _renew(ring: Keyring, case: UUID, seen: KeyState, now: datetime) -> str:
    state = actions.lock(case, seen.compartment)
    older = queries.open_case(ring, case, now)[state.compartment].newest
    newer = DataKey(case, state.compartment, older.version + 1, new_key())
    everybody = list(queries.list_grants(now, case=case).filter(compartment=state.compartment))
    actions.rekey(ring, newer, older, everybody, [], now)
    state.version, state.renewal_due = newer.version, False
    state.save(update_fields=["version", "renewal_due"])
    return state.compartment
