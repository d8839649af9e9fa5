"""What takes two people and waits for the second one, in all the cases that somebody holds: so that she learns of it.

Nothing sealed is opened for this. Who asks stands in clear beside the request; of records and copies the journal says
it, and of what somebody asked the last entry counts.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tocsin.accounts.actor import Actor, may
from tocsin.casework import barring
from tocsin.casework.search import exporting
from tocsin.casework.search.export_keys import VERB as TAKES_OUT
from tocsin.journal.queries import list_of_kinds
from tocsin.vault import queries as vault

SEAL, OPEN_AGAIN, RECORD, COPY, LIST = "seal", "open_again", "record", "copy", "list"
# By the kind of entry that asks: what it asks for, and the fact that names the thing.
_ASKING = {"casework.class.asked": (RECORD, "record"), "casework.evidence.asked": (COPY, "file")}
_ANSWERING = (
    "casework.class.lowered",
    "casework.class.refused",
    "casework.record.withdrawn",
    "casework.evidence.agreed",
    "casework.evidence.withdrawn",
)
# What nobody answered for so long still stands on the page of its case.
_LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that one person asked and another one has to agree to: of which case, and of which thing in it."""

    what: str
    by: UUID
    at: datetime
    case: UUID | None = None
    thing: UUID | None = None


def waiting_for(actor: Actor, *, now: datetime) -> tuple[Waiting, ...]:
    """List what others ask and a person may agree to: cases to be sealed or opened first, then the oldest first."""
    urgent = _bars(actor, now) if may(actor, barring.VERB, now=now) else ()
    within = _in_cases(actor, now) if may(actor, "case.edit", now=now) else ()
    lists = exporting.list_asks(actor, now=now) if may(actor, TAKES_OUT, now=now) else ()
    waiting = [Waiting(LIST, each.by, each.at) for each in lists if each.agreed_at is None]
    others = [each for each in (*within, *waiting) if each.by != actor.id]
    return (*urgent, *sorted(others, key=lambda each: each.at))


def _bars(actor: Actor, now: datetime) -> Iterator[Waiting]:
    for row in barring.list_asked(actor, now=now):
        yield Waiting(OPEN_AGAIN if row.lifts else SEAL, row.by, row.at, row.case)


def _in_cases(actor: Actor, now: datetime) -> Iterable[Waiting]:
    """Give what is asked of records and copies, in cases that a person may open."""
    since, last = now - _LOOKED_BACK, dict[UUID, Waiting | None]()
    # What was answered is many times what is asked: first where others ask, then in which of these cases she may look.
    asked = list_of_kinds(_ASKING, since=since).exclude(actor=actor.id).order_by()
    cases = [each for each in asked.values_list("subject", flat=True).distinct() if each]
    opens = {grant.case for grant in vault.list_grants(now, holder=actor.id).filter(case__in=cases)} if cases else ()
    for entry in list_of_kinds((*_ASKING, *_ANSWERING), since=since).filter(subject__in=opens) if opens else ():
        facts = json.loads(entry.facts)
        what, named = _ASKING.get(entry.kind, ("", "file" if "file" in facts else "record"))
        if entry.subject is None or entry.actor is None:
            continue
        thing = UUID(facts[named])
        last[thing] = Waiting(what, entry.actor, entry.at, entry.subject, thing) if what else None
    return [each for each in last.values() if each is not None]
