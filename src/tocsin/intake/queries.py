"""Reading what says nothing of reports."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from tocsin.accounts.actor import Actor
from tocsin.core.errors import CannotOpen, NotAllowed
from tocsin.intake.models import DECLINED, ERASED, TAKEN, WAITING, Report
from tocsin.journal import queries as journal
from tocsin.vault import queries as vault

DECIDED = "intake.report.decided"


def list_reports(actor: Actor, *, now: datetime, waiting: bool = True) -> list[Report]:
    """List the reports that a person holds a key of: those that wait, or those that are done; the newest first."""
    # Somebody may hold keys of twenty thousand cases: which of them are reports is asked where both lie.
    held = vault.list_grants(now, holder=actor.id).values("case")
    found = Report.objects.filter(id__in=held).exclude(state=ERASED)
    found = found.filter(state=WAITING) if waiting else found.exclude(state=WAITING)
    return list(found.order_by("-received_at"))


def get_report(report_id: UUID, *, for_saving: bool = False) -> Report:
    """Give the row of a report.

    Raises:
        NotAllowed: if there is none, or it was erased.
        CannotOpen: if somebody set it back to an earlier state.
    """
    rows = Report.objects.filter(id=report_id).exclude(state=ERASED)
    if for_saving:
        # Whoever waited for somebody else's decision reads afterwards, what that decision left.
        rows.select_for_update().first()
    report = rows.annotate(decided=journal.last_facts_of_each(DECIDED)).first()
    if report is None:
        raise NotAllowed("there is no such report, or you may not open it")
    if (json.loads(report.decided)["version"] if report.decided else 0) != report.version:
        raise CannotOpen("this report is not as it was left: somebody set it back", hint="tocsin site check")
    return report


def declined_by(now: datetime) -> QuerySet[Report]:
    """Give the declined reports whose day has come by a time."""
    return Report.objects.filter(state=DECLINED, erase_on__lte=timezone.localdate(now))


def went_into(cases: Iterable[UUID]) -> QuerySet[Report]:
    """Give the reports that went into cases."""
    return Report.objects.filter(state=TAKEN, case__in=list(cases))
