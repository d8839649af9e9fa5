"""Messages to addresses of the directory that came back: written down for those who keep it, and nothing is changed.

Whether an official mailbox is gone is for a person to say, by a check: a flood of reports must not take away from the
public to whom it can write.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.authorities.models import POST, Authority
from tocsin.authorities.queries import get_directory
from tocsin.core.errors import BadAddress
from tocsin.core.messages import Address
from tocsin.dispatch.addresses import fingerprint
from tocsin.journal import actions as journal


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
            journal.record(None, "authorities.post.returned", post, now=self._now, outcome=kind)
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
