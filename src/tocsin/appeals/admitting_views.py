"""Whose key counts as that of an approver."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.appeals import admitting


@require_safe
def approvers(request: DeskRequest) -> HttpResponse:
    """List who approves, and whose key counts for what is published."""
    shown = {
        "approvers": admitting.list_approvers(request.actor, now=request.now),
        "names": list_names(request.actor, now=request.now),
    }
    return render(request, "appeals/approvers.html", shown)


@require_POST
def admit(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Let the key of an approver count."""
    admitting.admit(request.actor, account_id, now=request.now)
    return HttpResponseRedirect(reverse("approvers"))
