"""Reading the directory."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from django.db.models import F, QuerySet

from tocsin.authorities.models import INSTITUTION, POST, Authority, AuthorityVersion, Turnover
from tocsin.core.addressing import Directory, Institution, Post
from tocsin.core.errors import BadDirectory, NotAllowed

_Content = TypeVar("_Content", Post, Institution)
# Learnt while the module is loaded, as the classes of an appeal are (`core.appeal.json`).
_LEARNT = msgspec.json.Decoder(Post), msgspec.json.Decoder(Institution)


def decoded(content: str, kind: type[_Content]) -> _Content:
    """Read what a version holds.

    Raises:
        BadDirectory: if another version of the program wrote it.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise BadDirectory("this part of the directory was written by another version") from error


def _current(kind: str, countries: Iterable[str] | None) -> QuerySet[AuthorityVersion]:
    found = AuthorityVersion.objects.filter(authority__kind=kind, version=F("authority__version"))
    return found if countries is None else found.filter(authority__country__in=list(countries))


def get_directory(countries: Iterable[str] | None = None) -> Directory:
    """Give the directory as it stands, of some countries or of all."""
    wanted = None if countries is None else set(countries)
    posts = [decoded(each, Post) for each in _current(POST, wanted).values_list("content", flat=True)]
    bodies = [decoded(each, Institution) for each in _current(INSTITUTION, wanted).values_list("content", flat=True)]
    return Directory({each.key: each for each in bodies}, {each.key: each for each in posts})


def posts_by_address(on: dt.date) -> dict[str, str]:
    """Give the addresses of e-mail that are in use on a day, in small letters, each with the key of its post."""
    return {
        point.address.lower(): post.key
        for post in get_directory().posts.values()
        for point in post.contact_points
        if point.type == "email" and (point.until is None or point.until > on)
    }


def get_post(key: str) -> tuple[Post, Authority]:
    """Give a post as it stands, and its row.

    Raises:
        NotAllowed: if there is none.
    """
    row = _current(POST, None).filter(authority__key=key).select_related("authority").first()
    if row is None:
        raise NotAllowed("there is no such post")
    return decoded(row.content, Post), row.authority


def get_institution(key: str) -> tuple[Institution, Authority]:
    """Give an institution as it stands, and its row.

    Raises:
        NotAllowed: if there is none.
    """
    row = _current(INSTITUTION, None).filter(authority__key=key).select_related("authority").first()
    if row is None:
        raise NotAllowed("there is no such institution")
    return decoded(row.content, Institution), row.authority


def list_countries() -> list[tuple[str, int]]:
    """List the countries of the directory with the number of their posts."""
    counts: dict[str, int] = {}
    for country in Authority.objects.filter(kind=POST).values_list("country", flat=True):
        counts[country] = counts.get(country, 0) + 1
    return sorted(counts.items())


def turnovers() -> dict[str, dt.date]:
    """Give by country the day since which nothing counts that was checked before."""
    found: dict[str, dt.date] = {}
    for country, on in Turnover.objects.filter(taken_back_at=None).values_list("country", "on"):
        found[country] = max(on, found.get(country, on))
    return found


def list_turnovers() -> list[Turnover]:
    """List the changes of government that were written down, the newest first; also those that were taken back."""
    return list(Turnover.objects.order_by("-marked_at"))


@dataclass(frozen=True, slots=True)
class Step:
    """A version of a post or an institution: who saved it, when, why, and which of its fields changed."""

    version: int
    by: UUID | None
    at: datetime
    why: str
    changed: tuple[str, ...]


def list_history(authority: Authority) -> list[Step]:
    """List every state in which a post or an institution was, the newest first."""
    steps: list[Step] = []
    before: Post | Institution | None = None
    for row in AuthorityVersion.objects.filter(authority=authority).order_by("version"):
        content = row.content
        now = decoded(content, Post) if authority.kind == POST else decoded(content, Institution)
        fields = [name for name in now.__dataclass_fields__ if before and getattr(now, name) != getattr(before, name)]
        steps.append(Step(row.version, row.saved_by, row.saved_at, row.why, tuple(fields)))
        before = now
    return steps[::-1]
