"""Reading the journal."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tocsin.journal import verifying
from tocsin.journal.models import Entry


def list_entries(*, subject: UUID | None = None, actor: UUID | None = None) -> QuerySet[Entry]:
    """List entries, newest first."""
    found = Entry.objects.order_by("-number")
    if subject is not None:
        found = found.filter(subject=subject)
    return found if actor is None else found.filter(actor=actor)


def list_of_kinds(kinds: Iterable[str], *, since: datetime) -> QuerySet[Entry]:
    """List the entries of some kinds since a time, the oldest first."""
    return Entry.objects.filter(kind__in=list(kinds), at__gt=since).order_by("number")


def list_since(when: datetime) -> QuerySet[Entry]:
    """List the entries since a time, newest first; found by their numbers, since nothing is indexed by time."""
    before = Entry.objects.filter(at__lte=when).order_by("-number").values("number")[:1]
    return list_entries().filter(number__gt=Coalesce(Subquery(before), 0))


def last_times(kind: str, subjects: Iterable[UUID]) -> dict[tuple[UUID, UUID | None], datetime]:
    """Tell when each person did something of a kind to each of some things the last time."""
    rows = Entry.objects.filter(kind=kind, subject__in=list(subjects)).values_list("subject", "actor")
    return {(subject, actor): at for subject, actor, at in rows.annotate(last=Max("at")) if subject is not None}


def last_facts(kind: str, subjects: Iterable[UUID]) -> dict[UUID, str]:
    """Give the facts of the last entry of a kind about each of some things, as they were written."""
    entries = Entry.objects.filter(kind=kind, subject__in=list(subjects))
    last = entries.order_by().values("subject").annotate(last=Max("number")).values_list("last", flat=True)
    rows = Entry.objects.filter(number__in=list(last)).values_list("subject", "facts")
    return {subject: facts for subject, facts in rows if subject is not None}


def last_facts_of_each(kind: str) -> Subquery:
    """Give what a query of things is annotated with: the facts of the last entry of a kind about each, or null.

    A thing and its entry are read in one statement: between two, somebody may have changed both.
    """
    entries = Entry.objects.filter(kind=kind, subject=OuterRef("id"))
    return Subquery(entries.order_by("-number").values("facts")[:1])


def unanswered(asking: str, answering: str) -> dict[UUID, datetime]:
    """Give the things of which an entry of one kind has none of another kind behind it, each with when it was made."""
    later = Entry.objects.filter(kind=answering, subject=OuterRef("subject"), number__gt=OuterRef("number"))
    rows = Entry.objects.filter(~Exists(later), kind=asking).order_by("number").values_list("subject", "at")
    return {subject: at for subject, at in rows if subject is not None}


def verify() -> int:
    """Read the whole journal and give the number of entries.

    Raises:
        BrokenJournal: at the first entry that is missing, out of place or changed.
    """
    return verifying.inspect().entries
