"""Which cases name somebody like a name, in whatever script it is written: from the index in memory alone.

The names are folded when somebody first asks for one (`opening.refresh`), and then only those of cases that changed.
"""

from collections.abc import Mapping
from uuid import UUID

from tocsin.casework.parts import compartments
from tocsin.casework.search.index import Place
from tocsin.casework.search.summary import Summary
from tocsin.core.names import Found, NameIndex

# So many names are compared at most for one that is asked for.
MOST = 100


class Namesakes:
    """The names in the cases of one person, folded as far as she asked."""

    def __init__(self) -> None:
        self._names: NameIndex[tuple[UUID, int]] = NameIndex()
        self._taken: dict[UUID, int] = {}

    def take(self, summaries: Mapping[Place, Summary], versions: Mapping[Place, int], most: int) -> int:
        """Fold the names of so many cases at most that are new or have changed; give how many such cases are left."""
        default = compartments().default
        changed = [
            (case, version)
            for (case, compartment), version in versions.items()
            if compartment == default and self._taken.get(case) != version
        ]
        for case, version in changed[:most]:
            self._take(case, version, summaries[case, default])
        return len(changed[most:])

    def find(self, name: str) -> dict[UUID, Found[tuple[UUID, int]]]:
        """Give the cases that name somebody like this, the most alike first, each with the name as it stands there."""
        found: dict[UUID, Found[tuple[UUID, int]]] = {}
        for each in self._names.find(name, most=MOST):
            case, version = each.key
            # A name that was taken out of a case since stays in the index of names, and is passed over here.
            if self._taken[case] == version:
                found.setdefault(case, each)
        return found

    def _take(self, case: UUID, version: int, summary: Summary) -> None:
        for name in summary.facets.names if summary.facets else ():
            self._names.add((case, version), name)
        self._taken[case] = version
