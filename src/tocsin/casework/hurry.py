"""How many cases one person opens within an hour: whoever goes through all she holds is slowed down, and told of.

Somebody who works on cases reads a few of them in an hour, again and again; somebody who carries them off reads each of
them once. So what counts is different cases, by the journal, which nobody can shorten. Those who read the journal, and
those who gave her access to any case, see it on their first page for a week.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tocsin.accounts.actor import Actor, may
from tocsin.accounts.queries import list_workers
from tocsin.casework import notices
from tocsin.core.errors import TooManyCases
from tocsin.journal import actions as journal
from tocsin.journal.queries import list_since
from tocsin.vault import queries as vault

MOST_AN_HOUR: Final = 60
_READ: Final = "casework.case.read"
_HURRIED: Final = "casework.cases.hurried"
_OFFICER: Final = "journal.read"
_HOUR, _SHOWN_FOR = timedelta(hours=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Hurried:
    """Somebody who opened as many cases within an hour as one person may: who, when, how many."""

    who: UUID
    at: datetime
    cases: int


def demand_pace(reader: UUID, *, now: datetime) -> None:
    """Stop a reading that is one too many, and tell of the last one that is not.

    To be called in the transaction of the reading, once it is written down: until that is committed nobody else writes
    an entry, so that two readings at once are counted both.

    Raises:
        TooManyCases: if she opened as many others within the last hour.
    """
    mine = list_since(now - _HOUR).filter(actor=reader)
    cases = mine.filter(kind=_READ).order_by().values("subject").distinct().count()
    if cases > MOST_AN_HOUR:
        raise TooManyCases("too many cases within an hour", hint="wait, or ask a colleague to read them")
    if cases == MOST_AN_HOUR and not mine.filter(kind=_HURRIED).exists():
        journal.record(reader, _HURRIED, now=now, cases=cases)
        givers = vault.list_grants(now, holder=reader).values_list("given_by", flat=True).distinct()
        notices.remind({*list_workers(_OFFICER), *givers} - {reader}, at=now)


def list_hurried(actor: Actor, *, now: datetime) -> list[Hurried]:
    """List those of the last week whom a person is to be told of, the newest first: never herself."""
    entries = list_since(now - _SHOWN_FOR).filter(kind=_HURRIED).exclude(actor=actor.id)
    told = [Hurried(each.actor, each.at, json.loads(each.facts)["cases"]) for each in entries if each.actor]
    if not told or may(actor, _OFFICER, now=now):
        return told
    given = vault.list_grants(now).filter(given_by=actor.id, holder__in={each.who for each in told})
    hers = set(given.values_list("holder", flat=True))
    return [each for each in told if each.who in hers]
