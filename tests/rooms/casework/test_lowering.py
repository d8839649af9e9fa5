"""Letting more people see a record: one asks with a reason, another one agrees, and nobody does it alone."""

from pathlib import Path

import pytest
from django.http import HttpResponse
from lxml import html

from desk import signed_in
from people import NOW
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions, lowering
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import OpenRecord, find, open_record, rows_by_id
from tocsin.casework.models import Remark
from tocsin.core.errors import BadRequest, CannotOpen
from tocsin.core.records import Source, from_yaml, release_class
from tocsin.journal.queries import list_entries

CASE = from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8"))

pytestmark = pytest.mark.usefixtures("frozen")


def event(who: NewAccount, opened: OpenCase) -> OpenRecord:
    newest = actions.read_case(who.actor, opened.id, now=NOW)
    return find(newest, rows_by_id(newest)["e01"])


def class_of(who: NewAccount, opened: OpenCase) -> str:
    return release_class(event(who, opened).record)


def send(who: NewAccount, opened: OpenCase, to: str, **fields: str) -> HttpResponse:
    """Send a form of the record's page whose address ends so, with some fields filled."""
    client, row = signed_in(who), event(who, opened).place.row
    page = html.fromstring(client.get(f"/cases/{opened.id}/records/{row}").content)
    (form,) = page.xpath(f"//form[substring(@action, string-length(@action) - {len(to) - 1}) = '{to}']")
    sent = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    return client.post(form.get("action"), sent | fields)


def said(page: HttpResponse) -> str:
    return " ".join(" ".join(html.fromstring(page.content).itertext()).split())


def test_one_asks_with_a_reason_and_another_one_agrees(tomas: NewAccount, mara: NewAccount, opened: OpenCase) -> None:
    reason = "the family wants it told"
    assert send(tomas, opened, "/class", **{"class-wanted": "R", "class-why": " "}).status_code == 400
    asked = send(tomas, opened, "/class", **{"class-wanted": "R", "class-why": reason})
    assert asked.status_code == 302
    assert class_of(tomas, opened) == "C"
    # Who asked is told that another one has to agree, and has no button for it.
    row = event(tomas, opened).place.row
    own = signed_in(tomas).get(f"/cases/{opened.id}/records/{row}")
    assert "Another person has to agree." in said(own)
    assert "/class/agree" not in own.content.decode()
    # The page is still hers, by her name.
    assert "Tomas" in said(own)
    assert str(tomas.actor.id) not in said(own)
    other = signed_in(mara).get(f"/cases/{opened.id}/records/{row}")
    assert reason in said(other)
    assert send(mara, opened, "/class/agree").status_code == 302
    assert class_of(tomas, opened) == "R"
    (entry,) = (each for each in list_entries(subject=opened.id) if each.kind == "casework.class.lowered")
    assert entry.actor == mara.actor.id
    assert str(tomas.actor.id) in entry.facts
    assert '"after":"r"' in entry.facts
    assert reason not in entry.facts
    # The reason is sealed, and the question is no remark of the case.
    assert reason.encode() not in b"".join(bytes(each.sealed) for each in Remark.objects.all())
    assert reason not in said(signed_in(mara).get(f"/cases/{opened.id}"))


def test_nobody_agrees_with_herself(tomas: NewAccount, opened: OpenCase) -> None:
    ask = lowering.ask(tomas.actor, event(tomas, opened), "P", "they agreed", now=NOW)
    with pytest.raises(BadRequest, match="another person"):
        lowering.agree(tomas.actor, event(tomas, opened), ask, now=NOW)
    assert class_of(tomas, opened) == "C"
    # Not by writing somebody else's name into the row either.
    Remark.objects.filter(id=ask).update(by=opened.id)
    with pytest.raises(CannotOpen):
        lowering.agree(tomas.actor, event(tomas, opened), ask, now=NOW)
    assert class_of(tomas, opened) == "C"


def test_it_is_refused_or_taken_back_and_asked_again(tomas: NewAccount, mara: NewAccount, opened: OpenCase) -> None:
    ask = lowering.ask(tomas.actor, event(tomas, opened), "R", "they agreed", now=NOW)
    with pytest.raises(BadRequest, match="asks for this already"):
        lowering.ask(mara.actor, event(mara, opened), "P", "they agreed", now=NOW)
    assert send(mara, opened, "/class/refuse").status_code == 302
    with pytest.raises(BadRequest, match="nobody asks"):
        lowering.agree(mara.actor, event(mara, opened), ask, now=NOW)
    again = lowering.ask(mara.actor, event(mara, opened), "P", "they agreed now", now=NOW)
    lowering.agree(tomas.actor, event(tomas, opened), again, now=NOW)
    assert class_of(tomas, opened) == "P"


def test_what_is_never_published_by_its_kind_cannot_be_asked_for(tomas: NewAccount, opened: OpenCase) -> None:
    source = next(each for each in CASE.records() if isinstance(each, Source))
    assert lowering.wider_than(source) == ()
    newest = actions.read_case(tomas.actor, opened.id, now=NOW)
    record = open_record(tomas.actor, opened.id, rows_by_id(newest)[source.id], now=NOW)
    with pytest.raises(BadRequest, match="more people"):
        lowering.ask(tomas.actor, record, "P", "why not", now=NOW)
    for wrong in ("C", "N", "X"):
        with pytest.raises(BadRequest, match="more people"):
            lowering.ask(tomas.actor, event(tomas, opened), wrong, "why not", now=NOW)
