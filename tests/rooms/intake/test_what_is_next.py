"""What is next on the page of a report has the focus, so that one key goes on."""

import re
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from reports import look, received

from desk import signed_in
from tocsin.accounts.actions import NewAccount
from tocsin.intake.models import Report

pytestmark = pytest.mark.usefixtures("frozen")


def post(client: Client, report: UUID, step: str, fields: dict[str, object]) -> HttpResponse:
    return client.post(f"/reports/{report}/{step}", {"seen": Report.objects.get(id=report).version, **fields})


def test_what_is_next_has_the_focus_a_question_a_fact_and_then_the_case(tomas: NewAccount) -> None:
    client, report = signed_in(tomas), received(tomas.actor)
    focused = re.compile(r'<button[^>]* name="(\w+)"[^>]* autofocus>')
    for question, then in (("defender", "work"), ("work", "urgent"), ("urgent", "")):
        given = post(client, report, "answer", {"question": question, "answer": "yes"})
        page = client.get(given.headers["Location"]).content.decode()
        assert page.count(" autofocus") == 1
        (form,) = (each for each in page.split("<form")[1:] if " autofocus" in each)
        found = focused.search(form)
        assert found is not None
        assert (found[1], f'name="question" value="{then}"' in form) == ("answer" if then else "verdict", bool(then))
    everything = [each.fact.key for each in look(tomas.actor, report).settled]
    post(client, report, "decide", {"verdict": "confirmed", "fact": everything})
    assert '<button accesskey="o" autofocus>' in client.get(f"/reports/{report}?on").content.decode()
