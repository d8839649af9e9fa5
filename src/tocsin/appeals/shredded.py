"""When a case is shredded: what waits for its hour does not show, and what is on its way by mail waits for a person.

Nobody opens the case any more who could see what is wrong with an appeal of it. What is public already stands until two
approvers take it back, on the page of the archive or at the machine (`archiving`).
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.appeals.models import Appeal
from tocsin.dispatch import outbox
from tocsin.journal import actions as journal
from tocsin.publishing import actions as publishing
from tocsin.publishing import queries


def stop(cases: Collection[UUID], by: UUID | None, now: datetime) -> None:
    """Hold back and pause whatever of these cases was published; may be done twice, and asks for no key.

    Args:
        cases: Whose keys are destroyed, or are about to be.
        by: Who shreds them; nobody where the machine does.
        now: When.
    """
    rows = list(Appeal.objects.filter(case__in=cases).exclude(code="").order_by("id"))
    if not rows:
        return
    with transaction.atomic():
        # Before anything is journalled, as whoever publishes does.
        publishing.hold()
        for row in rows:
            _stop_one(row, by, now)


def _stop_one(row: Appeal, by: UUID | None, now: datetime) -> None:
    found = queries.find_in_public(row.code, now=now)
    if found is None:
        return
    with transaction.atomic():
        if not found.is_held_back and not queries.find_gone(found.slug) and publishing.hold_back(row.code, now=now):
            version = row.published
            journal.record(by, "appeals.appeal.held_back", row.id, now=now, case=row.case_id, version=version)
        for mailing in outbox.pause_all("shredded", of=found.slug):
            journal.record(by, "appeals.mailing.paused", mailing, now=now)
