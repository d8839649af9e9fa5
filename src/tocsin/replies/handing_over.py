"""Handing on what a mail told us: new information of a partner to intake, as a report with the mail as it came."""

from datetime import datetime
from uuid import UUID

from tocsin.accounts.actor import Actor
from tocsin.core.errors import BadRequest
from tocsin.intake import actions as intake
from tocsin.intake.actions import Incoming
from tocsin.journal import actions as journal
from tocsin.replies import store
from tocsin.replies.actions import hold
from tocsin.replies.models import REPORTED
from tocsin.replies.reading import sender_of


def make_report(actor: Actor, mail_id: UUID, source_type: str, *, seen: int, now: datetime) -> UUID:
    """Make a report of a mail that was said to be new information; give its id.

    Raises:
        BadRequest: if nobody said so of it, or something was made of it before.
        ChangedMeanwhile: if somebody else decided about it meanwhile.
    """
    with hold(actor, mail_id, seen, now) as row:
        if not (row.filed_by and row.kind == "new_information") or row.became:
            raise BadRequest("only what somebody called new information goes to intake, and once")
        keys = store.keys(actor, row.key_id, now)
        reading = store.reading_of(keys, row)
        told_by = sender_of(reading) if reading else ""
        incoming = Incoming(store.content_of(actor, row, now), source_type, told_by, "mail.eml", "message/rfc822")
        report = intake.receive(actor, incoming, now=now)
        row.became = REPORTED
        journal.record(actor.id, "replies.mail.reported", mail_id, now=now, report=report)
    return report
