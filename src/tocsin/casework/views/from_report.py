"""Opening a case from a report."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tocsin.accounts.door import DeskRequest
from tocsin.casework import from_report
from tocsin.core.errors import BadCase, BadRequest, ChangedMeanwhile


@require_POST
def open_from_report(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Open a case with what was confirmed, and go to its page."""
    try:
        opened = from_report.open_from_report(request.actor, report_id, now=request.now)
    except (ChangedMeanwhile, BadRequest) as error:
        what = gettext(error.what)
    except BadCase:
        what = gettext("The times of the facts exclude one another. Correct a day or an hour, then try again.")
    else:
        return HttpResponseRedirect(reverse("case", args=[opened.id]))
    return render(request, "intake/not_opened.html", {"report_id": report_id, "what": what}, status=409)
