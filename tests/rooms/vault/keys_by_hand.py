"""A case with three holders, and what an investigator looks for in the files of the key store."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings

from key_files import files
from people import NOW, PASSPHRASE
from tocsin.vault import actions, queries, slots
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, KeyLink
from tocsin.vault.sealing import Place

LATER = NOW + timedelta(days=30)
PLACE = Place("thing", UUID(int=7), "text")


@dataclass
class Shared:
    """A case of one compartment that `root` opened and `stays` holds."""

    root: Keyring
    stays: Keyring
    case: UUID

    @classmethod
    def make(cls) -> "Shared":
        root = actions.enrol(uuid4(), PASSPHRASE, now=NOW).ring
        settings.TOCSIN_ROOTS = (root.public().sign.hex(),)
        shared = cls(root, root, uuid4())
        actions.found(root, shared.case, ["facts"], reason="opened it", ends_at=LATER, now=NOW)
        shared.stays = shared.colleague()
        shared.lend(shared.stays)
        return shared

    def colleague(self) -> Keyring:
        ring = actions.enrol(uuid4(), PASSPHRASE, now=NOW).ring
        actions.vouch(self.root, ring.public())
        return ring

    def lend(self, to: Keyring) -> Grant:
        return actions.grant(self.root, self.case, "facts", to.holder, reason="needs it", ends_at=LATER, now=NOW)

    def wrapped(self) -> list[bytes]:
        """Every wrapped key of the case as it lies in the key store now."""
        numbers = [
            *Grant.objects.filter(case=self.case).values_list("slot", flat=True),
            *KeyLink.objects.filter(case=self.case).values_list("slot", flat=True),
        ]
        return [payload for payload in slots.read(numbers).values() if payload]

    def opens(self, ring: Keyring, sealed: bytes) -> bytes:
        return queries.open_case(ring, self.case, NOW)["facts"].open(sealed, PLACE)

    def seal(self, ring: Keyring, value: bytes) -> bytes:
        return queries.open_case(ring, self.case, NOW)["facts"].seal(value, PLACE)


def left_of(wrapped: list[bytes]) -> list[str]:
    """Name the files that still hold a stretch of one of these payloads, wherever it begins or breaks off."""
    pieces = [payload[at : at + 24] for payload in wrapped for at in range(0, len(payload) - 24, 24)]
    return [name for name, content in files().items() if any(piece in content for piece in pieces)]
