"""Whether the public house is as it was left: every version and retraction that was let in, and every key."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.errors import BadPublication
from tocsin.core.publication import Signatory, from_file, verify
from tocsin.publishing import signatories
from tocsin.publishing.models import Publication, PublishedRetraction, SignatoryKey
from tocsin.vault.keyring import is_signed

# Two machines of one site may differ by so much.
_APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Inspected:
    """How many publications there are, and of how many the signatures are wrong or the time lies ahead.

    `unvouched` are the keys for which nobody of the site stands.
    """

    count: int
    unsigned: int
    ahead: int
    unvouched: int


def inspect(*, now: datetime) -> Inspected:
    """Look at all that was ever let in; each is read and verified anew, and none from what a process remembers."""
    keys = signatories.list_signatories()
    count = unsigned = ahead = 0
    for rows, told in (
        (Publication.objects.all(), "published_at"),
        (PublishedRetraction.objects.all(), "retracted_at"),
    ):
        for row in rows.iterator(100):
            count += 1
            unsigned += not _is_genuine(bytes(row.statement), row.code, keys)
            ahead += getattr(row, told) > now + _APART
    return Inspected(count, unsigned, ahead, SignatoryKey.objects.count() - len(keys))


def _is_genuine(statement: bytes, code: str, keys: tuple[Signatory, ...]) -> bool:
    try:
        signed = from_file(statement)
        verify(signed, keys, is_signed)
    except BadPublication:
        return False
    return signed.code == code
