"""What a mail is taken for, confirmed or corrected by a person, and what becomes of it then."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from post_office import came, mail

from desk import signed_in
from invented_appeals import SPANISH
from people import NOW, Hire
from public_site import Press, slug_of
from tocsin.accounts.actions import NewAccount
from tocsin.authorities import actions as directory
from tocsin.core.classifying.kinds import rules
from tocsin.core.errors import BadRequest
from tocsin.core.publication import PublicAppeal
from tocsin.publishing import signatories, told
from tocsin.publishing.models import ToldActions
from tocsin.replies import actions, outcomes, pages, queries, sorting
from tocsin.replies.actions import Said
from tocsin.replies.models import ASIDE, FILED, WAITING, RawMessage

HOST = "mx.observers.example"
OFFICE = "office@justice.example"
DIRECTORY = f"""\
what,key,country,code,of,name_en,from,address
institution,xzv-justice,XZV,ministry,,Ministry of Justice,,
post,xzv-minister,XZV,minister_justice,xzv-justice,Minister of Justice,,
contact_point,,,email,xzv-minister,,,{OFFICE}
"""
PASSED = f"Authentication-Results: {HOST}; dmarc=pass header.from=justice.example"
FAILED = f"Authentication-Results: {HOST}; dmarc=fail header.from=justice.example"
FORGED = "Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=justice.example"
CAME = f"Received: from mail.elsewhere.example by {HOST}"
DONE = "In reply to your letter we inform you that she was released on 3 June."
WROTE = "I have written a letter to the minister."


@pytest.fixture
def lead(hire: Hire) -> NewAccount:
    lead = hire("tomas", "case_lead")
    directory.take_file(lead.actor, DIRECTORY, now=NOW)
    actions.open_inbox(lead.actor, now=NOW)
    return lead


@pytest.fixture
def published(hire: Hire, administrator: NewAccount) -> PublicAppeal:
    press = Press(hire("ana", "approver"), hire("boris", "approver"))
    for each in (press.ana, press.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, now=NOW)
    return press.publish([SPANISH], now=NOW)


def sorted_in(lead: NewAccount, content: bytes) -> RawMessage:
    """Let a mail come in and be sorted, and give it."""
    assert came(content)
    with override_settings(TOCSIN_RECEIVING_HOST=HOST):
        sorting.sort(lead.actor, now=NOW)
    return RawMessage.objects.latest("came_at", "id")


def from_the_office(code: str, *top: str, text: str = DONE) -> bytes:
    """Write a mail in the name of the ministry; `top` is what stands above it."""
    return b"".join(f"{line}\r\n".encode() for line in top) + mail(f"Re: {code}", text, sender=OFFICE)


def page_of(lead: NewAccount, row: RawMessage) -> str:
    return signed_in(lead).get(reverse("mail", args=[row.id])).content.decode()


def actions_told(published: PublicAppeal) -> int:
    return told.figures_of(slug_of(published), before=(NOW + timedelta(days=1)).date()).actions


def test_each_rule_has_words_for_the_screen() -> None:
    assert {each.rule.name for each in rules()} <= set(pages.RULES)


@pytest.mark.usefixtures("frozen")
def test_a_mail_says_what_it_is_with_its_reason_and_how_sure(lead: NewAccount, published: PublicAppeal) -> None:
    row = sorted_in(lead, from_the_office(published.code, PASSED, CAME))
    assert (row.state, row.kind, row.response, row.filed_by) == (FILED, "authority_reply", "favourable", None)
    page = page_of(lead, row)
    assert all(words in page for words in ("as far as its words say", "In reply to your letter", "justice.example"))
    assert "our mail server verified it" in page
    assert "perhaps:" in signed_in(lead).get(reverse("inbox")).content.decode()


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize(
    ("top", "warning"),
    [
        ((), "Unproven"),
        ((FORGED, CAME), "Unproven"),
        ((CAME, PASSED), "Unproven"),
        ((FAILED, CAME), "Perhaps forged"),
    ],
)
def test_a_reply_that_nothing_proves_says_so_and_is_confirmed_only_with_a_reason(
    lead: NewAccount, published: PublicAppeal, top: tuple[str, ...], warning: str
) -> None:
    row = sorted_in(lead, from_the_office(published.code, *top))
    assert row.kind == "authority_reply"
    assert warning in page_of(lead, row)
    client, asked = signed_in(lead), {"seen": 0, "guess": published.code, "kind": "authority_reply"}
    refused = client.post(reverse("mail-file", args=[row.id]), asked)
    assert refused.status_code == 409
    assert "say how you know it" in refused.content.decode()
    row.refresh_from_db()
    assert (row.filed_by, row.version) == (None, 0)
    done = client.post(reverse("mail-file", args=[row.id]), {**asked, "reason": "She called us and read it out."})
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.filed_by == lead.actor.id
    assert b"called" not in bytes(row.stated or b"")
    assert "She called us and read it out." in page_of(lead, row)


@pytest.mark.usefixtures("frozen")
def test_a_reply_that_our_mail_server_verified_needs_no_reason(lead: NewAccount, published: PublicAppeal) -> None:
    row = sorted_in(lead, from_the_office(published.code, PASSED, CAME))
    said = Said("authority_reply", "favourable")
    assert actions.file_reply(lead.actor, row.id, published.code, said, seen=0, now=NOW) == published.code


@pytest.mark.usefixtures("frozen")
def test_a_domain_that_looks_like_one_of_the_directory_is_named(lead: NewAccount, published: PublicAppeal) -> None:
    row = sorted_in(lead, mail(f"Re: {published.code}", DONE, sender="office@justlce.example"))
    page = page_of(lead, row)
    assert "Perhaps forged" in page
    assert "justlce.example" in page.split("instead of")[0]
    assert "justice.example" in page.split("instead of")[1]
    with pytest.raises(BadRequest, match="say how you know"):
        actions.file_reply(lead.actor, row.id, published.code, Said("authority_reply"), seen=0, now=NOW)


def test_a_report_of_a_reader_is_counted_once_confirmed_and_never_twice(
    lead: NewAccount, published: PublicAppeal
) -> None:
    once = mail(published.code, WROTE, "Message-ID: <1@letters.example>")
    row = sorted_in(lead, once)
    assert (row.kind, actions_told(published)) == ("reader_report", 0)
    said = Said("reader_report")
    actions.file_reply(lead.actor, row.id, published.code, said, seen=0, now=NOW)
    assert actions_told(published) == 1
    actions.file_reply(lead.actor, row.id, published.code, said, seen=1, now=NOW)
    assert actions_told(published) == 1
    # The same mail, by another way.
    copy = sorted_in(lead, b"Received: from elsewhere\r\n" + once)
    with pytest.raises(BadRequest, match="counted before"):
        actions.file_reply(lead.actor, copy.id, published.code, said, seen=0, now=NOW)
    assert actions_told(published) == 1
    actions.file_reply(lead.actor, row.id, published.code, Said("other"), seen=2, now=NOW)
    assert actions_told(published) == 0
    actions.file_reply(lead.actor, copy.id, published.code, said, seen=0, now=NOW)
    assert actions_told(published) == 1
    assert {(each.number, each.channel) for each in ToldActions.objects.all()} == {(0, "other")}


@pytest.mark.usefixtures("frozen")
def test_what_a_reader_wrote_is_destroyed_a_week_after_it_was_counted(
    lead: NewAccount, published: PublicAppeal
) -> None:
    row = sorted_in(lead, mail(published.code, WROTE))
    actions.file_reply(lead.actor, row.id, published.code, Said("reader_report"), seen=0, now=NOW)
    assert outcomes.drop_counted(NOW + timedelta(days=6)) == 0
    assert outcomes.drop_counted(NOW + timedelta(days=8)) == 1
    assert outcomes.drop_counted(NOW + timedelta(days=8)) == 0
    row.refresh_from_db()
    assert (bytes(row.sealed), row.reading) == (b"", None)
    assert (queries.take_stock().missing, queries.count_unread(), actions_told(published)) == (0, 0, 1)
    assert "is destroyed" in page_of(lead, row)
    assert "what it said is destroyed" in signed_in(lead).get(reverse("inbox")).content.decode()


def test_abuse_is_laid_aside_wherever_it_was_filed(lead: NewAccount, published: PublicAppeal) -> None:
    row = sorted_in(lead, mail(published.code, "You traitors, you will pay for this."))
    assert row.kind == "abuse"
    actions.file_reply(lead.actor, row.id, published.code, Said("abuse"), seen=0, now=NOW)
    row.refresh_from_db()
    assert row.state == ASIDE


@pytest.mark.usefixtures("frozen")
def test_the_inbox_is_narrowed_to_one_kind(lead: NewAccount, published: PublicAppeal) -> None:
    sorted_in(lead, mail("one", "I am a journalist with Radio Shore."))
    sorted_in(lead, mail("two", WROTE))
    client = signed_in(lead)
    every, press = client.get(reverse("inbox")), client.get(reverse("inbox"), {"kind": "press"})
    assert all(words in every.content.decode() for words in (">one<", ">two<"))
    assert ">one<" in press.content.decode()
    assert ">two<" not in press.content.decode()
    assert {row.kind for row in queries.list_mail(lead.actor, WAITING, "press", now=NOW)} == {"press"}


@pytest.mark.parametrize("said", [Said("nonsense"), Said(response="nonsense")])
def test_nothing_is_said_that_is_in_no_list(lead: NewAccount, published: PublicAppeal, said: Said) -> None:
    row = sorted_in(lead, mail(published.code, "hello"))
    with pytest.raises(BadRequest, match="in the list"):
        actions.file_reply(lead.actor, row.id, published.code, said, seen=0, now=NOW)
