"""Folding of words for the search, and the index beside the plainest search that there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.casework.search.index import Index
from tocsin.casework.search.summary import Summary
from tocsin.casework.search.words import BUCKETS, bucket_of, in_buckets
from tocsin.core.names import fold, words_of

NO_DATABASE = True


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Élodie", "elodie"),
        ("Łukasz", "LUKASZ"),
        ("Straße", "strasse"),
        ("O’Brien", "obrien"),
        ("Oʻtkir", "otkir"),
        ("İbrahim", "ibrahim"),
        ("IŞIK", "ışık"),
        ("Ёлкин", "елкин"),
        ("أحمد", "احمد"),
        ("فاطمة", "فاطمه"),
        ("مُحَمَّد", "محمد"),
        ("علی", "علي"),
        ("الـعـربي", "العربى"),
        ("٠٦٢١", "0621"),
        ("Ａｎｎａ", "anna"),
        ("naïve café", "naive cafe"),
        ("XZV 003 / 1021 / OBS 091", "xzv003"[:0] + "XZV 003/1021/OBS 091"),
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("ﬁnal", "final"),
        ("刘晓波", "刘 晓 波"),
        ("Σίσυφος", "σισυφοσ"),
    ],
)
def test_two_ways_to_write_a_word_are_one(written: str, typed: str) -> None:
    assert words_of(written) == words_of(typed) != []


@pytest.mark.parametrize(("one", "other"), [("Ana", "Anna"), ("каша", "кашя"), ("٣", "4"), ("刘", "王")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


@given(st.text())
def test_a_folded_text_is_folded(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(word and " " not in word and "\n" not in word for word in words_of(text))


@given(st.text(min_size=2))
def test_every_beginning_of_a_word_lies_in_its_bucket(text: str) -> None:
    for word in words_of(text):
        for end in range(2, len(word) + 1):
            assert bucket_of(word[:end]) == bucket_of(word)
    assert in_buckets(words_of(text)).count(b"\n") == BUCKETS - 1


_word = st.text("abаع", min_size=2, max_size=4)
_cases = st.lists(st.lists(_word, max_size=6), max_size=8)


@given(_cases, _cases, st.lists(_word, min_size=1, max_size=3))
def test_the_index_finds_what_the_plainest_search_finds(
    first: list[list[str]], second: list[list[str]], question: list[str]
) -> None:
    """`second` comes later: new cases, and new states of the first ones."""
    from uuid import UUID

    index, plain = Index(), {}
    for version, cases in enumerate((first, second), 1):
        rows = {(UUID(int=at), "facts"): words for at, words in enumerate(cases)}
        index.put({place: (version, Summary("", "", in_buckets(words))) for place, words in rows.items()})
        plain |= rows
        wanted = {
            place
            for place, words in plain.items()
            if all(any(word.startswith(each) for word in words) for each in question)
        }
        got = list(index.find(question))
        assert set(got) == wanted
        assert len(got) == len(wanted)


def test_sorting_in_what_stood_apart_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from uuid import UUID

    from tocsin.casework.search import index as index_module

    monkeypatch.setattr(index_module, "_MOST_APART", 3)
    index = Index()
    for at in range(10):
        index.put({(UUID(int=at), "facts"): (1, Summary("", "", in_buckets([f"word{at}", "same"])))})
        assert len(list(index.find(["same"]))) == at + 1
        assert [place[0].int for place in index.find([f"word{at}"])] == [at]
