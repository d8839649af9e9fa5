"""The door of the desk: every address is closed until `access.toml` opens it, and then to whom it says."""

import base64
import binascii
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from tocsin.accounts import actions
from tocsin.accounts.actor import NO_PROOF, Actor, may
from tocsin.core.errors import Locked, NotAllowed

ANYONE, SIGNED_IN, SETTING_UP = "anyone", "signed_in", "setting_up"


class DeskRequest(HttpRequest):
    """A request of somebody who has signed in; the door made sure of it."""

    actor: Actor
    now: datetime


class Door:
    """Middleware: finds out who asks, and refuses what they may not see as if it were not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self._next(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let the request through to its view, send it to the sign-in page, or know of no such page."""
        asked = cast("DeskRequest", request)
        asked.now = timezone.now()
        name = request.resolver_match.view_name if request.resolver_match else ""
        needed = settings.TOCSIN_ACCESS.get(name)
        if needed is None:
            raise Http404
        if needed == ANYONE:
            return None
        actor = _actor(request, asked.now)
        if actor is None:
            return HttpResponseRedirect(reverse("sign-in"))
        asked.actor = actor
        if needed != SETTING_UP and actor.proof == NO_PROOF:
            return HttpResponseRedirect(reverse("second-factor"))
        # Whoever does not hold a case learns nothing of it, not even by a page that forgot to ask.
        thing = kwargs.get("case_id") or kwargs.get("report_id")
        if needed not in {SIGNED_IN, SETTING_UP} and not may(actor, needed, thing, now=asked.now):
            raise Http404
        return None

    def process_exception(self, _request: HttpRequest, error: Exception) -> None:
        """Show what is not yours as what is not there."""
        if isinstance(error, NotAllowed):
            raise Http404 from error


class UnlistedField(SuspiciousOperation):
    """A form sent a field that `access.toml` does not list for its address."""


class Fields:
    """Middleware: refuses a form that sends what its page does not offer, and writes to the log that somebody did."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self._next(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_of_view: object) -> None:
        """Let the form through, or refuse it; neither the names nor the values of its fields are written down."""
        # A view that says how a form is to be read looks at its token and its fields itself.
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            demand_fields(request)


def demand_fields(request: HttpRequest) -> None:
    """Refuse a form that sends what `access.toml` does not list for its address."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    listed = _listed(name)
    if name == "confirm":
        # It carries along what was meant for the page that asked.
        listed |= _listed(_name_of(request.POST.get("confirm-next", "")))
    demand_listed(request, listed)


def demand_listed(request: HttpRequest, listed: Iterable[str]) -> None:
    """Refuse a form that sends anything but these fields, and what every form may carry.

    For views whose fields depend on what they show: `access.toml` leaves them to it where it says `*`.
    """
    allowed = frozenset(listed) | _OF_CONFIRMING
    if not all(_is_listed(name, allowed) for name in (*request.POST, *request.FILES)):
        raise UnlistedField("a form sent a field that is not listed for its address")


def seen_version(request: HttpRequest) -> int:
    """Give the version that a person had before her when she sent a form; 0 where it says none."""
    written = request.POST.get("seen", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


# What the page that asks for the second factor again adds to what it carries along.
_OF_CONFIRMING = frozenset(
    ("csrfmiddlewaretoken", *(f"confirm-{each}" for each in ("code", "answer", "next", "goes-on", "click")))
)


def _listed(name: str) -> frozenset[str]:
    listed: frozenset[str] = settings.TOCSIN_FIELDS.get(name, frozenset())
    return listed


def _name_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""


def _is_listed(name: str, listed: frozenset[str]) -> bool:
    return name in listed or any(each.endswith("*") and name.startswith(each[:-1]) for each in listed)


def _actor(request: HttpRequest, now: datetime) -> Actor | None:
    try:
        cookie = base64.urlsafe_b64decode(request.COOKIES.get(settings.TOCSIN_COOKIE, ""))
        return actions.resume(cookie, now=now)
    except (binascii.Error, ValueError, Locked):
        return None


def give_cookie(response: HttpResponse, cookie: bytes) -> None:
    """Hand the secret of a session to the browser, out of reach of scripts and other sites."""
    response.set_cookie(
        settings.TOCSIN_COOKIE,
        base64.urlsafe_b64encode(cookie).decode(),
        max_age=int(actions.LONGEST.total_seconds()),
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
