"""Changing a case record by record, as a person does it on screen: each form in its place, nothing typed is lost."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import html

from desk import signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import rows_by_id
from tocsin.core.records import Event, Person, from_yaml

pytestmark = pytest.mark.usefixtures("frozen")
CASE = from_yaml((Path(__file__).parent / "case.yaml").read_text("utf-8"))


@pytest.fixture
def opened(tomas: NewAccount) -> OpenCase:
    return actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)


@pytest.fixture
def amina(hire: Hire, tomas: NewAccount, opened: OpenCase) -> NewAccount:
    """Give a colleague who holds the facts of the case and nothing else."""
    amina = hire("amina", "case_lead")
    lead = just_confirmed(tomas.actor, NOW)
    actions.give_access(lead, opened.id, "facts", amina.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    return amina


def address(opened: OpenCase, record: str) -> str:
    return f"/cases/{opened.id}/records/{rows_by_id(opened)[record]}"


def form_of(page: HttpResponse) -> dict[str, str | list[str]]:
    """Give what a browser would send if nobody touched the form."""
    (form,) = html.fromstring(page.content).xpath("//form[contains(@class, 'editing')]")
    sent: dict[str, str | list[str]] = {}
    for each in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name = each.get("name")
        if each.tag == "select":
            (chosen,) = each.xpath("./option[@selected]") or each.xpath("./option[1]")
            sent[name] = chosen.get("value")
        elif each.get("type") == "checkbox":
            if each.get("checked") is not None:
                sent.setdefault(name, [])
                sent[name] = [*sent[name], each.get("value")]
        elif each.tag == "textarea":
            sent[name] = (each.text or "").removeprefix("\n")
        else:
            sent[name] = each.get("value", "")
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def words(page: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def changed(client: Client, at: str, **fields: str | list[str]) -> HttpResponse:
    """Open a form, change some fields, and send it."""
    asked = {name.replace("__", "-").replace("_en", ".en"): value for name, value in fields.items()}
    return client.post(at, form_of(client.get(at)) | asked)


def case_of(tomas: NewAccount, case_id: UUID) -> OpenCase:
    return actions.read_case(tomas.actor, case_id, now=NOW)


def test_the_story_links_each_line_and_person_to_its_form(tomas: NewAccount, opened: OpenCase) -> None:
    page = html.fromstring(signed_in(tomas).get(f"/cases/{opened.id}").content)
    assert page.xpath("//li[@id='e01']//a[contains(@class, 'change')]/@href") == [address(opened, "e01")]
    assert page.xpath("//li[@id='person:lena-marosh']//a[contains(@class, 'change')]/@href") == [
        address(opened, "person:lena-marosh")
    ]


def test_no_address_names_anybody(opened: OpenCase) -> None:
    assert "marosh" not in address(opened, "person:lena-marosh")


def test_an_event_is_changed_and_the_page_goes_back_to_its_line(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    answer = changed(
        client, address(opened, "e01"), what_en="Three men took her.", t__0__when="3 November 2026, about 19:30"
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cases/{opened.id}#e01")
    event = case_of(tomas, opened.id).case.get_record("e01", Event)
    assert event.what
    assert event.what.text("en") == "Three men took her."
    assert event.t
    assert (event.t.start, event.t.precision) == ("2026-11-03T19:30", "approx_minute")
    assert (event.act_type, event.victims) == ("arbitrary_arrest", ("person:lena-marosh",))
    assert "Three men took her." in words(client.get(f"/cases/{opened.id}"))


def test_a_person_gets_another_name_and_keeps_the_first(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    fields = {"names-1-full": "Helena Marosh", "names-1-use": "legal", "pronouns": "she"}
    assert changed(client, address(opened, "person:lena-marosh"), **fields).status_code == 302
    person = case_of(tomas, opened.id).case.get_record("person:lena-marosh", Person)
    assert [(each.full, each.use) for each in person.names] == [
        ("Lena Marosh", "preferred"),
        ("Helena Marosh", "legal"),
    ]
    assert person.pronouns == "she"


def test_a_form_that_nobody_touched_changes_nothing(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    for record in rows_by_id(opened):
        page = client.get(address(opened, record))
        if page.status_code == 200:
            assert client.post(address(opened, record), form_of(page)).status_code == 302, record
    after = case_of(tomas, opened.id)
    assert (after.case, after.version) == (CASE, 1)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"t-0-when": "soon after"}, "This is no time that can be read"),
        ({"t-0-when": "5/6/2026"}, "Day and month could be either way round"),
        ({"kind": ""}, "This field is required."),
        ({"act_type": ""}, "Say which act it is."),
        ({"victims": []}, "Say to whom it was done"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    tomas: NewAccount, opened: OpenCase, fields: dict[str, str | list[str]], says: str
) -> None:
    client = signed_in(tomas)
    answer = changed(client, address(opened, "e01"), **{"what.en": "They took her away."} | fields)
    assert answer.status_code == 400
    assert says in words(answer)
    assert form_of(answer)["what.en"] == "They took her away."
    assert case_of(tomas, opened.id).case == CASE


def test_the_second_of_two_sees_what_the_first_changed_and_keeps_what_she_typed(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    hers, his, at = signed_in(amina), signed_in(tomas), address(opened, "e01")
    her_form = form_of(hers.get(at))
    changed(his, at, **{"what.en": "Four men took her.", "manner": "roughly"})
    answer = hers.post(at, her_form | {"what.en": "Five men took her."})
    assert answer.status_code == 409
    assert "Somebody else changed this while you were writing" in words(answer)
    assert "Four men took her. Five men took her." in words(answer)
    assert case_of(tomas, opened.id).case.get_record("e01", Event).manner == "roughly"
    kept = form_of(answer)
    assert (kept["what.en"], kept["manner"]) == ("Five men took her.", "roughly")
    assert hers.post(at, kept).status_code == 302
    event = case_of(tomas, opened.id).case.get_record("e01", Event)
    assert (event.what and event.what.text("en"), event.manner) == ("Five men took her.", "roughly")


def test_two_people_at_two_records_do_not_meet(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    hers, his = signed_in(amina), signed_in(tomas)
    her_form = form_of(hers.get(address(opened, "e02")))
    changed(his, address(opened, "e01"), **{"what.en": "Four men took her."})
    assert hers.post(address(opened, "e02"), her_form | {"what.en": "The ministry denied it."}).status_code == 302
    told = [each.what.text("en") for each in case_of(tomas, opened.id).case.events if each.what]
    assert told == ["Four men took her.", "The ministry denied it."]


def test_what_lies_in_a_compartment_that_one_does_not_hold_is_not_asked_for_and_stays(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    client, at = signed_in(amina), address(opened, "person:lena-marosh")
    assert not [name for name in form_of(client.get(at)) if name.startswith("contact_points")]
    assert changed(client, at, pronouns="she").status_code == 302
    person = case_of(tomas, opened.id).case.get_record("person:lena-marosh", Person)
    assert (person.pronouns, person.contact_points) == ("she", CASE.persons[0].contact_points)
    forged = form_of(client.get(at)) | {"contact_points-0-type": "phone", "contact_points-0-value": "+99900000002"}
    assert client.post(at, forged).status_code == 400
    assert client.post(at, form_of(client.get(at)) | {"id": "person:another"}).status_code == 400
    assert case_of(tomas, opened.id).case.persons[0].contact_points == CASE.persons[0].contact_points
