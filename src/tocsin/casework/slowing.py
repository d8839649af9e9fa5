"""Middleware: says why a case does not open, where somebody opened too many within an hour."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.casework import hurry
from tocsin.core.errors import TooManyCases


class Slowing:
    """Answers with that page where a view was stopped by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say what stopped her, and until when."""
        if not isinstance(error, TooManyCases):
            return None
        return render(request, "casework/too_many.html", {"most": hurry.MOST_AN_HOUR}, status=429)
