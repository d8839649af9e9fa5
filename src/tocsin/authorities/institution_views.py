"""The pages of institutions: what hangs on them, their names, their history, and that one is no more."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.accounts.queries import list_names
from tocsin.authorities import actions, queries
from tocsin.authorities.forms import Ending, InstitutionForm
from tocsin.authorities.models import INSTITUTION
from tocsin.authorities.pages import institution_lines, institution_page
from tocsin.authorities.tables import reasons, states
from tocsin.authorities.views import field_words
from tocsin.core.addressing import Institution
from tocsin.core.errors import BadRequest, ChangedMeanwhile


@require_safe
def institutions(request: DeskRequest) -> HttpResponse:
    """List the institutions of all countries, each with how many posts and bodies hang on it."""
    found = institution_lines(queries.get_directory(), get_language() or "en", timezone.localdate(request.now))
    shown = {"lines": found, "edits": may(request.actor, "authority.edit", now=request.now)}
    return render(request, "authorities/institutions.html", shown)


@require_safe
def institution(request: DeskRequest, institution: str) -> HttpResponse:
    """Show an institution: to what it belongs, which bodies and posts belong to it, and its history."""
    return _page(request, institution)


def _page(request: DeskRequest, key: str, *, problem: str = "", ending: Ending | None = None) -> HttpResponse:
    today = timezone.localdate(request.now)
    body, row = queries.get_institution(key)
    language, directory = get_language() or "en", queries.get_directory()
    shown = {
        "body": body,
        "row": row,
        "page": institution_page(body, directory, language, today, queries.turnovers()),
        "history": queries.list_history(row),
        "names": list_names(request.actor, now=request.now),
        "reasons": reasons(),
        "states": states(),
        "fields": field_words(),
        "edits": may(request.actor, "authority.edit", now=request.now),
        "ending": ending or Ending(None, today),
        "problem": problem,
    }
    wrong = ending is not None and ending.errors
    return render(request, "authorities/institution.html", shown, status=409 if problem else 400 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Put an institution into the directory."""
    return _edited(request, None, 0)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, institution: str) -> HttpResponse:
    """Change what an institution is called, and to what it belongs."""
    body, row = queries.get_institution(institution)
    return _edited(request, body, row.version)


def _edited(request: DeskRequest, body: Institution | None, version: int) -> HttpResponse:
    today = timezone.localdate(request.now)
    form = InstitutionForm(request.POST if request.method == "POST" else None, queries.get_directory(), body, today)
    seen = seen_version(request) if request.method == "POST" else version
    if request.method == "POST" and form.is_valid():
        of, why = body.key if body else "", form.cleaned_data["why"]
        try:
            actions.put(request.actor, [form.row()], why=why, now=request.now, of=of, kind=INSTITUTION, seen=seen)
        except BadRequest as error:
            form.add_error(None, gettext(error.what))
        except ChangedMeanwhile as error:
            # She has been told: what she sends now is her answer to it.
            form.add_error(None, gettext(error.what))
            seen = version
        else:
            return HttpResponseRedirect(reverse("institution", args=[form.key()]))
    shown = {"form": form, "body": body, "seen": seen}
    return render(request, "authorities/institution_edit.html", shown, status=400 if form.errors else 200)


@require_POST
def end(request: DeskRequest, institution: str) -> HttpResponse:
    """Write down from which day on an institution is no more, or that it is there again."""
    form = Ending(request.POST, timezone.localdate(request.now))
    if not form.is_valid():
        return _page(request, institution, ending=form)
    try:
        actions.end_institution(request.actor, institution, form.day(), seen=seen_version(request), now=request.now)
    except (BadRequest, ChangedMeanwhile) as error:
        return _page(request, institution, problem=gettext(error.what))
    return HttpResponseRedirect(reverse("institution", args=[institution]))
