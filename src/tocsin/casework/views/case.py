"""One case as a story, and how things stand in it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.casework import actions, barring, days
from tocsin.casework.editing.actions import rows_by_id
from tocsin.casework.editing.consents import matrix
from tocsin.casework.editing.sections import list_sections
from tocsin.casework.editing.statuses import words_of_value
from tocsin.casework.editing.tables import beginnings
from tocsin.casework.evidence.actions import opens_originals
from tocsin.casework.evidence.pages import items, photos
from tocsin.casework.pages import case_page
from tocsin.casework.pages.standing import status_of_case
from tocsin.casework.together.desk import look
from tocsin.core.editing import lives
from tocsin.core.records import Case, CaseStatus


@require_safe
def case(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show a case as one chronology, with its people and proceedings."""
    opened = actions.read_case(request.actor, case_id, now=request.now)
    language = get_language() or "en"
    edits = may(request.actor, "case.edit", case_id, now=request.now)
    together = look(request.actor, opened, language, now=request.now)
    shown = {
        "opened": opened,
        "together": together,
        "marks": together.marks,
        # Each line has two links: an address that is looked up anew for each takes a tenth of the page's time.
        "here": reverse("case", args=[case_id]),
        "page": case_page(opened.case, language, timezone.localdate(request.now)),
        "edits": edits,
        "records": rows_by_id(opened),
        "case_id": case_id,
        "files": items(opened.case),
        "photos": photos(opened.case),
        "adds_files": edits and opens_originals(request.actor, case_id, now=request.now),
        "sections": list_sections(opened, language),
        "consents": matrix(opened, language, timezone.localdate(request.now)),
        "beginnings": tuple(beginnings().values()),
        "standing": _standing(opened.case, language),
        "takes_days": may(request.actor, days.VERB, case_id, now=request.now)
        and any(days.ahead(opened.case, case_id, timezone.localdate(request.now))),
        "seals": may(request.actor, barring.VERB, case_id, now=request.now),
        "is_asked_to_seal": barring.is_asked(case_id),
        "gives_access": may(request.actor, "case.grant", case_id, now=request.now),
    }
    return render(request, "casework/case.html", shown)


def _standing(case: Case, language: str) -> tuple[str, CaseStatus] | None:
    """Say where the case stands, and the entry that says so."""
    last = status_of_case(case)
    return (words_of_value(lives()["Case"], last.value, language), last) if last else None
