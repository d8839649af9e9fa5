"""Middleware: while the cases of a person are being opened, a page that speaks of all of them says how far it is."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from tocsin.accounts.asking import carried
from tocsin.accounts.door import DeskRequest
from tocsin.core.errors import StillOpening

GOES_ON: Final = "goes-on"
# Browsers follow twenty redirections.
_MOST: Final = 15


class WhileOpening:
    """Shows the page that says how far it is where a view found that it could not say the whole yet.

    A page that is looked at is asked for again at once. What was sent stays out of addresses, so it is carried in the
    page and sent again when the person says so; from then on the browser sends it as often as it takes (307).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self._next(request)

    def process_exception(self, request: DeskRequest, error: Exception) -> HttpResponse | None:
        """Say how far it is, and go on."""
        if not isinstance(error, StillOpening):
            return None
        if request.method != "POST":
            return asked_again(render(request, "casework/opening.html", {"opening": error}))
        sent = _times_sent(request)
        if 0 < sent < _MOST:
            response = HttpResponseRedirect(_address(request, sent + 1))
            response.status_code = 307
            return response
        shown = {"opening": error, "carried": carried(request), "goes_on": _address(request, 1)}
        return render(request, "casework/opening.html", shown)


def asked_again(answer: HttpResponse) -> HttpResponse:
    """Have the browser ask for a page again at once: it was shown while cases are still being opened."""
    answer["Refresh"] = "0"
    return answer


def _address(request: HttpRequest, times: int) -> str:
    return f"{request.path}?{GOES_ON}={times}"


def _times_sent(request: HttpRequest) -> int:
    """Give how often the browser sent it since the person said so; 0 before that."""
    written = request.GET.get(GOES_ON, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 3 else 0
