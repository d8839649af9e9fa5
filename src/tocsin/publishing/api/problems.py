"""Why there is no answer, as RFC 9457 has it: for programs, with the same codes as everywhere in Tocsin."""

from collections.abc import Callable
from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse

from tocsin.core.errors import (
    BadCode,
    BadQuestion,
    NotPublished,
    TocsinError,
    TooLarge,
    Unreachable,
    Withdrawn,
)
from tocsin.publishing.api.fields import give
from tocsin.publishing.api.values import Problem

TYPE: Final = "application/problem+json"
ROOT: Final = "/api/"
_ASK: Final = "the addresses and their parameters stand in /api/1/openapi.json"
_STATUS: Final[dict[type[TocsinError], int]] = {BadQuestion: 400, BadCode: 404, NotPublished: 404}
# What is answered before a question of ours is reached, by the page that stands for it.
_BEFORE: Final[dict[int, tuple[type[TocsinError], str, str]]] = {
    400: (BadQuestion, "this request cannot be read", _ASK),
    404: (NotPublished, "there is nothing at this address", _ASK),
    405: (BadQuestion, "nothing can be done here but to read", "ask with GET or HEAD"),
    411: (BadQuestion, "this request cannot be read", _ASK),
    413: (TooLarge, "a request carries nothing here", "ask without a body"),
    414: (TooLarge, "this address is too long", "ask for fewer words"),
    500: (TocsinError, "something broke on our side", "ask again later"),
    503: (Unreachable, "the database cannot be reached", "ask again later"),
}


def type_of(code: str) -> str:
    """Give the name of a kind of problem."""
    return f"urn:tocsin:problem:{code}"


def problem_of(error: TocsinError) -> Problem:
    """Say what an error means for who asked."""
    words = " ".join(filter(None, (error.where and f"{error.where}:", error.what)))
    return Problem(type_of(error.code), words, _STATUS[type(error)], error.hint or _ASK, error.code)


def withdrawn_words() -> tuple[str, str, int, str, str]:
    """Give what every tombstone begins with: type, title, status, detail, code."""
    code = Withdrawn.code
    return type_of(code), "this appeal was withdrawn", 410, "do not spread copies that you have", code


def responded(problem: Problem) -> HttpResponse:
    """Send a problem."""
    return HttpResponse(msgspec.json.encode(give(problem)), status=problem.status, content_type=TYPE)


class Problems:
    """Middleware that tells programs in their own form what people are told by a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        response = self._next(request)
        told = response.headers.get("Content-Type", "")
        if response.status_code < 400 or not request.path.startswith(ROOT) or not told.startswith("text/html"):
            return response
        error, title, detail = _BEFORE.get(response.status_code, _BEFORE[500])
        said = responded(Problem(type_of(error.code), title, response.status_code, detail, error.code))
        if "Allow" in response.headers:
            said.headers["Allow"] = response.headers["Allow"]
        return said
