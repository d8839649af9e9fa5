"""What the machine of a site can open by itself: every secret that it has is tried on everything that it sealed.

Run in a process of its own, which has what a worker has: the settings of the site, and both databases.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from tocsin.accounts.models import Account, Session
from tocsin.accounts.names import COMPARTMENT, DIRECTORY, name_place
from tocsin.casework import store
from tocsin.casework.models import CaseSummary, SealedRecord
from tocsin.casework.search.summary import _place as summary_place
from tocsin.core.errors import Locked
from tocsin.vault import boxes, keyring, queries, slots
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, Holder, KeyLink
from tocsin.vault.sealing import DataKey, key_version_of

KEY = 32
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
Attempt = Callable[[bytes], object]


@dataclass(frozen=True)
class Attack:
    """How often a secret was tried on something sealed, what opened, and of which public keys a private half was had.

    Attributes:
        tries: How often.
        opened: The kinds of what opened.
        private: How many private halves were found of the public keys of people and of backups.
    """

    tries: int
    opened: list[str]
    private: int


def attack(most: int, more: Iterable[bytes] = ()) -> Attack:
    """Try secrets on whatever is sealed, so many times at most; those of `more` first."""
    sealed, tries, opened, private = list(everything_sealed()), 0, [], 0
    public = public_keys()
    for secret in [*more, *secrets_of_the_machine()]:
        private += bool(halves(secret) & public)
        for kind, attempt in sealed:
            tries += 1
            try:
                attempt(secret)
            except Locked:
                continue
            opened.append(kind)
        if tries >= most:
            break
    return Attack(tries, opened, private)


def secrets_of_the_machine() -> list[bytes]:
    """Give every stretch of the length of a key that stands in the settings or in a row, in random order."""
    found: set[bytes] = set()
    for path in settings.SITE.directory.iterdir():
        if path.suffix == ".toml":
            found |= set(_stretches(path.read_bytes()))
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            for value in row:
                found |= set(_stretches(bytes(value) if isinstance(value, memoryview) else _as_bytes(value)))
    ordered = sorted(found)
    random.Random(4).shuffle(ordered)
    return ordered


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _stretches(content: bytes) -> Iterator[bytes]:
    for written in re.findall(rb"[0-9a-f]{64}", content):
        yield bytes.fromhex(written.decode())
    for written in re.findall(rb"(?i)(?:age|age-secret-key-)1([02-9ac-hj-np-z]{58})", content):
        yield from_bech32(written.decode().lower())
    yield from (content[at : at + KEY] for at in range(max(0, min(len(content), 600) - KEY + 1)))


def from_bech32(letters: str) -> bytes:
    """Give the 32 bytes of a key of `age`, whose last six letters are a checksum."""
    number = 0
    for letter in letters[:52]:
        number = number << 5 | _BECH32.index(letter)
    return (number >> 4).to_bytes(KEY, "big")


def halves(secret: bytes) -> set[bytes]:
    """Give the public halves that a secret would have."""
    return {bytes(PrivateKey(secret).public_key), bytes(SigningKey(secret).verify_key)}


def public_keys() -> set[bytes]:
    """Give the public keys of everybody and of backups."""
    found = {from_bech32(word.removeprefix("age1")) for word in settings.SITE.backup_recipients}
    for holder in Holder.objects.all():
        found |= {bytes(holder.box_public), bytes(holder.sign_public)}
    return found


def everything_sealed() -> Iterator[tuple[str, Attempt]]:
    """Give whatever is sealed in the two databases: its kind, and how somebody with a secret would open it."""
    for record in SealedRecord.objects.all():
        place = (
            store._outline_place(record.case_id, record.version)
            if record.row == record.case_id
            else store._part_place(record.row, record.version)
        )
        yield "record", _with_data_key(record.case_id, record.compartment, bytes(record.sealed), place)
    for row in CaseSummary.objects.all():
        place = summary_place(row.case_id, row.compartment, row.version)
        yield "summary", _with_data_key(row.case_id, row.compartment, bytes(row.sealed), place)
    for link in KeyLink.objects.all():
        yield "link", _link(link)
    for grant in Grant.objects.all():
        reason = queries.reason_place(grant.id)
        yield "reason", _with_data_key(grant.case, grant.compartment, bytes(grant.reason), reason)
        yield "box", _box(grant)
    for account in Account.objects.all():
        yield "name", _with_data_key(DIRECTORY, COMPARTMENT, bytes(account.name), name_place(account.id))
        yield "totp", lambda secret, of=account: queries.open_own(Keyring(of.id, secret, b""), bytes(of.totp), "totp")
    for session in Session.objects.all():
        yield "session", lambda secret, of=session: queries.open_session(of.account_id, bytes(of.ring), secret)
    for holder in Holder.objects.all():
        for way, slot in (("passphrase", holder.passphrase_slot), ("recovery", holder.recovery_slot)):
            wrapped = slots.read_one(slot)
            yield way, lambda secret, of=holder.id, it=wrapped, by=way: keyring.unwrap(of, it, secret, by)


def _with_data_key(case: object, compartment: str, sealed: bytes, place: object) -> Attempt:
    version = key_version_of(sealed)
    return lambda secret: DataKey(case, compartment, version, secret).open(sealed, place)  # type: ignore[arg-type]


def _link(link: KeyLink) -> Attempt:
    sealed = slots.read_one(link.slot)
    return lambda secret: queries.open_link(DataKey(link.case, link.compartment, link.version, secret), sealed)


def _box(grant: Grant) -> Attempt:
    box, terms = slots.read_one(grant.slot), queries.terms_of(grant)

    def attempt(secret: bytes) -> object:
        ring = Keyring(grant.holder, secret, secret)
        if boxes.is_adopted(box):
            return boxes.unpack_adopted(box, terms, boxes.adopting_key(ring))
        # Signatures are no obstacle to whoever only wants to read.
        return ring.open(box[17 + keyring.SIGNATURE_BYTES :])

    return attempt
