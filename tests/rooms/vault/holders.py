"""People with keys of their own, and what one gives another, for the tests of the vault."""

from uuid import UUID, uuid4

from people import LATER, NOW, PASSPHRASE
from tocsin.vault import actions
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant
from tocsin.vault.sealing import Place

PLACE = Place("thing", UUID(int=7), "text")


def person(voucher: Keyring | None = None) -> Keyring:
    ring = actions.enrol(uuid4(), PASSPHRASE, now=NOW).ring
    if voucher is not None:
        actions.vouch(voucher, ring.public())
    return ring


def give(root: Keyring, case: UUID, to: Keyring, compartment: str = "facts") -> Grant:
    return actions.grant(root, case, compartment, to.holder, reason="needs it", ends_at=LATER, now=NOW)
