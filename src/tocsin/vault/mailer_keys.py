"""What is sealed to the mailer: the addresses of readers, which the process of the public site takes and cannot open.

A value is `ephemeral public key ‖ sealed value`. The key of each value is drawn from what X25519 gives for the
ephemeral and the mailer's key, and from the value's place. One `Sealer` has one ephemeral key for all that it seals, so
that a file of a million addresses costs one exchange of keys and not a million; its private half is never written.
"""

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from tocsin.core.errors import BadSettings, CannotOpen
from tocsin.vault.key_files import read_pem, write_new
from tocsin.vault.sealing import KEY_BYTES, derive, framed, open_with, seal_with

_SHARED: Final = b"mailer shared 1"
_VALUE: Final = b"mailer value 1"
# Addresses of one import have one ephemeral key, those of the form one each.
_KEPT_KEYS: Final = 10_000


def draw_mailer_key() -> X25519PrivateKey:
    """Draw a key that addresses are sealed to."""
    return X25519PrivateKey.generate()


def public_half(key: X25519PrivateKey) -> bytes:
    """Give the half that may be anywhere."""
    return key.public_key().public_bytes_raw()


class Sealer:
    """Seals values to a mailer, which alone opens them; whoever has sealed them cannot."""

    def __init__(self, public: bytes) -> None:
        ephemeral = X25519PrivateKey.generate()
        try:
            exchanged = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
        except ValueError as error:
            raise BadSettings("this is no public key of a mailer", where="address_key") from error
        self._head = public_half(ephemeral)
        self._shared = derive(exchanged, _SHARED, framed(self._head, public))

    def seal(self, value: bytes, bound: bytes) -> bytes:
        """Seal a value for its place, given as bytes that no other place has."""
        return self._head + seal_with(derive(self._shared, _VALUE, bound), value, bound)


class Opener:
    """Opens what was sealed to a mailer's key."""

    def __init__(self, key: X25519PrivateKey) -> None:
        public = public_half(key)

        secret = key.private_bytes_raw()

        @lru_cache(_KEPT_KEYS)
        def shared(ephemeral: bytes) -> bytes:
            if len(ephemeral) != KEY_BYTES:
                raise CannotOpen("sealed bytes are cut short")
            try:
                # By libsodium, which lets other threads go on meanwhile.
                exchanged = sodium.crypto_scalarmult(secret, ephemeral)
            except CryptoError as error:
                raise CannotOpen("this was not sealed to the key of a mailer, or was changed") from error
            return derive(exchanged, _SHARED, framed(ephemeral, public))

        self._shared = shared

    def prepare(self, sealed: Iterable[bytes]) -> None:
        """Do beforehand what takes longest in opening these values; what cannot be opened is told when it is."""
        for each in sealed:
            with suppress(CannotOpen):
                self._shared(each[:KEY_BYTES])

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """Open a value at its place.

        Raises:
            CannotOpen: It was sealed to another key or for another place, or was changed.
        """
        return open_with(derive(self._shared(sealed[:KEY_BYTES]), _VALUE, bound), sealed[KEY_BYTES:], bound)


def write_mailer_key(path: Path, key: X25519PrivateKey) -> None:
    """Write a private key into a new file that its owner alone can read.

    Raises:
        BadOutput: There is such a file already, or it cannot be written.
    """
    write_new(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def read_mailer_key(path: Path) -> X25519PrivateKey:
    """Read a private key from a file in PEM that nobody but its owner can read.

    Raises:
        BadSettings: It cannot be read, others can read it, or it holds no such key.
    """
    key = read_pem(path)
    if not isinstance(key, X25519PrivateKey):
        raise BadSettings("this is no key of a mailer", where=path.name, hint="tocsin site mailer-keys")
    return key
