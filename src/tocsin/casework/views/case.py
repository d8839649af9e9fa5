"""One case as a story, and how things stand in it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.casework import actions
from tocsin.casework.pages import case_page


@require_safe
def case(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show a case as one chronology, with its people and proceedings."""
    opened = actions.read_case(request.actor, case_id, now=request.now)
    shown = {
        "opened": opened,
        "page": case_page(opened.case, get_language() or "en", timezone.localdate(request.now)),
        "gives_access": may(request.actor, "case.grant", case_id, now=request.now),
    }
    return render(request, "casework/case.html", shown)
