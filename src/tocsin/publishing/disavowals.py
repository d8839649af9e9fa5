"""A key that was stolen: what it signed, what of that stays genuine, and letting the disavowal of two others in."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tocsin.core.errors import BadPublication, ChangedMeanwhile
from tocsin.core.publication import (
    Disavowal,
    PublicAppeal,
    Signatory,
    Words,
    digest_of,
    from_file,
    to_file,
    verify,
)
from tocsin.publishing import actions, queries, shelf, signatories
from tocsin.publishing.models import Publication, PublishedDisavowal, PublishedRetraction, Shown, SignatoryKey
from tocsin.vault.keyring import is_signed


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Something that a key signed: a version of an appeal, a retraction, or the disavowal of another key."""

    code: str
    version: int | None
    at: datetime
    digest: str


def list_keys(holder: UUID) -> tuple[Signatory, ...]:
    """List the keys of a person that count or counted, but for those that are disavowed already."""
    ids = signatories.ids_of(holder)
    return tuple(each for each in signatories.list_signatories() if each.id in ids and each.disavowal is None)


def list_signed(key: str) -> tuple[SignedBy, ...]:
    """List what a key signed together with others, in the order in which it was published."""
    keys = signatories.list_signatories()
    published = _signed(key, keys, ((Publication.objects.all(), "published_at"),))
    return tuple(sorted([*published, *_taken_back(key, keys)], key=lambda each: each.at))


def _taken_back(key: str, keys: Collection[Signatory]) -> Iterator[SignedBy]:
    """Give the retractions and disavowals that a key signed."""
    retracted = (PublishedRetraction.objects.all(), "retracted_at")
    return _signed(key, keys, (retracted, (PublishedDisavowal.objects.all(), "disavowed_at")))


def _signed(key: str, keys: Collection[Signatory], tables: Collection[tuple[QuerySet[Any], str]]) -> Iterator[SignedBy]:
    for rows, at in tables:
        for row in rows.iterator(100):
            # A statement names each key by its id: most need not be read.
            if key.encode() not in bytes(row.statement):
                continue
            try:
                statement = from_file(bytes(row.statement))
                by = verify(statement, keys, is_signed)
            except BadPublication:
                continue
            if any(each.id == key for each in by):
                name = statement.key if isinstance(statement, Disavowal) else statement.code
                version = statement.version if isinstance(statement, PublicAppeal) else None
                yield SignedBy(name, version, getattr(row, at), digest_of(statement))


def prepare(
    key: str, since: datetime, note: tuple[Words, ...], signed: Collection[SignedBy], also: Collection[str] = ()
) -> Disavowal:
    """Make the disavowal of a key, for two others to sign.

    Confirmed are the versions that were published before, those under the codes of `also`, and every retraction and
    disavowal: what was taken back may have been for somebody's safety, and is shown again by nobody's theft.
    """
    kept = (each.digest for each in signed if each.version is None or each.at < since or each.code in also)
    return Disavowal(key, since.astimezone(UTC).replace(microsecond=0), tuple(sorted(set(kept))), note)


def let_in(disavowal: Disavowal, *, now: datetime) -> int:
    """Let a key count for nothing but what its disavowal names, from now on. May be done twice.

    Returns:
        How many appeals that were shown are not any more.

    Raises:
        NotSigned: fewer than two other signatories in office signed it.
        BadPublication: nobody publishes by this key.
        ChangedMeanwhile: it is disavowed already, in other words, or took something back since this was prepared.
    """
    with transaction.atomic():
        actions.hold()
        verify(disavowal, signatories.in_office(), is_signed)
        if not SignatoryKey.objects.filter(id=disavowal.key).exists():
            raise BadPublication("nobody publishes by this key")
        taken_back = _taken_back(disavowal.key, signatories.list_signatories())
        # To the end: a cursor that is left open outlives what is rolled back.
        if [each for each in taken_back if not disavowal.confirms(each.digest)]:
            raise ChangedMeanwhile("this key took something back that is not confirmed", hint="prepare it anew")
        statement = to_file(disavowal)
        row, _ = PublishedDisavowal.objects.get_or_create(
            key=disavowal.key, defaults={"statement": statement, "disavowed_at": now}
        )
        if bytes(row.statement) != statement:
            raise ChangedMeanwhile("another disavowal of this key was let in already")
        SignatoryKey.objects.filter(id=disavowal.key, retired_at=None).update(retired_at=now)
        void = [shown.slug for shown in _void()]
        for slug in void:
            shelf.take_off(slug, now)
    return len(void)


def _void() -> Iterator[Shown]:
    """Give what is shown and no longer verifies since keys are disavowed."""
    keys = signatories.list_signatories()
    for shown in Shown.objects.filter(retracted_at=None).select_related("publication").iterator(100):
        if queries.disavowal_that_voids(shown.publication, keys):
            yield shown
