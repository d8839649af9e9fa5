"""The private keys by which a mailer signs messages (DKIM), and the lines for the DNS that their public halves make."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from nacl import bindings as sodium

from tocsin.core.errors import BadSettings
from tocsin.vault.key_files import read_pem

_SMALLEST_RSA, _LARGEST_RSA = 2048, 4096
_DIGEST: Final = Prehashed(SHA256())


@dataclass(frozen=True, slots=True, repr=False)
class RsaKey:
    """An RSA key of 2,048 bits or more (RFC 8301)."""

    private: RSAPrivateKey
    algorithm: Literal["rsa-sha256"] = "rsa-sha256"

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest by PKCS #1 v1.5."""
        return self.private.sign(digest, PKCS1v15(), _DIGEST)

    def record(self) -> str:
        """Give the text of the record in the DNS."""
        public = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


@dataclass(frozen=True, slots=True, repr=False)
class Ed25519Key:
    """An Ed25519 key (RFC 8463)."""

    private: Ed25519PrivateKey
    algorithm: Literal["ed25519-sha256"] = "ed25519-sha256"
    _secret: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # By libsodium, which takes 19 µs for a signature where OpenSSL takes 32.
        _, secret = sodium.crypto_sign_seed_keypair(self.private.private_bytes_raw())
        object.__setattr__(self, "_secret", secret)

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest, which is here the message that is signed."""
        return sodium.crypto_sign(digest, self._secret)[: sodium.crypto_sign_BYTES]

    def record(self) -> str:
        """Give the text of the record in the DNS."""
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}"


MailKey = RsaKey | Ed25519Key


def new_mail_key(algorithm: Literal["rsa-sha256", "ed25519-sha256"]) -> MailKey:
    """Draw a key."""
    if algorithm == "rsa-sha256":
        return RsaKey(generate_private_key(65537, _SMALLEST_RSA))
    return Ed25519Key(Ed25519PrivateKey.generate())


def to_pem(key: MailKey) -> bytes:
    """Write a private key as PEM, in clear: the file is for the mailer's eyes alone."""
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_mail_key(path: Path) -> MailKey:
    """Read a private key from a file in PEM that nobody but its owner can read.

    Raises:
        BadSettings: It cannot be read, others can read it, or it holds no RSA key of 2,048 to 4,096 bits and no Ed25519
            key.
    """
    where, key = path.name, read_pem(path)
    if isinstance(key, Ed25519PrivateKey):
        return Ed25519Key(key)
    if not isinstance(key, RSAPrivateKey):
        raise BadSettings("this is neither an RSA nor an Ed25519 key", where=where)
    if not _SMALLEST_RSA <= key.key_size <= _LARGEST_RSA:
        raise BadSettings(f"an RSA key has {_SMALLEST_RSA} to {_LARGEST_RSA} bits", where=where)
    return RsaKey(key)
