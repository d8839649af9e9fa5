"""The addresses of the API: the table, read by a request and answered with what is kept."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse

from tocsin.core.errors import BadCode, BadQuestion, NotPublished
from tocsin.publishing.answers import Answer, respond
from tocsin.publishing.api import openapi, problems
from tocsin.publishing.api.fields import give
from tocsin.publishing.api.table import Question
from tocsin.publishing.api.values import Appeals, Tombstone
from tocsin.publishing.hours import hour

_METHODS: Final = "GET, HEAD, OPTIONS"
_JSON: Final = "application/json"


def view_of(question: Question) -> Callable[..., HttpResponse]:
    """Make the view of a question."""

    def make(**words: Any) -> Answer:
        return answer_of(question.make(**words, now=hour()))

    def view(request: HttpRequest, **words: str) -> HttpResponse:
        try:
            asked = question.read(dict(request.GET.lists()))
            return respond(request, lambda: make(**words, **asked), keep=not request.GET)
        except (BadQuestion, BadCode, NotPublished) as error:
            return problems.responded(problems.problem_of(error))

    return _open(view)


def answer_of(value: object) -> Answer:
    """Write a value as a finished answer."""
    gone = isinstance(value, Tombstone)
    following = value.next if isinstance(value, Appeals) else None
    return Answer(
        msgspec.json.encode(give(value)),
        problems.TYPE if gone else _JSON,
        status=410 if gone else 200,
        links=f'<{following}>; rel="next"' if following else None,
    )


def described_as(document: Mapping[str, Any]) -> Answer:
    """Give an OpenAPI document as a finished answer."""
    return Answer(msgspec.json.encode(document), _JSON)


def _described(request: HttpRequest) -> HttpResponse:
    return respond(request, lambda: described_as(openapi.document()))


def _open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let pages of other sites read, and nobody do anything else."""

    def opened(request: HttpRequest, **words: str) -> HttpResponse:
        if request.method == "OPTIONS":
            allowed = {
                "Access-Control-Allow-Methods": "GET, HEAD",
                "Access-Control-Allow-Headers": "If-None-Match",
                "Access-Control-Max-Age": "86400",
            }
            response = HttpResponse(status=204, headers=allowed)
            del response.headers["Content-Type"]
        elif request.method in ("GET", "HEAD"):
            response = view(request, **words)
            response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
            return response
        else:
            response = HttpResponse(status=405, content_type="text/html")
        response.headers["Allow"] = _METHODS
        return response

    return opened


described = _open(_described)
