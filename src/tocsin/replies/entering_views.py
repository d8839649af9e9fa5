"""The page on which a reply of an authority is entered into its case."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.casework import actions as casework
from tocsin.core import vocab
from tocsin.core.errors import BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.replies import actions, entering
from tocsin.replies.entering import Entry
from tocsin.replies.pages import page_of

_LONGEST = 4000


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Show a reply beside the form that enters it into its case, and enter it."""
    entry, problem = _entry(request), ""
    if request.method == "POST":
        try:
            entered = entering.enter(request.actor, mail_id, entry, seen=seen_version(request), now=request.now)
        except (BadRequest, ChangedMeanwhile) as error:
            problem = gettext(error.what)
        else:
            return HttpResponseRedirect(reverse("case", args=[entered]))
    mail = actions.read_mail(request.actor, mail_id, now=request.now)
    appeal = entering.appeal_of(request.actor, mail.row, now=request.now)
    if appeal is None or mail.reading is None:
        raise NotAllowed("there is no such reply, or you may not change its case")
    case = casework.read_case(request.actor, appeal.case_id, now=request.now).case
    language = get_language() or "en"
    shown = {
        "row": mail.row,
        "page": page_of(mail.reading, mail.row),
        "entry": entry,
        "addressees": case.addressees,
        "demands": case.demands,
        "statuses": [(term.code, term.label(language)) for term in vocab.load("demand_status").values()],
        "is_proven": bool(entering.proven_post(mail.reading, mail.row)),
        "problem": problem,
    }
    return render(request, "replies/enter.html", shown, status=409 if problem else 200)


def _entry(request: DeskRequest) -> Entry:
    posted = request.POST
    words, demands = posted.get("words", "")[:_LONGEST], tuple(posted.getlist("demand"))
    return Entry(posted.get("addressee", ""), words, get_language() or "en", posted.get("status", ""), demands)
