"""The case as a whole: what stands on its cover, and where it stands, from being verified to being closed."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core.records.shape import CodeOf
from tocsin.core.records.values import ContactPoint, OrgRef, ReleaseClass, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerContact:
    """Whom the team asks about the case on the spot; never published, and sealed with the sources."""

    name: str
    org: OrgRef | None = None
    contact_points: tuple[ContactPoint, ...] = ()
    rc: ReleaseClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReference:
    """The number or address under which somebody else has the case.

    `mechanism` where it is one of the list, else `whose` says it: another organisation, a court.
    """

    mechanism: Annotated[str, CodeOf(("mechanisms",))] | None = None
    whose: str | None = None
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What stands on the cover of a case file; none of it is ever put into an appeal.

    Attributes:
        codename: By what colleagues call the case where its names must not be heard.
        priority: How soon somebody has to act; HURIDOCS list 46 has such a scale.
        references: Where others have the case, and under which number.
        partner_contacts: Whom to ask on the spot.
    """

    codename: str | None = None
    priority: Annotated[str, CodeOf(("case_priority",))] | None = None
    references: tuple[CaseReference, ...] = ()
    partner_contacts: tuple[PartnerContact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStatus(Status):
    """Where a case stood on a date.

    Attributes:
        value: The status.
        review_on: The day on which somebody looks again.
        outcome: How a closed case ended.
    """

    value: Annotated[str, CodeOf(("case_status",))]
    review_on: dt.date | None = None
    outcome: (
        Literal[
            "released",
            "acquitted",
            "charges_dropped",
            "killed",
            "died",
            "left_country",
            "withdrawn_at_request",
            "lost_contact",
            "other",
        ]
        | None
    ) = None
