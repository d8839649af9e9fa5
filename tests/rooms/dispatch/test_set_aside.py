"""What does not go out at the first try, for whatever reason: who gets it all the same, and who must not."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone
from mailroom import Mailroom

from invented_appeals import ENGLISH
from tocsin.core.errors import BadSettings
from tocsin.dispatch import outbox
from tocsin.dispatch.endings import MOST_TRIES
from tocsin.dispatch.ledger import Ledger
from tocsin.dispatch.models import Delivery, Mailing
from tocsin.dispatch.outbox import End, Mine
from tocsin.dispatch.pace import Pace
from tocsin.dispatch.remembering import Memory
from tocsin.vault.mailer_keys import Sealer, draw_mailer_key, public_half


@pytest.mark.parametrize(("tries", "state"), [(MOST_TRIES - 1, "failed"), (MOST_TRIES - 2, "waiting")])
def test_what_a_server_puts_off_each_time_is_given_up_at_the_last_try_and_not_before(
    mailroom: Mailroom, tries: int, state: str
) -> None:
    mailroom.readers(1)
    mailroom.script.answers["RCPT"] = "450 4.2.1 not now"
    mailroom.send()
    Delivery.objects.update(tries=tries)
    mailroom.work(lambda: Delivery.objects.exclude(reason="").exists())
    row = Delivery.objects.get()
    reason = {"failed": "gave_up", "waiting": "again"}[state]
    assert (row.state, row.reason, row.reply, row.tries) == (state, reason, "450 4.2.1", tries + 1)
    assert (row.not_before is None) == (state == "failed")


def test_of_a_server_that_has_no_room_the_mailer_asks_nothing_more_for_a_minute_and_counts_no_try(
    mailroom: Mailroom,
) -> None:
    mailroom.readers(20)
    mailroom.script.answers["MAIL"] = "452 4.3.1 no room"
    mailroom.send()
    mailroom.work(lambda: mailroom.holds("server") and mailroom.settled())
    asked = sum(each.startswith("MAIL") for each in mailroom.script.commands)
    assert 1 <= asked <= 4, "one or two on each connection"
    assert mailroom.states() == {"waiting": 20}
    assert set(Delivery.objects.values_list("tries", "not_before")) == {(0, None)}


class Once(dict[str, str]):
    """Answers of a server, of which each is given once."""

    def get(self, word: str, usual: str = "") -> str:  # type: ignore[override]
        return self.pop(word, usual)


def test_of_two_mailings_the_one_that_is_refused_for_what_it_is_keeps_nothing_of_the_other(mailroom: Mailroom) -> None:
    mailroom.readers(40)
    other = mailroom.press.follow_up(mailroom.appeal, [ENGLISH], now=timezone.now())
    following = replace(mailroom, appeal=other, id=uuid4())
    first = mailroom.send()
    following.send()
    mailroom.script.answers = Once(DATA="550 5.7.1 not this")
    mailroom.work(lambda: following.mailing().state != "sending", connections=1)
    assert Mailing.objects.get(id=first.id).held_for == "refused"
    assert (following.mailing().state, following.states()) == ("finished", {"handed_over": 40})
    assert mailroom.states() == {"waiting": 40}


def test_no_more_is_claimed_than_asked_for_and_first_what_was_put_off(mailroom: Mailroom) -> None:
    again, *_ = mailroom.readers(3)
    mailing, mine = mailroom.send(), Mine(uuid4())
    Delivery.objects.filter(subscriber=again.id).update(not_before=timezone.now() - mine.lease, tries=1)
    token_key = bytes(range(32))
    assert [each.subscriber for each in outbox.claim(mailing, mine, 1, token_key)] == [again.id]
    assert mailroom.states() == {"claimed": 1, "waiting": 2}
    assert len(outbox.claim(mailing, mine, 9, token_key)) == 2
    Mailing.objects.update(state="paused")
    turn = mailroom.mailing().turn
    assert outbox.claim(mailing, mine, 9, token_key) == []
    assert mailroom.mailing().turn == turn


def test_an_address_that_this_mailer_cannot_open_fails_alone(mailroom: Mailroom) -> None:
    """As of a row that somebody wrote, or of readers who came under a key that is no longer there."""
    strange, *_ = mailroom.readers(3)
    mailroom.send()
    elsewhere = Sealer(public_half(draw_mailer_key()))
    type(strange).objects.filter(id=strange.id).update(address=elsewhere.seal(b"reader0@reader.example", b""))
    mailroom.work()
    assert mailroom.states() == {"failed": 1, "handed_over": 2}
    row = Delivery.objects.get(state="failed")
    assert (row.subscriber, row.reason) == (strange.id, "address")


def test_nothing_is_taken_by_a_mailer_that_cannot_write_down_how_far_it_got(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailroom.readers(2)
    mailroom.send()
    survey = mailroom.survey(lambda: mailroom.equipment(25))
    assert survey.look(0) == []

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as disk:
        disk.setattr(Memory, "_write", full)
        assert survey.look(9) == []
    assert (mailroom.states(), mailroom.mailing().held_for) == ({"waiting": 2}, "memory")
    (task,) = survey.look(9)
    assert (len(task.claims), mailroom.mailing().held_for) == (2, "")


def test_a_mailer_does_not_begin_anew_where_what_it_sent_cannot_be_read(mailroom: Mailroom) -> None:
    (mailroom.folder / "sent.json").write_bytes(b'{"turns": {')
    with pytest.raises(BadSettings, match="cannot be read"):
        Memory(mailroom.folder / "sent.json")


def test_of_two_mailings_one_that_fills_the_queue_leaves_the_other_as_it_is(mailroom: Mailroom) -> None:
    mailroom.readers(3)
    other = mailroom.press.follow_up(mailroom.appeal, [ENGLISH], now=timezone.now())
    following = replace(mailroom, appeal=other, id=uuid4())
    mailroom.send()
    following.send()
    (task,) = mailroom.survey(lambda: mailroom.equipment(25)).look(3)
    assert (task.mailing, len(task.claims)) == (mailroom.id, 3)
    assert (following.states(), following.mailing().state) == ({"waiting": 3}, "sending")


def test_where_the_database_does_not_answer_nothing_goes_out_and_what_did_is_written_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[tuple[list[int], list[int]]] = []
    went: list[str] = []

    def write(_: Mine, ends: Sequence[End], intents: Sequence[Any]) -> set[int]:
        written.append(([each.id for each in ends], [each.id for each in intents]))
        if len(written) == 1:
            raise OperationalError("locked")
        return {each.id for each in intents}

    monkeypatch.setattr(outbox, "write", write)
    monkeypatch.setattr("tocsin.dispatch.ledger._PAUSE", 0.01)
    line = SimpleNamespace(release=lambda: went.append("released"), stop=lambda: went.append("stopped"))

    async def work() -> None:
        ledger = Ledger(Mine(uuid4()))
        running = asyncio.create_task(ledger.run())
        ledger.settle(End(1, "handed_over"))
        ledger.ask(SimpleNamespace(id=2), line)  # type: ignore[arg-type]
        while not went:
            await asyncio.sleep(0.001)
        ledger.end()
        await running

    asyncio.run(asyncio.wait_for(work(), 10))
    assert went == ["stopped"]
    assert written == [([1], [2]), ([1], [])], "what became of the first is not lost, and the second did not go out"


def test_a_mailer_forgets_domains_that_nothing_holds_back_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.dispatch.pace._MOST_DOMAINS", 3)
    pace = Pace()
    rest = pace.slow("slow.example", 0.0)
    assert pace.wait("busy.example", 0.0) == pace.wait("over.example", 0.0) == 0
    pace.back("over.example", taken=True)
    pace.back("over.example", taken=True)  # as one that was begun under other keys
    assert pace.wait("new.example", 1.0) == 0
    assert set(pace._domains) == {"slow.example", "busy.example", "new.example"}
    assert pace.wait("slow.example", 1.0) == rest - 1
