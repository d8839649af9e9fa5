"""Who is told by mail that an appeal waits for her. The mail says no more than any other that a site sends its people.

Told are those who may take the next step, when it is their turn and never before: the reviewers when an appeal is
submitted, the approvers after its last gate, the other signatories when one of them asks for a statement, and who can
mend an appeal or take it back when it is held back. Whoever wrote in an appeal is not asked to judge it.
"""

from tocsin.accounts.queries import list_workers
from tocsin.appeals import stating, waiting
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import RETRACT
from tocsin.appeals.tables import APPROVED, CLEARED, IN_REVIEW
from tocsin.casework import notices
from tocsin.journal.models import Entry

SUBSCRIBER = "appeals.notices"
# After which entry somebody is asked, and where the appeal then stands; where it has gone on since, nobody is.
_ASKED_IN = {
    "appeals.appeal.submitted": IN_REVIEW,
    "appeals.gate.cleared": CLEARED,
    "appeals.appeal.approved": APPROVED,
}
_RECALL = "appeals.recall.asked"
_STATEMENT = "appeals.statement.asked"
_HELD_BACK = "appeals.appeal.held_back"
KINDS = (*_ASKED_IN, _RECALL, _STATEMENT, _HELD_BACK)


def saw(entry: Entry) -> None:
    """Let those be told who may take the next step of an appeal or statement (a subscriber of the journal)."""
    if entry.kind == _STATEMENT:
        notices.remind(stating.awaited(entry.subject) if entry.subject else (), at=entry.at)
        return
    row = waiting.with_steps(Appeal.objects.all()).filter(id=entry.subject).first() if entry.subject else None
    if row is None or row.state != _ASKED_IN.get(entry.kind, row.state):
        return
    able = {who for verb, spent in _steps(entry.kind, row).items() for who in list_workers(verb) if who not in spent}
    notices.tell(able - {entry.actor}, row.case_id, at=entry.at)


def _steps(kind: str, row: Appeal) -> waiting.Steps:
    if kind == _HELD_BACK:
        return {"appeal.draft": set(), RETRACT: set()}
    return waiting.steps_back(row) if kind == _RECALL else waiting.steps_on(row)
