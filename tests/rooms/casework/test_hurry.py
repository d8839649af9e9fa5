"""Whoever opens many cases within an hour is slowed down and told of: to officers and to those who gave her access."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from desk import signed_in
from people import LATER, NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions, hurry, notices
from tocsin.casework.models import Notices
from tocsin.core.errors import TooManyCases
from tocsin.core.records import from_yaml
from tocsin.journal.queries import list_entries

CASE = from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8"))

pytestmark = pytest.mark.usefixtures("frozen")

MOST = 3
HURRIED = "casework.cases.hurried"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hurry.MOST_AN_HOUR == 60
    monkeypatch.setattr(hurry, "MOST_AN_HOUR", MOST)


@pytest.fixture
def amina(hire: Hire) -> NewAccount:
    return hire("amina", "verifier")


@pytest.fixture
def cases(tomas: NewAccount, amina: NewAccount) -> list[str]:
    """Give more cases than one person may open within an hour, all of which Amina holds."""
    found = []
    for _ in range(MOST + 2):
        opened = actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
        actions.give_access(tomas.actor, opened.id, "facts", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
        found.append(f"/cases/{opened.id}")
    return found


@pytest.fixture
def goes_through(amina: NewAccount, cases: list[str]) -> Client:
    """Give the browser of somebody who has opened as many cases as she may."""
    client = signed_in(amina)
    assert {client.get(each).status_code for each in cases[:MOST]} == {200}
    return client


def _id(address: str) -> UUID:
    return UUID(address.rpartition("/")[2])


def words(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>|[\u2066-\u2069]", " ", page.decode()).split())


def test_one_more_case_does_not_open_by_any_address_and_those_of_this_hour_do(
    goes_through: Client, cases: list[str]
) -> None:
    before = list_entries().count()
    for address in (cases[MOST], f"{cases[MOST]}/together", f"{cases[MOST]}/edit", f"{cases[MOST]}/evidence"):
        page = goes_through.get(address, follow=True)
        assert page.status_code in (404, 429), address
        assert b"Marosh" not in page.content
    refused = goes_through.get(cases[MOST])
    assert refused.status_code == 429
    assert f"Nobody opens more than {MOST} different cases within an hour" in words(refused.content)
    # What does not open is not said to have been read.
    assert list_entries().count() == before
    assert [goes_through.get(each).status_code for each in cases[:MOST]] == [200] * MOST
    assert b"Marosh" in goes_through.get("/cases").content


def test_it_opens_when_the_hour_is_over(goes_through: Client, cases: list[str], amina: NewAccount) -> None:
    case = actions.existing([_id(cases[MOST])])[0]
    with pytest.raises(TooManyCases):
        actions.read_case(amina.actor, case, now=NOW + timedelta(minutes=59))
    assert actions.read_case(amina.actor, case, now=NOW + timedelta(minutes=61)).case.persons


def test_it_is_told_once_to_officers_and_to_those_who_gave_access(
    hire: Hire, tomas: NewAccount, amina: NewAccount, cases: list[str]
) -> None:
    people = {
        "officer": hire("odile", "auditor"),
        "giver": tomas,
        "another": hire("mara", "case_lead"),
        "herself": amina,
    }
    for name, each in people.items():
        notices.want(each.actor, f"{name}@mail.example", "en")
    Notices.objects.update(waiting_since=None)
    client = signed_in(amina)
    for address in (*cases[: MOST - 1], *cases[: MOST - 1]):
        client.get(address)
    assert not list_entries().filter(kind=HURRIED).exists()
    for address in (*cases[:MOST], *cases):
        client.get(address)
    assert list_entries().filter(kind=HURRIED, actor=amina.actor.id).count() == 1
    waiting = set(Notices.objects.exclude(waiting_since=None).values_list("account", flat=True))
    home = {name: words(signed_in(each).get("/").content) for name, each in people.items()}
    assert {name for name in home if "Amina opened 3 different cases" in home[name]} == {"officer", "giver"}
    assert waiting == {people["officer"].actor.id, people["giver"].actor.id}


def test_a_list_that_looks_cases_up_for_her_reads_none_of_them(
    goes_through: Client, amina: NewAccount, cases: list[str]
) -> None:
    assert actions.look_up_addressees(amina.actor, _id(cases[MOST]), now=NOW) == ()
    assert goes_through.get(cases[0]).status_code == 200
