"""Who leaves: nothing that the site keeps gives to her, sends to her or acts for her any more, table by table."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from desk import client_of, signed_in
from people import LATER, NOW, Hire, just_confirmed
from test_authorisation import somebody_in_each_role
from tocsin.accounts import staff
from tocsin.accounts.actions import NewAccount, open_session
from tocsin.accounts.actor import PASSKEY
from tocsin.accounts.models import Account
from tocsin.casework import actions as casework
from tocsin.casework import charge, notices
from tocsin.casework.left import held_by, left_by
from tocsin.casework.parts import compartments
from tocsin.casework.search import exporting
from tocsin.casework.search.listing import Wanted
from tocsin.core.records import from_yaml
from tocsin.journal import subscriptions
from tocsin.publishing import signatories
from tocsin.vault import queries as vault

CASE = from_yaml((Path(__file__).parent.parent / "casework/case.yaml").read_text("utf-8"))

# What ends: of the rows that name her, those that would still do something, by what such a row has in its columns.
ENDED: dict[str, dict[str, None]] = {
    "Session.account": {},
    "Invitation.account": {},
    "Notices.account": {},
    "Watch.account": {},
    "SignatoryKey.holder": {"retired_at": None},
    "Grant.holder": {"ended_at": None},
    "HandOver.to": {"answered_at": None},
    "ExportAsk.by": {"ended_at": None},
}
_DONE = "says who did it, and does nothing"
_AT_ONCE = "is asked at each use whether she works here: tests of "
_COMES_BACK = "serves to sign in, which a closed account is refused; it is there if the account is opened again"
# What stays, and why it does nothing.
STAYS = {
    "Account.id": _COMES_BACK,
    "Passkey.account": _COMES_BACK,
    "Holder.id": "her private keys are wrapped by her passphrase, her public ones show what she signed; " + _COMES_BACK,
    "Holder.vouched_by": "whom she stood for, somebody else would have to stand for: all who joined by her would fall",
    "OrganisationKey.holder": "the key of the organisation is nobody's",
    "Slot.sealed": "a box says who gave it; it opens by its grant",
    "Grant.given_by": "what she gave, colleagues need; each has an end, and those who give access see who gave it",
    "Grant.ended_by": _DONE,
    "Bar.by": _AT_ONCE + "test_agreeing.py",
    "Bar.agreed_by": _DONE,
    "ExportAsk.agreed_by": _AT_ONCE + "test_agreeing.py",
    "LetterKey.made_by": "the key is the team's; who drew it signed it, once",
    "InboxKey.made_by": "the key is the team's; who drew it signed it, once",
    "SignatoryKey.admitted_by": "whom she admitted, another one retires; those who approve are listed with her name",
    "Mailing.opened_by": _AT_ONCE + "test_nothing_forged.py",
    "Trial.ordered_by": _AT_ONCE + "test_nothing_forged.py",
    "PostedAnswer.ordered_by": _AT_ONCE + "test_nothing_forged.py",
    "Entry.actor": _DONE,
    "Entry.subject": _DONE,
    "Entry.facts": _DONE,
    "Report.received_by": _DONE,
    "ReportPart.saved_by": _DONE,
    "AuthorityVersion.saved_by": _DONE,
    "Turnover.marked_by": _DONE,
    "Turnover.taken_back_by": _DONE,
    "SealedRecord.saved_by": _DONE,
    "Remark.by": "a task or a comment stays said; of a wish to let more see: " + _AT_ONCE + "test_agreeing.py",
    "Remark.to": "stands on the page of its case, where whoever opens it settles it",
    "Remark.settled_by": _DONE,
    "HandOver.by": "what she offered, whoever was asked may take now that she leaves",
    "SavedSearch.account": "sealed for her alone: it finds nothing without her",
    "ExportKey.account": "sealed for her alone, and used by her alone",
    "EvidenceFile.arrived_by": _DONE,
    "Merge.by": _DONE,
    "Merge.undone_by": _DONE,
    "Union.by": _DONE,
    "Union.undone_by": _DONE,
    "Draft.saved_by": _DONE,
    "Clearance.author": _DONE,
    "Clearance.editor": _DONE,
    "Clearance.by": "a gate was passed when she worked here; two who still do have to approve",
    "Approval.author": _DONE,
    "Approval.editor": _DONE,
    "Approval.by": _AT_ONCE + "test_no_way_around.py",
    "Recall.by": _AT_ONCE + "test_leaving.py: by her signature",
    "AskedStatement.by": _AT_ONCE + "test_stating.py",
    "StatementBox.holder": "sealed for her alone, and gone when the statement is said or left",
    "Waiver.by": "was decided when she worked here, and has a last day; two who still do have to approve",
    "CopyRequest.by": _DONE,
    "RawMessage.filed_by": _DONE,
    "Answer.by": _DONE,
}
# Numbers of other things than people.
NOBODY = set(
    "Slot.case KeyLink.case Doomed.case Doomed.went_into KeyState.case Grant.case Bar.case Fixing.after "
    "Delivery.subscriber Delivery.mailer Head.seen_boot Cursor.worker "
    "Report.case Report.conversation SealedRecord.row Duty.worker".split()
)


def columns() -> Iterator[tuple[str, type[models.Model], models.Field]]:
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            yield f"{model.__name__}.{column.name}", model, column


def test_each_column_that_may_name_a_person_is_ended_or_says_why_not() -> None:
    may_name = {
        name
        for name, _model, column in columns()
        if column.related_model is Account
        or (isinstance(column, models.UUIDField) and (not column.primary_key or column.name != "id"))
    }
    listed = {*ENDED, *STAYS} - {"Account.id", "Holder.id", "Entry.facts", "Slot.sealed"}
    assert may_name - NOBODY == listed
    assert not set(ENDED) & set(STAYS)


def naming(people: set[UUID]) -> dict[str, list[models.Model]]:
    """Give the rows that name one of some people, whichever kind of column it is in."""
    found: dict[str, list[models.Model]] = {}
    spelled = [form.encode() for each in people for form in (str(each), each.hex)] + [each.bytes for each in people]
    for name, model, column in columns():
        for row in model._default_manager.all():
            value = getattr(row, column.attname)
            written = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            if any(one in written for one in spelled):
                found.setdefault(name, []).append(row)
    return found


def live(found: dict[str, list[models.Model]]) -> dict[str, list[models.Model]]:
    """Give those rows that would still do something."""
    still = {
        name: [row for row in found.get(name, []) if all(getattr(row, each) is None for each in open_)]
        for name, open_ in ENDED.items()
    }
    return {name: rows for name, rows in still.items() if rows}


@pytest.mark.database("sqlite")
def test_of_who_leaves_no_row_gives_sends_or_acts_any_more(hire: Hire, administrator: NewAccount) -> None:
    people, objects = somebody_in_each_role(hire, administrator)
    owner, approver, mara = people["owner"].actor, people["approver"].actor, hire("mara", "case_lead").actor
    root, case = just_confirmed(administrator.actor, NOW), UUID(str(objects["case_id"]))
    for compartment in compartments().words:
        casework.give_access(owner, case, compartment, mara.id, reason="r", ends_at=LATER, now=NOW)
    charge.offer(owner, case, mara.id, reason="leave", now=NOW)
    charge.answer(mara, case, accept=True, now=NOW)
    charge.offer(mara, case, owner.id, reason="back again", now=NOW)
    charge.watch(owner, case, wanted=True, now=NOW)
    notices.want(owner, "owner@mail.example", "en")
    exporting.ask(just_confirmed(owner, NOW), Wanted(), reason="review", key="", now=NOW)
    signatories.admit(root.ring, owner.id, now=NOW)
    staff.reset_second_factor(root, owner.id, now=NOW)
    open_session(Account.objects.get(id=owner.id), owner.ring, proof=PASSKEY, now=NOW)
    leaving = {owner.id, approver.id}
    # Each of them is there before, so that it could be left.
    assert set(live(naming(leaving))) == set(ENDED)
    kept = [each for person in leaving for each in staff.disable(root, person, now=NOW).kept]
    subscriptions.deliver(notices.SUBSCRIBER, now=NOW)
    found = naming(leaving)
    left = live(found)
    assert {row.pk for row in left.pop("Grant.holder", [])} == {each.id for each in kept}
    assert left == {}
    # Those alone without which nobody would open what they open.
    for each in kept:
        others = vault.all_grants(NOW, case=each.case).filter(compartment=each.compartment).exclude(id=each.id)
        assert not others.exists()
    assert set(found) - set(ENDED) <= set(STAYS)
    # The case has somebody in charge whom one can ask, and can be offered to another one.
    charge.offer(mara, case, mara.id, reason="to see that nothing is in the way", now=NOW)


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("frozen")
def test_who_closes_an_account_sees_which_cases_are_to_be_taken_over(hire: Hire, administrator: NewAccount) -> None:
    lead, boss, mara = hire("tomas", "case_lead"), hire("ines", "case_lead", "administrator"), hire("mara", "case_lead")
    shared, own, ended = (casework.open_new_case(lead.actor, CASE, reason="r", now=NOW).id for _ in range(3))
    for case, people in ((shared, (boss, mara)), (own, (mara,))):
        for person in people:
            for part in compartments().words if person is boss else ["facts"]:
                casework.give_access(lead.actor, case, part, person.actor.id, reason="r", ends_at=LATER, now=NOW)
    casework.shred_case(just_confirmed(lead.actor, NOW), ended, now=NOW)
    before = left_by(boss.actor, lead.actor.id, now=NOW)
    assert (set(before.titles), before.charges, before.others) == ({shared}, {shared}, 1)
    assert (before.charges_of_others, before.alone, before.holders) == (1, 1, {"Mara": 1})
    client = client_of(boss.actor, PASSKEY)
    closed = client.post(f"/people/{lead.actor.id}/disable")
    assert closed.headers["Location"] == f"/people/{lead.actor.id}/cases"
    # What ended by closing is what she could open.
    assert left_by(boss.actor, lead.actor.id, now=NOW) == before
    page = client.get(closed.headers["Location"]).content.decode()
    assert f'href="/cases/{shared}"' in page
    assert "in the charge of this person" in page
    assert str(own) not in page
    # Who opens no case reads no name of one, and learns how many there are.
    root = signed_in(administrator).get(closed.headers["Location"]).content.decode()
    assert not re.search(rf"{shared}|{own}|Lena", root)
    assert '<h1>Cases to be taken over<span class="count">2</span></h1>' in root
    assert held_by(boss.actor.id, now=NOW) == {shared}
