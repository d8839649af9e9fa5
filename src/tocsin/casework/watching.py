"""What rooms above this one do whenever a case is saved or shredded; they say so here: this room knows nothing of them.

A watch looks inside the transaction of the save, with the keys of who saves: hardly anybody else may open what she
types, and nobody who comes later could look in her place. What it finds stands sealed in the summary of the case, as an
alarm that names what it is about.
"""

from collections.abc import Callable, Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tocsin.core.records import Case
from tocsin.vault.opened import CaseKeys


@dataclass(frozen=True, slots=True)
class Saved:
    """A case as it was just saved.

    Attributes:
        by: Who saved it.
        at: When.
        case: Its records, as far as she may open them.
        keys: Her keys.
        is_whole: Whether no part of it is closed to her.
    """

    by: UUID
    at: datetime
    case: Case = field(repr=False)
    keys: CaseKeys = field(repr=False)
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """What one room looks at.

    Attributes:
        look: Gives alarms of a case as its summary keeps them: the day, the code of `alarms.toml`, what it is about.
        standing: Gives those of the things that alarms are about of which they are still true.
        shredded: Does what has to be done without their keys where cases are shredded, by somebody or by the machine.
            It bears being done twice.
    """

    look: Callable[[Saved], Iterable[str]]
    standing: Callable[[Collection[str]], AbstractSet[str]]
    shredded: Callable[[Collection[UUID], UUID | None, datetime], None]


_watches: dict[str, Watch] = {}


def watch(room: str, what: Watch) -> None:
    """Let a room look; called once, when the rooms are made ready."""
    _watches[room] = what


def look(saved: Saved) -> tuple[str, ...]:
    """Let every room look at a case that was just saved; gives the alarms."""
    return tuple(alarm for each in _watches.values() for alarm in each.look(saved))


def standing(about: Collection[str]) -> set[str]:
    """Give those of the things that alarms are about of which they are still true."""
    return {one for each in _watches.values() for one in each.standing(about)} if about else set()


def shredded(cases: Collection[UUID], *, by: UUID | None, now: datetime) -> None:
    """Let every room do what has to be done where cases are shredded, inside the transaction of the caller."""
    for each in _watches.values():
        each.shredded(cases, by, now)
