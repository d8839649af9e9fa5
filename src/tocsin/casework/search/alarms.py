"""When a case asks for somebody to look: alarms of its life cycles, by `alarms.toml`; its sealed summary keeps them."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile

from django.utils import timezone
from django.utils.translation import gettext

from tocsin.casework.custody import hours_between, lost, unseen
from tocsin.casework.pages.dates import days_words, hours_words, lasting_words
from tocsin.core.editing import lives
from tocsin.core.editing.edits import statuses
from tocsin.core.preflight import consent_of
from tocsin.core.records import Case, Demand, Detention
from tocsin.core.records.ordering import Bounds

_DAY = len("2026-11-25")
_NO_JUDGE = "no_judge"
_REVIEWS = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """An alarm: its words, days until it begins, and in which statuses and standings of a case it counts; none: all.

    `told` are the words of one that says since when and which limit, `lasting` of one that says for how many days.
    `room` is that which raises it, where it is not the case alone (`casework.watching`).
    """

    words: str
    days: int
    told: str = ""
    lasting: str = ""
    room: str = ""
    statuses: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of a case: its code, the day on which it began, and what it is about, if a room or its words say it."""

    code: str
    began: dt.date
    about: str = ""

    @property
    def raised(self) -> str:
        """Give what it is about, where another room raised it; that room knows whether it is over."""
        return self.about if kinds()[self.code].room else ""

    @property
    def words(self) -> str:
        """Give its words, in English."""
        return kinds()[self.code].words

    def told(self, now: dt.datetime) -> str:
        """Say it in the language of the page, as of now."""
        kind = kinds()[self.code]
        since, _, limit = self.about.partition("/")
        if kind.told and limit:
            time = lasting_words(hours_between(dt.datetime.fromisoformat(since), now))
            return gettext(kind.told) % {"time": time, "limit": hours_words(int(limit))}
        days = (timezone.localdate(now) - self.began).days
        if kind.lasting and days > 0:
            return gettext(kind.lasting) % {"time": days_words(days)}
        return gettext(kind.words)


@cache
def kinds() -> Mapping[str, Kind]:
    """Give the alarms by their codes."""
    rows = tomllib.loads(files(__package__).joinpath("alarms.toml").read_text("utf-8"))["alarms"]
    return {
        code: Kind(
            row["words"],
            row["days"],
            row.get("told", ""),
            row.get("lasting", ""),
            row.get("room", ""),
            tuple(row.get("statuses", ())),
            tuple(row.get("standings", ())),
        )
        for code, row in rows.items()
    }


def alarms_of(case: Case, standing: str) -> tuple[str, ...]:
    """Give the alarms of a case as its summary keeps them, the first to begin first: day, code, what it is about."""
    counting = {code: kind for code, kind in kinds().items() if not kind.standings or standing in kind.standings}
    days = {
        code: min(count(case, counting[code]), default=None) for code, count in _COUNTED.items() if code in counting
    }
    found = [f"{day + dt.timedelta(days=kinds()[code].days)} {code}" for code, day in days.items() if day]
    return tuple(sorted([*found, *(_unseen(case) if _NO_JUDGE in counting else ())]))


def presses(written: Sequence[str], today: str) -> bool:
    """Tell whether an alarm of a summary has begun; for going through all cases of a person."""
    return bool(written) and written[0][:_DAY] <= today


def rings(written: Sequence[str], today: str, wanted: str, over: AbstractSet[str] = frozenset()) -> bool:
    """Tell whether an alarm of a summary has begun, one of a code or, where none is wanted, any.

    Args:
        written: The alarms of the summary.
        today: The day.
        wanted: The code.
        over: What no alarm is about any more, as the room that raised it says.
    """
    split = (each.split(" ", 2) for each in written if each[:_DAY] <= today)
    codes = (code for _day, code, *about in split if not (about and about[0] in over))
    return any(code in kinds() and wanted in {code, ""} for code in codes)


def begun(written: Iterable[str], today: str) -> tuple[Alarm, ...]:
    """Give those alarms of a summary that have begun; codes that are no more are left out."""
    split = ([*each.split(" "), ""][:3] for each in written)
    return tuple(
        Alarm(code, dt.date.fromisoformat(day), about) for day, code, about in split if day <= today and code in kinds()
    )


def _unseen(case: Case) -> Iterator[str]:
    """Give the alarm of whose limit is over first: its day, the moment since which she is held, and the limit."""
    for each in sorted(unseen(case), key=lambda each: each.ends)[:1]:
        held_by = each.held_by.astimezone(dt.UTC).isoformat(timespec="minutes")
        yield f"{each.ends.date()} {_NO_JUDGE} {held_by}/{each.hours}"


def _lost(case: Case, _kind: Kind) -> Iterator[dt.date]:
    return (each.since for each in lost(case))


def _held(case: Case, kind: Kind) -> Iterator[Detention]:
    return (each for each in case.detentions if each.status and each.status.value in kind.statuses)


def _not_looked_at(case: Case, kind: Kind) -> Iterator[dt.date]:
    return (each.status.as_of for each in _held(case, kind) if each.status)


def _incommunicado(case: Case, kind: Kind) -> Iterator[dt.date]:
    for each in _held(case, kind):
        last = each.custody[-1] if each.custody else None
        if last is not None and last.incommunicado and not last.ends and each.status:
            yield _day(case, last.begins) or _day(case, each.apprehended_in) or each.status.as_of


def _day(case: Case, told: str | None) -> dt.date | None:
    """Give the first day that a time or an event may mean."""
    began = case.ordering.bounds.get(told or "", Bounds()).earliest
    if began is not None:
        return began.date()
    try:
        return dt.date.fromisoformat((told or "")[:_DAY])
    except ValueError:
        return None


def _risks(case: Case, _kind: Kind) -> Iterator[dt.date]:
    return (each.valid_until for each in case.risks if each.valid_until)


def _consents(case: Case, kind: Kind) -> Iterator[dt.date]:
    consents = (consent_of(case, person) for person in case.persons)
    return (each.expires_on for each in consents if each and each.expires_on and each.state in kind.statuses)


def _demands(case: Case, kind: Kind) -> Iterator[dt.date]:
    return (each.deadline for each in case.demands if each.deadline and _is_open(each, kind))


def _is_open(demand: Demand, kind: Kind) -> bool:
    last = {each.beneficiary: each.value for each in demand.statuses}
    return not last or any(value in kind.statuses for value in last.values())


def _acts(case: Case, _kind: Kind) -> Iterator[dt.date]:
    """Give the day of the newest act; nothing while the day of one is not known."""
    bounds = (case.ordering.bounds.get(event.id, Bounds()) for event in case.events if event.act_type)
    days = [each.latest or each.earliest for each in bounds]
    known = [each.date() for each in days if each is not None]
    if known and len(known) == len(days):
        yield max(known)


def _quiet(case: Case, _kind: Kind) -> Iterator[dt.date]:
    """Give the day of the second review in a row before which nothing was written down since the case was quiet."""
    rows = lives()["Case"].in_force(case)
    quiet = tuple(takewhile(lambda each: each.value == "monitoring", reversed(rows)))[: _REVIEWS + 1]
    if len(quiet) <= _REVIEWS:
        return
    news = {each.recorded_on for each in case.records() if each.recorded_on}
    news |= {status.as_of for each in case.records() for _, status in statuses(each)}
    if max(news, default=dt.date.min) <= quiet[-1].as_of:
        yield quiet[0].as_of


_COUNTED = {
    "whereabouts_unknown": _lost,
    "detention_not_looked_at": _not_looked_at,
    "incommunicado": _incommunicado,
    "risk_out_of_date": _risks,
    "demand_without_answer": _demands,
    "consent_run_out": _consents,
    "no_act": _acts,
    "no_news": _quiet,
}
