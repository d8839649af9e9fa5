"""Passphrases and recovery codes, and how they wrap a person's keys."""

import subprocess
import sys
import time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.config import settings as shipped
from tocsin.core.errors import BadRequest, CannotOpen, WrongSecret
from tocsin.vault import secrets
from tocsin.vault.keyring import Keyring, unwrap, wrap

NO_DATABASE = True

CHEAP = secrets.Cost(memory=64, rounds=1, lanes=1)
SALT = bytes(16)


def test_the_shipped_settings_make_a_guess_as_dear_as_promised() -> None:
    cost = shipped.TOCSIN_COST
    assert cost.memory >= 128 * 1024
    assert cost.rounds >= 3
    assert cost == secrets.STRONG


def test_ten_megabytes_of_passphrase_are_refused_before_any_work() -> None:
    began = time.process_time()
    with pytest.raises(WrongSecret):
        secrets.stretch("x" * 10_000_000, SALT, secrets.STRONG)
    assert time.process_time() - began < 0.05


@pytest.mark.parametrize("passphrase", ["", "short", "x" * 11, "x" * 257])
def test_a_passphrase_that_is_too_short_or_too_long_is_not_taken(passphrase: str) -> None:
    with pytest.raises(BadRequest, match="12 to 256"):
        secrets.check_new_passphrase(passphrase)


def test_a_passphrase_is_the_same_however_the_keyboard_composes_accents() -> None:
    assert secrets.stretch("caf\u00e9 au lait noir", SALT, CHEAP) == secrets.stretch(
        "cafe\u0301 au lait noir", SALT, CHEAP
    )


def test_salt_and_passphrase_both_matter() -> None:
    keys = {
        secrets.stretch(words, salt, CHEAP)
        for words in ("one passphrase", "two passphrase")
        for salt in (SALT, b"\1" * 16)
    }
    assert len(keys) == 4


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')}\n"]
)
def test_a_recovery_code_may_be_typed_in_many_ways(change: "st.SearchStrategy[str] | object") -> None:
    code = secrets.new_recovery_code()
    assert secrets.recovery_key(change(code), SALT) == secrets.recovery_key(code, SALT)  # type: ignore[operator]


def test_digits_that_look_like_letters_are_taken_as_letters() -> None:
    code = next(code for code in iter(secrets.new_recovery_code, "") if {"O", "I", "B"} <= set(code))
    typed = code.replace("O", "0").replace("I", "1").replace("B", "8")
    assert secrets.recovery_key(typed, SALT) == secrets.recovery_key(code, SALT)


@given(st.integers(0, 35), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_wrong_letter_in_a_recovery_code_is_said_before_anything_is_tried(at: int, letter: str) -> None:
    letters = secrets.new_recovery_code().replace("-", "")
    wrong = letters[:at] + letter + letters[at + 1 :]
    try:
        key = secrets.recovery_key(wrong, SALT)
    except WrongSecret:
        assert wrong != letters
    else:
        # The last letter carries a bit that means nothing.
        assert key == secrets.recovery_key(letters, SALT)


@pytest.mark.parametrize("code", ["", "ABC", "!!!", "é" * 36, "A" * 36, "A" * 1000])
def test_what_is_no_recovery_code_is_refused(code: str) -> None:
    with pytest.raises(WrongSecret):
        secrets.recovery_key(code, SALT)


def test_wrapped_keys_open_for_their_person_and_their_way_in_only() -> None:
    ring = Keyring.new(uuid4())
    wrapped = wrap(ring, SALT * 2, "passphrase")
    assert unwrap(ring.holder, wrapped, SALT * 2, "passphrase") == ring
    for holder, key, way in [
        (UUID(int=0), SALT * 2, "passphrase"),
        (ring.holder, b"\1" * 32, "passphrase"),
        (ring.holder, SALT * 2, "recovery"),
    ]:
        with pytest.raises(CannotOpen):
            unwrap(holder, wrapped, key, way)


def test_keys_do_not_show_when_a_ring_is_printed() -> None:
    ring = Keyring.new(uuid4())
    assert ring.box.hex() not in repr(ring)
    assert repr(ring.box)[2:-1] not in repr(ring)


def test_fingerprints_of_other_keys_differ() -> None:
    one, other = Keyring.new(UUID(int=1)).public(), Keyring.new(UUID(int=1)).public()
    assert one.fingerprint() != other.fingerprint()
    assert len(one.fingerprint().replace(" ", "")) == 20


_MANY = """
import threading
from pathlib import Path
from tocsin.vault import secrets
salt = bytes(16)
one = lambda: secrets.stretch("correct horse battery staple", salt, secrets.STRONG)
threads = [threading.Thread(target=one) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
# Not `getrusage`: what that calls the most is, after a fork, what the process that runs the tests holds.
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(most.split()[1]) // 1024)
"""


def test_of_many_who_sign_in_at_once_most_wait_so_that_the_memory_does_not_fill() -> None:
    """Eight at once would take a gigabyte, two hundred twenty-five of them."""
    ended = subprocess.run([sys.executable, "-c", _MANY], capture_output=True, text=True, check=True, timeout=110)
    assert int(ended.stdout) < 600
