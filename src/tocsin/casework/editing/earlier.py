"""What a record said before: its earlier versions, field by field, as far as somebody may open them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from tocsin.accounts.actor import Actor
from tocsin.casework import store
from tocsin.casework.editing.actions import OpenRecord
from tocsin.casework.editing.fields import Around
from tocsin.casework.editing.meeting import Difference, differences
from tocsin.casework.editing.record_forms import RecordForm
from tocsin.casework.store import Save
from tocsin.vault import queries as vault

# So many changes are shown. Each takes a form.
MOST = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """One change of a record: who saved it and when, and what stood before in the fields that it changed."""

    by: UUID
    at: datetime
    fields: tuple[Difference, ...]


def list_earlier(actor: Actor, opened: OpenRecord, around: Around, *, now: datetime) -> tuple[Earlier, ...]:
    """Give what the fields of a record said before, the newest change first; statuses have a history of their own.

    Records without an id are known by their place: what stood there before may have been another one, and is not told.

    Raises:
        CannotOpen: if somebody changed the database.
    """
    place = opened.place
    lines = [line for key, line in opened.opened.state.lines.items() if key[:2] == (place.section, place.at)]
    if place.at.startswith("#") or [line.version for line in lines] == [1]:
        return ()
    saves = store.read_saves(vault.open_case(actor.ring, opened.opened.id, now), lines)[-MOST - 1 :]
    forms = [RecordForm(None, type(opened.record), _plain(save), around) for save in saves]
    found = (
        Earlier(save.by, save.at, differences(before, after))
        for (before, after), save in zip(pairwise(forms), saves[1:], strict=True)
    )
    return tuple(reversed([each for each in found if each.fields]))


def _plain(save: Save) -> dict[str, Any]:
    return {field: value for part in save.parts.values() for field, value in part.items()}
