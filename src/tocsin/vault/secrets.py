"""What people know by heart or keep on paper: passphrases and recovery codes, made into keys."""

import base64
import hashlib
import os
import threading
import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw

from tocsin.core.errors import BadRequest, WrongSecret
from tocsin.vault.sealing import KEY_BYTES, derive

SALT_BYTES = 16
SHORTEST, LONGEST = 12, 256
_CODE_BYTES, _CODE_CHECK = 20, 2

# Each stretching takes the memory of its cost; more at once than this wait, so that many sign-ins cannot fill the host.
_AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a passphrase costs: Argon2id memory in KiB, rounds and lanes."""

    memory: int
    rounds: int
    lanes: int


# 0.2 s on one core of 2024; the floor that ASVS and the security bar of this project set.
STRONG = Cost(memory=128 * 1024, rounds=3, lanes=2)


def check_new_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short or too long to be taken.

    Raises:
        BadRequest: with what is asked of a passphrase.
    """
    if not SHORTEST <= len(passphrase) <= LONGEST:
        raise BadRequest(
            f"a passphrase has {SHORTEST} to {LONGEST} characters", hint="four or five random words are good"
        )


def stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Make a key of a passphrase; what is longer than a passphrase may be is refused before any work is done."""
    if len(passphrase) > LONGEST:
        raise WrongSecret("this passphrase opens nothing")
    # Keyboards differ in how they compose accents; RFC 8265 asks for this form.
    secret = unicodedata.normalize("NFC", passphrase).encode()
    with _AT_ONCE:
        raw = hash_secret_raw(secret, salt, cost.rounds, cost.memory, cost.lanes, KEY_BYTES, Type.ID)
    return derive(raw, b"passphrase 1")


def new_recovery_code() -> str:
    """Draw a recovery code: 160 random bits and a check, in groups of six letters and digits."""
    raw = os.urandom(_CODE_BYTES)
    text = base64.b32encode(raw + _check(raw)).decode().rstrip("=")
    return "-".join(text[at : at + 6] for at in range(0, len(text), 6))


def recovery_key(code: str, salt: bytes) -> bytes:
    """Make a key of a recovery code as somebody typed it.

    Raises:
        WrongSecret: if a letter is wrong or missing; said before anything is tried.
    """
    # 160 random bits need no stretching.
    return derive(_raw(code), b"recovery 1", salt)


def is_recovery_code(text: str) -> bool:
    """Tell whether somebody typed a recovery code, whosever it is; a passphrase passes for one by chance never."""
    try:
        _raw(text)
    except WrongSecret:
        return False
    return True


def _raw(code: str) -> bytes:
    if len(code) > LONGEST:
        raise WrongSecret("this is no recovery code")
    letters = (
        "".join(each for each in code.upper() if each.isalnum()).replace("0", "O").replace("1", "I").replace("8", "B")
    )
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as error:
        raise WrongSecret("this is no recovery code", hint="letters and the digits 2 to 7") from error
    if len(raw) != _CODE_BYTES + _CODE_CHECK or _check(raw[:_CODE_BYTES]) != raw[_CODE_BYTES:]:
        raise WrongSecret("this recovery code has a wrong or missing letter")
    return raw[:_CODE_BYTES]


def _check(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=_CODE_CHECK, person=b"recovery check").digest()
