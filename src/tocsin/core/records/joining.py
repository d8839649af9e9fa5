"""Two cases that are one: all records of both in one case, and apart again.

Records keep what they say, with their claims and sources. Where both cases use an id, the one that is taken in gets
another; the plan of its appeal stays behind, and its protagonists come along.
"""

import dataclasses
import re
from collections.abc import Container, Mapping
from typing import Any

from tocsin.core.errors import BadCase
from tocsin.core.records.case import Case
from tocsin.core.records.shape import IdOf, RefersTo, slots

Names = Mapping[str, str]
_ID = re.compile(r"([a-z]+):?(.+)")


def joined(kept: Case, other: Case) -> tuple[Case, dict[str, str]]:
    """Put all records of another case into one, and tell which id each of them has there.

    Raises:
        BadCase: if the times of the two are told in different zones, or exclude one another.
    """
    if None not in (kept.timezone_default, other.timezone_default) and kept.timezone_default != other.timezone_default:
        raise BadCase("the two cases tell their times in different zones", hint="write the zone of each time first")
    names = _names(kept, other)
    changes: dict[str, Any] = {}
    for slot in slots(Case):
        if slot.many:
            taken = tuple(renamed(item, names) for item in getattr(other, slot.name))
            changes[slot.name] = (*getattr(kept, slot.name), *taken)
    people = (*kept.appeal.protagonists, *(names[each] for each in other.appeal.protagonists))
    changes["appeal"] = dataclasses.replace(kept.appeal, protagonists=tuple(dict.fromkeys(people)))
    changes["timezone_default"] = kept.timezone_default or other.timezone_default
    changes["cover"] = kept.cover or (renamed(other.cover, names) if other.cover else None)
    return dataclasses.replace(kept, **changes), names


def parted(now: Case, before: Case, taken_in: Case, names: Names) -> Case:
    """Take out of a case what was taken in: all records that came, as they are now, and what the plan got with them.

    Args:
        now: The case as it stands.
        before: As it stood before.
        taken_in: The other case as it was taken in.
        names: The ids that `joined` gave.

    Raises:
        DanglingReference: if a record that was added since names one that would go.
    """
    came = set(names.values()) - set(before.by_id)
    changes: dict[str, Any] = {
        slot.name: _without(
            getattr(now, slot.name), came, [renamed(each, names) for each in getattr(taken_in, slot.name)]
        )
        for slot in slots(Case)
        if slot.many
    }
    protagonists = tuple(each for each in now.appeal.protagonists if each not in came)
    changes["appeal"] = dataclasses.replace(now.appeal, protagonists=protagonists)
    if before.timezone_default is None and now.timezone_default == taken_in.timezone_default:
        changes["timezone_default"] = None
    if before.cover is None and taken_in.cover is not None and now.cover == renamed(taken_in.cover, names):
        changes["cover"] = None
    return dataclasses.replace(now, **changes)


def changed_after(now: Case, then: Case, names: Names) -> tuple[str, ...]:
    """Name the records that came from another case and are not as they came, by the ids that they have now."""
    return tuple(each for each in names.values() if each in then.by_id and now.by_id.get(each) != then.by_id[each])


def renamed(item: Any, names: Names) -> Any:
    """Give a record with other ids, in its own place and wherever it names another."""
    kind: Any = type(item)
    changes: dict[str, Any] = {}
    for slot in slots(kind):
        value = getattr(item, slot.name)
        if slot.nests:
            items = tuple(renamed(each, names) for each in slot.items(value))
        elif slot.marked(IdOf) or slot.marked(RefersTo):
            # Two that get one id are named once.
            items = tuple(dict.fromkeys(names.get(each, each) for each in slot.items(value)))
        else:
            continue
        if items:
            changes[slot.name] = items if slot.many else items[0]
    return dataclasses.replace(item, **changes)


def _names(kept: Case, other: Case) -> dict[str, str]:
    names = {other.appeal.id: kept.appeal.id}
    taken = {*kept.by_id, *other.by_id}
    for record in other.records():
        if record.id not in names:
            names[record.id] = _free(record.id, taken) if record.id in kept.by_id else record.id
            taken.add(names[record.id])
    return names


def _free(record_id: str, taken: Container[str]) -> str:
    found = _ID.fullmatch(record_id)
    kind, rest = (found[1], found[2]) if found else (record_id, "")
    number = 2
    while (name := f"{kind}:{rest}-{number}") in taken:
        number += 1
    return name


def _without(items: tuple[Any, ...], came: Container[str], taken: list[Any]) -> tuple[Any, ...]:
    """Leave out what came: by its id, or, where records have none, the last that is the same."""
    left = [item for item in items if getattr(item, "id", None) not in came]
    for nameless in (each for each in reversed(taken) if getattr(each, "id", None) is None):
        at = next((number for number in reversed(range(len(left))) if left[number] == nameless), None)
        if at is not None:
            del left[at]
    return tuple(left)
