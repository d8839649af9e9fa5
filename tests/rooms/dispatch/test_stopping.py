"""Stopping, pausing, holding: what may not go out does not, and what may does as soon as it may."""

import socket
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from mailroom import Mailroom

from invented_appeals import ENGLISH
from tocsin.adapters.smtp import MailServer
from tocsin.config.databases import letting_go
from tocsin.core.errors import BadMessage, BadRequest, BadSettings
from tocsin.core.journal import Reading, Seen
from tocsin.dispatch import actions, audience, clocks, mailer, posting
from tocsin.dispatch.models import Delivery, Mailer, Mailing, Trial
from tocsin.dispatch.remembering import Memory
from tocsin.dispatch.survey import Equipment
from tocsin.operations import panic
from tocsin.vault import emergency

CONNECTIONS = 3


def midway(mailroom: Mailroom, act: Callable[[], object]) -> int:
    """Do something when some messages have gone out, and tell how many had when it returned."""
    mailroom.readers(200)
    mailroom.delay = 0.01
    mailroom.send()
    seen: list[int] = []

    def until() -> bool:
        if not seen and mailroom.script.count > 20:
            act()
            seen.append(mailroom.script.count)
        return bool(seen) and mailroom.mailing().state in {"stopped", "paused"} and mailroom.settled()

    mailroom.work(until, connections=CONNECTIONS)
    return seen[0]


def test_after_a_stop_one_message_a_connection_goes_out_and_none_after_a_restart(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It comes while readers are still being written down, and those get nothing either.
    monkeypatch.setattr(audience, "_A_PART", 30)
    before = midway(mailroom, lambda: actions.stop(mailroom.id, now=timezone.now()))
    stopped = mailroom.script.count
    assert stopped <= before + CONNECTIONS
    mailroom.work()
    assert mailroom.script.count == stopped
    assert mailroom.states() == {"handed_over": stopped, "suppressed": 200 - stopped}
    assert set(Delivery.objects.filter(state="suppressed").values_list("reason", flat=True)) == {"stopped"}
    with pytest.raises(BadRequest):
        actions.resume(mailroom.id, now=timezone.now())


def test_a_pause_stops_as_a_stop_does_and_the_rest_follows_when_it_is_resumed(mailroom: Mailroom) -> None:
    before = midway(mailroom, lambda: actions.pause(mailroom.id))
    assert mailroom.script.count <= before + CONNECTIONS
    mailroom.delay = 0
    actions.resume(mailroom.id, now=timezone.now())
    mailroom.work()
    assert mailroom.states() == {"handed_over": 200}
    assert set(Counter(one.to[0] for one in mailroom.script.taken).values()) == {1}


def test_of_a_frozen_site_nothing_goes_out_and_of_its_mailings_nothing_before_somebody_has_looked(
    mailroom: Mailroom, tmp_path: Path
) -> None:
    before = midway(mailroom, lambda: panic.stop(emergency.freeze, tmp_path, now=timezone.now()))
    sent = mailroom.script.count
    assert sent <= before + CONNECTIONS
    # What is no mailing waits, too: a test for a colleague, as an answer to a letter would.
    mailroom.ask_for_trial(mailroom.press.ana)
    mailroom.work(lambda: mailroom.holds("frozen"))
    assert (mailroom.script.count, mailroom.mailing().held_for) == (sent, "frozen")
    panic.stop(emergency.lift, tmp_path, now=timezone.now())
    mailroom.work(lambda: mailroom.script.count > sent)
    assert [one.to for one in mailroom.script.taken[sent:]] == [["tomas@harbour.example"]]
    assert mailroom.mailing().state == "paused"
    mailroom.delay = 0
    actions.resume(mailroom.id, now=timezone.now())
    mailroom.work()
    assert mailroom.states() == {"handed_over": 200}


def test_of_single_messages_that_were_taken_before_a_freeze_no_other_one_goes_out(
    mailroom: Mailroom, tmp_path: Path
) -> None:
    mailroom.delay = 0.05
    mailroom.ask_for_trial(mailroom.press.ana, 10)
    seen: list[int] = []

    def frozen_and_over() -> bool:
        if not seen and mailroom.script.count:
            panic.stop(emergency.freeze, tmp_path, now=timezone.now())
            seen.append(mailroom.script.count)
        return bool(seen) and not Trial.objects.exclude(taken_until=None).exists()

    mailroom.work(frozen_and_over)
    assert mailroom.script.count <= seen[0] + 1
    panic.stop(emergency.lift, tmp_path, now=timezone.now())
    mailroom.delay = 0
    mailroom.work(lambda: mailroom.script.count >= 10)
    assert len({one.to[0] for one in mailroom.script.taken}) == len(mailroom.script.taken) == 10


def test_a_retraction_stops_what_was_not_begun(mailroom: Mailroom) -> None:
    before = midway(
        mailroom, lambda: mailroom.press.retract(mailroom.appeal, now=timezone.now().replace(microsecond=0))
    )
    assert mailroom.script.count <= before + CONNECTIONS
    assert mailroom.mailing().state == "stopped"
    mailroom.work()
    assert set(Delivery.objects.filter(state="suppressed").values_list("reason", flat=True)) == {"retracted"}
    assert mailroom.adds_up()


def test_nothing_goes_out_before_its_time(mailroom: Mailroom) -> None:
    mailroom.readers(2)
    mailroom.send(not_before=timezone.now() + timedelta(hours=1))
    mailroom.work(Mailer.objects.exists)
    assert (mailroom.script.count, mailroom.mailing().state) == (0, "scheduled")


def test_what_is_scheduled_goes_out_when_it_is_time(mailroom: Mailroom) -> None:
    mailroom.readers(2)
    due = timezone.now() + timedelta(seconds=1)
    mailroom.send(not_before=due)
    mailroom.work()
    assert mailroom.script.count == 2
    assert min(Delivery.objects.values_list("settled_at", flat=True)) >= due


def test_an_embargo_holds(mailroom: Mailroom) -> None:
    until = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    mailroom.appeal = mailroom.press.publish([ENGLISH], now=timezone.now(), not_before=until)
    mailroom.readers(2)
    mailroom.send()
    mailroom.work_until_held("embargo")
    assert mailroom.script.count == 0


def test_without_its_keys_a_mailer_holds_and_goes_on_when_they_are_back(mailroom: Mailroom) -> None:
    """Never unsigned: there is no mailer without a key that signs."""
    mailroom.readers(3)
    mailroom.send()
    there: list[bool] = []

    def load(port: int) -> Equipment:
        if not there:
            raise BadSettings("this key cannot be read", where="tocsin1.pem")
        return mailroom.equipment(port)

    mailroom.work(lambda: Mailer.objects.filter(holds_for="keys").exists(), load=load)
    assert mailroom.script.count == 0
    there.append(True)
    mailroom.work()
    assert mailroom.states() == {"handed_over": 3}


def no_encryption(port: int) -> MailServer:
    return MailServer("127.0.0.1", "harbour.example", port, security="starttls", patience=5)


def no_name(port: int) -> MailServer:
    return MailServer("mail.harbour.example", "harbour.example", port, patience=5)


def nobody_there(_: int) -> MailServer:
    return MailServer("127.0.0.1", "harbour.example", 1, security="none", patience=5)


@pytest.mark.parametrize(
    ("server", "why", "said"),
    [
        (no_encryption, "not_secure", "offers no encryption"),
        (no_name, "server", "cannot be reached (no answer)"),
        (nobody_there, "server", "cannot be reached (Connect call failed"),
    ],
)
def test_without_a_way_out_everything_waits(
    mailroom: Mailroom,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    server: Callable[[int], MailServer],
    why: str,
    said: str,
) -> None:
    """No name in the DNS, no encryption, nobody who listens: never plain, nothing lost, and no try counts."""

    def fails(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    if server is no_name:
        monkeypatch.setattr(socket, "getaddrinfo", fails)
    mailroom.readers(3)
    mailroom.send()
    given: list[Equipment] = []

    def load(port: int) -> Equipment:
        if not given:
            given.append(replace(mailroom.equipment(port), server=server(port)))
        return given[0]

    mailroom.work(lambda: Mailer.objects.filter(holds_for=why).exists(), load=load)
    assert mailroom.script.count == 0
    assert mailroom.states() == {"waiting": 3}
    assert set(Delivery.objects.values_list("tries", flat=True)) == {0}
    assert [said in each.getMessage() for each in caplog.records if "nothing goes out" in each.getMessage()] == [True]
    monkeypatch.undo()
    mailroom.work()
    assert mailroom.states() == {"handed_over": 3}


@pytest.mark.database("postgresql")
def test_a_mailer_whose_idle_connections_end_with_the_server_goes_on(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mailings and what goes beside them: each thread of the mailer has a connection, and loses it."""
    for pause in ("_TURN", "_REST"):
        monkeypatch.setattr(posting, pause, 0.1)
    mailroom.readers(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    lost: list[int] = []

    def restart() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid NOT IN (%s, pg_backend_pid())",
                [ours],
            )
            lost.append(cursor.fetchone()[0])

    def until() -> bool:
        if not lost and mailroom.script.count:
            restart()
            mailroom.ask_for_trial(mailroom.press.boris)
            mailroom.send()
        return mailroom.script.count == 5

    mailroom.ask_for_trial(mailroom.press.ana)
    mailroom.work(until)
    assert lost[0] >= 2, "that of the survey, and that of the post"
    assert mailroom.states() == {"handed_over": 3}


@pytest.mark.parametrize("days", [-1, 1, 3650])
def test_a_clock_that_was_set_holds_everything(mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """The seconds since the start of the machine went on as ever, and the clock did not."""
    memory, now = Memory(mailroom.folder / "sent.json"), timezone.now()
    memory.see(Seen(now - timedelta(days=days), "this start", 1000.0))

    def read(now: datetime) -> Reading:
        return Reading(now, "this start", 1001.0)

    monkeypatch.setattr(clocks, "read", read)
    mailroom.readers(2)
    mailroom.send()
    mailroom.work(lambda: mailroom.holds("clock") or mailroom.script.count > 0)
    assert mailroom.script.count == 0
    survey = mailroom.survey(lambda: mailroom.equipment(25))
    assert survey.look(0) == []
    assert survey.trusted is None, "nor is anything sent beside mailings"
    clocks.confirm(memory, now=timezone.now())
    mailroom.work()
    assert mailroom.script.count == 2


def test_a_server_that_refuses_us_pauses_the_mailing_until_a_person_looked(
    mailroom: Mailroom, caplog: pytest.LogCaptureFixture
) -> None:
    mailroom.readers(20)
    mailroom.script.answers["RCPT"] = "554 5.7.1 relay access denied"
    mailroom.send()
    mailroom.work(lambda: mailroom.mailing().held_for == "refused" and mailroom.settled())
    assert mailroom.mailing().state == "paused"
    assert mailroom.states() == {"waiting": 20}
    assert "refuses it (554 5.7.1)" in caplog.text
    assert "@" not in caplog.text
    mailroom.script.answers.clear()
    actions.resume(mailroom.id, now=timezone.now())
    mailroom.work()
    assert mailroom.states() == {"handed_over": 20}
    assert Mailing.objects.get().held_for == ""


def test_what_cannot_be_made_pauses_its_mailing_and_a_line_that_breaks_off_ends_the_mailer(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Else connections would end one by one, and the mailing stand still without a word."""

    def breaks(*_: object, **__: object) -> None:
        raise error

    error: Exception = BadMessage("bytes may not leave")
    mailroom.readers(3)
    mailroom.send()
    with monkeypatch.context() as broken:
        broken.setattr(mailer, "cut", breaks)
        mailroom.work(lambda: mailroom.mailing().held_for == "unmade")
    assert (mailroom.mailing().state, mailroom.states(), mailroom.script.count) == ("paused", {"waiting": 3}, 0)
    assert "cannot be made" in caplog.text
    actions.resume(mailroom.id, now=timezone.now())
    error = KeyError("a fault of the program")
    with monkeypatch.context() as broken:
        broken.setattr(mailer, "connect", breaks)
        with pytest.raises(KeyError):
            mailroom.work()
    assert mailroom.states() == {"waiting": 3}, "what it had claimed is given back"
    mailroom.work()
    assert mailroom.states() == {"handed_over": 3}
    assert mailroom.adds_up()


def test_one_domain_that_wants_less_slows_down_no_other(mailroom: Mailroom) -> None:
    slow = mailroom.readers(20, domain="slow.example")
    mailroom.readers(20)
    for number in range(20):
        mailroom.script.answers[f"RCPT reader{number}@slow.example"] = "450 4.7.1 too fast"
    mailroom.send()
    mailroom.work(lambda: mailroom.states()["handed_over"] == 20 and mailroom.settled())
    rows = Delivery.objects.filter(subscriber__in=[each.id for each in slow])
    assert all(row.state == "waiting" and row.not_before for row in rows)
    asked = [one for one in mailroom.script.commands if one.startswith("RCPT") and "slow.example" in one]
    assert len(asked) <= 2 * 2, "as many as were asked for on the two connections before the first answer"


@pytest.mark.database("postgresql")
def test_a_mailer_that_stands_still_in_a_transaction_keeps_nobody_from_stopping(mailroom: Mailroom) -> None:
    mailroom.readers(1)
    mailroom.send()
    frozen = connection.copy()
    frozen.settings_dict = letting_go(frozen.settings_dict, 0.1)
    with closing(frozen), frozen.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [actions.lock_of(mailroom.id)])
        with connection.cursor() as ours:
            ours.execute("SET lock_timeout = '20s'")
        actions.stop(mailroom.id, now=timezone.now())
    assert mailroom.mailing().state == "stopped"
