"""Who is told by mail that an appeal waits for her. The mail says no more than any other that a site sends its people.

Told are those who may take the next step, when it is their turn and never before: the reviewers when an appeal is
submitted, the approvers after its last gate, the other signatories when one of them asks for a statement. Whoever wrote
in an appeal is not asked to judge it.
"""

from tocsin.accounts.queries import list_workers
from tocsin.appeals import stating, waiting
from tocsin.appeals.models import Appeal
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
KINDS = (*_ASKED_IN, _RECALL, _STATEMENT)


def saw(entry: Entry) -> None:
    """Let those be told who may take the next step of an appeal or statement (a subscriber of the journal)."""
    if entry.kind == _STATEMENT:
        notices.remind(stating.awaited(entry.subject) if entry.subject else (), at=entry.at)
        return
    row = waiting.with_steps(Appeal.objects.all()).filter(id=entry.subject).first() if entry.subject else None
    if row is None or row.state != _ASKED_IN.get(entry.kind, row.state):
        return
    steps = waiting.steps_back(row) if entry.kind == _RECALL else waiting.steps_on(row)
    able = {who for verb, spent in steps.items() for who in list_workers(verb) if who not in spent}
    notices.tell(able - {entry.actor}, row.case_id, at=entry.at)
