"""Phrases with braces: what one of them stands for, and that all lexicons can be spelt out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core import vocab
from tocsin.core.reader.lexicon import DATED, LANGUAGES, load, spell_out

SUBJECTS = ("acts", "channels", "groups", "justice", "people", "structure", "time", "verbs")


@pytest.mark.parametrize(
    ("phrase", "forms"),
    [
        ("was arrested", ["was arrested"]),
        ("charge{,s}", ["charge", "charges"]),
        ("{was,were} held", ["was held", "were held"]),
        ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]),
        (
            "{acusad{o,a},imputad{o,a}} de",
            ["acusado de", "acusada de", "imputado de", "imputada de"],
        ),
        ("first, {second,third}", ["first, second", "first, third"]),
    ],
)
def test_braces_hold_what_may_stand_in_a_place(phrase: str, forms: list[str]) -> None:
    assert spell_out(phrase) == forms


@pytest.mark.parametrize("phrase", ["{a,b", "a}", "a,b}", "{a{b}", "{a}}"])
def test_braces_that_do_not_match_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="a brace is left open or closed too often"):
        spell_out(phrase)


WORDS = st.text("abc é'", max_size=4)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_each_choice_is_combined_with_each(slots: list[list[str]]) -> None:
    forms = [""]
    for slot in slots:
        forms = [form + word for form in forms for word in slot]
    assert spell_out("".join("{" + ",".join(slot) + "}" for slot in slots)) == forms


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_lexicon_holds_no_brace_once_it_is_loaded(language: str, subject: str) -> None:
    assert not [phrase for phrase in _phrases(load(language, subject)) if set("{}") & set(phrase)]


@pytest.mark.parametrize("language", DATED)
def test_every_language_has_its_months(language: str) -> None:
    assert load(language, "time")["months"]


@pytest.mark.parametrize("language", DATED)
def test_every_language_has_its_labels_of_channels(language: str) -> None:
    labels = set(load(language, "channels")["labels"])
    assert {"email", "phone", "fax"} <= labels <= {*vocab.load("channel_types"), "salutation"}


def _phrases(value: object) -> list[str]:
    if isinstance(value, dict):
        return [phrase for each in value.values() for phrase in _phrases(each)]
    if isinstance(value, list):
        return [phrase for each in value for phrase in _phrases(each)]
    return [value] if isinstance(value, str) else []
