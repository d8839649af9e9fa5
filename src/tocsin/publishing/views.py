"""The addresses of the public site: they read, answer with what is kept, and know nobody."""

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tocsin.adapters.rate import Rate
from tocsin.publishing import acting, cap, counting, feeds, guarding, pages, queries, telling, told
from tocsin.publishing.answers import Answer, respond, respond_once
from tocsin.publishing.api import documenting, extract
from tocsin.publishing.hours import hour
from tocsin.publishing.queries import Wanted
from tocsin.publishing.standings import NARROWED_TO

_LONGEST_SEARCH = 200
_COUNTRY = re.compile(r"[A-Z]{3}")
# Of one process: as many at once as a bulletin may bring, then one a second, whoever sends them.
TOLD_RATE = Rate(burst=60, seconds=1)
# Of these so many by one click; beyond, whoever clicks is asked the question that keeps programs out.
CLICKED_RATE = Rate(burst=30, seconds=6)
_FIELDS = {"q", "country", "year", "kind", "standing", "page"}


def answered(make: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """Make a view of what makes an answer: it is kept by its address, and no question behind the address matters."""

    @require_safe
    @wraps(make)
    def view(request: HttpRequest, **words: Any) -> HttpResponse:
        return respond(request, lambda: make(**words))

    return view


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the list in the reader's language."""
    tag = pages.best_of(pages.languages(), request.headers.get("Accept-Language", ""))
    return respond(request, lambda: Answer(b"", "text/plain", 302, location=f"/{tag}/index.html"), keep=False)


@require_safe
def home_of_api(request: HttpRequest) -> HttpResponse:
    """Lead to the page that documents the API, in the reader's language."""
    tag = pages.best_of(pages.languages(), request.headers.get("Accept-Language", ""))
    return respond(request, lambda: Answer(b"", "text/plain", 302, location=f"/{tag}/api.html"), keep=False)


@answered
def of_api(language: str) -> Answer:
    """Show how programs read the site."""
    _check_language(language)
    return documenting.page(language)


@answered
def figures(language: str) -> Answer:
    """Show what is published, counted."""
    _check_language(language)
    return extract.page(language, tuple(counting.list_counted(now=hour())))


@answered
def figures_of_year(year: int) -> Answer:
    """Give the figures of a year as a table."""
    return extract.year(year, list(counting.list_counted(now=hour())))


@require_safe
def index(request: HttpRequest, language: str, page: int = 1) -> HttpResponse:
    """Show the list of appeals, or what is looked for among them."""
    _check_language(language)
    if not request.GET:
        return respond(request, lambda: pages.index(language, page, now=hour()))
    if page != 1 or set(request.GET) - _FIELDS:
        raise Http404
    wanted, number = _wanted(request), request.GET.get("page") or "1"
    if not (number.isascii() and number.isdigit() and 0 < int(number[:6]) < 100_000):
        raise Http404
    return respond(request, lambda: pages.index(language, int(number), wanted, now=hour()), keep=False)


def _wanted(request: HttpRequest) -> Wanted:
    """Read what somebody looks for; a value that no form of ours offers is as if nothing had been chosen."""
    code, year, kind, standing = (request.GET.get(name, "") for name in ("country", "year", "kind", "standing"))
    return Wanted(
        words=request.GET.get("q", "")[:_LONGEST_SEARCH].replace("\0", ""),
        country=code if _COUNTRY.fullmatch(code) else "",
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
        kind=kind if kind in queries.KINDS else "",
        standing=standing if standing in NARROWED_TO else "",
    )


@answered
def of_country(language: str, code: str, page: int = 1) -> Answer:
    """Show the appeals of a country."""
    _check_language(language)
    return pages.of_country(language, code, page, now=hour())


@answered
def of_defender(language: str, defender: str, page: int = 1) -> Answer:
    """Show the appeals that name a defender."""
    _check_language(language)
    return pages.of_defender(language, defender, page, now=hour())


@answered
def verify(language: str) -> Answer:
    """Show how an appeal is verified."""
    _check_language(language)
    return pages.verifying(language)


@require_safe
def editions(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the edition in the reader's language."""
    tags = pages.editions_of(slug, now=hour())
    tag = pages.best_of(tags, request.headers.get("Accept-Language", ""))
    address = f"/appeals/{slug}/{tag}.html"
    return respond(request, lambda: Answer(b"", "text/plain", 302, location=address), keep=False)


@require_safe
def appeal(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Show one edition of an appeal; one that there is not, as after a correction, leads to those there are."""
    try:
        return respond(request, lambda: pages.appeal(slug, language, now=hour()))
    except Http404:
        return editions(request, slug)


@answered
def act(language: str, slug: str) -> Answer:
    """Show whom readers may write to because of an appeal."""
    _check_language(language)
    return acting.page(slug, language, now=hour())


@answered
def letter(language: str, slug: str, number: int, tongue: str) -> Answer:
    """Show a letter to one of them, in a language."""
    _check_language(language)
    return acting.letter(slug, number, tongue, language, now=hour())


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, language: str, slug: str, number: int = told.NOT_SAID) -> HttpResponse:
    """Ask whether a reader acted, and count it; a click beside a letter is counted without more.

    Under the address without a number, which mails name, she says herself to whom, or does not say it.
    """
    _check_language(language)
    now = timezone.now()
    found = telling.find(slug, number, now=hour())
    if found is None:
        return respond_once(request, acting.gone(slug, language, now=hour()))
    if request.method != "POST" or (telling.is_click(request.POST) and not CLICKED_RATE.takes(time.monotonic())):
        return respond_once(request, telling.asking(*found, language, telling.Telling(guarding.any_question())))
    filled = telling.read(request.POST, *found)
    if filled.mistakes:
        return respond_once(request, telling.asking(*found, language, filled, status=400))
    if not TOLD_RATE.takes(time.monotonic()):
        return respond_once(request, telling.closed(*found, language))
    told.tell(slug, filled.number, filled.channel, filled.country, on=timezone.localdate(now))
    return respond_once(request, telling.thanks(*found, language))


@require_safe
def file(request: HttpRequest, slug: str, language: str, form: str) -> HttpResponse:
    """Give one edition in another form; where there is none in a language, lead to the pages of those there are."""
    try:
        return respond(request, lambda: pages.file(slug, language, form, now=hour()))
    except Http404:
        if language in pages.editions_of(slug, now=hour()):
            raise
        return editions(request, slug)


@answered
def proof(slug: str) -> Answer:
    """Give the signed statement of an appeal."""
    return pages.proof(slug, now=hour())


@answered
def alert(slug: str) -> Answer:
    """Give an appeal as an alert of the Common Alerting Protocol."""
    return cap.alert(slug, now=hour())


@answered
def keys() -> Answer:
    """Give the keys that count."""
    return pages.keys()


@answered
def atom(language: str) -> Answer:
    """Give the Atom feed."""
    _check_language(language)
    return feeds.atom(language, now=hour())


@answered
def json_feed(language: str) -> Answer:
    """Give the JSON Feed."""
    _check_language(language)
    return feeds.json_feed(language, now=hour())


@answered
def site_map(page: int = 1) -> Answer:
    """Give a map for search engines."""
    return feeds.site_map(page, now=hour())


@answered
def robots() -> Answer:
    """Tell search engines what they may look at."""
    return feeds.robots(now=hour())


@answered
def script() -> Answer:
    """Give the script of the pages with letters."""
    return pages.script()


@answered
def nothing() -> Answer:
    """Give an empty icon: browsers ask for one, whatever a page says."""
    return Answer(b"", "image/x-icon")


def nowhere(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """Say that there is no such page, in the language of the address or of the reader."""
    first = request.path.strip("/").partition("/")[0]
    tags = pages.languages()
    language = first if first in tags else pages.best_of(tags, request.headers.get("Accept-Language", ""))
    return respond_once(request, pages.nowhere(language, depth=request.path.count("/") - 1))


def _check_language(language: str) -> None:
    if language not in pages.languages():
        raise Http404
