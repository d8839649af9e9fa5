"""What somebody who leaves could open."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import get_staff
from tocsin.casework.left import left_by


@require_safe
def left_cases(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Show to whoever closes an account which cases colleagues have to take over."""
    shown = {
        "person": get_staff(request.actor, account_id, now=request.now),
        "left": left_by(request.actor, account_id, now=request.now),
    }
    return render(request, "casework/left.html", shown)
