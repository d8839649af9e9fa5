"""Addresses of readers as they are kept: sealed to the mailer, and found again by a keyed digest."""

import hashlib
from typing import Final
from uuid import UUID

from tocsin.core.messages import Address
from tocsin.vault.mailer_keys import Opener, Sealer
from tocsin.vault.sealing import framed

# The length of what is sealed shows, and most addresses are shorter than this.
_STEP: Final = 48


def fingerprint(address: Address, key: bytes) -> bytes:
    """Give the 32 bytes by which an address is found again; large and small letters are one mailbox.

    Args:
        address: The address.
        key: `TOCSIN_FINGERPRINT_KEY`: without it nobody can try addresses.
    """
    written = str(address).lower().encode("ascii")
    return hashlib.blake2b(written, key=key, person=b"tocsin reader 1", digest_size=32).digest()


def seal_address(address: Address, subscriber: UUID, sealer: Sealer) -> bytes:
    """Seal an address so that the mailer alone opens it, and in this row alone."""
    written = str(address).encode("ascii")
    return sealer.seal(written.ljust(-(-len(written) // _STEP) * _STEP), _place(subscriber))


def open_address(sealed: bytes, subscriber: UUID, opener: Opener) -> Address:
    """Open the address of a subscriber.

    Raises:
        CannotOpen: It was sealed to another key or for another row, or was changed.
        BadAddress: What was sealed is no address of the strict form.
    """
    return Address.parse(opener.open(sealed, _place(subscriber)).decode("ascii"))


def _place(subscriber: UUID) -> bytes:
    return framed(b"subscriber address 1", subscriber.bytes)
