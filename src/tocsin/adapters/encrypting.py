"""Encrypting what leaves a site to public keys of people, in the format of the `age` program, which opens it."""

from collections.abc import Iterable

import pyrage
from pyrage import x25519

ENDING = ".age"
LONGEST_KEY = 100


def read_key(written: str) -> str:
    """Give a public key as it is used, without what stands around it in the file of `age-keygen`.

    Raises:
        ValueError: if it is none; what was written is not repeated, since it may be the private half.
    """
    key = written.rpartition(":")[2].strip()
    if len(key) > LONGEST_KEY or not _is_key(key):
        raise ValueError("no public key of age")
    return key


def _is_key(word: str) -> bool:
    try:
        x25519.Recipient.from_str(word)
    except pyrage.RecipientError:
        return False
    return True


def encrypted(plain: bytes, keys: Iterable[str]) -> bytes:
    """Encrypt bytes so that each of some public keys opens them, and nothing else does."""
    return bytes(pyrage.encrypt(plain, [x25519.Recipient.from_str(key) for key in keys]))
