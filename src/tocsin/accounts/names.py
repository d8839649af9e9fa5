"""The directory: who works here, as a small case of its own that everybody on the site holds."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from tocsin.core.errors import Locked, NotAllowed
from tocsin.vault import queries as vault
from tocsin.vault.keyring import Keyring
from tocsin.vault.sealing import Place

DIRECTORY = UUID("6f5bd5b6-2f0e-4f6e-9c0b-0d2f5a0e7a11")
COMPARTMENT = "names"


def name_place(account: UUID) -> Place:
    """Tell where the name of an account is sealed to."""
    return Place("account", account, "name")


def read_name(ring: Keyring, sealed: bytes, *, now: datetime) -> str:
    """Open a person's own name as the directory has it; none where nobody has vouched for her yet."""
    try:
        keys = vault.open_case(ring, DIRECTORY, now)[COMPARTMENT]
    except NotAllowed:
        return ""
    return keys.open(sealed, name_place(ring.holder)).decode()


def keep_name(ring: Keyring, sealed: bytes, *, now: datetime) -> bytes:
    """Seal a person's own name for her alone; nothing where it cannot be read now.

    It opens only beside the bytes that the directory has: whoever changes her name makes it void.
    """
    try:
        name = read_name(ring, sealed, now=now)
    except Locked:
        return b""
    return vault.seal_own(ring, name.encode(), _purpose(sealed)) if name else b""


def kept_name(ring: Keyring, sealed: bytes, kept: bytes) -> str:
    """Open what `keep_name` sealed; nothing where there is none, or where the name was changed since."""
    try:
        return vault.open_own(ring, kept, _purpose(sealed)).decode() if kept else ""
    except Locked:
        return ""


def _purpose(sealed: bytes) -> str:
    return f"name {sha256(sealed).hexdigest()}"
