"""Whether what somebody pasted is an OpenPGP public key in armour, by its form; the mailer finds what it is worth."""

import base64
import binascii
import re
from typing import Final

from tocsin.core.errors import BadWish, PrivateKey

LONGEST: Final = 40_000
_ARMOUR: Final = re.compile(
    r"-----BEGIN PGP PUBLIC KEY BLOCK-----\n(?:[A-Za-z]+: .*\n)*\n?"
    r"((?:[A-Za-z0-9+/=]+\n)+)-----END PGP PUBLIC KEY BLOCK-----"
)
_PRIVATE: Final = "PRIVATE KEY BLOCK"
_PUBLIC_KEY: Final = 6


def check_public_key(text: str) -> str:
    """Give a public key as it is kept, without what stood around it.

    Raises:
        PrivateKey: It holds a private key.
        BadWish: It is no public key.
    """
    if _PRIVATE in text:
        raise PrivateKey("this is a private key: keep it to yourself, and paste the public one", where="openpgp")
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    found = _ARMOUR.fullmatch(lines) if len(lines) <= LONGEST else None
    if found is None or not _begins_with_key(found[1]):
        raise BadWish("this is no OpenPGP public key in armour", where="openpgp")
    return lines


def _begins_with_key(armoured: str) -> bool:
    digits = "".join(line for line in armoured.split("\n") if not line.startswith("="))
    try:
        first = base64.b64decode(digits, validate=True)[:1]
    except binascii.Error:
        return False
    # The tag of the first packet, in the old form and the new one (RFC 9580, 4.2).
    return first != b"" and first[0] & 0x80 != 0 and _tag(first[0]) == _PUBLIC_KEY


def _tag(octet: int) -> int:
    return octet & 0x3F if octet & 0x40 else octet >> 2 & 0x0F
