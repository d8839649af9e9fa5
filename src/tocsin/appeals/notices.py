"""Who is told by mail that an appeal waits for her. The mail says no more than any other that a site sends its people.

Told are those who may take the next step, when it is their turn and never before: the reviewers when an appeal is
submitted, the approvers after its last gate. Whoever wrote in it is not asked to judge it.
"""

from uuid import UUID

from tocsin.accounts.queries import list_workers
from tocsin.appeals import waiting
from tocsin.appeals.models import Appeal
from tocsin.appeals.tables import APPROVED, CLEARED, IN_REVIEW, PUBLISHED
from tocsin.casework import notices
from tocsin.journal.models import Entry

SUBSCRIBER = "appeals.notices"
# After which entry somebody is asked, and where the appeal then stands; where it has gone on since, nobody is.
_ASKED_IN = {
    "appeals.appeal.submitted": IN_REVIEW,
    "appeals.gate.cleared": CLEARED,
    "appeals.appeal.approved": APPROVED,
    "appeals.recall.asked": PUBLISHED,
}
KINDS = tuple(_ASKED_IN)


def saw(entry: Entry) -> None:
    """Let those be told who may take the next step of an appeal (a subscriber of the journal)."""
    row = Appeal.objects.filter(id=entry.subject, state=_ASKED_IN[entry.kind]).first() if entry.subject else None
    if row is None:
        return
    able: set[UUID] = set().union(*(list_workers(verb) for verb in waiting.awaited(row)))
    notices.tell(able - waiting.spent(row) - {entry.actor}, row.case_id, at=entry.at)
