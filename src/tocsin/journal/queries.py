"""Reading the journal."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from tocsin.core.errors import BrokenJournal
from tocsin.journal.chain import GENESIS, Link, digest
from tocsin.journal.models import Entry, Head


def list_entries(*, subject: UUID | None = None, actor: UUID | None = None) -> QuerySet[Entry]:
    """List entries, newest first."""
    found = Entry.objects.order_by("-number")
    if subject is not None:
        found = found.filter(subject=subject)
    return found if actor is None else found.filter(actor=actor)


def last_times(kind: str, subjects: Iterable[UUID]) -> dict[tuple[UUID, UUID | None], datetime]:
    """Tell when each person did something of a kind to each of some things the last time."""
    rows = Entry.objects.filter(kind=kind, subject__in=list(subjects)).values_list("subject", "actor")
    return {(subject, actor): at for subject, actor, at in rows.annotate(last=Max("at")) if subject is not None}


def verify() -> int:
    """Read the whole chain and give the number of entries.

    Raises:
        BrokenJournal: at the first entry that is missing, out of place or changed.
    """
    previous, count = GENESIS, 0
    for entry in Entry.objects.order_by("number").iterator(chunk_size=5_000):
        count += 1
        link = Link(entry.number, entry.at.astimezone(UTC), entry.actor, entry.kind, entry.subject, entry.facts)
        previous = digest(previous, link)
        if entry.number != count or bytes(entry.digest) != previous:
            raise BrokenJournal("the chain breaks here: an entry is missing or was changed", where=f"entry {count}")
    head = Head.objects.get(id=1)
    if head.number != count or (count and bytes(head.digest) != previous):
        raise BrokenJournal("the journal ends before its head", where=f"entry {count}")
    return count
