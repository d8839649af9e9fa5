"""Messages to addresses of the directory that came back: written down for those who keep it, and nothing is changed.

Whether an official mailbox is gone is for a person to say, by a check: a flood of reports must not take away from the
public to whom it can write.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from tocsin.accounts.actor import Actor, demand
from tocsin.authorities.models import POST, Authority
from tocsin.authorities.queries import get_directory, get_post
from tocsin.core.errors import BadAddress
from tocsin.core.messages import Address
from tocsin.dispatch.addresses import fingerprint
from tocsin.journal import actions as journal
from tocsin.journal.models import Entry

RETURNED: Final = "authorities.post.returned"
LOOKED, AGAIN = "authorities.post.looked_into", "authorities.post.to_look_into"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CameBack:
    """That a message to a post came back: when it was told, why, as a code of `reasons.toml`, its journal number."""

    at: datetime
    why: str
    number: int


@dataclass(frozen=True, slots=True)
class Reports:
    """What came back of a post: what nobody has looked into, the newest first, and whether somebody has of others.

    `last` is the number of the newest one in the journal.
    """

    open: tuple[CameBack, ...]
    count: int
    looked_into: bool
    last: int = 0


class Officials:
    """The addresses of the directory by their fingerprints, as it stands when this is made."""

    def __init__(self, key: bytes, *, now: datetime) -> None:
        """Read the directory.

        Args:
            key: That of the fingerprints.
            now: When reports are written down.
        """
        self._posts, self._now = _posts_by_fingerprint(key), now

    def report(self, known_by: bytes, kind: str) -> bool:
        """Write into the journal that mail to a post came back, if the address is of one, and tell whether it is."""
        post = self._posts.get(known_by)
        if post is None:
            return False
        with transaction.atomic():
            journal.record(None, RETURNED, post, now=self._now, outcome=kind)
        return True


def _posts_by_fingerprint(key: bytes) -> Mapping[bytes, UUID]:
    ids = dict(Authority.objects.filter(kind=POST).values_list("key", "id"))
    found: dict[bytes, UUID] = {}
    for post in get_directory().posts.values():
        for point in post.contact_points:
            if point.type == "email":
                try:
                    found[fingerprint(Address.parse(point.address), key)] = ids[post.key]
                except BadAddress:
                    continue
    return found


def reports_on(post: UUID) -> Reports:
    """Give what came back of a post."""
    floor = _floors([post]).get(post, 0)
    rows = Entry.objects.filter(kind=RETURNED, subject=post, number__gt=floor).order_by("-number")
    found = tuple(
        CameBack(at, str(json.loads(facts)["outcome"]), number)
        for at, facts, number in rows.values_list("at", "facts", "number")[:_SHOWN]
    )
    last = found[0].number if found else 0
    return Reports(found, rows.count() if len(found) == _SHOWN else len(found), floor > 0, last)


def posts_with_reports() -> frozenset[str]:
    """Give the keys of posts to which mail came back that nobody has looked into."""
    last = Entry.objects.filter(kind=RETURNED).order_by().values_list("subject").annotate(last=Max("number"))
    told = {post: number for post, number in last if post is not None}
    floors = _floors(told)
    ids = [post for post, number in told.items() if number > floors.get(post, 0)]
    return frozenset(Authority.objects.filter(id__in=ids).values_list("key", flat=True))


def look_into(actor: Actor, key: str, seen: int, *, again: bool = False, now: datetime) -> None:
    """Put away what came back of a post, or show again what was put away last; the directory stays as it is.

    Args:
        actor: Who looked.
        key: That of the post.
        seen: The number of the newest report that she had before her; what came after it stays.
        again: Whether to show again.
        now: When.

    Raises:
        NotAllowed: There is no such post.
    """
    demand(actor, "authority.edit", now=now)
    post = get_post(key)[1].id
    with transaction.atomic():
        list(Authority.objects.select_for_update().filter(id=post))
        reports = reports_on(post)
        if again and reports.looked_into:
            journal.record(actor.id, AGAIN, post, now=now)
        elif not again and any(each.number <= seen for each in reports.open):
            journal.record(actor.id, LOOKED, post, now=now, until=min(seen, reports.last))


def _floors(posts: Collection[UUID]) -> dict[UUID, int]:
    """Give up to which entry what came back was looked into, by post; what was put away last can be shown again."""
    marks: dict[UUID, list[int]] = {}
    rows = Entry.objects.filter(kind__in=(LOOKED, AGAIN), subject__in=list(posts)).order_by("number")
    for post, kind, number, facts in rows.values_list("subject", "kind", "number", "facts"):
        if post is not None:
            own = marks.setdefault(post, [])
            if kind == LOOKED:
                own.append(int(json.loads(facts).get("until", number)))
            elif own:
                own.pop()
    return {post: own[-1] for post, own in marks.items() if own}
