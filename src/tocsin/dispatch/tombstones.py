"""That an appeal does not stand any more, for those who were sent it: by what two people signed, and nothing else."""

from collections.abc import Collection
from typing import Final, Literal

from django.utils import timezone

from tocsin.core.errors import BadPublication
from tocsin.core.publication import Disavowal, Retraction, Signatory, from_file, verify
from tocsin.core.render import Tombstone
from tocsin.dispatch.models import TOMBSTONES
from tocsin.publishing import queries, signatories
from tocsin.publishing.models import Publication, PublishedRetraction
from tocsin.vault.keyring import is_signed

TombstoneKind = Literal["retraction", "disavowal"]
RETRACTION: Final[TombstoneKind] = "retraction"
DISAVOWAL: Final[TombstoneKind] = "disavowal"


def is_tombstone(kind: str) -> bool:
    """Tell whether a mailing of such a kind says that an appeal does not stand any more."""
    return kind in TOMBSTONES


def kind_of(publication: Publication) -> TombstoneKind | None:
    """Give why a publication does not stand any more; nothing while it does, or where a later version took its place.

    An appeal goes as a whole, with each of its versions: a mailing of its tombstone is one of the last version.
    """
    if publication != last_of(publication.slug):
        return None
    gone = queries.find_gone(publication.slug)
    return None if gone is None else RETRACTION if isinstance(gone, Retraction) else DISAVOWAL


def last_of(slug: str) -> Publication | None:
    """Give the last version that was published under a slug."""
    return Publication.objects.filter(slug=slug).order_by("-version").first()


def find(kind: str, publication: Publication, counting: Collection[Signatory]) -> Tombstone | None:
    """Give the tombstone of an appeal if two keys that count signed that it is gone for this very reason.

    Args:
        kind: That of its mailing.
        publication: The last version.
        counting: The keys that count for who asks.
    """
    try:
        if kind == RETRACTION:
            return _retraction(publication, counting)
        return _disavowal(publication, counting)
    except BadPublication:
        return None


def _retraction(publication: Publication, counting: Collection[Signatory]) -> Tombstone | None:
    row = PublishedRetraction.objects.filter(slug=publication.slug).first()
    statement = from_file(bytes(row.statement)) if row else None
    if not isinstance(statement, Retraction) or statement.code != publication.code:
        return None
    verify(statement, counting, is_signed)
    return _tombstone(publication, statement)


def _disavowal(publication: Publication, counting: Collection[Signatory]) -> Tombstone | None:
    statement = queries.disavowal_that_voids(publication, signatories.list_signatories())
    if statement is None:
        return None
    verify(statement, counting, is_signed)
    return _tombstone(publication, statement)


def _tombstone(publication: Publication, statement: Retraction | Disavowal) -> Tombstone:
    on = timezone.localdate(statement.retracted_at) if isinstance(statement, Retraction) else None
    return Tombstone(publication.code, on, tuple((each.language, each.text) for each in statement.note))
