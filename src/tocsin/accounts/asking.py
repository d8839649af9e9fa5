"""What the pages of accounts ask of a request: where it comes from, and for which site a passkey is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from tocsin.accounts.actions import Shown, login_digest
from tocsin.accounts.passkeys import Origin
from tocsin.accounts.throttle import Visitor, new_mark
from tocsin.core.errors import TooManyTries, WrongSecret

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_View = TypeVar("_View", bound=Callable[..., HttpResponse])
_YEAR = 31_536_000
# What a form of the desk may not carry through a page in the open.
_NOT_CARRIED = ("csrfmiddlewaretoken", "passphrase", "again", "present", "secret")
_TOO_MANY = "too_many"


def with_passkeys(view: _View) -> _View:
    """Let a page load the one script of the desk; only pages where a browser talks to an authenticator do."""
    return cast("_View", csp_update({"script-src": ["'self'"]})(view))


def sent(request: HttpRequest) -> QueryDict | None:
    """Give what a form sent, however little; nothing where a page is only looked at."""
    return request.POST if request.method == "POST" else None


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """Give what a form sent, to be sent again by another page; no secret, and nothing of the page that confirms."""
    return [
        (name, value)
        for name in (request.POST if request.method == "POST" else ())
        if name not in _NOT_CARRIED and not name.startswith("confirm-")
        for value in request.POST.getlist(name)
    ]


@contextmanager
def refusals(form: Form, wrong: "str | _StrPromise", field: str | None = None) -> Iterator[None]:
    """Say in a form that the secret which it brought is wrong, or that there were too many tries."""
    try:
        yield
    except WrongSecret:
        form.add_error(field, wrong)
    except TooManyTries:
        form.add_error(None, ValidationError(_("Too many tries. Wait a minute, then try again."), _TOO_MANY))


def status_of(form: Form) -> int:
    """Give the status of the page on which a form stands with what was wrong in it."""
    if form.is_bound and form.has_error(NON_FIELD_ERRORS, _TOO_MANY):
        return 429
    return 400 if form.errors else 200


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
