"""From a report to cases: opening one, and looking whether we have it already."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts.actor import demand, may
from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.casework import from_report
from tocsin.casework.search import opening
from tocsin.casework.search.duplicates import list_known, list_waiting, named_in, titles_of
from tocsin.casework.search.listing import Listed, Wanted, list_cases
from tocsin.casework.search.views import LONGEST
from tocsin.core.errors import BadCase, BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.core.names import INITIAL, NEAR, SAME, SOUNDS_ALIKE
from tocsin.intake import actions as intake

# Why two words of names stand for each other.
HOWS = {
    SAME: _("the same"),
    SOUNDS_ALIKE: _("the same, written in another way"),
    INITIAL: _("only the first letter"),
    NEAR: _("nearly the same: some letters differ"),
}


@require_POST
def open_from_report(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Open a case with what was confirmed, and go to its page."""
    try:
        country, left = request.POST.get("country"), request.POST.getlist("left")
        opened = from_report.open_from_report(request.actor, report_id, now=request.now, country=country, left=left)
    except (ChangedMeanwhile, BadRequest) as error:
        what = gettext(error.what)
    except BadCase:
        what = gettext("The times of the facts exclude one another. Correct a day or an hour, then try again.")
    else:
        return HttpResponseRedirect(reverse("case", args=[opened.id]))
    return render(request, "intake/not_opened.html", {"report_id": report_id, "what": what}, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def known(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Show the cases that name somebody of a report, and keep what a person says of one."""
    problem, question = "", request.POST.get("question", "").strip()[:LONGEST]
    if request.method == "POST" and "same" in request.POST:
        try:
            _say_same(request, report_id)
        except (ChangedMeanwhile, BadRequest) as error:
            problem = gettext(error.what)
        else:
            return HttpResponseRedirect(reverse("report-known", args=[report_id]))
    opening.open_all(request.actor, now=request.now, names=True)
    opened = intake.open_report(request.actor, report_id, now=request.now)
    found = list_known(request.actor, opened, now=request.now)
    shown = {
        "opened": opened,
        "report": opened.report,
        "names": named_in(opened, "person"),
        "waiting": list_waiting(request.actor, opened, now=request.now),
        "known": [(each, opened.cases.get(each.case, "")) for each in found],
        "decides": may(request.actor, "report.decide", report_id, now=request.now) and opened.report.state == "waiting",
        "hows": HOWS,
        "problem": problem,
        "question": question,
        "hits": _hits(request, question, {each.case for each in found}),
        "chosen": _chosen(request, opened.cases, {each.case for each in found}),
    }
    return render(request, "casework/known.html", shown, status=409 if problem else 200)


def _hits(request: DeskRequest, question: str, shown: Collection[UUID]) -> tuple[Listed, ...] | None:
    """Find cases by any words, for a report that names nobody as they do; nothing where nothing was asked."""
    if not question:
        return None
    page = list_cases(request.actor, Wanted(question=question, order="name"), now=request.now)
    return tuple(each for each in page.rows if each.id not in shown)


def _chosen(request: DeskRequest, said: Mapping[UUID, str], shown: Collection[UUID]) -> list[tuple[UUID, str, str]]:
    """Give the cases of which somebody said something, and which have no like name: what they are called, and what."""
    others = {case: verdict for case, verdict in said.items() if case not in shown}
    if not others:
        return []
    titles = titles_of(request.actor, others, now=request.now)
    return [(case, title, others[case]) for case, title in titles.items()]


def _say_same(request: DeskRequest, report_id: UUID) -> None:
    """Keep what a person says of a case that she may open herself.

    Raises:
        NotAllowed: if she may not: nobody learns by this whether there is such a case.
    """
    try:
        case = UUID(request.POST.get("case", ""))
    except ValueError as error:
        raise NotAllowed("there is no such case, or you may not open it") from error
    demand(request.actor, "case.read", case, now=request.now)
    said = request.POST.get("same", "")
    intake.say_same(request.actor, report_id, case, said, seen=seen_version(request), now=request.now)
