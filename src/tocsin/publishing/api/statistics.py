"""What is published, counted: each figure by a definition that is given with it, and none that singles people out."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import tomli

from tocsin.core import vocab
from tocsin.publishing.api.values import (
    INTERVENTIONS,
    CountryYear,
    Definition,
    Statistics,
    Totals,
    ViolationCountry,
    ViolationYear,
)
from tocsin.publishing.queries import Counted

_COUNTRY: Final = re.compile(r"[A-Z]{3}")


def counted(rows: Iterable[Counted]) -> Statistics:
    """Count appeals that stand."""
    # A row that finds an appeal is signed by nobody: of a kind that is none it is not counted.
    rows, table = tuple(row for row in rows if row.kind in INTERVENTIONS), _table()
    return Statistics(
        about=table["about"],
        definitions=tuple(Definition(**each) for each in table["definitions"]),
        fewest=table["fewest"],
        totals=_totals(rows),
        by_country_and_year=tuple(_by_country_and_year(rows)),
        headline_violations_by_year=tuple(
            ViolationYear(code, year, count) for (code, year), count in _sorted(_headlines(rows, by_year=True))
        ),
        headline_violations_by_country=tuple(
            ViolationCountry(code, country or None, count) for (code, country), count in _guarded(_headlines(rows))
        ),
    )


def is_country(code: str) -> bool:
    """Tell whether this looks like the code of a country: what is drawn from rows is no signed word."""
    return _COUNTRY.fullmatch(code) is not None


def _totals(rows: tuple[Counted, ...]) -> Totals:
    kinds = Counter(INTERVENTIONS[row.kind] for row in rows)
    return Totals(
        interventions=len(rows),
        first_appeals=kinds["first_appeal"],
        follow_ups=kinds["follow_up"],
        closures=kinds["closure"],
        cases=len({row.chain for row in rows}),
        countries=len({first for row in rows if (first := _first(row))}),
    )


def _by_country_and_year(rows: tuple[Counted, ...]) -> Iterable[CountryYear]:
    cells: dict[tuple[str, int | None], list[Counted]] = defaultdict(list)
    for row in rows:
        cells[_first(row), row.year].append(row)
    for country, year in sorted(cells, key=_order):
        kinds = Counter(INTERVENTIONS[row.kind] for row in cells[country, year])
        cases = len({row.chain for row in cells[country, year]})
        yield CountryYear(country or None, year, kinds["first_appeal"], kinds["follow_up"], kinds["closure"], cases)


def _headlines(rows: tuple[Counted, ...], *, by_year: bool = False) -> Counter[tuple[str, Any]]:
    known = vocab.load("violation_types")
    return Counter(
        (code, row.year if by_year else _first(row)) for row in rows for code in row.violations if code in known
    )


def _guarded(counts: Mapping[tuple[str, Any], int]) -> Iterable[tuple[tuple[str, Any], int | None]]:
    table = _table()
    kept_back = {code for (code, _), count in counts.items() if code in table["guarded"] and count < table["fewest"]}
    for cell, count in _sorted(counts):
        yield cell, None if cell[0] in kept_back else count


def _sorted(counts: Mapping[tuple[str, Any], int]) -> list[tuple[tuple[str, Any], int]]:
    return sorted(counts.items(), key=lambda each: _order(each[0]))


def _order(cell: tuple[str, Any]) -> tuple[str, bool, Any]:
    return cell[0], cell[1] is None, cell[1] or 0


def _first(row: Counted) -> str:
    """Give the country by which an appeal is counted; nothing where it names none."""
    return next(filter(is_country, row.countries), "")


@cache
def _table() -> dict[str, Any]:
    return tomli.loads(files("tocsin.publishing.api").joinpath("definitions.toml").read_text("utf-8"))
