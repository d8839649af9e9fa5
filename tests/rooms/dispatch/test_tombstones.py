"""An appeal that was taken back, or that a stolen key signed: whoever was sent it is told so, and nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from mailroom import SENDING, Mailroom
from pytest_django import Settings
from test_nothing_forged import past_the_guard

from desk import client_of
from invented_appeals import ARABIC, ENGLISH
from people import NOW, Hire
from public_site import Press
from tocsin.accounts.actions import NewAccount
from tocsin.core.errors import BadRequest
from tocsin.core.publication import Disavowal, Retraction, Words, key_id_of, to_file
from tocsin.core.render import labels_for
from tocsin.dispatch import actions, orders
from tocsin.dispatch.models import Delivery, Mailing, Subscriber
from tocsin.dispatch.survey import Equipment
from tocsin.journal.models import Entry
from tocsin.publishing import actions as publishing
from tocsin.publishing import disavowals, signatories
from tocsin.publishing.models import Publication, PublishedRetraction

SAID = "A detail in it could endanger somebody."
TELLING = {**SENDING, "mailing": "0d5c2f4e-0f53-4a53-9f0a-3b1c9f2d7a12"}


def take_back(mailroom: Mailroom, press: Press | None = None) -> None:
    at = timezone.now().astimezone(UTC).replace(microsecond=0)
    retraction = Retraction(mailroom.appeal.code, at, (Words("en", SAID),))
    publishing.retract((press or mailroom.press).sign(retraction), now=timezone.now())


def disavow(mailroom: Mailroom, administrator: NewAccount, hire: Hire) -> Press:
    """Let two others say that the key of one who signed it was stolen."""
    others = Press(hire("chiara", "case_lead"), hire("dario", "case_lead"))
    for each in (others.ana, others.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, now=timezone.now())
    key = mailroom.appeal.signatures[0].key
    disavowals.let_in(others.sign(Disavowal(key, datetime(2026, 11, 20, tzinfo=UTC))), now=timezone.now())
    return others


def tell(mailroom: Mailroom, officer: NewAccount | None = None) -> Mailing:
    """Have a tombstone sent; the mailroom works on it from then on."""
    mailroom.id = uuid4()
    asked = actions.Asked(mailroom.id, mailroom.slug, mailroom.appeal.version, tombstone=True)
    actions.open_mailing(asked, (officer or mailroom.press.ana).actor.ring, now=timezone.now())
    return actions.send(mailroom.id, now=timezone.now())


def mailed(mailroom: Mailroom) -> list[EmailMessage]:
    return [message_from_bytes(each.content, policy=default) for each in mailroom.script.taken]  # type: ignore[misc]


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def test_whoever_was_sent_it_is_told_in_the_language_in_which_it_came(mailroom: Mailroom) -> None:
    english, arabic = mailroom.readers(3), mailroom.readers(2, languages=" ar ")
    mailroom.send()
    mailroom.work()
    left = english[0]
    Subscriber.objects.filter(id=left.id).update(state="left")
    mailroom.readers(2)  # who came later was sent nothing
    take_back(mailroom)
    before = len(mailroom.script.taken)
    row = tell(mailroom)
    assert row.kind == "retraction"
    mailroom.work()
    told = mailed(mailroom)[before:]
    assert len(told) == 4
    assert mailroom.states() == {"handed_over": 4}
    assert mailroom.adds_up()
    to = set(Delivery.objects.filter(mailing=row).values_list("subscriber", flat=True))
    assert to == {each.id for each in (*english, *arabic)} - {left.id}
    for mail in told:
        tag = str(mail["Content-Language"])
        labels = labels_for(tag)
        assert mail["Subject"] == f"{labels['withdrawn']} {mailroom.appeal.code}"
        assert labels["withdrawn_title"] in plain(mail)
        assert SAID.replace(" ", "") in plain(mail).replace(" ", "").replace("\u2066", "").replace("\u2069", "")
        assert f"https://appeals.harbour.example/appeals/{mailroom.slug}/" in plain(mail)
        assert mail["DKIM-Signature"]
        assert mail["List-Unsubscribe"]
        assert f"{labels['change_or_leave']}: https://appeals.harbour.example/{tag}/change.html" in plain(mail)
        for document in (ENGLISH, ARABIC):
            assert document.title is not None
            assert document.title.text not in str(mail)
    assert sorted(str(mail["Content-Language"]) for mail in told) == ["ar", "ar", "en", "en"]


def test_of_a_void_appeal_they_are_told_that_it_is_not_genuine(
    mailroom: Mailroom, administrator: NewAccount, hire: Hire
) -> None:
    mailroom.readers(2)
    mailroom.send()
    mailroom.work()
    others = disavow(mailroom, administrator, hire)
    assert tell(mailroom, others.ana).kind == "disavowal"
    dario = key_id_of(others.boris.actor.ring.public().sign)

    def without_dario(port: int) -> Equipment:
        equipment = mailroom.equipment(port)
        return replace(equipment, pinned=equipment.pinned - {dario})

    mailroom.work_until_held("signatures", without_dario, more_than=2)
    assert len(mailroom.script.taken) == 2, "of two who said it, the mailer's own list has to know both"
    mailroom.work()
    told = mailed(mailroom)[2:]
    assert [mail["Subject"] for mail in told] == [f"Not genuine {mailroom.appeal.code}"] * 2
    assert "signed with a stolen key" in plain(told[0])


def test_whoever_may_have_it_is_told_and_what_is_under_way_ends_first(
    mailroom: Mailroom, administrator: NewAccount, hire: Hire
) -> None:
    """A key that was stolen stops no mailing by itself at once: who is counted and who is sent must be the same."""
    mailroom.readers(6)
    before = mailroom.send()
    rows = list(Delivery.objects.filter(mailing=before).order_by("id"))
    for row, state, doubts in zip(
        rows, ("handed_over", "uncertain", "intended", "failed", "failed", "waiting"), (0, 1, 0, 1, 0, 0), strict=True
    ):
        Delivery.objects.filter(id=row.id).update(state=state, doubts=doubts)
    others = disavow(mailroom, administrator, hire)
    told = tell(mailroom, others.ana)
    before.refresh_from_db()
    assert before.state == "stopped"
    assert set(Delivery.objects.filter(mailing=told).values_list("subscriber", flat=True)) == {
        each.subscriber for each in rows[:4]
    }


def test_what_stands_has_no_tombstone_and_one_goes_out_once(mailroom: Mailroom) -> None:
    mailroom.readers(1)
    mailroom.send()
    mailroom.work()
    with pytest.raises(BadRequest, match="stands"):
        tell(mailroom)
    take_back(mailroom)
    tell(mailroom)
    with pytest.raises(BadRequest, match="already"):
        tell(mailroom)


def test_nobody_is_told_of_what_nobody_was_sent(mailroom: Mailroom) -> None:
    mailroom.readers(3)
    take_back(mailroom)
    with pytest.raises(BadRequest, match="nobody was sent"):
        tell(mailroom)


# --- P-03: nothing of it is sent that two people have not signed, and one ordered ---


def unsigned(mailroom: Mailroom) -> str:
    row = PublishedRetraction.objects.get()
    forged = Retraction(mailroom.appeal.code, row.retracted_at.astimezone(UTC).replace(microsecond=0))
    _retract_by_hand(to_file(forged))
    return "signatures"


def by_one_person(mailroom: Mailroom) -> str:
    at = timezone.now().astimezone(UTC).replace(microsecond=0)
    _retract_by_hand(to_file(mailroom.press.sign(Retraction(mailroom.appeal.code, at), mailroom.press.ana)))
    return "signatures"


def of_another_appeal(mailroom: Mailroom) -> str:
    """Let somebody put the signed retraction of another appeal there."""
    at = timezone.now().astimezone(UTC).replace(microsecond=0)
    other = mailroom.press.publish([ENGLISH], now=timezone.now())
    _retract_by_hand(to_file(mailroom.press.sign(Retraction(other.code, at))))
    return "signatures"


def retired(mailroom: Mailroom) -> str:
    signatories.retire(mailroom.press.boris.actor.id, now=timezone.now())
    return "signatures"


def no_retraction(mailroom: Mailroom) -> str:
    _rows(lambda rows: rows._raw_delete(rows.db))
    return "signatures"


def called_disavowal(mailroom: Mailroom) -> str:
    Mailing.objects.filter(id=mailroom.id).update(kind="disavowal")
    return "signatures"


def called_appeal(mailroom: Mailroom) -> str:
    """Let somebody turn it into a second mailing of the appeal itself, which stands again, before a new mailer."""
    (mailroom.folder / "sent.json").unlink()
    Mailing.objects.filter(id=mailroom.id).update(kind="update")
    _rows(lambda rows: rows._raw_delete(rows.db))
    return "no_order"


def no_order(mailroom: Mailroom) -> str:
    Mailing.objects.filter(id=mailroom.id).update(order=bytes(64))
    return "no_order"


def order_of_the_appeal(mailroom: Mailroom) -> str:
    Mailing.objects.filter(id=mailroom.id).update(order=Mailing.objects.get(kind="appeal").order)
    return "no_order"


def _retract_by_hand(statement: bytes) -> None:
    _rows(lambda rows: rows.update(statement=statement))


def _rows(act: Callable[[Any], object]) -> None:
    past_the_guard(lambda: act(PublishedRetraction.objects.all()))


FORGERIES = [
    *(unsigned, by_one_person, of_another_appeal, retired, no_retraction),
    *(called_disavowal, called_appeal, no_order, order_of_the_appeal),
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda each: each.__name__)
def test_nothing_is_told_of(mailroom: Mailroom, forge: Callable[[Mailroom], str]) -> None:
    mailroom.readers(2)
    mailroom.send()
    mailroom.work()
    take_back(mailroom)
    tell(mailroom)
    why = forge(mailroom)
    mailroom.work_until_held(why, more_than=2)
    assert len(mailroom.script.taken) == 2
    assert mailroom.states() == {"waiting": 2}


def test_an_order_of_one_who_may_publish_makes_no_second_mailing_of_an_appeal(mailroom: Mailroom) -> None:
    """The kind stands in the order, and the database lets one mailing of each kind in: the mailer looks at it."""
    mailroom.readers(1)
    mailroom.send()
    mailroom.work()
    row = mailroom.mailing()
    row.id, row.kind, row.state, row.ended_at = uuid4(), "correction", "open", None
    orders.sign(row, mailroom.press.ana.actor.ring)
    row.save(force_insert=True)
    mailroom.id = row.id
    (mailroom.folder / "sent.json").unlink()  # a mailer that has sent it would remember
    Delivery.objects.create(mailing=row, subscriber=Subscriber.objects.get().id, language="en")
    Mailing.objects.filter(id=row.id).update(state="sending")
    mailroom.work_until_held("no_order", more_than=1)
    assert len(mailroom.script.taken) == 1


# --- at the desk ---


@pytest.fixture
def sent(officer: Client, address: str) -> UUID:
    """Give a mailing of which three messages were taken, of five."""
    officer.post(f"{address}/step", SENDING)
    for row in Delivery.objects.order_by("id")[:3]:
        Delivery.objects.filter(id=row.id).update(state="handed_over", settled_at=NOW)
    return Mailing.objects.get().id


@pytest.fixture
def retracted(sent: UUID, approvers: Press) -> None:
    retraction = Retraction(Publication.objects.get().code, NOW.astimezone(UTC), (Words("en", SAID),))
    publishing.retract(approvers.sign(retraction), now=NOW)


def test_an_officer_tells_them_from_the_page_of_its_mailing(
    officer: Client, address: str, sent: UUID, retracted: None
) -> None:
    listed = officer.get("/mailings").content.decode()
    assert f"{address}/tombstone" in listed
    assert "its readers are not told yet" in listed
    assert f"{address}/tombstone" in officer.get(address).content.decode()
    page = officer.get(f"{address}/tombstone").content.decode()
    assert "Send to 3 readers" in page
    assert SAID in page
    assert "This appeal was withdrawn" in page
    assert ENGLISH.title is not None
    assert ENGLISH.title.text not in page
    assert "Look at it in a mailbox first" in page
    for _ in range(2):
        assert officer.post(f"{address}/tombstone/step", TELLING).status_code == 302
    row = Mailing.objects.get(kind="retraction")
    assert (row.state, str(row.id)) == ("sending", TELLING["mailing"])
    assert Entry.objects.filter(kind="appeals.tombstone.sent").count() == 1
    assert "is being sent" in officer.get(f"{address}/tombstone").content.decode()
    for step, state in (("pause", "paused"), ("resume", "sending"), ("stop", "stopped")):
        assert officer.post(f"{address}/tombstone/step", {"step": step}).status_code == 302
        assert Mailing.objects.get(kind="retraction").state == state
    assert Mailing.objects.get(id=sent).state == "stopped"


def test_where_two_in_office_did_not_sign_the_page_says_once_that_no_mailer_sends_it(
    officer: Client, address: str, sent: UUID, retracted: None, approvers: Press
) -> None:
    Delivery.objects.update(state="handed_over")
    assert set(Delivery.objects.values_list("language", flat=True)) == {"ar", "en"}
    assert "have not signed this" not in officer.get(f"{address}/tombstone").content.decode()
    signatories.retire(approvers.boris.actor.id, now=NOW)
    page = officer.get(f"{address}/tombstone").content.decode()
    assert page.count("Two approvers in office have not signed this") == 1
    assert SAID not in page


def test_on_a_site_that_mails_nothing_the_page_says_that_alone(
    officer: Client, address: str, sent: UUID, retracted: None, settings: Settings
) -> None:
    settings.TOCSIN_MAILINGS = None
    page = officer.get(f"{address}/tombstone").content.decode()
    assert "This site mails nothing to readers yet" in page
    assert "have not signed this" not in page


def test_who_leads_a_case_may_not_tell_them(
    officer: Client, address: str, sent: UUID, retracted: None, hire: Hire
) -> None:
    lead = client_of(hire("tomas", "case_lead").actor)
    assert "Send to" not in lead.get(f"{address}/tombstone").content.decode()
    assert lead.post(f"{address}/tombstone/step", TELLING).status_code == 404
    assert not Mailing.objects.filter(kind="retraction").exists()


def test_of_what_stands_the_page_says_so_and_nothing_is_begun(officer: Client, address: str, sent: UUID) -> None:
    assert "It stands" in officer.get(f"{address}/tombstone").content.decode()
    answer = officer.post(f"{address}/tombstone/step", TELLING)
    assert answer.status_code == 400
    assert "it stands" in answer.content.decode()
    assert "Tell those" not in officer.get(address).content.decode()
