"""Files of the directory: what is written is read again, each bad row is named, and nothing is dropped in silence."""

import csv
import datetime as dt
import json
import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from directories import TODAY, directories
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.core.addressing import (
    Check,
    ContactPoint,
    Directory,
    Institution,
    Occupancy,
    Post,
    Reading,
    from_csv,
    from_popolo,
    to_csv,
    to_popolo,
    to_vcards,
)
from tocsin.core.errors import BadDirectory

FORMS: dict[str, tuple[Callable[[Directory], str], Callable[..., Reading]]] = {
    "csv": (to_csv, from_csv),
    "popolo": (to_popolo, from_popolo),
}
forms = pytest.mark.parametrize("form", FORMS)
CASES = tomllib.loads((Path(__file__).parent / "rows.toml").read_text("utf-8"))


@forms
@given(directories())
@example(Directory())
def test_what_is_written_is_read_again(form: str, made: Directory) -> None:
    write, read = FORMS[form]
    reading = read(write(made), Directory(), today=TODAY)
    assert reading.refusals == ()
    assert reading.ignored == ()
    assert reading.directory == made


@forms
@given(directories())
def test_what_is_taken_twice_changes_nothing(form: str, made: Directory) -> None:
    write, read = FORMS[form]
    assert read(write(made), made, today=TODAY).directory == made


@given(directories(), directories())
def test_what_a_file_does_not_mention_stays(known: Directory, other: Directory) -> None:
    reading = from_csv(to_csv(other), known, today=TODAY)
    untouched = known.posts.keys() - other.posts.keys()
    assert {key: reading.directory.posts[key] for key in untouched} == {key: known.posts[key] for key in untouched}
    for key in known.posts.keys() & other.posts.keys():
        now = reading.directory.posts[key]
        parts = {each.part: each for each in (*now.occupancies, *now.contact_points)}
        for each in (*known.posts[key].occupancies, *known.posts[key].contact_points):
            # No check that was ever made is lost.
            assert set(each.checks) <= set(parts[each.part].checks)


@given(directories())
def test_no_cell_of_a_table_is_taken_for_a_formula(made: Directory) -> None:
    cells = [cell for row in csv.reader(to_csv(made).splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t"))]


@given(st.text(max_size=200) | st.binary(max_size=50).map(lambda each: each.decode("latin-1")))
@example("[" * 100_000)
@example('{"posts": [{"id": 1}], "memberships": [null]}')
@example('{"posts": [{"id": {"id": []}, "contact_details": "x", "area": 3, "label": 5}]}')
@example("what,key\npost")
@example('"')
def test_hostile_text_is_refused_and_never_raises_anything_else(text: str) -> None:
    for read in (from_csv, from_popolo):
        with suppress(BadDirectory):
            read(text, Directory(), today=TODAY)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_NAMES = "id label role country organization_id area contact_details styles checks demands type value lang".split()
odd_posts = st.lists(st.dictionaries(st.sampled_from(_NAMES), json_values, max_size=8), max_size=3)


@given(odd_posts, odd_posts)
def test_json_of_any_shape_becomes_rows_or_refusals(posts: Any, memberships: Any) -> None:
    written = json.dumps({"posts": posts, "memberships": memberships})
    try:
        reading = from_popolo(written, Directory(), today=TODAY)
    except BadDirectory:
        return
    assert len(reading.directory.posts) + len(reading.refusals) >= len(posts)


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["why"])
def test_a_bad_row_is_refused_and_named(case: dict[str, Any]) -> None:
    reading = from_csv(CASES["head"] + case["rows"], Directory(), today=TODAY)
    assert [(each.where, each.why) for each in reading.refusals] == [(case["where"], case["why"])]


@pytest.mark.parametrize("case", CASES["broken"], ids=lambda case: case["says"])
def test_a_file_that_is_none_is_refused_whole(case: dict[str, str]) -> None:
    read = from_popolo if case["form"] == "popolo" else from_csv
    with pytest.raises(BadDirectory, match=case["says"]):
        read(case["text"], Directory(), today=TODAY)


def test_the_rows_of_the_table_are_taken_where_nothing_is_wrong() -> None:
    assert from_csv(CASES["head"], Directory(), today=TODAY).refusals == ()


def test_a_file_of_somebody_else_needs_four_keys_and_what_is_not_taken_is_named() -> None:
    theirs = {
        "posts": [
            {
                "id": "mayor",
                "label": "Mayor",
                "role": "mayor",
                "country": "XZV",
                "start_date": "2020-01-01",
                "area": {"id": "karvel", "name": "Karvel"},
                "contact_details": [{"type": "email", "value": "mayor@karvel.example", "note": "mornings only"}],
            }
        ],
        "people": [{"id": "p", "name": "Dora Vint", "gender": "x"}],
        "memberships": [{"person_id": "p", "post_id": "mayor"}],
        "areas": [],
    }
    reading = from_popolo(json.dumps(theirs), Directory(), today=TODAY)
    assert reading.refusals == ()
    assert reading.directory.posts["mayor"].occupancies[0].person == "Dora Vint"
    assert reading.ignored == (
        "areas",
        "persons.gender",
        "posts.area.id",
        "posts.contact_details.note",
        "posts.start_date",
    )


def test_a_table_parted_by_semicolons_in_another_order_of_columns_is_the_same() -> None:
    theirs = "name_en;country;code;key;what\r\nMayor, and others;XZV;mayor;mayor;post\r\n"
    post = from_csv("\ufeff" + theirs, Directory(), today=TODAY).directory.posts["mayor"]
    assert post.names == {"en": "Mayor, and others"}


def test_a_row_stated_again_keeps_the_checks_of_its_line() -> None:
    checks = "check,,,email,minister,,,,,office@justice.example,2026-11-01,bounced,,,,,,\n"
    known = from_csv(CASES["head"] + checks, Directory(), today=TODAY).directory
    again = from_csv(CASES["head"], known, today=TODAY).directory
    assert again == known
    assert [each.result for each in again.posts["minister"].contact_points[0].checks] == ["bounced"]


ENDED = dt.date(2026, 5, 1)


def over(known: Directory) -> Directory:
    """Give a directory in which everything has come to its end."""
    posts = {
        key: replace(
            post,
            until=ENDED,
            occupancies=tuple(replace(each, ends=each.ends or ENDED) for each in post.occupancies),
            contact_points=tuple(replace(each, until=ENDED) for each in post.contact_points),
        )
        for key, post in known.posts.items()
    }
    return Directory({key: replace(each, until=ENDED) for key, each in known.institutions.items()}, posts)


@forms
def test_a_row_without_an_end_opens_nothing_again_and_is_named(form: str) -> None:
    write, read = FORMS[form]
    there = from_csv(CASES["head"], Directory(), today=TODAY).directory
    gone = over(there)
    reading = read(write(there), gone, today=TODAY)
    assert reading.directory == gone
    assert {each.until for each in reading.kept} >= {ENDED}
    parts = [part for post in there.posts.values() for part in (*post.occupancies, *post.contact_points)]
    assert len({each.where for each in reading.kept}) == len(there.institutions) + len(there.posts) + len(parts)
    # Another end is an end, and what is over in the file is so here.
    assert read(write(gone), there, today=TODAY).directory == gone
    assert read(write(gone), gone, today=TODAY).kept == ()


PROPERTIES = {
    "BEGIN",
    "VERSION",
    "UID",
    "KIND",
    "FN",
    "TITLE",
    "ORG",
    "LANG",
    "EMAIL",
    "TEL",
    "ADR",
    "URL",
    "REV",
    "END",
}


@given(directories())
def test_there_is_a_card_for_each_post_that_there_is_and_no_word_of_the_directory_is_a_line_of_its_own(
    made: Directory,
) -> None:
    written = to_vcards(made, TODAY, "en").encode()
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    lines = written.replace(b"\r\n ", b"").decode().split("\r\n")
    assert {re.split("[;:]", line)[0] for line in lines if line} <= PROPERTIES
    assert lines.count("BEGIN:VCARD") == lines.count("END:VCARD")
    assert lines.count("BEGIN:VCARD") == sum(not each.is_closed(TODAY) for each in made.posts.values())


def test_a_card_says_who_holds_the_post_and_how_it_is_reached_and_leaves_out_what_came_back() -> None:
    checked = Check(on=dt.date(2026, 11, 2), result="ok")
    post = Post(
        key="xzv-interior-minister",
        country="XZV",
        office="interior_minister",
        names={"en": "Minister of the Interior", "fr": "Ministre de l'Intérieur"},
        institution="xzv-interior",
        languages=("fr", "en"),
        occupancies=(Occupancy(person="Orven Hald; Jr.", begins=dt.date(2024, 1, 1), checks=(checked,)),),
        contact_points=(
            ContactPoint(type="email", address="office@interior.example", checks=(checked,)),
            ContactPoint(type="email", address="old@interior.example", checks=(replace(checked, result="bounced"),)),
            ContactPoint(type="phone", address="+442079460000"),
            ContactPoint(type="post", address="1 Quay Street, Velm"),
        ),
    )
    body = Institution(key="xzv-interior", country="XZV", kind="ministry", names={"en": "Ministry of the Interior"})
    written = to_vcards(Directory({body.key: body}, {post.key: post}), TODAY, "fr")
    assert written.split("\r\n") == [
        *("BEGIN:VCARD", "VERSION:4.0", "UID;VALUE=text:xzv-interior-minister", "KIND:individual"),
        *(
            "FN:Orven Hald\\; Jr.",
            "TITLE;LANGUAGE=fr:Ministre de l'Intérieur",
            "ORG;LANGUAGE=en:Ministry of the Interior",
        ),
        *("LANG;PREF=1:fr", "LANG;PREF=2:en", "EMAIL:office@interior.example", "TEL;VALUE=uri:tel:+442079460000"),
        *("ADR:;;1 Quay Street\\, Velm;;;;", "REV:20261102T000000Z", "END:VCARD", ""),
    ]
