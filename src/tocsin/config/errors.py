"""Pages for what went wrong, in the look of the desk. They say what to do, and nothing of what was asked for."""

import sys

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_PAGES: dict[int, tuple[Promise, Promise]] = {
    400: (_("This request could not be read"), _("Go back, reload the page and try again.")),
    403: (
        _("This form is too old"),
        _("It was opened before you signed in, or your browser sends no cookies. Go back, reload the page, try again."),
    ),
    404: (
        _("There is no such page, or it is not yours"),
        _("If it is a case that you need, a colleague who holds it can give you access."),
    ),
    405: (_("This cannot be asked for in this way"), _("Use the links and buttons of the pages.")),
    411: (_("This request could not be read"), _("Go back, reload the page and try again.")),
    413: (_("This is too much at once"), _("Send less text, or send it in parts. Nothing was saved.")),
    414: (_("This address is too long"), _("Use the links and buttons of the pages.")),
    429: (
        _("Too much is coming in at once"),
        _("Nothing was saved. Go back, wait a minute, and send it again. A text without a file comes through."),
    ),
    503: (
        _("The site is frozen"),
        _("Nobody can sign in and nothing can be changed until those who run the site lift it. Nothing is lost."),
    ),
    500: (_("Something broke on our side"), _("Nothing was saved by this step. Go back and try again.")),
}
_UNREACHABLE = (
    _("The database cannot be reached"),
    # A commit whose answer was lost may have been made.
    _("Whether this step was saved is not known. Wait a moment, go back and look; if it was not, do it again."),
)


def page(request: HttpRequest, status: int) -> HttpResponse:
    """Give the page for a status."""
    return _page(request, status, *_PAGES[status])


def _page(request: HttpRequest, status: int, title: Promise, what: Promise) -> HttpResponse:
    # A broken page asks nothing of database, session or keys: what broke may be one of them.
    around = request if status < 500 else None
    number = getattr(request, "number", "") if status in (400, 500) else ""
    return HttpResponse(
        render_to_string("error.html", {"title": title, "what": what, "number": number, "status": status}, around),
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """Answer what cannot be read."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form without its token."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer what is not there, or not for this person: the two are never told apart."""
    return page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer what broke: the error that Django is dealing with."""
    if isinstance(sys.exc_info()[1], DatabaseError):
        return _page(request, 503, *_UNREACHABLE)
    return page(request, 500)
