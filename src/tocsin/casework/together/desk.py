"""What the page of working together shows of a case, and the marks that the page of the case has of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tocsin.accounts.actor import Actor, may
from tocsin.accounts.queries import list_names
from tocsin.casework import charge, merges
from tocsin.casework.actions import OpenCase
from tocsin.casework.charge import Offer
from tocsin.casework.models import Merge
from tocsin.casework.pages.naming import record_name, section_name
from tocsin.casework.pages.wording import Words
from tocsin.casework.together import looking, remarks
from tocsin.casework.together.looking import Since
from tocsin.casework.together.remarks import COMMENT, TASK, Said
from tocsin.core.records import Case
from tocsin.vault import organisation
from tocsin.vault import queries as vault


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A record that others touched since one looked, by its name."""

    since: Since
    name: Words
    section: str


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments beside one record."""

    record: str
    name: Words
    comments: tuple[Said, ...]
    is_there: bool

    @property
    def open(self) -> tuple[Said, ...]:
        """Give those that nobody resolved."""
        return tuple(each for each in self.comments if not each.row.settled_at)


@dataclass(frozen=True, slots=True)
class Together:
    """Who works on a case, and what they say to one another."""

    lead: UUID | None
    offer: Offer | None
    is_watched: bool
    changes: tuple[ChangeShown, ...]
    tasks: tuple[Said, ...]
    done: tuple[Said, ...]
    threads: tuple[Thread, ...]
    names: Mapping[UUID, str]
    people: Mapping[UUID, str]
    held: frozenset[str]
    pointer: Merge | None = None
    opens_kept: bool = False

    @property
    def count_of_open(self) -> int:
        """Count the comments that nobody resolved."""
        return sum(len(each.open) for each in self.threads)

    @property
    def marks(self) -> "Marks":
        """Give what stands beside each record."""
        touched = {each.since.record: each.since for each in self.changes if each.since.what != looking.REMOVED}
        said = Counter({each.record: len(each.open) for each in self.threads if each.record})
        return Marks(touched, said)


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands beside one record: who touched it since one looked, and how many comments are open."""

    since: Since | None
    comments: int


class Marks:
    """The marks of a page, by the ids of records."""

    def __init__(self, touched: Mapping[str, Since], said: Mapping[str, int]) -> None:
        self._touched, self._said = touched, said

    def __getitem__(self, record: str) -> Mark:
        """Give the mark of a record; one that says nothing where there is nothing to say."""
        return Mark(self._touched.get(record), self._said.get(record, 0))


def look(actor: Actor, opened: OpenCase, language: str, *, now: datetime) -> Together:
    """Gather all of it for a case that was read."""
    keys = vault.open_case(actor.ring, opened.id, now)
    said = remarks.list_remarks(keys)
    names = list_names(actor, now=now)
    lead = charge.in_charge([opened.id]).get(opened.id)
    base = looking.last_look(actor, opened.id, now=now)
    changes = looking.changed_since(actor, keys, opened.state, base)
    tasks = [each for each in said if each.row.kind == TASK]
    pointer = merges.find_pointer(opened.id)
    people = _reachable(actor, opened.id, said, lead, now)
    return Together(
        lead=lead,
        offer=charge.find_offer(keys),
        is_watched=opened.id in charge.watched(actor.id),
        changes=tuple(_change(opened.case, each, language) for each in changes),
        tasks=tuple(sorted((each for each in tasks if not each.row.settled_at), key=_by_day)),
        done=tuple(each for each in reversed(tasks) if each.row.settled_at),
        threads=tuple(_threads(opened.case, said, language)),
        names=names,
        people={each: names[each] for each in people if each in names},
        held=frozenset(keys.compartments),
        pointer=pointer,
        opens_kept=pointer is not None and may(actor, "case.read", pointer.kept_id, now=now),
    )


def _by_day(task: Said) -> tuple[bool, str, datetime]:
    return task.until is None, task.until.isoformat() if task.until else "", task.row.at


def _change(case: Case, since: Since, language: str) -> ChangeShown:
    section = section_name(since.section)
    return ChangeShown(since, record_name(case, since.record, language) or Words(section), section)


def _threads(case: Case, said: Iterable[Said], language: str) -> Iterable[Thread]:
    beside: dict[str, list[Said]] = {}
    for each in said:
        if each.row.kind == COMMENT:
            beside.setdefault(each.about, []).append(each)
    for record, comments in beside.items():
        yield Thread(
            record,
            record_name(case, record, language) or Words(record),
            tuple(comments),
            not record or record in case.by_id,
        )


def _reachable(actor: Actor, case_id: UUID, said: Iterable[Said], lead: UUID | None, now: datetime) -> list[UUID]:
    """List the colleagues whom one may address: all who hold the case, for those who may know who does.

    Others learn of nobody whom they do not know from the case already: who is in charge, who gave them access, and who
    takes part in what they read.
    """
    grants = vault.list_grants(now, case=case_id).exclude(holder__in=organisation.holders())
    holders = {each.holder for each in grants}
    if not may(actor, "case.grant", case_id, now=now):
        known = {grant.given_by for grant in grants if grant.holder == actor.id}
        known |= {each for remark in said for each in (remark.row.by, remark.row.to) if each}
        holders &= known | {lead}
    return sorted(holders - {actor.id})
