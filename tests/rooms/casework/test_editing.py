"""Changing a case record by record, as a person does it on screen: each form in its place, nothing typed is lost."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from lxml import html

from desk import signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import rows_by_id
from tocsin.casework.editing.tables import left_out_everywhere, table, words_of_choices
from tocsin.casework.models import SealedRecord
from tocsin.casework.pages.naming import called
from tocsin.core.records import (
    Case,
    Count,
    Detention,
    Event,
    Evidence,
    LawCited,
    Person,
    TemporalExpression,
    Threat,
    ThreatContent,
    Translation,
    Wording,
    from_plain,
    from_yaml,
    release_class,
    to_plain,
)
from tocsin.core.records.shape import slots
from tocsin.journal.models import Entry

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
    assert page.xpath("//li[@id='e01']//a[contains(@href, '/records/')]/@href") == [address(opened, "e01")]
    assert page.xpath("//li[@id='person:lena-marosh']//a[contains(@href, '/records/')]/@href") == [
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
    shown = client.get(f"/cases/{opened.id}").content.decode()
    for record, row in rows_by_id(opened).items():
        page = client.get(address(opened, record))
        if page.status_code == 200:
            assert f'href="{reverse("record", args=[opened.id, row])}"' in shown, record
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


def test_one_choice_among_several_that_nobody_touched_gives_way_to_what_the_other_chose(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    hers, his, at = signed_in(amina), signed_in(tomas), address(opened, "e01")
    her_form = form_of(hers.get(at))
    both = [*her_form["victims"], "org:watch"]
    changed(his, at, victims=both)
    answer = hers.post(at, her_form | {"what.en": "Five men took her."})
    assert answer.status_code == 409
    assert (her_form["victims"], form_of(answer)["victims"]) == (["person:lena-marosh"], both)


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


def test_from_where_a_threat_came_is_read_by_those_alone_who_read_of_sources(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    client, at = signed_in(tomas), f"/cases/{opened.id}/add/events?as=threat"
    threat = NEW | {"act_type": "death_threat", "threat_sender": "+99900000009"}
    threat |= {"threat-0-seriousness": "death", "threat-0-content-0-words.en": "You will be next."}
    wrong = client.post(at, form_of(client.get(at)) | threat | {"act_type": "search_seizure"})
    assert "Only a threat or intimidation has a threat to describe" in words(wrong)
    assert client.post(at, form_of(client.get(at)) | threat).status_code == 302
    his, hers = (actions.read_case(each.actor, opened.id, now=NOW).case.events[-1] for each in (tomas, amina))
    assert (his.threat_sender, hers.threat_sender) == ("+99900000009", None)
    content = ThreatContent(words=Wording((Translation("en", "You will be next."),)))
    assert his.threat == hers.threat == Threat(seriousness="death", content=content)
    form = form_of(signed_in(amina).get(address(case_of(tomas, opened.id), his.id)))
    assert form["threat-0-seriousness"] == "death"
    assert "threat_sender" not in form


def test_who_translated_a_quotation_is_read_by_those_alone_who_read_of_sources(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    client, at = signed_in(tomas), f"/cases/{opened.id}/add/statements"
    said = {"speaker": [CASE.persons[0].id], "quote.en": "She is not here.", "original_lang": "ru"}
    said |= {"translator": "a cousin of the caller", "source": "media"}
    assert client.post(at, form_of(client.get(at)) | said).status_code == 302
    his, hers = (actions.read_case(each.actor, opened.id, now=NOW).case.statements[-1] for each in (tomas, amina))
    assert (his.translator, hers.translator) == ("a cousin of the caller", None)
    assert his.original_lang == hers.original_lang == "ru"


def test_what_stands_on_the_cover_is_read_by_all_who_read_the_case_but_for_whom_to_ask(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    client, at = signed_in(tomas), f"/cases/{opened.id}/add/cover"
    assert "Write on the cover" in words(client.get(f"/cases/{opened.id}"))
    written = {"codename": "Heron", "priority": "urgent", "references-0-mechanism": "un_wgad"}
    written |= {"references-0-reference": "2026/118", "partner_contacts-0-name": "Orla Venn"}
    assert client.post(at, form_of(client.get(at)) | written).status_code == 302
    assert client.get(at).status_code == 404, "a case has one cover"
    his, hers = (actions.read_case(each.actor, opened.id, now=NOW).case.cover for each in (tomas, amina))
    assert his is not None
    assert [each.name for each in his.partner_contacts] == ["Orla Venn"]
    assert hers == replace(his, partner_contacts=())
    page = client.get(f"/cases/{opened.id}")
    assert "codename Heron priority Urgent" in words(page)
    assert "Also with UN Working Group on Arbitrary Detention 2026/118" in words(page)
    # It reads from left to right and stays on one line, whatever the language of the page.
    assert '<bdi dir="ltr">2026/118</bdi>' in page.content.decode()
    (cover,) = html.fromstring(page.content).xpath(
        "//details[@id='section-cover']//a[contains(@class, 'change')]/@href"
    )
    assert form_of(client.get(cover))["partner_contacts-0-name"] == "Orla Venn"
    assert "partner_contacts-0-name" not in form_of(signed_in(amina).get(cover))
    changed(signed_in(amina), cover, codename="Egret")
    after = case_of(tomas, opened.id).case.cover
    assert after is not None
    assert (after.codename, after.partner_contacts) == ("Egret", his.partner_contacts)


@pytest.mark.database("sqlite")
def test_a_time_says_its_zone_and_what_it_was_a_part_of_and_an_act_its_incident(
    tomas: NewAccount, opened: OpenCase
) -> None:
    client, at = signed_in(tomas), address(opened, "e02")
    wrong = changed(client, at, t__0__tz="Asia/Nowhere", rc="P")
    assert wrong.status_code == 400
    assert "There is no time zone of this name" in words(wrong)
    told = {"t__0__when": "2026-11-02 22:00", "t__0__tz": "Asia/Almaty", "t__0__during": "e01", "episode": "office"}
    assert changed(client, at, **told).status_code == 302
    event = case_of(tomas, opened.id).case.get_record("e02", Event)
    assert event.t
    assert (event.t.start, event.t.tz, event.t.during) == ("2026-11-02T22:00", "Asia/Almaty", "e01")
    assert event.episode == "office"
    assert "Asia/Almaty" in words(client.get(f"/cases/{opened.id}"))
    # What is emptied is gone, and the rest of the time stays.
    changed(client, at, t__0__tz="", t__0__during="")
    event = case_of(tomas, opened.id).case.get_record("e02", Event)
    assert event.t == TemporalExpression(start="2026-11-02T22:00", precision="minute")


@pytest.mark.database("sqlite")
def test_a_call_in_the_text_and_who_observes_a_trial_have_their_place(tomas: NewAccount, opened: OpenCase) -> None:
    client, case = signed_in(tomas), f"/cases/{opened.id}"
    call = {"types": ["release"], "to": "the authorities of Zarvania", "beneficiaries": ["person:lena-marosh"]}
    assert client.post(f"{case}/add/body_calls", call).status_code == 302
    trial = {"kind": "criminal", "observers": ["org:watch"], "source": "source:sister"}
    assert client.post(f"{case}/add/proceedings", trial).status_code == 302
    page = words(client.get(case))
    assert "calls in the text 1" in page
    assert "observed by Karvel Watch" in page
    assert case_of(tomas, opened.id).case.body_calls[0].to == "the authorities of Zarvania"


def test_with_what_became_of_a_demand_it_is_said_what_our_appeal_had_to_do_with_it(
    tomas: NewAccount, opened: OpenCase
) -> None:
    client = signed_in(tomas)
    asked = {"types": ["release"], "beneficiaries": ["person:lena-marosh"]}
    assert client.post(f"/cases/{opened.id}/add/demands", asked).status_code == 302
    demand = case_of(tomas, opened.id).case.demands[0].id
    at = address(case_of(tomas, opened.id), demand) + "/status"
    assert entering(client, at, value="issued").status_code == 302
    assert entering(client, at, value="acknowledged", causality="plausible").status_code == 302
    assert case_of(tomas, opened.id).case.demands[0].statuses[-1].causality == "plausible"
    assert "it is plausible that it helped" in words(client.get(at.removesuffix("/status")))


def test_what_is_known_beside_an_act_is_asked_for_under_more_and_waits_on_the_page_of_the_case(
    tomas: NewAccount, opened: OpenCase
) -> None:
    client, at, page = signed_in(tomas), address(opened, "e01"), f"/cases/{opened.id}"
    assert "What else is known" not in words(client.get(page))
    said = {"harm-0-physical.en": "Two ribs are broken.", "assessment": "likely"}
    said |= {"domestic_law-0-code": "Criminal Code", "domestic_law-0-article": "146"}
    said |= {"international_law-0-instrument": "iccpr", "international_law-0-article": "9"}
    assert client.post(at, form_of(client.get(at)) | said).status_code == 302
    act = case_of(tomas, opened.id).case.get_record("e01", Event)
    assert act.harm is not None
    assert (act.assessment, release_class(act.harm)) == ("likely", "C")
    (line,) = html.fromstring(client.get(page).content).xpath("//li[@id='e01']")
    assert "Likely a violation" in " ".join(line.itertext())
    (more,) = line.xpath(".//details/dl")
    shown = " ".join(" ".join(more.itertext()).split())
    assert "Two ribs are broken." in shown
    assert "Criminal Code, art. 146" in shown
    assert "International Covenant on Civil and Political Rights, art. 9" in shown


def test_a_field_that_names_records_takes_no_free_words_where_there_are_none(
    tomas: NewAccount, opened: OpenCase
) -> None:
    """They were refused when they were sent, and what to do was not said."""
    page = html.fromstring(signed_in(tomas).get(address(opened, "e01")).content)
    for name in ("statement", "place"):
        (field,) = page.xpath(f"//*[@name='{name}']")
        assert (field.tag, field.xpath("./option/@value")) == ("select", [""])
    assert "There is none in the case yet: add it first." in " ".join(page.itertext())


NEW = {
    "kind": "act",
    "t-0-when": "3 November 2026",
    "what.en": "Her flat was searched.",
    "act_type": "search_seizure",
    "victims": ["person:lena-marosh"],
    "rc": "C",
    "source": "source:sister",
}


def test_what_happened_is_added_with_who_says_so(tomas: NewAccount, opened: OpenCase) -> None:
    client, at = signed_in(tomas), f"/cases/{opened.id}/add/events?as=act&beside={rows_by_id(opened)['e02']}"
    form = form_of(client.get(at))
    assert (form["kind"], form["t-0-when"], form["rc"]) == ("act", "2026-11-03", "C")
    answer = client.post(at, form | NEW)
    case = case_of(tomas, opened.id).case
    added = case.events[-1]
    assert answer.headers["Location"] == f"/cases/{opened.id}#{added.id}"
    assert (added.act_type, added.rc, added.recorded_on) == ("search_seizure", "C", timezone.localdate(NOW))
    assert [(each.about, each.sources, each.status, each.analyst) for each in case.claims] == [
        ((added.id,), ("source:sister",), "recorded", str(tomas.actor.id))
    ]
    page = words(client.get(address(case_of(tomas, opened.id), added.id)))
    assert "Recorded Change : Claim entered by Tomas" in page
    assert "Her flat was searched. Search and seizure" in words(client.get(f"/cases/{opened.id}"))


def test_what_says_nothing_yet_is_called_by_its_place_and_never_by_its_id(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    add = f"/cases/{opened.id}/add/groups"
    for size in ({"size-0-about": "20"}, {"size-0-exact": "4"}):
        client.post(add, form_of(client.get(add)) | size)
    rough, counted = case_of(tomas, opened.id).case.groups[-2:]
    assert (rough.size, counted.size) == (Count(about=20), Count(exact=4))
    assert form_of(client.get(address(case_of(tomas, opened.id), counted.id)))["size-0-exact"] == "4"
    wrong = client.post(add, form_of(client.get(add)) | {"size-0-min": "7", "size-0-max": "5"})
    assert "The smallest number is above the largest." in words(wrong)
    page = words(client.get(f"/cases/{opened.id}"))
    assert "people not described yet about 20" in page
    assert "people not described yet 4" in page
    assert "grp:" not in page
    case = case_of(tomas, opened.id).case
    empty = Evidence(id="ev99", rc="C")
    case = replace(case, evidence=(*case.evidence, empty), law_cited=(*case.law_cited, LawCited(instrument="udhr")))
    for slot in slots(Case):
        for record in slot.items(getattr(case, slot.name)) if slot.nests else ():
            assert getattr(record, "id", "no id") not in called(case, record, "en")
    event = next(each for each in case.events if each.what and each.t)
    with translation.override("ar"):
        day, what = str(called(case, event, "ar")).split(" · ")
    assert (day[0] + day[-1], what[0] + what[-1]) == ("\u2068\u2069",) * 2, "each keeps its point at its own end"
    assert "\u2068" not in str(called(case, event, "en"))


def test_a_fact_without_anybody_who_says_it_is_not_added(tomas: NewAccount, opened: OpenCase) -> None:
    client, at = signed_in(tomas), f"/cases/{opened.id}/add/events"
    answer = client.post(at, NEW | {"source": ""})
    assert answer.status_code == 400
    assert answer.content.count(b'role="alert"') == 1
    assert form_of(answer)["what.en"] == "Her flat was searched."
    client.post(at, NEW | {"source": "lawyer"})
    case = case_of(tomas, opened.id).case
    assert [each.type for each in case.sources] == ["family", "lawyer"]
    assert case.claims[0].sources == (case.sources[-1].id,)


def test_what_a_step_of_a_case_needs_is_asked_at_once(tomas: NewAccount, opened: OpenCase) -> None:
    desk = signed_in(tomas)
    asked = {"procedure", "concerns", "t-0-when", "what.en", "place", "rc", "source"}
    for begun, at_once in (("?as=step", asked | {"kind"}), ("", {"kind", "act_type", "victims", "actors", "method"})):
        page = html.fromstring(desk.get(f"/cases/{opened.id}/add/events{begun}").content)
        (form,) = page.xpath("//form[contains(@class, 'editing')]")
        shown = set(form.xpath(".//*[not(ancestor::details)]/@name")) - {"csrfmiddlewaretoken"}
        waiting = set(form.xpath(".//details//@name"))
        assert at_once <= shown, begun
        assert ({"act_type", "victims", "method"} if begun else {"procedure", "concerns"}) <= waiting
    assert asked <= shown | waiting


def test_a_statement_stands_in_the_story(tomas: NewAccount, opened: OpenCase) -> None:
    client, at = signed_in(tomas), f"/cases/{opened.id}/add/statements"
    said = {"speaker": ["org:watch"], "quote.en": "We hold nobody.", "t-0-when": "2026-11-04", "source": "media"}
    assert client.post(at, said).status_code == 302
    assert "Karvel Watch: “We hold nobody.”" in words(client.get(f"/cases/{opened.id}"))


def test_two_who_add_at_once_do_not_meet(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    for client in (signed_in(tomas), signed_in(amina)):
        assert client.post(f"/cases/{opened.id}/add/events", NEW).status_code == 302
    assert len(case_of(tomas, opened.id).case.events) == 4


@pytest.mark.parametrize("section", ["appeal", "involvement_defaults", "statuses", "nothing", "footnotes"])
def test_nothing_is_added_where_nothing_can_be(tomas: NewAccount, opened: OpenCase, section: str) -> None:
    client = signed_in(tomas)
    assert client.get(f"/cases/{opened.id}/add/{section}").status_code == 404
    assert client.post(f"/cases/{opened.id}/add/{section}", NEW).status_code == 404


def test_a_record_is_taken_out_for_a_reason_and_stays_in_earlier_versions(tomas: NewAccount, opened: OpenCase) -> None:
    client, at = signed_in(tomas), address(opened, "e02")
    assert client.post(f"{at}/withdraw", {"seen": "1", "reason": "because"}).status_code == 400
    assert client.post(f"{at}/withdraw", {"seen": "1", "reason": "twice"}).status_code == 302
    after = case_of(tomas, opened.id)
    assert [each.id for each in after.case.events] == ["e01"]
    assert actions.read_case(tomas.actor, opened.id, version=1, now=NOW).case == CASE
    entry = Entry.objects.get(kind="casework.record.withdrawn")
    assert '"reason":"twice"' in entry.facts
    assert client.get(at).status_code == 404


def test_what_others_name_is_not_taken_out(tomas: NewAccount, opened: OpenCase) -> None:
    client, at = signed_in(tomas), address(opened, "person:lena-marosh")
    assert "Not while other records name it." in words(client.get(at))
    answer = client.post(f"{at}/withdraw", {"seen": "1", "reason": "asked"})
    assert answer.status_code == 400
    assert "Not while other records name it." in words(answer)
    assert case_of(tomas, opened.id).case == CASE


def test_one_person_lets_fewer_people_see_a_record_and_never_more(tomas: NewAccount, opened: OpenCase) -> None:
    client, at = signed_in(tomas), address(opened, "e01")
    assert changed(client, at, rc="C").status_code == 302
    for wider in ("R", "P", ""):
        refused = changed(client, at, rc=wider)
        assert refused.status_code == 400
        assert "takes two people" in words(refused)
    assert case_of(tomas, opened.id).case.get_record("e01", Event).rc == "C"
    assert not Entry.objects.filter(kind="casework.class.lowered").exists()


def test_another_code_of_a_record_lets_nobody_see_more(tomas: NewAccount, opened: OpenCase) -> None:
    client, at = signed_in(tomas), address(opened, "e01")
    changed(client, at, act_type="sexual_violence")
    assert release_class(case_of(tomas, opened.id).case.get_record("e01", Event)) == "N"
    changed(client, at, act_type="arbitrary_arrest")
    event = case_of(tomas, opened.id).case.get_record("e01", Event)
    assert (event.act_type, release_class(event)) == ("arbitrary_arrest", "N")


def entering(client: Client, at: str, **said: str) -> HttpResponse:
    (seen,) = html.fromstring(client.get(at.removesuffix("/status") if "/records/" in at else at).content).xpath(
        "//form[contains(@class, 'entering')]/input[@name='seen']/@value"
    )
    return client.post(at, {"seen": seen, "as_of": "2026-11-25"} | said)


def test_a_detention_is_added_and_where_it_stands_is_entered_one_after_the_other(
    tomas: NewAccount, opened: OpenCase
) -> None:
    client = signed_in(tomas)
    held = {"persons": ["person:lena-marosh"], "apprehended_in": "e01", "source": "source:sister"}
    to = client.post(f"/cases/{opened.id}/add/detentions", held).headers["Location"]
    assert to.endswith("#status")
    at = to.removesuffix("#status") + "/status"
    assert entering(client, at, value="in_police_custody", as_of="2026-11-03").status_code == 302
    refused = entering(client, at, value="released_conditions")
    assert refused.status_code == 400
    assert "Something that belongs to this status is not said." in words(refused)
    assert entering(client, at, value="released").status_code == 302
    again = entering(client, at, value="serving_sentence")
    assert "This cannot follow what stands there: if that was a mistake, correct it and say why." in words(again)
    corrected = {"value": "pretrial_detention", "corrects": "on", "reason": "the radio mixed two people up"}
    assert entering(client, at, **corrected).status_code == 302
    (detention,) = case_of(tomas, opened.id).case.detentions
    assert detention.status
    assert [each.value for each in (*detention.history, detention.status)] == [
        "in_police_custody",
        "released",
        "pretrial_detention",
    ]
    assert detention.status.by == str(tomas.actor.id)
    page = words(client.get(at.removesuffix("/status")))
    assert "Released as of Wed, 25 Nov 2026 was a mistake" in page
    assert "the radio mixed two people up Tomas" in page


def test_a_case_goes_from_verified_to_closed_and_each_step_says_why(tomas: NewAccount, opened: OpenCase) -> None:
    client, at = signed_in(tomas), f"/cases/{opened.id}/status"
    assert "Say where the case stands" in words(client.get(f"/cases/{opened.id}"))
    assert entering(client, at, value="verification", as_of="2026-11-03").status_code == 302
    refused = entering(client, at, value="active", reason="two sources")
    assert "Nothing in this case is corroborated" in words(refused)
    client.post(f"/cases/{opened.id}/add/events", NEW)
    claim = next(at for at in rows_by_id(case_of(tomas, opened.id)) if at.startswith("claim"))
    claim_at = address(case_of(tomas, opened.id), claim) + "/status"
    assert entering(client, claim_at, value="corroborated").status_code == 302
    assert entering(client, at, value="active", reason="two sources").status_code == 302
    assert entering(client, at, value="closed", reason="she is free").status_code == 400
    assert entering(client, at, value="closed", reason="she is free", outcome="released").status_code == 302
    assert [each.value for each in case_of(tomas, opened.id).case.statuses] == ["verification", "active", "closed"]
    assert "Closed as of Wed, 25 Nov 2026 she is free Tomas" in words(client.get(at))
    assert "Closed as of Wed, 25 Nov 2026" in words(client.get(f"/cases/{opened.id}"))


def test_of_two_who_enter_a_status_the_second_is_told(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    at = f"/cases/{opened.id}/status"
    hers, his = signed_in(amina), signed_in(tomas)
    entering(his, at, value="verification")
    late = hers.post(at, {"seen": "1", "as_of": "2026-11-25", "value": "verification"})
    assert late.status_code == 400
    assert "Somebody else changed this meanwhile" in words(late)
    assert len(case_of(tomas, opened.id).case.statuses) == 1


@pytest.mark.parametrize("kind", sorted({slot.leaf.__name__ for slot in slots(Case) if slot.nests}))
def test_every_field_of_a_record_stands_in_its_form_or_says_why_not(kind: str) -> None:
    """Of records that other pages are for (authorities, evidence, drafting) there is no form here."""
    elsewhere = {"Addressee", "Occupancy", "Evidence", "Position", "InvolvementDefaults", "CaseStatus"}
    assert (table(kind) is None) is (kind in elsewhere)
    if kind not in elsewhere:
        check_form(next(slot.leaf for slot in slots(Case) if slot.nests and slot.leaf.__name__ == kind))


def check_form(kind: Any) -> None:
    form = table(kind.__name__)
    assert form is not None, kind.__name__
    named = [line.name for line in form.lines]
    assert len(named) == len(set(named))
    if kind is TemporalExpression:
        return
    keys = {slot.key for slot in slots(kind)}
    assert set(named) | set(form.left_out) | set(left_out_everywhere()) >= keys, kind.__name__
    assert set(named) | set(form.left_out) <= keys, kind.__name__
    assert not set(named) & set(form.left_out), kind.__name__
    for slot in slots(kind):
        if slot.key in named and slot.nests and slot.leaf is not Wording:
            check_form(slot.leaf)
        if slot.key in named and get_origin(slot.leaf) is Literal:
            assert set(words_of_choices(f"{kind.__name__}.{slot.key}")) >= set(get_args(slot.leaf)) - WORDLESS, slot.key


# Roman numbers need no words.
WORDLESS = {"I", "II", "III", "IV", "V"}


def test_a_consent_is_asked_for_given_and_read_as_a_table(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    answers = {"answers-0-use": "store", "answers-0-answer": "yes"}
    assert (
        client.post(f"/cases/{opened.id}/add/consents", {"person": "person:lena-marosh", **answers}).status_code == 302
    )
    consent = case_of(tomas, opened.id).case.consents[0]
    assert consent.state == "not_requested"
    at = address(case_of(tomas, opened.id), consent.id) + "/status"
    assert entering(client, at, value="given").status_code == 400
    for value in ("requested", "given"):
        assert entering(client, at, value=value).status_code == 302
    more = {"answers-1-use": "store", "answers-1-audience": "public", "answers-1-answer": "no"}
    assert changed(client, at.removesuffix("/status"), **more).status_code == 302
    consent = case_of(tomas, opened.id).case.consents[0]
    assert [each.value for each in consent.statuses] == ["requested", "given"]
    page = html.fromstring(client.get(f"/cases/{opened.id}").content)
    (row,) = page.xpath("//table[@class='consents']/tbody/tr")
    said = " ".join(" ".join(row.itertext()).split())
    assert said.startswith("Lena Marosh Given Change : Lena Marosh yes no (Public)")
    # A second consent hides nothing of the first, and one that has ended says so.
    later = {"person": "person:lena-marosh", "expires_on": "2026-11-01", "answers-0-use": "store"}
    assert client.post(f"/cases/{opened.id}/add/consents", later | {"answers-0-answer": "no"}).status_code == 302
    rows = html.fromstring(client.get(f"/cases/{opened.id}").content).xpath("//table[@class='consents']/tbody/tr")
    first, second = (" ".join(" ".join(row.itertext()).split()) for row in rows)
    assert first == said
    assert second.startswith("Lena Marosh Not requested ended Sun, 1 Nov")


def test_a_risk_is_assessed_with_the_day_to_look_again(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    risk = {
        "exposed": ["person:lena-marosh"],
        "level": "high",
        "valid_until": "2026-12-24",
        "mitigation": "no photo\nno street",
    }
    assert client.post(f"/cases/{opened.id}/add/risks", risk).status_code == 302
    (assessed,) = case_of(tomas, opened.id).case.risks
    assert (assessed.level, assessed.mitigation) == ("high", ("no photo", "no street"))
    assert "Lena Marosh" in words(client.get(address(case_of(tomas, opened.id), assessed.id)))


@pytest.mark.database("sqlite")
def test_a_form_says_which_of_its_fields_are_sealed_apart_and_for_whom(tomas: NewAccount, opened: OpenCase) -> None:
    client, source = signed_in(tomas), opened.case.sources[0].id
    page = html.fromstring(client.get(address(opened, source)).content)
    apart = "Sealed apart: only who holds this part of the case reads it (who told us"
    said = [each for each in page.xpath("//*[@class='helptext']/text()") if apart in each]
    assert len(said) == 1
    assert page.xpath("//*[@name='identity']/@aria-describedby")
    assert apart not in words(client.get(address(opened, "org:watch")))


def before_of(client: Client, at: str) -> list[str]:
    """Give what the page of a record says that stood there before, change by change."""
    page = html.fromstring(client.get(at).content)
    changes = page.xpath("//details[starts-with(summary, 'What stood here before')]/ol/li")
    return [" ".join(" ".join(each.itertext()).split()) for each in changes]


def test_what_a_record_said_before_is_told_where_it_is_opened_by_whom_and_when(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    his, hers, at = signed_in(tomas), signed_in(amina), address(opened, "e01")
    assert before_of(his, at) == []
    assert changed(hers, at, what_en="Three men took her.").status_code == 302
    answer = changed(his, at, what_en="Four men took her.", manner="at night")
    assert answer.status_code == 302, words(answer)
    latest, first = before_of(his, at)
    assert latest.startswith("What happened: Three men took her.")
    assert "nothing" in latest, "of a field that was empty, too"
    assert "changed by Tomas ·" in latest
    assert first.startswith(
        "What happened: Two men in plain clothes took her from her office in Velm. changed by Amina"
    )
    assert "Three men" not in words(his.get(f"/cases/{opened.id}"))
    # What is sealed apart stays so.
    source = address(opened, "source:sister")
    changed(his, source, identity="Her brother")
    assert "Her sister Ada, who hides in Karvel" in before_of(his, source)[0]
    assert before_of(hers, source) == []
    # Somebody with the database takes a version away.
    SealedRecord.objects.get(row=rows_by_id(opened)["e01"], version=1).delete()
    assert "What stood here before cannot be opened" in words(his.get(at))


def test_where_an_event_says_a_time_the_form_names_it_and_keeps_it(tomas: NewAccount) -> None:
    plain = to_plain(CASE)
    held = {"id": "det1", "persons": ["person:lena-marosh"], "custody": [{"from": "2026-11-02", "to": "e02"}]}
    opened = actions.open_new_case(tomas.actor, from_plain(plain | {"detentions": [held]}), reason="a report", now=NOW)
    client, at = signed_in(tomas), address(opened, "det1")
    (chosen,) = html.fromstring(client.get(at).content).xpath("//*[@name='custody-0-to.event']/option[@selected]")
    assert "The ministry said that nobody was held." in chosen.text
    assert changed(client, at, warrant_shown="false").status_code == 302
    twice = {"custody__0__to": "2026-11-04"}
    assert "Say a time or choose the event, not both." in words(changed(client, at, **twice))
    assert changed(client, at, **twice, **{"custody-0-to.event": ""}).status_code == 302
    (custody,) = case_of(tomas, opened.id).case.get_record("det1", Detention).custody
    assert (custody.begins, custody.ends) == ("2026-11-02", "2026-11-04")
