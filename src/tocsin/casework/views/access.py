"""Who may open a case: giving access and ending it."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_colleagues, list_names
from tocsin.casework import actions, queries, reviewing
from tocsin.casework.forms import EndAccess, GiveAccess, ProlongAccess
from tocsin.casework.parts import compartments
from tocsin.core.errors import BadRequest, ClockDoubted, NotVouched
from tocsin.vault import queries as vault


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show who may open a case, and let a colleague in."""
    form = _form(request, case_id)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.give_accesses(
                request.actor,
                case_id,
                asked["compartments"],
                UUID(asked["colleague"]),
                reason=asked["reason"],
                ends_at=asked["until"],
                now=request.now,
            )
        except (BadRequest, ClockDoubted, NotVouched) as error:
            form.add_error(None, gettext(error.what))
        else:
            return HttpResponseRedirect(reverse("access", args=[case_id]) + "?given")
    return _page(request, case_id, form)


@require_POST
def prolong_access(request: DeskRequest, case_id: UUID, grant_id: UUID) -> HttpResponse:
    """Let a grant end on another day."""
    form = ProlongAccess(request.POST, now=request.now)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            actions.prolong_access(
                request.actor, case_id, grant_id, reason=asked["reason"], ends_at=asked["until"], now=request.now
            )
        except BadRequest as error:
            form.add_error(None, gettext(error.what))
        else:
            return HttpResponseRedirect(reverse("access", args=[case_id]) + "?prolonged")
    return _page(request, case_id, _form(request, case_id, posted=False), changing=form, grant=grant_id)


@require_POST
def keep_access(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Say that access that one gave is still needed, and go back to the first page."""
    reviewing.keep(request.actor, case_id, now=request.now)
    return HttpResponseRedirect(reverse("home"))


@require_POST
def end_access(request: DeskRequest, case_id: UUID, grant_id: UUID) -> HttpResponse:
    """End a grant."""
    if vault.get_grant(grant_id).case != case_id:
        raise Http404
    ending = EndAccess(request.POST)
    if ending.is_valid():
        try:
            actions.end_access(request.actor, grant_id, reason=ending.cleaned_data["reason"], now=request.now)
        except BadRequest as error:
            ending.add_error(None, gettext(error.what))
        else:
            return _after_ending(request, case_id)
    return _page(request, case_id, _form(request, case_id, posted=False), changing=ending, grant=grant_id)


def _after_ending(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Go back to the list, or to the first page if one has shut oneself out."""
    inside = may(request.actor, "case.grant", case_id, now=request.now)
    return HttpResponseRedirect(reverse("access", args=[case_id]) + "?ended" if inside else reverse("home"))


def _form(request: DeskRequest, case_id: UUID, *, posted: bool = True) -> GiveAccess:
    held = vault.list_grants(request.now, case=case_id, holder=request.actor.id).values_list("compartment", flat=True)
    return GiveAccess(
        request.POST if posted and request.method == "POST" else None,
        colleagues=list_colleagues(request.actor, "case.read", now=request.now),
        held=frozenset(held),
        now=request.now,
    )


def _page(
    request: DeskRequest,
    case_id: UUID,
    form: forms.Form,
    *,
    changing: forms.Form | None = None,
    grant: UUID | None = None,
) -> HttpResponse:
    wrong = changing if changing is not None and changing.errors else form
    shown = {
        "case_id": case_id,
        "people": queries.list_access(request.actor, case_id, now=request.now),
        "names": list_names(request.actor, now=request.now),
        "compartments": compartments().words,
        "form": form,
        "changing": changing,
        "changed_grant": grant,
        "prolonging": isinstance(changing, ProlongAccess),
        "new_ending": EndAccess(None),
        "new_prolonging": ProlongAccess(None, now=request.now),
        "keys_gone_on": queries.gone_by(request.now),
        "shreds": may(request.actor, "case.shred", case_id, now=request.now),
        "done": next((each for each in ("given", "prolonged", "ended") if each in request.GET), ""),
    }
    return render(request, "casework/access.html", shown, status=400 if wrong.errors else 200)
