"""Destroying the keys of a case."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.casework import actions, queries
from tocsin.casework.evidence import files
from tocsin.casework.forms import ShredCase


@require_http_methods(["GET", "HEAD", "POST"])
def shred(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Ask whether the keys of a case are to be destroyed, destroy them, and say from which day they are nowhere."""
    wanted = str(case_id)[:8]
    form = ShredCase(request.POST if request.method == "POST" else None, wanted=wanted)
    gone_by = queries.gone_by(request.now)
    # Where no backup was made yet, nothing is left to wait for.
    gone_on = gone_by if gone_by > request.now else None
    if request.method == "POST" and form.is_valid():
        actions.shred_case(request.actor, case_id, now=request.now)
        # Without keys its files open nowhere; what is left of them need not wait for the sweep.
        files.remove_of(case_id)
        return render(request, "casework/shredded.html", {"gone_on": gone_on})
    shown = {
        "case_id": case_id,
        "wanted": wanted,
        "form": form,
        "gone_on": gone_on,
        "people": queries.list_access(request.actor, case_id, now=request.now),
        "names": list_names(request.actor, now=request.now),
    }
    return render(request, "casework/shred.html", shown, status=400 if form.errors else 200)
