"""Opening the data keys of many cases at once, as a search over all of one's cases needs them.

A box that its giver sealed takes 0.1 ms to open; the same box, sealed again by its holder, takes 0.006. So what is
opened here for the first time is sealed again in the same slot. No rows of models are made: for 20,000 grants they
would take longer than the opening.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Q

from tocsin.core.errors import Locked
from tocsin.vault import boxes, slots
from tocsin.vault.boxes import Terms
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import KeyLink
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.queries import Opener, all_versions, list_grants
from tocsin.vault.sealing import DataKey

_IN_ONE_QUERY = 5000


@dataclass(frozen=True, slots=True)
class Bunch:
    """Opened keys by case and compartment, and the cases of which some key could not be opened."""

    keys: dict[tuple[UUID, str], CompartmentKeys]
    closed: frozenset[UUID]


def open_cases(ring: Keyring, wanted: Q, now: datetime, *, adopt: bool = True) -> Bunch:
    """Open what a person holds of many cases; one that somebody tampered with does not keep the others closed.

    Args:
        ring: The keys of the person.
        wanted: Which of her live grants.
        now: The time by which grants hold.
        adopt: Whether to seal again what is opened for the first time; not where a page is only looked at.
    """
    rows = list_grants(now, holder=ring.holder).filter(wanted)
    held = [
        (Terms(grant, ring.holder, case, compartment, ends_at), slot)
        for grant, case, compartment, ends_at, slot in rows.values_list("id", "case", "compartment", "ends_at", "slot")
    ]
    payloads, opener = slots.read(slot for _, slot in held), Opener(ring)
    opened: dict[tuple[UUID, str], DataKey] = {}
    closed: set[UUID] = set()
    fresh: dict[int, tuple[bytes, bytes]] = {}
    for terms, slot in held:
        box = payloads.get(slot, b"")
        try:
            key = opener.open(box, terms)
        except Locked:
            closed.add(terms.case)
            continue
        opened[terms.case, terms.compartment] = key
        if adopt and not boxes.is_adopted(box):
            fresh[slot] = (box, boxes.adopt(key, terms, opener.own))
    _adopt(fresh)
    keys, broken = _with_earlier(opened)
    return Bunch(keys, frozenset(closed | broken))


def _adopt(fresh: dict[int, tuple[bytes, bytes]]) -> None:
    if not fresh:
        return
    try:
        slots.exchange(fresh)
    except DatabaseError:
        # A full disk, or a key store that is being shredded: opening was what was asked for, and it takes longer again.
        return


def _with_earlier(
    opened: dict[tuple[UUID, str], DataKey],
) -> tuple[dict[tuple[UUID, str], CompartmentKeys], set[UUID]]:
    """Add to each key the versions before it."""
    links: dict[tuple[UUID, str], dict[int, int]] = {}
    for case, compartment, version, slot in _links([case for (case, _), key in opened.items() if key.version > 1]):
        links.setdefault((case, compartment), {})[version] = slot
    payloads = slots.read(slot for versions in links.values() for slot in versions.values())
    keys: dict[tuple[UUID, str], CompartmentKeys] = {}
    broken: set[UUID] = set()
    for place, key in opened.items():
        if key.version == 1:
            keys[place] = CompartmentKeys((key,))
            continue
        earlier = {version: payloads.get(slot, b"") for version, slot in links.get(place, {}).items()}
        try:
            keys[place] = all_versions(key, earlier)
        except Locked:
            broken.add(place[0])
    return keys, broken


def _links(cases: list[UUID]) -> Iterator[tuple[UUID, str, int, int]]:
    for at in range(0, len(cases), _IN_ONE_QUERY):
        rows = KeyLink.objects.filter(case__in=cases[at : at + _IN_ONE_QUERY])
        yield from rows.values_list("case", "compartment", "version", "slot")
