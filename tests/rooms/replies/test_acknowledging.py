"""A program says that a mail came: to proven senders alone, once in seven days, and to all in the same words."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from post_office import US, mail

from mailing_site import MAILINGS, OPENER
from people import NOW
from tocsin.accounts.actions import NewAccount
from tocsin.acknowledging import actions as acknowledging
from tocsin.acknowledging.models import Acknowledgement
from tocsin.adapters.lmtp import Delivered
from tocsin.adapters.lmtp.server import received
from tocsin.adapters.smtp import Failed, HandedOver, NotBegun, Outcome, Reply, Uncertain
from tocsin.core.letters import acknowledgement, languages
from tocsin.core.letters.answering import answer_words
from tocsin.core.messages import Address, Message
from tocsin.core.publication import PublicAppeal
from tocsin.dispatch import acknowledgements, forgetting
from tocsin.dispatch.addresses import fingerprint, seal_address
from tocsin.dispatch.models import Subscriber, Suppression
from tocsin.dispatch.posting import Posted
from tocsin.replies import receiving, sorting
from tocsin.replies.models import ASIDE, RawMessage
from tocsin.vault.mailer_keys import Sealer

pytestmark = pytest.mark.usefixtures("lead", "frozen")
HOST = "mx.observers.example"
ACKNOWLEDGING = replace(MAILINGS, acknowledges=True)
ALLOWED = {
    *("DKIM-Signature", "From", "Date", "To", "Message-ID", "Auto-Submitted", "In-Reply-To", "References"),
    *("Subject", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}
GROUP = "group@letters.example"
PASSED = f"Authentication-Results: {HOST}; dmarc=pass header.from=letters.example"
CAME = f"Received: from mail.letters.example by {HOST}"


class _Equipment:
    opener, signers = OPENER, ()


@pytest.fixture(autouse=True)
def acknowledging_site() -> Iterator[None]:
    with override_settings(TOCSIN_MAILINGS=ACKNOWLEDGING, TOCSIN_RECEIVING_HOST=HOST):
        yield


def written(
    subject: str = "Your appeal",
    body: str = "Thank you.",
    *more: str,
    sender: str = GROUP,
    above: tuple[str, ...] = (PASSED,),
    now: datetime = NOW,
) -> bytes:
    """Write a mail as our mail server hands it over: its results, its line of the way, and what the sender wrote."""
    dated = (f"Date: {format_datetime(now)}", f"Message-ID: <{len(body)}.7@letters.example>")
    return "".join(f"{each}\r\n" for each in (*above, CAME)).encode() + mail(
        subject, body, *dated, *more, sender=sender
    )


def take(content: bytes, *, sender: str | None = GROUP, now: datetime = NOW, trace: bytes = b"") -> None:
    assert receiving.take(Delivered(sender, (US,), content, trace), now=now) == "kept"


def due() -> list[Posted]:
    return list(acknowledgements.take_due(_Equipment()))  # type: ignore[arg-type]


def owed() -> int:
    return Acknowledgement.objects.count()


def kept_lines(message: Message) -> list[bytes]:
    """Give what a message says but for its own id and date, to whom it goes, and to which mail."""
    own = (b"To: ", b"Date: ", b"Message-ID: ", b"In-Reply-To: ", b"References: ")
    return [line for line in message.content.splitlines() if not line.startswith(own)]


def reader(address: str) -> None:
    one = Subscriber(id=uuid4(), languages=" en ", state="active", asked_at=NOW)
    to = Address.parse(address)
    one.address = seal_address(to, one.id, Sealer(MAILINGS.address_key))
    one.fingerprint = fingerprint(to, _key())
    one.save(force_insert=True)


def _key() -> bytes:
    return bytes(settings.TOCSIN_FINGERPRINT_KEY)


def test_all_get_the_same_after_the_same_work_whatever_they_write_and_whoever_they_are(
    published: PublicAppeal,
) -> None:
    reader("reader@letters.example")
    unpublished = published.code.replace("1", "9")
    mails = {
        "published@letters.example": (f"Re: {published.code}", f"About {published.code}."),
        "unpublished@letters.example": (f"Re: {unpublished}", f"About {unpublished}."),
        "of-a-reader@letters.example": ("A reader", "I am reader@letters.example, do you know me?"),
        "of-nobody@letters.example": ("Rien", "Je suis nobody@letters.example."),
        "arabic@letters.example": ("شكر", "شكرا لكم"),
        "reader@letters.example": ("Yours", "I get your appeals."),
    }
    asked = set()
    for sender, (subject, body) in mails.items():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            take(written(subject, body, sender=sender), sender=sender)
        asked.add(len(captured))
    assert len(asked) <= 2, "the first mail of a day begins a count, and all others ask the same"
    messages = [each.message for each in due()]
    assert sorted(str(each.to) for each in messages) == sorted(mails)
    assert len({tuple(kept_lines(each)) for each in messages}) == 1
    assert {(row.asked_at, row.begun_at) for row in Acknowledgement.objects.all()} == {(NOW, NOW)}, (
        "nobody waits longer"
    )
    whole = b"\n".join(kept_lines(messages[0])).decode()
    for never in (published.code, "Re:", "letters.example", "reader"):
        assert never not in whole


@pytest.mark.database("sqlite")
def test_it_says_that_a_program_wrote_it_to_which_mail_and_goes_from_nobody() -> None:
    take(written())
    (one,) = due()
    assert one.message.sender is None, "so that no report of it comes back"
    said = email.message_from_bytes(one.message.content, policy=email.policy.default)
    assert set(said.keys()) <= ALLOWED
    assert (said["Auto-Submitted"], said["To"], said["Reply-To"]) == ("auto-replied", GROUP, None)
    assert said["In-Reply-To"] == said["References"] == "<10.7@letters.example>"
    assert said["Subject"] == acknowledgement().subject
    assert said.get_content().replace("\r\n", "\n").strip() == acknowledgement().text
    for each in languages():
        assert answer_words(each).acknowledgement.text in acknowledgement().text


OURS = f"Authentication-Results: {HOST};"
UNPROVEN = {
    "nothing": (),
    "another server": (PASSED.replace(HOST, "mx.elsewhere.example"),),
    "below the line of the way": (CAME, PASSED),
    "dmarc failed": (f"{OURS} dkim=pass header.d=letters.example; dmarc=fail header.from=letters.example",),
    "spf alone": (f"{OURS} spf=pass smtp.mailfrom={GROUP}",),
    "a signature of others": (f"{OURS} dkim=pass header.d=elsewhere.example",),
    "not verified": (f"{OURS} dkim=none; dmarc=none header.from=letters.example",),
    "in a comment": (f"{OURS} none (dmarc=pass header.from=letters.example)",),
    "two senders": (PASSED, "From: other@letters.example"),
}


@pytest.mark.database("sqlite")
def test_whom_our_mail_server_has_not_proven_is_told_nothing() -> None:
    for why, above in UNPROVEN.items():
        take(written(body=why, above=above))
        assert owed() == 0, why
    for number, above in enumerate((PASSED, f"{OURS} dkim=pass header.d=letters.example; spf=fail")):
        sender = f"group{number}@letters.example"
        take(written(body=sender, above=(above,), sender=sender), sender=sender)
    assert owed() == 2


@pytest.mark.database("sqlite")
def test_neither_by_another_return_path_nor_where_nobody_stands_before_us_nor_about_old_mail() -> None:
    take(written(), sender="other@letters.example")
    take(written(body="1"), sender="")
    take(written(body="2"), sender=None)
    take(written(body="3"), trace=received("mail.letters.example", "192.0.2.7", HOST, secured=True, when=NOW))
    take(written(body="4", now=NOW - timedelta(days=3)))
    take(written(body="5").replace(b"Date: ", b"X-Date: "))
    for ours in (str(MAILINGS.sender), "Appeals+7@office.example", str(MAILINGS.bounces)):
        take(written(body=ours, sender=ours, above=(PASSED.replace("letters", "office"),)), sender=ours)
    for field in (
        "Auto-Submitted: auto-replied",
        "PRECEDENCE:\r\n bulk",
        "list-help: no",
        "Content-Type: multipart/report",
    ):
        take(written("Hello", field, field))
    take(written("Automatic reply: away", "away"))
    assert owed() == 0
    take(written(body="6"))
    assert owed() == 1


def test_a_sender_is_told_once_in_seven_days_however_she_writes_her_address() -> None:
    for number, sender in enumerate((GROUP, GROUP, "Group@Letters.example", "group+7@letters.example")):
        take(written(body="a" * number, sender=sender), sender=sender)
    assert [str(each.message.to) for each in due()] == [GROUP]
    nearly = NOW + acknowledging.ONCE_IN - timedelta(minutes=1)
    forgetting.forget_old(nearly)
    take(written(body="bbbbb", now=nearly), now=nearly)
    assert owed() == 1, "one who writes every day is told once"
    row = Acknowledgement.objects.get()
    assert bytes(row.sealed) == b"", "to whom it went is forgotten before"
    assert GROUP.encode() not in bytes(row.digest)
    after = NOW + acknowledging.ONCE_IN + timedelta(minutes=1)
    forgetting.forget_old(after)
    assert owed() == 0
    take(written(body="cccccc", now=after), now=after)
    assert owed() == 1


@pytest.mark.database("sqlite")
def test_all_together_get_so_many_in_an_hour_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acknowledging, "MOST_AN_HOUR", 3)
    for number in range(5):
        sender = f"group{number}@letters.example"
        take(written(body=sender, sender=sender), sender=sender)
    assert owed() == 3
    later = NOW + timedelta(hours=1, seconds=1)
    take(written(now=later), now=later)
    assert owed() == 4


@pytest.mark.database("sqlite")
def test_none_goes_where_the_site_says_none_or_to_whom_nothing_may_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(TOCSIN_MAILINGS=MAILINGS):
        take(written())
    assert owed() == 0, "a site says so first"
    take(written(body="1"))
    with override_settings(TOCSIN_MAILINGS=MAILINGS):
        assert due() == [], "what is owed does not go out once it is turned off"
    Suppression.objects.create(fingerprint=fingerprint(Address.parse(GROUP), _key()), reason="erased", since=NOW)
    assert due() == []
    assert bytes(Acknowledgement.objects.get().sealed) == b""
    forgetting.erase(Address.parse(GROUP), now=NOW)
    assert owed() == 0, "nothing is known of her any more"

    def fails(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(acknowledging, "owe", fails)
    take(written(body="22"))


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (HandedOver(Reply(250, "2.0.0 Ok: queued as 4XYZ12")), False),
        (Failed("rcpt", Reply(451, "4.7.1 try again later"), "later"), False),
        (Uncertain("closed"), False),
        (NotBegun("closed"), True),
        (None, False),
    ],
)
def test_it_goes_out_once_or_not_at_all(outcome: Outcome | None, again: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    content = written()
    take(content)
    (one,) = due()
    assert due() == [], "what was begun, a mailer that died included, is not begun again"
    if outcome is not None:
        one.settle(outcome)
        assert bool(bytes(Acknowledgement.objects.get().sealed)) == again
    take(content)
    assert owed() == 1, "the same mail once more is known"
    assert len(due()) == again
    Acknowledgement.objects.update(begun_at=None, asked_at=NOW - acknowledging.GOOD_FOR)
    assert due() == [], "what waited too long does not go out"


@pytest.mark.database("sqlite")
def test_what_somebody_moved_from_one_order_to_another_goes_nowhere() -> None:
    take(written())
    other = "other@letters.example"
    take(written(body="other", sender=other), sender=other)
    first, second = Acknowledgement.objects.all()
    Acknowledgement.objects.filter(id=first.id).update(sealed=bytes(second.sealed))
    assert [each.message.content.count(second.id.hex.encode()) for each in due()] == [1]


@pytest.mark.database("sqlite")
def test_one_that_goes_round_and_whatever_answers_it_bring_forth_no_other(lead: NewAccount) -> None:
    take(written())
    (ours,) = (each.message.content for each in due())
    Acknowledgement.objects.all().delete()
    answers = written("Re: Message received", "I am away.", "Auto-Submitted: auto-replied", "X-Hop: 0")
    above = f"{PASSED.replace('letters', 'office')}\r\n".encode()
    for hops in range(1, 31):
        take(above + f"{CAME}\r\n".encode() * hops + ours, sender="appeals@office.example")
        take(answers.replace(b"X-Hop: 0", f"X-Hop: {hops}".encode()))
    assert (owed(), due()) == (0, [])
    while RawMessage.objects.filter(state="arrived").exists():
        sorting.sort(lead.actor, now=NOW)
    assert RawMessage.objects.filter(state=ASIDE, kind="automatic").count() == 60
    assert owed() == 0, "nor does opening them"
