"""Mail to a post that came back: shown where people look, put away and shown again; the directory stays as it is."""

import re

import pytest
from directory import FILE, MAYOR, MINISTER
from django.conf import settings
from django.test import Client

from desk import client_of, signed_in
from people import NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.authorities import actions
from tocsin.authorities.models import AuthorityVersion
from tocsin.authorities.queries import get_directory
from tocsin.authorities.returned import Officials, posts_with_reports
from tocsin.authorities.tables import returns
from tocsin.core.messages import Address
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.models import KINDS
from tocsin.journal.models import Entry

POST = f"/authorities/posts/{MINISTER}"


@pytest.fixture
def desk(tomas: NewAccount, frozen: None) -> Client:
    actions.take_file(tomas.actor, FILE, now=NOW)
    return signed_in(tomas)


def come_back(*kinds: str) -> None:
    officials = Officials(settings.TOCSIN_FINGERPRINT_KEY, now=NOW)
    known_by = fingerprint(Address.parse("office@justice.example"), settings.TOCSIN_FINGERPRINT_KEY)
    for kind in kinds:
        assert officials.report(known_by, kind)


def said(desk: Client, address: str = POST) -> str:
    return desk.get(address).content.decode()


def test_it_is_shown_with_its_reason_on_each_page_where_somebody_looks(desk: Client) -> None:
    assert "came back" not in said(desk, "/authorities")
    come_back("hard", "soft")
    page = said(desk)
    assert "2 mails to this post came back." in page
    for kind in ("hard", "soft"):
        assert returns()[kind] in page
    assert said(desk, "/authorities").count("mail came back") == 1
    assert "Mail to this post came back." in said(desk, f"{POST}/cases")
    assert "came back" not in said(desk, f"/authorities/posts/{MAYOR}")


def put_away(desk: Client, page: str = "") -> None:
    """Press the button of a page; of the one that is shown now where none is given, or as an empty form."""
    found = re.search(r'name="seen" value="(\d+)"><button class="second">', page or said(desk))
    assert desk.post(f"{POST}/returned", {"seen": found[1]} if found else {}).status_code == 302


def test_it_is_put_away_and_shown_again_and_changes_nothing(desk: Client) -> None:
    come_back("hard")
    before = (get_directory(), AuthorityVersion.objects.count())
    for _ in range(2):
        put_away(desk)
    assert "1 mail to this post came back." not in said(desk)
    assert posts_with_reports() == frozenset()
    come_back("soft")
    assert "1 mail to this post came back." in said(desk)
    page = said(desk)
    come_back("complaint")
    put_away(desk, page)
    assert returns()["complaint"] in said(desk), "nobody saw it before she put the others away"
    assert returns()["soft"] not in said(desk)
    put_away(desk)
    desk.post(f"{POST}/returned", {"again": "1"})
    for count in (1, 2):  # step by step, as it was put away
        assert desk.post(f"{POST}/returned", {"again": "1"}).status_code == 302
        assert len([kind for kind in ("hard", "soft") if returns()[kind] in said(desk)]) == count
    desk.post(f"{POST}/returned", {"again": "1"})
    assert posts_with_reports() == {MINISTER}
    assert (get_directory(), AuthorityVersion.objects.count()) == before
    kinds = Entry.objects.filter(kind__startswith="authorities.post.").exclude(actor=None).order_by("number")
    done = [kind.rpartition(".")[2] for kind in kinds.values_list("kind", flat=True)]
    assert [each for each in done if "look" in each] == ["looked_into"] * 3 + ["to_look_into"] * 3


def test_who_may_not_edit_the_directory_sees_it_and_puts_nothing_away(desk: Client, hire: Hire) -> None:
    come_back("complaint")
    reader = client_of(hire("rosa", "legal").actor)
    page = said(reader)
    assert returns()["complaint"] in page
    assert "I have looked into it" not in page
    assert reader.post(f"{POST}/returned").status_code == 404
    assert posts_with_reports() == {MINISTER}


def test_each_reason_for_which_a_mail_comes_back_has_words() -> None:
    assert set(returns()) == {*KINDS, "complaint"}
