"""Taking an archive of published appeals over: two approvers say that it lay there like this, and approve nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.core.archive import Plan, Unit
from tocsin.core.codes import Listing, read_list
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.core.publication import key_id_of
from tocsin.journal import actions as journal
from tocsin.publishing import actions as publishing
from tocsin.publishing import codes, signatories

TAKE_OVER = "archive.take_over"
Two = tuple[Actor, Actor]


def begin(two: Two, plan: Plan, *, now: datetime) -> int:
    """Write down that an archive is about to be taken over, and note its codes as given out.

    Args:
        two: Two approvers.
        plan: What becomes of its documents.
        now: When.

    Returns:
        How many codes were new.

    Raises:
        NotAllowed: if one of them may not.
        BadRequest: if they are one person, or the key of one does not count for what is published.
        BadRegistry: if the registry has changed meanwhile, so that a number belongs to another code.
    """
    demand_two(two, now=now)
    first, second = two
    with transaction.atomic():
        journal.record(
            first.id,
            "appeals.archive.begun",
            now=now,
            second=second.id,
            documents=len(plan.rows),
            appeals=len(plan.units),
        )
        return codes.take_in(plan.codes, now=now)


def look_at_codes(written: str, *, name: str) -> Listing:
    """Read a list of codes beside the registry; nothing is changed."""
    return read_list(written, codes.list_entries(), name=name)


def import_codes(actor: Actor, written: str, *, name: str, now: datetime) -> Listing:
    """Note the codes of a list as given out; lines that are refused are left out.

    Raises:
        NotAllowed: if she may not.
    """
    demand(actor, "codes.import", now=now)
    with transaction.atomic():
        listing = look_at_codes(written, name=name)
        codes.take_in(listing.new, now=now)
        journal.record(
            actor.id, "appeals.codes.imported", now=now, codes=len(listing.new), refused=len(listing.refused)
        )
    return listing


def demand_two(two: Two, *, now: datetime) -> None:
    """Refuse who is not two approvers whose keys count."""
    first, second = two
    for actor in two:
        demand(actor, TAKE_OVER, now=now)
    if first.id == second.id:
        raise BadRequest("two different people are needed")
    in_office = {each.id for each in signatories.in_office()}
    if any(key_id_of(actor.ring.public().sign) not in in_office for actor in two):
        raise NotAllowed(
            "the key of one of the two does not count for what is published",
            hint="an administrator admits it at the desk",
        )


def take_over(two: Two, units: Sequence[Unit], *, now: datetime) -> None:
    """Show some appeals of an archive, signed by both, in one transaction with its entry in the journal.

    What is there already stays: whoever was stopped begins again.

    Raises:
        BadPublication, ChangedMeanwhile: as `publishing.actions.take_over`; then none of them is shown.
    """
    first, second = two
    with transaction.atomic():
        for unit in units:
            signed = signatories.sign(signatories.sign(unit.appeal, first.ring), second.ring)
            publishing.take_over(signed, now=now)
        journal.record(first.id, "appeals.archive.taken_over", now=now, second=second.id, appeals=len(units))
