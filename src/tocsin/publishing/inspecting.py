"""Whether the public house is as it was left: every version and retraction that was let in, and every key."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.errors import BadPublication
from tocsin.core.publication import PublicAppeal, Signatory, from_file, verify
from tocsin.publishing import queries, shelf, signatories
from tocsin.publishing.models import Publication, PublishedRetraction, Shown, SignatoryKey
from tocsin.vault.keyring import is_signed

# Two machines of one site may differ by so much.
_APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Inspected:
    """How many publications there are, and of how many the signatures are wrong or the time lies ahead.

    `unvouched` are the keys for which nobody of the site stands; `astray` the rows by which appeals are found, listed
    and counted that say something else than was signed, and the appeals without one.
    """

    count: int
    unsigned: int
    ahead: int
    unvouched: int
    astray: int


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
    return Inspected(count, unsigned, ahead, SignatoryKey.objects.count() - len(keys), _count_astray(keys))


def _count_astray(keys: tuple[Signatory, ...]) -> int:
    """Draw anew what is shown of the newest version of each appeal, and count what differs."""
    rows = {row.slug: row for row in Shown.objects.select_related("publication")}
    newest = {row.slug: row.id for row in Publication.objects.order_by("version").only("id", "slug")}
    astray = len(rows.keys() ^ newest.keys())
    for slug, row in rows.items():
        if row.publication_id != newest.get(slug):
            astray += slug in newest
        elif _is_genuine(bytes(row.publication.statement), row.publication.code, keys):
            astray += not _says_what_was_signed(row)
    return astray


def _says_what_was_signed(row: Shown) -> bool:
    appeal = from_file(bytes(row.publication.statement))
    if not isinstance(appeal, PublicAppeal):
        return False
    drawn = shelf.draw(row.publication, appeal)
    is_gone = queries.find_retraction(row.slug) is not None
    return all(getattr(row, name) == value for name, value in drawn.items()) and is_gone == bool(row.retracted_at)


def _is_genuine(statement: bytes, code: str, keys: tuple[Signatory, ...]) -> bool:
    try:
        signed = from_file(statement)
        verify(signed, keys, is_signed)
    except BadPublication:
        return False
    return signed.code == code
