"""Names across scripts: the table of pairs, the evidence, and what must hold for any two texts."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.names import LEAST_SCORE, NameIndex, compare, fold_name, undeclined, without_marks
from tocsin.core.names.structure import no_idea, orders, parts_of

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))
ALIKE = [tuple(each["names"]) for each in CASES["alike"]]
DIFFERENT = [tuple(each["names"]) for each in CASES["different"]]
# Letters of the scripts that names come in, and what is found between them.
TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "M", "Zs", "Pd", "Po", "Cf", "Nd"]), max_size=40)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_two_ways_to_write_a_name_are_alike(one: str, other: str) -> None:
    assert compare(one, other).score >= LEAST_SCORE
    assert compare(other, one).score >= LEAST_SCORE
    assert [found.key for found in NameIndex([("case", one)]).find(other)] == ["case"]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_two_people_are_not(one: str, other: str) -> None:
    assert compare(one, other).score < LEAST_SCORE
    assert compare(other, one).score < LEAST_SCORE
    assert NameIndex([("case", one)]).find(other) == []


@pytest.mark.parametrize(
    ("one", "other", "evidence"),
    [
        ("Tosk, Mirela", "Mirela Tosk", {("mirela", "mirela", "same"), ("tosk", "tosk", "same")}),
        ("Мирела Тоск", "Mirela Tosk", {("мирела", "mirela", "sounds_alike"), ("тоск", "tosk", "sounds_alike")}),
        ("Mirella Tosek", "Mirela Tosk", {("mirella", "mirela", "sounds_alike"), ("tosek", "tosk", "near")}),
        ("M. Tosk", "Mirela Tosk", {("m", "mirela", "initial"), ("tosk", "tosk", "same")}),
        ("Al-Haddad", "حداد", {("haddad", "حداد", "sounds_alike")}),
    ],
)
def test_each_likeness_says_what_stands_for_what(one: str, other: str, evidence: set[tuple[str, str, str]]) -> None:
    assert {(pair.one, pair.other, pair.how) for pair in compare(one, other).pairs} == evidence


def test_two_families_that_no_hand_mixes_up_are_told_apart_among_others_of_the_same_own_name() -> None:
    for asked, listed, below in ((*each["names"], each["below"]) for each in CASES["apart"]):
        others = [(family, f"{listed.split()[0]} {family}") for family in ("Tosk", "Marosh", "Anhalt", "Karv", "Sturm")]
        found = NameIndex([("it", listed), *others]).find(asked)
        assert all(each.likeness.score < below for each in found if each.key == "it"), asked


def test_a_name_that_a_sentence_bends_is_found_as_it_stands_in_a_list() -> None:
    for listed, bent in (each["names"] for each in CASES["declined"]):
        index = NameIndex([("case", listed)])
        assert not index.find(bent, least=0.85), bent
        assert any(index.find(each, least=0.85) for each in undeclined(bent)), bent
    assert not any(NameIndex([("case", "Oren Tavik")]).find(each, least=0.85) for each in undeclined("Ивану Петрову"))
    assert undeclined("Mirela Tosk") == undeclined("") == ()


def test_forms_of_address_are_no_part_of_a_name() -> None:
    assert [word.written for word in fold_name("Dr. Ms. Mirela TOSK")] == ["mirela", "tosk"]


def test_the_most_alike_come_first_and_each_case_once() -> None:
    index = NameIndex([(1, "Mirela Tosek"), (2, "Mirela Tosk"), (2, "Мирела Тоск"), (3, "Davit Anhalt")])
    index.add(4, "Mirella Tosk")
    found = index.find("Mirela Tosk")
    assert [each.key for each in found] == [2, 4, 1]
    assert [each.key for each in index.find("Mirela Tosk", most=1)] == [2]
    assert found[0].likeness.score == 1


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    common = [(number, f"Amin Soko{letter}l") for number, letter in enumerate("bcdfghjklmnprstv")]
    scores = {
        each.key: each.likeness.score for each in NameIndex([*common, (100, "Timur Zurk")]).find("Amin Zurk", least=0)
    }
    assert scores[100] > scores[0] > 0


def test_words_that_several_people_have_are_no_slips_of_the_pen() -> None:
    """Ibanez may be Ianez with a letter too many; where several are called either, they are two families."""
    once = NameIndex([(0, "Mirela Ibanez")])
    assert [each.key for each in once.find("Mirela Ianez")] == [0]
    others = [(number, f"Ada {family}") for number in (1, 2, 3) for family in ("Ibanez", "Ianez")]
    families = NameIndex([(0, "Mirela Ibanez"), *others])
    assert [each.key for each in families.find("Mirela Ianez")] == []
    known = NameIndex([(0, "Mirela Ibanez"), *((n, f"Ada Ibanez {n}") for n in range(1, 70))])
    assert [each.key for each in known.find("Mirela Ianez")] == [0]


def test_the_rarest_word_is_looked_for_however_many_share_the_small_ones() -> None:
    crowd = [(number, f"Hanan Abd al-Rahman al-Kader{letter}") for number, letter in enumerate("bcdfghjklm" * 60)]
    index = NameIndex([*crowd, (1000, "Hanan Ramadan")])
    assert [each.key for each in index.find("Hanan Abd al-Kadir Ramaadan", most=1)] == [1000]


@given(TEXTS, TEXTS)
def test_any_two_texts_have_a_likeness(one: str, other: str) -> None:
    assert 0 <= compare(one, other).score <= 1
    assert {found.key for found in NameIndex([(0, one)]).find(other, least=0)} <= {0}


@given(TEXTS)
def test_a_name_is_like_itself(name: str) -> None:
    assert compare(name, name).score == (pytest.approx(1) if fold_name(name) else 0)


def test_whose_own_name_a_word_is_is_learned_from_the_names_that_came_in() -> None:
    """By order alone "Darwish Salma Khalid" may be a Darwish, son of Salma; the other names tell that he is none."""
    known = [(number, name) for number, name in enumerate(["Salma Haddad", "Khalid Haddad", "Amin Darwish"] * 20)]
    strangers = NameIndex([*known, (100, "Khalid Darwish")])
    assert 100 not in {each.key for each in strangers.find("Darwish Salma Khalid", most=100)}
    same = NameIndex([*known, (100, "Salma Darwish")])
    assert 100 in {each.key for each in same.find("Darwish Salma Khalid", most=100)}


def test_a_family_is_spelled_in_one_way_in_a_script_and_an_own_name_has_forms() -> None:
    known = [(number, name) for number, name in enumerate(["Назар Белов", "Олена Громова", "Елена Белова"] * 20)]
    index = NameIndex([*known, (100, "Назар Тоскев"), (101, "Nazar Toskew"), (102, "Елена Ковальчук")])
    found = {each.key for each in index.find("Назар Тосков", most=200)}
    assert 100 not in found
    assert 102 in {each.key for each in index.find("Олена Ковальчук", most=200)}
    names = ["سلمى حداد", "سلمى نجار", "خالد حداد"]
    arabic = NameIndex(
        [*((number, name) for number, name in enumerate(names * 20)), (100, "سلمى ظاهر"), (101, "سلمى الغحاب")]
    )
    found = {each.key for name in ("سلمى ضاهر", "سلمى الغخاب") for each in arabic.find(name, most=200)}
    assert found.isdisjoint({100, 101})
    assert 101 in {each.key for each in arabic.find("سلمى غحاب", most=200)}


def test_nobody_is_called_whose_child_she_is() -> None:
    name = fold_name("bin Yusuf Jamila")
    likeliest = max(orders(name, parts_of(name), no_idea), key=lambda order: order.likely)
    assert (likeliest.given, likeliest.family) == (1, 0)
    assert likeliest.likely > 0.9


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Mirela Tosk", [[0], [1]]),
        ("Jean-Pierre Tosk", [[0, 1], [2]]),
        ("Muhammad Abd al-Rahman al-Tahhan", [[0], [1, 2, 3], [4, 5]]),
        ("Ada de la Cruz", [[0], [1, 2, 3]]),
        ("Tosk oglu", [[0, 1]]),
        ("bin", [[0]]),
        ("", []),
    ],
)
def test_a_name_has_parts(name: str, parts: list[list[int]]) -> None:
    assert parts_of(fold_name(name)) == parts


@given(TEXTS)
def test_every_word_is_in_one_part_and_the_orders_make_one(name: str) -> None:
    folded = fold_name(name)
    parts = parts_of(folded)
    assert sorted(at for part in parts for at in part) == list(range(len(folded)))
    if len(parts) > 1:
        assert sum(order.likely for order in orders(folded, parts, no_idea)) == pytest.approx(1)


def test_marks_are_taken_away_and_letters_stay() -> None:
    assert without_marks("Ёлка Ñandú مُحَمَّد\u200e ﬁ") == "Елка Nandu محمد fi"
