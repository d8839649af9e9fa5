"""Who signed a statement: two signatories at least, each by a key that is known and was not disavowed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Final

from tocsin.core.errors import Disavowed, NotSigned
from tocsin.core.publication.statements import Disavowal, Statement, digest_of

NEEDED: Final = 2
# Gives whether a public key made a signature of a message (Ed25519); the core computes no curve itself.
Signed = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Signatory:
    """A key by which appeals are published; `label` is what the public may know of who holds it.

    What was signed by a key that was retired stays genuine; nothing new may be. Of a key that came into wrong hands
    only that counts which its `disavowal` names.
    """

    public: bytes
    label: str = ""
    retired_on: date | None = None
    disavowal: Disavowal | None = None

    @property
    def id(self) -> str:
        """The id by which signatures name the key."""
        return key_id_of(self.public)

    def stands_for(self, statement: Statement) -> bool:
        """Tell whether a right signature of this key on a statement counts."""
        if isinstance(statement, Disavowal) and statement.key == self.id:
            return False
        return self.disavowal is None or self.disavowal.confirms(digest_of(statement))


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
        Disavowed: Two of these keys signed it, but one is disavowed, and this is not among what it still stands for.
        NotSigned: Fewer than two of these keys signed it. A signature that is wrong counts for nothing, nor does a
            second one by the same key.
    """
    known, message = {each.id: each for each in signatories}, statement.message
    right = {
        one.key: known[one.key]
        for one in statement.signatures
        if one.key in known and signed(known[one.key].public, message, one.signature)
    }
    found = tuple(each for each in right.values() if each.stands_for(statement))
    if len(found) >= NEEDED:
        return found
    if len(right) >= NEEDED and any(each.disavowal and not each.stands_for(statement) for each in right.values()):
        raise Disavowed(
            "a key that its publisher disavowed signed this, and it is not among what stays genuine of that key",
            hint="do not pass it on",
        )
    raise NotSigned(
        f"{len(found)} of the {NEEDED} signatures that are needed are there and right",
        hint="it is not genuine, was changed, or was signed by keys that are not in this list",
    )


def disavow(signatories: Iterable[Signatory], disavowals: Iterable[Disavowal], signed: Signed) -> tuple[Signatory, ...]:
    """Give keys as they stand after some disavowals, each verified against what the ones before it left.

    One that two others of the keys did not sign changes nothing, nor does a second one of the same key.
    """
    standing = tuple(signatories)
    for each in disavowals:
        try:
            verify(each, standing, signed)
        except NotSigned:
            continue
        standing = tuple(
            replace(key, disavowal=each) if key.id == each.key and key.disavowal is None else key for key in standing
        )
    return standing


def disavowal_of(statement: Statement, signatories: Iterable[Signatory]) -> Disavowal:
    """Give why a statement is `Disavowed`, which `verify` has told: the disavowal of a key that signed it."""
    said = {one.key for one in statement.signatures}
    keys = (each for each in signatories if each.id in said and not each.stands_for(statement))
    return next(each.disavowal for each in keys if each.disavowal)
