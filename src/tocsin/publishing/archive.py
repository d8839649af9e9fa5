"""What the public site knows of an archive that is to be taken over: its registry, and what is published already."""

from collections.abc import Collection
from datetime import datetime

from tocsin.core.archive import Shelf
from tocsin.publishing import codes, queries
from tocsin.publishing.models import PublishedRetraction, Shown


def shelf(printed: Collection[str], *, now: datetime) -> Shelf:
    """Give what is there: the registry, and of what is published the appeals under some codes.

    Of the other members of a chain it gives that they are published, and not their text.
    """
    entries = codes.list_entries()
    rows = Shown.objects.filter(publication__code__in=printed, retracted_at=None)
    listed = (queries.find(slug, now=now) for slug in rows.values_list("slug", flat=True))
    return Shelf(
        entries,
        {each.code: each.appeal for each in listed if each is not None and each.appeal is not None},
        frozenset(PublishedRetraction.objects.values_list("code", flat=True)),
        frozenset(Shown.objects.filter(retracted_at=None).values_list("publication__code", flat=True)),
    )
