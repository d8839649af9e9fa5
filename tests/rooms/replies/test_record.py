"""What became of an appeal: replies count once somebody confirmed them, and the desk sees who answered, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from post_office import came, mail

from desk import signed_in
from invented_appeals import ENGLISH
from people import NOW, Hire
from public_site import Press, slug_of
from tocsin.accounts.actions import NewAccount
from tocsin.authorities import actions as directory
from tocsin.authorities.returned import Officials
from tocsin.core.appeal import Addressee, Channel
from tocsin.core.errors import BadRequest
from tocsin.core.letters import whom
from tocsin.core.messages import Address
from tocsin.core.publication import PublicAppeal
from tocsin.dispatch.addresses import fingerprint
from tocsin.publishing import told
from tocsin.publishing.models import ToldActions
from tocsin.publishing.record import offices_in
from tocsin.publishing.told import Figures
from tocsin.replies import actions, confirming, record, sorting
from tocsin.replies.actions import Said
from tocsin.replies.models import FILED, RawMessage

LATER = NOW + timedelta(days=40)


@pytest.fixture
def published(press: Press) -> PublicAppeal:
    return press.publish([ENGLISH], now=NOW)


def reply(lead: NewAccount, appeal: PublicAppeal, sender: str, *, after: int) -> RawMessage:
    at = NOW + timedelta(days=after)
    came(mail(f"Re: {appeal.code}", f"We reply {after}", sender=sender), now=at)
    sorting.sort(lead.actor, now=at)
    return RawMessage.objects.get(came_at=at)


def confirm(
    lead: NewAccount, row: RawMessage, code: str, response: str, *, after: int = 30, named: bool = False
) -> None:
    said = Said("other" if response == "none" else "authority_reply", response, "I called them", named)
    row.refresh_from_db()
    at = NOW + timedelta(days=after)
    actions.file_reply(lead.actor, row.id, code, said, seen=row.version, now=at)


def test_a_reply_counts_once_somebody_confirmed_it_and_no_more_when_she_thinks_better(
    lead: NewAccount, published: PublicAppeal
) -> None:
    row = reply(lead, published, "clerk@elsewhere.example", after=1)
    assert (row.state, row.filed_by) == (FILED, None)
    slug = slug_of(published)
    RawMessage.objects.update(kind="authority_reply", response="token", filed_at=NOW)
    confirming.count_again([published.code])
    assert told.figures_of(slug, before=LATER.date()) == Figures(), "a rule filed it, and nobody looked"
    confirm(lead, row, published.code, "token")
    assert told.figures_of(slug, before=LATER.date()) == Figures(replies=1)
    assert told.figures_of(slug, before=(NOW + timedelta(days=30)).date()) == Figures(), "the day is not over"
    confirm(lead, row, published.code, "none")
    assert told.figures_of(slug, before=LATER.date()) == Figures()
    confirm(lead, row, published.code, "token")
    row.refresh_from_db()
    actions.set_aside(lead.actor, row.id, Said(), seen=row.version, now=LATER)
    assert told.figures_of(slug, before=(LATER + timedelta(days=1)).date()) == Figures()


def test_the_desk_sees_by_addressee_what_was_told_and_answered_and_after_how_many_days(
    lead: NewAccount, published: PublicAppeal, frozen: None
) -> None:
    first = next(each for each in whom(published) if each.mail)
    for after in (3, 5, 20):
        confirm(lead, reply(lead, published, first.mail[0].upper(), after=after), published.code, "token")
    confirm(lead, reply(lead, published, "somebody@elsewhere.example", after=21), published.code, "favourable")
    reply(lead, published, first.mail[0], after=22)
    for _ in range(2):
        told.tell(slug_of(published), first.number, "email", "", on=NOW.date())
    told.tell(slug_of(published), told.NOT_SAID, "other", "", on=NOW.date())
    found = record.open_record(lead.actor, slug_of(published), now=LATER)
    (line,) = (each for each in found.lines if each.whom == first)
    assert (line.reported, line.bounced, line.answered, line.days) == (2, 0, 3, 5)
    assert (found.replies, found.unknown, found.not_said) == (4, 1, 1)
    assert sum(each.reported for each in found.lines) == 2
    assert {(each.answered, each.days) for each in found.lines if each.whom != first} <= {(0, None)}
    page = signed_in(lead).get(reverse("record-of-appeal", args=[slug_of(published)])).content.decode()
    assert published.code in page
    assert "without saying to whom: 1." in page


def test_a_report_that_shows_to_whom_she_mailed_counts_once_for_each_of_them(
    lead: NewAccount, published: PublicAppeal
) -> None:
    words = (
        "I have written a letter to the minister.\n\n-----Original Message-----\n> *From:* Vesna Ilmar\n"
        "> *Cc:* Office <OFFICE@president.example>,\n> reception@interior.example\n> Subject: Released\n\n"
        "write to E-mail: mission@zarvania.example"
    )
    came(mail(published.code, words, "Cc: <office@president.example>"), now=NOW)
    sorting.sort(lead.actor, now=NOW)
    row = RawMessage.objects.get()
    actions.file_reply(lead.actor, row.id, published.code, Said("reader_report"), seen=0, now=NOW)
    counted = ToldActions.objects.order_by("number").values_list("number", "channel", "actions")
    assert list(counted) == [(1, "email", 1), (2, "email", 1)]
    actions.file_reply(lead.actor, row.id, published.code, Said("other"), seen=1, now=NOW)
    assert list(counted.all()) == [(1, "email", 0), (2, "email", 0)]


POST = """\
what,key,country,code,of,name_en,address
institution,xzv-presidency,XZV,ministry,,Office of the President,
post,xzv-president,XZV,head_of_state,xzv-presidency,President,
contact_point,,,email,xzv-president,,office@president.example
contact_point,,,email,xzv-president,,chancery@president.example
"""


def test_an_answer_from_another_address_of_the_post_counts_and_so_does_mail_that_came_back_since(
    lead: NewAccount, published: PublicAppeal, frozen: None
) -> None:
    directory.take_file(lead.actor, POST, now=NOW)
    known_by = fingerprint(Address.parse("office@president.example"), settings.TOCSIN_FINGERPRINT_KEY)
    for days in (-1, 2, 4):
        officials = Officials(settings.TOCSIN_FINGERPRINT_KEY, now=NOW + timedelta(days=days))
        assert officials.report(known_by, "hard")
    row = reply(lead, published, "chancery@president.example", after=6)
    confirm(lead, row, published.code, "token")
    found = record.open_record(lead.actor, slug_of(published), now=LATER)
    (line,) = (each for each in found.lines if "office@president.example" in each.whom.mail)
    assert (line.bounced, line.answered, line.days, line.named, found.unknown) == (2, 1, 6, False, 0)
    slug, before = slug_of(published), LATER.date()
    assert told.figures_of(slug, before=before) == Figures(replies=1), "nobody said that readers may learn it"
    confirm(lead, row, published.code, "token", named=True)
    assert told.figures_of(slug, before=before) == Figures(replies=1, offices=("office@president.example",))
    assert "readers learn it" in signed_in(lead).get(reverse("record-of-appeal", args=[slug])).content.decode()
    confirm(lead, row, published.code, "none", named=True)
    assert told.figures_of(slug, before=before) == Figures()
    stranger = reply(lead, published, "somebody@elsewhere.example", after=7)
    with pytest.raises(BadRequest, match="of no office that the appeal names"):
        confirm(lead, stranger, published.code, "token", named=True)


FAXED = """\
what,key,country,code,of,name_en,address
institution,xzv-prisons,XZV,ministry,,Prison Service,
post,xzv-prison-head,XZV,prison_director,xzv-prisons,Head of the Prison Service,
contact_point,,,fax,xzv-prison-head,,+442079460199
contact_point,,,email,xzv-prison-head,,Head@prisons.example
"""
BESIDE = """\
what,key,country,code,of,name_en,address
post,xzv-prison-press,XZV,other,xzv-prisons,Press Officer,
contact_point,,,fax,xzv-prison-press,,+442079460199
"""


def test_an_office_whose_mail_address_the_appeal_does_not_print_is_named_by_the_way_that_leads_to_it_alone(
    lead: NewAccount, press: Press, frozen: None
) -> None:
    faxed = Addressee(
        "as printed", post="Head of the Prison Service", channels=(Channel("fax", "+442079460199", "+44 20 7946 0199"),)
    )
    unreached = Addressee("as printed", post="Chairman of the Commission")
    published = press.publish([replace(ENGLISH, addressees=(*ENGLISH.addressees, faxed, unreached))], now=NOW)
    directory.take_file(lead.actor, FAXED, now=NOW)
    row = reply(lead, published, "head@prisons.example", after=6)
    confirm(lead, row, published.code, "token", named=True)
    slug, before = slug_of(published), LATER.date()
    figures = told.figures_of(slug, before=before)
    assert figures == Figures(replies=1, offices=("+442079460199",)), "nothing that the appeal does not print"
    assert [each.office_in("en") for each in offices_in(published, figures)] == ["Head of the Prison Service"]
    found = record.open_record(lead.actor, slug, now=LATER)
    assert [(line.whom.office_in("en"), line.answered) for line in found.lines if line.named] == [
        ("Head of the Prison Service", 1)
    ]
    # Two posts behind one machine: nobody knows which of them answered.
    directory.take_file(lead.actor, BESIDE, now=NOW)
    with pytest.raises(BadRequest, match="of no office that the appeal names"):
        confirm(lead, row, published.code, "commitment", named=True)


def test_there_is_no_record_of_what_is_not_public_and_none_for_who_reads_no_mail(
    lead: NewAccount, published: PublicAppeal, hire: Hire, frozen: None
) -> None:
    there, nowhere = (reverse("record-of-appeal", args=[slug]) for slug in (slug_of(published), "nothing"))
    assert (signed_in(lead).get(there).status_code, signed_in(lead).get(nowhere).status_code) == (200, 404)
    stranger: Client = signed_in(hire("paul", "verifier"))
    assert stranger.get(there).status_code == 404
