"""What the pages of accounts ask of a request: where it comes from, and for which site a passkey is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from tocsin.accounts.actions import Shown, login_digest
from tocsin.accounts.passkeys import Origin
from tocsin.accounts.throttle import Visitor, new_mark

_View = TypeVar("_View", bound=Callable[..., HttpResponse])
_YEAR = 31_536_000


def with_passkeys(view: _View) -> _View:
    """Let a page load the one script of the desk; only pages where a browser talks to an authenticator do."""
    return cast("_View", csp_update({"script-src": ["'self'"]})(view))


def sent(request: HttpRequest) -> QueryDict | None:
    """Give what a form sent, however little; nothing where a page is only looked at."""
    return request.POST if request.method == "POST" else None


def visitor(request: HttpRequest) -> Visitor:
    """Tell where a request comes from."""
    return Visitor(request.META.get("REMOTE_ADDR", ""), request.COOKIES.get(settings.TOCSIN_MARK_COOKIE, ""))


def origin(request: HttpRequest) -> Origin:
    """Tell which site the browser means to be at."""
    return Origin(request.scheme or "https", request.get_host())


def factor(request: HttpRequest, answers: Mapping[str, Any]) -> str | Shown:
    """Give the second factor that a form brought: a passkey before a code."""
    if answers["answer"]:
        return Shown(answers["answer"], origin(request))
    return str(answers["code"])


def remember(response: HttpResponse, login: str) -> None:
    """Let the browser be known again as one that this person signed in from: her tries are counted apart."""
    response.set_cookie(
        settings.TOCSIN_MARK_COOKIE,
        new_mark(login_digest(login)),
        max_age=_YEAR,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
