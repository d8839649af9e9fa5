"""Whose approvals count for what is published: approvers whose keys an administrator admitted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.accounts.queries import list_workers
from tocsin.appeals.hatch import APPROVE
from tocsin.core.errors import NotAllowed
from tocsin.journal import actions as journal
from tocsin.publishing import signatories
from tocsin.vault import queries as vault

ADMIT = "signatory.admit"


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who approves, and whether her present key counts for what is published."""

    id: UUID
    is_admitted: bool


def list_approvers(actor: Actor, *, now: datetime) -> tuple[Approver, ...]:
    """List who works here as an approver."""
    demand(actor, ADMIT, now=now)
    counting = {each.public for each in signatories.in_office()}
    return tuple(Approver(each, vault.vouched_keys(each).sign in counting) for each in list_workers(APPROVE))


def admit(actor: Actor, holder: UUID, *, now: datetime) -> None:
    """Let the present key of an approver count for what is published from now on.

    Raises:
        NotAllowed: if she does not work here as an approver.
    """
    demand(actor, ADMIT, now=now)
    if holder not in list_workers(APPROVE):
        raise NotAllowed("there is no such approver")
    with transaction.atomic():
        signatories.admit(actor.ring, holder, now=now)
        journal.record(actor.id, "appeals.signatory.admitted", holder, now=now)


def retire(actor: Actor, holder: UUID, *, now: datetime) -> int:
    """Let the key of somebody count for nothing new; what it signed stays genuine. Gives how many keys that were."""
    demand(actor, ADMIT, now=now)
    with transaction.atomic():
        count = signatories.retire(holder, now=now)
        journal.record(actor.id, "appeals.signatory.retired", holder, now=now, keys=count)
    return count


def admit_all(root: Actor, *, now: datetime) -> None:
    """Let the keys of all approvers of a demonstration count."""
    for holder in list_workers(APPROVE):
        with transaction.atomic():
            signatories.admit(root.ring, holder, now=now)
            journal.record(root.id, "appeals.signatory.admitted", holder, now=now)
