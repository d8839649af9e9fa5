"""Two people's changes of one case brought together, or told apart where they meet. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.casework.parts import PartKey

Parts = Mapping[PartKey, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to a case: parts written anew, and parts taken out."""

    written: Parts
    removed: frozenset[PartKey]

    @property
    def touched(self) -> frozenset[PartKey]:
        """Give all parts that were written or taken out."""
        return self.removed | self.written.keys()


def change(before: Parts, after: Parts) -> Change:
    """Tell what was done between two states of a case."""
    absent = object()
    written = {key: part for key, part in after.items() if before.get(key, absent) != part}
    return Change(written, frozenset(before.keys() - after.keys()))


def meeting(mine: Change, theirs: Change) -> frozenset[PartKey]:
    """Tell which parts both changed, each in another way: these are for a person to decide."""
    both = mine.touched & theirs.touched
    return frozenset(key for key in both if mine.written.get(key) != theirs.written.get(key))


def merged(theirs: Parts, mine: Parts, change_of_mine: Change) -> dict[PartKey, Any]:
    """Put one's own change upon the newest state, in its order; a new part stands after the one it was put after."""
    parts = {key: part for key, part in theirs.items() if key not in change_of_mine.removed}
    new = [key for key in change_of_mine.written if key not in parts]
    parts |= {key: part for key, part in change_of_mine.written.items() if key in parts}
    if not new:
        return parts
    order, mine_order = list(parts), list(mine)
    for key in new:
        before = mine_order[: mine_order.index(key)]
        after = next((order.index(each) + 1 for each in reversed(before) if each in parts), 0)
        order.insert(after, key)
        parts[key] = change_of_mine.written[key]
    return {key: parts[key] for key in order}
