"""Slowing down who guesses, so that nobody can be shut out by somebody else's guesses.

A place is a browser that has signed in as this name before, known by a cookie, or else a network. A known browser has
tries of its own: an attack from elsewhere, however wide, takes none of them. Nothing is remembered of names and
networks but a keyed digest.
"""

import hmac
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import transaction

from tocsin.accounts.models import Tries
from tocsin.core.errors import TooManyTries
from tocsin.journal import actions as journal

WINDOW = timedelta(seconds=60)
# At one name from one place; at one name from all places that were never signed in from; at all names from one network.
FROM_ONE_PLACE, AT_ONE_NAME, FROM_ONE_NETWORK = 5, 30, 30
_KEEP = timedelta(hours=1)
_MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks, as far as it can be seen: a network address, and the mark of a browser that came in before."""

    address: str = ""
    mark: str = ""


def new_mark(login: bytes) -> str:
    """Give what a browser keeps to be known again as one that this person signed in from."""
    seed = os.urandom(_MARK_BYTES)
    return f"{seed.hex()}.{_mac(b'mark', login + seed)}"


def admit(login: bytes, visitor: Visitor, *, now: datetime) -> None:
    """Count a try before any work is done for it.

    Raises:
        TooManyTries: if there were too many in the last minute.
    """
    for key, limit in _limits(login, visitor):
        if not _counted(key, limit, now):
            raise TooManyTries("too many tries", hint="wait a minute, then try again")


def forgive(login: bytes, visitor: Visitor) -> None:
    """Forget the tries of a place from which somebody has just come in."""
    place = _place(login, visitor)
    Tries.objects.filter(id=_mac(b"place", login + place)).delete()


def _limits(login: bytes, visitor: Visitor) -> list[tuple[str, int]]:
    place = _place(login, visitor)
    limits = [(_mac(b"place", login + place), FROM_ONE_PLACE)]
    if not place.startswith(b"mark"):
        limits += [(_mac(b"network", place), FROM_ONE_NETWORK), (_mac(b"name", login), AT_ONE_NAME)]
    return limits


def _place(login: bytes, visitor: Visitor) -> bytes:
    seed, _, mac = visitor.mark.partition(".")
    if seed and seed.isascii() and mac.isascii() and _is_hex(seed):
        expected = _mac(b"mark", login + bytes.fromhex(seed))
        if hmac.compare_digest(mac, expected):
            return b"mark " + seed.encode()
    return b"network " + _network(visitor.address).encode()


def _is_hex(text: str) -> bool:
    return len(text) == 2 * _MARK_BYTES and all(each in "0123456789abcdef" for each in text)


def _network(address: str) -> str:
    """Give the network of an address: whoever has one address of IPv6 has 2⁶⁴ of them."""
    try:
        version = ip_address(address).version
    except ValueError:
        return ""
    return str(ip_network((address, 64 if version == 6 else 32), strict=False))


def _counted(key: str, limit: int, now: datetime) -> bool:
    with transaction.atomic():
        Tries.objects.get_or_create(id=key, defaults={"since": now})
        row = Tries.objects.select_for_update().get(id=key)
        if not timedelta(0) <= now - row.since < WINDOW:
            Tries.objects.filter(since__lt=now - _KEEP).exclude(id=key).delete()
            row.count, row.since = 0, now
        if row.count == limit:
            journal.record(None, "accounts.session.throttled", now=now)
        row.count = min(row.count + 1, limit + 2)
        row.save(update_fields=["count", "since"])
    return row.count <= limit


def _mac(purpose: bytes, value: bytes) -> str:
    return hmac.digest(settings.TOCSIN_INDEX_KEY, b"throttle " + purpose + b" " + value, "sha256").hex()
