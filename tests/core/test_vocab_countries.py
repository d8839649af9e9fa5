"""Countries are found by every name that appeals print, and never guessed."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core import vocab
from tocsin.core.errors import BadVocabulary
from tocsin.core.vocab import countries

FOUND = [
    # words, language, alpha-3: add a row for a name that an appeal prints
    ("Kazakhstan", "en", "KAZ"),
    ("KAZAKHSTAN", "en", "KAZ"),
    ("the Republic of Kazakhstan", "en", "KAZ"),
    ("Kazakstan", "en", "KAZ"),
    ("Ivory Coast", "en", "CIV"),
    ("Côte d’Ivoire", "en", "CIV"),
    ("Cote d'Ivoire", "en", "CIV"),
    ("DRC", "en", "COD"),
    ("D.R. Congo", "en", "COD"),
    ("Democratic Republic of Congo", "en", "COD"),
    ("The Democratic Republic of the Congo", "en", "COD"),
    ("Congo-Brazzaville", "en", "COG"),
    ("Republic of the Congo", "en", "COG"),
    ("Turkey", "en", "TUR"),
    ("Türkiye", "en", "TUR"),
    ("Turkiye", "en", "TUR"),
    ("Czech Republic", "en", "CZE"),
    ("Czechia", "en", "CZE"),
    ("Burma", "en", "MMR"),
    ("Burma/Myanmar", "en", "MMR"),
    ("Swaziland", "en", "SWZ"),
    ("Eswatini", "en", "SWZ"),
    ("Occupied Palestinian Territory", "en", "PSE"),
    ("the Occupied Palestinian Territories", "en", "PSE"),
    ("State of Palestine", "en", "PSE"),
    ("OPT", "en", "PSE"),
    ("Kosovo", "en", "XKX"),
    ("Russia", "en", "RUS"),
    ("Russian Federation", "en", "RUS"),
    ("Syrian Arab Republic", "en", "SYR"),
    ("Iran", "en", "IRN"),
    ("Islamic Republic of Iran", "en", "IRN"),
    ("Iran (Islamic Republic of)", "en", "IRN"),
    ("Viet Nam", "en", "VNM"),
    ("Socialist Republic of Vietnam", "en", "VNM"),
    ("Lao PDR", "en", "LAO"),
    ("Lao P.D.R.", "en", "LAO"),
    ("Moldova, Republic of", "en", "MDA"),
    ("United Republic of Tanzania", "en", "TZA"),
    ("Bolivia (Plurinational State of)", "en", "BOL"),
    ("Bolivarian Republic of Venezuela", "en", "VEN"),
    ("Republic of Korea", "en", "KOR"),
    ("Democratic People's Republic of Korea", "en", "PRK"),
    ("People’s Republic of China", "en", "CHN"),
    ("Republic of China", "en", "TWN"),
    ("UK", "en", "GBR"),
    ("U.K.", "en", "GBR"),
    ("U.S.A.", "en", "USA"),
    ("United States", "en", "USA"),
    ("United Arab Emirates", "en", "ARE"),
    ("Kingdom of Saudi Arabia", "en", "SAU"),
    ("Guinea Bissau", "en", "GNB"),
    ("Guinea-Conakry", "en", "GIN"),
    ("The Gambia", "en", "GMB"),
    ("Bosnia-Herzegovina", "en", "BIH"),
    ("North  Macedonia", "en", "MKD"),
    ("St. Lucia", "en", "LCA"),
    ("East Timor", "en", "TLS"),
    ("Kazakhstan", "fr", "KAZ"),
    ("l’Égypte", "fr", "EGY"),
    ("EGYPTE", "fr", "EGY"),
    ("Royaume du Maroc", "fr", "MAR"),
    ("le Royaume de Bahreïn", "fr", "BHR"),
    ("République de Côte d'Ivoire", "fr", "CIV"),
    ("République démocratique du Congo", "fr", "COD"),
    ("RDC", "fr", "COD"),
    ("République du Congo", "fr", "COG"),
    ("République islamique d'Iran", "fr", "IRN"),
    ("République centrafricaine", "fr", "CAF"),
    ("République tchèque", "fr", "CZE"),
    ("Fédération de Russie", "fr", "RUS"),
    ("Turquie", "fr", "TUR"),
    ("Birmanie", "fr", "MMR"),
    ("Viêt-Nam", "fr", "VNM"),
    ("Biélorussie", "fr", "BLR"),
    ("Bélarus", "fr", "BLR"),
    ("Territoire palestinien occupé", "fr", "PSE"),
    ("États-Unis", "fr", "USA"),
    ("Emirats arabes unis", "fr", "ARE"),
    ("les Philippines", "fr", "PHL"),
    ("Kazajistán", "es", "KAZ"),
    ("Kazajstán", "es", "KAZ"),
    ("República Bolivariana de Venezuela", "es", "VEN"),
    ("Estado Plurinacional de Bolivia", "es", "BOL"),
    ("México", "es", "MEX"),
    ("MEXICO", "es", "MEX"),
    ("Estados Unidos Mexicanos", "es", "MEX"),
    ("EE. UU.", "es", "USA"),
    ("El Salvador", "es", "SLV"),
    ("República de El Salvador", "es", "SLV"),
    ("Turquía", "es", "TUR"),
    ("Costa de Marfil", "es", "CIV"),
    ("República Democrática del Congo", "es", "COD"),
    ("Territorios Palestinos Ocupados", "es", "PSE"),
    ("Arabia Saudita", "es", "SAU"),
    ("Bielorrusia", "es", "BLR"),
    ("Республика Казахстан", "ru", "KAZ"),
    ("Российская Федерация", "ru", "RUS"),
    ("КЫРГЫЗСТАН", "ru", "KGZ"),
    ("جمهورية مصر العربية", "ar", "EGY"),
    ("كازاخستان", "ar", "KAZ"),
    ("Kazakhstan", "en-GB", "KAZ"),
]
NOT_FOUND = [
    ("Congo", "en"),  # two countries
    ("Corée", "fr"),  # two countries
    ("us", "en"),  # a word, not the abbreviation
    ("car", "en"),
    ("Zarvania", "en"),  # invented
    ("Kazakh", "en"),  # a nationality
    ("the", "en"),
    ("Republic of", "en"),
    ("", "en"),
    ("Kazakhstan", "de"),  # a language without a table
    ("Kazakhstan " * 40, "en"),
]


@pytest.mark.parametrize(("words", "language", "alpha3"), FOUND)
def test_a_printed_name_finds_its_country(words: str, language: str, alpha3: str) -> None:
    assert vocab.find_country(words, language) == alpha3


@pytest.mark.parametrize(("words", "language"), NOT_FOUND)
def test_what_names_no_country_or_two_finds_none(words: str, language: str) -> None:
    assert vocab.find_country(words, language) is None


@pytest.mark.parametrize(
    ("words", "language", "alpha3"),
    [
        ("Kazakh", "en", "KAZ"),
        ("Kazakhstani", "en", "KAZ"),
        ("Kyrgyz", "en", "KGZ"),
        ("Belarusian", "en", "BLR"),
        ("Nigerian", "en", "NGA"),
        ("Nigerien", "en", "NER"),
        ("South Sudanese", "en", "SSD"),
        ("Burmese", "en", "MMR"),
        ("Filipinos", "en", "PHL"),
        ("marocaines", "fr", "MAR"),
        ("Algérien", "fr", "DZA"),
        ("turque", "fr", "TUR"),
        ("grecques", "fr", "GRC"),
        ("françaises", "fr", "FRA"),
        ("kirghize", "fr", "KGZ"),
        ("mexicana", "es", "MEX"),
        ("iraníes", "es", "IRN"),
        ("libaneses", "es", "LBN"),
        ("estadounidenses", "es", "USA"),
        ("Congolese", "en", None),
        ("congolaise", "fr", None),
        ("Zarvanian", "en", None),
        ("Kazakh", "ru", None),
    ],
)
def test_an_adjective_finds_its_country(words: str, language: str, alpha3: str | None) -> None:
    assert vocab.find_nationality(words, language) == alpha3


@pytest.mark.parametrize(
    ("code", "alpha3"),
    [
        ("KAZ", "KAZ"),
        ("kaz", "KAZ"),
        ("KZ", "KAZ"),
        ("IRA", "IRN"),
        ("ALG", "DZA"),
        ("XKX", "XKX"),
        ("XZV", None),
        ("", None),
        ("KAZA", None),
    ],
)
def test_a_code_gives_its_country(code: str, alpha3: str | None) -> None:
    found = vocab.country(code)
    assert (found.alpha3 if found else None) == alpha3


def test_a_country_has_its_name_in_five_languages_and_english_for_the_rest() -> None:
    found = vocab.country("DZA")
    assert found is not None
    names = [found.name(language) for language in ("en", "fr", "es", "ru", "ar", "de", "fr-CA")]
    assert names == ["Algeria", "Algérie", "Argelia", "Алжир", "الجزائر", "Algeria", "Algérie"]


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [("DZA", "fr", "Algérie"), ("ALG", "en", "Algeria"), ("DZA", "de", "Algeria"), ("XZV", "fr", "XZV")],
)
def test_a_code_is_shown_as_the_name_of_its_country_or_as_itself(code: str, language: str, name: str) -> None:
    assert vocab.country_name(code, language) == name


def test_the_table_holds_all_of_iso_3166_1_and_kosovo() -> None:
    codes = set(vocab.countries_by_name("en").values())
    assert len(codes) == 250
    assert {"ABW", "ZWE", "SSD", "PSE", "TWN", "XKX"} <= codes
    assert all(re.fullmatch(r"[A-Z]{3}", code) for code in codes)


def test_a_code_printed_in_place_of_another_is_no_alpha_3_code_itself() -> None:
    iso = set(vocab.countries_by_name("en").values())
    printed = dict(countries._words("-", "code"))
    assert "IRA" in printed
    assert printed.keys() & iso == set()


def test_every_line_of_the_tables_names_a_country_and_no_word_twice_in_one_line() -> None:
    iso = {*vocab.countries_by_name("en").values(), "-"}
    for alpha3, language, kind, words in countries._rows("country_words.txt", 4):
        assert alpha3 in iso
        assert language in {*countries.LANGUAGES, "-"}
        assert kind in {"name", "nationality", "code", "style"}
        listed = words.split(", ")
        assert len(set(listed)) == len(listed), f"{alpha3} {language} {kind}"


@pytest.mark.parametrize("line", ["XZV|en|name", "XZV|en|name|Zarvania|more", "XZV|en||Zarvania"])
def test_a_line_of_a_table_with_other_columns_is_refused(line: str) -> None:
    with pytest.raises(BadVocabulary, match=r"^words\.txt, XZV: .*4 filled columns"):
        countries.split_rows(f"# words\nXOS|en|name|Ostrevia\n{line}\n", 4, "words.txt")


@pytest.mark.parametrize("language", countries.LANGUAGES)
def test_every_printed_name_that_is_listed_finds_its_own_country(language: str) -> None:
    by_name = vocab.countries_by_name(language)
    assert len(by_name) >= 249
    wrong = {name: code for name, code in by_name.items() if vocab.find_country(name, language) != code}
    assert wrong == {}


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_printed_nationality_that_is_listed_finds_its_own_country(language: str) -> None:
    by_nationality = vocab.countries_by_nationality(language)
    assert len(set(by_nationality.values())) >= 185
    wrong = {word: code for word, code in by_nationality.items() if vocab.find_nationality(word, language) != code}
    assert wrong == {}


@given(st.text(max_size=400), st.sampled_from([*countries.LANGUAGES, "de", "", "x-y"]))
def test_no_text_makes_the_search_for_a_country_raise(words: str, language: str) -> None:
    assert vocab.find_country(words, language) in {None, *vocab.countries_by_name(language).values()}
    assert vocab.find_nationality(words, language) in {None, *vocab.countries_by_nationality(language).values()}
    vocab.country(words)


def test_a_long_text_is_refused_at_once() -> None:
    text = "the republic of " * 200_000
    start = time.perf_counter()
    assert vocab.find_country(text, "en") is None
    assert time.perf_counter() - start < 0.05
