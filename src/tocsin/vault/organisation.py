"""The key of the organisation: split among five custodians, three of whom together open what nobody else can open.

The secret is drawn, split into shares of words (SLIP-39) and forgotten; only its public halves stay. It is a holder
like a person, with grants of its own, so that a revocation or renewal changes its boxes with all others. Two shares say
nothing of the secret. A case that was opened without recovery has no grant for it.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from tocsin.core.errors import NotAllowed, WrongSecret
from tocsin.vault import actions, queries
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, Holder, OrganisationKey
from tocsin.vault.sealing import derive, new_key

NEEDED, CUSTODIANS = 3, 5
REASON = "recovery by the custodians"


def make(voucher: Keyring, *, now: datetime) -> tuple[str, ...]:
    """Draw a new key of the organisation and give its five shares, which are kept nowhere.

    The one before is retired: cases move to the new one as somebody who holds them saves, and its old grants hold
    until then, so that no case is without a key in between.
    """
    secret, organisation = new_key(), uuid4()
    ring = _ring(organisation, secret)
    public = ring.public()
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
    return tuple(generate_mnemonics(1, [(NEEDED, CUSTODIANS)], secret)[0])


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


def recover(
    shares: Iterable[str], case: UUID, to: UUID, *, reason: str, ends_at: datetime, now: datetime
) -> tuple[Grant, ...]:
    """Give somebody all compartments of a case that the organisation holds and she does not.

    Raises:
        WrongSecret: if the shares are too few, mistyped, of different keys, or of none that this site knows.
        NotAllowed: if the organisation holds nothing of this case.
    """
    ring = _combined(shares)
    grants = queries.list_grants(now, case=case, holder=ring.holder)
    if not grants:
        raise NotAllowed("there is no such case, or the custodians may not open it")
    with transaction.atomic():
        mine = set(queries.list_grants(now, case=case, holder=to).values_list("compartment", flat=True))
        return tuple(
            actions.grant(ring, case, grant.compartment, to, reason=reason, ends_at=ends_at, now=now)
            for grant in grants
            if grant.compartment not in mine
        )


def _combined(shares: Iterable[str]) -> Keyring:
    try:
        secret = combine_mnemonics([" ".join(share.lower().split()) for share in shares])
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


def _ring(organisation: UUID, secret: bytes) -> Keyring:
    return Keyring(organisation, derive(secret, b"shares box 1"), derive(secret, b"shares sign 1"))
