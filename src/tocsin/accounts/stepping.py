"""Middleware: where an action asks for the second factor again, the page that asks for it takes the answer's place."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tocsin.accounts.asking import with_passkeys
from tocsin.accounts.door import DeskRequest
from tocsin.accounts.views import ask_to_confirm
from tocsin.core.errors import StepUpNeeded


class Stepping:
    """Asks for the second factor when something dangerous was to be done without it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self._next(request)

    def process_exception(self, request: DeskRequest, error: Exception) -> HttpResponse | None:
        """Show the page that asks, and carry what was being sent."""
        if not isinstance(error, StepUpNeeded):
            return None
        return _ask(request)


@with_passkeys
def _ask(request: DeskRequest) -> HttpResponse:
    return ask_to_confirm(request, request.get_full_path(), status=403)
