"""The page on which two versions of an appeal are compared."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.appeals import actions, pages
from tocsin.appeals.comparing import compare
from tocsin.appeals.store import AppealKey
from tocsin.casework.pages.standing import title_of


@require_safe
def versions(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Show what two versions of an appeal differ in, edition by edition."""
    key = AppealKey(case_id, appeal_id)
    draft, opened = actions.read_appeal(request.actor, key, now=request.now)
    older, newer = _between(request, draft.version)
    before, after = (
        actions.read_appeal(request.actor, key, version=each, now=request.now)[0] for each in (older, newer)
    )
    shown = {
        "case_id": case_id,
        "draft": draft,
        "title": title_of(opened.case),
        "older": older,
        "newer": newer,
        "saved": actions.list_versions(draft.row),
        "roles": pages.ROLES,
        "compared": compare(before.content, after.content, get_language() or "en"),
        "names": list_names(request.actor, now=request.now),
    }
    return render(request, "appeals/versions.html", shown)


def _between(request: DeskRequest, newest: int) -> tuple[int, int]:
    """Give the versions that are compared: those that are asked for, else the last two."""
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    numbers = [int(each) if each.isascii() and each.isdigit() and len(each) < 7 else 0 for each in asked]
    newer = numbers[1] if 0 < numbers[1] <= newest else newest
    older = numbers[0] if 0 < numbers[0] <= newer else max(newer - 1, 1)
    return older, newer
