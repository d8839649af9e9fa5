"""The door of the desk: every address is closed until `access.toml` opens it, and then to whom it says."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
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
