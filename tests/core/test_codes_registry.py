"""The list of codes that were given out, and what comes next."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.codes import Code, Registry, format_code, load_scheme, parse, read_list, read_registry
from tocsin.core.codes.registry import Entry
from tocsin.core.errors import BadCode, BadRegistry

LIST = """\
# Published, in order
XZV 001 / 0121 / OBS 001\t2021-01-12
KAZ 001 / 0321 / OBS 002
KAZ 001 / 0321 / OBS 002.1   # eleven days later
XZV 002 / 0621 / OBS 065\t2021-06-08
XZV 003 / 0621 / OBS 070\tvoid
XZV 001 / 0122 / OBS 001
"""


def next_code(registry: Registry, country: str, on: str) -> str:
    return format_code(registry.next_code(country, date.fromisoformat(on)))


@pytest.mark.parametrize(
    ("country", "on", "expected"),
    [
        ("KAZ", "2021-06-08", "KAZ 002 / 0621 / OBS 071"),
        ("XZV", "2021-12-31", "XZV 004 / 1221 / OBS 071"),
        ("XOS", "2021-07-01", "XOS 001 / 0721 / OBS 071"),
        ("XZV", "2022-02-01", "XZV 002 / 0222 / OBS 002"),
        ("XZV", "2023-01-01", "XZV 001 / 0123 / OBS 001"),
    ],
)
def test_counters_follow_the_highest_number_seen_void_ones_included(country: str, on: str, expected: str) -> None:
    assert next_code(read_registry(LIST), country, on) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("KAZ 001 / 0321 / OBS 002", "KAZ 001 / 0321 / OBS 002.2"),
        ("KAZ 001 / 0321 / OBS 002.1", "KAZ 001 / 0321 / OBS 002.2"),
        ("KAZ 009 / 0321 / OBS 002", "KAZ 001 / 0321 / OBS 002.2"),
        ("xzv-002-0621-obs-065", "XZV 002 / 0621 / OBS 065.1"),
    ],
)
def test_a_follow_up_keeps_the_first_code_and_takes_the_next_number(code: str, expected: str) -> None:
    assert format_code(read_registry(LIST).follow_up(parse(code).code)) == expected


@pytest.mark.parametrize("code", ["KAZ 001 / 0321 / OBS 003", "XZV 003 / 0621 / OBS 070"])
def test_there_is_no_follow_up_to_what_was_not_published(code: str) -> None:
    with pytest.raises(BadCode, match="no appeal with this code was published"):
        read_registry(LIST).follow_up(parse(code).code)


@pytest.mark.parametrize("country", ["ZZZ", "kaz", "", None])
def test_the_next_code_needs_a_country(country: str | None) -> None:
    with pytest.raises(BadCode, match="country"):
        Registry().next_code(country, date(2021, 6, 8))


def test_no_code_is_given_out_before_the_scheme_began() -> None:
    with pytest.raises(BadCode, match="1997"):
        Registry().next_code("XZV", date(1996, 12, 31))


def test_a_counter_that_is_full_says_so() -> None:
    with pytest.raises(BadRegistry, match="country number has reached its end in 2021"):
        read_registry("XZV 999 / 0621 / OBS 065").next_code("XZV", date(2021, 7, 1))


def test_a_chain_with_as_many_follow_ups_as_a_code_can_number_gets_no_other() -> None:
    registry = read_registry("XZV 001 / 0621 / OBS 065\nXZV 001 / 0621 / OBS 065.999")
    with pytest.raises(BadRegistry, match="follow-ups have reached their end"):
        registry.follow_up(registry.entries[0].code)


BAD_LISTS = [
    ("XZV 001 / 0121 / OBS 001\nhello", "line 2: not a reference code"),
    ("\n\nOBS 065", "line 3: only part of a reference code"),
    ("XZV 001 / 0121 / OBS 001\nXZV 001 / 0121 / OBS 001", "line 2: .*line 1"),
    ("XZV 001 / 0121 / OBS 001\nKAZ 001 / 0221 / OBS 001", "line 2: .*line 1"),
    ("XZV 001 / 0121 / OBS 001\nXZV 001 / 0221 / OBS 002", "line 2: .*line 1"),
    ("XZV 001 / 0121 / OBS 001\tyesterday", "line 1: neither a date nor `void`"),
]


@pytest.mark.parametrize(("text", "message"), BAD_LISTS)
def test_a_list_that_cannot_be_used_names_the_line(text: str, message: str) -> None:
    with pytest.raises(BadRegistry, match=message) as refused:
        read_registry(text, name="codes.txt")
    assert str(refused.value).startswith("codes.txt, line ")


def test_the_drifting_country_numbers_of_old_follow_ups_are_accepted() -> None:
    registry = read_registry(
        "BHR 001 / 0812 / OBS048.19\nBHR 002 / 0812 / OBS048.21\nBHR 002 / 0912 / OBS 050\nBHR 006 / 0812 / OBS 048.32"
    )
    assert len(registry.members(("OBS", 2012, 48))) == 3
    assert format_code(registry.follow_up(parse("BHR 006 / 0812 / OBS 048").code)).endswith("OBS 048.33")


def test_the_date_on_a_line_decides_the_order_of_month_and_year() -> None:
    registry = read_registry("KGZ 003 /0106/ OBS 058\t2001-06-29")
    assert registry.entries[0].code.year == 2001


def test_a_yearly_counter_needs_no_country() -> None:
    scheme = load_scheme("amnesty")
    registry = read_registry("UA 219/06\nUA 1/07\nUA 219/06-1", scheme=scheme)
    assert format_code(registry.next_code(None, date(2006, 8, 1)), scheme) == "UA 220/06"
    assert format_code(registry.next_code(None, date(2008, 8, 1)), scheme) == "UA 1/08"
    assert format_code(registry.follow_up(parse("UA 219/06", scheme=scheme).code), scheme) == "UA 219/06-2"


@given(st.lists(st.tuples(st.sampled_from(["XZV", "XOS", "KAZ"]), st.dates(date(2019, 1, 1), date(2023, 12, 31)))))
def test_no_number_is_ever_given_out_twice(issued: list[tuple[str, date]]) -> None:
    given_out: list[Code] = []
    for country, on in issued:
        given_out.append(Registry([Entry(code) for code in given_out]).next_code(country, on))
    assert len({code.chain for code in given_out}) == len(given_out)
    assert len({(code.country, code.year, code.country_number) for code in given_out}) == len(given_out)
    written = "\n".join(map(format_code, given_out))
    assert [entry.code for entry in read_registry(written).entries] == given_out


FIRST = "XZV 004 / 1126 / OBS 017"
LINES = {
    f"{FIRST}\t2026-11-03": "new",
    f"{FIRST},2026-11-03,": "new",
    f'"{FIRST}";"void"': "new",
    f"{FIRST}  # a comment": "new",
    "xzv 4/1126/OBS 17": "new",
    "XZV 001 / 1026 / OBS 001": "known",
    "XZV 001 / 1026 / OBS 001, void": "here it is void and there it is not",
    "XZV 001 / 1026 / OBS 044": "its number belongs to XZV 001 / 1026 / OBS 001",
    "XZV 044 / 1026 / OBS 001": "its number belongs to XZV 001 / 1026 / OBS 001",
    "XZV 001 / OBS 044": "only part of a reference code",
    f"{FIRST}, March": "neither a date nor `void` behind the code: 2021-06-08",
    "nonsense 7": "not a reference code",
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_a_list_is_new_or_known_or_refused_with_the_reason(line: str) -> None:
    known = read_registry("XZV 001 / 1026 / OBS 001\n").entries
    listing = read_list(f"# ours\ncode,date\n\n{line}\n", known, name="ours")
    assert len(listing.new) + listing.known + len(listing.refused) == 1
    said = "new" if listing.new else "known" if listing.known else listing.refused[0].why
    assert said.startswith(LINES[line])
    assert [each.where for each in (*listing.new, *listing.refused)] == ["ours, line 4"] * (1 - listing.known)


def test_a_list_that_was_taken_is_known_and_one_number_is_for_one_code() -> None:
    text = f"{FIRST}\n{FIRST}.1\nXZV 004 / 1126 / OBS 018\n{FIRST}\n"
    listing = read_list(text)
    assert [format_code(each.code) for each in listing.new] == [FIRST, f"{FIRST}.1"]
    assert (listing.known, [each.where for each in listing.refused]) == (1, ["list, line 3"])
    assert len(Registry(listing.new)) == 2
    again = read_list(text, listing.new)
    assert (again.new, again.known) == ((), 3)


@given(st.text(max_size=300))
def test_whatever_a_list_holds_each_line_is_told_of(text: str) -> None:
    listing = read_list(text)
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.split("#", 1)[0].strip()]
    told = len(listing.new) + listing.known + len(listing.refused)
    assert len(lines) - 1 <= told <= len(lines)
