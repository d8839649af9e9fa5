"""Recovery by the custodians: two people make the key of the organisation, and two use it with three of five shares."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.core.errors import NotAllowed
from tocsin.journal import actions as journal
from tocsin.vault import organisation
from tocsin.vault.models import Grant


def make_shares(two: tuple[Actor, Actor], *, now: datetime) -> tuple[str, ...]:
    """Make a new key of the organisation; give its five shares, to be written down by five people and kept nowhere.

    Raises:
        NotAllowed: if the two are one, or one of them may not.
    """
    one, other = _demand_two(two, "recovery.make", now)
    with transaction.atomic():
        shares = organisation.make(one.ring, now=now)
        journal.record(one.id, "organisation.key.made", now=now, second=other.id)
    return shares


def recover_case(
    two: tuple[Actor, Actor],
    shares: Iterable[str],
    case: UUID,
    to: UUID,
    *,
    reason: str,
    ends_at: datetime,
    now: datetime,
) -> tuple[Grant, ...]:
    """Give a colleague access to a case that nobody can open, with the shares of three custodians.

    Raises:
        NotAllowed: if the two are one, one of them may not, or the case is not for the custodians.
        WrongSecret: if the shares do not make the key.
    """
    one, other = _demand_two(two, "recovery.use", now)
    with transaction.atomic():
        grants = organisation.recover(shares, case, to, reason=reason, ends_at=ends_at, now=now)
        journal.record(one.id, "casework.case.recovered", case, now=now, second=other.id, to=to, grants=len(grants))
    return grants


def _demand_two(two: tuple[Actor, Actor], verb: str, now: datetime) -> tuple[Actor, Actor]:
    for each in two:
        demand(each, verb, now=now)
    if two[0].id == two[1].id:
        raise NotAllowed("it takes two people")
    return two
