"""What colleagues ask of somebody in all her cases: tasks, comments for her, cases that she is to take over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tocsin.accounts.actor import Actor
from tocsin.casework.models import HandOver, Remark
from tocsin.casework.together.remarks import COMMENT, TASK, Said, open_remark
from tocsin.vault import bulk
from tocsin.vault.opened import CaseKeys, CompartmentKeys

# As many as one reads in a list.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one person: her tasks by their days, the comments for her, the cases offered to her, by whom."""

    tasks: tuple[Said, ...] = ()
    comments: tuple[Said, ...] = ()
    offers: tuple[tuple[UUID, UUID], ...] = ()
    more: int = 0

    @property
    def count(self) -> int:
        """Count all of it."""
        return len(self.tasks) + len(self.comments) + len(self.offers) + self.more

    @property
    def cases(self) -> set[UUID]:
        """Give the cases in which something is asked."""
        said = {each.row.case_id for each in (*self.tasks, *self.comments)}
        return said | {case for case, _ in self.offers}


def asked_of(actor: Actor, *, now: datetime) -> Asked:
    """Give what is asked of a person in cases that she may open, the oldest first, at most fifty of it."""
    rows = Remark.objects.filter(to=actor.id, settled_at=None, case__shredded_at=None).order_by("at", "id")
    offers = dict(
        HandOver.objects.filter(to=actor.id, answered_at=None, case__shredded_at=None).values_list("case_id", "by")
    )
    found = list(rows)
    cases = {row.case_id for row in found} | offers.keys()
    if not cases:
        return Asked()
    # Looking at a page changes nothing: no box is sealed again.
    opened = bulk.open_cases(actor.ring, Q(case__in=cases), now, adopt=False).keys
    readable = [row for row in found if (row.case_id, row.compartment) in opened]
    said = [open_remark(_keys_of(row.case_id, opened), row) for row in readable[:_MOST]]
    held = {case for case, _ in opened}
    return Asked(
        tasks=tuple(sorted(_of(said, TASK), key=lambda each: (each.until is None, str(each.until), each.row.at))),
        comments=tuple(_of(said, COMMENT)),
        offers=tuple((case, by) for case, by in offers.items() if case in held),
        more=len(readable) - len(said),
    )


def _of(said: Iterable[Said], kind: str) -> list[Said]:
    return [each for each in said if each.row.kind == kind]


def _keys_of(case: UUID, opened: dict[tuple[UUID, str], CompartmentKeys]) -> CaseKeys:
    return CaseKeys(case, {compartment: keys for (of, compartment), keys in opened.items() if of == case})
