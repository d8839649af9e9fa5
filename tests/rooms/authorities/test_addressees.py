"""Choosing whom a case writes to: with one click, sealed, and found again only by who may open the case."""

import pytest
from directory import FILE, MAYOR, MINISTER
from django.test import Client

from desk import signed_in
from people import LATER, NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.authorities import actions as directory
from tocsin.authorities import queries
from tocsin.authorities.models import AuthorityVersion
from tocsin.casework import actions as casework
from tocsin.casework.actions import OpenCase
from tocsin.casework.addressees import actions, used_in
from tocsin.casework.models import SealedRecord
from tocsin.core.addressing import Occupancy
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.core.records import Case, from_plain, from_yaml, to_plain
from tocsin.journal.queries import list_entries

CASE = from_yaml(
    """\
schema: tocsin/case/1
appeal:
  {id: "appeal:first", type: urgent_appeal, language: en, publisher: "org:watch", countries: [XZV],
   protagonists: ["person:lena-marosh"]}
organisations: [{id: "org:watch", name: {en: Karvel Watch}, kind: ngo_local}]
persons: [{id: "person:lena-marosh", names: [{full: Lena Marosh, use: preferred}], defender: {is_hrd: true}}]
places: [{id: "place:karvel", name: {en: Karvel}, type: city, country: XZV}]
events: [{id: e01, kind: act, act_type: arbitrary_arrest, victims: ["person:lena-marosh"], place: "place:karvel"}]
demands: [{id: d1, ordinal: i, types: [release]}, {id: d2, ordinal: ii, types: [invite_mechanism]}]
"""
)


@pytest.fixture
def opened(tomas: NewAccount) -> OpenCase:
    directory.take_file(tomas.actor, FILE, now=NOW)
    return casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)


@pytest.fixture
def client(tomas: NewAccount, opened: OpenCase, frozen: None) -> Client:
    return signed_in(tomas)


def case_of(tomas: NewAccount, opened: OpenCase) -> Case:
    return casework.read_case(tomas.actor, opened.id, now=NOW).case


def test_whoever_comes_begins_at_the_top_and_whoever_has_just_chosen_at_the_next(
    client: Client, opened: OpenCase
) -> None:
    address = f"/cases/{opened.id}/addressees"
    assert "autofocus" not in client.get(address).content.decode()
    assert "autofocus" in client.get(f"{address}?chosen").content.decode()
    assert client.post(f"{address}/choose", {"authority": MINISTER}).headers["Location"] == f"{address}?chosen"


def test_one_click_makes_records_of_the_case(client: Client, tomas: NewAccount, opened: OpenCase) -> None:
    answer = client.post(f"/cases/{opened.id}/addressees/choose", {"authority": MINISTER})
    assert answer.status_code == 302
    case = case_of(tomas, opened)
    assert [(each.id, each.person) for each in case.addressees] == [("a:directory.xzv-minister", "Yevanna Brill")]
    assert case.addressees[0].reason == "competent for: Immediate and unconditional release"
    assert [each.person for each in case.occupancies] == ["Yevanna Brill"]
    page = client.get(f"/cases/{opened.id}/addressees").content.decode()
    assert "Ms. Yevanna Brill" in page.replace("  ", " ")
    client.post(f"/cases/{opened.id}/addressees/out", {"addressee": "a:directory.xzv-minister"})
    assert case_of(tomas, opened) == CASE


def test_nothing_in_clear_says_whom_a_case_writes_to(tomas: NewAccount, opened: OpenCase) -> None:
    before = AuthorityVersion.objects.count()
    actions.choose(tomas.actor, opened.id, MINISTER, now=NOW)
    assert AuthorityVersion.objects.count() == before
    for sealed in SealedRecord.objects.values_list("sealed", flat=True):
        assert b"xzv-minister" not in bytes(sealed)
        assert b"Yevanna" not in bytes(sealed)
    kinds = list(list_entries().values_list("kind", "facts")[:2])
    assert [kind for kind, _ in kinds] == ["casework.record.saved", "casework.case.read"]
    assert not any("minister" in facts for _, facts in kinds)


def test_the_page_shows_who_fits_why_and_what_nobody_can(client: Client, opened: OpenCase) -> None:
    page = client.get(f"/cases/{opened.id}/addressees").content.decode()
    fits, others = page.split("Others in the directory")
    assert "Minister of Justice" in fits
    assert "Mayor of Karvel" in others
    assert "Mayor of Karvel" not in fits
    assert "can meet" in fits
    assert "Nobody in the directory can meet:" in fits
    assert "ii ·" in fits
    # The invented countries of a demonstration have names, as others have.
    assert "<span>Zarvania</span>" in page
    assert "Zarvania (" in client.get("/authorities").content.decode()
    assert "<span>Zarvania</span>" in client.get(f"/cases/{opened.id}").content.decode()


def test_who_is_stale_is_proposed_and_says_so(client: Client, tomas: NewAccount, opened: OpenCase) -> None:
    address = f"/cases/{opened.id}/addressees"
    assert "state-stale" not in client.get(address).content.decode()
    directory.change_government(tomas.actor, "XZV", NOW.date(), now=NOW)
    page = client.get(address).content.decode()
    assert '<span class="state state-stale">stale</span>' in page
    assert "(stale)" in page
    client.post(f"{address}/choose", {"authority": MINISTER})
    chosen = client.get(address).content.decode().split("Who fits the demands")[0]
    assert '<span class="state state-stale">stale</span>' in chosen


def test_an_addressee_that_the_directory_has_otherwise_says_so(
    client: Client, tomas: NewAccount, opened: OpenCase
) -> None:
    actions.choose(tomas.actor, opened.id, MINISTER, now=NOW)
    new = Occupancy(person="Orla Tamsin", title="Ms.", begins=NOW.date())
    directory.appoint(tomas.actor, MINISTER, new, seen=1, now=NOW)
    page = client.get(f"/cases/{opened.id}/addressees").content.decode()
    assert "The directory has somebody else by now" in page
    # What was chosen stays as it was on that day.
    assert case_of(tomas, opened).addressees[0].person == "Yevanna Brill"


def test_a_post_of_another_country_is_not_chosen(client: Client, tomas: NewAccount, opened: OpenCase) -> None:
    post = {"what": "post", "key": "xos-mayor", "country": "XOS", "code": "mayor", "name_en": "Mayor of Sarn"}
    directory.put(tomas.actor, [post], why="new", now=NOW)
    with pytest.raises(BadRequest):
        actions.choose(tomas.actor, opened.id, "xos-mayor", now=NOW)
    assert client.post(f"/cases/{opened.id}/addressees/choose", {"authority": "xos-mayor"}).status_code == 409
    assert case_of(tomas, opened) == CASE


def test_who_may_only_read_a_case_chooses_nobody(hire: Hire, tomas: NewAccount, opened: OpenCase, frozen: None) -> None:
    amina = hire("amina", "verifier")
    casework.give_access(tomas.actor, opened.id, "facts", amina.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    client = signed_in(amina)
    page = client.get(f"/cases/{opened.id}/addressees")
    assert page.status_code == 200
    assert b'name="authority"' not in page.content
    assert client.post(f"/cases/{opened.id}/addressees/choose", {"authority": MINISTER}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.choose(amina.actor, opened.id, MINISTER, now=NOW)


def test_used_in_lists_the_cases_that_one_may_open_and_no_others(
    hire: Hire, tomas: NewAccount, opened: OpenCase, client: Client
) -> None:
    post, _ = queries.get_post(MINISTER)
    assert used_in.cases_naming(tomas.actor, post, now=NOW) == ([], False)
    actions.choose(tomas.actor, opened.id, MINISTER, now=NOW)
    hits, more = used_in.cases_naming(tomas.actor, post, now=NOW)
    assert [(each.case, each.title) for each in hits] == [(opened.id, "Lena Marosh")]
    assert not more
    assert "Lena Marosh" in client.post(f"/authorities/posts/{MINISTER}/cases").content.decode()
    # A look opens cases, so that a mere address does not.
    assert "Lena Marosh" not in client.get(f"/authorities/posts/{MINISTER}/cases").content.decode()
    # Another post is not named by it, and somebody without a grant is told of nothing.
    assert used_in.cases_naming(tomas.actor, queries.get_post(MAYOR)[0], now=NOW)[0] == []
    stranger = hire("stranger", "case_lead")
    assert used_in.cases_naming(stranger.actor, post, now=NOW) == ([], False)
    assert "Lena Marosh" not in signed_in(stranger).post(f"/authorities/posts/{MINISTER}/cases").content.decode()
    actions.take_out(tomas.actor, opened.id, "a:directory.xzv-minister", now=NOW)
    assert used_in.cases_naming(tomas.actor, post, now=NOW)[0] == []


def test_a_case_that_was_written_by_hand_is_found_by_the_address(tomas: NewAccount, opened: OpenCase) -> None:
    channel = {"type": "email", "value": "office@justice.example"}
    hand = {"id": "a1", "post": "minister_justice", "country": "XZV", "channels": [channel]}
    case = from_plain({**to_plain(CASE), "addressees": [hand]})
    casework.save_case(tomas.actor, opened, case, now=NOW)
    post, _ = queries.get_post(MINISTER)
    assert [each.case for each in used_in.cases_naming(tomas.actor, post, now=NOW)[0]] == [opened.id]


def test_a_case_that_only_speaks_of_an_address_does_not_name_the_authority(tomas: NewAccount, opened: OpenCase) -> None:
    plain = to_plain(CASE)
    plain["events"][0]["what_en"] = "Her letter to office@justice.example came back."
    casework.save_case(tomas.actor, opened, from_plain(plain), now=NOW)
    post, _ = queries.get_post(MINISTER)
    assert used_in.cases_naming(tomas.actor, post, now=NOW)[0] == []


def test_whoever_closes_a_post_sees_first_which_of_her_cases_name_it(client: Client, opened: OpenCase) -> None:
    client.post(f"/cases/{opened.id}/addressees/choose", {"authority": MINISTER})
    asked = client.post(f"/authorities/posts/{MINISTER}/end", {"part": ""}).content.decode()
    assert f"/cases/{opened.id}/addressees" in asked
    assert queries.get_post(MINISTER)[0].until is None
    client.post(f"/authorities/posts/{MINISTER}/end", {"part": "", "ends": "2026-11-20", "seen": "1"})
    page = client.get(f"/cases/{opened.id}/addressees").content.decode()
    assert "This post is no more. Take it out" in page
    client.post(f"/cases/{opened.id}/addressees/out", {"addressee": "a:directory.xzv-minister"})
    again = client.post(f"/cases/{opened.id}/addressees/choose", {"authority": MINISTER})
    assert (again.status_code, "this post is no more" in again.content.decode()) == (409, True)
