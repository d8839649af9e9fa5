"""Addresses of readers as they are kept: sealed to the mailer, and found again by a keyed digest."""

import hashlib
from uuid import UUID

from tocsin.core.messages import Address
from tocsin.vault.letters import open_letter, seal_letter
from tocsin.vault.sealing import framed


def fingerprint(address: Address, key: bytes) -> bytes:
    """Give the 32 bytes by which an address is found again; large and small letters are one mailbox.

    Args:
        address: The address.
        key: `TOCSIN_FINGERPRINT_KEY`: without it nobody can try addresses.
    """
    written = str(address).lower().encode("ascii")
    return hashlib.blake2b(written, key=key, person=b"tocsin reader 1", digest_size=32).digest()


def seal_address(address: Address, subscriber: UUID, public: bytes) -> bytes:
    """Seal an address so that the mailer alone opens it, and in this row alone."""
    return seal_letter(public, str(address).encode("ascii"), _place(subscriber))


def open_address(sealed: bytes, subscriber: UUID, secret: bytes) -> Address:
    """Open the address of a subscriber.

    Raises:
        CannotOpen: It was sealed to another key or for another row, or was changed.
        BadAddress: What was sealed is no address of the strict form.
    """
    return Address.parse(open_letter(secret, sealed, _place(subscriber)).decode("ascii"))


def _place(subscriber: UUID) -> bytes:
    return framed(b"subscriber address 1", subscriber.bytes)
