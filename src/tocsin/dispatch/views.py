"""The addresses of readers. They set no cookie, keep nothing of who asks, and change nothing when one only looks."""

import time
from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.adapters.rate import Rate
from tocsin.core.errors import LetterboxClosed
from tocsin.core.messages import Address
from tocsin.dispatch import asking, filling, pages
from tocsin.dispatch.choices import chosen_by
from tocsin.publishing import pages as public
from tocsin.publishing.answers import respond_once
from tocsin.publishing.countries import country_names

METHODS: Final = ["GET", "HEAD", "POST"]
# Of one process: twenty at once, then one in three seconds, whoever sends them.
RATE: Final = Rate(burst=20, seconds=3)


@require_http_methods(METHODS)
def subscribe(request: HttpRequest, language: str) -> HttpResponse:
    """Show the form, and write down what a reader asks for."""
    _check_language(language)
    if request.method != "POST":
        return respond_once(request, pages.subscribing(language) if asking.is_open() else pages.closed(language))
    filled = filling.read_subscribing(request.POST, dict(country_names(language)))
    if filled.mistakes:
        return respond_once(request, pages.subscribing(language, filled, status=400))
    return _asked(request, language, lambda: asking.ask(filled.wish(), language, now=timezone.now()))


@require_http_methods(METHODS)
def ask_to_change(request: HttpRequest, language: str) -> HttpResponse:
    """Show the form that asks for a link, and write down who asks."""
    _check_language(language)
    if request.method != "POST":
        return respond_once(request, pages.asking_for_link(language) if asking.is_open() else pages.closed(language))
    filled = filling.read_address(request.POST)
    if filled.mistakes:
        return respond_once(request, pages.asking_for_link(language, filled, status=400))
    address = Address.parse(filled.address)
    return _asked(request, language, lambda: asking.ask_to_change(address, language, now=timezone.now()))


@require_http_methods(METHODS)
def confirm(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show the button by which a reader confirms, and let her be one."""
    _check_language(language)
    now = timezone.now()
    if request.method != "POST":
        holds = asking.find_link(token, "confirm", now=now) is not None
        return respond_once(request, pages.confirming(language, token) if holds else pages.link_is_over(language))
    done = asking.confirm(token, now=now)
    return respond_once(request, pages.confirmed(language, token) if done else pages.link_is_over(language))


@require_http_methods(METHODS)
def change(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show what a reader gets, and change it, or let her leave."""
    _check_language(language)
    now = timezone.now()
    reader = asking.find_link(token, "change", now=now)
    if reader is None or reader.state != "active":
        return respond_once(request, pages.link_is_over(language))
    chosen = chosen_by(reader)
    if request.method != "POST":
        shown = filling.of_reader(chosen)
        return respond_once(request, pages.changing(language, token, shown, has_key=chosen.has_openpgp))
    if request.POST.get("act") == "leave":
        asking.leave_by_link(token, now=now)
        return respond_once(request, pages.leaving(language, left=True))
    filled = filling.read_choosing(request.POST, dict(country_names(language)))
    if filled.mistakes:
        return respond_once(request, pages.changing(language, token, filled, has_key=chosen.has_openpgp, status=400))
    key = "" if filled.drop_key else filled.openpgp or None
    asking.change(token, filled.chosen(chosen.has_openpgp), key, now=now)
    has_key = bool(filled.openpgp) or (chosen.has_openpgp and not filled.drop_key)
    return respond_once(request, pages.changing(language, token, filled, has_key=has_key, saved=True))


@require_http_methods(METHODS)
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button by which a reader leaves; she does so by it, or by one click in her mail program (RFC 8058)."""
    language = public.best_of(public.languages(), request.headers.get("Accept-Language", ""))
    if request.method != "POST":
        return respond_once(request, pages.leaving(language, known=asking.is_of_message(token)))
    known = asking.leave_by_message(token, now=timezone.now())
    return respond_once(request, pages.leaving(language, left=known, known=known))


def _asked(request: HttpRequest, language: str, ask: Callable[[], None]) -> HttpResponse:
    """Write down what is asked for, unless too much is; the answer is the same for every address."""
    if not RATE.takes(time.monotonic()):
        return respond_once(request, pages.too_many(language, request.path.rpartition("/")[2]))
    try:
        ask()
    except LetterboxClosed:
        return respond_once(request, pages.closed(language))
    return respond_once(request, pages.sent(language))


def _check_language(language: str) -> None:
    if language not in public.languages():
        raise Http404
