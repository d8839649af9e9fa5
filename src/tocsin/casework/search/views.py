"""The page of the search. Words travel in the body of a request: none stands in an address, a history or a log."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tocsin.accounts.door import DeskRequest
from tocsin.casework.search import actions

LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: DeskRequest) -> HttpResponse:
    """Show the box and, for a question, the cases that were found."""
    question = request.POST.get("question", "").strip()[:LONGEST]
    found = actions.search(request.actor, question, now=request.now) if question else None
    return render(request, "casework/search.html", {"question": question, "found": found})
