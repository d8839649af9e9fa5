"""Approval by two people with their keys, and release through the hatch."""

import datetime as dt
from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from tocsin.accounts.actor import Actor
from tocsin.appeals import clearing, hatch, store
from tocsin.appeals.actions import checked_now
from tocsin.appeals.checking import demand_clean
from tocsin.appeals.following import demand_still_true
from tocsin.appeals.models import Approval
from tocsin.appeals.store import AppealKey, OpenDraft
from tocsin.appeals.tables import moved
from tocsin.core.errors import BadRequest
from tocsin.core.publication import PublicAppeal
from tocsin.dispatch import outbox
from tocsin.journal import actions as journal
from tocsin.journal import clocks
from tocsin.publishing import actions as publishing

# An appeal that says it was issued on a day goes out on that day or soon after.
_LATEST = dt.timedelta(days=7)


def approve(actor: Actor, key: AppealKey, *, seen: int, now: datetime) -> str:
    """Sign all that becomes public, in one transaction with the code that the first approval gives out.

    Returns:
        The code.

    Raises:
        BadRequest: if a gate is not cleared, a finding stands, or she may not approve this one.
        ChangedMeanwhile: if it is another version by now.
    """
    with store.hold(actor, hatch.APPROVE, key, seen=seen, now=now) as draft:
        row = draft.row
        state = moved(row.state, "approve")
        _demand_other(actor, draft)
        _demand_cleared(draft)
        row.code = hatch.give_code(draft, now=now)
        demand_still_true(actor, draft, now=now)
        demand_clean(checked_now(actor, draft, now=now))
        appeal = hatch.public_appeal(draft, row.code)
        Approval.objects.create(
            id=uuid4(),
            appeal=row,
            version=draft.version,
            author=draft.author,
            editor=draft.editor,
            by=actor.id,
            at=now,
            signature=actor.ring.signature(appeal.message),
        )
        rows = hatch.approvals_of(row, draft.version)
        enough = len(hatch.signed_by(rows, draft, appeal)) >= hatch.NEEDED
        row.state = moved(row.state, "approve_last") if enough else state
        row.save(update_fields=["state", "code"])
        journal.record(actor.id, "appeals.appeal.approved", row.id, now=now, case=key.case, version=draft.version)
    return row.code


def _demand_other(actor: Actor, draft: OpenDraft) -> None:
    if actor.id in draft.writers:
        raise BadRequest("whoever wrote in an appeal does not approve it")
    if actor.id == clearing.who_cleared(draft, "security"):
        raise BadRequest("whoever cleared the security of an appeal does not approve it")
    if Approval.objects.filter(appeal=draft.row, version=draft.version, by=actor.id).exists():
        raise BadRequest("you approved this already; somebody else has to be the second")


def _demand_cleared(draft: OpenDraft) -> None:
    if draft.content.doubt is not None:
        raise BadRequest("it says what its case hides: mend it, and submit it anew")
    if not all(clearing.cleared(draft).values()):
        raise BadRequest("not all gates are cleared by signatures that hold")


def release(actor: Actor, key: AppealKey, *, seen: int, now: datetime) -> str:
    """Publish an approved appeal, after everything was looked at once more: gates, findings, consents, signatures.

    Returns:
        The code.

    Raises:
        BadRequest: if its day has not come or is long past, a finding stands, or fewer than two approvals hold. Where
            an hour is set from which it shows, it may be published before its day.
        NotSigned: if those who approved are no publishers.
        ClockDoubted: while nobody can tell whether its day has come.
    """
    clocks.demand_right(now=now)
    with store.hold(actor, "appeal.release", key, seen=seen, now=now) as draft:
        row = draft.row
        row.state = moved(row.state, "release")
        day, today = hatch.day_of(draft), timezone.localdate(now)
        is_early = today < day and draft.content.not_before is None
        if not row.times and (is_early or today > day + _LATEST):
            raise BadRequest("its day of issue has not come yet, or is more than a week past: set another one")
        _demand_cleared(draft)
        demand_still_true(actor, draft, now=now)
        demand_clean(checked_now(actor, draft, now=now))
        publish = publishing.correct if row.times else publishing.publish
        published = publish(signed(draft), now=now)
        if row.times:
            # What a correction leaves out is mailed to nobody else, however late the correction itself shows.
            outbox.pause_all("corrected", of=published.slug)
        row.released_at, row.published, row.times = row.released_at or now, draft.version, row.times + 1
        row.save(update_fields=["state", "released_at", "published", "times"])
        journal.record(actor.id, "appeals.appeal.released", row.id, now=now, case=key.case, version=draft.version)
    return row.code


def signed(draft: OpenDraft) -> PublicAppeal:
    """Give an appeal with the approvals that count.

    Raises:
        BadRequest: if there are fewer than two of them.
    """
    appeal = hatch.public_appeal(draft, draft.row.code)
    counted = hatch.signed_by(hatch.approvals_of(draft.row, draft.version), draft, appeal)
    security = clearing.who_cleared(draft, "security")
    signatures = [each for by, each in counted.items() if by != security]
    if len(signatures) < hatch.NEEDED:
        raise BadRequest("fewer than two approvals hold: who gave one may have left, or the text is another")
    return hatch.with_signatures(appeal, signatures)
