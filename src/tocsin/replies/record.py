"""The record of an appeal for the desk: what is known of each addressee."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from tocsin.accounts.actor import Actor
from tocsin.authorities.models import POST, Authority
from tocsin.authorities.queries import get_directory
from tocsin.core.errors import NotAllowed
from tocsin.core.letters import EMBASSY, Whom, whom
from tocsin.journal.queries import list_entries
from tocsin.publishing import queries as published
from tocsin.publishing import told
from tocsin.publishing.queries import Listed
from tocsin.replies import actions, store
from tocsin.replies.addressees import addresses_of
from tocsin.replies.confirming import confirmed
from tocsin.replies.reading import sender_of

_MOST: Final = 200
"""So many replies are opened to say who answered: the last ones."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one whom readers of an appeal were asked to write to.

    Attributes:
        whom: The addressee.
        reported: How many actions readers told.
        bounced: How often mail of ours to it came back, since the appeal was published.
        answered: How many replies of it people confirmed.
        days: After how many days it answered, in the middle of its replies; `None` where it did not.
        named: Readers may learn that it answered.
    """

    whom: Whom
    reported: int
    bounced: int
    answered: int
    days: float | None
    named: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What became of an appeal.

    Attributes:
        listed: The appeal.
        lines: Of each addressee.
        not_said: How many actions readers told without saying whom they wrote to.
        replies: How many replies people confirmed in all.
        unknown: How many of these do not open, or came from no address of an addressee, printed or of the same post of
            the directory.
    """

    listed: Listed
    lines: tuple[Line, ...]
    not_said: int
    replies: int
    unknown: int


def open_record(actor: Actor, slug: str, *, now: datetime) -> Record:
    """Open what became of an appeal; its replies are opened to see who wrote them, and the journal says so.

    Raises:
        NotAllowed: if no such appeal stands, or this person may read no mail.
    """
    listed = published.find(slug, now=now)
    if listed is None or listed.appeal is None:
        raise NotAllowed("there is no such appeal, or it was taken back")
    rows = (store.mails_of(actor, now) & confirmed(listed.code)).order_by("-came_at", "id")
    opened = list(rows[:_MOST])
    read = actions.look_over(actor, opened, now=now)
    senders = [sender_of(each).lower() if each else "" for each in read]
    asked_at, reported = listed.visible_from, told.told_by_addressee(slug)
    everybody = whom(listed.appeal)
    returned = _returned(everybody, asked_at)
    addresses = addresses_of(everybody)
    named = set(rows.exclude(office="").values_list("office", flat=True).order_by())
    days: dict[int, list[int]] = defaultdict(list)
    for row, sender in zip(opened, senders, strict=True):
        for each in everybody:
            if sender in addresses[each.number]:
                days[each.number].append((row.came_at - asked_at).days)
    lines = (
        Line(
            each,
            reported.get(each.number, 0),
            returned[each.number],
            len(days[each.number]),
            median(days[each.number]) if days[each.number] else None,
            not named.isdisjoint(each.known_by),
        )
        for each in everybody
        # Of sixty embassies beside the text a line stands where something happened.
        if not each.residence or reported.get(each.number) or returned[each.number] or days[each.number]
    )
    total = confirmed(listed.code).count()
    known = set[str]().union(*addresses.values())
    not_said = reported.get(told.NOT_SAID, 0)
    return Record(listed, tuple(lines), not_said, total, total - sum(sender in known for sender in senders))


def _returned(everybody: Iterable[Whom], since: datetime) -> Counter[int]:
    """Count by addressee the mails that came back from the posts of the directory which have its addresses."""
    numbers = {address.lower(): each.number for each in everybody for address in each.mail if each.number != EMBASSY}
    posts = {
        post.key: numbers[point.address.lower()]
        for post in get_directory().posts.values()
        for point in post.contact_points
        if point.type == "email" and point.address.lower() in numbers
    }
    ids = dict(Authority.objects.filter(kind=POST, key__in=list(posts)).values_list("id", "key"))
    entries = list_entries().filter(kind="authorities.post.returned", subject__in=list(ids), at__gte=since)
    return Counter(posts[ids[each]] for each in entries.values_list("subject", flat=True) if each)
