"""Letting more people see a record: asking, agreeing as another person, and taking that back."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tocsin.accounts.door import DeskRequest
from tocsin.casework import lowering
from tocsin.casework.editing import actions
from tocsin.casework.editing.actions import OpenRecord
from tocsin.casework.forms import LowerForm
from tocsin.casework.views import editing
from tocsin.core.errors import BadRequest, ChangedMeanwhile


@require_POST
def ask_class(request: DeskRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """Ask that more people may see a record."""
    opened = actions.open_record(request.actor, case_id, record_id, now=request.now)
    form = LowerForm(request.POST, opened.record)
    if form.is_valid():
        try:
            lowering.ask(request.actor, opened, form.cleaned_data["wanted"], form.cleaned_data["why"], now=request.now)
        except BadRequest as error:
            form.add_error(None, gettext(error.what))
        else:
            return _back(opened)
    return editing.page(request, opened, beside=form)


@require_POST
def agree_class(request: DeskRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """Agree that more people may see a record."""
    opened = actions.open_record(request.actor, case_id, record_id, now=request.now)
    try:
        lowering.agree(request.actor, opened, _asked(request), now=request.now)
    except (BadRequest, ChangedMeanwhile) as error:
        return _refused(request, opened, error)
    return _back(opened)


@require_POST
def refuse_class(request: DeskRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """Take back that more people may see a record, or refuse it."""
    opened = actions.open_record(request.actor, case_id, record_id, now=request.now)
    try:
        lowering.withdraw(request.actor, opened, _asked(request), now=request.now)
    except BadRequest as error:
        return _refused(request, opened, error)
    return _back(opened)


def _refused(request: DeskRequest, opened: OpenRecord, error: BadRequest | ChangedMeanwhile) -> HttpResponse:
    form = LowerForm({}, opened.record)
    form.errors.clear()
    form.add_error(None, gettext(error.what))
    return editing.page(request, opened, beside=form)


def _asked(request: DeskRequest) -> UUID:
    try:
        return UUID(request.POST.get("ask", ""))
    except ValueError as error:
        raise BadRequest("nobody asks for this any more") from error


def _back(opened: OpenRecord) -> HttpResponse:
    return HttpResponseRedirect(reverse("record", args=[opened.opened.id, opened.place.row]) + "#class")
