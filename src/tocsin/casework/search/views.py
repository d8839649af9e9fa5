"""The pages of search and lists. Words travel in the body of a request: none stands in an address, history or log."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts.actor import Actor, may
from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.adapters.encrypting import ENDING, encrypted
from tocsin.casework.pages.wording import label
from tocsin.casework.queries import count_sealed
from tocsin.casework.search import actions, alarms, export_keys, exporting, opening, saved
from tocsin.casework.search.holdings import ORDERS
from tocsin.casework.search.listing import (
    AHEAD,
    ANY,
    IN_CHARGE,
    NONE,
    OVERDUE,
    WATCHED,
    Listed,
    Page,
    Wanted,
    list_cases,
)
from tocsin.core import vocab
from tocsin.core.addressing import table_line
from tocsin.core.errors import BadRequest
from tocsin.publishing.countries import country_name

LONGEST = 200
PLAIN = "plain"
_STATUSES = {
    "draft": _("draft"),
    "in_review": _("in review"),
    "changes_requested": _("changes requested"),
    "cleared": _("cleared"),
    "approved": _("approved"),
    "scheduled": _("scheduled"),
    "embargoed": _("under embargo"),
    "published": _("published"),
    "superseded": _("superseded"),
    "corrected": _("corrected"),
    "closed": _("closed"),
    "retracted": _("retracted"),
    "abandoned": _("abandoned"),
}
_REVIEWS = {
    OVERDUE: _("overdue"),
    "week": _("within 7 days"),
    "month": _("within 30 days"),
    AHEAD: _("still to come"),
    NONE: _("no day is set"),
}
_WHOSE = {IN_CHARGE: _("I am in charge"), WATCHED: _("I watch it")}
_ORDERS = {
    "review": _("next review, overdue ones first"),
    "hearing": _("next hearing"),
    "changed": _("what changed last"),
    "name": _("name"),
}
_LISTS = {
    "violation": ("violation_types", "procedure_types"),
    "detention": ("detention_status",),
    "standing": ("case_status",),
    "priority": ("case_priority",),
}
Options = list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: DeskRequest) -> HttpResponse:
    """Show the box and, for a question, the cases that were found."""
    question = request.POST.get("question", "").strip()[:LONGEST]
    found = actions.search(request.actor, question, now=request.now, names=True) if question else None
    return render(request, "casework/search.html", {"question": question, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: DeskRequest) -> HttpResponse:
    """Show all of one's cases, a page at a time: what presses first, or what was asked for."""
    posted, wrong = request.POST, ""
    wanted = _wanted(posted)
    if kept := posted.get("saved"):
        wanted = next((each.wanted for each in saved.list_saved(request.actor) if str(each.id) == kept), wanted)
    if forgotten := _id(posted.get("forget", "")):
        saved.forget(request.actor, forgotten)
        return HttpResponseRedirect(reverse("cases"))
    if "save" in posted:
        # Nothing is kept twice because it had to be sent again.
        opening.open_all(request.actor, now=request.now, adopt=True, names=wanted.asks)
        try:
            saved.save(request.actor, posted.get("name", ""), wanted, now=request.now)
        except BadRequest as error:
            wrong = gettext(error.what)
    return _page(request, wanted, wrong=wrong, status=400 if wrong else 200)


def _page(
    request: DeskRequest,
    wanted: Wanted,
    *,
    wrong: str = "",
    not_taken: str = "",
    needs_second: bool = False,
    status: int,
) -> HttpResponse:
    number = _number(request.POST.get("page", ""))
    # A page that is only looked at changes nothing.
    page = list_cases(request.actor, wanted, number, now=request.now, adopt=request.method == "POST")
    shown = {
        "page": page,
        "wanted": wanted,
        "filters": _filters(page, wanted),
        "opens_filters": replace(wanted, question="").is_narrowed,
        "statuses": _STATUSES,
        "saved": saved.list_saved(request.actor),
        "sealed": count_sealed(request.actor, now=request.now),
        "names": list_names(request.actor, now=request.now),
        "wrong": wrong,
        "not_taken": not_taken,
        "needs_second": needs_second,
        "takes_out": may(request.actor, export_keys.VERB, now=request.now),
        "keys": export_keys.list_keys(request.actor),
        "key": request.POST.get("key", ""),
        "reasons": exporting.reasons(),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "casework/cases.html", shown, status=status)


@require_POST
def export(request: DeskRequest) -> HttpResponse:
    """Give a list as a table, encrypted to a key that was named, or ask a second person for it."""
    wanted, reason = _wanted(request.POST), request.POST.get("reason", "")
    try:
        key = _key(request.actor, request.POST.get("key", ""))
        if "ask" in request.POST:
            exporting.ask(request.actor, wanted, reason=reason, key=key, now=request.now)
            return HttpResponseRedirect(reverse("exports"))
        rows = exporting.take_out(request.actor, wanted, reason=reason, key=key, now=request.now)
    except BadRequest as error:
        needs_second = isinstance(error, exporting.SecondNeeded)
        return _page(request, wanted, not_taken=gettext(error.what), needs_second=needs_second, status=409)
    table, name = "".join(_table(rows)).encode(), "cases.csv"
    if key == exporting.NOT_ENCRYPTED:
        response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(encrypted(table, [key]), content_type="application/octet-stream")
        name += ENDING
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _key(actor: Actor, chosen: str) -> str:
    """Give the public key that was chosen."""
    if chosen == PLAIN:
        return exporting.NOT_ENCRYPTED
    found = next((each.key for each in export_keys.list_keys(actor) if str(each.id) == chosen), None)
    if found is None:
        raise BadRequest("choose the key that the table is encrypted to")
    return found


def _table(rows: Iterable[Listed]) -> Iterator[str]:
    """Write the lines of a table, one after the other, in the language that the page had when it was asked for."""
    language = get_language() or "en"
    statuses = {code: str(words) for code, words in _STATUSES.items()}
    header = (
        gettext("Name"),
        gettext("Code"),
        gettext("Country"),
        gettext("Case"),
        gettext("Appeal"),
        gettext("Violation"),
        gettext("Detention"),
        gettext("Next review"),
        gettext("Hearings"),
        gettext("Saved on"),
        gettext("Key of the case"),
    )

    def listed(name: str, codes: Iterable[str]) -> str:
        return "; ".join(_words(name, code, language) for code in codes if code)

    def lines() -> Iterator[str]:
        # A spreadsheet takes a table without this mark for one of another encoding.
        yield "\ufeff" + table_line(header)
        for each in rows:
            facets = each.facets
            yield table_line(
                (
                    each.title or "",
                    each.code,
                    listed("country", facets.countries),
                    listed("standing", [facets.standing]),
                    statuses.get(facets.status, facets.status),
                    listed("violation", facets.violations),
                    listed("detention", facets.detentions),
                    facets.review_on,
                    "; ".join(facets.hearings),
                    timezone.localdate(each.saved.at).isoformat() if each.saved else "",
                    str(each.id),
                )
            )

    return lines()


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: DeskRequest) -> HttpResponse:
    """Show who asks to take a list out and one's own keys; take the answer of a second person, or another key."""
    problem = ""
    if request.method == "POST":
        try:
            _answer(request)
        except BadRequest as error:
            problem = gettext(error.what)
        else:
            return HttpResponseRedirect(reverse("exports"))
    shown = {
        "asks": exporting.list_asks(request.actor, now=request.now),
        "reasons": exporting.reasons(),
        "keys": export_keys.list_keys(request.actor),
        "typed": request.POST if problem else {},
        "names": list_names(request.actor, now=request.now),
        "problem": problem,
    }
    return render(request, "casework/exports.html", shown, status=409 if problem else 200)


def _answer(request: DeskRequest) -> None:
    posted = request.POST
    if "name" in posted:
        export_keys.add(request.actor, posted["name"], posted.get("key", ""), now=request.now)
    elif forgotten := _id(posted.get("forget", "")):
        export_keys.forget(request.actor, forgotten)
    elif asked := _id(posted.get("ask", "")):
        answer = exporting.agree if posted.get("answer") == "agree" else exporting.refuse
        answer(request.actor, asked, now=request.now)
    else:
        raise BadRequest("nobody asks for this any more")


def _wanted(posted: QueryDict) -> Wanted:
    given = {each.name: posted.get(each.name, "").strip()[:LONGEST] for each in fields(Wanted)}
    order = given.pop("order")
    return Wanted(**given, order=order if order in ORDERS else ORDERS[0])


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < LONGEST // 20 else 1


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _filters(page: Page, wanted: Wanted) -> list[tuple[str, str, str, Options]]:
    """Give each filter: its name, its words, what is chosen, and what there is to choose from with how many."""
    chosen = {name: _options(name, counts) for name, counts in page.choices.items()}
    rows = [
        ("country", gettext("Country"), chosen["country"]),
        ("violation", gettext("Violation"), chosen["violation"]),
        ("detention", gettext("Detention"), chosen["detention"]),
        ("standing", gettext("Case"), chosen["standing"]),
        ("priority", gettext("Priority"), chosen["priority"]),
        ("alarm", gettext("Needs somebody"), _alarms(page.alarms)),
        ("status", gettext("Appeal"), chosen["status"]),
        ("review", gettext("Next review"), [(code, str(words)) for code, words in _REVIEWS.items()]),
        ("whose", gettext("Mine"), [(code, str(words)) for code, words in _WHOSE.items()]),
        ("order", gettext("Sorted by"), [(code, str(words)) for code, words in _ORDERS.items()]),
    ]
    return [(name, words, getattr(wanted, name), options) for name, words, options in rows]


def _alarms(counts: Mapping[str, int]) -> Options:
    """Give the alarms that have begun, those of most cases first, behind what any of them is."""
    named = [(code, gettext(alarms.kinds()[code].words), count) for code, count in Counter(counts).most_common()]
    rows = [(code, f"{words} ({count})") for code, words, count in named]
    return [(ANY, gettext("for whatever reason")), *rows] if rows else []


def _options(name: str, counts: Mapping[str, int]) -> Options:
    language = get_language() or "en"
    named = [(code, _words(name, code, language), count) for code, count in counts.items()]
    return [(code, f"{words} ({count})") for code, words, count in sorted(named, key=lambda row: row[1].casefold())]


def _words(name: str, code: str, language: str) -> str:
    if name == "country":
        return country_name(code, language)
    if name == "status":
        return str(_STATUSES.get(code, code))
    found = next((each for each in _LISTS[name] if code in vocab.load(each)), None)
    return str(label(found, code, language)) if found else code
