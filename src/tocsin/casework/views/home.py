"""The first page: what is one's own to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.casework import barring, hurry
from tocsin.casework.agreeing import waiting_for
from tocsin.casework.search.while_opening import asked_again
from tocsin.casework.todo import list_work
from tocsin.casework.together.asked import asked_of
from tocsin.core.errors import StillOpening
from tocsin.intake.actions import look_over
from tocsin.intake.queries import list_reports
from tocsin.journal import clocks


@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """Show what needs one today, one's cases by what changed, and what waits for others."""
    reads_reports = may(request.actor, "report.read", now=request.now)
    reports = list_reports(request.actor, now=request.now) if reads_reports else []
    work, opening = None, None
    try:
        work = list_work(request.actor, now=request.now)
    except StillOpening as error:
        opening = error
    shown = {
        "reads_reports": reads_reports,
        "reports": look_over(request.actor, reports, now=request.now) if reads_reports else None,
        "work": work,
        "opening": opening,
        "names": list_names(request.actor, now=request.now),
        "to_look_at": barring.list_to_look_at(request.actor, now=request.now),
        "hurried": hurry.list_hurried(request.actor, now=request.now),
        "second": waiting_for(request.actor, now=request.now),
        "asked": asked_of(request.actor, now=request.now),
        "gives_access": may(request.actor, "case.grant", now=request.now),
        "is_clock_doubted": bool(clocks.list_doubts(now=request.now)),
        "reads_cases": may(request.actor, "case.read", now=request.now),
    }
    answer = render(request, "casework/home.html", shown)
    return asked_again(answer) if opening else answer
