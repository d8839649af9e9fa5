"""To whom a case writes, and which cases write to an authority."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.authorities import actions as ending
from tocsin.authorities import queries as directory_of
from tocsin.authorities.forms import Ending
from tocsin.authorities.returned import reports_on
from tocsin.authorities.tables import states
from tocsin.casework import actions
from tocsin.casework.addressees import actions as choosing
from tocsin.casework.addressees.pages import addressees_page
from tocsin.casework.addressees.used_in import cases_naming
from tocsin.casework.pages import title_of
from tocsin.core.addressing import need_of
from tocsin.core.errors import BadCase, BadRequest, ChangedMeanwhile
from tocsin.publishing.countries import country_name


@require_safe
def addressees(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show to whom a case writes, and who else of the directory fits its demands."""
    return _page(request, case_id)


def _page(request: DeskRequest, case_id: UUID, problem: str = "") -> HttpResponse:
    opened = actions.read_case(request.actor, case_id, now=request.now)
    language, today = get_language() or "en", timezone.localdate(request.now)
    directory = directory_of.get_directory(need_of(opened.case).countries)
    page = addressees_page(opened.case, directory, language, today, directory_of.turnovers())
    shown = {
        "opened": opened,
        "title": title_of(opened.case),
        "page": page,
        "countries": [country_name(each, language) for each in sorted(page.countries)],
        "states": states(),
        "edits": may(request.actor, "case.edit", case_id, now=request.now),
        "reads_directory": may(request.actor, "authority.read", now=request.now),
        "problem": problem,
    }
    return render(request, "casework/addressees.html", shown, status=409 if problem else 200)


@require_POST
def choose_addressee(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Put a post of the directory among the addressees of a case."""
    key = request.POST.get("authority", "")
    return _done(request, case_id, lambda: choosing.choose(request.actor, case_id, key, now=request.now), "?chosen")


@require_POST
def take_out_addressee(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Take an addressee out of a case."""
    addressee = request.POST.get("addressee", "")
    return _done(request, case_id, lambda: choosing.take_out(request.actor, case_id, addressee, now=request.now))


def _done(request: DeskRequest, case_id: UUID, act: Callable[[], object], mark: str = "") -> HttpResponse:
    try:
        act()
    except (BadRequest, ChangedMeanwhile, BadCase) as error:
        return _page(request, case_id, gettext(error.what))
    return HttpResponseRedirect(reverse("addressees", args=[case_id]) + mark)


@require_http_methods(["GET", "HEAD", "POST"])
def end_authority(request: DeskRequest, authority: str) -> HttpResponse:
    """Close a post or end the time of who holds it, once she saw which of her cases name it; or take that back."""
    today = timezone.localdate(request.now)
    post, row = directory_of.get_post(authority)
    part = request.POST.get("part", "")
    form = Ending(request.POST if {"ends", "again"} & request.POST.keys() else None, today)
    problem, looks = "", request.method == "POST"
    if form.is_bound and form.is_valid():
        try:
            _end(request, authority, part, form.day())
        except (BadRequest, ChangedMeanwhile) as error:
            problem = gettext(error.what)
        else:
            return HttpResponseRedirect(reverse("authority", args=[authority]) + "#holder" * bool(part))
    hits, more = cases_naming(request.actor, post, now=request.now) if looks else ([], False)
    shown = {
        "post": post,
        "row": row,
        "name": post.name(get_language() or "en")[0],
        "part": part,
        "holder": next((each for each in post.occupancies if each.part == part), None),
        "looked": looks,
        "hits": hits,
        "more": more,
        "form": form,
        "problem": problem,
    }
    return render(request, "casework/end_authority.html", shown, status=409 if problem else 400 if form.errors else 200)


def _end(request: DeskRequest, authority: str, part: str, day: dt.date | None) -> None:
    seen = seen_version(request)
    if part:
        ending.end_occupancy(request.actor, authority, part, day, seen=seen, now=request.now)
    else:
        ending.end_post(request.actor, authority, day, seen=seen, now=request.now)


@require_http_methods(["GET", "HEAD", "POST"])
def authority_cases(request: DeskRequest, authority: str) -> HttpResponse:
    """Show which of one's cases name an authority: it opens them, and so it is asked for by a button."""
    post, row = directory_of.get_post(authority)
    looked = request.method == "POST"
    hits, more = cases_naming(request.actor, post, now=request.now) if looked else ([], False)
    name = post.name(get_language() or "en")[0]
    came_back = bool(reports_on(row.id).open)
    shown = {"post": post, "name": name, "looked": looked, "hits": hits, "more": more, "came_back": came_back}
    return render(request, "casework/authority_cases.html", shown)
