"""An officer answers a mail from the inbox: to its sender alone, once, in words that she saw; and nothing leaks."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import unescape

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from post_office import came, mail

from desk import signed_in
from mailing_site import MAILINGS, OPENER
from people import NOW, Hire
from replies_mailbox import MAILBOX, expected_of
from tocsin.accounts.actions import NewAccount
from tocsin.core import vocab
from tocsin.core.bounces import read_heading
from tocsin.core.errors import ChangedMeanwhile
from tocsin.core.letters import DRAFT_OF, DRAFTS, draft_answer, languages
from tocsin.core.letters.answering import answer_words
from tocsin.core.messages import Address, conversation_of, reply_token
from tocsin.core.publication import PublicAppeal
from tocsin.dispatch import answers
from tocsin.dispatch.models import PostedAnswer
from tocsin.journal.models import Entry
from tocsin.publishing import codes
from tocsin.publishing.models import Publication
from tocsin.replies import actions, answering, outcomes, sorting
from tocsin.replies.actions import Said
from tocsin.replies.models import ARRIVED, ASIDE, FILED, MACHINES, WAITING, Answer, RawMessage

US = Address.parse("answers@office.example")
HEAD = ("Message-ID: <7@letters.example>", "References: <1@office.example>", "Cc: other@elsewhere.example")


@pytest.fixture
def filed(lead: NewAccount, published: PublicAppeal) -> RawMessage:
    came(mail(f"Re: {published.code}", "Nous avons bien reçu votre lettre.", *HEAD))
    sorting.sort(lead.actor, now=NOW)
    return RawMessage.objects.get()


@pytest.fixture
def desk(lead: NewAccount, frozen: None) -> Client:
    return signed_in(lead)


@pytest.fixture(autouse=True)
def mails() -> object:
    with override_settings(TOCSIN_MAILINGS=MAILINGS):
        yield


def posted() -> answers.Wording:
    row = PostedAnswer.objects.get()
    message = answers._message_of(row, _Equipment())  # type: ignore[arg-type]
    assert message is not None
    return message


def _dated(at: datetime) -> bytes:
    return format_datetime(at).encode()


class _Equipment:
    opener, signers = OPENER, ()


def test_an_answer_that_goes_round_is_put_aside_at_every_hop(filed: RawMessage, lead: NewAccount, desk: Client) -> None:
    assert not PostedAnswer.objects.exists(), "no program answers, whatever it is that came"
    desk.post(
        reverse("mail-answer", args=[filed.id]), {"seen": 0, "subject": f"Re: {filed.code}", "text": "Thank you."}
    )
    ours, hop = posted().content, b"Received: from one.example by two.example; Wed, 25 Nov 2026 12:00:00 +0000\r\n"
    for hops in range(1, 31):
        came(hop * hops + ours, sender="reader@letters.example")
    back = RawMessage.objects.exclude(id=filed.id)
    while back.filter(state=ARRIVED).exists():
        sorting.sort(lead.actor, now=NOW)
    assert set(back.values_list("state", "kind", "code")) == {(ASIDE, "automatic", "")}
    assert (back.count(), PostedAnswer.objects.count()) == (30, 1)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("name", "state", "kind"),
    [
        ("by_a_group_of_a_partner", FILED, "reader_report"),
        ("by_a_service_for_bulk_mail", FILED, None),
        ("by_a_list_and_no_code", WAITING, "other"),
    ],
)
def test_what_a_person_wrote_by_a_list_lies_with_its_appeal_or_waits_and_a_person_answers_it(
    name: str, state: str, kind: str | None, lead: NewAccount, published: PublicAppeal
) -> None:
    raw = (MAILBOX / f"{name}.eml").read_bytes()
    code = expected_of(MAILBOX / f"{name}.eml").get("code", published.code)
    came(raw.replace(code.encode(), published.code.encode()))
    assert RawMessage.objects.get().lane == MACHINES, "the order of opening is as before"
    assert sorting.sort(lead.actor, now=NOW) == {state: 1}
    row = RawMessage.objects.get()
    assert row.code == (published.code if state == FILED else "")
    assert row.kind not in ("automatic", "leaving")
    assert row.kind == (kind or row.kind)
    assert not PostedAnswer.objects.exists(), "no program answers"
    answering.answer(lead.actor, row.id, "Re: yours", "Thank you.", seen=0, now=NOW)
    assert PostedAnswer.objects.count() == 1


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "field", [f"List-Id: Appeals\r\n <{MAILINGS.list_id}>", f"X-Loop: {MAILINGS.reply_to}", "Precedence: junk"]
)
def test_a_mailing_of_ours_that_comes_back_is_no_letter(field: str, lead: NewAccount, published: PublicAppeal) -> None:
    came(mail(f"Re: {published.code}", "We ask you to write.", field))
    assert sorting.sort(lead.actor, now=NOW) == {ASIDE: 1}
    assert RawMessage.objects.get().kind == "automatic"


def test_an_answer_goes_to_the_sender_alone_and_lies_sealed_with_its_mail(filed: RawMessage, desk: Client) -> None:
    page = reverse("mail-answer", args=[filed.id])
    text = desk.get(page).content.decode()
    assert "group@letters.example" in text
    assert "not in the directory of authorities" in text
    assert desk.post(page, {"seen": 0, "subject": "Re: yours", "text": "Thank you, Vesna."}).status_code == 302
    head = posted().content.decode().replace("\r\n ", " ")
    for line in ("To: <group@letters.example>", "In-Reply-To: <7@letters.example>", "Auto-Submitted: no"):
        assert f"{line}\r\n" in head
    assert "References: <1@office.example> <7@letters.example>\r\n" in head
    token = reply_token(Publication.objects.get().slug, settings.TOCSIN_REPLIES_KEY)
    with override_settings(TOCSIN_MAILINGS=replace(MAILINGS, reply_tokens=True)):
        assert f"Reply-To: <appeals+{token}@office.example>\r\n" in posted().content.decode()
    for never in ("other@elsewhere", "Cc:", "Bcc:", str(filed.id), "tomas"):
        assert never not in head
    kept = Answer.objects.get()
    assert b"Vesna" not in bytes(kept.sealed) + bytes(PostedAnswer.objects.get().sealed)
    shown = desk.get(page).content.decode()
    assert "Thank you, Vesna." in shown
    assert "waits for the mailer" in shown
    PostedAnswer.objects.update(state="handed_over", queue_id="4XYZ12")
    assert "4XYZ12" in desk.get(page).content.decode()
    assert Entry.objects.filter(kind="replies.mail.answered").count() == 1


def test_a_person_has_an_answer_in_doubt_sent_once_more_under_the_same_name(
    filed: RawMessage, desk: Client, lead: NewAccount
) -> None:
    page = reverse("mail-answer", args=[filed.id])
    desk.post(page, {"seen": 0, "subject": "Re: yours", "text": "Thank you, Vesna."})
    first, given = posted().content, Answer.objects.get()
    again = {"seen": 1, "again": str(given.id)}
    for state in ("queued", "intended", "handed_over", "failed"):
        PostedAnswer.objects.update(state=state)
        assert "Send it again" not in desk.get(page).content.decode()
        assert desk.post(page, again).status_code == 409, state
    assert desk.post(page, {**again, "again": "x"}).status_code == 409
    PostedAnswer.objects.update(state="uncertain", sealed=b"", tries=3)
    Answer.objects.update(at=NOW - timedelta(days=1))
    shown = desk.get(page).content.decode()
    assert "Send it again" in shown
    assert given.id.hex in shown
    with override_settings(TOCSIN_MAILINGS=None):
        assert desk.post(page, again).status_code == 409
    assert desk.post(page, again).status_code == 302
    assert desk.post(page, again).status_code == 409, "two who press it at once send it once"
    (dated,) = set(posted().content.split(b"\r\n")) ^ set(first.split(b"\r\n")) - {b"Date: " + _dated(NOW)}
    assert dated == b"Date: " + _dated(NOW - timedelta(days=1)), (
        "the same words and Message-ID, and the date on which it was written"
    )
    row = PostedAnswer.objects.get()
    assert (row.state, row.tries, row.ordered_by) == ("queued", 0, lead.actor.id)
    assert row.asked_at == NOW
    entry = Entry.objects.get(kind="replies.answer.sent_again")
    assert (entry.actor, entry.subject) == (lead.actor.id, filed.id)


def test_two_officers_who_answer_at_once_answer_once(filed: RawMessage, desk: Client, lead: NewAccount) -> None:
    page = reverse("mail-answer", args=[filed.id])
    words = {"seen": 0, "subject": "Re: yours", "text": "one"}
    assert [desk.post(page, words).status_code for _ in range(2)] == [302, 409]
    assert PostedAnswer.objects.count() == Answer.objects.count() == 1
    with pytest.raises(ChangedMeanwhile):
        actions.set_aside(lead.actor, filed.id, Said(), seen=0, now=NOW)
    assert "one" in desk.post(page, words).content.decode(), "what she wrote is not lost"


def test_what_was_answered_to_a_reader_is_destroyed_with_what_she_wrote(
    filed: RawMessage, desk: Client, lead: NewAccount, published: PublicAppeal
) -> None:
    page = reverse("mail-answer", args=[filed.id])
    desk.post(page, {"seen": 0, "subject": "Re: yours", "text": "Thank you, Vesna."})
    actions.file_reply(lead.actor, filed.id, published.code, Said("reader_report"), seen=1, now=NOW)
    assert outcomes.drop_counted(NOW + outcomes.KEPT + timedelta(days=1)) == 1
    assert bytes(Answer.objects.get().sealed) == b""
    shown = desk.get(page).content.decode()
    assert "is destroyed" in shown
    assert "could not be opened" not in shown
    assert "Vesna" not in shown


def test_an_answer_names_no_code_that_is_not_public_and_nothing_of_the_desk(
    filed: RawMessage, desk: Client, published: PublicAppeal
) -> None:
    page, secret = reverse("mail-answer", args=[filed.id]), codes.give_code("XZV", NOW.date(), now=NOW)
    refused = (
        f"It is about {secret}.",
        f"See /cases/{filed.id}",
        "",
        "a" * (answering.LONGEST + 1),
        "bell \x07",
    )
    for text in refused:
        assert desk.post(page, {"seen": 0, "subject": "Re", "text": text}).status_code == 409, text[:20]
    assert desk.post(page, {"seen": 0, "subject": f"Re {secret}", "text": "x"}).status_code == 409
    assert not PostedAnswer.objects.exists()
    said = {"seen": 0, "subject": "Re\r\nBcc: spy@elsewhere.example", "text": f"About {published.code}: \u200fنعم"}
    assert desk.post(page, said).status_code == 302
    assert "\r\nBcc" not in posted().content.decode()


def test_no_answer_goes_to_a_machine_or_to_nobody(lead: NewAccount, desk: Client, published: PublicAppeal) -> None:
    came(mail("Away", "I am away", "Auto-Submitted: auto-replied"))
    came(b"Subject: none\r\n\r\nno sender\r\n")
    sorting.sort(lead.actor, now=NOW)
    for each in RawMessage.objects.all():
        page = reverse("mail-answer", args=[each.id])
        assert desk.get(page).status_code == 200
        assert desk.post(page, {"seen": 0, "subject": "Re", "text": "x"}).status_code == 409
    assert not PostedAnswer.objects.exists()


def test_a_site_that_mails_nothing_says_so(filed: RawMessage, desk: Client) -> None:
    page = reverse("mail-answer", args=[filed.id])
    with override_settings(TOCSIN_MAILINGS=None):
        assert "not set up to send mail" in desk.get(page).content.decode()
        assert desk.post(page, {"seen": 0, "subject": "Re", "text": "x"}).status_code == 409


def test_who_may_not_answer_gets_no_page(filed: RawMessage, hire: Hire, frozen: None) -> None:
    page = reverse("mail-answer", args=[filed.id])
    for who in (hire("nora", "source_handler"), hire("paul", "verifier")):
        client = signed_in(who)
        assert (client.get(page).status_code, client.post(page, {}).status_code) == (404, 404)


@pytest.mark.parametrize("language", languages())
def test_a_draft_in_each_language_names_the_code_and_the_page(
    filed: RawMessage, desk: Client, published: PublicAppeal, language: str
) -> None:
    page = reverse("mail-answer", args=[filed.id])
    for kind in DRAFTS:
        text = desk.get(page, {"draft": kind, "language": language}).content.decode()
        assert f'lang="{language}"' in text
        assert text.count(published.code) >= 2
        assert f"{settings.SITE.publishing_address}appeals/" in text
        assert "{" not in draft_answer(kind, language, code="X", address="Y", publisher="Z")


@pytest.mark.database("sqlite")
def test_an_answer_begins_with_the_draft_for_what_the_mail_is_or_says_that_there_is_none(
    filed: RawMessage, desk: Client, published: PublicAppeal
) -> None:
    page, words = reverse("mail-answer", args=[filed.id]), answer_words("fr").drafts
    for kind in vocab.load("mail_kinds"):
        RawMessage.objects.update(kind=kind)
        text = unescape(desk.get(page, {"language": "fr"}).content.decode())
        begun = [draft for draft, said in words.items() if said in text]
        assert begun == ([DRAFT_OF[kind]] if kind in DRAFT_OF else []), kind
        assert ("There is no draft for this kind of mail" in text) == (not begun), kind
    assert set(vocab.load("mail_kinds")) - set(DRAFT_OF) == {"leaving", "abuse", "automatic", "returned"}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "Сегодня я отправила письмо министру внутренних дел, но ответа пока не получила."),
        ("ar", "أرسلت اليوم رسالة إلى وزير الداخلية وما زلت في انتظار الرد منه."),
    ],
    ids=["ru", "ar"],
)
def test_an_answer_begins_in_the_language_of_the_mail_before_anybody_chooses_one(
    lead: NewAccount, desk: Client, published: PublicAppeal, language: str, words: str
) -> None:
    came(mail(f"Re: {published.code}", words))
    sorting.sort(lead.actor, now=NOW)
    row = RawMessage.objects.get()
    text = unescape(desk.get(reverse("mail-answer", args=[row.id])).content.decode())
    assert any(said in text for said in answer_words(language).drafts.values())
    assert f'lang="{language}"' in text


def test_ids_that_are_none_are_left_out_and_long_conversations_are_cut_in_the_middle() -> None:
    ids = [f"<{number}@a.example>" for number in range(60)]
    content = f"Message-ID: <x@b.example>\r\nReferences: {' '.join(ids)}\r\n\r\nReferences: <no@c.example>".encode()
    own, *earlier = conversation_of(read_heading(content))
    assert (own, earlier[0], earlier[-1], len(earlier)) == ("<x@b.example>", ids[0], ids[-1], 20)
    for hostile in (b"Message-ID: <a b@c>", b"Message-ID: <\xff@c>", b"Message-ID: <a@b\r\nBcc: x@y>", b"", b"\0" * 99):
        assert conversation_of(read_heading(hostile + b"\r\n\r\n")) == [""]
