"""Who may publish: the keys whose signatures count. Each is signed by somebody for whom a root of the site stands.

Whoever can write into the database can add a row here, but not the signature that makes it count.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tocsin.core.errors import BadPublication, BadRequest, NotVouched
from tocsin.core.publication import (
    Disavowal,
    Signatory,
    Signature,
    Statement,
    disavow,
    from_file,
    key_id_of,
)
from tocsin.publishing.models import PublishedDisavowal, SignatoryKey
from tocsin.vault import queries as vault
from tocsin.vault.keyring import Keyring, PublicKeys, is_signed
from tocsin.vault.sealing import framed

Signable = TypeVar("Signable", bound=Statement)
_LONGEST_LABEL = 120


def admit(ring: Keyring, holder: UUID, *, label: str = "", now: datetime) -> Signatory:
    """Let a person publish by her present key; a key of hers from before is retired. May be done twice.

    Args:
        ring: The keys of who lets her.
        holder: The person.
        label: What the public may know of her; nothing, or her office rather than her name.
        now: The time of it.

    Raises:
        NotVouched: nobody of this site stands for one of the two.
        BadRequest: the label is too long, or her key was stolen.
    """
    if len(label) > _LONGEST_LABEL or not label.isprintable():
        raise BadRequest("a label is one line of at most 120 characters")
    vault.vouched_keys(ring.holder)
    public = vault.vouched_keys(holder).sign
    key = key_id_of(public)
    if PublishedDisavowal.objects.filter(key=key).exists():
        raise BadRequest("this key was stolen and counts no more", hint="a new account has a new key")
    with transaction.atomic():
        SignatoryKey.objects.filter(holder=holder, retired_at=None).exclude(id=key).update(retired_at=now)
        row, _ = SignatoryKey.objects.update_or_create(
            id=key,
            defaults={
                "holder": holder,
                "public": public,
                "label": label,
                "admitted_by": ring.holder,
                "admission": ring.signature(_admission(holder, public, label)),
                "admitted_at": now,
                "retired_at": None,
            },
        )
    return _signatory(row)


def retire(holder: UUID, *, now: datetime) -> int:
    """Let a person publish no more; what she signed stays genuine. Gives how many keys that were."""
    return SignatoryKey.objects.filter(holder=holder, retired_at=None).update(retired_at=now)


def sign(statement: Signable, ring: Keyring) -> Signable:
    """Give a statement with one more signature; who has signed it already signs anew in the same place."""
    own = Signature(key_id_of(ring.public().sign), ring.signature(statement.message))
    others: list[Signature] = [each for each in statement.signatures if each.key != own.key]
    return replace(statement, signatures=tuple(sorted([*others, own], key=lambda each: each.key)))


def list_signatories() -> tuple[Signatory, ...]:
    """List the keys that count, retired and disavowed ones too, in the order of their ids."""
    rows = SignatoryKey.objects.order_by("id")
    admitters = {each: _vouched(each) for each in {row.admitted_by for row in rows}}
    admitted = (_signatory(row) for row in rows if _is_admitted(row, admitters[row.admitted_by]))
    return disavow(admitted, _disavowals(), is_signed)


def holders() -> dict[str, UUID]:
    """Give whose each key is, by its id."""
    return dict(SignatoryKey.objects.values_list("id", "holder"))


def ids_of(holder: UUID) -> set[str]:
    """Give the ids of the keys of a person, of those too that count no more."""
    return set(SignatoryKey.objects.filter(holder=holder).values_list("id", flat=True))


def in_office() -> tuple[Signatory, ...]:
    """List the keys by which something new may be published now."""
    return tuple(each for each in list_signatories() if each.retired_on is None and each.disavowal is None)


def is_in_office(ring: Keyring) -> bool:
    """Tell whether something new may be published now by the present key of a person."""
    return ring.public().sign in {each.public for each in in_office()}


def _disavowals() -> Iterator[Disavowal]:
    """Give what was let in, in that order, and what somebody put beside it past the signatures."""
    for row in PublishedDisavowal.objects.order_by("disavowed_at", "key"):
        try:
            statement = from_file(bytes(row.statement))
        except BadPublication:
            continue
        if isinstance(statement, Disavowal) and statement.key == row.key:
            yield statement


def _vouched(holder: UUID) -> PublicKeys | None:
    try:
        return vault.vouched_keys(holder)
    except NotVouched:
        return None


def _is_admitted(row: SignatoryKey, admitter: PublicKeys | None) -> bool:
    public = bytes(row.public)
    if admitter is None or row.id != key_id_of(public):
        return False
    return admitter.signed(_admission(row.holder, public, row.label), bytes(row.admission))


def _admission(holder: UUID, public: bytes, label: str) -> bytes:
    return framed(b"tocsin signatory 1", holder.bytes, public, label.encode())


def _signatory(row: SignatoryKey) -> Signatory:
    retired_on = timezone.localdate(row.retired_at) if row.retired_at else None
    return Signatory(bytes(row.public), row.label, retired_on)
