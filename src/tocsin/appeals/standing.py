"""Where an appeal stands, by the words of the domain paper: its state, the hour, and what came later.

This is worked out each time, in this one place. Of what is public the public house says it, so that nobody reads at the
desk what readers see otherwise.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from tocsin.appeals.hatch import day_of
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import OpenDraft, open_draft
from tocsin.appeals.tables import APPROVED, PUBLISHED
from tocsin.core.errors import CannotOpen
from tocsin.publishing import standings
from tocsin.vault.opened import CompartmentKeys

SCHEDULED = "scheduled"


def list_standings(
    rows: Collection[Appeal], opened: Callable[[Appeal], OpenDraft | None], *, now: datetime
) -> Mapping[UUID, str]:
    """Give the codes of `states.toml` for some appeals, by their ids.

    Args:
        rows: The appeals.
        opened: Gives the newest version of one; nothing where it does not open. Only those that wait for their release
            are asked for, since their day lies sealed.
        now: When.
    """
    public = standings.list_standings([row.code for row in rows if row.state == PUBLISHED], now=now)
    return {row.id: public.get(row.code) or _before(row, opened, now) for row in rows}


def standings_in_case(rows: Collection[Appeal], keys: CompartmentKeys, *, now: datetime) -> Mapping[UUID, str]:
    """Give the codes of `states.toml` for the appeals of a case, by their ids."""

    def opened(row: Appeal) -> OpenDraft | None:
        try:
            return open_draft(keys, row)
        except CannotOpen:
            return None

    return list_standings(rows, opened, now=now)


def standing_of(draft: OpenDraft, *, now: datetime) -> str:
    """Give the code of `states.toml` for an appeal that is open."""
    return list_standings([draft.row], lambda _: draft, now=now)[draft.row.id]


def _before(row: Appeal, opened: Callable[[Appeal], OpenDraft | None], now: datetime) -> str:
    draft = opened(row) if row.state == APPROVED and not row.times else None
    if draft is None:
        return row.state
    hour = draft.content.not_before
    waits = hour > now if hour else day_of(draft) > timezone.localdate(now)
    return SCHEDULED if waits else row.state
