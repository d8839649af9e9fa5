"""One code at a time: what is read, printed, and named as odd."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.codes import (
    OBSERVATORY,
    ODDITIES,
    Code,
    format_code,
    is_country,
    list_schemes,
    load_scheme,
    parse,
    read_scheme,
    slug,
)
from tocsin.core.errors import BadCode

# As printed, date of the document, canonical form, oddities. Codes of published appeals, from the years 2001 to 2021.
PRINTED = [
    ("AZE 003/1203/OBS 068", "2003-12-17", "AZE 003 / 1203 / OBS 068", "missing_space"),
    ("COD 001 / 0306 / OBS 024.1", "2006-11-02", "COD 001 / 0306 / OBS 024.1", ""),
    ("ARG 004 / 0707 / OBS 078", "2007-07-16", "ARG 004 / 0707 / OBS 078", ""),
    ("COD 003 / 0408 / OBS 059", "2008-04-21", "COD 003 / 0408 / OBS 059", ""),
    ("COD 005 / 0409 / OBS 056", "2009-04-01", "COD 005 / 0409 / OBS 056", ""),
    ("HND 003 / 0609 / OBS 091", "2009-07-09", "HND 003 / 0609 / OBS 091", ""),
    ("COD 009 / 0809 / OBS 115", "2009-08-07", "COD 009 / 0809 / OBS 115", ""),
    ("COD 002 / 0310 / OBS 031", "2010-03-08", "COD 002 / 0310 / OBS 031", ""),
    ("IRN 006 / 0910 / OBS 108.4", "2012-11-22", "IRN 006 / 0910 / OBS 108.4", ""),
    ("BLR 001 / 0111 / OBS 004", "2011-01-18", "BLR 001 / 0111 / OBS 004", ""),
    ("BHR 001 / 0215 / OBS 011.2", "2015-03-25", "BHR 001 / 0215 / OBS 011.2", ""),
    ("COD 003 / 0215 / OBS 020", "2016-02-26", "COD 003 / 0215 / OBS 020", ""),
    ("COD 002 / 0217 / OBS020.1", "2018-01-11", "COD 002 / 0217 / OBS 020.1", "missing_space"),
    ("TUN 001 / 0517 / OBS 052.1", "2018-06-08", "TUN 001 / 0517 / OBS 052.1", ""),
    ("EGY 005 / 1117 / OBS 114.1", "2018-01-25", "EGY 005 / 1117 / OBS 114.1", ""),
    ("IRN 001 / 0618 / OBS 085.2", "2020-08-21", "IRN 001 / 0618 / OBS 085.2", ""),
    ("BLR 004 / 0321 / OBS 032", "2021-03-10", "BLR 004 / 0321 / OBS 032", ""),
    ("IRA 001 / 0621 / OBS 064", "2021-06-08", "IRN 001 / 0621 / OBS 064", "not_iso_country country_alias"),
    ("KAZ 002 / 0621 / OBS 065", "2021-06-08", "KAZ 002 / 0621 / OBS 065", ""),
    ("BLR 007 / 0721 / OBS 080.1", "2021-07-15", "BLR 007 / 0721 / OBS 080.1", ""),
    ("KGZ 003 /0106/ OBS 058", "2001-06-29", "KGZ 003 / 0601 / OBS 058", "year_month_order missing_space"),
    ("KGZ 003 /0106/ OBS 058", "2006-02-01", "KGZ 003 / 0106 / OBS 058", "missing_space"),
    ("KGZ 003 /0106/ OBS 058", None, "KGZ 003 / 0106 / OBS 058", "ambiguous_order missing_space"),
    (
        "ALG 001/1404/OBS 024",
        "2004-04-14",
        "DZA 001 / 0404 / OBS 024",
        "not_iso_country country_alias day_month_order missing_space",
    ),
    ("SAU 001/0304/OBS 017", "2004-03-20", "SAU 001 / 0304 / OBS 017", "missing_space"),
    ("TUR 005 /0717 / OBS 078.3", "2018-01-01", "TUR 005 / 0717 / OBS 078.3", "missing_space"),
    ("SAU003 / 0518 / OBS073", "2018-05-24", "SAU 003 / 0518 / OBS 073", "missing_space"),
    ("BHR 002 / 0812 / OBS048.21", "2015-09-01", "BHR 002 / 0812 / OBS 048.21", "missing_space"),
    ("CHN 004 / 0718 / OBS 91", "2018-07-10", "CHN 004 / 0718 / OBS 091", "unpadded_number"),
    ("DZA 002 / 0703 / OBS 064.01", "2003-12-01", "DZA 002 / 0703 / OBS 064.1", "padded_follow_up"),
    ("UZB 003 / 0509 / OBS 0075", "2009-05-20", "UZB 003 / 0509 / OBS 075", "padded_number"),
    ("XZV  002 / 0621 / OBS 065", None, "XZV 002 / 0621 / OBS 065", "extra_space"),
    ("XZV 002 0621 OBS 065", None, "XZV 002 / 0621 / OBS 065", "missing_slash"),
    ("XZV 002 - 0621 - OBS 065", None, "XZV 002 / 0621 / OBS 065", "other_separator"),
    ("XZV 002 ⁄ 0621 ⁄ OBS 065", None, "XZV 002 / 0621 / OBS 065", "other_slash"),
    ("XZV 002 / 1321 / OBS 065", "2021-06-08", "XZV 002 / 0021 / OBS 065", "impossible_month"),
    ("XZV 002 / 0623 / OBS 065", "2021-06-08", "XZV 002 / 0623 / OBS 065", "after_document_date"),
    ("xzv 002 / 0621 / obs 065", None, "XZV 002 / 0621 / OBS 065", "lower_case"),
    ("xzv-002-0621-obs-065-1", None, "XZV 002 / 0621 / OBS 065.1", "slug_form"),
    ("XZV OO2 / O62l / 0BS O65.l", None, "XZV 002 / 0621 / OBS 065.1", "letter_for_digit"),
    ("КАZ 002 / 0621 / ОВЅ 065", None, "KAZ 002 / 0621 / OBS 065", "look_alike_letters"),
    ("ＫＡＺ 002 / 0621 / ＯＢＳ 065", None, "KAZ 002 / 0621 / OBS 065", "look_alike_letters"),
    ("XZV ٠٠٢ / ٠٦٢١ / OBS ٠٦٥٫١", None, "XZV 002 / 0621 / OBS 065.1", "other_separator other_digits"),
    ("XZV\u00a0002\u202f/ 0621 / OBS 065", None, "XZV 002 / 0621 / OBS 065", "unusual_space"),
    ("XZV 0\u00ad02 / 06\u200b21 / OBS\u200e 065", None, "XZV 002 / 0621 / OBS 065", "invisible_character"),
    ("XZV 002 / 0621 /\nOBS 065", None, "XZV 002 / 0621 / OBS 065", "line_wrap"),
    ("XZV 002 / 0621 /\n> > OBS 065", None, "XZV 002 / 0621 / OBS 065", "quote_mark"),
    ("XZV&nbsp;002 &#x2F; 0621 / OBS 065", None, "XZV 002 / 0621 / OBS 065", "html_entity"),
    ("XZV 002 / 0621 / *OBS 065*", None, "XZV 002 / 0621 / OBS 065", "markup"),
    ("XZV 002 / 062021 / OBS 065", None, "XZV 002 / 0621 / OBS 065", "long_year"),
    ("XZV 002 / 06/21 / OBS 065", None, "XZV 002 / 0621 / OBS 065", "split_month"),
    ("XZV 002 / 06/2021 / OBS 065.1", None, "XZV 002 / 0621 / OBS 065.1", "long_year split_month"),
    ("XZV 002 / 0621 / 065", None, "XZV 002 / 0621 / OBS 065", "missing_series"),
]


@pytest.mark.parametrize(("printed", "on", "canonical", "oddities"), PRINTED)
def test_a_printed_code_is_read_and_its_oddities_are_named(
    printed: str, on: str | None, canonical: str, oddities: str
) -> None:
    read = parse(printed, on=date.fromisoformat(on) if on else None)
    assert format_code(read.code) == canonical
    assert set(read.oddities) == set(oddities.split())
    assert read.as_printed == printed


def test_the_parts_of_a_code_are_named() -> None:
    assert parse("KAZ 002 / 0621 / OBS 065.1").code == Code(
        country="KAZ", country_number=2, month=6, year=2021, series="OBS", number=65, follow_up=1
    )


def test_a_chain_is_its_series_year_and_number_whatever_the_country_number() -> None:
    drifting = ["BHR 001 / 0812 / OBS048.19", "BHR 002 / 0812 / OBS048.21", "BHR 006 / 0812 / OBS 048.32"]
    assert {parse(printed).code.chain for printed in drifting} == {("OBS", 2012, 48)}


def test_years_before_2000_begin_with_the_programme() -> None:
    assert parse("XZV 001 / 1297 / OBS 001").code.year == 1997
    assert parse("XZV 001 / 1296 / OBS 001").code.year == 2096


NO_CODES = [
    "", " ", "OBS", "KAZ 002", "hello", "KAZ 002 / 0621 / OBS", "KAZ 002 / 0621 / XYZ 065", "12/05/2021",
    "OBS 065 / 2021", "EGY005 / 1116", "KAZ 002 / 0621 / OBS 065 and more", "KAZ 002 / 0621 / OBS 065.0",
    "KAZ 000 / 0621 / OBS 065",
    "KAZ 002 / 0621 / OBS 000", "KAZ 002 / 0621 / OBS 065.1234", "K" * 10_000, "KAZ 002 / 0621 / OBS 065\n\n2",
    "\x00", "\ud800", "KAZ 002 / 0621 / OBS 06５５５",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_CODES)
def test_what_is_no_whole_code_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadCode) as refused:
        parse(text)
    assert "\n" not in str(refused.value)
    assert "XZV 002 / 0621 / OBS 065" in str(refused.value)


def test_a_part_of_a_code_is_refused_with_what_is_missing() -> None:
    with pytest.raises(BadCode, match="only part of a reference code: no country and country number and month"):
        parse("OBS 065 / 2021")


codes = st.builds(
    Code,
    country=st.sampled_from(["KAZ", "XZV", "DZA", "IRN", "OMN"]),
    country_number=st.integers(1, 999),
    month=st.integers(1, 12),
    year=st.integers(1997, 2096),
    series=st.just("OBS"),
    number=st.integers(1, 9999),
    follow_up=st.none() | st.integers(1, 999),
)


@given(codes)
def test_every_code_is_read_back_from_its_canonical_form_and_its_slug(code: Code) -> None:
    assert parse(format_code(code)).code == code
    assert parse(slug(code)).code == code


@given(codes)
def test_a_canonical_code_has_no_oddity_but_that_of_a_month_that_may_be_a_year(code: Code) -> None:
    allowed = {"ambiguous_order"} if code.month == 1 else set()
    assert set(parse(format_code(code)).oddities) <= allowed


@given(st.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        read = parse(text)
    except BadCode:
        return
    assert read.code.chain


@given(codes)
def test_what_is_odd_stays_within_the_table(code: Code) -> None:
    assert set(parse(format_code(code).replace(" ", "")).oddities) <= ODDITIES.keys()


def test_format_prints_what_there_is_of_a_fragment() -> None:
    assert format_code(Code(country="KAZ", country_number=2, month=6, year=2021)) == "KAZ 002 / 0621"
    assert format_code(Code(series="OBS", number=65, year=2021)) == "OBS 065 / 2021"
    assert format_code(Code(series="OBS", number=65, follow_up=2)) == "OBS 065.2"
    with pytest.raises(BadCode):
        format_code(Code(country="KAZ"))


@pytest.mark.parametrize("letters", ["KAZ", "XZV", "XAA", "XZZ", "YUG"])
def test_countries_are_iso_codes_old_ones_and_the_user_assigned_range(letters: str) -> None:
    assert is_country(letters)


@pytest.mark.parametrize("letters", ["ZZZ", "IRA", "KZ", "kaz", "", "XZVX"])
def test_other_letters_are_no_country(letters: str) -> None:
    assert not is_country(letters)


AMNESTY = [
    ("UA 219/06", "UA 219/06", ""),
    ("UA 295/09", "UA 295/09", ""),
    ("UA: 191/13", "UA 191/13", "other_separator"),
    ("AU: 175/13", "UA 175/13", "series_alias other_separator"),
    ("Further information on UA 260/93", "UA 260/93", "unnumbered_follow_up"),
    ("Second UA: 54/19", "UA 54/19-1", "other_separator"),
    ("THIRD UA 60/16", "UA 60/16-2", ""),
    ("2nd Update on UA: 226/17", "UA 226/17-2", "other_separator"),
    ("Action complémentaire sur l’AU 116/11", "UA 116/11", "series_alias unnumbered_follow_up"),
    ("FI 104/19-5", "UA 104/19-5", "series_alias"),
    ("UA 22.22", "UA 22/22", "other_separator"),
    ("ua-88-16", "UA 88/16", "slug_form"),
    ("UA 55/2008", "UA 55/08", "long_year"),
]


@pytest.mark.parametrize(("printed", "canonical", "oddities"), AMNESTY)
def test_a_yearly_counter_is_a_scheme_like_any_other(printed: str, canonical: str, oddities: str) -> None:
    scheme = load_scheme("amnesty")
    read = parse(printed, scheme=scheme)
    assert format_code(read.code, scheme) == canonical
    assert set(read.oddities) == set(oddities.split())
    assert parse(slug(read.code, scheme), scheme=scheme).code == read.code


def test_a_new_scheme_is_only_a_file() -> None:
    scheme = read_scheme(
        "letters",
        'title = "Open letters"\nfirst_year = 2010\ntemplate = "{series}-{year4}-{country}-{number}"\nfragments = []\n'
        "slashes_may_be_missing = false\n[series]\nLET = []\n[counters.number]\nwidth = 2\nwidest = 3\n"
        'reset = ["country", "year"]\n',
    )
    code = parse("LET-2021-XZV-07", scheme=scheme).code
    assert code == Code(series="LET", year=2021, country="XZV", number=7)
    assert format_code(code, scheme) == "LET-2021-XZV-07"


@pytest.mark.parametrize("source", ["", "title =", "title = 1", 'template = "{nothing}"'])
def test_a_file_that_is_no_scheme_is_refused_by_name(source: str) -> None:
    with pytest.raises(BadCode, match="broken"):
        read_scheme("broken", source)


def test_schemes_are_found_by_name_only() -> None:
    assert {"observatory", "amnesty", "pen"} <= set(list_schemes())
    with pytest.raises(BadCode, match="no such scheme"):
        load_scheme("../observatory")


def test_every_part_of_a_code_has_an_oddity_for_its_absence() -> None:
    parts = {field.name for field in fields(Code)} - {"follow_up"}
    assert {f"missing_{part}" for part in parts} <= ODDITIES.keys()
    assert set(OBSERVATORY.parts) == parts
