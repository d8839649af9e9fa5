"""A case from a report: the facts that people confirmed, with who told us and the words that each rests on."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tocsin.accounts.actor import Actor, demand
from tocsin.casework.actions import OpenCase, open_new_case
from tocsin.core.errors import BadRequest
from tocsin.core.recording import AboutReport, case_of, left_behind
from tocsin.core.records import CaseStatus
from tocsin.intake import actions as intake
from tocsin.intake.opened import OpenReport


def open_from_report(
    actor: Actor,
    report_id: UUID,
    *,
    now: datetime,
    country: str | None = None,
    left: Collection[str] | None = None,
) -> OpenCase:
    """Open a case file with what was confirmed of a report; the report stays with intake, under its own key.

    Args:
        actor: Who opens it.
        report_id: The report.
        now: When.
        country: Where it happened, if a person chose it; empty where she said that it is not known.
        left: The keys of the doubtful facts that she saw will stay behind, since nobody decided about them.

    Raises:
        ChangedMeanwhile: if somebody else closed the report.
        BadRequest: if nobody was confirmed for whom it could be, triage does not allow it, or a doubtful fact would
            stay behind that she did not see.
        BadCase: if the times of the facts exclude one another.
    """
    demand(actor, "case.open", now=now)
    with transaction.atomic():
        held = intake.hold(actor, report_id, now=now)
        if left is not None and not {each.fact.key for each in left_behind(held.settled)} <= set(left):
            raise BadRequest("facts of which the text is not sure would stay behind unseen: look at them first")
        told = case_of(held.settled, told_of(held, country))
        # What was told is in mandate, and still to be verified: so the case begins (domain paper, section 3.1).
        begins = CaseStatus(value="verification", as_of=timezone.localdate(now), by=str(actor.id))
        claims = tuple(replace(claim, analyst=str(actor.id)) for claim in told.claims)
        case = replace(told, statuses=(begins,), claims=claims)
        opened = open_new_case(actor, case, reason=gettext("opened from a report"), now=now)
        intake.take(actor, held, opened.id, now=now)
    return opened


def told_of(held: OpenReport, country: str | None = None) -> AboutReport:
    """Say what is known of a report besides its facts; a country goes before those that were read."""
    arrival = held.arrival
    read = tuple(dict.fromkeys(code for each in held.documents for code in each.countries))
    return AboutReport(
        language=held.language,
        countries=read if country is None else (country,) if country else (),
        source_type=arrival.source_type,
        source_identity=arrival.told_by,
        received=timezone.localtime(held.report.received_at),
        sha256=arrival.sha256,
        size=arrival.size,
        media_type=arrival.media_type,
        address=f"urn:uuid:{held.id}",
    )
