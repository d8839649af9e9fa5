"""Lists of readers: what a table of cases says, in blocks cut anywhere; no row is lost, or takes a neighbour away."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core import vocab
from tocsin.core.errors import BadAddress, BadWish
from tocsin.core.messages import Address
from tocsin.core.subscribing import GROUPS, REASONS, Refusal, Wish, groups_of, lines_of, read_list

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("lists.toml").read_text("utf-8"))["case"]


def written(case: dict[str, Any]) -> bytes:
    parts = case.get("parts") or [[case.get("encoding", "utf-8"), case["list"]]]
    return b"".join(text.encode(encoding) for encoding, text in parts)


def told(row: Wish | Refusal) -> str:
    if isinstance(row, Refusal):
        return f"{row.line}: {row.reason}"
    said = [",".join(each) or "-" for each in (row.languages, row.countries, row.topics)]
    return " ".join([str(row.address), *said, "html" if row.html else "text"])


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_list_is_read_as_the_table_says_however_its_bytes_come(case: dict[str, Any], size: int) -> None:
    content = written(case)
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    rows = read_list(blocks, languages=["en"], columns=case.get("columns", ()))
    assert [told(row) for row in rows] == case["read"]


def test_each_reason_is_seen_in_the_table_or_below() -> None:
    seen = {line.partition(": ")[2] for case in CASES for line in case["read"] if ": " in line}
    assert seen | {"too_long"} == set(REASONS)


def test_a_row_without_end_is_refused_and_not_held() -> None:
    blocks = [b"mira@reader.example\n", *[b"x" * 100_000] * 20, b"\nanton@reader.example\n"]
    rows = read_list(blocks, languages=["en"])
    assert [told(row).partition(" ")[0] for row in rows] == ["mira@reader.example", "2:", "anton@reader.example"]


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_refusals_and_plain_addresses(content: bytes) -> None:
    for row in read_list([content], languages=["en"]):
        if isinstance(row, Refusal):
            assert row.reason in REASONS
        else:
            assert Address.parse(str(row.address)) == row.address


_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs",))


@given(st.text(_LETTERS, max_size=80) | st.from_regex(r"[ -~]{0,9}@[ -~]{0,12}\.[a-z]{2}", fullmatch=True))
def test_whatever_passes_as_an_address_is_one_mailbox_and_no_second_word(text: str) -> None:
    try:
        address = str(Address.parse(text))
    except BadAddress:
        return
    assert address.isascii()
    assert address.isprintable()
    assert address.count("@") == 1
    assert not set(address) & set(' ,;:<>()[]"\\|`!%\0')
    assert not address.startswith("-")
    assert len(address) <= 254


@given(st.lists(st.sampled_from(["mira@a.example", "x", "", '"', "ы", "\0", "č;č", "a@b.example;fr"]), max_size=12))
def test_lines_are_counted_as_an_editor_counts_them(rows: list[str]) -> None:
    content = "".join(f"{row}\n" for row in rows).encode()
    assert [line.number for line in lines_of([content])] == list(range(1, len(rows) + 1))


@given(st.lists(st.text("aы@.,;\t č", min_size=1, max_size=12), min_size=1, max_size=8))
def test_rows_of_a_file_in_utf16_are_those_of_the_same_file_in_utf8(rows: list[str]) -> None:
    # What says that a row is UTF-16 has to be in it.
    text = "".join(f"mira@reader.example {row}\r\n" for row in rows)
    assert list(lines_of([text.encode("utf-16-le")])) == list(lines_of([text.encode()]))


def test_each_type_of_violation_belongs_to_one_group() -> None:
    types = [each for term in vocab.load("violation_groups").values() for each in str(term.properties["types"]).split()]
    assert sorted(types) == sorted(vocab.load("violation_types"))
    assert groups_of(["killing", "torture", "no type"]) == {"killings", "violence"}


ILL: dict[str, dict[str, Any]] = {
    "no language": {"languages": ()},
    "too many languages": {"languages": ("en", "fr", "es", "ru", "ar", "fa")},
    "a language that is on no list": {"languages": ("tlh",)},
    "a language twice": {"languages": ("en", "en")},
    "a country by its name": {"countries": ("Zarvania",)},
    "a topic that is on no list": {"topics": ("weather",)},
    "a type in place of a group": {"topics": ("killing",)},
}


@pytest.mark.parametrize("part", ILL.values(), ids=list(ILL))
def test_nobody_can_ask_for_what_is_on_no_list(part: dict[str, Any]) -> None:
    usual: dict[str, Any] = {"languages": ("en",), "countries": ("XZV",), "topics": GROUPS[:2]}
    assert Wish(Address.parse("mira@reader.example"), **usual).html
    with pytest.raises(BadWish):
        Wish(Address.parse("mira@reader.example"), **(usual | part))
