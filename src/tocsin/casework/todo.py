"""What a person has to do: read from who read and saved what, from grants that end, and from hearings that come."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tocsin.accounts.actor import Actor
from tocsin.casework import actions, queries
from tocsin.casework.actions import Glance
from tocsin.casework.queries import Saved
from tocsin.journal import queries as journal
from tocsin.vault import organisation
from tocsin.vault import queries as vault
from tocsin.vault.models import Grant

# Time enough to ask a colleague, or to prepare a hearing.
ENDS_SOON = timedelta(days=7)
HEARING_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class MyCase:
    """A case on one's first page, and what it asks of one.

    Attributes:
        glance: Its name and hearings, opened for this page.
        saved: Who saved it last, and when.
        is_new: One has never read it.
        is_changed: Somebody else saved it since one read it.
        ends: The grant of one's own that ends first, if it ends soon.
        is_last: No other person holds that compartment for longer.
        hearings: The hearings that come within two weeks.
        given_by: Who gave the newest grant.
    """

    glance: Glance
    saved: Saved | None
    is_new: bool
    is_changed: bool
    ends: Grant | None
    is_last: bool
    hearings: tuple[datetime, ...]
    given_by: UUID | None

    @property
    def id(self) -> UUID:
        """Give the id of the case."""
        return self.glance.id

    @property
    def needs_me(self) -> bool:
        """Tell whether there is something to do today."""
        return bool(self.is_new or self.is_changed or self.ends or self.hearings or self.glance.title is None)


@dataclass(frozen=True, slots=True)
class Work:
    """The three lists of the first page."""

    today: tuple[MyCase, ...]
    cases: tuple[MyCase, ...]
    waiting: tuple[Grant, ...]
    titles: dict[UUID, str] = field(repr=False)
    more: int = 0


def list_work(actor: Actor, *, now: datetime) -> Work:
    """Give what is a person's to do. That she saw the names of her cases is journalled."""
    files = queries.list_case_files(actor, now=now)
    glances = actions.look_over(actor, [file.id for file in files], now=now) if files else ()
    ids = [glance.id for glance in glances]
    saves, reads = queries.last_saves(ids), journal.last_times("casework.case.read", ids)
    grants = list(vault.list_grants(now).filter(case__in=ids).exclude(holder__in=organisation.holders()))
    cases = [_my_case(actor, glance, saves.get(glance.id), reads, grants, now) for glance in glances]
    cases.sort(key=lambda each: each.saved.at if each.saved else now, reverse=True)
    waiting = tuple(
        grant
        for grant in grants
        if grant.given_by == actor.id != grant.holder and not _has_read(reads, grant.case, grant.holder)
    )
    return Work(
        today=tuple(each for each in cases if each.needs_me),
        cases=tuple(cases),
        waiting=_one_a_colleague(waiting),
        titles={glance.id: glance.title or "" for glance in glances},
        more=len(files) - len(glances),
    )


def _has_read(reads: dict[tuple[UUID, UUID | None], datetime], case: UUID, holder: UUID) -> bool:
    return (case, holder) in reads


def _one_a_colleague(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    return tuple({(grant.case, grant.holder): grant for grant in grants}.values())


def _my_case(
    actor: Actor,
    glance: Glance,
    saved: Saved | None,
    reads: dict[tuple[UUID, UUID | None], datetime],
    grants: list[Grant],
    now: datetime,
) -> MyCase:
    mine = [grant for grant in grants if grant.case == glance.id and grant.holder == actor.id]
    ending = [grant for grant in mine if grant.ends_at and grant.ends_at <= now + ENDS_SOON]
    read_at = reads.get((glance.id, actor.id))
    ends = min(ending, key=lambda grant: grant.ends_at or now, default=None)
    newest = max(mine, key=lambda grant: grant.given_at, default=None)
    return MyCase(
        glance=glance,
        saved=saved,
        is_new=read_at is None and not (saved and saved.by == actor.id),
        is_changed=bool(read_at and saved and saved.by != actor.id and saved.at > read_at),
        ends=ends,
        is_last=ends is not None and not any(_outlasts(each, ends) for each in grants),
        hearings=tuple(at for at in glance.hearings if now.date() <= at.date() <= (now + HEARING_SOON).date()),
        given_by=newest.given_by if newest else None,
    )


def _outlasts(other: Grant, mine: Grant) -> bool:
    same = (other.case, other.compartment) == (mine.case, mine.compartment) and other.holder != mine.holder
    return same and (other.ends_at is None or mine.ends_at is None or other.ends_at > mine.ends_at)
