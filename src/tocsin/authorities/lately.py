"""Ways to reach a post that were changed in the last days, told to whoever is about to sign what prints them.

Whoever gets hold of one account at the desk can change the address of an office shortly before an appeal is released,
and have what readers write sent to whom he likes. The directory keeps who changed what and when; an approver has no
reason to look there, so it is said where she signs.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db.models import Q

from tocsin.authorities.models import POST, AuthorityVersion
from tocsin.authorities.queries import decoded
from tocsin.core.addressing import ContactPoint, Post

LATELY: Final = timedelta(days=14)
_Said = tuple[str, str, date | None]


@dataclass(frozen=True, slots=True)
class Change:
    """That a way to reach a post was put in, is printed otherwise, was ended or opened again.

    Attributes:
        names: What the post is called, by language.
        address: The way, in its normal form.
        before: The ways of this kind that were open until then and are no more.
        by: Who changed it.
        at: When.
        why: A code of `reasons.toml`.
    """

    names: Mapping[str, str]
    address: str
    before: tuple[str, ...]
    by: UUID | None
    at: datetime
    why: str


def changed_lately(addresses: Collection[str], *, now: datetime) -> list[Change]:
    """Tell which of some addresses stand otherwise in the directory than some days ago, each with its last change.

    That somebody checked an address changes nothing of where letters go.
    """
    wanted = {each.lower() for each in addresses if each}
    if not wanted:
        return []
    # Of the few days that count the database gives only the posts that have one of them.
    holding = reduce(or_, (Q(content__icontains=each) for each in wanted))
    lately = AuthorityVersion.objects.filter(authority__kind=POST, saved_at__gt=now - LATELY)
    posts = lately.filter(holding).values_list("authority", flat=True).distinct()
    found = [each for post in posts for each in _changes(post, wanted, now - LATELY)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _changes(post: UUID, wanted: Collection[str], since: datetime) -> Iterator[Change]:
    rows = AuthorityVersion.objects.filter(authority=post).order_by("version")
    first = rows.filter(saved_at__lte=since).last()
    before = decoded(first.content, Post).contact_points if first else ()
    known, newest = {*map(_said, before)}, None
    changed: dict[_Said, AuthorityVersion] = {}
    for row in rows.filter(saved_at__gt=since):
        newest = decoded(row.content, Post)
        said = {*map(_said, newest.contact_points)}
        changed |= dict.fromkeys(said - known, row)
        known = said
    points = newest.contact_points if newest else ()
    used = {each.part for each in points if each.until is None}
    for point in points:
        last = changed.get(_said(point))
        if newest and last and point.address.lower() in wanted and _said(point) not in map(_said, before):
            gone = (each for each in before if each.type == point.type and each.until is None)
            ways = tuple(each.address for each in gone if each.part not in used)
            yield Change(newest.names, point.address, ways, last.saved_by, last.saved_at, last.why)


def _said(point: ContactPoint) -> _Said:
    return point.part, point.shown, point.until
