"""How sure a line is, how its holder is addressed, and what of it becomes a record of a case."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from directories import TODAY, directories
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core import vocab
from tocsin.core.addressing import (
    Asked,
    Check,
    ContactPoint,
    Directory,
    Need,
    Occupancy,
    Post,
    Style,
    addressee_id,
    good_for,
    holding,
    key_of,
    letter_forms,
    names_post,
    normal_address,
    offered_channels,
    outdated,
    overall,
    proposal_of,
    propose,
    reaching,
    with_addressee,
    without_addressee,
)
from tocsin.core.records import from_yaml, to_plain

CASE = from_yaml((Path(__file__).parents[3] / "examples/case.yaml").read_text("utf-8"))
MINISTER = Post(
    key="xzv-minister",
    country="XZV",
    office="minister_justice",
    names={"en": "Minister of Justice", "fr": "Ministre de la Justice"},
    occupancies=(Occupancy(person="Yevanna Brill", title="Ms.", begins=dt.date(2019, 11, 2)),),
    contact_points=(ContactPoint(type="email", address="minister@justice.example"),),
)


def ago(days: int, result: str = "ok") -> Check:
    return Check(on=TODAY - dt.timedelta(days=days), result=result)


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        ([], "unverified"),
        ([ago(0)], "verified"),
        ([ago(90)], "verified"),
        ([ago(91)], "stale"),
        ([ago(200), ago(3)], "verified"),
        ([ago(9), ago(3, "bounced")], "failed"),
        ([ago(9, "bounced"), ago(3)], "verified"),
        ([ago(3), ago(3, "full")], "failed"),
        ([ago(9, "gone")], "failed"),
        ([ago(9), ago(3, "unknown")], "verified"),
        ([ago(3, "unknown")], "unverified"),
    ],
)
def test_a_way_is_as_sure_as_its_last_check(checks: list[Check], state: str) -> None:
    way = replace(MINISTER.contact_points[0], checks=tuple(checks))
    found = reaching(replace(MINISTER, contact_points=(way,)), TODAY, {})
    assert found is not None
    assert found.state == state


@pytest.mark.parametrize(
    ("changed", "state"), [(0, "stale"), (3, "verified"), (4, "verified"), (2, "stale"), (None, "verified")]
)
def test_a_change_of_government_voids_the_checks_before_it(changed: int | None, state: str) -> None:
    post = replace(MINISTER, occupancies=(replace(MINISTER.occupancies[0], checks=(ago(3),)),))
    turnovers = {} if changed is None else {"XZV": TODAY - dt.timedelta(days=changed)}
    assert holding(post, TODAY, turnovers).state == state
    assert holding(post, TODAY, {"XOS": TODAY}).state == "verified"


@given(directories(), st.integers(0, 400))
def test_with_time_alone_nothing_becomes_surer(directory: Directory, days: int) -> None:
    later = TODAY + dt.timedelta(days=days)
    for post in directory.posts.values():
        if all(each.ends is None for each in post.occupancies) and all(p.until is None for p in post.contact_points):
            if overall(post, later, {}) == "verified":
                assert overall(post, TODAY, {}) == "verified"
            if overall(post, TODAY, {"XZV": TODAY}) == "verified":
                assert overall(post, TODAY, {}) == "verified"


def test_an_embassy_without_a_holder_is_as_sure_as_its_address_and_a_post_that_lost_its_holder_is_not() -> None:
    sure = replace(MINISTER, contact_points=(replace(MINISTER.contact_points[0], checks=(ago(1),)),))
    assert overall(replace(sure, office="embassy", occupancies=()), TODAY, {}) == "verified"
    gone = replace(sure.occupancies[0], ends=TODAY)
    assert overall(replace(sure, occupancies=(gone,)), TODAY, {}) == "vacant"
    assert overall(replace(sure, contact_points=(), occupancies=()), TODAY, {}) == "unverified"


def test_every_channel_and_the_holder_have_their_days() -> None:
    assert set(good_for()) == {"occupancy", *offered_channels()}


@pytest.mark.parametrize(
    ("channel", "written", "address"),
    [
        ("email", " Office@Ministry.EXAMPLE ", "Office@ministry.example"),
        ("web_form", "HTTPS://Ministry.example/Write", "https://ministry.example/Write"),
        ("phone", "+44 20 7946 0411", "+442079460411"),
        ("twitter", "MinistryXZV", "@MinistryXZV"),
        ("mastodon", "@office@Server.example", "@office@server.example"),
        ("post", "1  Bastion Square", "1 Bastion Square"),
    ],
)
def test_an_address_has_one_form_and_is_its_own(channel: str, written: str, address: str) -> None:
    assert normal_address(channel, written) == address
    assert normal_address(channel, address) == address


@pytest.mark.parametrize(
    ("channel", "written"),
    [
        ("email", "a@b.example, c@d.example"),
        ("email", "a@b.example\nBcc: c@d.example"),
        ("email", "a..b@c.example"),
        ("email", "a@localhost"),
        ("email", "a@b.example?subject=x"),
        ("email", "ministr\u0443@b.example"),
        ("web_form", "javascript:alert(1)"),
        ("web_form", "https://user:word@ministry.example"),
        ("web_form", 'https://ministry.example/"><b>'),
        ("phone", "911"),
        ("phone", "+1"),
        ("twitter", "@minister of justice"),
        ("post", "1 Bastion\u202e Square"),
        ("post", ""),
        ("whatsapp", "+442079460411"),
        ("carrier_pigeon", "x"),
    ],
)
def test_what_is_no_address_of_its_channel_is_refused(channel: str, written: str) -> None:
    with pytest.raises(ValueError, match=r"^(this is no|by this channel)"):
        normal_address(channel, written)


@given(st.sampled_from(sorted(vocab.load("channel_types"))), st.text(max_size=40))
def test_an_address_is_in_normal_form_or_refused(channel: str, written: str) -> None:
    try:
        address = normal_address(channel, written)
    except ValueError:
        return
    assert normal_address(channel, address) == address
    assert address.isprintable() or channel in {"post", "note_verbale", "in_person"}


@pytest.mark.parametrize(
    ("title", "language", "salutations"),
    [
        ("Ms.", "fr", ("Madame la Ministre,",)),
        ("Mr.", "fr", ("Monsieur le Ministre,",)),
        ("", "fr", ("Monsieur le Ministre,", "Madame la Ministre,")),
        ("Dr.", "fr", ("Monsieur le Ministre,", "Madame la Ministre,")),
        ("Ms.", "en", ("Dear Minister,",)),
        ("", "en", ("Dear Minister,",)),
        ("Sra.", "es", ("Señora Ministra:",)),
        ("г-жа", "ru", ("Уважаемая госпожа Министр!",)),
    ],
)
def test_a_letter_opens_as_the_title_of_the_holder_asks(
    title: str, language: str, salutations: tuple[str, ...]
) -> None:
    post = replace(MINISTER, occupancies=(replace(MINISTER.occupancies[0], title=title),))
    assert next(each for each in letter_forms(post, TODAY) if each.language == language).salutations == salutations


@pytest.mark.parametrize("office", vocab.load("posts"))
def test_every_office_is_addressed_in_five_languages_without_a_hole(office: str) -> None:
    forms = letter_forms(replace(MINISTER, office=office), TODAY)
    assert [each.language for each in forms] == ["en", "fr", "es", "ru", "ar"]
    for each in forms:
        assert all(each.salutations)
        assert each.closing
        assert "{" not in each.closing
        assert "/" not in "".join(each.salutations)


def test_what_protocol_asks_of_one_post_counts_before_its_rank() -> None:
    post = replace(
        MINISTER, styles={"fr": Style(salutation="Madame la Garde des sceaux,"), "kk-Cyrl": Style(salutation="x")}
    )
    forms = {each.language: each for each in letter_forms(post, TODAY)}
    assert forms["fr"].salutations == ("Madame la Garde des sceaux,",)
    assert "Madame la Garde des sceaux" in forms["fr"].closing
    assert forms["fr"].is_own
    assert not forms["en"].is_own
    assert forms["kk-Cyrl"].salutations == ("x",)


def chosen(post: Post = MINISTER):  # type: ignore[no-untyped-def]
    proposal = proposal_of(Need(frozenset({"XZV"}), ()), post, today=TODAY, turnovers={})
    return with_addressee(CASE, proposal, Directory({}, {post.key: post}), TODAY, {})


def test_a_post_that_is_chosen_becomes_an_addressee_as_it_is_that_day() -> None:
    case = chosen()
    addressee = case.addressees[-1]
    assert (addressee.id, addressee.title, addressee.person) == ("a:directory.xzv-minister", "Ms.", "Yevanna Brill")
    assert key_of(addressee) == MINISTER.key
    assert names_post(addressee, MINISTER)
    assert [each.value for each in addressee.channels] == ["minister@justice.example"]
    assert addressee.id in case.appeal.addressees
    assert from_yaml_of(case) == case
    # Chosen twice is chosen once.
    proposal = proposal_of(Need(frozenset({"XZV"}), ()), MINISTER, today=TODAY, turnovers={})
    assert with_addressee(case, proposal, Directory({}, {MINISTER.key: MINISTER}), TODAY, {}) == case


@pytest.mark.parametrize(
    ("place", "residence", "seat"),
    [
        ("Brussels", "BEL", "Brussels, Belgium"),
        ("Brussels, Belgium", "BEL", "Brussels, Belgium"),
        ("", "BEL", "Belgium"),
        ("Port Asha, Belmara", "XBM", "Port Asha, Belmara"),
        ("", "", None),
    ],
)
def test_where_an_embassy_sits_is_told_with_its_country(place: str, residence: str, seat: str | None) -> None:
    embassy = replace(MINISTER, office="embassy", place=place, residence=residence)
    assert chosen(embassy).addressees[-1].location == seat


def from_yaml_of(case):  # type: ignore[no-untyped-def]
    from tocsin.core.records import from_plain

    return from_plain(to_plain(case))


def test_taken_out_the_case_is_as_it_was() -> None:
    assert without_addressee(chosen(), addressee_id(MINISTER.key)) == CASE
    assert without_addressee(CASE, "a99") == CASE


def test_with_an_addressee_go_the_words_that_a_demand_names_it_by() -> None:
    assert any("a2" in each.competent for each in CASE.demands)
    case = without_addressee(CASE, "a2")
    assert all("a2" not in each.competent for each in case.demands)
    assert "a2" not in case.appeal.addressees
    assert from_yaml_of(case) == case


@given(directories())
def test_whatever_the_directory_holds_can_be_chosen_and_taken_out_again(directory: Directory) -> None:
    case = CASE
    for post in directory.posts.values():
        proposal = proposal_of(Need(frozenset({"XZV"}), ()), post, today=TODAY, turnovers={})
        case = with_addressee(case, proposal, directory, TODAY, {})
    assert from_yaml_of(case) == case
    for post in directory.posts.values():
        case = without_addressee(case, addressee_id(post.key))
    assert case == CASE


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({}, ""),
        ({"occupancies": ()}, "holder"),
        ({"occupancies": (Occupancy(person="Orla Tamsin"),)}, "holder"),
        ({"contact_points": ()}, "ways"),
        ({"contact_points": (replace(MINISTER.contact_points[0], until=TODAY),)}, "ways"),
        ({"contact_points": (*MINISTER.contact_points, ContactPoint(type="twitter", address="@justice"))}, ""),
        ({"names": {"en": "Minister for Justice"}}, ""),
    ],
)
def test_an_addressee_whom_the_directory_has_otherwise_by_now_says_so(change: dict[str, object], what: str) -> None:
    addressee = chosen().addressees[-1]
    assert outdated(addressee, replace(MINISTER, **change), TODAY) == what  # type: ignore[arg-type]


def test_an_addressee_written_by_hand_is_known_by_its_address() -> None:
    hand = CASE.addressees[2]
    assert key_of(hand) == key_of(replace(hand, id="a:k7m2qx")) == ""
    theirs = ContactPoint(type="email", address=hand.channels[0].value)
    for each in (hand, replace(hand, id="a:k7m2qx")):
        assert names_post(each, replace(MINISTER, contact_points=(theirs,)))
    assert not names_post(hand, replace(MINISTER, country="XOS", contact_points=(theirs,)))
    assert not names_post(hand, MINISTER)


@pytest.mark.parametrize(("until", "is_there"), [(0, False), (-1, False), (1, True), (None, True)])
def test_a_post_that_is_no_more_is_held_by_nobody_reached_by_nothing_and_proposed_to_nobody(
    until: int | None, is_there: bool
) -> None:
    day = TODAY + dt.timedelta(days=until) if until is not None else None
    post = replace(MINISTER, until=day)
    assert (post.occupancy(TODAY) is not None, bool(post.open_contact_points(TODAY))) == (is_there, is_there)
    assert (overall(post, TODAY, {}) != "replaced") == is_there
    need = Need(frozenset({"XZV"}), (Asked("d1", "i", ("release",)),))
    proposed = propose(need, Directory(posts={post.key: post}), today=TODAY, turnovers={})
    assert [each.post.key for each in proposed.proposals] == [post.key] * is_there
    taken = with_addressee(CASE, proposal_of(need, MINISTER, today=TODAY, turnovers={}), Directory(), TODAY, {})
    assert (outdated(taken.addressees[-1], post, TODAY) == "closed") != is_there
