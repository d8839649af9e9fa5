"""The pages of what two signatories say that belongs to no case: of a stolen key, and of appeals of the archive."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.accounts.queries import list_names
from tocsin.appeals import archiving, copies, disavowing, stating
from tocsin.appeals.forms import CorrectForm, DisavowForm, WithdrawForm
from tocsin.core.drafting import changed_texts
from tocsin.core.errors import BadCode, BadPublication, BadRequest, ChangedMeanwhile, NotPublished
from tocsin.core.publication import Disavowal, Edition, PublicAppeal, Retraction, Statement
from tocsin.core.render import render as render_text
from tocsin.publishing import queries as published
from tocsin.publishing import signatories

_REFUSED = (BadRequest, BadPublication, ChangedMeanwhile, BadCode, NotPublished)
_PAGE = require_http_methods(["GET", "HEAD", "POST"])


@require_http_methods(["GET", "HEAD"])
def signatories_page(request: DeskRequest) -> HttpResponse:
    """List the keys that count or counted for what is published, with the way to say that one was stolen."""
    holders = signatories.holders()
    keys = sorted(signatories.list_signatories(), key=lambda each: (each.retired_on is not None, each.id))
    asked = stating.asked_about(stating.DISAVOWAL)
    rows = [{"key": each, "holder": holders.get(each.id), "asked": asked.get(each.id)} for each in keys]
    names = list_names(request.actor, now=request.now)
    return render(request, "appeals/signatories.html", {"rows": rows, "names": names})


@_PAGE
def signatory(request: DeskRequest, key: str) -> HttpResponse:
    """Show what becomes of all that a key signed, and ask that it is disavowed."""
    holder = signatories.holders().get(key)
    if holder is None:
        raise Http404
    form = DisavowForm(request.POST or None, initial={"language": get_language()})
    prepared, problem = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            prepared = disavowing.prepare(
                holder,
                form.cleaned_data["since"],
                form.words(),
                also=request.POST.getlist("also"),
                key=key,
                now=request.now,
            )
            if request.POST.get("act") == "ask":
                return _asked(request, prepared.disavowal)
        except _REFUSED as error:
            problem = gettext(error.what)
    shown = {
        "key": next((each for each in signatories.list_signatories() if each.id == key), None),
        "holder": holder,
        "is_own": holder == request.actor.id,
        "asked": stating.find_about(stating.DISAVOWAL, key),
        "form": form,
        "prepared": prepared,
        "also": request.POST.getlist("also"),
        # What she may have signed herself after that time: versions of appeals, each under its code.
        "later": sorted({each.code for each in prepared.genuine + prepared.void if _is_later(each, form)})
        if prepared
        else [],
        "names": list_names(request.actor, now=request.now),
        "problem": problem,
    }
    return render(request, "appeals/signatory.html", shown, status=400 if problem or form.errors else 200)


def _is_later(signed: Any, form: DisavowForm) -> bool:
    return signed.version is not None and signed.at >= form.cleaned_data["since"]


@_PAGE
def archived(request: DeskRequest) -> HttpResponse:
    """List what is shown from the archive or of shredded cases, and find one of it by its code."""
    problem, typed = "", request.POST.get("code", "")
    if typed:
        try:
            slug = archiving.find_gone(typed) or archiving.slug_of(archiving.find_without_case(typed, now=request.now))
        except _REFUSED as error:
            problem = gettext(error.what)
        else:
            return HttpResponseRedirect(reverse("archived-appeal", args=[slug]))
    number = request.GET.get("page", "1")
    found = published.list_archived(int(number) if number.isascii() and number.isdigit() else 1, now=request.now)
    rows = [(each.slug, each.appeal, _title(each.appeal)) for each in found.items if each.appeal]
    shredded = [(archiving.slug_of(each), each, _title(each)) for each in archiving.list_shredded(now=request.now)]
    shown = {"found": found, "rows": rows, "shredded": shredded, "problem": problem, "typed": typed}
    return render(request, "appeals/archived.html", shown, status=400 if problem else 200)


def _title(appeal: PublicAppeal) -> dict[str, str]:
    edition = appeal.edition(get_language() or "en") or appeal.editions[0]
    title = edition.document.title
    return {"language": edition.language, "text": title.text if title else appeal.code}


@_PAGE
def archived_appeal(request: DeskRequest, slug: str) -> HttpResponse:
    """Show an appeal of the archive, and ask that it is corrected or taken back; of a shredded case, that alone."""
    listed = published.find(slug, now=request.now)
    there = listed.appeal if listed else None
    if listed and there is None and archiving.has_no_case(slug, listed.code):
        elsewhere = copies.find_of(listed.code, slug, get_language() or "en")
        shown = {"code": listed.code, "on": listed.changed_at, "copies": elsewhere, "copy_kinds": copies.kinds()}
        return render(request, "appeals/archived_gone.html", shown)
    if there is None or not archiving.has_no_case(slug, there.code):
        raise Http404
    wanted = request.POST.get("edition") or request.GET.get("edition") or there.editions[0].language
    edition = there.edition(wanted) or there.editions[0]
    forms_of, problem = _forms(request, there, edition.language), ""
    if request.method == "POST":
        try:
            return _asked(request, _said(request, there, edition.language, forms_of))
        except _REFUSED as error:
            problem = gettext(error.what)
    shown = {
        "slug": slug,
        "appeal": there,
        "edition": edition,
        "text": render_text(edition.document, "txt"),
        "title": _title(there),
        "forms": forms_of,
        "asked": [each for kind in _OF_ARCHIVE if (each := stating.find_about(kind, there.code))],
        "opens": request.POST.get("act", ""),
        "names": list_names(request.actor, now=request.now),
        "problem": problem,
    }
    return render(request, "appeals/archived_appeal.html", shown, status=400 if problem else 200)


_OF_ARCHIVE = (stating.CORRECTION, stating.RETRACTION)


def _forms(request: DeskRequest, there: PublicAppeal, language: str) -> dict[str, WithdrawForm | CorrectForm]:
    """Give the two forms of the page; the one that was sent holds what was written in it.

    Nobody can look any more whether what corrects an appeal of a shredded case is so: it is taken back, or stands.
    """
    posted, act, told = request.POST, request.POST.get("act"), {"language": get_language()}
    withdraw = WithdrawForm(posted if act == "withdraw" else None, initial=told, auto_id="withdraw-%s")
    if not there.is_archived:
        return {"withdraw": withdraw}
    texts = archiving.texts_of(there, language)
    return {"withdraw": withdraw, "correct": CorrectForm(posted if act == "correct" else None, texts, initial=told)}


def _said(
    request: DeskRequest, there: PublicAppeal, language: str, forms_of: dict[str, WithdrawForm | CorrectForm]
) -> Statement:
    form = forms_of.get(request.POST.get("act", ""))
    if form is None or not form.is_valid():
        raise BadRequest("something that this needs is not filled in, or too long")
    if isinstance(form, WithdrawForm):
        return archiving.retraction_of(there, form.words(), now=request.now)
    if seen_version(request) != there.version:
        raise ChangedMeanwhile("somebody corrected it meanwhile", hint="open the page again")
    return archiving.rewritten(there, language, form.texts(), form.words())


@_PAGE
def asked_statement(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    """Show exactly what somebody asks to say in public, and take the second signature."""
    asked, problem = stating.find(request.actor, statement_id, now=request.now), ""
    if request.method == "POST":
        try:
            return _decided(request, statement_id)
        except _REFUSED as error:
            problem = gettext(error.what)
    shown = {
        "asked": asked,
        "is_own": asked.row.by == request.actor.id,
        "names": list_names(request.actor, now=request.now),
        "problem": problem,
        **_shown(asked.statement, now=request.now),
    }
    return render(request, "appeals/asked_statement.html", shown, status=400 if problem else 200)


def _shown(statement: Statement, *, now: datetime) -> dict[str, Any]:
    if isinstance(statement, Disavowal):
        holder = signatories.holders()[statement.key]
        return {"holder": holder, "prepared": disavowing.told(holder, statement)}
    try:
        there = archiving.find_without_case(statement.code, now=now)
    except NotPublished:
        # Taken back meanwhile.
        return {"is_gone": True}
    if isinstance(statement, Retraction):
        return {"title": _title(there)}
    differs = [
        (each.language, changed_texts(_paragraphs(there.edition(each.language)), _paragraphs(each)))
        for each in statement.editions
    ]
    return {"title": _title(there), "differs": [each for each in differs if each[1]]}


def _paragraphs(edition: Edition | None) -> list[tuple[str, str]]:
    text = render_text(edition.document, "txt") if edition else ""
    return [("", " ".join(each.split())) for each in text.split("\n\n") if each.strip()]


def _decided(request: DeskRequest, statement_id: UUID) -> HttpResponseRedirect:
    acts: dict[str, Callable[[], object]] = {
        "agree": lambda: stating.agree(request.actor, statement_id, seen=request.POST.get("seen", ""), now=request.now),
        "leave": lambda: stating.leave(request.actor, statement_id, now=request.now),
    }
    act = request.POST.get("act", "")
    if act not in acts:
        raise BadRequest("nothing was chosen")
    acts[act]()
    return HttpResponseRedirect(f"{reverse('waiting-appeals')}?{'said' if act == 'agree' else 'left'}")


def _asked(request: DeskRequest, statement: Statement) -> HttpResponseRedirect:
    made = stating.ask(request.actor, statement, now=request.now)
    return HttpResponseRedirect(reverse("asked-statement", args=[made]))
