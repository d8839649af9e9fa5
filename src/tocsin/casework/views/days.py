"""The days of a case, taken into a calendar."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tocsin.accounts.door import DeskRequest
from tocsin.casework import days
from tocsin.core.errors import BadRequest


@require_POST
def take_out_days(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Hand the days that lie ahead to the browser as a file, under a name that says nothing."""
    try:
        calendar = days.take_out(request.actor, case_id, now=request.now)
    except BadRequest:
        # The page offers it where there is a day; the last one passed meanwhile.
        return redirect("case", case_id)
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="days.ics"'
    return response
