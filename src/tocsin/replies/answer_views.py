"""The page on which one of us answers a mail, with what was answered before."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.accounts.queries import list_names
from tocsin.core.errors import BadMessage, BadRequest, ChangedMeanwhile
from tocsin.core.letters import DRAFTS, Whom, languages
from tocsin.publishing.acting import named
from tocsin.publishing.around import name_of, title_in
from tocsin.replies import answering, record
from tocsin.replies.pages import page_of

_DRAFTS = {
    "acknowledgement": _("To an authority that replied"),
    "details": _("To ask for more"),
    "thanks": _("To a reader who wrote"),
    "information": _("To a partner who tells something"),
    "press": _("To the press"),
    "received": _("To anybody else"),
}
_STATES = {
    "queued": _("waits for the mailer"),
    "intended": _("is being sent"),
    "handed_over": _("handed over to the mail server"),
    "failed": _("not sent: refused"),
    "uncertain": _("may have arrived or not"),
}


@require_safe
def record_of_appeal(request: DeskRequest, slug: str) -> HttpResponse:
    """Show what became of an appeal, by addressee."""
    found = record.open_record(request.actor, slug, now=request.now)
    language = get_language() or "en"
    assert found.listed.appeal is not None  # noqa: S101 - what was taken back has no record
    lines = [(each, _named(each.whom, language)) for each in found.lines]
    shown = {"record": found, "lines": lines, "title": title_in(found.listed.appeal, language)[0]}
    return render(request, "replies/record.html", shown)


def _named(whom: Whom, language: str) -> str:
    shown = whom.shown_in(language)
    return named(shown) if shown else ""


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Show a mail with the form to answer it, or send the answer."""
    if request.method != "POST":
        return _page(request, mail_id)
    subject, text, again = (request.POST.get(name, "") for name in ("subject", "text", "again"))
    try:
        if again:
            answering.send_again(request.actor, mail_id, _id(again), seen=seen_version(request), now=request.now)
        else:
            answering.answer(request.actor, mail_id, subject, text, seen=seen_version(request), now=request.now)
    except (BadRequest, BadMessage, ChangedMeanwhile) as error:
        return _page(request, mail_id, gettext(error.what), None if again else (subject, text))
    return HttpResponseRedirect(reverse("mail-answer", args=[mail_id]) + "#given")


def _id(written: str) -> UUID:
    """Read which answer is meant.

    Raises:
        BadRequest: It is none.
    """
    try:
        return UUID(written)
    except ValueError as error:
        raise BadRequest("this answer could not be opened, so it cannot be sent again") from error


def _page(
    request: DeskRequest, mail_id: UUID, problem: str = "", written: tuple[str, str] | None = None
) -> HttpResponse:
    opened = answering.open_answering(request.actor, mail_id, now=request.now)
    draft = answering.draft(opened, request.GET.get("draft", ""), request.GET.get("language", ""))
    names = list_names(request.actor, now=request.now) if opened.given else {}
    reading = opened.mail.reading
    shown = {
        "row": opened.mail.row,
        "page": page_of(reading, opened.mail.row) if reading else None,
        "warnings": reading.warnings if reading else (),
        "to": opened.to,
        "is_known": opened.is_known,
        "is_proven": opened.is_proven,
        "mails": settings.TOCSIN_MAILINGS is not None,
        "given": [
            (each, names.get(each.row.by, ""), _STATES[each.posted.state] if each.posted else "")
            for each in opened.given
        ],
        "subject": written[0] if written else draft.subject,
        "text": written[1] if written else draft.text,
        "tongue": draft.language,
        "kind": draft.kind,
        "is_begun": bool(written or request.GET),
        "drafts": [(each, _DRAFTS[each]) for each in DRAFTS],
        "tongues": [(tag, name_of(tag)) for tag in languages()],
        "problem": problem,
    }
    return render(request, "replies/answer.html", shown, status=409 if problem else 200)
