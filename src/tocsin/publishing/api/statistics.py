"""What is published, counted: each figure by a definition that is given with it, and none that singles people out."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

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
from tocsin.publishing.counting import Counted

_COUNTRY: Final = re.compile(r"[A-Z]{3}")


class _Named(NamedTuple):
    """In how many appeals, and on how many cases, a violation is named or told."""

    appeals: int
    cases: int


_NOT_GIVEN: Final = (None, None)
_ViolationsOf = Callable[[Counted], tuple[str, ...]]


def counted(rows: Iterable[Counted]) -> Statistics:
    """Count appeals that stand."""
    rows, table = _interventions(rows), _table()
    return Statistics(
        about=table["about"],
        definitions=tuple(Definition(each["name"], each["unit"], each["text"]) for each in table["definitions"]),
        fewest=table["fewest"],
        totals=_totals(rows),
        by_country_and_year=tuple(_by_country_and_year(rows)),
        headline_violations_by_year=_by_year(rows, _headline),
        headline_violations_by_country=_by_country(rows, _headline),
        acts_by_year=_by_year(rows, _acts),
        acts_by_country=_by_country(rows, _acts),
    )


def totals_of(rows: Iterable[Counted]) -> Totals:
    """Count appeals that stand, in all."""
    return _totals(_interventions(rows))


def violations_of(rows: Iterable[Counted]) -> list[tuple[str, int | None, int | None]]:
    """Give how many appeals name each violation in their headline, and cases, the most first; `None` for few."""
    return _most_first(_interventions(rows), _headline)


def acts_of(rows: Iterable[Counted]) -> list[tuple[str, int | None, int | None]]:
    """Give how many appeals tell an act of each type, and cases, the most first; `None` for few."""
    return _most_first(_interventions(rows), _acts)


def labels() -> dict[str, str]:
    """Give what each figure is called, by its name."""
    return {each["name"]: each["label"] for each in _table()["definitions"]}


def is_country(code: str) -> bool:
    """Tell whether this looks like the code of a country: what is drawn from rows is no signed word."""
    return _COUNTRY.fullmatch(code) is not None


def _interventions(rows: Iterable[Counted]) -> tuple[Counted, ...]:
    # A row that finds an appeal is signed by nobody: of a kind that is none it is not counted.
    return tuple(row for row in rows if row.kind in INTERVENTIONS)


def _totals(rows: tuple[Counted, ...]) -> Totals:
    kinds = Counter(INTERVENTIONS[row.kind] for row in rows)
    return Totals(
        interventions=len(rows),
        first_appeals=kinds["first_appeal"],
        follow_ups=kinds["follow_up"],
        closures=kinds["closure"],
        cases=len({row.chain for row in rows}),
        countries=len({first for row in rows if (first := _first(row))}),
        defenders=_defenders(rows),
        organisations=_organisations(rows),
    )


def _by_country_and_year(rows: tuple[Counted, ...]) -> Iterable[CountryYear]:
    cells: dict[tuple[str, int | None], list[Counted]] = defaultdict(list)
    for row in rows:
        cells[_first(row), row.year].append(row)
    for country, year in sorted(cells, key=_order):
        here = cells[country, year]
        kinds = Counter(INTERVENTIONS[row.kind] for row in here)
        yield CountryYear(
            country or None,
            year,
            kinds["first_appeal"],
            kinds["follow_up"],
            kinds["closure"],
            cases=len({row.chain for row in here}),
            defenders=_defenders(here),
            organisations=_organisations(here),
        )


def _defenders(rows: Iterable[Counted]) -> int:
    """Count people, each once however many of these appeals name her."""
    return len(frozenset().union(*(row.defenders for row in rows)))


def _organisations(rows: Iterable[Counted]) -> int:
    """Count organisations by name and country."""
    return len({(_first(row), name) for row in rows for name in row.organisations})


def _headline(row: Counted) -> tuple[str, ...]:
    return row.violations


def _acts(row: Counted) -> tuple[str, ...]:
    return row.acts


def _by_year(rows: tuple[Counted, ...], told: _ViolationsOf) -> tuple[ViolationYear, ...]:
    few, cells = _few(rows, told), _sorted(_cells(rows, told, _year))
    return tuple(ViolationYear(code, year, *(_NOT_GIVEN if code in few else named)) for (code, year), named in cells)


def _by_country(rows: tuple[Counted, ...], told: _ViolationsOf) -> tuple[ViolationCountry, ...]:
    few, cells = _few(rows, told), _sorted(_cells(rows, told, _first))
    return tuple(
        ViolationCountry(code, country or None, *(_NOT_GIVEN if code in few else named))
        for (code, country), named in cells
    )


def _most_first(rows: tuple[Counted, ...], told: _ViolationsOf) -> list[tuple[str, int | None, int | None]]:
    few, cells = _few(rows, told), _cells(rows, told, lambda _: None)
    named = [(code, *(_NOT_GIVEN if code in few else figures)) for (code, _), figures in cells.items()]
    return sorted(named, key=lambda each: (-(each[1] or 0), each[0]))


def _cells(
    rows: tuple[Counted, ...], told: _ViolationsOf, cell_of: Callable[[Counted], str | int | None]
) -> Mapping[tuple[str, Any], _Named]:
    known, chains = vocab.load("violation_types"), defaultdict(list)
    for row in rows:
        for code in told(row):
            if code in known:
                chains[code, cell_of(row)].append(row.chain)
    return {cell: _Named(len(each), len(set(each))) for cell, each in chains.items()}


def _few(rows: tuple[Counted, ...], told: _ViolationsOf) -> frozenset[str]:
    """Give the violations whose figures would point at few people; follow-ups are about the same ones: cases count.

    Where one country or one year has too few, nothing is given of any, since that one would follow from the others.
    """
    table = _table()
    cells = (cell for cell_of in (_first, _year) for cell in _cells(rows, told, cell_of).items())
    return frozenset(code for (code, _), named in cells if code in table["guarded"] and named.cases < table["fewest"])


def _sorted(figures: Mapping[tuple[str, Any], _Named]) -> list[tuple[tuple[str, Any], _Named]]:
    return sorted(figures.items(), key=lambda each: _order(each[0]))


def _order(cell: tuple[str, Any]) -> tuple[str, bool, Any]:
    return cell[0], cell[1] is None, cell[1] or 0


def _year(row: Counted) -> int | None:
    return row.year


def _first(row: Counted) -> str:
    """Give the country by which an appeal is counted; nothing where it names none."""
    return next(filter(is_country, row.countries), "")


@cache
def _table() -> dict[str, Any]:
    return tomli.loads(files("tocsin.publishing.api").joinpath("definitions.toml").read_text("utf-8"))
