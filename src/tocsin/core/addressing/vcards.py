"""The directory as cards of an address book: vCard 4.0 (RFC 6350), a card for each post that there is on a day."""

import datetime as dt
from collections.abc import Iterator

from tocsin.core.addressing.values import FAILURES, ContactPoint, Directory, Post
from tocsin.core.icalendar import escaped, folded

_PROPERTIES = {
    "email": "EMAIL:{}",
    "phone": "TEL;VALUE=uri:tel:{}",
    "fax": "TEL;TYPE=fax;VALUE=uri:tel:{}",
    "post": "ADR:;;{};;;;",
    "web_form": "URL:{}",
}
"""By type of channel. For the others, networks and diplomatic notes, a card has no place."""


def to_vcards(directory: Directory, today: dt.date, language: str) -> str:
    """Write the posts that there are today; names in a language, else in English, else in the first that they have.

    Ways by which something came back, or that are no longer used, are left out.
    """
    open_posts = (post for _, post in sorted(directory.posts.items()) if not post.is_closed(today))
    lines = (line for post in open_posts for line in _card(post, directory, today, language))
    return b"".join(map(folded, lines)).decode()


def _card(post: Post, directory: Directory, today: dt.date, language: str) -> Iterator[str]:
    holder = post.occupancy(today)
    (title, title_in), (body, body_in) = post.name(language), directory.body(post, language)
    yield from ("BEGIN:VCARD", "VERSION:4.0", f"UID;VALUE=text:{escaped(post.key)}")
    yield f"KIND:{'individual' if holder else 'org'}"
    yield f"FN:{escaped(holder.person if holder else title)}"
    yield f"TITLE;LANGUAGE={title_in}:{escaped(title)}"
    if body:
        yield f"ORG;LANGUAGE={body_in}:{escaped(body)}"
    for rank, each in enumerate(post.languages, 1):
        yield f"LANG;PREF={rank}:{each}"
    for point in post.open_contact_points(today):
        if point.type in _PROPERTIES and not _came_back(point):
            address = point.shown or point.address if point.type == "post" else point.address
            yield _PROPERTIES[point.type].format(address if point.type == "web_form" else escaped(address))
    checks = (*(each.checks for each in post.occupancies), *(each.checks for each in post.contact_points))
    if looked := [check.on for each in checks for check in each]:
        yield f"REV:{max(looked):%Y%m%d}T000000Z"
    yield "END:VCARD"


def _came_back(point: ContactPoint) -> bool:
    return bool(point.checks) and max(point.checks).result in FAILURES
