"""What is sealed to the mailer: opened by its key alone, at its place alone, and as cheaply as a million need it."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from post import ED25519
from tocsin.core.errors import BadOutput, BadSettings, CannotOpen, NewerSeal
from tocsin.vault.mail_keys import to_pem
from tocsin.vault.mailer_keys import Opener, Sealer, draw_mailer_key, public_half, read_mailer_key, write_mailer_key

NO_DATABASE = True
KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC, OPENER = public_half(KEY), Opener(KEY)
# Sealed on 2026-11-26; a later version has to open it.
SEALED = bytes.fromhex(
    "7ca0b7466a62de3870cace4477c4be3b40f96930fc86302c9dda7aa04669b53c0100000000139d855c9d07640ff7a3382daf"
    "fd286bf109a87ad5f45290dc2c52cb232acba8f1a3597802e3d698c268320b2fadee438181399eca01ca892abe4e"
)


def test_a_value_of_an_earlier_version_opens() -> None:
    assert OPENER.open(SEALED, b"a place") == b"mira@reader.example"


@given(st.lists(st.tuples(st.binary(max_size=300), st.binary(max_size=60)), max_size=4))
def test_all_that_one_sealer_sealed_opens_at_its_place(values: list[tuple[bytes, bytes]]) -> None:
    sealer = Sealer(PUBLIC)
    assert [OPENER.open(sealer.seal(value, at), at) for value, at in values] == [value for value, _ in values]


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_changed_byte_opens_nothing(at: int, by: int) -> None:
    changed = SEALED[:at] + bytes([SEALED[at] ^ by]) + SEALED[at + 1 :]
    with pytest.raises((CannotOpen, NewerSeal)):
        OPENER.open(changed, b"a place")


@given(st.integers(0, len(SEALED) - 1))
def test_what_was_cut_opens_nothing(end: int) -> None:
    with pytest.raises(CannotOpen):
        OPENER.open(SEALED[:end], b"a place")


def test_it_opens_at_no_other_place_and_by_no_other_key() -> None:
    with pytest.raises(CannotOpen):
        OPENER.open(SEALED, b"another place")
    with pytest.raises(CannotOpen):
        Opener(draw_mailer_key()).open(SEALED, b"a place")


def test_two_seals_of_one_value_have_nothing_in_common_but_what_says_that_they_came_together() -> None:
    sealer = Sealer(PUBLIC)
    one, other = sealer.seal(b"mira@reader.example", b"at"), sealer.seal(b"mira@reader.example", b"at")
    assert one[:32] == other[:32] != Sealer(PUBLIC).seal(b"", b"")[:32]
    # Behind the ephemeral key come five bytes that say the version, and a nonce of its own.
    assert one[37:] != other[37:]


@pytest.mark.parametrize("public", [b"", b"short", bytes(32)], ids=["nothing", "short", "of no order"])
def test_nothing_is_sealed_to_what_is_no_public_key(public: bytes) -> None:
    with pytest.raises(BadSettings):
        Sealer(public)


def test_a_key_is_written_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "mailer.pem"
    write_mailer_key(path, KEY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_half(read_mailer_key(path)) == PUBLIC
    with pytest.raises(BadOutput):
        write_mailer_key(path, draw_mailer_key())
    assert public_half(read_mailer_key(path)) == PUBLIC


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "mailer.pem"
    write_mailer_key(path, KEY)
    path.chmod(mode)
    with pytest.raises(BadSettings, match=r"^mailer\.pem: others can read this key"):
        read_mailer_key(path)


def test_a_key_that_signs_is_no_key_that_opens(tmp_path: Path) -> None:
    path = tmp_path / "mailer.pem"
    path.touch(0o600)
    path.write_bytes(to_pem(ED25519))
    with pytest.raises(BadSettings, match=r"^mailer\.pem: this is no key of a mailer"):
        read_mailer_key(path)
