"""The case: all records together, whole and free of contradictions from the moment it is made."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from tocsin.core.errors import BadCase, DanglingReference
from tocsin.core.records.actors import Group, Organisation, Person, Place
from tocsin.core.records.asks import Addressee, BodyCall, Demand, Occupancy, Position
from tocsin.core.records.checks import check, check_id, check_together, check_value
from tocsin.core.records.justice import Detention, LawCited, Proceeding
from tocsin.core.records.ordering import Ordering, edges, refuse_impossible_stays
from tocsin.core.records.plan import AppealPlan
from tocsin.core.records.safety import Claim, Consent, Evidence, RiskAssessment, Source
from tocsin.core.records.shape import slots
from tocsin.core.records.standing import CaseStatus, Cover
from tocsin.core.records.story import Event, Involvement, InvolvementDefaults, Statement
from tocsin.core.records.values import Record, Zone

RecordType = TypeVar("RecordType", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything held about what happens to one or several protagonists.

    Making one checks that ids are unique and of the kind of their record, that references lead somewhere, that codes
    are in their lists, and that the events can have happened in one order.

    Raises:
        BadCase: A record breaks a rule; the message names it.
        DanglingReference: A record names another one that is not there, or of the wrong kind.
        UnknownCode: A code is in none of the lists of its field.
        ContradictoryChronology: The times of the events exclude one another.
    """

    timezone_default: Zone | None = None
    statuses: tuple[CaseStatus, ...] = ()
    cover: Cover | None = None
    appeal: AppealPlan
    organisations: tuple[Organisation, ...] = ()
    persons: tuple[Person, ...] = ()
    consents: tuple[Consent, ...] = ()
    risks: tuple[RiskAssessment, ...] = ()
    groups: tuple[Group, ...] = ()
    places: tuple[Place, ...] = ()
    events: tuple[Event, ...] = ()
    involvement_defaults: InvolvementDefaults | None = None
    involvements: tuple[Involvement, ...] = ()
    statements: tuple[Statement, ...] = ()
    detentions: tuple[Detention, ...] = ()
    proceedings: tuple[Proceeding, ...] = ()
    law_cited: tuple[LawCited, ...] = ()
    demands: tuple[Demand, ...] = ()
    body_calls: tuple[BodyCall, ...] = ()
    positions: tuple[Position, ...] = ()
    addressees: tuple[Addressee, ...] = ()
    occupancies: tuple[Occupancy, ...] = ()
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    by_id: Mapping[str, Record] = field(init=False, repr=False, compare=False)
    ordering: Ordering = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, Record] = {}
        object.__setattr__(self, "by_id", MappingProxyType(index))
        for place, record in self._parts():
            if not isinstance(record, Record):
                continue
            check_id(record, place)
            if record.id in index:
                raise BadCase("the id stands twice", where=record.id, hint="give one of the two records another id")
            index[record.id] = record
        for place, part in self._parts():
            check(getattr(part, "id", None) or place, part, index)
        for slot in slots(Case):
            for value in () if slot.nests else slot.items(getattr(self, slot.name)):
                check_value(slot.key, slot, value, index)
        check_together(index)
        ordering = Ordering(self.events, edges(self.events, self.detentions, self.proceedings, self.statements))
        object.__setattr__(self, "ordering", ordering)
        refuse_impossible_stays(self.detentions, ordering.bounds)

    def _parts(self) -> Iterator[tuple[str, Any]]:
        """Give all records, those without an id of their own too, each with its place."""
        for slot in slots(Case):
            for number, item in enumerate(slot.items(getattr(self, slot.name))):
                if slot.nests:
                    yield f"{slot.key}[{number}]" if slot.many else slot.key, item

    def with_plan(self, plan: AppealPlan) -> "Case":
        """Give the case with its appeal planned otherwise; only the plan is checked, for all else was.

        Raises:
            BadCase: The plan breaks a rule, or has another id.
        """
        if plan.id != self.appeal.id:
            raise BadCase("this is the plan of another appeal", where=plan.id)
        check(plan.id, plan, self.by_id)
        changed = copy(self)
        object.__setattr__(changed, "appeal", plan)
        object.__setattr__(changed, "by_id", MappingProxyType({**self.by_id, plan.id: plan}))
        return changed

    def records(self) -> Iterator[Record]:
        """Give all records that have an id of their own, in the order of the case."""
        return (part for _, part in self._parts() if isinstance(part, Record))

    def find_record(self, record_id: str, kind: type[RecordType]) -> RecordType | None:
        """Give the record of an id if it is there and of the kind."""
        found = self.by_id.get(record_id)
        return found if isinstance(found, kind) else None

    def get_record(self, record_id: str, kind: type[RecordType]) -> RecordType:
        """Give the record of an id, `case.get_record("e07", Event)`.

        Raises:
            DanglingReference: There is no such record of that kind.
        """
        if (found := self.find_record(record_id, kind)) is None:
            raise DanglingReference(f"there is no {kind.__name__} of this id", where=record_id)
        return found
