"""What is held back while it waits for its hour shows nowhere at it; a version that two people sign anew does."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invented_appeals import ENGLISH
from people import NOW
from public_site import TODAY, Clock, Press, slug_of
from signing import appeal, coded
from tocsin.core.appeal import Text
from tocsin.core.errors import BadPublication, BadRequest
from tocsin.core.messages import Address
from tocsin.core.publication import PublicAppeal, Words, edition_of
from tocsin.dispatch import actions as dispatch
from tocsin.dispatch import audience, genuine, trials
from tocsin.publishing import actions, codes, copying, holding, queries, signatories, standings
from tocsin.publishing.models import HeldBack, Publication, Shown

HOUR, AFTER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
MENDED = replace(ENGLISH, title=Text("Zarvania: A lawyer held at an unknown place"))
NOTE = (Words("en", "A name was taken out."),)
LISTS = (
    *(f"/en/{name}" for name in ("index.html", "index.html?q=marosh", "index.html?country=ZZZ", "statistics.html")),
    *(f"/en/{name}" for name in ("feed.atom", "feed.json")),
    "/sitemap.xml",
    *(f"/api/1/{name}.json" for name in ("appeals", "codes", "changes", "statistics", "withdrawals", "countries")),
)


@pytest.fixture
def held(press: Press) -> PublicAppeal:
    """Give an appeal that waited for its hour, and is held back."""
    waiting = press.publish([ENGLISH], now=NOW, not_before=HOUR)
    assert actions.hold_back(waiting.code, now=NOW)
    assert actions.hold_back(waiting.code, now=AFTER), "again, when its hour is over"
    return waiting


def own(slug: str) -> list[str]:
    files = ("", "en.html", "en.pdf", "en.docx", "en.txt", "en.md", "en.json", "en.png", "proof.json", "cap.xml")
    forms = (
        f"/en/act/{slug}.html",
        f"/en/act/{slug}/tell.html",
        f"/en/act/{slug}/tell.1.html",
        f"/en/act/{slug}/1.en.html",
    )
    return [*(f"/appeals/{slug}/{name}" for name in files), *forms, f"/api/1/appeals/{slug}.json"]


def mend(press: Press, held: PublicAppeal, **words: Any) -> Publication:
    mended = replace(appeal(held.code, [MENDED]), version=2, note=NOTE, not_before=held.not_before, **words)
    return actions.correct(press.sign(mended), now=AFTER)


@pytest.mark.parametrize("when", [NOW, HOUR, AFTER])
def test_it_shows_at_no_address_and_in_no_list(site: Client, clock: Clock, held: PublicAppeal, when: Any) -> None:
    clock.now = when
    slug = slug_of(held)
    assert {address: site.get(address).status_code for address in own(slug)} == dict.fromkeys(own(slug), 404)
    for address in LISTS:
        said = site.get(address).content.decode()
        assert slug not in said, address
        assert held.code not in said, address
        assert "Marosh" not in said, address
    assert '"total":0' in site.get("/api/1/appeals.json?q=marosh").content.decode().replace(" ", "")
    assert site.post(f"/en/act/{slug}/tell.html", {"channel": "email"}).status_code == 404
    read = site.get(f"/api/1/codes.json?code={held.code}").json()
    assert (read["standing"], read["chain"]) == ("unknown", [])


@pytest.mark.usefixtures("site")
def test_no_copy_and_no_mail_has_it(press: Press, held: PublicAppeal, tmp_path: Path) -> None:
    copying.copy_to(tmp_path, ("html", "json"), now=AFTER)
    assert not (tmp_path / "appeals").exists()
    refused = genuine.find_appeal(slug_of(held), 1, signatories.in_office(), now=AFTER)
    assert refused == genuine.Refused("held_back")
    assert codes.list_public(now=AFTER) == []
    asked = dispatch.Asked(uuid4(), slug_of(held), 1)
    with pytest.raises(BadRequest, match="held back"):
        dispatch.open_mailing(asked, press.ana.actor.ring, now=AFTER)
    with pytest.raises(BadRequest, match="held back"):
        trials.ask(
            press.ana.actor.ring, Publication.objects.get(), [Address("ada", "harbour.example")], "en", now=AFTER
        )


def test_a_version_that_two_sign_anew_shows_in_its_place_and_is_news_to_readers(
    site: Client, press: Press, clock: Clock, held: PublicAppeal
) -> None:
    row = mend(press, held)
    clock.now = AFTER
    slug = slug_of(held)
    assert "A lawyer held" in site.get(f"/appeals/{slug}/en.html").content.decode()
    for address in ("/en/index.html", "/en/index.html?q=marosh", "/en/feed.atom", "/sitemap.xml"):
        assert slug in site.get(address).content.decode(), address
    assert "<msgType>Alert<" in site.get(f"/appeals/{slug}/cap.xml").content.decode()
    told = site.get(f"/api/1/appeals/{slug}.json").json()
    assert (told["version"], told["corrections"], told["published_at"]) == (2, [], told["changed_at"])
    # It goes to all who want such an appeal: nobody got what it mends.
    assert genuine.kind_of(row) == "appeal"
    assert not audience.wanted_for(row, ["en"]).only_earlier
    # … and may be held back in its turn no more, since it shows.
    assert not actions.hold_back(held.code, now=AFTER)
    assert HeldBack.objects.count() == 1


def test_a_row_that_is_turned_back_shows_no_earlier_version(site: Client, press: Press, clock: Clock) -> None:
    waiting = press.publish([ENGLISH], now=NOW, not_before=HOUR)
    mended = replace(appeal(waiting.code, [MENDED]), version=2, note=NOTE, not_before=HOUR)
    actions.correct(press.sign(mended), now=NOW)
    actions.hold_back(waiting.code, now=NOW)
    clock.now = AFTER
    Shown.objects.update(publication=Publication.objects.get(version=1))
    queries.forget()
    assert site.get(f"/appeals/{slug_of(waiting)}/en.html").status_code == 404


def test_what_is_public_is_not_held_back(press: Press, lawyer: PublicAppeal) -> None:
    assert not actions.hold_back(lawyer.code, now=NOW)
    assert not actions.hold_back("XZV 999 / 1126 / OBS 999", now=NOW)
    assert not actions.hold_back("", now=NOW)
    assert queries.find(slug_of(lawyer), now=NOW) is not None
    assert not HeldBack.objects.exists()


def test_nothing_that_follows_on_what_is_held_back_shows_before_it_does(
    site: Client, press: Press, clock: Clock
) -> None:
    first = press.publish([ENGLISH], now=NOW, not_before=HOUR)
    clock.now = AFTER
    code = codes.give_follow_up(first.code, TODAY, now=NOW)
    update = press.sign(appeal(code, [MENDED], follows=first.code, not_before=HOUR))
    with transaction.atomic():
        actions.hold_back(first.code, now=NOW)
        with pytest.raises(BadPublication, match="held back"):
            actions.publish(update, now=NOW)
        transaction.set_rollback(True)
    queries.forget()
    actions.publish(update, now=NOW)
    actions.hold_back(first.code, now=NOW)
    assert site.get(f"/appeals/{slug_of(update)}/en.html").status_code == 404
    assert genuine.find_appeal(slug_of(update), 1, signatories.in_office(), now=AFTER) == genuine.Refused("held_back")
    mend(press, first)
    clock.seconds += 60
    assert site.get(f"/appeals/{slug_of(update)}/en.html").status_code == 200


def test_a_page_leads_to_nothing_of_its_chain_that_does_not_show(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    def says_that_something_follows() -> bool:
        clock.seconds += 60
        return "There is newer information" in site.get(f"/appeals/{slug_of(lawyer)}/en.html").content.decode()

    retracted = press.follow_up(lawyer, [ENGLISH], now=NOW)
    assert says_that_something_follows()
    press.retract(retracted, now=NOW)
    assert not says_that_something_follows()
    code = codes.give_follow_up(lawyer.code, TODAY, now=NOW)
    actions.publish(press.sign(appeal(code, [ENGLISH], follows=lawyer.code, not_before=HOUR)), now=NOW)
    assert not says_that_something_follows()
    clock.now = AFTER
    assert says_that_something_follows()
    clock.now = NOW
    assert actions.hold_back(code, now=NOW)
    clock.now = AFTER
    assert not says_that_something_follows()


def test_the_database_lets_nothing_go_that_is_held_back(held: PublicAppeal) -> None:
    for act in (lambda: HeldBack.objects.all().delete(), lambda: HeldBack.objects.update(held_at=AFTER)):
        with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
            act()
    assert HeldBack.objects.get().publication.code == held.code


# --- where it stands ---


def test_where_something_stands_is_worked_out_from_the_hour_and_from_what_came_later(press: Press) -> None:
    def stands(*ones: PublicAppeal, now: datetime = AFTER) -> list[str]:
        found = standings.list_standings([each.code for each in ones], now=now)
        return [found.get(each.code, "") for each in ones]

    waits, plain = press.publish([ENGLISH], now=NOW, not_before=HOUR), press.publish([ENGLISH], now=NOW)
    assert stands(waits, plain, now=NOW) == ["embargoed", "published"]
    assert stands(waits, plain) == ["published", "published"]
    note = (Words("en", "Her name was misspelt."),)
    actions.correct(press.sign(replace(appeal(plain.code, [MENDED]), version=2, note=note)), now=NOW)
    assert stands(plain) == ["corrected"]
    update = press.sign(appeal(codes.give_follow_up(plain.code, TODAY, now=NOW), [MENDED], follows=plain.code))
    actions.publish(update, now=HOUR)
    assert stands(plain, update, now=NOW) == ["corrected", "embargoed"], "not before it shows"
    assert stands(plain, update) == ["superseded", "published"]
    last = codes.give_follow_up(update.code, TODAY, now=NOW)
    closing = edition_of(replace(coded(MENDED, last), kind="closure"))
    closure = press.sign(PublicAppeal(last, "closure", (closing,), supersedes=update.code))
    actions.publish(closure, now=HOUR)
    assert stands(plain, update, closure) == ["closed"] * 3
    press.retract(closure, now=AFTER)
    queries.forget()
    assert stands(plain, update, closure) == ["superseded", "published", ""]


def test_where_nothing_is_held_back_nothing_that_was_published_is_looked_at_for_it(press: Press) -> None:
    press.publish([ENGLISH], now=NOW, not_before=HOUR)
    with CaptureQueriesContext(connection) as asked:
        assert holding.list_held_back() == frozenset()
    assert [each["sql"] for each in asked.captured_queries if Publication._meta.db_table in each["sql"]] == []
