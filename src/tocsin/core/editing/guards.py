"""What else has to hold before a status is entered: the guards of the life cycles that the order alone does not tell.

Each guard is a sentence that says what is missing and what to do. They stop what a person enters. What a report tells
is taken over as it is told, and what it lacks is said beside it until somebody has said it (`lacking`).
"""

import datetime as dt
from collections.abc import Callable, Mapping

from tocsin.core.editing.lifecycles import lives
from tocsin.core.errors import BadRequest
from tocsin.core.records import Case, CaseStatus, Claim, Demand, DemandStatus, Proceeding, Record, Source, Status

DAYS_TO_ANSWER = 60
"""After so many days a demand without a deadline has had no answer."""

DAYS_OF_A_YEAR = 366
"""After so many days somebody looks at a dormant case again, at the latest."""

_FALLEN = frozenset({"rejected", "retracted", "superseded"})
_UNRELIABLE = frozenset({"D", "E"})


def hold(case: Case, holder: Case | Record, new: Status) -> None:
    """Refuse a status for which something in the case is missing.

    Args:
        case: The case.
        holder: The record of which the status is; or the case.
        new: The status as it would be entered.

    Raises:
        BadRequest: if a guard does not hold; `where` is the field that it is about.
    """
    _hold_claim(case, new)
    guard = _GUARDS.get((type(holder).__name__, new.value))
    if guard is not None:
        guard(case, holder, new)
    if isinstance(new, DemandStatus) and new.causality == "attributed_by_protagonist":
        _hold_causality(case, new)
    if isinstance(new, CaseStatus) and new.review_on and new.review_on <= new.as_of:
        raise BadRequest("the next review is not after the day of this status: choose a later one", where="review_on")


def lacking(holder: Record, status: Status, today: dt.date) -> BadRequest | None:
    """Say what a status lacks that a report told: what would stop a person who enters it by hand.

    Who says so, and how sure that is, the claim of the report says.

    Args:
        holder: The record of which it is, or one that says as much of it as the report does.
        status: The status.
        today: The day.
    """
    if status.as_of > today:
        return BadRequest("the day of this status is still to come: correct it, or wait until it has come")
    needed = lives()[type(holder).__name__].needs.get(status.value, ())
    if "conditions" in needed and not status.conditions:
        return BadRequest("on which conditions is not said: ask, and enter the status once more with them")
    if status.value == "convicted" and isinstance(holder, Proceeding) and holder.court is None:
        return BadRequest("by which court is not said: ask, and name it in the proceeding")
    return None


def is_verified(case: Case) -> bool:
    """Tell whether a case may be active.

    Something in it is said with whose statement it is, or corroborated by somebody who is not known to be unreliable.
    """
    return any(each.attribution or (each.status == "corroborated" and _is_reliable(case, each)) for each in case.claims)


def _is_reliable(case: Case, claim: Claim) -> bool:
    sources = [case.by_id.get(each) for each in claim.sources]
    return any(isinstance(each, Source) and each.reliability not in _UNRELIABLE for each in sources)


def _hold_active(case: Case, _holder: Case | Record, _new: Status) -> None:
    if not is_verified(case):
        raise BadRequest(
            "nothing in this case is corroborated by somebody reliable, or said with its author: confirm a claim",
            where="value",
        )


def _hold_dormant(_case: Case, _holder: Case | Record, new: Status) -> None:
    latest = new.as_of + dt.timedelta(DAYS_OF_A_YEAR)
    if isinstance(new, CaseStatus) and new.review_on and new.review_on > latest:
        raise BadRequest(
            "even a dormant case is looked at once a year: choose an earlier day",
            where="review_on",
            hint=latest.isoformat(),
        )


def _hold_claim(case: Case, new: Status) -> None:
    claim = case.by_id.get(new.claim or "")
    if isinstance(claim, Claim) and claim.status in _FALLEN:
        raise BadRequest("the claim that is named does not stand any more: name one that does", where="claim")


def _hold_conviction(_case: Case, holder: Case | Record, _new: Status) -> None:
    if isinstance(holder, Proceeding) and holder.court is None:
        raise BadRequest("no court is named: name it in the proceeding above, then enter the conviction", where="court")


def _hold_discontinued(_case: Case, _holder: Case | Record, new: Status) -> None:
    if new.claim is None and new.confidence != "reported_by_parties":
        raise BadRequest(
            "nobody is named who says so: choose the claim that it rests on, or say that only the parties report it",
            where="claim",
        )


def _hold_no_response(_case: Case, holder: Case | Record, new: Status) -> None:
    if not isinstance(holder, Demand) or not isinstance(new, DemandStatus):
        return
    life = lives()["Demand"]
    issued = [
        each.as_of
        for each in life.in_force(holder)
        if isinstance(each, DemandStatus) and each.beneficiary == new.beneficiary and each.value == "issued"
    ]
    deadline = holder.deadline or (issued[-1] + dt.timedelta(DAYS_TO_ANSWER) if issued else None)
    if deadline is not None and new.as_of <= deadline:
        raise BadRequest(
            "there is time left to answer: say this after the deadline, or change the deadline in the demand above",
            where="as_of",
            hint=deadline.isoformat(),
        )


def _hold_causality(case: Case, new: DemandStatus) -> None:
    if not any(each.type == "victim" for each in _all_sources(case, new.claim)):
        raise BadRequest(
            "that it was our appeal is for the person concerned to say: choose a claim that rests on her own word",
            where="causality",
        )


def _all_sources(case: Case, claim: str | None) -> list[Source]:
    """Give those on whom a claim rests, and those who told them."""
    found = case.by_id.get(claim or "")
    waiting = list(found.sources) if isinstance(found, Claim) else []
    sources: dict[str, Source] = {}
    while waiting:
        source = case.by_id.get(waiting.pop())
        if isinstance(source, Source) and source.id not in sources:
            sources[source.id] = source
            waiting += [source.heard_from] if source.heard_from else []
    return list(sources.values())


_Guard = Callable[[Case, Case | Record, Status], None]
_GUARDS: Mapping[tuple[str, str], _Guard] = {
    ("Case", "active"): _hold_active,
    ("Case", "dormant"): _hold_dormant,
    ("Proceeding", "convicted"): _hold_conviction,
    ("Proceeding", "discontinued"): _hold_discontinued,
    ("Demand", "no_response"): _hold_no_response,
}
