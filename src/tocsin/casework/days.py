"""The days of a case that lie ahead, for a calendar of one's own: that there is one, and nothing of the case."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tocsin.accounts.actor import Actor, demand
from tocsin.casework.actions import read_case
from tocsin.casework.pages.standing import status_of_case
from tocsin.core.editing import lives
from tocsin.core.errors import BadRequest
from tocsin.core.icalendar import Day, write
from tocsin.core.records import Case
from tocsin.journal import actions as journal

VERB = "case.take_out"
_DAY = len("2021-05-29")
_OPEN = frozenset({"issued", "acknowledged", "partially_met"})


def take_out(actor: Actor, case: UUID, *, now: dt.datetime) -> bytes:
    """Give the days of a case as a calendar, for who may carry something of it out of the site.

    Raises:
        NotAllowed: if she may not.
        BadRequest: if no day lies ahead.
    """
    demand(actor, VERB, case, now=now)
    days = tuple(ahead(read_case(actor, case, now=now).case, case, timezone.localdate(now)))
    if not days:
        raise BadRequest("no day of this case lies ahead")
    with transaction.atomic():
        journal.record(actor.id, "casework.days.taken_out", case, now=now, days=len(days))
    return write(days, now)


def ahead(case: Case, case_id: UUID, today: dt.date) -> Iterator[Day]:
    """Give the hearings, reviews and deadlines from today on; none says whose, or of which case.

    The id of a day is drawn from that of the case, which is in no calendar: who has the calendar alone learns nothing
    by it, and a hearing that was put off takes the place of the one before.
    """
    for key, words, on in _days(case):
        if on >= today if not isinstance(on, dt.datetime) else on.date() >= today:
            yield Day(str(uuid5(case_id, key)), words, on)


def _days(case: Case) -> Iterator[tuple[str, str, dt.date]]:
    for proceeding in case.proceedings:
        written = proceeding.next_hearing or ""
        if len(written) >= _DAY:
            yield f"hearing {proceeding.id}", gettext("Hearing"), _moment(written, case.timezone_default)
    standing = status_of_case(case)
    if standing and standing.review_on:
        yield "review", gettext("Review"), standing.review_on
    for each in case.demands:
        last = lives()["Demand"].in_force(each)
        if each.deadline and (not last or any(status.value in _OPEN for status in last)):
            yield f"deadline {each.id}", gettext("Deadline"), each.deadline
    for record, day in (
        *((each.id, each.expires_on) for each in case.consents),
        *((each.id, each.valid_until) for each in case.risks),
    ):
        if day:
            yield f"review {record}", gettext("Review"), day


def _moment(written: str, zone: str | None) -> dt.date:
    if len(written) == _DAY:
        return dt.date.fromisoformat(written)
    return dt.datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone) if zone else None)
