"""A test to colleagues: the message that readers would get, marked, by the mailer, and to nobody but colleagues."""

import asyncio
import email
import email.policy
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial

import pytest
from django.test import Client
from mailroom import OPENER, SENDING
from test_nothing_forged import past_the_guard

from people import NOW, Hire
from post import ED25519
from public_site import Press
from tocsin.accounts.actions import NewAccount
from tocsin.adapters.smtp import Failed, HandedOver, MailServer, Outcome, Reply
from tocsin.casework import notices
from tocsin.core.errors import BadRequest, BadSettings
from tocsin.core.messages import Address, Masthead, Message, Signer, Variant, cut
from tocsin.core.publication import Retraction
from tocsin.dispatch import asking, forgetting, genuine, trials
from tocsin.dispatch.masthead import masthead
from tocsin.dispatch.models import Delivery, Mailing, Trial
from tocsin.dispatch.posting import Post, Posted
from tocsin.dispatch.survey import Equipment
from tocsin.journal.models import Entry
from tocsin.publishing import actions as publishing
from tocsin.publishing import signatories
from tocsin.publishing.models import HeldBack, Publication, PublishedRetraction

TESTING = {"step": "test", "language": "en"}


@pytest.fixture
def equipment(address: str) -> Equipment:
    return Equipment(
        server=MailServer("127.0.0.1", "harbour.example", 25, security="none"),
        opener=OPENER,
        token_key=bytes(range(32)),
        signers=(Signer("harbour.example", "tocsin2", ED25519),),
        pinned=frozenset(each.id for each in signatories.list_signatories()),
    )


@pytest.fixture
def ask(officer: Client, address: str, ada: NewAccount, hire: Hire) -> Callable[..., int]:
    """Let the officer, who gave a mailbox as a colleague did, ask for a test; give the status of the answer."""
    tomas = hire("tomas", "case_lead").actor
    notices.want(ada.actor, "ada@harbour.example", "en")
    notices.want(tomas, "tomas@harbour.example", "fr")

    def ask(**words: object) -> int:
        sent = {**TESTING, "to": [str(ada.actor.id), str(tomas.id)], **words}
        return officer.post(f"{address}/step", sent).status_code

    return ask


def posted(equipment: Equipment) -> list[Message]:
    return [each.message for each in trials.take_due(equipment)]


def test_colleagues_get_what_readers_would_but_for_the_mark(ask: Callable[..., int], equipment: Equipment) -> None:
    assert ask() == 302
    messages = posted(equipment)
    assert sorted(str(each.to) for each in messages) == ["ada@harbour.example", "tomas@harbour.example"]
    row, appeal = Publication.objects.get(), genuine.read_appeal(Publication.objects.get())
    assert appeal is not None
    above = masthead(row.slug)
    page = genuine.page_of(appeal, "en", above.archive)
    assert page is not None
    plain = cut(page, above, Variant(), begun_at=NOW.replace(microsecond=0))
    unsigned = re.sub(rb"DKIM-Signature:.*?(?=^From)", b"", messages[0].content, flags=re.DOTALL | re.MULTILINE)
    tokens = re.findall(rb"leave/(\w+)", unsigned), re.findall(rb"<(\w+)@harbour.example>\r\nList-Unsub", unsigned)
    read = email.message_from_bytes(messages[0].content, policy=email.policy.default)
    assert read["Subject"].startswith("[TEST] ")
    usual = plain._rest[0].content
    assert unsigned.endswith(usual.removeprefix(b"Subject: "))
    assert unsigned.count(b"[TEST]") == 1
    assert read["DKIM-Signature"]
    assert all(tokens)
    # The ways to letters and to "I wrote" are one address for all readers, while the appeal asks for letters.
    act = f"{above.leave.removesuffix('leave/')}en/act/{row.slug}.html"
    for kind in ("plain", "html"):
        body = read.get_body((kind,))
        assert body is not None
        assert act in body.get_content()
        assert re.search(
            rf"I wrote.{{1,200}}{re.escape(act.removesuffix('.html'))}/tell\.html", body.get_content(), re.DOTALL
        )
    assert act not in str(
        genuine.page_of(replace(appeal, archived_from=("0" * 64,) * len(appeal.editions)), "en", above.archive)
    )
    assert not Delivery.objects.exists()
    assert not Mailing.objects.exists()
    assert not asking.is_of_message(tokens[0][0].decode()), "nobody leaves by a test"
    assert [each.kind for each in Entry.objects.filter(kind="appeals.mailing.tested")] == ["appeals.mailing.tested"]


def test_a_test_goes_out_once_and_is_forgotten_after_a_day(ask: Callable[..., int], equipment: Equipment) -> None:
    ask()
    first, second = trials.take_due(equipment)
    assert trials.take_due(equipment) == [], "both are taken"
    first.settle(HandedOver(Reply(250, "queued as Q1")))
    second.settle(Failed("RCPT", Reply(550, "5.1.1 no such user"), "gone"))
    Trial.objects.update(taken_until=None)
    assert trials.take_due(equipment) == []
    forgetting.forget_old(NOW + timedelta(days=1, seconds=1))
    assert not Trial.objects.exists()


def test_without_a_mail_server_what_was_taken_is_given_back_and_counts_as_no_try(
    ask: Callable[..., int], equipment: Equipment
) -> None:
    ask()
    taken = trials.take_due(equipment)
    ends: list[tuple[int, Outcome]] = []

    def ended(number: int, outcome: Outcome) -> None:
        ends.append((number, outcome))
        if len(ends) == len(taken):
            loop.call_soon_threadsafe(post.stop)

    def source(_: Equipment) -> list[Posted]:
        return [Posted(each.message, partial(ended, number)) for number, each in enumerate(taken)]

    nobody_there = replace(equipment, server=replace(equipment.server, port=1))
    with closing(asyncio.new_event_loop()) as loop:
        post = Post(lambda: nobody_there, source)
        loop.run_until_complete(asyncio.wait_for(post.run(), 20))
    for number, outcome in ends:
        taken[number].settle(outcome)
    assert set(Trial.objects.values_list("tries", "taken_until")) == {(0, None)}
    assert len(trials.take_due(equipment)) == 2


def test_a_test_that_cannot_be_made_keeps_nothing_else_from_going_out(
    ask: Callable[..., int], equipment: Equipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    asked: list[str] = []

    def bad_at_first(slug: str) -> Masthead:
        asked.append(slug)
        if len(asked) == 1:
            raise BadSettings("nothing says in whose name appeals are mailed", where="mailings")
        return masthead(slug)

    monkeypatch.setattr(trials, "masthead", bad_at_first)
    assert len(posted(equipment)) == 1


def forged_order(_: Equipment) -> None:
    Trial.objects.update(order=bytes(64))


def other_language(_: Equipment) -> None:
    """Let somebody change what the officer asked for, and keep her order."""
    Trial.objects.update(language="ar")


def moved_address(_: Equipment) -> None:
    """Let somebody put the sealed address of one row into another."""
    one, other = Trial.objects.all()
    Trial.objects.filter(id=one.id).delete()
    Trial.objects.filter(id=other.id).update(address=bytes(one.address))


def of_yesterday(_: Equipment) -> None:
    """Let an old row be put back, that an officer once asked for."""
    Trial.objects.update(asked_at=NOW - timedelta(days=2))


@pytest.mark.parametrize(
    "forge", [forged_order, other_language, moved_address, of_yesterday], ids=lambda each: each.__name__
)
def test_nothing_goes_out_of_rows_that_somebody_wrote(
    ask: Callable[..., int], equipment: Equipment, forge: Callable[[Equipment], None]
) -> None:
    ask()
    forge(equipment)
    assert posted(equipment) == []


def test_nothing_goes_out_that_two_pinned_keys_have_not_signed(ask: Callable[..., int], equipment: Equipment) -> None:
    ask()
    assert posted(replace(equipment, pinned=frozenset(list(equipment.pinned)[:1]))) == []


def test_of_a_tombstone_colleagues_get_a_test_and_none_by_the_order_for_an_appeal_that_stood(
    officer: Client, ask: Callable[..., int], equipment: Equipment, address: str, ada: NewAccount, approvers: Press
) -> None:
    telling = {**TESTING, "to": [str(ada.actor.id)]}
    assert officer.post(f"{address}/tombstone/step", telling).status_code == 400
    officer.post(f"{address}/step", SENDING)
    Delivery.objects.update(state="handed_over", settled_at=NOW)
    ask()
    retraction = Retraction(Publication.objects.get().code, NOW.astimezone(UTC))
    publishing.retract(approvers.sign(retraction), now=NOW)
    assert posted(equipment) == []
    assert officer.post(f"{address}/tombstone/step", {**telling, "language": "fr"}).status_code == 400
    there = officer.post(f"{address}/tombstone/step", telling)["Location"]
    assert "The test goes out within a minute" in officer.get(there).content.decode()
    (message,) = posted(equipment)
    read = email.message_from_bytes(message.content, policy=email.policy.default)
    assert str(read["Subject"]).startswith("[TEST] Withdrawn")
    Trial.objects.update(taken_until=None)
    past_the_guard(lambda: PublishedRetraction.objects.all()._raw_delete("default"))
    assert posted(equipment) == []


def test_it_goes_to_colleagues_alone_and_to_nobody_who_gave_no_mailbox(
    officer: Client, ask: Callable[..., int], hire: Hire, address: str
) -> None:
    stranger = hire("olga", "case_lead").actor
    assert "olga" not in officer.get(address).content.decode().lower()
    assert ask(to=[str(stranger.id), "reader1@reader.example"]) == 400
    assert ask(to=[]) == 400
    assert ask(language="fr") == 400
    assert not Trial.objects.exists()


def test_nothing_of_it_leaves_before_its_embargo_has_ended(ada: NewAccount, equipment: Equipment) -> None:
    to = [Address("ada", "harbour.example")]
    with pytest.raises(BadRequest, match="embargo"):
        trials.ask(ada.actor.ring, Publication.objects.get(), to, "en", now=NOW - timedelta(hours=1))
    assert posted(equipment) == []


def test_of_what_is_held_back_or_was_taken_back_no_test_is_asked_for(
    ada: NewAccount, ask: Callable[..., int], equipment: Equipment, approvers: Press
) -> None:
    ask()
    row, to = Publication.objects.get(), [Address("ada", "harbour.example")]
    held = HeldBack.objects.create(publication=row, held_at=NOW)
    with pytest.raises(BadRequest, match="held back"):
        trials.ask(ada.actor.ring, row, to, "en", now=NOW)
    assert posted(equipment) == [], "nor does what was asked for before go out"
    past_the_guard(lambda: HeldBack.objects.filter(publication=held.publication)._raw_delete("default"))
    publishing.retract(approvers.sign(Retraction(row.code, NOW.astimezone(UTC))), now=NOW)
    with pytest.raises(BadRequest, match="taken back"):
        trials.ask(ada.actor.ring, row, to, "en", now=NOW)
    assert posted(equipment) == []
