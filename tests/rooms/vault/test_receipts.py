"""Receipt codes: read aloud, typed in any script, and every slip found before anything is looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.errors import CannotOpen, WrongSecret
from tocsin.vault import letters

NO_DATABASE = True
codes = st.integers(0, 10**30 - 1).map(lambda number: f"{number:030}{98 - number * 100 % 97:02}")


def test_a_code_is_eight_groups_of_four_digits_and_never_the_same() -> None:
    drawn = {letters.new_receipt_code() for _ in range(200)}
    assert len(drawn) == 200
    for code in drawn:
        assert [len(group) for group in code.split(" ")] == [4] * 8
        letters.read_receipt(code)


@given(codes, st.integers(0, 31), st.integers(1, 9))
def test_one_wrong_digit_is_found(code: str, at: int, more: int) -> None:
    wrong = code[:at] + str((int(code[at]) + more) % 10) + code[at + 1 :]
    with pytest.raises(WrongSecret):
        letters.read_receipt(wrong)


@given(codes, st.integers(0, 30))
def test_two_neighbours_in_the_wrong_order_are_found(code: str, at: int) -> None:
    wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if wrong != code:
        with pytest.raises(WrongSecret):
            letters.read_receipt(wrong)


@given(codes, st.integers(0, 31))
def test_a_digit_that_is_missing_or_too_much_is_found(code: str, at: int) -> None:
    for wrong in (code[:at] + code[at + 1 :], code[:at] + "5" + code[at:]):
        with pytest.raises(WrongSecret):
            letters.read_receipt(wrong)


@given(codes, st.sampled_from([0x660, 0x6F0, 0x966, 0xFF10]), st.sampled_from([" ", "-", "\n", " . ", ""]))
def test_script_and_spaces_do_not_matter(code: str, zero: int, between: str) -> None:
    other = between.join(chr(zero + int(digit)) for digit in code)
    assert letters.read_receipt(other) == letters.read_receipt(code)


@given(st.text())
def test_whatever_is_typed_is_a_code_or_said_to_be_none(typed: str) -> None:
    with pytest.raises(WrongSecret):
        letters.read_receipt(typed)


@given(codes, codes, st.binary(max_size=200), st.binary(max_size=20))
def test_what_is_sealed_to_a_code_opens_with_it_alone_and_in_its_place(
    code: str, other: str, value: bytes, bound: bytes
) -> None:
    receipt = letters.read_receipt(code)
    sealed = letters.seal_letter(receipt.public, value, bound)
    assert receipt.open(sealed, bound) == value
    assert code.encode() not in sealed
    with pytest.raises(CannotOpen):
        receipt.open(sealed, bound + b"x")
    if other != code:
        assert letters.read_receipt(other).lookup != receipt.lookup
        with pytest.raises(CannotOpen):
            letters.read_receipt(other).open(sealed, bound)


@given(codes)
def test_what_is_kept_of_a_code_tells_nothing_of_it(code: str) -> None:
    receipt = letters.read_receipt(code)
    assert code not in repr(receipt)
    assert receipt.lookup not in (receipt.public, receipt._secret)
