"""What waits for a second person stands on her first page, and on nobody else's, until somebody has answered it."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.http import HttpResponse
from test_copies_of_evidence import ASKED, copied, photograph, put_in
from test_lowering import event

from desk import signed_in
from people import NOW, Hire, just_confirmed
from tocsin.accounts import staff
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions, barring, lowering
from tocsin.casework.actions import OpenCase
from tocsin.casework.agreeing import Waiting, waiting_for
from tocsin.casework.editing.actions import OpenRecord, change_record, find, rows_by_id, withdraw_record
from tocsin.casework.evidence import releasing
from tocsin.casework.models import ExportAsk
from tocsin.casework.search import exporting
from tocsin.casework.search.exporting import SecondNeeded
from tocsin.casework.search.listing import Wanted
from tocsin.core.errors import BadRequest

pytestmark = pytest.mark.usefixtures("frozen")


def first_page(who: NewAccount) -> HttpResponse:
    return signed_in(who).get("/")


def waits(who: NewAccount) -> list[str]:
    return [each.what for each in waiting_for(who.actor, now=NOW)]


def is_led_to(who: NewAccount, address: str) -> bool:
    return f'href="{address}"' in first_page(who).content.decode()


def test_a_record_that_more_are_to_see_waits_for_another_person_alone(
    tomas: NewAccount, mara: NewAccount, hire: Hire, opened: OpenCase
) -> None:
    stranger, auditor = hire("eve", "case_lead"), hire("jon", "auditor")
    record = event(tomas, opened)
    ask = lowering.ask(tomas.actor, record, "R", "they agreed", now=NOW)
    assert waiting_for(mara.actor, now=NOW) == (Waiting("record", tomas.actor.id, NOW, opened.id, record.place.row),)
    assert is_led_to(mara, f"/cases/{opened.id}/records/{record.place.row}#class")
    for other in (tomas, stranger, auditor):
        assert waits(other) == []
        assert str(record.place.row) not in first_page(other).content.decode()
    lowering.withdraw(mara.actor, event(mara, opened), ask, now=NOW)
    assert waits(mara) == []
    lowering.agree(
        mara.actor,
        event(mara, opened),
        lowering.ask(tomas.actor, event(tomas, opened), "R", "they agreed now", now=NOW),
        now=NOW,
    )
    assert waits(mara) == []


def test_nothing_is_asked_of_a_record_that_is_no_longer_there(
    tomas: NewAccount, mara: NewAccount, opened: OpenCase
) -> None:
    def loose() -> OpenRecord:
        newest = actions.read_case(tomas.actor, opened.id, now=NOW)
        return find(newest, rows_by_id(newest)["e02"])

    change_record(tomas.actor, loose(), replace(loose().record, rc="C"), now=NOW)
    lowering.ask(tomas.actor, loose(), "P", "it is known", now=NOW)
    assert waits(mara) == ["record"]
    withdraw_record(tomas.actor, loose(), "mistake", now=NOW)
    assert waits(mara) == []


def test_a_copy_that_is_to_leave_waits_until_it_is_answered(
    tomas: NewAccount, mara: NewAccount, opened: OpenCase
) -> None:
    his = signed_in(tomas)
    copy = copied(his, put_in(tomas, opened, photograph()))
    for answer, sent in (("agree", {}), ("withdraw", {"withdraw-words": "not now"})):
        assert his.post(f"{copy}/ask", ASKED).status_code == 302
        assert waits(mara) == ["copy"]
        assert waits(tomas) == []
        assert is_led_to(mara, f"{copy}#release")
        # Whoever signs in anew, as a look at the first page does, leaves her last session.
        assert signed_in(mara).post(f"{copy}/{answer}", sent).status_code == 302
        assert waits(mara) == []


def test_a_case_to_be_sealed_stands_first_and_one_to_be_opened_again_too(
    tomas: NewAccount, mara: NewAccount, hire: Hire, opened: OpenCase
) -> None:
    stranger = hire("eve", "case_lead")
    lowering.ask(tomas.actor, event(tomas, opened), "R", "they agreed", now=NOW)
    barring.ask(tomas.actor, opened.id, "her phone was taken", now=NOW)
    assert waits(mara) == ["seal", "record"]
    assert is_led_to(mara, f"/cases/{opened.id}/seal")
    barring.agree(mara.actor, opened.id, now=NOW)
    # Nobody opens it now, so nothing in it can be agreed to.
    assert waits(mara) == waits(tomas) == []
    barring.ask(mara.actor, opened.id, "she is in another country", now=NOW)
    assert waits(tomas) == ["open_again"]
    assert is_led_to(tomas, f"/cases/{opened.id}/seal")
    assert waits(mara) == waits(stranger) == []
    assert str(opened.id) not in first_page(stranger).content.decode()


def test_a_list_to_be_taken_out_waits_for_everybody_else_who_takes_lists_out(
    tomas: NewAccount, mara: NewAccount, hire: Hire, opened: OpenCase
) -> None:
    translator = hire("luc", "translator")
    exporting.ask(tomas.actor, Wanted(), reason="review", key=exporting.NOT_ENCRYPTED, now=NOW)
    assert waits(mara) == ["list"]
    assert is_led_to(mara, "/cases/exports")
    assert waits(tomas) == waits(translator) == []
    exporting.agree(mara.actor, exporting.list_asks(mara.actor, now=NOW)[0].id, now=NOW)
    assert waits(mara) == []


@pytest.mark.database("sqlite")
def test_nobody_agrees_to_what_somebody_asked_who_left_since(
    administrator: NewAccount, tomas: NewAccount, mara: NewAccount, opened: OpenCase
) -> None:
    """Two people who work here are meant, and not one of them and what another one left behind."""
    his = signed_in(tomas)
    copy = copied(his, put_in(tomas, opened, photograph()))
    assert his.post(f"{copy}/ask", ASKED).status_code == 302
    file = UUID(copy.rsplit("/", 1)[1])
    ask = lowering.ask(tomas.actor, event(tomas, opened), "R", "they agreed", now=NOW)
    barring.ask(tomas.actor, opened.id, "her phone was taken", now=NOW)
    hers = just_confirmed(mara.actor, NOW)
    exporting.ask(hers, Wanted(), reason="review", key=exporting.NOT_ENCRYPTED, now=NOW)
    exporting.agree(just_confirmed(tomas.actor, NOW), ExportAsk.objects.get().id, now=NOW)
    staff.disable(just_confirmed(administrator.actor, NOW), tomas.actor.id, now=NOW)
    for agree in (
        lambda: lowering.agree(mara.actor, event(mara, opened), ask, now=NOW),
        lambda: releasing.agree(mara.actor, opened.id, file, now=NOW),
        lambda: barring.agree(mara.actor, opened.id, now=NOW),
    ):
        with pytest.raises(BadRequest, match="may not any more"):
            agree()
    with pytest.raises(SecondNeeded):
        exporting.take_out(hers, Wanted(), reason="review", key=exporting.NOT_ENCRYPTED, now=NOW)
    # It is taken back, and asked anew.
    barring.leave(mara.actor, opened.id, now=NOW)
    barring.ask(mara.actor, opened.id, "her phone was taken", now=NOW)
