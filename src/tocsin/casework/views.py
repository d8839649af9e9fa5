"""The pages of casework: one's own cases, and one case as a story."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.casework import actions, queries


@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """List the cases that one holds."""
    files = queries.list_case_files(request.actor, now=request.now)
    me = list_names(request.actor, now=request.now).get(request.actor.id, "")
    return render(request, "casework/home.html", {"files": files, "me": me})


@require_safe
def case(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show a case as one chronology."""
    opened = actions.read_case(request.actor, case_id, now=request.now)
    lines = queries.story(opened.case, get_language() or "en")
    shown = {"opened": opened, "title": queries.title_of(opened.case), "lines": lines}
    return render(request, "casework/case.html", shown)
