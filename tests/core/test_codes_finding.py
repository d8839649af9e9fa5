"""Codes in dirty text, and texts that hold none."""

import random
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.codes import ODDITIES, find_all, format_code, load_scheme, parse

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import code_finding as bench

# A text, and the codes that it holds in canonical form. To report a code that was missed, add a row.
TEXTS = [
    ("Re: Fwd: TR: RE[2]: XZV 002/0621/OBS 065.1", ["XZV 002 / 0621 / OBS 065.1"]),
    ("AW: RV: Отв: رد: OBS 065 (2021)", ["OBS 065 / 2021"]),
    ("Отв: КАZ 002/0621/ОВЅ 065", ["KAZ 002 / 0621 / OBS 065"]),
    ("رد: KAZ ٠٠٢ / ٠٦٢١ / OBS ٠٦٥", ["KAZ 002 / 0621 / OBS 065"]),
    ("\u202bKAZ 002 / 0621 / \u2066OBS\u2069 065\u202c", ["KAZ 002 / 0621 / OBS 065"]),
    ("KAZ&nbsp;002&#8239;&#x2F;&nbsp;0621&amp;nbsp;&sol; OBS&shy; 065", ["KAZ 002 / 0621 / OBS 065"]),
    ("> wrote about KAZ 002 /\n> 0621 / OBS\n> 065.1 yesterday", ["KAZ 002 / 0621 / OBS 065.1"]),
    (">> KAZ 002 / 0621\r\n>> / OBS 065", ["KAZ 002 / 0621 / OBS 065"]),
    ("KAZ 002 / 0621 /=\n OBS 065", ["KAZ 002 / 0621 / OBS 065"]),
    ("KAZ 002 | 0621 | OBS 065", ["KAZ 002 / 0621 / OBS 065"]),
    ("KAZ 002 – 0621 – OBS 065", ["KAZ 002 / 0621 / OBS 065"]),
    ("KAZ0020621OBS065", ["KAZ 002 / 0621 / OBS 065"]),
    ("<b>KAZ 002</b> / 0621 / <b>OBS 065</b>", ["KAZ 002 / 0621 / OBS 065"]),
    ("https://www.paper.example/fr/kaz-002-0621-obs-065-1/?lang=fr", ["KAZ 002 / 0621 / OBS 065.1"]),
    ("https://paper.example/?q=KAZ%20002%20%2F%200621%20%2F%20OBS%20065", ["KAZ 002 / 0621 / OBS 065"]),
    ("KAZ_002_0621_OBS_065.pdf", ["KAZ 002 / 0621 / OBS 065"]),
    ("appeals+kaz-002-0621-obs-065@observers.example", ["KAZ 002 / 0621 / OBS 065"]),
    ("Nouvel articleCOD 009 / 0809 / OBS 115 Agression / menaces", ["COD 009 / 0809 / OBS 115"]),
    ("defenders- UZB 003 / 0509 / OBS 075", ["UZB 003 / 0509 / OBS 075"]),
    ("IRA 001 / 0621 / OBS 064", ["IRN 001 / 0621 / OBS 064"]),
    ("code KAZ 002/0621, thank you", ["KAZ 002 / 0621"]),
    ("code KAZ 002 / 0621 / 065", ["KAZ 002 / 0621 / OBS 065"]),
    ("code KAZ 002 / OBS 065", ["KAZ 002 / OBS 065"]),
    ("code 0621/OBS 065", ["0621 / OBS 065"]),
    ("appeal OBS 065 of June 8, 2021.", ["OBS 065 / 2021"]),
    ("l’appel OBS 165 du 8 juin 2021", ["OBS 165 / 2021"]),
    ("обращение OBS 165 от 8 июня 2021 г.", ["OBS 165 / 2021"]),
    ("النداء OBS ١٦٥ لعام ٢٠٢١", ["OBS 165 / 2021"]),
    ("OBS no. 065/2021; OBS nº 066/2021", ["OBS 065 / 2021", "OBS 066 / 2021"]),
    ("our letter on OBS 065", ["OBS 065"]),
    ("our letter on OBS 165.2", ["OBS 165.2"]),
    ("KAZ 002 / 0621 / OBS 065. I write to you", ["KAZ 002 / 0621 / OBS 065"]),
    ("KAZ 002 / 0621 / OBS 065.I write to you", ["KAZ 002 / 0621 / OBS 065"]),
    ("KAZ 002 / 0621 / OBS 065, XZV 001 / 0621 / OBS 064", ["KAZ 002 / 0621 / OBS 065", "XZV 001 / 0621 / OBS 064"]),
    ("KAZ 002 / 0621 /\n\nOBS 065", ["KAZ 002 / 0621", "OBS 065"]),
    ("请参阅KAZ 002 / 0621 / OBS 065。", ["KAZ 002 / 0621 / OBS 065"]),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_every_code_of_a_text_is_found(text: str, expected: list[str]) -> None:
    assert [format_code(found.code) for found in find_all(text)] == expected


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_what_was_found_lies_where_the_span_says(text: str, expected: list[str]) -> None:
    shifted = "\U0001f4e7 é\u200b\n" + text
    for found in find_all(shifted):
        assert shifted[slice(*found.span)] == found.as_printed
        assert set(found.oddities) <= ODDITIES.keys()


# Texts without a code. To report a code that was invented, add a row.
PROSE = [
    *(sentence.format(year=2004, n=621, m=65) for sentence in bench.NO_CODES),
    *(sentence.format(year=2019, n=7, m=2) for sentence in bench.NO_CODES),
    "The observers saw obstacles: jobs 065 lost, knobs 0621 turned, BOBS 065.",
    "obs. 065 and Obs 065, see note",
    "OBS! 100 personer. OBS 100 personer 2021.",
    "OBS Studio 30.2.1, OBS 28 and OBS 29",
    "on 08/06/2021, 2021/06/08, 8.6.2021, 06/21 and 0621",
    "and 012/0611, per 004/0512, are 123/0405, est 002/0621, Mar 012/0511",
    "ISO 002/0621, FAX 002/0621, TEL 002/0621, REF 002/0621",
    "XZV 002/2104, XZV 002/0021, XZV 002/0621/17",
    "communication No. 065/2021, A/HRC/47/0621, E/CN.4/2001/94",
    "+7 727 002 0621, (0621) 065-002, 002/0621-065",
    "XZ86 125K ZT50 0410 0100, DE89 3704 0044 0532 0130 00",
    "UGA 012 / 0511 / ORG 034",
]  # fmt: skip


@pytest.mark.parametrize("text", PROSE)
def test_no_code_is_invented(text: str) -> None:
    assert find_all(text) == []


def test_the_date_of_the_document_decides_the_order_and_what_is_too_late() -> None:
    early = find_all("KGZ 003 /0106/ OBS 058", on=date(2001, 6, 29))
    assert (early[0].code.year, early[0].code.month) == (2001, 6)
    assert find_all("KAZ 002/0625", on=date(2021, 6, 8)) == []


def test_completeness_says_what_the_registry_has_to_add() -> None:
    found = find_all("XZV 002 / 0621 / OBS 065; OBS 066 of 2021; OBS 067")
    assert [one.completeness for one in found] == ["complete", "chain", "part"]


def test_another_scheme_finds_its_own_codes_only() -> None:
    text = "Second UA: 54/19, flight UA 8816, KAZ 002 / 0621 / OBS 065, example.ua 12/05, RAN 05/2018"
    amnesty, pen = load_scheme("amnesty"), load_scheme("pen")
    assert [format_code(one.code, amnesty) for one in find_all(text, scheme=amnesty)] == ["UA 54/19-1"]
    assert [format_code(one.code, pen) for one in find_all(text, scheme=pen)] == ["RAN 05/2018"]


code_pieces = st.sampled_from(["KAZ", "002", "/", " ", "0621", "OBS", "065", ".1"])
dirt_pieces = st.sampled_from(["\n", "> ", "-", "|", "=\n", "&nbsp;", "\u00ad", "\ud800", "О", "٠", "%2F", "<b>"])
pieces = code_pieces | dirt_pieces


@given(st.lists(pieces, max_size=60).map("".join) | st.text(max_size=200))
def test_any_text_gives_codes_in_order_without_overlap(text: str) -> None:
    end = 0
    for found in find_all(text):
        assert end <= found.span[0] < found.span[1] <= len(text)
        assert text[slice(*found.span)] == found.as_printed
        assert format_code(found.code)
        end = found.span[1]


@given(st.integers(0, 400), st.sampled_from(list(bench.DIRTS)), st.integers(0, 2**32))
def test_a_code_is_found_wherever_it_stands_in_a_long_text(before: int, kind: str, seed: int) -> None:
    dice = random.Random(seed)
    code = parse("KAZ 002 / 0621 / OBS 065.1").code
    printed = bench.DIRTS[kind](format_code(code), code, dice)
    alone = [one.code for one in find_all(printed)]
    inside = [one.code for one in find_all("letters " * before + printed + "\n\nletters" * before)]
    assert alone == inside
    assert len(alone) == 1


def test_codes_are_found_across_the_cuts_of_a_long_stretch() -> None:
    text = "KAZ 002 / 0621 / OBS 065.1; " * 5_000
    found = find_all(text)
    assert len(found) == 5_000
    assert {one.code for one in found} == {parse("KAZ 002 / 0621 / OBS 065.1").code}


HOSTILE = [
    "OBS 065 / ",
    "KAZ 002/",
    "KAZ ",
    "/ 0621 ",
    "OBS\n",
    "O",
    "B",
    "&nbsp;",
    " " * 40 + "OBS",
    "0",
    "\n> ",
    "%20",
    "&#x2F;",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        find_all(text)
        return time.process_time() - start

    short, long = min(seconds(20_000) for _ in range(3)), seconds(200_000)
    assert long < 40 * short + 0.05


def test_generated_replies_reach_the_promised_precision_and_recall() -> None:
    dice = random.Random(1)
    registry = bench.make_registry(700, dice)
    known = bench.known_of(registry)
    replies = list(bench.make_replies(registry, dice))
    matched = bench.score(replies, lambda reply: bench.by_tocsin(reply, registry, known))["all"]
    found = bench.score_finding(replies)
    assert matched.precision >= 0.999
    assert matched.recall >= 0.98
    assert found.precision >= 0.999
    assert found.recall >= 0.98


def test_the_public_appeal_carries_its_one_code() -> None:
    seeds = sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("*.txt"))
    if not seeds:
        pytest.skip("the public appeal is not beside the repository")
    for seed in seeds:
        found = find_all(seed.read_text("utf-8"))
        assert len(found) == 1
        assert found[0].oddities == ()
        assert found[0].completeness == "complete"
