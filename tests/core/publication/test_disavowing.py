"""A key that was stolen: what it signed counts only where two others confirmed it, in any order and in any list."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented_appeals import ENGLISH
from signing import CODE, appeal, is_signed, signatory, signed
from tocsin.core.errors import BadPublication, Disavowed, NewerPublication, NotSigned
from tocsin.core.publication import (
    Disavowal,
    Retraction,
    Signatory,
    Words,
    digest_of,
    disavow,
    disavowal_of,
    from_file,
    signatories_from_file,
    signatories_to_file,
    to_file,
    verify,
)

NAMES = ("ana", "boris", "chiara", "dario")
KEYRING = tuple(map(signatory, NAMES))
SEVEN = datetime(2026, 11, 26, 7, tzinfo=UTC)
GENUINE, FALSE = (signed(appeal(code, documents=(ENGLISH,))) for code in (CODE, "XZV 002 / 1126 / OBS 002"))
NOTE = (Words("en", "A key was stolen."),)
OTHERS = ("chiara", "dario")


def of(name: str, *confirmed: Any, by: Any = OTHERS) -> Disavowal:
    digests = tuple(sorted(map(digest_of, confirmed)))
    return signed(Disavowal(signatory(name).id, SEVEN, digests, NOTE), by)


def standing(*disavowals: Disavowal) -> tuple[Signatory, ...]:
    return disavow(KEYRING, disavowals, is_signed)


def test_of_a_stolen_key_only_what_was_confirmed_counts() -> None:
    keys = standing(of("ana", GENUINE))
    assert {each.label for each in verify(GENUINE, keys, is_signed)} == {"ana", "boris"}
    with pytest.raises(Disavowed):
        verify(FALSE, keys, is_signed)
    assert disavowal_of(FALSE, keys) == of("ana", GENUINE)
    three = signed(appeal(), by=("ana", "boris", "chiara"))
    assert {each.label for each in verify(three, standing(of("ana")), is_signed)} == {"boris", "chiara"}


SPOILT: dict[str, Disavowal] = {
    "one signature": of("ana", by=("chiara",)),
    "one of the two is by the key itself": of("ana", by=("ana", "chiara")),
    "a stranger's signature": of("ana", by=("chiara", "mallory")),
    "signatures of another disavowal": replace(of("ana"), signatures=of("ana", GENUINE).signatures),
    "signatures of an appeal": replace(of("ana"), signatures=signed(appeal(), OTHERS).signatures),
    "a key that nobody has": of("mallory"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_two_others_did_not_sign_disavows_nothing(name: str) -> None:
    keys = standing(SPOILT[name])
    assert keys == KEYRING
    assert len(verify(FALSE, keys, is_signed)) == 2


def test_the_first_of_two_disavowals_of_a_key_stands_and_a_thief_cannot_answer_it() -> None:
    first = of("ana")
    keys = standing(first, of("ana", FALSE), of("chiara", by=("ana", "boris")))
    assert [each.disavowal for each in keys] == [first, None, None, None]


def test_a_disavowal_by_a_key_that_was_stolen_later_stays_where_it_is_confirmed() -> None:
    first = of("ana")
    later = of("chiara", first, by=("boris", "dario"))
    keys = standing(first, later)
    assert signatories_from_file(signatories_to_file(keys), is_signed) == keys
    assert signatories_from_file(signatories_to_file(keys[::-1]), is_signed) == keys[::-1]
    with pytest.raises(Disavowed):
        verify(first, standing(of("chiara", by=("boris", "dario"))), is_signed)


def test_a_program_that_knows_no_disavowals_refuses_a_list_that_has_one() -> None:
    written = signatories_to_file(standing(of("ana")))
    assert json.loads(written)["schema"] == "tocsin/signatories/2"
    assert json.loads(signatories_to_file(KEYRING))["schema"] == "tocsin/signatories/1"
    with pytest.raises(NewerPublication):
        signatories_from_file(written.replace(b"signatories/2", b"signatories/3"), is_signed)
    twice = json.loads(written)
    twice["disavowals"].append(json.loads(to_file(of("ana", FALSE))))
    with pytest.raises(BadPublication, match="disavowed twice"):
        signatories_from_file(json.dumps(twice), is_signed)
    with pytest.raises(BadPublication, match="not signed by two other keys"):
        signatories_from_file(written.replace(b"was stolen", b"was st0len"), is_signed)


def test_a_disavowal_is_hashed_without_all_that_it_confirms() -> None:
    """Keys with their disavowals are what caches are asked by, many times for one page."""
    assert hash(of("ana")) == hash(of("ana", GENUINE))
    assert of("ana") != of("ana", GENUINE)


@given(st.data())
def test_one_bit_anywhere_in_a_disavowal_voids_it(data: st.DataObject) -> None:
    content = bytearray(to_file(of("ana", GENUINE)))
    assert from_file(bytes(content)) == of("ana", GENUINE)
    at = data.draw(st.integers(0, len(content) * 8 - 1))
    content[at // 8] ^= 1 << at % 8
    with pytest.raises(BadPublication):
        verify(from_file(bytes(content)), KEYRING, is_signed)


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES), max_size=4), st.booleans())
def test_no_disavowal_lets_more_count_than_before(signers: set[str], by: set[str], confirms: bool) -> None:
    statement = signed(Retraction(CODE, SEVEN), sorted(signers))
    after = standing(of("ana", *([statement] if confirms else []), by=sorted(by)))
    try:
        found = verify(statement, after, is_signed)
    except NotSigned:
        assert len(signers) < 2 or len(signers - {"ana"}) < 2 <= len(by - {"ana"})
        assert not confirms or len(signers) < 2
    else:
        assert len(verify(statement, KEYRING, is_signed)) >= len(found) >= 2


@pytest.mark.parametrize(
    "ill",
    [
        {"key": "no id"},
        {"since": datetime(2026, 11, 26, 7)},  # noqa: DTZ001
        {"confirmed": ("no digest",)},
        {"confirmed": ("1" * 64, "0" * 64)},
        {"confirmed": ("0" * 64, "0" * 64)},
        {"note": (*NOTE, *NOTE)},
    ],
)
def test_no_disavowal_is_made_of(ill: Any) -> None:
    with pytest.raises(BadPublication):
        replace(of("ana"), **ill)
