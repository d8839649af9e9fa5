"""What a mail is taken for, confirmed or corrected by a person, and what becomes of it then."""

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from post_office import came, mail

from desk import signed_in
from people import NOW, Hire, just_confirmed
from public_site import slug_of
from tocsin.accounts.actions import NewAccount
from tocsin.adapters.lmtp.server import received
from tocsin.appeals.models import Appeal
from tocsin.authorities import actions as directory
from tocsin.authorities import queries as directory_queries
from tocsin.casework import actions as casework
from tocsin.casework.actions import OpenCase
from tocsin.casework.parts import compartments
from tocsin.core.classifying.kinds import rules
from tocsin.core.errors import BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.core.messages import Address
from tocsin.core.publication import PublicAppeal
from tocsin.core.records import from_yaml
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.models import Delivery, Mailing, Subscriber
from tocsin.dispatch.tokens import token_digest
from tocsin.intake import store as intake_store
from tocsin.intake.models import Report
from tocsin.operations import sweeping
from tocsin.publishing import told
from tocsin.publishing.models import ToldActions
from tocsin.replies import actions, entering, outcomes, pages, queries, sorting
from tocsin.replies.actions import Said
from tocsin.replies.entering import Entry
from tocsin.replies.models import ASIDE, FILED, WAITING, RawMessage
from tocsin.vault import queries as keys_of

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
AT_THE_DOOR = received("mail.elsewhere.example", "192.0.2.7", HOST, secured=True, when=NOW).decode().splitlines()
DONE = "In reply to your letter we inform you that she was released on 3 June."
WROTE = "I have written a letter to the minister."
UNLEARNED = "The directory of authorities learns nothing from it"

CASE = from_yaml(
    """\
schema: tocsin/case/1
appeal:
  {id: "appeal:first", type: urgent_appeal, language: en, publisher: "org:watch", countries: [XZV],
   protagonists: ["person:lena-marosh"]}
organisations: [{id: "org:watch", name: {en: Karvel Watch}, kind: ngo_local}]
persons: [{id: "person:lena-marosh", names: [{full: Lena Marosh, use: preferred}], defender: {is_hrd: true}}]
addressees: [{id: "a:minister", post: minister_justice, person: Yevanna Brill}]
demands: [{id: d1, ordinal: i, types: [release]}, {id: d2, ordinal: ii, types: [invite_mechanism]}]
"""
)


@pytest.fixture
def lead(lead: NewAccount) -> NewAccount:
    directory.take_file(lead.actor, DIRECTORY, now=NOW)
    return lead


def sorted_in(lead: NewAccount, content: bytes) -> RawMessage:
    """Let a mail come in and be sorted, and give it."""
    before = list(RawMessage.objects.values_list("id", flat=True))
    assert came(content)
    with override_settings(TOCSIN_RECEIVING_HOST=HOST):
        sorting.sort(lead.actor, now=NOW)
    return RawMessage.objects.exclude(id__in=before).get()


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
        ((*AT_THE_DOOR, PASSED), "Unproven"),
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
    assert {(each.number, each.channel) for each in ToldActions.objects.all()} == {(told.NOT_SAID, "other")}


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


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("frozen")
def test_what_a_reader_wrote_and_nobody_counted_is_destroyed_after_ninety_days(
    lead: NewAccount, published: PublicAppeal, tmp_path: Path
) -> None:
    letters = [(published.code, WROTE), ("A letter", f"{WROTE} As you asked."), ("Hello", "What a day.")]
    filed, waits, other = (sorted_in(lead, mail(*words)) for words in letters)
    assert [(each.kind, each.state) for each in (filed, waits)] == [
        ("reader_report", FILED),
        ("reader_report", WAITING),
    ]
    assert "destroyed 90 days after it came" in page_of(lead, filed)
    (told_task,) = (each for each in sweeping.tasks() if each.name == "told")
    assert [told_task.act(tmp_path, NOW + timedelta(days=days)) for days in (89, 91)] == [0, 1]
    for each in (filed, waits, other):
        each.refresh_from_db()
    assert (filed.state, filed.became, bytes(filed.sealed), filed.reading) == (ASIDE, "dropped", b"", None)
    for each in (waits, other):
        assert (each.became, each.reading is None) == ("", False), "what waits, or is no report, is not destroyed"
    assert (queries.take_stock().missing, queries.count_unread(), actions_told(published)) == (0, 0, 0)
    assert "Nobody counted this report" in page_of(lead, filed)
    assert "destroyed 90 days" not in page_of(lead, waits)
    with pytest.raises(ChangedMeanwhile):
        actions.file_reply(lead.actor, filed.id, published.code, Said("reader_report"), seen=0, now=NOW)


def reader_of(address: str) -> Subscriber:
    known_by = fingerprint(Address.parse(address), settings.TOCSIN_FINGERPRINT_KEY)
    return Subscriber.objects.create(
        id=uuid4(), address=b"-", fingerprint=known_by, languages=" en ", state="active", asked_at=NOW
    )


def test_who_wants_no_more_gets_no_more(lead: NewAccount) -> None:
    reader, other = reader_of("group@letters.example"), reader_of("other@letters.example")
    row = sorted_in(lead, mail("List", "Please remove my address from your mailing list."))
    reader.refresh_from_db()
    assert (row.kind, row.state, reader.state) == ("leaving", WAITING, "active"), "anybody can write a sender"
    actions.set_aside(lead.actor, row.id, Said("leaving"), seen=0, now=NOW)
    for each in (reader, other, row):
        each.refresh_from_db()
    assert (row.became, reader.state, other.state) == ("left", "left", "active")


def test_who_quotes_the_message_that_she_got_leaves_as_soon_as_the_mail_is_sorted(
    lead: NewAccount, published: PublicAppeal
) -> None:
    reader, token = reader_of("group@letters.example"), "0123456789abcdef" * 2
    mailing = Mailing.objects.create(
        id=uuid4(),
        slug=slug_of(published),
        version=1,
        kind="appeal",
        state="stopped",
        policy="hold",
        opened_at=NOW,
        opened_by=uuid4(),
        order=b"-",
    )
    Delivery.objects.create(mailing=mailing, subscriber=reader.id, state="handed_over", leaving=token_digest(token))
    quoted = f"Please unsubscribe me.\r\n\r\n> To leave: https://appeals.example/leave/{token}"
    row = sorted_in(lead, mail("Re: An appeal", quoted, sender="elsewhere@letters.example"))
    reader.refresh_from_db()
    assert (row.kind, row.state, row.became, reader.state) == ("leaving", ASIDE, "left", "left")


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
    narrowed = press.content.decode()
    assert "None of this kind." in narrowed
    assert "No mail waits" not in narrowed
    assert 'id="filed">Filed<' in narrowed, "how many lie there in all is not said of one kind"


@pytest.mark.parametrize("said", [Said("nonsense"), Said(response="nonsense")])
def test_nothing_is_said_that_is_in_no_list(lead: NewAccount, published: PublicAppeal, said: Said) -> None:
    row = sorted_in(lead, mail(published.code, "hello"))
    with pytest.raises(BadRequest, match="in the list"):
        actions.file_reply(lead.actor, row.id, published.code, said, seen=0, now=NOW)


@pytest.mark.usefixtures("frozen")
def test_new_information_becomes_a_report_at_intake_with_the_mail_as_it_came(
    lead: NewAccount, published: PublicAppeal
) -> None:
    content = mail(f"Re: {published.code}", "Her lawyer told us this morning that she was moved to another prison.")
    row = sorted_in(lead, content)
    assert row.kind == "new_information"
    client = signed_in(lead)
    client.post(reverse("mail-file", args=[row.id]), {"seen": 0, "guess": published.code, "kind": "new_information"})
    page = client.get(reverse("mail", args=[row.id])).content.decode()
    assert reverse("mail-report", args=[row.id]) in page
    done = client.post(reverse("mail-report", args=[row.id]), {"seen": 1, "source": "local_partner"})
    assert done.status_code == 302
    report = Report.objects.get()
    keys = keys_of.open_case(lead.actor.ring, report.id, NOW)[intake_store.COMPARTMENT]
    assert intake_store.original(keys, report.id) == content
    assert intake_store.opened(keys, report).arrival.source_type == "local_partner"
    row.refresh_from_db()
    assert row.became == "reported"
    again = client.post(reverse("mail-report", args=[row.id]), {"seen": 2, "source": "local_partner"})
    assert again.status_code == 409
    # Nor by way of calling it a reader's report, which would be counted, taken back, and destroyed after a week.
    with pytest.raises(BadRequest, match="was handed on"):
        actions.file_reply(lead.actor, row.id, published.code, Said("reader_report"), seen=2, now=NOW)
    actions.set_aside(lead.actor, row.id, Said("leaving"), seen=2, now=NOW)
    row.refresh_from_db()
    assert (row.became, Report.objects.count()) == ("reported", 1)


@pytest.fixture
def opened(lead: NewAccount, published: PublicAppeal) -> OpenCase:
    """Give the case of the published appeal."""
    opened = casework.open_new_case(lead.actor, CASE, reason="a report", now=NOW)
    Appeal.objects.create(
        case_id=opened.id, state="published", code=published.code, opened_at=NOW, released_at=NOW - timedelta(days=12)
    )
    return opened


@pytest.mark.usefixtures("frozen")
def test_a_reply_becomes_a_claim_that_rests_on_the_mail_a_status_of_demands_and_a_check_of_the_address(
    lead: NewAccount, published: PublicAppeal, opened: OpenCase
) -> None:
    content = from_the_office(published.code, PASSED, CAME)
    row = sorted_in(lead, content)
    client = signed_in(lead)
    page = reverse("mail-enter", args=[row.id])
    assert client.get(page).status_code == 404, "nobody has confirmed it yet"
    asked = {"seen": 0, "guess": published.code, "kind": "authority_reply", "response": "favourable"}
    client.post(reverse("mail-file", args=[row.id]), asked)
    assert page in client.get(reverse("mail", args=[row.id])).content.decode()
    shown = client.get(page).content.decode()
    assert "released on 3 June" in shown
    assert UNLEARNED not in shown
    words = {"seen": 1, "addressee": "a:minister", "words": "She was released.", "status": "met", "demand": "d1"}
    assert client.post(page, {**words, "demand": ""}).status_code == 409
    assert client.post(page, {**words, "words": " "}).status_code == 409
    assert client.post(page, words).status_code == 302
    case = casework.read_case(lead.actor, opened.id, now=NOW).case
    (claim,), (file,) = case.claims, case.evidence
    assert (claim.value, claim.predicate, claim.about) == ("She was released.", "favourable", ("a:minister",))
    assert [each.evidence for each in claim.citations] == [file.id]
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    (source,) = case.sources
    assert (source.type, source.identity, source.rc) == ("official_document", OFFICE, "N")
    statuses = [(each.value, each.claim) for each in case.demands[0].statuses]
    assert statuses == [("issued", None), ("met", claim.id)]
    assert case.demands[1].statuses == ()
    (point,) = directory_queries.get_post("xzv-minister")[0].contact_points
    assert [(each.result, each.source) for each in point.checks] == [("ok", f"{published.code} +12 d")]
    assert directory_queries.list_history(directory_queries.get_post("xzv-minister")[1])[0].why == "answered"
    row.refresh_from_db()
    assert row.became == "entered"
    assert client.get(page).status_code == 404, "once"
    # With its case it goes, though the inbox has keys of its own.
    before = outcomes.drop_shredded(NOW)
    casework.shred_case(just_confirmed(lead.actor, NOW), opened.id, now=NOW)
    assert (before, outcomes.drop_shredded(NOW), outcomes.drop_shredded(NOW)) == (0, 1, 0)
    row.refresh_from_db()
    assert (bytes(row.sealed), row.reading, row.stated, row.thread) == (b"", None, None, None)
    assert "what it said and who sent it is destroyed" in client.get(reverse("mail", args=[row.id])).content.decode()


@pytest.mark.usefixtures("frozen")
def test_a_reply_that_nothing_proves_says_nothing_of_the_address(
    lead: NewAccount, published: PublicAppeal, opened: OpenCase
) -> None:
    row = sorted_in(lead, from_the_office(published.code))
    said = Said("authority_reply", "favourable", "They called us.")
    actions.file_reply(lead.actor, row.id, published.code, said, seen=0, now=NOW)
    assert UNLEARNED in signed_in(lead).get(reverse("mail-enter", args=[row.id])).content.decode()
    entering.enter(lead.actor, row.id, Entry("a:minister", "Released.", "en"), seen=1, now=NOW)
    (point,) = directory_queries.get_post("xzv-minister")[0].contact_points
    assert point.checks == ()


@pytest.mark.database("sqlite")
def test_the_directory_learns_it_from_a_reply_that_a_source_handler_enters_too(
    lead: NewAccount, published: PublicAppeal, opened: OpenCase, hire: Hire
) -> None:
    nora = hire("nora", "source_handler")
    ends = NOW + timedelta(days=1)
    casework.give_accesses(
        lead.actor, opened.id, list(compartments().words), nora.actor.id, reason="asks her", ends_at=ends, now=NOW
    )
    row = sorted_in(lead, from_the_office(published.code, PASSED, CAME))
    actions.file_reply(nora.actor, row.id, published.code, Said("authority_reply"), seen=0, now=NOW)
    entering.enter(nora.actor, row.id, Entry("a:minister", "Released.", "en"), seen=1, now=NOW)
    (point,) = directory_queries.get_post("xzv-minister")[0].contact_points
    assert [each.source for each in point.checks] == [f"{published.code} +12 d"]
    with pytest.raises(NotAllowed):
        directory.put(nora.actor, [], why="checked", now=NOW)
    with pytest.raises(NotAllowed):
        directory.note_answer(hire("paul", "verifier").actor, "xzv-minister", OFFICE, NOW.date(), "x", now=NOW)


def test_who_holds_no_key_of_the_case_enters_nothing(
    lead: NewAccount, published: PublicAppeal, opened: OpenCase, hire: Hire
) -> None:
    other = hire("olga", "case_lead")
    row = sorted_in(lead, from_the_office(published.code, PASSED, CAME))
    actions.file_reply(lead.actor, row.id, published.code, Said("authority_reply"), seen=0, now=NOW)
    with pytest.raises(NotAllowed):
        entering.enter(other.actor, row.id, Entry("a:minister", "Released.", "en"), seen=1, now=NOW)
