"""How sure a line of the directory is today: checked, never checked, too old, failed, or over."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import tomli

from tocsin.core.addressing.values import FAILURES, OK, Check, ContactPoint, Occupancy, Post

State = Literal["verified", "unverified", "stale", "failed", "replaced", "vacant"]
STATES: tuple[State, ...] = ("verified", "unverified", "stale", "failed", "replaced", "vacant")
Turnovers = Mapping[str, dt.date]
"""By country: the day since which nothing that was checked before counts, because the government changed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure something is: its state, and the day of the last check that found it in order."""

    state: State
    checked_on: dt.date | None = None

    @property
    def is_sure(self) -> bool:
        """Tell whether it may be used as it is."""
        return self.state == "verified"


@cache
def good_for() -> Mapping[str, dt.timedelta]:
    """Give for how long a check counts: of who holds a post, and of each channel; `terms.toml`."""
    table = tomli.loads(resources.files(__package__).joinpath("terms.toml").read_text(encoding="utf-8"))
    days: dict[str, dt.timedelta] = {name: dt.timedelta(days=number) for name, number in table["days"].items()}
    return days


def standing_of(part: Occupancy | ContactPoint, post: Post, today: dt.date, turnovers: Turnovers) -> Standing:
    """Tell how sure it is who holds a post, or that it is reached in one way."""
    failed: State
    if isinstance(part, Occupancy):
        over, term, failed = part.ends, good_for()["occupancy"], "stale"
    else:
        over, term, failed = part.until, good_for()[part.type], "failed"
    over = min(filter(None, (over, post.until)), default=None)
    last = _last(part.checks, today)
    good = max((each.on for each in part.checks if each.result == OK and each.on <= today), default=None)
    if over is not None and over <= today:
        return Standing("replaced", good)
    if last is not None and last.result in FAILURES:
        return Standing(failed, good)
    if good is None:
        return Standing("unverified")
    changed = turnovers.get(post.country)
    is_old = today - good > term or (changed is not None and good < changed)
    return Standing("stale" if is_old else "verified", good)


def _last(checks: tuple[Check, ...], today: dt.date) -> Check | None:
    """Give the last check that could tell something; of one day a failure counts before a success."""
    telling = [each for each in checks if each.on <= today and (each.result == OK or each.result in FAILURES)]
    return max(telling, key=lambda each: (each.on, each.result != OK), default=None)


def holding(post: Post, today: dt.date, turnovers: Turnovers) -> Standing:
    """Tell how sure it is who holds a post now; vacant where nobody is known to."""
    now = post.occupancy(today)
    return standing_of(now, post, today, turnovers) if now else Standing("vacant")


def reaching(post: Post, today: dt.date, turnovers: Turnovers) -> Standing | None:
    """Tell how sure the surest way to reach a post is; nothing where there is no way."""
    order: tuple[State, ...] = ("verified", "stale", "unverified", "failed")
    found = [standing_of(each, post, today, turnovers) for each in post.open_contact_points(today)]
    return min(found, key=lambda each: order.index(each.state), default=None)


def overall(post: Post, today: dt.date, turnovers: Turnovers) -> State:
    """Give the state that a list shows of a post: the worse of who holds it and how it is reached.

    An institution that is written to without a name (an embassy, a mission) needs no holder. A post that is no more
    is a former one, whatever was checked.
    """
    if post.is_closed(today):
        return "replaced"
    by_name = holding(post, today, turnovers)
    by_way = reaching(post, today, turnovers)
    states = ([by_name.state] if post.occupancies else []) + [by_way.state if by_way else "unverified"]
    order: tuple[State, ...] = ("failed", "vacant", "stale", "unverified", "verified")
    return min(states, key=order.index)
