"""Time-based one-time codes (RFC 6238): six digits of SHA-1 in steps of 30 seconds, which every authenticator knows."""

import base64
import os
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
SECRET_BYTES = 20
# A telephone's clock may be half a minute off, to either side.
_DRIFT = (0, -1, 1)


def new_secret() -> bytes:
    """Draw the secret that a person's authenticator shares."""
    return os.urandom(SECRET_BYTES)


def code_at(secret: bytes, at: datetime) -> str:
    """Give the code of a moment, as an authenticator shows it."""
    return _totp(secret).generate(int(at.timestamp())).decode()


def step_of(secret: bytes, code: str, at: datetime) -> int | None:
    """Tell which step a code belongs to, if it is right now; the caller lets no step be used twice."""
    digits = "".join(code.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return None
    now = int(at.timestamp())
    for drift in _DRIFT:
        moment = now + drift * STEP_SECONDS
        try:
            _totp(secret).verify(digits.encode(), moment)
        except InvalidToken:
            continue
        return moment // STEP_SECONDS
    return None


def address(secret: bytes, name: str) -> str:
    """Give the address that an authenticator takes, typed or as a picture."""
    return f"otpauth://totp/Tocsin:{quote(name)}?secret={base64.b32encode(secret).decode().rstrip('=')}&issuer=Tocsin"


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, 6, SHA1(), STEP_SECONDS, enforce_key_length=False)  # noqa: S303
