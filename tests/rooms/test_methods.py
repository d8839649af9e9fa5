"""Which methods each view of the desk takes, whoever asks: of one case the matrix asks strangers alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.http import HttpResponseNotAllowed
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

NO_METHOD = "PROPFIND"


def patterns() -> Iterator[URLPattern]:
    for each in get_resolver("tocsin.config.urls").url_patterns:
        assert isinstance(each, URLPattern), "addresses are listed one by one"
        yield each


@pytest.mark.database("sqlite")
def test_every_view_refuses_what_it_does_not_take_before_it_does_anything(
    golden: Callable[[str | Path, str], None],
) -> None:
    lines = []
    for each in sorted(patterns(), key=lambda one: one.name or ""):
        # Nobody asks, and for nothing: a view that looks at either has not refused.
        request = RequestFactory().generic(NO_METHOD, "/")
        request._dont_enforce_csrf_checks = True
        answer = each.callback(request, **dict.fromkeys(each.pattern.converters))
        assert isinstance(answer, HttpResponseNotAllowed), each.name
        lines.append(f"{each.name}: {answer.headers['Allow']}")
    assert len(lines) > 150
    golden("rooms/methods.txt", "\n".join(lines) + "\n")
