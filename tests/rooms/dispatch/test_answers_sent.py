"""Answers of people of ours on their way: by the mailer that sends appeals, once, and by nobody's order but theirs."""

import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from mailroom import MAILINGS, Mailroom
from pytest_django import Settings

from mail_sink import Taken
from tocsin.acknowledging import actions as acknowledging
from tocsin.acknowledging.models import Acknowledgement
from tocsin.adapters.smtp import Failed, HandedOver, NotBegun, Outcome, Reply, Uncertain
from tocsin.core.messages import Address
from tocsin.dispatch import answers, forgetting
from tocsin.dispatch.answers import Wording
from tocsin.dispatch.models import PostedAnswer

WORDING = Wording(
    "clerk@justice.example",
    "Re: Ваше письмо",
    "Thank you.\n.\nГрупа",
    "<7.a@justice.example>",
    ["<1.b@harbour.example>", "<2.c@justice.example>"],
)
ALLOWED = {
    *("DKIM-Signature", "From", "Date", "To", "Message-ID", "Auto-Submitted", "Reply-To", "In-Reply-To", "References"),
    *("Subject", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}


def post(mailroom: Mailroom, **changed: Any) -> PostedAnswer:
    drawn = answers.post(mailroom.press.ana.actor.ring, WORDING, now=timezone.now())
    if changed:
        PostedAnswer.objects.filter(id=drawn).update(**changed)
    return PostedAnswer.objects.get(id=drawn)


def state(row: PostedAnswer) -> tuple[str, str, bool]:
    row.refresh_from_db()
    return row.state, row.queue_id, bool(row.sealed)


def test_the_mailer_hands_an_answer_over_once_with_the_head_of_a_persons_answer(mailroom: Mailroom) -> None:
    row = post(mailroom)
    assert b"clerk" not in bytes(row.sealed)
    mailroom.work(lambda: PostedAnswer.objects.filter(state="handed_over").exists())
    mailroom.work(lambda: mailroom.script.greeted > 1 or PostedAnswer.objects.filter(state="handed_over").exists())
    (taken,) = mailroom.script.taken
    assert isinstance(taken, Taken)
    mail = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert set(mail.keys()) <= ALLOWED
    assert (mail["From"], mail["To"], mail["Reply-To"]) == (
        "Harbour Network <appeals@harbour.example>",
        "clerk@justice.example",
        "answers@harbour.example",
    )
    assert (mail["Auto-Submitted"], mail["Subject"]) == ("no", WORDING.subject)
    assert mail["Message-ID"] == f"<{row.id.hex}@harbour.example>"
    assert mail["In-Reply-To"] == WORDING.answers
    assert mail["References"].split() == [*WORDING.earlier, WORDING.answers]
    assert mail.get_content().replace("\r\n", "\n").strip() == WORDING.text
    assert state(row)[0::2] == ("handed_over", False)


@pytest.mark.database("sqlite")
def test_the_mailer_hands_an_acknowledgement_over_once_and_from_nobody(mailroom: Mailroom, settings: Settings) -> None:
    settings.TOCSIN_MAILINGS = replace(MAILINGS, acknowledges=True)
    acknowledging.owe(Address("clerk", "justice.example"), "<7.a@justice.example>", now=timezone.now())
    assert b"clerk" not in bytes(Acknowledgement.objects.get().sealed)
    for _ in range(2):
        mailroom.work(lambda: Acknowledgement.objects.filter(begun_at__isnull=False, sealed=b"").exists())
    (taken,) = mailroom.script.taken
    assert (taken.sender, taken.to) == ("", ["clerk@justice.example"])
    mail = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert set(mail.keys()) <= ALLOWED - {"Reply-To"}
    assert (mail["Auto-Submitted"], mail["In-Reply-To"]) == ("auto-replied", "<7.a@justice.example>")
    assert (mailroom.script.broken_rules, mail["DKIM-Signature"] is not None) == ([], True)


def test_what_nobody_of_ours_ordered_or_somebody_changed_is_not_sent(mailroom: Mailroom) -> None:
    equipment, ring = mailroom.equipment(25), mailroom.press.ana.actor.ring
    moved = post(mailroom)
    changed = [
        post(mailroom, order=ring.signature(b"something else")),
        post(mailroom, ordered_by=mailroom.press.boris.actor.id),
        post(mailroom, sealed=bytes(moved.sealed)),
    ]
    (sent,) = answers.take_due(equipment)
    assert sent.message.content.count(moved.id.hex.encode()) == 1
    assert [state(each) for each in changed] == [("failed", "", False)] * 3


@pytest.mark.database("sqlite")
def test_who_was_erased_gets_no_answer_that_was_written_before_and_its_words_go(mailroom: Mailroom) -> None:
    row = post(mailroom)
    forgetting.erase(Address.parse("Clerk@justice.example"), now=timezone.now())
    assert answers.take_due(mailroom.equipment(25)) == []
    assert state(row) == ("failed", "", False)


@pytest.mark.parametrize(
    ("outcome", "becomes", "kept"),
    [
        (HandedOver(Reply(250, "2.0.0 Ok: queued as 4XYZ12")), "handed_over", False),
        (Failed("rcpt", Reply(550, "5.1.1 no such user"), "gone"), "failed", False),
        (Failed("rcpt", Reply(451, "4.7.1 try again later"), "later"), "queued", True),
        (NotBegun("closed"), "queued", True),
        (Uncertain("closed"), "uncertain", False),
    ],
)
def test_an_answer_goes_out_again_only_if_the_server_certainly_does_not_have_it(
    mailroom: Mailroom, outcome: Outcome, becomes: str, kept: bool
) -> None:
    row, equipment = post(mailroom), mailroom.equipment(25)
    (posted,) = answers.take_due(equipment)
    assert answers.take_due(equipment) == [], "another mailer takes nothing of it"
    posted.settle(outcome)
    assert state(row)[0::2] == (becomes, kept)
    PostedAnswer.objects.update(due_at=timezone.now())
    assert len(answers.take_due(equipment)) == (becomes == "queued")


def test_what_a_mailer_left_half_way_is_uncertain_and_goes_out_no_more(mailroom: Mailroom) -> None:
    row, equipment = post(mailroom), mailroom.equipment(25)
    answers.take_due(equipment)
    later = timezone.now() + timedelta(hours=1)
    assert answers.states_of([row.id], now=timezone.now())[row.id].state == "intended"
    assert answers.states_of([row.id], now=later)[row.id].state == "uncertain"
    PostedAnswer.objects.update(due_at=timezone.now() - timedelta(days=1), changed_at=timezone.now())
    assert answers.take_due(equipment) == []


def test_an_answer_that_waited_for_days_lay_in_a_backup_and_asks_a_person(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, equipment, now = post(mailroom), mailroom.equipment(25), timezone.now()
    fresh = PostedAnswer.objects.get(id=row.id)
    monkeypatch.setattr(answers.timezone, "now", lambda: now + answers.WAITS_FOR + timedelta(minutes=1))
    assert answers.take_due(equipment) == []
    assert state(row) == ("uncertain", "", False)
    # Whoever makes it look younger takes its order away.
    fresh.asked_at = answers.timezone.now()
    fresh.save()
    assert answers.take_due(equipment) == []
    assert state(row) == ("failed", "", False)


def test_of_what_a_mailer_left_half_way_the_words_are_forgotten_after_a_day(mailroom: Mailroom) -> None:
    left, waiting = post(mailroom), post(mailroom, due_at=timezone.now() + timedelta(days=9))
    answers.take_due(mailroom.equipment(25))
    forgetting.forget_old(timezone.now() + timedelta(hours=23))
    assert state(left) == ("intended", "", True)
    forgetting.forget_old(timezone.now() + timedelta(days=1, minutes=1))
    assert state(left) == ("uncertain", "", False)
    assert state(waiting) == ("queued", "", True)
