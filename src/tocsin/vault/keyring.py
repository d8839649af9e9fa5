"""The keys of a person: what is public about them, and the opened ring that a signed-in person carries."""

import hashlib
import os
from dataclasses import dataclass, field
from uuid import UUID

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from tocsin.core.errors import CannotOpen
from tocsin.vault.sealing import KEY_BYTES, derive, framed, new_key, open_with, seal_with

SIGNATURE_BYTES = 64


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the holder of a public key signed a message (Ed25519)."""
    try:
        VerifyKey(public).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves of a person's keys."""

    holder: UUID
    box: bytes
    sign: bytes

    def framed(self) -> bytes:
        """Give the keys with their holder as the bytes that are vouched for."""
        return framed(b"tocsin public keys 1", self.holder.bytes, self.box, self.sign)

    def fingerprint(self) -> str:
        """Give what two people compare on the telephone: 20 characters that nobody can forge to fit other keys."""
        digest = hashlib.blake2b(self.framed(), digest_size=10).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))

    def seal(self, message: bytes) -> bytes:
        """Seal a message that only the holder of the private half opens."""
        return SealedBox(PublicKey(self.box)).encrypt(message)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether the holder signed a message."""
        return is_signed(self.sign, message, signature)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The private keys of a person, opened. It is carried, never looked into, by the other rooms."""

    holder: UUID
    box: bytes = field(repr=False)
    sign: bytes = field(repr=False)

    @classmethod
    def new(cls, holder: UUID) -> "Keyring":
        """Draw new keys for a person."""
        return cls(holder, new_key(), new_key())

    def public(self) -> PublicKeys:
        """Give the public halves."""
        return PublicKeys(self.holder, bytes(PrivateKey(self.box).public_key), bytes(SigningKey(self.sign).verify_key))

    def open(self, sealed: bytes) -> bytes:
        """Open what was sealed to this person.

        Raises:
            CannotOpen: if it was sealed to somebody else, or was changed.
        """
        try:
            return SealedBox(PrivateKey(self.box)).decrypt(sealed)
        except (CryptoError, ValueError) as error:
            raise CannotOpen("this was not sealed to you, or was changed") from error

    def signature(self, message: bytes) -> bytes:
        """Sign a message."""
        return SigningKey(self.sign).sign(message).signature

    def own_key(self, purpose: bytes) -> bytes:
        """Draw a key for what a person keeps for herself alone, such as the secret of her second factor."""
        return derive(self.box, b"own 1", purpose)


# What lies in the place of wrapped keys that are not there: as long as they are, and opened by nothing.
DECOY = seal_with(os.urandom(KEY_BYTES), bytes(2 * KEY_BYTES), b"decoy")


def wrap(ring: Keyring, key: bytes, way: str) -> bytes:
    """Wrap a person's private keys under the key of one way in: passphrase, recovery, session."""
    return seal_with(key, ring.box + ring.sign, _bound(ring.holder, way))


def unwrap(holder: UUID, wrapped: bytes, key: bytes, way: str) -> Keyring:
    """Open wrapped keys.

    Raises:
        CannotOpen: if key, holder and way do not belong to these bytes.
    """
    secret = open_with(key, wrapped, _bound(holder, way))
    return Keyring(holder, secret[:KEY_BYTES], secret[KEY_BYTES:])


def _bound(holder: UUID, way: str) -> bytes:
    return framed(b"tocsin keyring 1", holder.bytes, way.encode())
