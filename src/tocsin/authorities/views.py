"""The pages of the directory of authorities."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.accounts.queries import list_names
from tocsin.authorities import actions, queries
from tocsin.authorities.forms import (
    LARGEST_CARRIED,
    ChangeOfGovernment,
    Filter,
    NewCheck,
    NewContactPoint,
    NewHolder,
    PostForm,
    TakeFile,
    packed,
)
from tocsin.authorities.pages import Line, lines, matches, post_page
from tocsin.authorities.returned import look_into as put_away
from tocsin.authorities.returned import posts_with_reports, reports_on
from tocsin.authorities.tables import reasons, results, returns, states
from tocsin.core.addressing import Directory, Post, refused_csv, to_csv, to_popolo, to_vcards
from tocsin.core.errors import BadDirectory, BadRequest, ChangedMeanwhile
from tocsin.publishing.countries import country_name

_ON_A_PAGE = 50
_REFUSALS_SHOWN = 200
_FORMS: dict[str, tuple[Callable[[Directory, dt.date], str], str]] = {
    "csv": (lambda directory, _today: to_csv(directory), "text/csv; charset=utf-8"),
    "json": (lambda directory, _today: to_popolo(directory), "application/json"),
    "vcf": (lambda directory, today: to_vcards(directory, today, _language()), "text/vcard; charset=utf-8"),
}


def _language() -> str:
    return get_language() or "en"


@require_safe
def authorities(request: DeskRequest) -> HttpResponse:
    """Show the directory, or what a filter leaves of it."""
    today = timezone.localdate(request.now)
    countries = queries.list_countries()
    chosen = Filter(request.GET, countries)
    filled = chosen.cleaned_data if chosen.is_valid() else {}
    directory = queries.get_directory([filled["country"]] if filled.get("country") else None)
    found = lines(directory, _language(), today, queries.turnovers())
    found = [each for each in found if _is_wanted(each, filled)]
    page = filled.get("page") or 1
    shown = {
        "filter": chosen,
        "is_filtered": any(filled.get(name) for name in ("q", "country", "office", "state")),
        "lines": found[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE],
        "count": len(found),
        "to_check": sum(each.state not in {"verified", "replaced"} for each in found),
        "page": page,
        "later": page + 1 if len(found) > page * _ON_A_PAGE else None,
        "query": _query(request),
        "states": states(),
        "returned": posts_with_reports(),
        "edits": may(request.actor, "authority.edit", now=request.now),
        "imports": may(request.actor, "authority.import", now=request.now),
        "is_empty": not countries,
    }
    return render(request, "authorities/authorities.html", shown)


def _is_wanted(each: Line, filled: dict[str, str]) -> bool:
    office, state = filled.get("office"), filled.get("state")
    # Former posts are shown to whoever asks for them, by their state or by a word of theirs.
    if each.state == "replaced" and state != "replaced" and not filled.get("q"):
        return False
    fits = (not office or each.post.office == office) and (not state or each.state == state)
    return fits and matches(each, filled.get("q") or "")


def _query(request: DeskRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


@require_safe
def authority(request: DeskRequest, authority: str) -> HttpResponse:
    """Show a post: who holds it, how it is reached, what it can do, how it is addressed, and its history."""
    return _page(request, authority)


def _page(
    request: DeskRequest,
    key: str,
    *,
    problem: str = "",
    holder: NewHolder | None = None,
    way: NewContactPoint | None = None,
) -> HttpResponse:
    today = timezone.localdate(request.now)
    post, row = queries.get_post(key)
    directory = queries.get_directory()
    wrong = any(form is not None and form.errors for form in (holder, way))
    shown = {
        "post": post,
        "row": row,
        "page": post_page(post, directory, _language(), today, queries.turnovers()),
        "history": queries.list_history(row),
        "names": list_names(request.actor, now=request.now),
        "reasons": reasons(),
        "results": results(),
        "reports": reports_on(row.id),
        "returns": returns(),
        "states": states(),
        "fields": field_words(),
        "edits": may(request.actor, "authority.edit", now=request.now),
        "reads_cases": may(request.actor, "case.read", now=request.now),
        "holder": holder or NewHolder(initial={"begins": today}),
        "way": way or NewContactPoint(None),
        "today": today,
        "problem": problem,
    }
    return render(request, "authorities/authority.html", shown, status=409 if problem else 400 if wrong else 200)


def field_words() -> dict[str, str]:
    """Say which part of a post or an institution a field is, for its history."""
    return {
        "country": gettext("country"),
        "office": gettext("office"),
        "names": gettext("name"),
        "institution": gettext("institution"),
        "place": gettext("place"),
        "residence": gettext("the country in which it sits"),
        "demands": gettext("demands"),
        "topics": gettext("topics"),
        "languages": gettext("languages"),
        "styles": gettext("forms of address"),
        "occupancies": gettext("who holds it"),
        "contact_points": gettext("how it is reached"),
        "source": gettext("source"),
        "until": gettext("its end"),
        "kind": gettext("kind"),
        "part_of": gettext("what it belongs to"),
        "key": gettext("key"),
    }


def _to(key: str, mark: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("authority", args=[key]) + mark)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Put a post into the directory."""
    return _edited(request, None, 0)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, authority: str) -> HttpResponse:
    """Change what a post is called, what it is for, and how its holder is addressed."""
    post, row = queries.get_post(authority)
    return _edited(request, post, row.version)


def _edited(request: DeskRequest, post: Post | None, version: int) -> HttpResponse:
    today, directory = timezone.localdate(request.now), queries.get_directory()
    form = PostForm(request.POST if request.method == "POST" else None, directory, post, today)
    # A form that comes back with a mistake is still about the state that she had before her.
    seen = seen_version(request) if request.method == "POST" else version
    if request.method == "POST" and form.is_valid():
        key, of, why = form.key(), post.key if post else "", form.cleaned_data["why"]
        try:
            actions.put(request.actor, form.rows(), why=why, now=request.now, of=of, seen=seen)
        except BadRequest as error:
            form.add_error(None, gettext(error.what))
        except ChangedMeanwhile as error:
            # She has been told: what she sends now is her answer to it.
            form.add_error(None, gettext(error.what))
            seen = version
        else:
            return _to(key)
    shown = {"form": form, "post": post, "seen": seen}
    return render(request, "authorities/edit.html", shown, status=400 if form.errors else 200)


@require_POST
def check(request: DeskRequest, authority: str) -> HttpResponse:
    """Write down that somebody looked whether a line holds, and what came of it."""
    if "back" in request.POST:
        return _taken_back(request, authority, request.POST.get("part", ""))
    form = NewCheck(request.POST)
    if not form.is_valid():
        return _page(request, authority, problem=gettext("Say what was checked, and how it went."))
    filled = form.cleaned_data
    on = timezone.localdate(request.now)
    kind, _, rest = filled["part"].partition("/")
    first, _, second = rest.partition("/")
    names = ("from", "person") if kind == "occupancy" else ("code", "address")
    row = {"what": "check", "of": authority, names[0]: first, names[1]: second, "on": on.isoformat()}
    rows = [{**row, "result": filled["result"]}]
    try:
        actions.put(request.actor, rows, why="checked", now=request.now, of=authority)
    except BadRequest as error:
        return _page(request, authority, problem=gettext(error.what))
    return _to(authority, "#holder" if kind == "occupancy" else "#ways")


def _taken_back(request: DeskRequest, authority: str, part: str) -> HttpResponse:
    try:
        actions.take_check_back(request.actor, authority, part, now=request.now)
    except BadRequest as error:
        return _page(request, authority, problem=gettext(error.what))
    return _to(authority, "#holder" if part.startswith("occupancy/") else "#ways")


@require_POST
def look_into(request: DeskRequest, authority: str) -> HttpResponse:
    """Put away what came back of a post, or show it again."""
    put_away(request.actor, authority, seen_version(request), again=bool(request.POST.get("again")), now=request.now)
    return _to(authority, "#ways")


@require_POST
def holder(request: DeskRequest, authority: str) -> HttpResponse:
    """Write down who holds a post from a day on."""
    form = NewHolder(request.POST)
    if not form.is_valid():
        return _page(request, authority, holder=form)
    try:
        actions.appoint(request.actor, authority, form.occupancy(), seen=seen_version(request), now=request.now)
    except (BadRequest, ChangedMeanwhile) as error:
        return _page(request, authority, problem=gettext(error.what))
    return _to(authority, "#holder")


@require_POST
def contact_point(request: DeskRequest, authority: str) -> HttpResponse:
    """Add a way to reach a post."""
    form = NewContactPoint(request.POST)
    if not form.is_valid():
        return _page(request, authority, way=form)
    rows = [{"what": "contact_point", "of": authority, **form.cleaned_data}]
    try:
        actions.put(request.actor, rows, why="address", now=request.now, of=authority)
    except BadRequest as error:
        return _page(request, authority, problem=gettext(error.what))
    return _to(authority, "#ways")


@require_POST
def end_contact_point(request: DeskRequest, authority: str) -> HttpResponse:
    """Write down that a way to reach a post is used no longer, or is again."""
    post, _ = queries.get_post(authority)
    part = request.POST.get("part", "")
    point = next((each for each in post.contact_points if each.part == part), None)
    if point is None:
        raise Http404
    try:
        actions.end_contact_point(request.actor, post, point, again="again" in request.POST, now=request.now)
    except BadRequest as error:
        return _page(request, authority, problem=gettext(error.what))
    return _to(authority, "#ways")


@require_safe
def export(request: DeskRequest, form: str) -> HttpResponse:
    """Give the directory as a file."""
    if form not in _FORMS:
        raise Http404
    write, media_type = _FORMS[form]
    response = HttpResponse(write(queries.get_directory(), timezone.localdate(request.now)), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="authorities.{form}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: DeskRequest) -> HttpResponse:
    """Look at a file: what would be new, what cannot be taken. Then take it, whole or not at all."""
    form = TakeFile(request.POST, request.FILES) if request.method == "POST" else TakeFile()
    shown: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        written = form.cleaned_data["written"]
        try:
            if "refused" in request.POST:
                return _refused(actions.look_at_file(request.actor, written, now=request.now))
            if "take" in request.POST:
                shown["taken"] = actions.take_file(request.actor, written, now=request.now)
            else:
                plan, carried = actions.look_at_file(request.actor, written, now=request.now), packed(written)
                shown |= {"plan": plan, "refusals": _said(plan)}
                shown |= {"more": max(0, len(plan.reading.refusals) - _REFUSALS_SHOWN)}
                shown |= {"carried": carried if len(carried) < LARGEST_CARRIED else ""}
        except BadDirectory as error:
            form.add_error("file", str(error))
    return render(request, "authorities/import.html", shown, status=400 if form.errors else 200)


def _said(plan: actions.Plan) -> list[tuple[str, str]]:
    shown = plan.reading.refusals[:_REFUSALS_SHOWN]
    return [(each.where, gettext(each.words) % each.values) for each in shown]


def _refused(plan: actions.Plan) -> HttpResponse:
    """Give all rows that a file is refused for as a table, each with where it stands and why."""
    rows = ((each.row, f"{each.where}: {gettext(each.words) % each.values}") for each in plan.reading.refusals)
    # A spreadsheet takes a table without this mark for one of another encoding.
    response = HttpResponse("\ufeff" + refused_csv(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="refused.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def governments(request: DeskRequest) -> HttpResponse:
    """Show which countries are stale because a government changed, and mark another one."""
    today = timezone.localdate(request.now)
    form = ChangeOfGovernment(request.POST if request.method == "POST" else None, queries.list_countries(), today)
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            actions.change_government(request.actor, filled["country"], filled["on"], now=request.now)
        except BadRequest as error:
            form.add_error(None, gettext(error.what))
        else:
            return HttpResponseRedirect(reverse("authority-governments"))
    shown = {
        "form": form,
        "turnovers": [(each, country_name(each.country, _language())) for each in queries.list_turnovers()],
        "names": list_names(request.actor, now=request.now),
    }
    return render(request, "authorities/governments.html", shown, status=400 if form.errors else 200)


@require_POST
def take_back(request: DeskRequest, turnover_id: UUID) -> HttpResponse:
    """Take back that a government changed."""
    try:
        actions.take_back(request.actor, turnover_id, now=request.now)
    except ChangedMeanwhile as error:
        raise Http404 from error
    return HttpResponseRedirect(reverse("authority-governments"))
