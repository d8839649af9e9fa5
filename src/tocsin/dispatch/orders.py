"""The order of a mailing: the signature by which a person of this site asks for it.

Whoever can write into the database can add a mailing, but not the signature that makes it count.
"""

from tocsin.core.errors import NotVouched
from tocsin.dispatch.models import Mailing
from tocsin.vault import queries as vault
from tocsin.vault.keyring import Keyring
from tocsin.vault.sealing import framed


def sign(mailing: Mailing, ring: Keyring) -> None:
    """Put a person's order on a mailing as it stands."""
    mailing.opened_by = ring.holder
    mailing.order = ring.signature(_words(mailing))


def is_ordered(mailing: Mailing) -> bool:
    """Tell whether somebody of this site asked for exactly this mailing."""
    try:
        keys = vault.vouched_keys(mailing.opened_by)
    except NotVouched:
        return False
    return keys.signed(_words(mailing), bytes(mailing.order))


def _words(mailing: Mailing) -> bytes:
    not_before = mailing.not_before.isoformat() if mailing.not_before else ""
    words = (mailing.slug, str(mailing.version), mailing.kind, mailing.policy, not_before)
    return framed(b"tocsin mailing 1", mailing.id.bytes, mailing.opened_by.bytes, *(word.encode() for word in words))
