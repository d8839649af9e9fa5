"""A report brought into a case that is there already, with claims side by side; and taken out again."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tocsin.accounts.actor import Actor, demand
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.from_report import told_of
from tocsin.casework.queries import closed_fields
from tocsin.core.errors import BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.core.names import compare
from tocsin.core.recording import Choices, Signed, brought_in, told_case
from tocsin.core.records import Case, Source
from tocsin.intake import actions as intake
from tocsin.intake.opened import OpenReport
from tocsin.journal import actions as journal

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 6
# Two names of one sender; a likeness only chooses what the form begins with.
_SAME_SENDER = 0.9


@dataclass(frozen=True, slots=True)
class OpenBeside:
    """A report and a case as somebody has both open, and what was confirmed of the report as records."""

    report: OpenReport = field(repr=False)
    opened: OpenCase
    theirs: Case = field(repr=False)

    @property
    def sender(self) -> str:
        """Give the id of the source of the case that seems to have sent the report; empty where none does."""
        told_by = self.report.arrival.told_by
        alike = (
            each
            for each in self.opened.case.sources
            if each.identity and told_by and compare(each.identity, told_by).score >= _SAME_SENDER
        )
        return next((each.id for each in alike), "")


def open_beside(
    actor: Actor, report_id: UUID, case_id: UUID, *, now: datetime, version: int | None = None
) -> OpenBeside:
    """Open a report and a case side by side; that both were read is written down.

    Args:
        actor: Who looks.
        report_id: The report.
        case_id: The case.
        now: When.
        version: The state of the case that she had before her; the newest where none is named.
    """
    demand(actor, "report.decide", report_id, now=now)
    demand(actor, "case.edit", case_id, now=now)
    report = intake.open_report(actor, report_id, now=now)
    return _beside(report, actions.read_case(actor, case_id, now=now, version=version))


def _beside(report: OpenReport, opened: OpenCase) -> OpenBeside:
    return OpenBeside(report, opened, told_case(report.settled, told_of(report)))


def bring_in(
    actor: Actor, report_id: UUID, case_id: UUID, choices: Choices, *, seen: int, version: int | None, now: datetime
) -> OpenCase:
    """Bring what was confirmed of a report into a case, as a person decided; the report stays with intake.

    Args:
        actor: Who brings it in.
        report_id: The report.
        case_id: The case.
        choices: What she decided.
        seen: The number of decisions about the report that she had before her.
        version: The state of the case that she had before her.
        now: When.

    Raises:
        ChangedMeanwhile: if somebody else decided about the report, closed it, or changed the same records.
        BadRequest: if nothing was confirmed, triage does not allow it, or she may not write who told us.
        BadCase: if the case would contradict itself.
    """
    demand(actor, "case.edit", case_id, now=now)
    with transaction.atomic():
        held = intake.hold(actor, report_id, now=now)
        if held.report.version != seen:
            raise ChangedMeanwhile("somebody else decided this meanwhile; nothing was saved")
        opened = actions.read_case(actor, case_id, now=now, version=version)
        found = _beside(held, opened)
        _may_be_brought(actor, found, choices, now)
        signed = Signed(
            by=str(actor.id),
            on=timezone.localdate(now),
            word="".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
            contested=gettext("another report says otherwise"),
            superseded=gettext("somebody decided for the other"),
        )
        saved = actions.save_case(actor, opened, brought_in(opened.case, found.theirs, choices, signed), now=now)
        intake.take_into(actor, held, case_id, saved.version, now=now)
        journal.record(actor.id, "casework.report.brought", case_id, now=now, report=report_id, version=saved.version)
    return saved


def _may_be_brought(actor: Actor, found: OpenBeside, choices: Choices, now: datetime) -> None:
    if not (found.theirs.claims or found.theirs.places or found.theirs.law_cited):
        raise BadRequest("confirm at least one fact first: nothing else is brought into a case")
    if choices.source and found.opened.case.find_record(choices.source, Source) is None:
        raise BadRequest("there is no such source in this case")
    names_somebody = bool(found.report.arrival.told_by) and not choices.source
    if names_somebody and "identity" in closed_fields(actor, found.opened.id, "sources", now=now):
        raise BadRequest("you may not write who told us: let a colleague bring it in who holds the sources of the case")


def take_back(actor: Actor, report_id: UUID, *, now: datetime) -> OpenCase:
    """Take a report out of the case that it was brought into; the case is as it was, and the report waits again.

    What others changed since stays. What was changed in a record that came, or that the report changed, is not thrown
    away: then nothing is taken out.

    Raises:
        NotAllowed: if it was not brought into a case.
        ChangedMeanwhile: if somebody changed since what came with the report.
        BadCase: if something that was added since names a record that would go.
    """
    demand(actor, "report.decide", report_id, now=now)
    with transaction.atomic():
        held = intake.hold_taken(actor, report_id, now=now)
        into = held.brought
        if into is None:
            raise NotAllowed("this report was not brought into a case")
        demand(actor, "case.edit", into.case, now=now)
        after = actions.read_case(actor, into.case, now=now, version=into.version)
        before = actions.read_case(actor, into.case, now=now, version=into.version - 1)
        saved = actions.save_case(actor, after, before.case, now=now)
        intake.give_back(actor, held, now=now)
        journal.record(actor.id, "casework.report.taken_out", into.case, now=now, report=report_id)
    return saved
