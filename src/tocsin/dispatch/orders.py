"""The order of a mailing: the signature by which one of those who publish here asks for it.

Whoever can write into the database can add a mailing, but not the signature that makes it count.
"""

from collections.abc import Collection
from uuid import UUID

from tocsin.core.errors import BadRequest, NotVouched
from tocsin.core.publication import Signatory, key_id_of
from tocsin.dispatch.models import Mailing
from tocsin.publishing import signatories
from tocsin.vault import queries as vault
from tocsin.vault.keyring import Keyring
from tocsin.vault.sealing import framed


def sign(mailing: Mailing, ring: Keyring) -> None:
    """Put a person's order on a mailing as it stands."""
    mailing.opened_by = ring.holder
    mailing.order = ring.signature(_words(mailing))


def is_ordered(mailing: Mailing, counting: Collection[Signatory]) -> bool:
    """Tell whether one of those who publish here, by keys that count, asked for exactly this mailing."""
    return has_signed(mailing.opened_by, _words(mailing), bytes(mailing.order), counting)


def has_signed(holder: UUID, words: bytes, order: bytes, counting: Collection[Signatory]) -> bool:
    """Tell whether an order is by the present key of a person, and that key is one of those that count.

    That somebody of this site stands for a key is not enough: case workers and translators have such keys, too.
    """
    key = _key_of(holder, words, order)
    return key is not None and key in {each.id for each in counting}


def is_of_ours(holder: UUID, words: bytes, order: bytes) -> bool:
    """Tell whether an order is by the present key of somebody whom this site stands for."""
    return _key_of(holder, words, order) is not None


def _key_of(holder: UUID, words: bytes, order: bytes) -> str | None:
    try:
        keys = vault.vouched_keys(holder)
    except NotVouched:
        return None
    return key_id_of(keys.sign) if keys.signed(words, order) else None


def demand_office(ring: Keyring) -> None:
    """Refuse whoever does not publish here: no mailer would send what she orders.

    Raises:
        BadRequest: Her present key was not admitted, or was retired.
    """
    if not signatories.is_in_office(ring):
        raise BadRequest("only approvers whose keys were admitted can send: ask an administrator")


def _words(mailing: Mailing) -> bytes:
    not_before = mailing.not_before.isoformat() if mailing.not_before else ""
    words = (mailing.slug, str(mailing.version), mailing.kind, mailing.policy, not_before)
    return framed(b"tocsin mailing 1", mailing.id.bytes, mailing.opened_by.bytes, *(word.encode() for word in words))
