"""Whatever is asked of the API, it answers as it describes itself: questions drawn from its own OpenAPI document."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from invented_appeals import SPANISH
from people import NOW
from public_site import Press, slug_of
from tocsin.core.publication import PublicAppeal
from tocsin.publishing.api.table import QUESTIONS

# `make fuzz` asks more.
EXAMPLES = int(os.environ.get("EXAMPLES", "15"))


@pytest.fixture
def application(site: Client) -> Iterator[Any]:
    """Give the whole process of the public site; what it would close belongs to the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_it_answers_as_it_describes_itself(application: Any, press: Press, lawyer: PublicAppeal) -> None:
    gone = press.publish([SPANISH], now=NOW)
    press.retract(gone, now=NOW)
    schema = schemathesis.openapi.from_wsgi("/api/1/openapi.json", application)
    schema.config.checks.positive_data_acceptance.expected_statuses = ["200", "404", "410"]
    schema.config.checks.negative_data_rejection.expected_statuses = ["400", "404", "414"]
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) == len(QUESTIONS)
    statuses: set[int] = set()
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not operation.query:
                continue
            statuses |= drawn(operation, mode, [slug_of(lawyer), slug_of(gone)])
    assert {200, 400, 404, 410} <= statuses <= {200, 400, 404, 410, 414}


def drawn(operation: Any, mode: GenerationMode, slugs: list[str]) -> set[int]:
    """Ask what fits the description, or what does not; each answer is held to it. Give the statuses that came."""
    statuses: set[int] = set()

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), slug=st.sampled_from([*slugs, None]))
    def ask(case: Any, slug: str | None) -> None:
        if slug and case.path_parameters:
            case.path_parameters["slug"] = slug
        answer = case.call_and_validate(base_url="http://localhost/api/1", headers={"Accept-Encoding": "identity"})
        statuses.add(answer.status_code)

    ask()
    return statuses
