"""Changing a case record by record."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from tocsin.accounts.door import DeskRequest, demand_listed
from tocsin.casework import queries
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing import actions
from tocsin.casework.editing.actions import OpenRecord
from tocsin.casework.editing.fields import Around, today
from tocsin.casework.editing.meeting import Difference, brought_together
from tocsin.casework.editing.naming import called
from tocsin.casework.editing.record_forms import RecordForm
from tocsin.casework.editing.tables import table
from tocsin.core.errors import BadCase, BadRequest, ChangedMeanwhile
from tocsin.core.records.folding import unfold


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: DeskRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """Show one record of a case as a form, and save it."""
    if request.method != "POST":
        opened = actions.open_record(request.actor, case_id, record_id, now=request.now)
        return _page(request, opened, _form(request, opened, None))
    opened = actions.open_record(request.actor, case_id, record_id, now=request.now, version=_seen(request))
    form = _form(request, opened, request.POST)
    demand_listed(request, form.fields)
    if not form.is_valid():
        return _page(request, opened, form)
    try:
        actions.change_record(request.actor, opened, form.record(), now=request.now)
    except ChangedMeanwhile:
        return _met(request, opened)
    except (BadCase, BadRequest) as error:
        form.refuse(error)
        return _page(request, opened, form)
    return HttpResponseRedirect(reverse("case", args=[case_id]) + f"#{opened.place.at}")


def _seen(request: DeskRequest) -> int | None:
    written = request.POST.get("seen", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 8 else None


def _around(request: DeskRequest, opened: OpenCase, section: str) -> Around:
    closed = queries.closed_fields(request.actor, opened.id, section, now=request.now)
    return Around(opened.case, get_language() or "en", today(request.now), closed)


def _form(request: DeskRequest, opened: OpenRecord, posted: QueryDict | dict[str, Any] | None) -> RecordForm:
    if table(type(opened.record).__name__) is None:
        raise Http404
    around = _around(request, opened.opened, opened.place.section)
    return RecordForm(posted, type(opened.record), unfold(opened.record), around, seen=opened.opened.version)


def _met(request: DeskRequest, mine: OpenRecord) -> HttpResponse:
    """Show what somebody else changed in the record meanwhile, and keep what was typed."""
    theirs = actions.open_record(request.actor, mine.opened.id, mine.place.row, now=request.now)
    before, now = _form(request, mine, None), _form(request, theirs, None)
    typed = {name: _typed(request.POST, name) for name in request.POST}
    together, differences = brought_together(before, now, typed)
    posted = QueryDict(mutable=True)
    for name, value in together.items():
        posted.setlist(name, value if isinstance(value, list) else ["" if value is None else str(value)])
    posted["seen"] = str(theirs.opened.version)
    return _page(request, theirs, _form(request, theirs, posted), differences=differences)


def _typed(posted: QueryDict, name: str) -> Any:
    values = posted.getlist(name)
    return values if len(values) > 1 else values[0] if values else ""


def _page(
    request: DeskRequest, opened: OpenRecord, form: RecordForm, *, differences: tuple[Difference, ...] = ()
) -> HttpResponse:
    found = table(type(opened.record).__name__)
    shown = {
        "opened": opened,
        "case_id": opened.opened.id,
        "kind": found.title if found else "",
        "name": called(opened.case, opened.record, get_language() or "en"),
        "form": form,
        "differences": differences,
    }
    status = 409 if differences else 400 if form.errors else 200
    return render(request, "casework/editing/record.html", shown, status=status)
