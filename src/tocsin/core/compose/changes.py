"""What is new since the last appeal of a chain, and what only recalls it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tocsin.core.compose.draft import may_print
from tocsin.core.errors import BadCase
from tocsin.core.records import (
    Addressee,
    AppealPlan,
    Case,
    Change,
    Consent,
    Detention,
    Event,
    Occupancy,
    Proceeding,
    Record,
    changes_since,
)

_RECALLED = frozenset({"act", "procedure", "omission"})
# They say to whom it is written and what may be printed, not how somebody fares.
_ASIDE = (Addressee, AppealPlan, Consent, Occupancy)


@dataclass(frozen=True, slots=True)
class LastTold:
    """What the last appeal of a chain was made of.

    Attributes:
        case: The case as it stood then.
        records: The records that its sentences rest on: what was told may have been written down later.
        is_whole: Whether nothing was changed that whoever composes cannot open.
    """

    case: Case = field(repr=False)
    records: frozenset[str] = frozenset()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class News:
    """What became of a case since the last appeal of its chain.

    Attributes:
        since: The day of that appeal.
        fresh: The records that tell something new: what happened or became known, and statuses that changed.
        others: Records that were changed, or may have been, and tell nothing new.
        standing: `new` where something of it may be told; `unchanged` where there is nothing at all, so that a
            follow-up may say that no change is known; `untold` where neither may be said.
        kept: What the last appeal had as well: `title`, `summary`, `violation_headings` of the plan, and `positions`.
    """

    since: dt.date
    fresh: tuple[str, ...]
    others: tuple[str, ...]
    standing: Literal["new", "untold", "unchanged"]
    kept: frozenset[str] = frozenset()

    def has_kept(self, field: str) -> bool:
        """Whether a text was written of the last appeal, and this one has something new to tell in its place."""
        return self.standing == "new" and field in self.kept


def starting_point(case: Case, since: dt.date | None) -> dt.date:
    """Give the day after which things are new: the given one, or that of the last appeal of the chain.

    Raises:
        BadCase: Neither is there.
    """
    if since is not None:
        return since
    earlier = [each.issued_on for each in case.appeal.follows]
    if not earlier:
        raise BadCase(
            "a follow-up needs the day since when things are new",
            where=case.appeal.id,
            hint="give --since, or name the last appeal under follows",
        )
    return max(earlier)


def news_since(case: Case, since: dt.date, last: LastTold | None = None, *, on: dt.date | None = None) -> News:
    """Tell what is new in a case since a day, or since the state of which the last appeal was made.

    Args:
        case: The case as it is now.
        since: The day of the last appeal.
        last: What that was made of. Without it days decide, and what was recorded on that very day, or nobody knows
            when, may have been changed.
        on: For which day it is asked; the day of issue of the plan where it is not given.
    """
    fresh, others = _by_day(case, since) if last is None else _by_state(case, since, last)
    # What was written down before it was to happen is not known to have happened: once its day has come, nobody knows.
    on = on or case.appeal.issued_on
    due = {each.record for each in _events(case, since) if on is None or each.on <= on}
    told = any(may_print(case.by_id[each]) for each in fresh)
    quiet = not (fresh | others | due) and (last is None or last.is_whole)
    return News(
        since,
        tuple(sorted(fresh)),
        tuple(sorted((others | due) - fresh)),
        "new" if told else "unchanged" if quiet else "untold",
        frozenset() if last is None else _kept(last.case, case),
    )


def _kept(before: Case, case: Case) -> frozenset[str]:
    fields = ("title", "summary", "violation_headings")
    same = {each for each in fields if getattr(before.appeal, each) == getattr(case.appeal, each)}
    return frozenset(same | ({"positions"} if before.positions == case.positions else set()))


def _events(case: Case, since: dt.date) -> list[Change]:
    return [each for each in changes_since(case, since) if isinstance(case.by_id[each.record], Event)]


def _by_day(case: Case, since: dt.date) -> tuple[set[str], set[str]]:
    told = [each for each in case.records() if not isinstance(each, _ASIDE)]
    doubtful = {each.id for each in told if each.recorded_on == since}
    doubtful |= {each.id for each in told if isinstance(each, Event) and each.recorded_on is None}
    known = {each.id for each in told if each.recorded_on and each.recorded_on <= since}
    fresh = {each.record for each in _events(case, since)} - known
    changed = {each.record: case.by_id[each.record] for each in changes_since(case, since) if each.what != "happened"}
    moved = {each.record for each in changes_since(case, since) if each.what == "status"}
    fresh |= {each for each in moved if isinstance(changed[each], Detention | Proceeding)}
    return fresh, {each for each, record in changed.items() if not isinstance(record, _ASIDE)} | doubtful


def _by_state(case: Case, since: dt.date, last: LastTold) -> tuple[set[str], set[str]]:
    before = last.case.by_id
    altered = {each.id for each in case.records() if before.get(each.id) != each and not isinstance(each, _ASIDE)}
    gone = {each.id for each in last.case.records() if each.id not in case.by_id and not isinstance(each, _ASIDE)}
    later = {each.record for each in _events(case, since)}
    fresh = {
        each
        for each in altered
        if _is_new(case.by_id[each], before.get(each), is_later=each in later, is_told=each in last.records)
    }
    return fresh, altered | gone


def _is_new(record: Record, before: Record | None, *, is_later: bool, is_told: bool) -> bool:
    if isinstance(record, Event):
        return not is_told and (before is None or is_later)
    if isinstance(record, Detention | Proceeding):
        was = before.status if isinstance(before, Detention | Proceeding) else None
        return record.status is not None and (was is None or record.status.value != was.value)
    return False


def split(events: Sequence[Event], news: News | None) -> tuple[list[Event], list[Event]]:
    """Give the events that are new, and those before them that a recap tells; of a first appeal all are new.

    The recap leaves out the circumstances that the first appeal has told: it says what was done and decided.
    """
    if news is None:
        return list(events), []
    recent = [event for event in events if event.id in news.fresh]
    return recent, [event for event in events if event.id not in news.fresh and event.kind in _RECALLED]
