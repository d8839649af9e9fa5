"""What is known of one State and one treaty, and what follows for a day."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from tocsin.core.treaties.clauses import final_clauses

Answer = Literal["yes", "no", "unknown"]
Action = Literal["ratification", "accession", "succession", "acceptance", "approval", "unspecified", "none"]

_KNOWN = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Known:
    """A day as far as it is known: `2006-01-24`, `2006-01` or `2006`, and the first and last day it can be."""

    as_written: str
    earliest: dt.date
    latest: dt.date

    @classmethod
    def parse(cls, text: str) -> "Known":
        """Read an ISO 8601 date that may lack its day, or its month and day.

        Raises:
            ValueError: The text is none.
        """
        match = _KNOWN.fullmatch(text)
        if match is None:
            raise ValueError(f"not a date: {text[:20]}")
        year, month, day = (int(part) if part else None for part in match.groups())
        first = dt.date(year or 0, month or 1, day or 1)
        last_month = month or 12
        last = dt.date(first.year, last_month, day or monthrange(first.year, last_month)[1])
        return cls(text, first, last)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration under an article, such as article 22 of the Convention against Torture; `since` where known."""

    article: str
    since: Known | None = None


@dataclass(frozen=True, slots=True)
class TreatyStatus:
    """What is known of one State and one treaty.

    Attributes:
        country: ISO 3166-1 alpha-3.
        instrument: A code of the list `instruments`.
        action: By what the State agreed to be bound; `none` where it has not, `unspecified` where it is not known how.
        source: Where that stands.
        checked_on: The last day of which the source speaks.
        signature: Signing alone binds nobody.
        deposit: The day of the deposit of the ratification, accession or succession.
        in_force: The day from which the treaty binds this State.
        withdrawal: The day from which a withdrawal takes effect.
        declarations: The declarations made; `None` where nobody has looked.
        notes: What the next person to check should know.
    """

    country: str
    instrument: str
    action: Action
    source: str
    checked_on: dt.date
    signature: Known | None = None
    deposit: Known | None = None
    in_force: Known | None = None
    withdrawal: Known | None = None
    declarations: tuple[Declaration, ...] | None = None
    notes: str = ""

    def party_on(self, on: dt.date) -> Answer:
        """Say whether the treaty binds the State on a day.

        A State that is not bound may join on any day, so `no` ends with the day of the check. A State that is bound
        stays so until a withdrawal is known.
        """
        if self.action == "none":
            return "no" if on <= self.checked_on else "unknown"
        if self.withdrawal is not None and on >= self.withdrawal.earliest:
            return "no" if on >= self.withdrawal.latest else "unknown"
        earliest, latest = self._bound_from()
        if earliest is not None and on < earliest:
            return "no"
        return "yes" if latest is not None and on >= latest else "unknown"

    def declared_on(self, article: str, on: dt.date) -> Answer:
        """Say whether a declaration under an article stood on a day."""
        if self.declarations is None:
            return "unknown"
        made = next((one for one in self.declarations if one.article == article), None)
        if made is None:
            return "no" if on <= self.checked_on else "unknown"
        if made.since is None:
            return "unknown"
        if on < made.since.earliest:
            return "no"
        return "yes" if on >= made.since.latest else "unknown"

    def _bound_from(self) -> tuple[dt.date | None, dt.date | None]:
        """Give the first and the last day on which the treaty may have begun to bind the State."""
        if self.in_force is not None:
            return self.in_force.earliest, self.in_force.latest
        if self.deposit is None:
            return None, None
        # A succession reaches back to the independence of the State, so that its deposit is no beginning.
        earliest = None if self.action == "succession" else self.deposit.earliest
        clause = final_clauses().get(self.instrument)
        if clause is None:
            return earliest, None
        latest = max(self.deposit.latest + dt.timedelta(days=clause.days), clause.in_force)
        return (max(earliest, clause.in_force) if earliest else clause.in_force), latest


class TreatyTable:
    """Statuses by country and instrument.

    Args:
        statuses: At most one for each country and instrument; a later one takes the place of an earlier one.
    """

    def __init__(self, statuses: Iterable[TreatyStatus] = ()) -> None:
        self._statuses: Mapping[tuple[str, str], TreatyStatus] = MappingProxyType(
            {(one.country, one.instrument): one for one in statuses}
        )

    def __iter__(self) -> Iterator[TreatyStatus]:
        return iter(self._statuses.values())

    def __len__(self) -> int:
        return len(self._statuses)

    def find(self, country: str, instrument: str) -> TreatyStatus | None:
        """Give what is known of a State and a treaty, or `None`."""
        return self._statuses.get((country, instrument))

    def party_on(self, country: str, instrument: str, on: dt.date) -> Answer:
        """Say whether a treaty binds a State on a day; `unknown` where the table does not say."""
        status = self.find(country, instrument)
        return status.party_on(on) if status else "unknown"

    def declared_on(self, country: str, instrument: str, article: str, on: dt.date) -> Answer:
        """Say whether a State's declaration under an article stood on a day; `unknown` where the table does not say."""
        status = self.find(country, instrument)
        return status.declared_on(article, on) if status else "unknown"

    def over(self, other: "TreatyTable") -> "TreatyTable":
        """Give a table with all rows of both, in which the rows of this one count where both have one."""
        return TreatyTable((*other, *self))
