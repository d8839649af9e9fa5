"""Writing down who was asked to take copies of a withdrawn appeal down."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from tocsin.accounts.door import DeskRequest
from tocsin.appeals import copies
from tocsin.appeals.store import AppealKey
from tocsin.appeals.views import tried

_LONGEST = 300


@require_POST
def note(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Write it down."""
    key = AppealKey(case_id, appeal_id)
    kind, whom = (request.POST.get(name, "")[:_LONGEST] for name in ("kind", "whom"))
    return tried(request, key, "saved", lambda: copies.note(request.actor, key, kind, whom, now=request.now), "copies")
