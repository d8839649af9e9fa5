"""The box in which a data key is delivered to one person: sealed to her, bound to her grant, signed by the giver.

Whoever has opened one and checked its signature may seal it again for herself, under a key that only her ring gives
(`adopt`): the same terms, in the same slot, without the public-key work, which takes twenty times as long.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tocsin.core.errors import CannotOpen
from tocsin.vault.keyring import SIGNATURE_BYTES, Keyring, PublicKeys
from tocsin.vault.sealing import KEY_BYTES, DataKey, framed, open_with, seal_with

_VERSION, _ADOPTED = b"\x01", b"\x02"


@dataclass(frozen=True, slots=True)
class Terms:
    """To whom a data key is given, of what, and until when; another person, case, compartment or end opens nothing."""

    grant: UUID
    holder: UUID
    case: UUID
    compartment: str
    ends_at: datetime | None

    def digest(self) -> bytes:
        """Give the 32 bytes that stand for these terms inside the box."""
        end = b"" if self.ends_at is None else int(self.ends_at.timestamp()).to_bytes(8, "big")
        parts = (self.grant.bytes, self.holder.bytes, self.case.bytes, self.compartment.encode(), end)
        return hashlib.blake2b(framed(*parts), digest_size=32, person=b"grant terms 1").digest()


def pack(key: DataKey, terms: Terms, to: PublicKeys, giver: Keyring) -> bytes:
    """Make the box: `version ‖ giver ‖ signature ‖ sealed(key version ‖ data key ‖ terms)`."""
    if (to.holder, key.case, key.compartment) != (terms.holder, terms.case, terms.compartment):
        raise ValueError("terms are for another person or key")
    sealed = to.seal(key.version.to_bytes(4, "big") + key.secret + terms.digest())
    return _VERSION + giver.holder.bytes + giver.signature(_signed(terms, sealed)) + sealed


def giver_of(box: bytes) -> UUID:
    """Tell who says to have made a box; `unpack` checks it."""
    if box[:1] != _VERSION or len(box) < 1 + 16 + SIGNATURE_BYTES:
        raise CannotOpen("this grant has been destroyed or damaged")
    return UUID(bytes=bytes(box[1:17]))


def unpack(box: bytes, terms: Terms, ring: Keyring, giver: PublicKeys) -> DataKey:
    """Open a box.

    Raises:
        CannotOpen: if the box was made for other terms, another person, by another giver, or was changed.
    """
    if giver_of(box) != giver.holder:
        raise CannotOpen("this grant was given by somebody else")
    signature, sealed = box[17 : 17 + SIGNATURE_BYTES], box[17 + SIGNATURE_BYTES :]
    if not giver.signed(_signed(terms, sealed), signature):
        raise CannotOpen("nobody signed this grant as it stands")
    return _data_key(ring.open(sealed), terms, terms.digest())


def adopting_key(ring: Keyring) -> bytes:
    """Give the key under which a person seals again the boxes that she has checked."""
    return ring.own_key(b"adopted grants")


def adopt(key: DataKey, terms: Terms, own: bytes) -> bytes:
    """Seal a data key that one has checked for oneself, on the terms of its grant."""
    digest = terms.digest()
    return _ADOPTED + seal_with(own, key.version.to_bytes(4, "big") + key.secret + digest, digest)


def is_adopted(box: bytes) -> bool:
    """Tell whether a box says to have been sealed again by its holder; `unpack_adopted` checks it."""
    return box[:1] == _ADOPTED


def unpack_adopted(box: bytes, terms: Terms, own: bytes) -> DataKey:
    """Open a box that one sealed for oneself.

    Raises:
        CannotOpen: if somebody else made it, or it was made on other terms, or was changed.
    """
    digest = terms.digest()
    return _data_key(open_with(own, box[1:], digest), terms, digest)


def _data_key(opened: bytes, terms: Terms, wanted: bytes) -> DataKey:
    secret, digest = opened[4 : 4 + KEY_BYTES], opened[4 + KEY_BYTES :]
    if digest != wanted:
        raise CannotOpen("this grant was made on other terms")
    return DataKey(terms.case, terms.compartment, int.from_bytes(opened[:4], "big"), secret)


def _signed(terms: Terms, sealed: bytes) -> bytes:
    return framed(b"tocsin grant 1", terms.digest(), sealed)
