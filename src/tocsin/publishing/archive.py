"""What the public site knows of an archive that is to be taken over: its registry, and what is published already."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from tocsin.core.archive import Shelf
from tocsin.core.publication import PublicAppeal
from tocsin.publishing import codes, queries
from tocsin.publishing.models import GivenCode, Publication, PublishedRetraction, Shown


def shelf(printed: Collection[str], *, now: datetime) -> Shelf:
    """Give what is there: the registry, and of what is published the appeals under some codes.

    Of the other members of a chain it gives that they are published, and not their text.
    """
    scheme = codes.in_use()
    rows = Shown.objects.filter(publication__code__in=printed, retracted_at=None)
    listed = (queries.find(slug, now=now) for slug in rows.values_list("slug", flat=True))
    return Shelf(
        codes.list_entries(scheme),
        {each.code: each.appeal for each in listed if each is not None and each.appeal is not None},
        frozenset(PublishedRetraction.objects.values_list("code", flat=True))
        | frozenset(Shown.objects.exclude(retracted_at=None).values_list("publication__code", flat=True)),
        frozenset(Shown.objects.filter(retracted_at=None).values_list("publication__code", flat=True)),
        scheme,
    )


def find(printed: str, *, now: datetime) -> PublicAppeal | None:
    """Give what is shown under a code; `None` where nothing is, or it was taken back."""
    slug = Shown.objects.filter(publication__code=printed).values_list("slug", flat=True).first()
    listed = queries.find(slug, now=now) if slug else None
    return listed.appeal if listed else None


def id_of(appeal: PublicAppeal) -> UUID:
    """Give the id of the row of an appeal that is published."""
    return Publication.objects.get(code=appeal.code, version=appeal.version).id


def codes_of_chain(printed: str) -> list[str]:
    """List the codes that were given out in the chain of a code, in their order; none where it was not given out."""
    own = GivenCode.objects.filter(printed=printed, void=False).first()
    if own is None:
        return []
    chain = GivenCode.objects.filter(scheme=own.scheme, series=own.series, year=own.year, number=own.number, void=False)
    return list(chain.order_by("follow_up").values_list("printed", flat=True))


def chain_of(printed: str, *, now: datetime) -> list[tuple[str, date]]:
    """List the archived appeals of the chain of a code that stand, each with its day of issue, the oldest first.

    Where that day is not known it is the first of the month of the code: all that matters is what is newer.
    """
    codes_there = codes_of_chain(printed)
    rows = Shown.objects.filter(publication__code__in=codes_there, archived=True, retracted_at=None)
    found = {row.publication.code: row for row in rows.select_related("publication")}
    listed = {code: queries.find(row.slug, now=now) for code, row in found.items()}
    months = dict(GivenCode.objects.filter(printed__in=found).values_list("printed", "month"))
    years = dict(GivenCode.objects.filter(printed__in=found).values_list("printed", "year"))
    return [
        (code, found[code].issued_on or date(years[code], months[code] or 1, 1))
        for code in codes_there
        if (here := listed.get(code)) and here.appeal and here.appeal.is_archived
    ]
