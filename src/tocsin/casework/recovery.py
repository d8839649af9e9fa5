"""Recovery: what nobody can open any more, opened again by several people together, never by one alone.

Three of the five custodians open what was given to the key of the organisation; two people whose role says so ask for
it. What was given to nobody but a last holder, she opens again with two such people. An account whose person lost
every way in is restored by three custodians and any two colleagues, where no administrator can do it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts import staff
from tocsin.accounts.actor import Actor, demand, demand_step_up
from tocsin.accounts.models import Account
from tocsin.accounts.names import DIRECTORY
from tocsin.casework.models import CaseFile
from tocsin.core.errors import NotAllowed, NotVouched
from tocsin.journal import actions as journal
from tocsin.journal.queries import list_entries
from tocsin.vault import actions as vault
from tocsin.vault import emergency, last_holders, organisation
from tocsin.vault import queries as keys
from tocsin.vault.models import Grant
from tocsin.vault.organisation import Drawn

Two = tuple[Actor, Actor]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands, for those who run the site and can open none.

    Attributes:
        case: Its id.
        until: Until when every compartment is open to some person; nothing where one is not any more.
        custodians: Whether three custodians can open every compartment.
        has_recovery: Whether it was opened for that.
    """

    case: UUID
    until: datetime | None
    custodians: bool
    has_recovery: bool


def list_cases(now: datetime) -> list[Standing]:
    """Tell of each case that is not shredded until when a person can open all of it, and whether the custodians can."""
    files = dict(CaseFile.objects.filter(shredded_at=None).values_list("id", "has_recovery"))
    parts: dict[UUID, list[last_holders.Standing]] = {}
    for each in last_holders.standings(now, files):
        parts.setdefault(each.case, []).append(each)
    found = [_standing(case, parts[case], has_recovery=files[case]) for case in parts]
    return sorted(found, key=lambda each: (each.until is not None, each.until or now, str(each.case)))


def _standing(case: UUID, parts: list[last_holders.Standing], *, has_recovery: bool) -> Standing:
    ends = [part.until for part in parts if part.until is not None]
    return Standing(
        case=case,
        until=min(ends) if len(ends) == len(parts) else None,
        custodians=all(part.custodians for part in parts),
        has_recovery=has_recovery,
    )


def make_shares(two: Two, drawn: Drawn, *, now: datetime) -> None:
    """Take a drawn key of the organisation into use, once its five shares are on paper.

    Raises:
        NotAllowed: if the two are one, or one of them may not.
    """
    one, other = _demand_two(two, "recovery.make", now)
    with transaction.atomic():
        organisation.make(one.ring, drawn, now=now)
        journal.record(one.id, "organisation.key.made", now=now, second=other.id)


def try_shares(shares: Iterable[str], *, now: datetime) -> bool:
    """See whether three shares make a key, without opening anything; tell whether it is the present one.

    Raises:
        WrongSecret: if they make none.
    """
    emergency.demand_thawed()
    present = organisation.is_present(organisation.combine(shares))
    with transaction.atomic():
        journal.record(None, "organisation.key.tried", now=now, present=int(present))
    return present


def recover_case(
    two: Two,
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
    _demand_two(two, "recovery.use", now)
    ring = organisation.combine(shares)
    with transaction.atomic():
        grants = organisation.recover(ring, case, to, reason=reason, ends_at=ends_at, now=now)
        _write_down(two, case, to, grants, now)
    return grants


def recover_person(
    two: Two, shares: Iterable[str], to: UUID, *, reason: str, ends_at: datetime, now: datetime
) -> tuple[Grant, ...]:
    """Give somebody in her new account what she held in the one that was closed, as far as the custodians can open it.

    Raises:
        NotAllowed: if the two are one, one of them may not, or her account is in no other's place.
        WrongSecret: if the shares do not make the key.
    """
    _demand_two(two, "recovery.use", now)
    ring = organisation.combine(shares)
    before = _accounts_before(to)
    if not before:
        raise NotAllowed("this account was given in the place of no other", hint="tocsin site recovery case")
    theirs = set(keys.list_grants(now, holder=ring.holder).values_list("case", flat=True))
    given: list[Grant] = []
    with transaction.atomic():
        for case, held in _held_by(before).items():
            if case in theirs:
                grants = organisation.recover(
                    ring, case, to, compartments=held, reason=reason, ends_at=ends_at, now=now
                )
                _write_down(two, case, to, grants, now)
                given += grants
    return tuple(given)


def reopen_case(
    two: Two, holder: Actor, case: UUID, *, reason: str, ends_at: datetime, now: datetime
) -> tuple[Grant, ...]:
    """Let somebody who was the last to hold a case open it again after her day; two others have to agree.

    Raises:
        NotAllowed: if they are not three people, one of the two may not, or there is nothing that she was the last for.
    """
    one, other = _demand_two(two, "recovery.use", now)
    if holder.id in (one.id, other.id):
        raise NotAllowed("it takes two people besides the one whose access it is")
    demand(holder, "case.read", now=now)
    with transaction.atomic():
        grants = vault.reopen(holder.ring, case, reason=reason, ends_at=ends_at, now=now)
        if not grants:
            raise NotAllowed("she was not the last to hold this case", hint="tocsin site recovery list")
        facts = {"second": other.id, "to": holder.id}
        journal.record(one.id, "casework.case.reopened", case, now=now, grants=len(grants), **facts)
    return grants


def restore_account(two: Two, shares: Iterable[str], account: UUID, *, now: datetime) -> str:
    """Give a new account to somebody who lost every way into hers, where no administrator can do it; give its link.

    Any two colleagues ask for it, for a third: what keeps them from doing it alone are the shares.

    Raises:
        NotAllowed: if they are not three people.
        NotVouched: if nobody stands for one of the two.
        WrongSecret: if the shares do not make the present key.
    """
    emergency.demand_thawed()
    one, other = two
    if len({one.id, other.id, account}) < 3:
        raise NotAllowed("it takes two people, for a third")
    for each in two:
        demand_step_up(each, now=now)
        if not keys.is_vouched(each.id):
            raise NotVouched("nobody of this site stands for the keys of one of the two")
    if not organisation.is_present(organisation.combine(shares)):
        raise NotAllowed("these are shares of an earlier key")
    return staff.replace_account(one, account, second=other.id, now=now)


def _write_down(two: Two, case: UUID, to: UUID, grants: tuple[Grant, ...], now: datetime) -> None:
    one, other = two
    journal.record(one.id, "casework.case.recovered", case, now=now, second=other.id, to=to, grants=len(grants))


def _accounts_before(account: UUID) -> frozenset[UUID]:
    """Give the accounts in whose place this one was given, one after the other."""
    before: set[UUID] = set()
    while entry := list_entries(subject=account).filter(kind="accounts.account.restored").first():
        account = UUID(json.loads(entry.facts)["instead_of"])
        before.add(account)
    return frozenset(before)


def _held_by(accounts: frozenset[UUID]) -> dict[UUID, set[str]]:
    """Give what these accounts held when they were closed: cases, and compartments of each."""
    held: dict[UUID, set[str]] = {}
    for account, closed_at in Account.objects.filter(id__in=accounts).values_list("id", "disabled_at"):
        for grant in Grant.objects.filter(holder=account).exclude(case=DIRECTORY):
            if grant.ended_at in (None, closed_at):
                held.setdefault(grant.case, set()).add(grant.compartment)
    return held


def _demand_two(two: Two, verb: str, now: datetime) -> Two:
    for each in two:
        demand(each, verb, now=now)
    if two[0].id == two[1].id:
        raise NotAllowed("it takes two people")
    return two
