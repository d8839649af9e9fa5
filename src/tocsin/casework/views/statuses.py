"""Where a record or the whole case stands: entering the next status."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.casework import actions as cases
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing import actions
from tocsin.casework.editing.fields import said
from tocsin.casework.editing.statuses import StatusForm, history
from tocsin.casework.views.editing import around, back_to, newest_of, page, seen
from tocsin.core.editing import lives
from tocsin.core.errors import BadCase, BadRequest, ChangedMeanwhile


@require_POST
def record_status(request: DeskRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """Enter the next status of a record."""
    opened = actions.open_record(request.actor, case_id, record_id, now=request.now, version=seen(request))
    life = lives().get(type(opened.record).__name__)
    if life is None:
        raise Http404
    made = around(request, opened.opened, opened.place.section)
    form = StatusForm(request.POST, life, opened.record, made)
    if form.is_valid() and _entered(request, opened.opened, opened.place.section, opened.place.at, form):
        return back_to(opened)
    newest = newest_of(request, opened)
    return page(request, newest or opened, status=form, is_gone=newest is None)


def _entered(request: DeskRequest, opened: OpenCase, section: str, at: str, form: StatusForm) -> bool:
    try:
        actions.enter_status(request.actor, opened, section, at, form.status(), now=request.now)
    except ChangedMeanwhile:
        form.add_error(None, gettext("Somebody else changed this meanwhile. The list shows how it stands now."))
    except BadRequest as error:
        form.add_error(None, said(error))
    except BadCase:
        form.add_error(None, gettext("This does not fit to the rest of the case."))
    else:
        return True
    return False


@require_http_methods(["GET", "HEAD", "POST"])
def case_status(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show where the case as a whole stood and stands, and enter what comes next."""
    posted = request.POST if request.method == "POST" else None
    version = seen(request) if posted is not None else None
    opened = cases.read_case(request.actor, case_id, now=request.now, version=version)
    life, made = lives()["Case"], around(request, opened, "statuses")
    form = StatusForm(posted, life, opened.case, made)
    if posted is not None and form.is_valid() and _entered(request, opened, "", "", form):
        return HttpResponseRedirect(reverse("case", args=[case_id]))
    if posted is not None:
        opened = cases.read_case(request.actor, case_id, now=request.now)
    shown = {
        "case_id": case_id,
        "form": form,
        "version": opened.version,
        "history": history(life, opened.case, made, list_names(request.actor, now=request.now)),
    }
    return render(request, "casework/editing/case_status.html", shown, status=400 if form.errors else 200)
