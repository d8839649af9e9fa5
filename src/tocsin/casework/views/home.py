"""The first page: what is one's own to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.casework.todo import list_work


@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """Show what needs one today, one's cases by what changed, and what waits for others."""
    shown = {
        "work": list_work(request.actor, now=request.now),
        "names": list_names(request.actor, now=request.now),
        "gives_access": may(request.actor, "case.grant", now=request.now),
        "reads_cases": may(request.actor, "case.read", now=request.now),
    }
    return render(request, "casework/home.html", shown)
