"""Taking an archive of published appeals over: two approvers say that it lay there like this, and approve nothing.

What was taken over they correct and take back in the same way, by their signatures.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.appeals.store import RETRACT
from tocsin.appeals.two import Two, demand_two, signed_by_both
from tocsin.core.archive import Plan, Unit
from tocsin.core.codes import OBSERVATORY, Listing, format_code, parse, read_list
from tocsin.core.errors import NotPublished
from tocsin.core.publication import PublicAppeal, Retraction, Words
from tocsin.journal import actions as journal
from tocsin.publishing import actions as publishing
from tocsin.publishing import archive, codes

TAKE_OVER = "archive.take_over"


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
    demand_two(two, TAKE_OVER, now=now)
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


def take_over(two: Two, units: Sequence[Unit], *, now: datetime) -> None:
    """Show some appeals of an archive, signed by both, in one transaction with its entry in the journal.

    What is there already stays: whoever was stopped begins again.

    Raises:
        BadPublication, ChangedMeanwhile: as `publishing.actions.take_over`; then none of them is shown.
    """
    first, second = two
    with transaction.atomic():
        for unit in units:
            publishing.take_over(signed_by_both(two, unit.appeal), now=now)
        journal.record(first.id, "appeals.archive.taken_over", now=now, second=second.id, appeals=len(units))


def find_archived(typed: str, *, now: datetime) -> PublicAppeal:
    """Give the archived appeal that is shown under a code, however it was typed.

    Raises:
        BadCode: if it is no code.
        NotPublished: if no appeal of the archive is shown under it.
    """
    printed = format_code(parse(typed, scheme=OBSERVATORY).code, OBSERVATORY)
    there = archive.find(printed, now=now)
    if there is None or not there.is_archived:
        raise NotPublished(
            "no appeal of the archive is shown under this code",
            hint="one that was approved here is corrected and taken back on its page at the desk",
        )
    return there


def withdraw(two: Two, there: PublicAppeal, note: Words, *, now: datetime) -> None:
    """Take an appeal of the archive back, in the way of one that was approved here: two sign that it is.

    Raises:
        NotAllowed: if one of them may not.
        StepUpNeeded: if one did not show her second factor just now.
        BadRequest: if they are one person.
    """
    first, second = two
    demand_two(two, RETRACT, now=now)
    retraction = Retraction(there.code, now.astimezone(UTC).replace(microsecond=0), (note,))
    with transaction.atomic():
        publishing.retract(signed_by_both(two, retraction), now=now)
        journal.record(first.id, "appeals.archive.withdrawn", archive.id_of(there), now=now, second=second.id)


def correct(two: Two, appeal: PublicAppeal, *, now: datetime) -> None:
    """Publish the next version of an appeal of the archive.

    Raises:
        NotAllowed: if one of them may not.
        StepUpNeeded: if one did not show her second factor just now.
        BadRequest: if they are one person.
        BadPublication, ChangedMeanwhile, Withdrawn: as `publishing.actions.take_over`.
    """
    first, second = two
    demand_two(two, TAKE_OVER, now=now)
    with transaction.atomic():
        row = publishing.take_over(signed_by_both(two, appeal), now=now)
        journal.record(first.id, "appeals.archive.corrected", row.id, now=now, second=second.id, version=appeal.version)
