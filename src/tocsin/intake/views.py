"""The pages of intake: what came in, taking a report in, and reading one."""

from collections.abc import Callable
from typing import TypeVar, cast
from uuid import UUID

from csp.decorators import csp_update
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest, demand_listed, seen_version
from tocsin.accounts.queries import list_names
from tocsin.core.errors import BadInput, BadRequest, ChangedMeanwhile
from tocsin.core.recording import Verdict
from tocsin.intake import actions, letterbox, queries
from tocsin.intake.adding import Adding, adding
from tocsin.intake.forms import Change, Decline, NewReport, OpenCaseForm
from tocsin.intake.opened import OpenReport
from tocsin.intake.pages import reading_page
from tocsin.intake.tables import questions, still_to_answer

_View = TypeVar("_View", bound=Callable[..., HttpResponse])


def with_script(view: _View) -> _View:
    """Let a page load a script of the desk; the reading screen has one, and can do without."""
    return cast("_View", csp_update({"script-src": ["'self'"]})(view))


_OF_DECIDING = ("seen", "fact", "verdict", "change-saved")
_VERDICTS = ("confirmed", "rejected", "open")
# Reading takes up to a second each; what is left is read when somebody opens it.
_READ_AT_ONCE = 3


@require_safe
def reports(request: DeskRequest) -> HttpResponse:
    """Show the reports that wait, and what became of the others."""
    waiting = queries.list_reports(request.actor, now=request.now)
    done = queries.list_reports(request.actor, now=request.now, waiting=False)
    shown = {
        "waiting": actions.look_over(request.actor, waiting, _number(request, "page"), now=request.now),
        "decided": actions.look_over(request.actor, done, _number(request, "done"), now=request.now),
        "names": list_names(request.actor, now=request.now),
        "receives": may(request.actor, "report.receive", now=request.now),
        "opens_letterbox": may(request.actor, "letterbox.open", now=request.now),
        "letterbox_is_open": letterbox.is_open(),
        "uncollected": letterbox.count_waiting(),
    }
    return render(request, "intake/reports.html", shown)


def _number(request: DeskRequest, name: str) -> int:
    written = request.GET.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 1


@require_POST
def collect(request: DeskRequest) -> HttpResponse:
    """Take in what came by the public form."""
    for fresh in letterbox.collect(request.actor, now=request.now)[:_READ_AT_ONCE]:
        actions.understand(request.actor, fresh, now=request.now)
    return HttpResponseRedirect(reverse("reports"))


@require_POST
def public_form(request: DeskRequest) -> HttpResponse:
    """Open or close the public form."""
    change = letterbox.close_letterbox if request.POST.get("change") == "close" else letterbox.open_letterbox
    change(request.actor, now=request.now)
    return HttpResponseRedirect(reverse("reports"))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Take a report in."""
    form = NewReport(request.POST, request.FILES) if request.method == "POST" else NewReport()
    if request.method == "POST" and form.is_valid():
        try:
            report_id = actions.receive(request.actor, form.incoming(), now=request.now)
        except (BadInput, BadRequest) as error:
            form.add_error(None, gettext(error.what))
        else:
            actions.understand(request.actor, report_id, now=request.now)
            return _to(report_id)
    actions.get_ready()
    return render(request, "intake/new.html", {"form": form}, status=400 if form.errors else 200)


def _to(report_id: UUID, mark: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("report", args=[report_id]) + mark)


@with_script
@require_safe
def report(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Show the text and, beside it, what was understood."""
    opened = actions.open_report(request.actor, report_id, now=request.now)
    return _page(request, opened, changing=request.GET.get("change", ""), new=adding(opened, request.GET))


def _page(
    request: DeskRequest,
    opened: OpenReport,
    *,
    changing: str = "",
    form: Change | None = None,
    new: Adding | None = None,
    problem: str = "",
) -> HttpResponse:
    settled = next((each for each in opened.settled if each.fact.key == changing), None)
    if settled is not None and form is None:
        form = Change(None, settled, opened.settled)
    decides = may(request.actor, "report.decide", opened.id, now=request.now)
    asks_next = next((code for code in questions() if code not in opened.answers), "")
    wrong = bool((form and form.errors) or (new and new.form and new.form.errors))
    shown = {
        # What one key does next has the focus: the next question, and behind the last one the next fact.
        "asks_next": asks_next if "answered" in request.GET else "",
        "decides_next": "on" in request.GET or ("answered" in request.GET and not asks_next),
        "opened": opened,
        "report": opened.report,
        "page": reading_page(opened, timezone.localdate(request.now)),
        "still_to_answer": still_to_answer(opened.answers),
        "questions": [(code, each, opened.answers.get(code, "")) for code, each in questions().items()],
        "names": list_names(request.actor, now=request.now),
        "decides": decides and opened.report.state == "waiting",
        "resumes": decides,
        "looks": may(request.actor, "case.read", now=request.now),
        "opens": may(request.actor, "case.open", now=request.now),
        "changing": changing if settled else "",
        "change": form,
        "decline": Decline(),
        "more": letterbox.list_more(request.actor, opened.report, now=request.now),
        "can_be_answered": decides and letterbox.may_answer(opened.report),
        "problem": problem,
        "new": new,
        "country": OpenCaseForm(opened),
        "wrong": wrong,
    }
    return render(request, "intake/report.html", shown, status=409 if problem else 400 if wrong else 200)


@with_script
@require_POST
def add_fact(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Add a fact from words from which nothing was read."""
    opened = actions.open_report(request.actor, report_id, now=request.now)
    asked = {name: request.POST.get(name, "") for name in ("add", "kind", "within")}
    new = adding(opened, asked, request.POST)
    if new is None or new.form is None:
        raise Http404
    demand_listed(request, ["seen", *asked, *map(new.form.add_prefix, new.form.fields)])
    if not new.form.is_valid():
        return _page(request, opened, new=new)
    fact = actions.NewFact(new.kind, new.span, new.form.values(), new.within)
    try:
        key = actions.add_fact(request.actor, report_id, fact, seen=seen_version(request), now=request.now)
    except ChangedMeanwhile as error:
        return _told(request, report_id, error.what)
    except BadRequest as error:
        new.form.refuse(error)
        return _page(request, opened, new=new)
    return _to(report_id, f"#{key}")


@require_POST
def read(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Have a report read, where that failed or was interrupted."""
    actions.understand(request.actor, report_id, now=request.now)
    return _to(report_id)


@with_script
@require_POST
def decide(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Confirm, correct, reject or open again one or several facts."""
    facts, verdict = request.POST.getlist("fact"), request.POST.get("verdict", "")
    if verdict not in _VERDICTS:
        raise Http404
    form, values = None, None
    if "change-saved" in request.POST:
        opened = actions.open_report(request.actor, report_id, now=request.now)
        settled = next((each for each in opened.settled if [each.fact.key] == facts), None)
        if settled is None:
            raise Http404
        form = Change(request.POST, settled, opened.settled)
        demand_listed(request, [*_OF_DECIDING, *map(form.add_prefix, form.fields)])
        if not form.is_valid():
            return _page(request, opened, changing=facts[0], form=form)
        values = form.values()
    try:
        actions.decide(
            request.actor,
            report_id,
            facts,
            cast("Verdict", verdict),
            seen=seen_version(request),
            now=request.now,
            values=values,
        )
    except ChangedMeanwhile as error:
        return _told(request, report_id, error.what)
    except BadRequest as error:
        if form is None:
            return _told(request, report_id, error.what)
        form.refuse(error)
        opened = actions.open_report(request.actor, report_id, now=request.now)
        return _page(request, opened, changing=facts[0], form=form)
    # What was opened again is at hand; otherwise the page goes on to the next fact that nobody has decided.
    return _to(report_id, f"#{facts[0]}" if verdict == "open" else "?on")


def _told(request: DeskRequest, report_id: UUID, problem: str) -> HttpResponse:
    """Show the report as it is now, and say first why nothing was saved."""
    opened = actions.open_report(request.actor, report_id, now=request.now)
    return _page(request, opened, problem=gettext(problem))


@with_script
@require_POST
def answer(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Answer a question of triage."""
    question, said = request.POST.get("question", ""), request.POST.get("answer", "")
    try:
        actions.answer(request.actor, report_id, question, said, seen=seen_version(request), now=request.now)
    except (ChangedMeanwhile, BadRequest) as error:
        return _told(request, report_id, error.what)
    return _to(report_id, "?answered")


@with_script
@require_POST
def decline(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Decline a report."""
    try:
        actions.decline(request.actor, report_id, request.POST.get("reason", ""), now=request.now)
    except (ChangedMeanwhile, BadRequest) as error:
        return _told(request, report_id, error.what)
    return _to(report_id)


@with_script
@require_POST
def resume(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Take a declined report back."""
    try:
        actions.resume(request.actor, report_id, now=request.now)
    except ChangedMeanwhile as error:
        return _told(request, report_id, error.what)
    return _to(report_id)


@with_script
@require_POST
def answer_sender(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Write to the sender of a report, who reads it with the receipt code."""
    try:
        letterbox.answer_sender(request.actor, report_id, request.POST.get("words", ""), now=request.now)
    except BadRequest as error:
        return _told(request, report_id, error.what)
    return _to(report_id, "#sender")
