"""The cases that a person holds, as lists need them: gathered anew only when a case or a grant has changed.

They lie beside her index and go with it (`memory`). Which cases she may open is asked of the database each time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain
from typing import Any
from uuid import UUID

from tocsin.casework.parts import compartments
from tocsin.casework.search.alarms import Alarm, begun, presses
from tocsin.casework.search.facets import Facets
from tocsin.casework.search.index import Index

_NEVER = "9999"
ORDERS = ("review", "hearing", "changed", "name")


class Holdings:
    """What is known of the cases that a person may open, and their orders as far as somebody asked for them.

    Attributes:
        cases: All of them.
        facets, titles: Of those that are in memory.
    """

    def __init__(self, cases: frozenset[UUID], index: Index) -> None:
        default, summaries = compartments().default, index.summaries
        found = ((case, summaries.get((case, default))) for case in cases)
        known = {case: summary for case, summary in found if summary is not None and summary.facets is not None}
        self.cases = cases
        self.facets: dict[UUID, Facets] = {case: each.facets for case, each in known.items() if each.facets is not None}
        self.titles: dict[UUID, str] = {case: each.title for case, each in known.items()}
        self._orders: dict[tuple[str, str], tuple[UUID, ...]] = {}
        self._alarms: dict[str, tuple[Counter[str], list[tuple[Alarm, ...]]]] = {}

    def in_order(self, order: str, today: str) -> tuple[UUID, ...]:
        """Give the cases sorted by what presses first, and the newest change among the same.

        Args:
            order: One of `ORDERS`.
            today: The day from which on a hearing is one that comes.
        """
        if (order, today) not in self._orders:
            self._orders[order, today] = tuple(sorted(self.facets, key=self._keys(today)[order]))
        return self._orders[order, today]

    def _keys(self, today: str) -> dict[str, Callable[[UUID], Any]]:
        known = self.facets
        return {
            "review": lambda case: (known[case].review_on or _NEVER, -known[case].saved_at, case),
            "hearing": lambda case: (_next(known[case], today), -known[case].saved_at, case),
            "changed": lambda case: (-known[case].saved_at, case),
            "name": lambda case: (self.titles[case].casefold(), case),
        }

    @cached_property
    def choices(self) -> Mapping[str, Mapping[str, int]]:
        """Give for each filter what there is to choose from, with the number of cases."""
        known = self.facets.values()

        def counted(codes: Iterable[str]) -> Counter[str]:
            return Counter(filter(None, codes))

        return {
            "country": counted(chain.from_iterable(each.countries for each in known)),
            "violation": counted(chain.from_iterable(each.violations for each in known)),
            "detention": counted(chain.from_iterable(each.detentions for each in known)),
            "standing": counted(each.standing for each in known),
            "priority": counted(each.priority for each in known),
            "status": counted(each.status for each in known),
        }

    def raised(self, today: str) -> frozenset[str]:
        """Give what the alarms of other rooms that have begun are about; those rooms know what is over."""
        return frozenset(each.raised for raised in self._begun(today)[1] for each in raised)

    def alarms(self, today: str, over: AbstractSet[str]) -> Mapping[str, int]:
        """Count the cases in which alarms have begun, by their codes, without those about what is over."""
        own, others = self._begun(today)
        return own + Counter(code for raised in others for code in {a.code for a in raised if a.raised not in over})

    def _begun(self, today: str) -> tuple[Counter[str], list[tuple[Alarm, ...]]]:
        """Count the alarms of the cases themselves, and give those that other rooms raised, case by case."""
        if today not in self._alarms:
            pressing = (begun(each.alarms, today) for each in self.facets.values() if presses(each.alarms, today))
            parted = [
                (tuple(a for a in found if a.raised), {a.code for a in found if not a.raised}) for found in pressing
            ]
            own = Counter(code for _raised, codes in parted for code in codes)
            self._alarms = {today: (own, [raised for raised, _codes in parted if raised])}
        return self._alarms[today]


def _next(facets: Facets, today: str) -> str:
    return min((each for each in facets.hearings if each >= today), default=_NEVER)
