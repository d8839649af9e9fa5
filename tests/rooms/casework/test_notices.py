"""Mails that say that something waits at the desk: to whom, how often, and that they say nothing else."""

import dataclasses
import email
import email.policy
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from desk import signed_in
from killed import Killed
from people import LATER, NOW, Hire, just_confirmed
from smtp_sink import Sink, serving
from tocsin.accounts import staff
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions, charge, notices
from tocsin.casework.actions import OpenCase
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.models import Notices, Watch
from tocsin.casework.together import remarks
from tocsin.config import noticing as reading
from tocsin.config.noticing import Noticing
from tocsin.config.tables import ServerAddress
from tocsin.core.errors import BadSettings
from tocsin.core.records import Case, from_yaml
from tocsin.journal import subscriptions
from tocsin.operations import mailing, noticing
from tocsin.vault.models import Grant

CASE = from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8"))
ADDRESS, SENDER, AMINA = "https://desk.example/", "desk@office.example", "amina@mail.example"
HOUR, SOON = timedelta(hours=1), notices.GATHERING
WORDS = "ask her sister Ada"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with serving() as sink:
        yield sink


@pytest.fixture
def by_mail(sink: Sink) -> Noticing:
    return Noticing(SENDER, ServerAddress("smtp", "127.0.0.1", sink.port), HOUR)


@pytest.fixture
def amina(hire: Hire) -> NewAccount:
    amina = hire("amina", "case_lead")
    notices.want(amina.actor, AMINA, "en")
    return amina


@pytest.fixture
def shared(tomas: NewAccount, amina: NewAccount) -> OpenCase:
    opened = actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW - HOUR)
    sure = just_confirmed(tomas.actor, NOW - HOUR)
    for compartment in ("facts", "sources"):
        actions.give_access(sure, opened.id, compartment, amina.actor.id, reason="r", ends_at=LATER, now=NOW - HOUR)
    deliver()
    Notices.objects.update(waiting_since=None)
    return opened


def deliver() -> None:
    """Let the worker see what was written down; in tests no commit is real."""
    subscriptions.deliver(notices.SUBSCRIBER, now=NOW)


def send(by_mail: Noticing, *, now: datetime = NOW + SOON) -> int:
    deliver()
    return noticing.send_due(by_mail, ADDRESS, now=now)


def with_manner(case: Case, manner: str) -> Case:
    return dataclasses.replace(case, events=(dataclasses.replace(case.events[0], manner=manner), *case.events[1:]))


def ask(shared: OpenCase, tomas: NewAccount, amina: NewAccount, now: datetime = NOW) -> None:
    remarks.set_task(tomas.actor, shared.id, WORDS, to=amina.actor.id, until=None, now=now)


def save(shared: OpenCase, tomas: NewAccount) -> None:
    actions.save_case(tomas.actor, shared, with_manner(CASE, "quickly"), now=NOW)


def offer(shared: OpenCase, tomas: NewAccount, amina: NewAccount) -> None:
    charge.offer(tomas.actor, shared.id, amina.actor.id, reason="leave", now=NOW)


def test_every_mail_is_the_same_whatever_waits(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing, sink: Sink
) -> None:
    charge.watch(amina.actor, shared.id, wanted=True, now=NOW)
    for at, act in enumerate((ask, offer)):
        act(shared, tomas, amina)
        assert send(by_mail, now=NOW + SOON + 2 * at * HOUR) == 1
    save(shared, tomas)
    assert send(by_mail, now=NOW + 5 * HOUR) == 1
    mails = [email.message_from_bytes(each, policy=email.policy.SMTP) for each in sink.mails]
    assert {(each["Subject"], each["From"], each["To"]) for each in mails} == {("Reminder", SENDER, AMINA)}
    assert len({each.get_content() for each in mails}) == 1
    assert len({each["Message-ID"] for each in mails}) == 3
    # The word of each mail is drawn from a digest, and three letters of a name may stand in it by chance.
    whole = re.sub(r"(?m)^Message-ID: .*$", "", b"".join(sink.mails).decode())
    for secret in (WORDS, "Ada", "Lena", "Marosh", "Tomas", "Amina", "XZV", str(shared.id), str(amina.actor.id)):
        assert secret.lower() not in whole.replace(AMINA, "").lower()
    assert set(re.findall(r"https?://\S+", whole)) == {ADDRESS}
    heads = {name for each in mails for name in each}
    assert heads == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip


def test_what_comes_together_is_one_mail_and_the_next_waits(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing, sink: Sink
) -> None:
    for _ in range(3):
        ask(shared, tomas, amina)
    assert send(by_mail, now=NOW) == 0
    assert send(by_mail) == 1
    ask(shared, tomas, amina)
    assert send(by_mail, now=NOW + SOON + HOUR - timedelta(seconds=1)) == 0
    assert send(by_mail, now=NOW + SOON + HOUR) == 1
    assert send(by_mail, now=NOW + 5 * HOUR) == 0
    assert len(sink.mails) == 2


def test_a_crash_loses_no_mail_and_what_may_have_been_sent_comes_under_the_same_name(
    shared: OpenCase,
    tomas: NewAccount,
    amina: NewAccount,
    by_mail: Noticing,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(shared, tomas, amina)
    deliver()
    real = mailing.send

    def taken_and_then_killed(mail: bytes, **where: object) -> None:
        real(mail, **where)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as crash:
        crash.setattr(mailing, "send", taken_and_then_killed)
        with pytest.raises(Killed):
            noticing.send_due(by_mail, ADDRESS, now=NOW + SOON)
    # Another worker does not send it while the first may still be at it.
    assert send(by_mail) == 0
    assert send(by_mail, now=NOW + SOON + notices.LONGEST_SENDING) == 1
    assert send(by_mail, now=NOW + 9 * HOUR) == 0
    first, second = (email.message_from_bytes(each) for each in sink.mails)
    assert first["Message-ID"] == second["Message-ID"]


def test_of_two_workers_one_takes_a_mail_up(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing
) -> None:
    ask(shared, tomas, amina)
    deliver()
    due = [notices.take_due(HOUR, now=NOW + SOON) for _ in range(2)]
    assert [len(each) for each in due] == [1, 0]


def test_an_entry_that_is_seen_again_brings_no_second_mail(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing
) -> None:
    ask(shared, tomas, amina)
    assert send(by_mail) == 1
    assert send(by_mail, now=NOW + 3 * HOUR) == 0


def test_nobody_is_told_of_what_she_did_herself_or_may_not_open(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing, hire: Hire
) -> None:
    charge.watch(amina.actor, shared.id, wanted=True, now=NOW)
    remarks.set_task(amina.actor, shared.id, WORDS, to=amina.actor.id, until=None, now=NOW)
    mine = actions.read_case(amina.actor, shared.id, now=NOW)
    actions.save_case(amina.actor, mine, with_manner(mine.case, "slowly"), now=NOW)
    assert send(by_mail) == 0
    # Her access ends: what happens in the case from then on is nothing to her, though she watched it.
    for grant in Grant.objects.filter(holder=amina.actor.id, case=shared.id):
        actions.end_access(tomas.actor, grant.id, reason=next(iter(reasons_to_end())), now=NOW)
    now = actions.read_case(tomas.actor, shared.id, now=NOW)
    actions.save_case(tomas.actor, now, with_manner(now.case, "at night"), now=NOW)
    assert send(by_mail) == 0


def test_who_is_in_charge_is_told_of_what_others_change(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing, sink: Sink
) -> None:
    notices.want(tomas.actor, "tomas@mail.example", "ar")
    mine = actions.read_case(amina.actor, shared.id, now=NOW)
    actions.save_case(amina.actor, mine, with_manner(mine.case, "slowly"), now=NOW)
    assert send(by_mail) == 1
    assert [each.partition(":")[2] for each in sink.to] == ["<tomas@mail.example>"]
    assert "مكتب" in email.message_from_bytes(sink.mails[0], policy=email.policy.SMTP).get_content()


def test_a_server_that_refuses_one_keeps_no_other_waiting_and_is_asked_again(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing, sink: Sink
) -> None:
    ask(shared, tomas, amina)
    sink.answers["RCPT"] = "550 no"
    assert send(by_mail) == 0
    assert notices.count_failing() == 1
    assert send(by_mail) == 0
    sink.answers.clear()
    assert send(by_mail, now=NOW + SOON + timedelta(minutes=2)) == 1
    assert (notices.count_failing(), len(sink.mails)) == (0, 1)


def test_without_a_server_nothing_is_lost_and_the_page_says_so(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing, frozen: None
) -> None:
    ask(shared, tomas, amina)
    deliver()
    assert noticing.send_due(None, ADDRESS, now=NOW + HOUR) == 0
    assert "This site sends no mail" in signed_in(amina).get("/account/notices").content.decode()
    assert send(by_mail) == 1


def test_a_mailbox_is_sealed_and_opens_for_its_person_alone(
    shared: OpenCase, tomas: NewAccount, amina: NewAccount, by_mail: Noticing, sink: Sink
) -> None:
    notices.want(tomas.actor, "tomas@mail.example", "en")
    theirs = bytes(Notices.objects.get(account=tomas.actor.id).mailbox)
    assert b"mail.example" not in theirs
    Notices.objects.filter(account=amina.actor.id).update(mailbox=theirs)
    ask(shared, tomas, amina)
    assert send(by_mail) == 0
    assert (sink.mails, notices.count_failing()) == ([], 1)


def test_people_switch_mails_on_and_off(amina: NewAccount, tomas: NewAccount, frozen: None, settings: Settings) -> None:
    settings.TOCSIN_SENDS_NOTICES = True
    client = signed_in(tomas)
    assert notices.wish_of(tomas.actor) is None
    for wrong in ("", "x", "a@b", "a@b.example\nBcc: c@d.example", "a,b@c.example", '"a"@b.example', "-a@b.example"):
        assert client.post("/account/notices", {"mailbox": wrong}).status_code == 400
    assert client.post("/account/notices", {"mailbox": "tomas@mail.example"}).status_code == 302
    page = client.get("/account/notices").content.decode()
    assert "tomas@mail.example" in page
    assert "This site sends no mail" not in page
    client.post("/account/notices", {"off": "yes"})
    assert notices.wish_of(tomas.actor) is None
    assert notices.wish_of(amina.actor) is not None


@pytest.mark.parametrize(
    "table",
    [
        {"sender": SENDER},
        {"sender": "a b@c.example", "server": "smtps://mail.example"},
        {"sender": SENDER, "server": "smtp://mail.example"},
        {"sender": SENDER, "server": "smtps://mail.example", "minutes": 0},
        {"sender": SENDER, "server": "smtps://mail.example", "mailbox": "x"},
        "smtps://mail.example",
    ],
)
def test_settings_that_cannot_work_are_refused(table: object) -> None:
    with pytest.raises(BadSettings, match="notices"):
        reading.read(table, "site.toml")


def test_settings_are_read_once() -> None:
    assert reading.read({}, "site.toml") is None
    read = reading.read({"sender": SENDER, "server": "smtps://u:p@mail.example", "minutes": 30}, "site.toml")
    assert read == Noticing(SENDER, ServerAddress("smtps", "mail.example", 465, "u", "p"), timedelta(minutes=30))
    assert settings.SITE.address.startswith("http")


@pytest.mark.database("sqlite")
def test_of_a_closed_account_stays_no_mailbox_and_no_watch(
    administrator: NewAccount, tomas: NewAccount, amina: NewAccount, shared: OpenCase
) -> None:
    notices.want(tomas.actor, SENDER, "en")
    for person in (amina, tomas):
        Watch.objects.create(case_id=shared.id, account=person.actor.id, since=NOW)
    staff.disable(just_confirmed(administrator.actor, NOW), amina.actor.id, now=NOW)
    deliver()
    for rows in (Notices.objects, Watch.objects):
        assert set(rows.values_list("account", flat=True)) == {tomas.actor.id}
