"""Which addressee of an appeal has a mail address: one that the appeal prints, or another of the same post.

Of an addressee whom an appeal prints no mail address of, the post is known by another way that leads to it alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from tocsin.core.letters import Whom, whom
from tocsin.publishing import queries
from tocsin.publishing.models import Publication
from tocsin.replies.knowing import addresses_by_other_ways, addresses_of_posts


def addresses_of(everybody: Iterable[Whom]) -> dict[int, set[str]]:
    """Give the mail addresses of each addressee by its number: an authority answers from any that its post has."""
    posts, others = addresses_of_posts(), addresses_by_other_ways()
    found: dict[int, set[str]] = defaultdict(set)
    for each in everybody:
        for address in map(str.lower, each.mail):
            found[each.number] |= {address, *posts.get(address, ())}
        for way in () if each.mail else each.ways:
            found[each.number] |= others.get(way, set())
    return found


def whom_by_code(code: str, *, now: datetime) -> tuple[Whom, ...]:
    """Give all whom readers of a published appeal may write to; nobody where none stands under this code."""
    name = Publication.objects.filter(code=code).values_list("slug", flat=True).first()
    listed = queries.find(name, now=now) if name else None
    return whom(listed.appeal) if listed and listed.appeal else ()


def written_to(code: str, recipients: Collection[str], *, now: datetime) -> list[int]:
    """Give the numbers of those addressees of an appeal to whom a mail went; of an address of several, the first."""
    addresses = addresses_of(whom_by_code(code, now=now))
    owners = (next((number for number, own in addresses.items() if each in own), None) for each in recipients)
    return sorted({each for each in owners if each is not None})


def find_one(code: str, sender: str, *, now: datetime) -> Whom | None:
    """Give the addressee of an appeal to whom a sender's address belongs; `None` where it is nobody's or several's."""
    everybody = whom_by_code(code, now=now)
    addresses = addresses_of(everybody)
    found = [each for each in everybody if sender.lower() in addresses[each.number]]
    return found[0] if len(found) == 1 else None
