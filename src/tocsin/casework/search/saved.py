"""Searches that somebody keeps under a name: sealed with her own key, so that nobody learns whom she looks for."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from tocsin.accounts.actor import Actor, demand
from tocsin.casework.models import SavedSearch
from tocsin.casework.search.listing import Wanted
from tocsin.core.errors import BadRequest, Locked
from tocsin.vault import queries as vault

LONGEST_NAME = 60
MOST = 20


class _Kept(msgspec.Struct, frozen=True):
    name: str
    wanted: dict[str, str]


@dataclass(frozen=True, slots=True)
class Saved:
    """A search under its name."""

    id: UUID
    name: str = field(repr=False)
    wanted: Wanted = field(repr=False)


def save(actor: Actor, name: str, wanted: Wanted, *, now: datetime) -> UUID:
    """Keep a search under a name; one of the same name makes way for it.

    Raises:
        BadRequest: without a name, or if there are too many already.
    """
    demand(actor, "case.read", now=now)
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise BadRequest("give the search a name")
    before = list_saved(actor)
    SavedSearch.objects.filter(account=actor.id, id__in=[each.id for each in before if each.name == name]).delete()
    if len(before) >= MOST and not any(each.name == name for each in before):
        raise BadRequest("you keep twenty searches already: forget one first")
    row = SavedSearch(id=uuid4(), account=actor.id, saved_at=now)
    row.sealed = vault.seal_own(actor.ring, msgspec.json.encode(_Kept(name, asdict(wanted))), _purpose(row.id))
    row.save(force_insert=True)
    return row.id


def list_saved(actor: Actor) -> tuple[Saved, ...]:
    """Open the searches that a person keeps, by their names; one that somebody tampered with is left out."""
    found = []
    for row in SavedSearch.objects.filter(account=actor.id):
        try:
            opened = msgspec.json.decode(vault.open_own(actor.ring, bytes(row.sealed), _purpose(row.id)), type=_Kept)
            found.append(Saved(row.id, opened.name, Wanted(**opened.wanted)))
        except (Locked, msgspec.DecodeError, TypeError):
            continue
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def forget(actor: Actor, search_id: UUID) -> None:
    """Forget a search of one's own; nothing happens where there is none."""
    SavedSearch.objects.filter(id=search_id, account=actor.id).delete()


def _purpose(search_id: UUID) -> str:
    return f"saved search {search_id}"
