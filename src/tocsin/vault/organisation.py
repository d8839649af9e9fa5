"""The key of the organisation: split among five custodians, three of whom together open what nobody else can open.

The secret is drawn, split into shares of words (SLIP-39) and forgotten; only its public halves stay. It is a holder
like a person, with grants of its own, so that a revocation or renewal changes its boxes with all others. Two shares say
nothing of the secret. A case that was opened without recovery has no grant for it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from tocsin.core.errors import NotAllowed, WrongSecret
from tocsin.vault import actions, queries
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, Holder, OrganisationKey
from tocsin.vault.sealing import derive, new_key

NEEDED, CUSTODIANS = 3, 5
REASON = "recovery by the custodians"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A key that nobody uses yet, and its five shares: to be written down first, and kept nowhere here."""

    secret: bytes = field(repr=False)
    shares: tuple[str, ...] = field(repr=False)


def draw() -> Drawn:
    """Draw a key of the organisation and split it."""
    secret = new_key()
    return Drawn(secret, tuple(generate_mnemonics(1, [(NEEDED, CUSTODIANS)], secret)[0]))


def make(voucher: Keyring, drawn: Drawn, *, now: datetime) -> None:
    """Take a drawn key into use.

    The one before is retired: cases move to the new one as somebody who holds them saves, and its old grants hold
    until then, so that no case is without a key in between.
    """
    organisation = uuid4()
    public = _ring(organisation, drawn.secret).public()
    with transaction.atomic():
        OrganisationKey.objects.filter(retired_at=None).update(retired_at=now)
        OrganisationKey.objects.create(holder=organisation, made_at=now)
        Holder.objects.create(
            id=organisation,
            box_public=public.box,
            sign_public=public.sign,
            vouched_by=voucher.holder,
            vouch=voucher.signature(public.framed()),
            # Nobody signs in as the organisation: no slot has the number 0.
            **dict.fromkeys(("memory", "rounds", "lanes", "passphrase_slot", "recovery_slot"), 0),
            salt=b"",
        )


def cover(ring: Keyring, case: UUID, *, now: datetime) -> tuple[str, ...]:
    """Grant the organisation those compartments of a case that one holds and it does not; names them.

    What the retired keys of the organisation held they lose.
    """
    present = OrganisationKey.objects.filter(retired_at=None).first()
    if present is None:
        return ()
    held = queries.list_grants(now, case=case, holder=ring.holder).values_list("compartment", flat=True)
    covered = queries.list_grants(now, case=case, holder=present.holder).values_list("compartment", flat=True)
    missing = sorted(set(held) - set(covered))
    for compartment in missing:
        actions.grant(ring, case, compartment, present.holder, reason=REASON, ends_at=None, now=now)
        retired = OrganisationKey.objects.exclude(holder=present.holder).values_list("holder", flat=True)
        for old in Grant.objects.filter(case=case, compartment=compartment, holder__in=retired, ended_at=None):
            actions.revoke(ring, old.id, now=now)
    return tuple(missing)


def holders() -> list[UUID]:
    """List the holders that are no persons but keys of the organisation, present and retired."""
    return list(OrganisationKey.objects.values_list("holder", flat=True))


def combine(shares: Iterable[str]) -> Keyring:
    """Give the keys of the organisation from three of its shares.

    Raises:
        WrongSecret: if the shares are too few, mistyped, of different keys, or of none that this site knows.
    """
    try:
        secret = combine_mnemonics([_folded(share) for share in shares])
    except MnemonicError as error:
        # The library's words may hold words of a share.
        raise WrongSecret(
            "these shares do not make the key", hint=f"{NEEDED} different ones of one set are needed, without a slip"
        ) from error
    for key in OrganisationKey.objects.order_by("-made_at"):
        ring = _ring(key.holder, secret)
        if ring.public() == queries.public_keys_of(queries.get_holder(key.holder)):
            return ring
    raise WrongSecret("these shares make a key, but none of this organisation")


def check_share(share: str) -> None:
    """Refuse a share that was mistyped, by its own checksum, before two others are typed in vain.

    Raises:
        WrongSecret: if it is none.
    """
    try:
        Share.from_mnemonic(_folded(share))
    except MnemonicError as error:
        raise WrongSecret("there is a slip in this share: compare it word by word") from error


def is_made() -> bool:
    """Tell whether there is a key of the organisation that cases are given to."""
    return OrganisationKey.objects.filter(retired_at=None).exists()


def is_present(ring: Keyring) -> bool:
    """Tell whether these keys are those that cases are given to now, not those of an earlier set of shares."""
    return OrganisationKey.objects.filter(holder=ring.holder, retired_at=None).exists()


def recover(
    ring: Keyring,
    case: UUID,
    to: UUID,
    *,
    compartments: Collection[str] | None = None,
    reason: str,
    ends_at: datetime,
    now: datetime,
) -> tuple[Grant, ...]:
    """Give somebody the compartments of a case that the organisation holds and she does not, or those chosen of them.

    Raises:
        NotAllowed: if the organisation holds nothing of this case.
    """
    grants = queries.list_grants(now, case=case, holder=ring.holder)
    if not grants:
        raise NotAllowed("there is no such case, or the custodians may not open it")
    with transaction.atomic():
        mine = set(queries.list_grants(now, case=case, holder=to).values_list("compartment", flat=True))
        return tuple(
            actions.grant(ring, case, grant.compartment, to, reason=reason, ends_at=ends_at, now=now)
            for grant in grants
            if grant.compartment not in mine and (compartments is None or grant.compartment in compartments)
        )


def _folded(share: str) -> str:
    return " ".join(share.lower().split())


def _ring(organisation: UUID, secret: bytes) -> Keyring:
    return Keyring(organisation, derive(secret, b"shares box 1"), derive(secret, b"shares sign 1"))
