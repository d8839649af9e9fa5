"""Reading from the vault: who a person is by her keys, and what she may open."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tocsin.core.errors import CannotOpen, NotAllowed, NotVouched, WrongSecret
from tocsin.vault import boxes, emergency, keyring, secrets, slots
from tocsin.vault.boxes import Terms
from tocsin.vault.keyring import Keyring, PublicKeys
from tocsin.vault.models import Bar, Grant, Holder, KeyLink
from tocsin.vault.opened import CaseKeys, CompartmentKeys
from tocsin.vault.sealing import DataKey, Place, derive, framed, open_with, seal_with

# People vouch for people; a longer chain is a ring, or not ours.
_LONGEST_CHAIN = 20
_NO_SLOT = 0


def get_holder(holder: UUID) -> Holder:
    """Give a person's row, or the one error for what is missing or not yours."""
    found = Holder.objects.filter(id=holder).first()
    if found is None:
        raise NotAllowed("there is no such person, or you may not see them")
    return found


def public_keys_of(holder: Holder) -> PublicKeys:
    """Give a person's public keys as they are stored; `vouched_keys` gives those one may rely on."""
    return PublicKeys(holder.id, bytes(holder.box_public), bytes(holder.sign_public))


def vouched_keys(holder: UUID) -> PublicKeys:
    """Give a person's public keys if a chain of signatures leads from them to a root of this site.

    Whoever can write into the database could put keys of their own in a colleague's row; they cannot sign for them.

    Raises:
        NotVouched: if nobody of this site stands for the keys.
    """
    row = Holder.objects.filter(id=holder).first()
    if row is not None and _leads_to_a_root(row):
        return public_keys_of(row)
    raise NotVouched(
        "nobody of this site stands for the keys of this person", hint="let a colleague compare the fingerprint"
    )


def _find_holder(holder: UUID) -> Holder | None:
    return Holder.objects.filter(id=holder).first()


def _leads_to_a_root(row: Holder, find: Callable[[UUID], Holder | None] = _find_holder) -> bool:
    for _ in range(_LONGEST_CHAIN):
        link = public_keys_of(row)
        if link.sign.hex() in settings.TOCSIN_ROOTS:
            return True
        voucher = find(row.vouched_by) if row.vouched_by else None
        if voucher is None or not public_keys_of(voucher).signed(link.framed(), bytes(row.vouch)):
            return False
        row = voucher
    return False


def has_keys(holder: UUID) -> bool:
    """Tell whether a person has drawn keys."""
    return Holder.objects.filter(id=holder).exists()


def is_vouched(holder: UUID) -> bool:
    """Tell whether a chain of signatures leads from a person's keys to a root of this site."""
    row = Holder.objects.filter(id=holder).first()
    return row is not None and _leads_to_a_root(row)


def list_vouched() -> dict[UUID, bool]:
    """Give everybody who has drawn keys, with whether a chain of signatures leads to a root, by one question."""
    rows = Holder.objects.in_bulk()
    return {holder: _leads_to_a_root(row, rows.get) for holder, row in rows.items()}


def unlock(holder: UUID, passphrase: str) -> Keyring:
    """Open a person's keys with her passphrase.

    Raises:
        WrongSecret: if the passphrase is wrong, or if there is no such person: after the same work.
    """
    row = Holder.objects.filter(id=holder).first()
    cost = settings.TOCSIN_COST if row is None else secrets.Cost(row.memory, row.rounds, row.lanes)
    key = secrets.stretch(passphrase, bytes(secrets.SALT_BYTES) if row is None else bytes(row.salt), cost)
    return _unwrap(holder, row, _NO_SLOT if row is None else row.passphrase_slot, key, "passphrase")


def unlock_by_recovery(holder: UUID, code: str) -> Keyring:
    """Open a person's keys with her recovery code.

    Raises:
        WrongSecret: if the code is not hers or has a wrong letter.
    """
    row = Holder.objects.filter(id=holder).first()
    key = secrets.recovery_key(code, bytes(secrets.SALT_BYTES) if row is None else bytes(row.salt))
    return _unwrap(holder, row, _NO_SLOT if row is None else row.recovery_slot, key, "recovery")


def unlock_by_either(holder: UUID, secret: str) -> tuple[Keyring, bool]:
    """Open a person's keys with her passphrase or recovery code; tell whether it was the recovery code."""
    if secrets.is_recovery_code(secret):
        return unlock_by_recovery(holder, secret), True
    return unlock(holder, secret), False


def _unwrap(holder: UUID, row: Holder | None, slot: int, key: bytes, way: str) -> Keyring:
    # Where there is nobody, a decoy fails as late as the keys of somebody under a wrong passphrase.
    wrapped = slots.read([slot]).get(slot) or keyring.DECOY
    try:
        ring = keyring.unwrap(holder, wrapped, key, way)
    except CannotOpen as error:
        raise WrongSecret("this passphrase or code opens nothing") from error
    if row is None or ring.public() != public_keys_of(row):
        raise CannotOpen("the public keys of this person were changed")
    return ring


def seal_session(ring: Keyring, cookie: bytes) -> bytes:
    """Seal an opened ring for the store of sessions, under the secret that only the cookie holds."""
    return keyring.wrap(ring, _session_key(cookie), "session")


def open_session(holder: UUID, sealed: bytes, cookie: bytes) -> Keyring:
    """Open the ring of a session."""
    return keyring.unwrap(holder, sealed, _session_key(cookie), "session")


def _session_key(cookie: bytes) -> bytes:
    # Without the secret no session opens: changing it ends them all, whatever the store of sessions still holds.
    return derive(cookie, b"session 2", emergency.session_secret())


def seal_own(ring: Keyring, value: bytes, purpose: str) -> bytes:
    """Seal what a person keeps for herself alone."""
    return seal_with(ring.own_key(purpose.encode()), value, framed(ring.holder.bytes, purpose.encode()))


def open_own(ring: Keyring, sealed: bytes, purpose: str) -> bytes:
    """Open what a person keeps for herself alone."""
    return open_with(ring.own_key(purpose.encode()), sealed, framed(ring.holder.bytes, purpose.encode()))


def barred() -> QuerySet[Bar]:
    """Give the bars that hold: of cases that two people let nobody open."""
    return Bar.objects.filter(lifts=False, ended_at=None).exclude(agreed_at=None)


def list_grants(now: datetime, *, case: UUID | None = None, holder: UUID | None = None) -> QuerySet[Grant]:
    """List the grants that open something now, of a case, of a person, or of both; those of a barred case open nothing.

    Whoever asks what somebody may do asks here, so that no page and no action needs to know of bars.
    """
    return all_grants(now, case=case, holder=holder).exclude(case__in=barred().values("case"))


def all_grants(now: datetime, *, case: UUID | None = None, holder: UUID | None = None) -> QuerySet[Grant]:
    """List the grants that were given and not ended, those of barred cases too."""
    live = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), ended_at=None, given_at__lte=now)
    if case is not None:
        live = live.filter(case=case)
    return live if holder is None else live.filter(holder=holder)


def among(grants: QuerySet[Grant], column: str = "case") -> Exists:
    """Give the condition that the case in a column of another table is among those of some grants.

    It is looked up for each row that fits otherwise: for a few rows, much faster than to list first all that somebody
    holds, as a database does for `case__in`.
    """
    return Exists(grants.filter(case=OuterRef(column)))


def get_grant(grant: UUID) -> Grant:
    """Give a grant, or the one error for what is missing or not yours."""
    found = Grant.objects.filter(id=grant).first()
    if found is None:
        raise NotAllowed("there is no such grant, or you may not see it")
    return found


def terms_of(grant: Grant) -> Terms:
    """Give the terms that a grant's box is bound to."""
    return Terms(grant.id, grant.holder, grant.case, grant.compartment, grant.ends_at)


def open_case(ring: Keyring, case: UUID, now: datetime, *, even_barred: bool = False) -> CaseKeys:
    """Open all compartments of a case that a person holds a grant for.

    Args:
        ring: Her keys.
        case: The case.
        now: The time by which grants hold.
        even_barred: For what is done about a bar itself, and for taking back what is public of the case.

    Raises:
        NotAllowed: if there is none, or no such case: the two are not told apart.
        CannotOpen: if the key store was tampered with or belongs to another backup.
    """
    grants = list((all_grants if even_barred else list_grants)(now, case=case, holder=ring.holder))
    if not grants:
        raise NotAllowed("there is no such case, or you may not open it")
    return _opened(ring, case, grants)


def open_run_out(ring: Keyring, grant: Grant) -> CompartmentKeys:
    """Open a compartment by a grant whose day has come; for giving its last holder another one, and nothing else."""
    return _opened(ring, grant.case, [grant])[grant.compartment]


def _opened(ring: Keyring, case: UUID, grants: list[Grant]) -> CaseKeys:
    # The boxes first: a colleague may change the key meanwhile, and then the way back from hers is not among the links
    # that were there before.
    payloads = slots.read(grant.slot for grant in grants)
    links = list(KeyLink.objects.filter(case=case))
    earlier = slots.read(link.slot for link in links)
    opener = Opener(ring)
    compartments = {}
    for grant in grants:
        mine = {link.version: earlier.get(link.slot, b"") for link in links if link.compartment == grant.compartment}
        newest = opener.open(payloads.get(grant.slot, b""), terms_of(grant))
        compartments[grant.compartment] = all_versions(newest, mine)
    return CaseKeys(case, compartments)


class Opener:
    """Opens the boxes of one person, one after the other; it asks once whether colleagues vouch for a giver."""

    def __init__(self, ring: Keyring) -> None:
        self.own = boxes.adopting_key(ring)
        self._ring = ring
        self._givers: dict[UUID, PublicKeys] = {}

    def open(self, box: bytes, terms: Terms) -> DataKey:
        """Open a box, whether its giver sealed it or its holder sealed it again.

        Raises:
            CannotOpen: if it was tampered with.
            NotVouched: if nobody of this site stands for who gave it.
        """
        if boxes.is_adopted(box):
            return boxes.unpack_adopted(box, terms, self.own)
        giver = boxes.giver_of(box)
        if giver not in self._givers:
            self._givers[giver] = self._ring.public() if giver == self._ring.holder else vouched_keys(giver)
        return boxes.unpack(box, terms, self._ring, self._givers[giver])


def all_versions(newest: DataKey, links: Mapping[int, bytes]) -> CompartmentKeys:
    """Open the earlier versions of a data key, each sealed under the next."""
    versions = [newest]
    while versions[-1].version > 1:
        versions.append(open_link(versions[-1], links.get(versions[-1].version, b"")))
    return CompartmentKeys(tuple(versions))


def link(newer: DataKey, older: DataKey) -> bytes:
    """Seal the data key before a version under that version's."""
    return newer.seal(older.secret, _link_place(newer))


def open_link(newer: DataKey, sealed: bytes) -> DataKey:
    """Open the data key before a version."""
    return DataKey(newer.case, newer.compartment, newer.version - 1, newer.open(sealed, _link_place(newer)))


def _link_place(newer: DataKey) -> Place:
    return Place("key_link", newer.case, newer.compartment, newer.version)


def reasons(keys: CaseKeys, grants: Iterable[Grant]) -> dict[UUID, str]:
    """Give the reasons of those grants whose compartment one holds a key of."""
    return {
        grant.id: keys[grant.compartment].open(bytes(grant.reason), reason_place(grant.id)).decode()
        for grant in grants
        if grant.compartment in keys.compartments
    }


def reason_place(grant: UUID) -> Place:
    """Tell where the reason of a grant is sealed to."""
    return Place("grant", grant, "reason")
