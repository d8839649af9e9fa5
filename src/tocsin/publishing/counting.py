"""What is shown as it is counted: for the figures of the site, never for its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.publishing import queries
from tocsin.publishing.models import GivenCode


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of an appeal; `chain` is the same for all of one case, a defender's id for all that name her.

    `organisations` are names, folded.
    """

    kind: str
    year: int | None
    countries: tuple[str, ...]
    violations: tuple[str, ...]
    chain: object
    defenders: frozenset[str] = frozenset()
    acts: tuple[str, ...] = ()
    organisations: frozenset[str] = frozenset()


def list_counted(*, now: datetime) -> Iterator[Counted]:
    """List what is shown as it is counted."""
    given = GivenCode.objects.values_list("printed", "scheme", "series", "year", "number")
    chains = {printed: tuple(chain) for printed, *chain in given}
    named = queries.all_defenders()
    rows = queries.standing(now)
    for slug, kind, issued_on, countries, violations, acts, organisations, code in rows.values_list(
        "slug", "kind", "issued_on", "countries", "violations", "acts", "organisations", "publication__code"
    ):
        yield Counted(
            kind,
            issued_on.year if issued_on else None,
            tuple(countries.split()),
            tuple(violations.split()),
            chains.get(code, code),
            frozenset(named.get(slug, {}).values()),
            tuple(acts.split()),
            frozenset(organisations.splitlines()),
        )
