"""The strict form of addresses: what is taken, what is refused, and that nothing else can be made."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.core.errors import BadAddress
from tocsin.core.messages import Address

ROWS = tomllib.loads(Path(__file__).with_name("addresses.toml").read_text("utf-8"))


@pytest.mark.parametrize(("written", "becomes"), ROWS["taken"].items(), ids=ascii)
def test_is_taken(written: str, becomes: str) -> None:
    assert str(Address.parse(written)) == (becomes or written)


@pytest.mark.parametrize("written", ROWS["refused"], ids=ascii)
def test_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(BadAddress) as refused:
        Address.parse(written)
    assert not written or written not in str(refused.value)


@pytest.mark.parametrize(
    ("local", "domain", "taken"),
    [
        ("a" * 64, "reader.example", True),
        ("a" * 65, "reader.example", False),
        ("a", "b" * 63 + ".example", True),
        ("a", "b" * 64 + ".example", False),
        ("a" * 64, ".".join(["b" * 61] * 3 + ["cde"]), True),
        ("a" * 64, ".".join(["b" * 61] * 3 + ["cdef"]), False),
    ],
)
def test_has_an_end(local: str, domain: str, taken: bool) -> None:
    if taken:
        assert Address(local, domain).domain == domain
    else:
        with pytest.raises(BadAddress):
            Address(local, domain)


MEANT = st.text(st.sampled_from("a1.-@+<>,;:\"'\\()[]|`!% \t\r\n\x00\x85\u2028é"), max_size=12)


@given(MEANT, MEANT)
@example("a", "b.c\n")
@example("a\n", "b.c")
def test_what_is_made_is_one_word_of_one_line_whatever_it_is_made_of(local: str, domain: str) -> None:
    try:
        address = str(Address(local, domain))
    except BadAddress:
        return
    assert re.fullmatch(r"[!-~]+", address)
    assert set(address).isdisjoint('<>,;:"\\()[]|`!%')
    assert address.count("@") == 1
    assert not address.startswith("-")


def test_nothing_of_an_address_is_kept() -> None:
    """The public site makes addresses of what readers type; a memory of domains would tell who was there."""
    local, domain = (f"{word}{len(word)}" for word in ("mira", "reader.x"))
    before = [sys.getrefcount(each) for each in (local, domain)]
    Address(local, domain)
    assert [sys.getrefcount(each) for each in (local, domain)] == before
