"""What leads a mail to its appeal beside a code: the address for answers, what it answers, who wrote, who is named."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from post_office import US, came, mail

from desk import signed_in
from invented_appeals import ENGLISH, SPANISH
from mailing_site import MAILINGS
from people import NOW
from public_site import Press, slug_of
from tocsin.accounts.actions import NewAccount
from tocsin.core.messages import reply_token
from tocsin.core.publication import PublicAppeal
from tocsin.dispatch.masthead import masthead
from tocsin.publishing import codes
from tocsin.replies import actions, queries, sorting
from tocsin.replies.actions import Said
from tocsin.replies.models import FILED, WAITING, Answer, RawMessage
from tocsin.replies.reading import Reading

MINISTRY = next(way.value for each in ENGLISH.addressees for way in each.channels if way.kind == "email" and way.value)


@pytest.fixture
def published(press: Press) -> PublicAppeal:
    return press.publish([ENGLISH], now=NOW)


def sorted_one(lead: NewAccount, content: bytes, state: str, *, to: str = US) -> tuple[RawMessage, Reading]:
    """Take a mail and sort it; it has to lie in this state."""
    assert came(content, to=to)
    row = RawMessage.objects.order_by("-came_at", "state").get(state="arrived")
    assert sorting.sort(lead.actor, now=NOW) == {state: 1}
    row = RawMessage.objects.get(id=row.id)
    reading = actions.read_mail(lead.actor, row.id, now=NOW).reading
    assert reading
    return row, reading


def rules_of(reading: Reading) -> list[str]:
    return [clue.where for clue in reading.clues]


def test_an_answer_to_the_address_in_our_message_is_filed_though_it_names_no_code(
    lead: NewAccount, published: PublicAppeal
) -> None:
    with override_settings(TOCSIN_MAILINGS=replace(MAILINGS, reply_tokens=True)):
        to = str(masthead(slug_of(published)).reply_to)
    assert to != str(MAILINGS.reply_to)
    row, reading = sorted_one(lead, mail("Thank you", "We have received it."), FILED, to=to)
    assert (row.code, rules_of(reading)) == (published.code, ["token"])
    stranger = to.replace("+", "+0", 1)
    _, reading = sorted_one(lead, mail("Thank you", "We received that."), WAITING, to=stranger)
    assert rules_of(reading) == []


def test_the_address_for_answers_is_as_it_was_where_the_mailbox_takes_no_word_behind_it(
    published: PublicAppeal,
) -> None:
    with override_settings(TOCSIN_MAILINGS=MAILINGS):
        assert masthead(slug_of(published)).reply_to == MAILINGS.reply_to


def test_the_token_of_an_appeal_that_is_not_public_yet_finds_nothing(lead: NewAccount, press: Press) -> None:
    later = press.publish([ENGLISH], now=NOW, not_before=NOW + timedelta(days=2))
    token = reply_token(slug_of(later), settings.TOCSIN_REPLIES_KEY)
    content = mail("Lena Marosh", f"We write about Lena Marosh, {later.code}.", sender=MINISTRY)
    _, reading = sorted_one(lead, content, WAITING, to=f"office+{token}@office.example")
    assert (reading.guesses, reading.reason) == ([], "unpublished")
    secret = codes.give_code("XZV", NOW.date(), now=NOW)
    token = reply_token(secret.lower().replace(" / ", "-").replace(" ", "-"), settings.TOCSIN_REPLIES_KEY)
    _, reading = sorted_one(lead, mail("About it", "Hello"), WAITING, to=f"office+{token}@office.example")
    assert (reading.guesses, reading.reason) == ([], "no_code")


def test_what_answers_a_mail_that_lies_with_an_appeal_lies_there_too_and_no_id_is_kept(
    lead: NewAccount, published: PublicAppeal
) -> None:
    first = mail(f"Re: {published.code}", "Who are you?", "Message-ID: <first.1@ministry.example>")
    sorted_one(lead, first, FILED)
    answer = mail("Re: your question", "I mean you.", "References: <0@x.example>\r\n <first.1@ministry.example>")
    row, reading = sorted_one(lead, answer, FILED)
    assert (row.code, rules_of(reading)) == (published.code, ["thread"])
    thread = bytes(RawMessage.objects.exclude(thread=None).get().thread or b"")
    assert len(thread) == 16
    assert b"first" not in thread
    # Who takes the first one away takes what would follow it.
    (filed,) = RawMessage.objects.exclude(thread=None)
    actions.set_aside(lead.actor, filed.id, Said(), seen=filed.version, now=NOW)
    again = mail("Re: again", "Hello?", "In-Reply-To: <first.1@ministry.example>")
    _, reading = sorted_one(lead, again, WAITING)
    assert rules_of(reading) == []


def test_what_answers_our_answer_lies_with_the_appeal_of_what_we_answered(
    lead: NewAccount, published: PublicAppeal
) -> None:
    row, _ = sorted_one(lead, mail(f"Re: {published.code}", "Who are you?"), FILED)
    ours = Answer.objects.create(id=uuid4(), message=row, sealed=b"sealed", by=lead.actor.id, at=NOW)
    answer = mail("Re: hello", "Thank you.", f"In-Reply-To: <{ours.id.hex}@observers.example>")
    row, reading = sorted_one(lead, answer, FILED)
    assert (row.code, rules_of(reading)) == (published.code, ["thread"])
    _, reading = sorted_one(lead, mail("Re: hello", "?", f"In-Reply-To: <{uuid4().hex}@observers.example>"), WAITING)
    assert rules_of(reading) == []


@pytest.mark.usefixtures("frozen")
def test_who_wrote_and_who_is_named_give_guesses_that_a_person_confirms(
    lead: NewAccount, press: Press, published: PublicAppeal
) -> None:
    press.publish([SPANISH], now=NOW)
    row, reading = sorted_one(lead, mail("Your letter", "We take note.", sender=MINISTRY), WAITING)
    assert published.code in reading.guesses
    assert set(rules_of(reading)) == {"sender"}
    _, reading = sorted_one(lead, mail("Вопрос", "Где Лена Марош?"), WAITING)
    assert (reading.guesses[0], rules_of(reading)) == (published.code, ["name"])
    page = signed_in(lead).get(f"/inbox/{row.id}").content.decode()
    assert "The appeal asks its readers to write to this address" in page
    assert queries.list_mail(lead.actor, FILED, now=NOW) == []


def test_what_cannot_be_read_is_named(lead: NewAccount, published: PublicAppeal) -> None:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"'
    scan = f'--b\r\nContent-Type: image/png; name="{published.code.replace(" / ", "-")}.png"\r\n\r\nabc\r\n--b--'
    _, reading = sorted_one(lead, mail("Our answer", scan, head), FILED)
    assert rules_of(reading) == ["attachment_name", "unread"]
