"""Life cycles: which status may follow which, as `lifecycles.toml` says, and entering one behind the others.

A status is never overwritten. One that turns out to be a mistake stays, and the one behind it says that it corrects it.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import tomli

from tocsin.core import records
from tocsin.core.errors import BadRequest
from tocsin.core.records import Status, in_force
from tocsin.core.records.shape import slots_by_key

Holder = TypeVar("Holder")


@dataclass(frozen=True, slots=True)
class Life:
    """The life cycle of what one type of record says of itself.

    Attributes:
        name: Its name in the table.
        of: The type of record that it is a life of; `Case` for the case as a whole.
        follows: What may follow each status.
        begins: With what it may begin.
        needs: What has to be said with a status.
        asks: What else a person may say with one.
        list: The controlled list of its values; empty where the type of the field lists them.
        now, past: The fields of the latest and of the earlier ones.
        rows, code: The field of all of them, and that of the value of the last.
        whose: The field by which rows are told apart that stand side by side.
    """

    name: str
    of: str
    follows: Mapping[str, tuple[str, ...]]
    begins: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    asks: tuple[str, ...]
    list: str = ""
    now: str = ""
    past: str = ""
    rows: str = ""
    code: str = ""
    whose: str = ""

    def all_of(self, holder: Any) -> tuple[Status, ...]:
        """Give all statuses of a record in the order in which they were entered."""
        if self.rows:
            return tuple(getattr(holder, self.rows))
        now = getattr(holder, self.now)
        return (*getattr(holder, self.past), *([now] if now else []))

    def in_force(self, holder: Any) -> tuple[Status, ...]:
        """Give the statuses of a record without those that were mistakes."""
        rows = self.all_of(holder)
        sides = dict.fromkeys(getattr(each, self.whose) if self.whose else None for each in rows)
        return tuple(each for whose in sides for each in in_force(_of(self, rows, whose)))

    def current(self, holder: Any, whose: str | None = None) -> str | None:
        """Give the value that holds now; `None` where nothing was said yet."""
        standing = in_force(_of(self, self.all_of(holder), whose))
        if standing:
            return standing[-1].value
        return getattr(holder, self.code) if self.code else None

    def next(self, holder: Any, whose: str | None = None) -> tuple[str, ...]:
        """List what may be entered now, the same on a later day first."""
        current = self.current(holder, whose)
        return self.begins if current is None else (current, *self.follows[current])


@cache
def lives() -> Mapping[str, Life]:
    """Give all life cycles by the types of record that they are of."""
    tables = tomli.loads(resources.files(__package__).joinpath("lifecycles.toml").read_text(encoding="utf-8"))
    return {table["of"]: _life(name, table) for name, table in tables.items()}


def _life(name: str, table: Mapping[str, Any]) -> Life:
    follows: Mapping[str, Sequence[str]] = table["follows"]
    anytime: Sequence[str] = table.get("anytime", ())
    reached = {
        value: (*after, *(each for each in anytime if each not in (value, *after))) for value, after in follows.items()
    }
    # What ends stays ended.
    reached |= {value: () for value, after in follows.items() if not after}
    return Life(
        name=name,
        of=table["of"],
        follows={**dict.fromkeys(anytime, ()), **reached},
        begins=tuple(table.get("begins", follows)),
        needs={value: tuple(needed) for value, needed in table.get("needs", {}).items()},
        asks=tuple(table.get("asks", ())),
        **{key: table[key] for key in ("list", "now", "past", "rows", "code", "whose") if key in table},
    )


def status_type(life: Life) -> Any:
    """Give the type of the statuses of a life."""
    return slots_by_key(getattr(records, life.of))[life.rows or life.now].leaf


def entered(life: Life, holder: Holder, new: Status, today: dt.date) -> Holder:
    """Give a record with one more status.

    One whose day lies before that of others takes its place among them; a correction stands behind the last one.

    Raises:
        BadRequest: if it may not stand there, something needed is not said with it, or its day is still to come.
    """
    _complete(life, new, today)
    whose = getattr(new, life.whose) if life.whose else None
    rows = life.all_of(holder)
    own = _of(life, rows, whose)
    at = len(own) if new.corrects else _place(own, new)
    _fitting(life, holder, (*own[:at], new, *own[at:]), new)
    behind = rows.index(own[at]) if at < len(own) else len(rows)
    changed: Holder = _with(life, holder, (*rows[:behind], new, *rows[behind:]))
    return changed


def _complete(life: Life, new: Status, today: dt.date) -> None:
    if new.as_of > today:
        raise BadRequest("a status is dated today or before")
    if new.value not in life.follows:
        raise BadRequest("there is no such status")
    if any(getattr(new, name) in (None, "") for name in life.needs.get(new.value, ())):
        raise BadRequest("something that belongs to this status is not said")
    if new.corrects and not new.reason:
        raise BadRequest("say why the last one was a mistake")


def _place(own: Sequence[Status], new: Status) -> int:
    """Tell behind how many statuses a new one stands; never between a mistake and its correction."""
    at = next((number for number, each in enumerate(own) if each.as_of > new.as_of), len(own))
    while at < len(own) and own[at].corrects:
        at += 1
    return at


def _fitting(life: Life, holder: Any, rows: Sequence[Status], new: Status) -> None:
    if new.corrects and len(rows) == 1:
        raise BadRequest("there is nothing that it could correct")
    standing = in_force(rows)
    at = next(number for number, each in enumerate(standing) if each is new)
    before = standing[at - 1].value if at else (getattr(holder, life.code) if life.code and len(rows) == 1 else None)
    may = life.begins if before is None else (before, *life.follows[before])
    if new.value not in may:
        raise BadRequest("this cannot follow what stands there: if that was a mistake, correct it and say why")
    if at + 1 < len(standing) and standing[at + 1].value not in (new.value, *life.follows[new.value]):
        raise BadRequest("what follows on a later day could not follow this")


def _of(life: Life, rows: Sequence[Status], whose: str | None) -> tuple[Status, ...]:
    return tuple(each for each in rows if not life.whose or getattr(each, life.whose) == whose)


def _with(life: Life, holder: Any, rows: tuple[Status, ...]) -> Any:
    if not life.rows:
        return dataclasses.replace(holder, **{life.now: rows[-1], life.past: rows[:-1]})
    changed: dict[str, Any] = {life.rows: rows}
    if life.code:
        changed[life.code] = rows[-1].value
    return dataclasses.replace(holder, **changed)
