"""OpenPGP by Sequoia: keys read and checked, messages signed and encrypted; imported by the mailer alone."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pysequoia
from pysequoia import packet

from tocsin.core.errors import BadKey, BadSettings
from tocsin.core.messages import PgpSigner

LONGEST: Final = 40_000
_WRONG: Final = (RuntimeError, ValueError, TypeError)
_PRIVATE: Final = (packet.Tag.SecretKey, packet.Tag.SecretSubkey)


class PrivateKey:
    """The key by which an organisation signs its messages."""

    digest = "pgp-sha512"

    def __init__(self, key: pysequoia.Tsk) -> None:
        """Take a private key.

        Raises:
            BadKey: It cannot sign, is locked with a password, or makes signatures of another digest.
        """
        try:
            self.signer = key.signer()
            made = pysequoia.Sig.from_bytes(self.sign(b""))
        except _WRONG as error:
            raise BadKey("this OpenPGP key cannot sign", hint="a key without a password that may sign") from error
        if made.hash_algorithm != packet.HashAlgorithm.SHA512:
            raise BadKey("this OpenPGP key does not sign by SHA-512", hint="an Ed25519 or RSA key")

    def sign(self, content: bytes) -> bytes:
        """Give a detached signature in armour."""
        return pysequoia.sign(self.signer, content, mode=pysequoia.SignatureMode.DETACHED)


class PublicKey:
    """The key that a reader gave."""

    def __init__(self, armour: str, *, now: datetime) -> None:
        """Read a public key, and look whether something can be encrypted to it.

        Args:
            armour: As she pasted it.
            now: When, aware.

        Raises:
            BadKey: It is none, too long, private, revoked, expired, or not for encrypting.
        """
        if len(armour) > LONGEST:
            raise BadKey("this OpenPGP key is too long", hint="export it without pictures and signatures of others")
        try:
            # A private key is told from a public one by its packets, not by its heading.
            private = any(each.tag in _PRIVATE for each in packet.PacketPile.from_bytes(armour.encode()))
            self._cert = pysequoia.Cert.from_bytes(armour.encode())
            over = self._cert.expiration
        except _WRONG as error:
            raise BadKey("this is no OpenPGP public key") from error
        if private:
            raise BadKey("this is a private key: keep it to yourself, and give the public one")
        if self._cert.is_revoked:
            raise BadKey("this OpenPGP key was revoked")
        if over is not None and over.astimezone(UTC) <= now:
            raise BadKey("this OpenPGP key has expired", hint="prolong it, and export it again")
        self.encrypt(b"", None)

    def encrypt(self, content: bytes, signer: PgpSigner | None) -> bytes:
        """Give it encrypted to her, in armour, and signed within.

        Raises:
            BadKey: Nothing can be encrypted to this key.
        """
        own = signer.signer if isinstance(signer, PrivateKey) else None
        try:
            return pysequoia.encrypt(content, recipients=[self._cert], signer=own)
        except _WRONG as error:
            raise BadKey("nothing can be encrypted to this OpenPGP key") from error


def read_private_key(path: Path) -> PrivateKey:
    """Read the private key of the organisation from a file that nobody but its owner can read.

    Raises:
        BadSettings: It cannot be read, others can read it, or it holds no key that signs.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BadSettings("others can read the secrets in this file", where=path.name, hint="chmod 600")
        return PrivateKey(pysequoia.Tsk.from_bytes(path.read_bytes()))
    except (OSError, BadKey, *_WRONG) as error:
        raise BadSettings("this is no OpenPGP key that signs without a password", where=path.name) from error
