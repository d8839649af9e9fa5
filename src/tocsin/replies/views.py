"""The pages of the inbox: what came, and one mail at a time."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.accounts.queries import list_names
from tocsin.core import vocab
from tocsin.core.errors import BadInput, BadRequest, ChangedMeanwhile
from tocsin.replies import actions, entering, handing_over, outcomes, queries, sorting
from tocsin.replies.models import ARRIVED, ASIDE, FILED, QUARANTINED, RETURNED, WAITING, RawMessage
from tocsin.replies.pages import line_of, page_of, trouble_of

_LONGEST_REASON = 2000


@require_safe
def inbox(request: DeskRequest) -> HttpResponse:
    """Show what waits for a person, and where the rest lies, after some of what came in was sorted."""
    sorting.sort_at_sight(request.actor, now=request.now)
    kind = request.GET.get("kind", "")
    states = (WAITING, FILED, ASIDE)
    listed = {state: queries.list_mail(request.actor, state, kind, now=request.now) for state in states}
    # Opened together: it is one look, and one entry of the journal.
    rows = [row for each in listed.values() for row in each]
    lines = list(map(line_of, rows, actions.look_over(request.actor, rows, now=request.now)))
    stock = queries.take_stock()
    shown = {
        **{state: [line for line in lines if line.row.state == state] for state in listed},
        "quarantined": [
            (row, trouble_of(row)) for row in queries.list_mail(request.actor, QUARANTINED, now=request.now)
        ],
        "arrived": stock.states[ARRIVED],
        "counts": stock.states,
        "kinds": queries.count_kinds(),
        "kind": kind,
        "missing": stock.missing,
        "of_no_message": queries.count_of_no_message(),
        "files": may(request.actor, "reply.file", now=request.now),
        "opens": may(request.actor, "inbox.open", now=request.now),
        "is_open": queries.is_open(),
    }
    return render(request, "replies/inbox.html", shown)


@require_POST
def sort(request: DeskRequest) -> HttpResponse:
    """Open and sort some of what came in."""
    sorting.sort(request.actor, now=request.now)
    return HttpResponseRedirect(reverse("inbox"))


@require_POST
def opening(request: DeskRequest) -> HttpResponse:
    """Open the inbox for mail, or close it."""
    change = actions.close_inbox if request.POST.get("change") == "close" else actions.open_inbox
    change(request.actor, now=request.now)
    return HttpResponseRedirect(reverse("inbox"))


@require_safe
def mail(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Show one mail: what it is, why we think so, and what to do with it."""
    return _page(request, mail_id)


def _page(request: DeskRequest, mail_id: UUID, problem: str = "") -> HttpResponse:
    opened = actions.read_mail(request.actor, mail_id, now=request.now)
    after = queries.next_waiting(request.actor, opened.row, now=request.now)
    shown = {
        "row": opened.row,
        "trouble": trouble_of(opened.row),
        "reading": opened.reading,
        "page": page_of(opened.reading, opened.row, request.POST.get("kind", "")) if opened.reading else None,
        "responses": _labels("responses"),
        "files": may(request.actor, "reply.file", now=request.now),
        "answers": opened.row.state != RETURNED and may(request.actor, "reply.answer", now=request.now),
        "stated": opened.stated,
        "uncounted": outcomes.UNCOUNTED.days,
        "enters": entering.appeal_of(request.actor, opened.row, now=request.now) is not None,
        "hands_over": may(request.actor, "report.receive", now=request.now),
        "sources": _labels("source_types") if opened.row.kind == "new_information" else (),
        "reason": request.POST.get("reason", ""),
        "next": after,
        "filed_by": _name(request, opened.row.filed_by),
        "problem": problem,
    }
    return render(request, "replies/mail.html", shown, status=409 if problem else 200)


def _labels(name: str) -> list[tuple[str, vocab.Label]]:
    return [(term.code, term.label(get_language() or "en")) for term in vocab.load(name).values()]


def _name(request: DeskRequest, account: UUID | None) -> str:
    return list_names(request.actor, now=request.now).get(account, "") if account else ""


@require_POST
def file_mail(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """File a mail with an appeal, or set it aside, and go on to the next that waits."""
    seen = seen_version(request)
    # What she typed counts before a button: Enter in the field presses the first one of the form.
    code = request.POST.get("code", "").strip() or request.POST.get("guess", "")
    kind = request.POST.get("kind", "")
    # What it amounts to is asked of an authority's reply alone; the form without scripts sends it with every mail.
    response = request.POST.get("response", "") if kind in ("", "authority_reply") else ""
    said = actions.Said(
        kind, response, request.POST.get("reason", "")[:_LONGEST_REASON], named=request.POST.get("named") == "yes"
    )
    try:
        if "aside" in request.POST:
            actions.set_aside(request.actor, mail_id, said, seen=seen, now=request.now)
        else:
            actions.file_reply(request.actor, mail_id, code, said, seen=seen, now=request.now)
    except (BadRequest, ChangedMeanwhile) as error:
        return _page(request, mail_id, gettext(error.what))
    return _onwards(request, mail_id)


@require_POST
def make_report(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Hand what a partner told us to intake, and show its report."""
    source = request.POST.get("source", "")
    try:
        report = handing_over.make_report(request.actor, mail_id, source, seen=seen_version(request), now=request.now)
    except (BadInput, BadRequest, ChangedMeanwhile) as error:
        return _page(request, mail_id, gettext(error.what))
    return HttpResponseRedirect(reverse("report", args=[report]))


@require_POST
def try_again(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Have a mail opened once more that was put away."""
    actions.try_again(request.actor, mail_id, now=request.now)
    return HttpResponseRedirect(reverse("inbox"))


def _onwards(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    after = queries.next_waiting(request.actor, RawMessage.objects.only("came_at").get(id=mail_id), now=request.now)
    return HttpResponseRedirect(reverse("mail", args=[after.id]) if after else reverse("inbox"))
