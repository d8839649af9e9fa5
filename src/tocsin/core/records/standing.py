"""Where a case as a whole stands: from being verified to being closed."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from tocsin.core.records.shape import CodeOf
from tocsin.core.records.values import Status


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
