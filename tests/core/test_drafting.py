"""Writing on in a composed appeal: what sentences rest on, what leaves with the words, what two versions differ in."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import ROOT
from tocsin.core.appeal import to_json
from tocsin.core.codes import parse
from tocsin.core.compose import Composition, compose
from tocsin.core.drafting import (
    Passage,
    changes,
    passages,
    same_texts,
    with_code,
    with_new_paragraph,
    with_text,
    without_unsaid,
)
from tocsin.core.errors import BadRequest
from tocsin.core.records import from_yaml

STORY = "sections[0].paragraphs"


@cache
def composed(language: str = "en") -> Composition:
    return compose(from_yaml((ROOT / "examples/case.yaml").read_text("utf-8")), language=language)


def at(composition: Composition, path: str) -> Passage:
    return next(each for each in passages(composition) if each.path == path)


def test_every_text_that_is_printed_can_be_written_anew_but_lists_of_the_case() -> None:
    whole = composed()
    listed = {each.role for each in passages(whole)}
    assert listed >= {
        "title",
        "opening",
        "heading",
        "situation",
        "position",
        "actions",
        "demand",
        "request",
        "about",
        "note",
    }
    for each in passages(whole):
        written = with_text(whole, each.path, f"{each.words} More words.")
        assert at(written, each.path).words == f"{each.words} More words."


def test_a_sentence_that_stays_keeps_its_records_and_a_new_one_has_those_that_are_named() -> None:
    whole = composed()
    told = at(whole, f"{STORY}[1]")
    first = told.words.partition(". ")[0] + "."
    kept = at(with_text(whole, told.path, f"{first} Nobody was told why.", ["e14"]), told.path)
    before = next(each.records for each in whole.grounds if each.path == told.path)
    assert kept.records == (*before, "e14")
    assert kept.ungrounded == ()
    bare = at(with_text(whole, told.path, f"{first} Nobody was told why."), told.path)
    assert bare.ungrounded == ("Nobody was told why.",)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_what_is_saved_as_it_stands_is_no_change(language: str) -> None:
    whole = composed(language)
    for each in passages(whole):
        assert with_text(whole, each.path, each.words.replace(" ", "\r\n ")) == whole, each.path


def test_french_keeps_its_spaces_and_what_its_other_sentences_rest_on() -> None:
    whole = composed("fr")
    spaced = [each for each in passages(whole) if "\u00a0" in each.words and each.role == "situation"]
    assert spaced
    for each in spaced:
        longer = at(with_text(whole, each.path, f"{each.words} Personne ne sait où il est."), each.path)
        assert longer.words.startswith(each.words)
        assert set(longer.records) == set(each.records)
        assert longer.ungrounded == (*each.ungrounded, "Personne ne sait où il est.")


def test_a_sentence_that_rested_on_nothing_is_given_records_and_takes_none_of_a_new_ones() -> None:
    told = at(composed(), f"{STORY}[1]")
    whole = with_text(composed(), told.path, f"{told.words} Nobody was told why.")
    assert at(whole, told.path).ungrounded == ("Nobody was told why.",)
    given = at(with_text(whole, told.path, at(whole, told.path).words, ["e14"]), told.path)
    assert (given.records, given.ungrounded) == ((*told.records, "e14"), ())
    other = at(with_text(whole, told.path, f"{at(whole, told.path).words} He was not seen again.", ["e14"]), told.path)
    assert other.ungrounded == ("Nobody was told why.",)


def test_grounds_are_where_their_sentences_are() -> None:
    whole = with_text(composed(), f"{STORY}[2]", "")
    whole = with_new_paragraph(whole, f"{STORY}[0]", "One was added. And another.", ["e01"])
    words = {each.path: each.words for each in passages(whole)}
    for ground in whole.grounds:
        assert words[ground.path][ground.start : ground.end].strip(), ground
    assert at(whole, f"{STORY}[1]").records == ("e01",)
    untouched = at(composed(), f"{STORY}[1]")
    assert at(whole, f"{STORY}[2]") == Passage(f"{STORY}[2]", "situation", untouched.words, untouched.records)


def test_a_demand_without_words_is_taken_out_with_its_grounds() -> None:
    whole = composed()
    second = at(whole, "demands[1]")
    fewer = with_text(whole, "demands[0]", "")
    assert len(fewer.document.demands) == len(whole.document.demands) - 1
    assert at(fewer, "demands[0]") == Passage("demands[0]", "demand", second.words, second.records, second.ungrounded)


@pytest.mark.parametrize("path", ["title", "opening", "about", "sections[0].heading"])
def test_what_has_to_say_something_cannot_be_empty(path: str) -> None:
    with pytest.raises(BadRequest):
        with_text(composed(), path, "  ")


@pytest.mark.parametrize("path", ["", "facts", "addressees[0]", f"{STORY}[99]", "demands[-1]", "title.text"])
def test_there_are_no_other_texts(path: str) -> None:
    with pytest.raises(BadRequest):
        with_text(composed(), path, "words")
    with pytest.raises(BadRequest):
        with_new_paragraph(composed(), path, "words")


def test_a_name_that_no_text_says_stands_in_no_data() -> None:
    """Data are published beside the text: whoever is struck from one is struck from the other."""
    whole = composed()
    assert "Mirela Tosk" in {each.name for each in whole.document.facts.people}
    for each in passages(whole):
        words = each.words.replace("Mirela Tosk", "a defender").replace("Tosk", "N.")
        if words != each.words:
            whole = with_text(whole, each.path, words)
    assert "Tosk" not in to_json(with_code(whole.document, None))
    assert {each.name for each in whole.document.facts.people} == {"Davit Anhalt"}


def test_what_was_composed_says_nothing_that_its_text_does_not_say() -> None:
    for language in ("en", "fr"):
        document = composed(language).document
        assert {each.name for each in without_unsaid(document).facts.people} == {
            each.name for each in document.facts.people
        }


@given(st.sampled_from([each.path for each in passages(composed())]), st.text(max_size=80))
def test_any_words_can_be_written_and_are_there(path: str, words: str) -> None:
    plain = " ".join(words.split())
    try:
        written = with_text(composed(), path, words)
    except BadRequest:
        assert not plain
        return
    if plain:
        assert at(written, path).words == plain
    for ground in written.grounds:
        assert 0 <= ground.start <= ground.end


def test_two_versions_differ_in_what_was_written_and_in_nothing_else() -> None:
    whole = composed()
    assert changes(whole, whole) == ()
    title = at(whole, "title").words
    other = with_text(whole, "title", title.replace("Attack", "Assault"))
    (change,) = changes(whole, other)
    assert change.role == "title"
    assert [(each.kind, each.words.strip()) for each in change.pieces if each.kind != "same"] == [
        ("out", "Attack"),
        ("in", "Assault"),
    ]
    more = with_new_paragraph(other, f"{STORY}[0]", "One was added.")
    assert [(each.role, each.pieces[0].kind) for each in changes(other, more)] == [("situation", "in")]
    back = changes(more, whole)
    assert "".join(piece.words for each in back for piece in each.pieces if piece.kind == "out").count("added") == 1


def test_a_code_is_put_on_and_taken_off() -> None:
    document = with_code(composed().document, parse("XZV 004 / 1126 / OBS 092.1").code)
    assert document.reference is not None
    assert (document.reference.canonical, document.reference.follow_up) == ("XZV 004 / 1126 / OBS 092.1", 1)
    assert with_code(document, None).reference is None


def test_what_nobody_has_translated_is_known_by_its_words() -> None:
    english, french = composed().document, composed("fr").document
    assert len(same_texts(english, english)) == len(passages(composed()))
    assert "title" not in same_texts(french, with_text(composed("fr"), "title", "Autre titre").document)
