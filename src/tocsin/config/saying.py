"""What the page says that comes after a form was taken: once, first, and in its title.

Whoever hears a page hears its title; whoever sees it sees the words, even where the address leads further down. What
is said goes with the browser, not in the address: a page that is asked for again does not say it again.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

# A page that comes later than this is no answer any more.
_SECONDS = 60


class Saying:
    """Middleware: carries the name of a form that was taken to the page to which its answer leads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        response = self._next(request)
        form = request.resolver_match.view_name if request.resolver_match else ""
        # Where the address asks for something, the page that comes has words of its own.
        if request.method == "POST" and form in _words() and "?" not in response.get("Location", "?"):
            secure = settings.CSRF_COOKIE_SECURE
            response.set_cookie(cookie_name(), form, _SECONDS, secure=secure, httponly=True, samesite="Strict")
        elif getattr(request, "has_said", False):
            response.delete_cookie(cookie_name(), samesite="Strict")
        return response


def said(request: HttpRequest) -> str:
    """Give what a page has to say of the form before it; from then on it is said."""
    words = _words().get(request.COOKIES.get(cookie_name(), "")) if request.method == "GET" else None
    request.has_said = words is not None  # type: ignore[attr-defined]
    return gettext(words) if words else ""


def cookie_name() -> str:
    """Give the name of the cookie: over TLS it is bound to this host, as the others are."""
    return "__Host-said" if settings.CSRF_COOKIE_SECURE else "said"


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = tomllib.loads(files("tocsin.config").joinpath("said.toml").read_text("utf-8"))["said"]
    return words
