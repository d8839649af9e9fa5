"""Connections that are cut, mailers that freeze or die: nothing is lost, and what may come twice is known."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from cutting import Cut, Step
from django.utils import timezone
from mailroom import Mailroom
from msgspec.structs import replace

from tocsin.dispatch import actions, outbox
from tocsin.dispatch.models import Delivery, Mailing
from tocsin.dispatch.outbox import Claim, End, Mine
from tocsin.dispatch.tokens import token_digest

KEY = bytes(range(32))
# Of a cut at these the server has the message, and nobody can know.
TWICE = {"end", "within the answer"}
STEPS: list[Step] = [
    *("greeting", "EHLO", "MAIL", "RCPT", "DATA", "content"),
    *("end", "within the answer", "answer"),
]


@pytest.mark.parametrize("step", STEPS)
def test_a_cut_loses_nothing_and_sends_twice_only_what_is_uncertain(mailroom: Mailroom, step: Step) -> None:
    mailroom.readers(6)
    mailroom.cut = Cut(step)
    mailroom.send()
    mailroom.work(connections=1)
    assert mailroom.cut.times == 0, "it was cut"
    assert mailroom.states() == {"handed_over": 6}
    to = Counter(one.to[0] for one in mailroom.script.taken)
    assert len(to) == 6
    twice = [who for who, times in to.items() if times > 1]
    assert len(twice) == (1 if step in TWICE else 0)
    doubts = Counter(Delivery.objects.values_list("doubts", flat=True))
    assert doubts[1] == (1 if step in {*TWICE, "content"} else 0)
    for who in twice:
        first, second = (one for one in mailroom.script.taken if one.to == [who])
        assert first.content == second.content, "the same bytes, so that a server can drop one"


def test_what_is_uncertain_waits_for_a_person_if_the_officer_wants_it_so(mailroom: Mailroom) -> None:
    mailroom.readers(6)
    mailroom.cut = Cut("end")
    mailroom.send(policy="hold")
    mailroom.work(lambda: mailroom.states() == {"handed_over": 5, "uncertain": 1}, connections=1)
    assert max(Counter(one.to[0] for one in mailroom.script.taken).values()) == 1
    assert mailroom.mailing().state == "sending"


def claimed(mailroom: Mailroom, mine: Mine, most: int = 10) -> list[Claim]:
    return outbox.claim(mailroom.mailing(), mine, most, KEY)


def test_a_mailer_that_was_frozen_past_its_lease_changes_nothing_when_it_thaws(mailroom: Mailroom) -> None:
    mailroom.readers(3)
    mailroom.send()
    frozen, other = Mine(uuid4(), timedelta(seconds=-1)), Mine(uuid4())
    first, second, third = claimed(mailroom, frozen)
    Delivery.objects.filter(id=first.id).update(state="intended")
    assert outbox.take_over() == 3
    assert mailroom.states() == {"waiting": 3}
    assert Delivery.objects.get(id=first.id).doubts == 1
    again = claimed(mailroom, other)
    assert {one.id for one in again} == {first.id, second.id, third.id}
    assert {one.tokens for one in again} == {first.tokens, second.tokens, third.tokens}
    # It wakes up: what it thinks became of the first, and wants to send next.
    assert outbox.write(frozen, [End(first.id, "failed", "refused")], [second, third]) == set()
    assert mailroom.states() == {"claimed": 3}
    assert outbox.write(other, [], [again[0]]) == {again[0].id}
    assert outbox.write(other, [End(again[0].id, "handed_over", queue_id="A1")], []) == set()
    assert mailroom.states() == {"claimed": 2, "handed_over": 1}


def test_a_lease_that_is_over_begins_nothing_even_if_nobody_took_over(mailroom: Mailroom) -> None:
    mailroom.readers(1)
    mailroom.send()
    late = Mine(uuid4(), timedelta(seconds=-1))
    claims = claimed(mailroom, late)
    assert outbox.write(late, [], claims) == set()


def test_a_claim_of_before_a_pause_begins_nothing_after_it_was_resumed(mailroom: Mailroom) -> None:
    mailroom.readers(2)
    mailroom.send()
    mine = Mine(uuid4())
    claims = claimed(mailroom, mine)
    actions.pause(mailroom.id)
    assert outbox.write(mine, [], claims) == set()
    actions.resume(mailroom.id, now=mailroom.mailing().opened_at)
    assert outbox.write(mine, [], claims) == set()
    assert outbox.write(mine, [], [replace(one, epoch=mailroom.mailing().epoch) for one in claims]) != set()


def test_a_retraction_that_no_mailer_has_seen_yet_begins_nothing(mailroom: Mailroom) -> None:
    mailroom.readers(2)
    mailroom.send()
    mine = Mine(uuid4())
    first, second = claimed(mailroom, mine)
    assert outbox.write(mine, [], [first]) == {first.id}
    mailroom.press.retract(mailroom.appeal, now=timezone.now().replace(microsecond=0))
    assert outbox.write(mine, [], [second]) == set()


def test_who_is_erased_after_a_claim_gets_nothing(mailroom: Mailroom) -> None:
    mailroom.readers(2)
    mailroom.send()
    mine = Mine(uuid4())
    first, second = claimed(mailroom, mine)
    Delivery.objects.filter(id=first.id).update(subscriber=None)
    assert outbox.write(mine, [], [first, second]) == {second.id}
    digests = dict(Delivery.objects.values_list("id", "bounce"))
    assert digests[first.id] is None
    assert bytes(digests[second.id]) == token_digest(second.tokens.bounce)


def test_two_mailers_never_claim_the_same(mailroom: Mailroom) -> None:
    mailroom.readers(10)
    mailroom.send()
    one, other = claimed(mailroom, Mine(uuid4()), 6), claimed(mailroom, Mine(uuid4()), 6)
    assert len({claim.id for claim in (*one, *other)}) == len(one) + len(other) == 10
    assert Mailing.objects.get().turn == 2


def test_what_stays_uncertain_is_not_sent_for_ever(mailroom: Mailroom) -> None:
    """A server that takes every message and cuts every connection would get the same one until the end of time."""
    mailroom.readers(1)
    mailroom.send()
    for time in range(1, outbox.MOST_DOUBTS + 1):
        (claim,) = claimed(mailroom, Mine(uuid4(), timedelta(seconds=-1)))
        Delivery.objects.filter(id=claim.id).update(state="intended")
        outbox.take_over()
        assert mailroom.states() == {"uncertain" if time == outbox.MOST_DOUBTS else "waiting": 1}
