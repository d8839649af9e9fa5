"""Who signed a statement: two signatories at least, each by a key that is known and was not taken back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from tocsin.core.errors import NotSigned
from tocsin.core.publication.statements import Statement

NEEDED: Final = 2
# Gives whether a public key made a signature of a message (Ed25519); the core computes no curve itself.
Signed = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Signatory:
    """A key by which appeals are published; `label` is what the public may know of who holds it.

    What was signed by a key that was retired stays genuine; nothing new may be. A key that came into wrong hands is
    taken out of the list instead.
    """

    public: bytes
    label: str = ""
    retired_on: date | None = None

    @property
    def id(self) -> str:
        """The id by which signatures name the key."""
        return key_id_of(self.public)


def key_id_of(public: bytes) -> str:
    """Give the id of a public key: the first half of its SHA-256, in hexadecimal digits."""
    return sha256(b"tocsin signatory\0" + public).hexdigest()[:32]


def verify(statement: Statement, signatories: Iterable[Signatory], signed: Signed) -> tuple[Signatory, ...]:
    """Give the signatories who signed a statement.

    Args:
        statement: A published appeal, or a retraction.
        signatories: The keys one relies on.
        signed: Gives whether a public key made a signature of a message (Ed25519).

    Raises:
        NotSigned: Fewer than two of these keys signed it. A signature that is wrong counts for nothing, nor does a
            second one by the same key.
    """
    known, message = {each.id: each for each in signatories}, statement.message
    found = {
        one.key: known[one.key]
        for one in statement.signatures
        if one.key in known and signed(known[one.key].public, message, one.signature)
    }
    if len(found) < NEEDED:
        raise NotSigned(
            f"{len(found)} of the {NEEDED} signatures that are needed are there and right",
            hint="it is not genuine, was changed, or was signed by keys that are not in this list",
        )
    return tuple(found.values())
