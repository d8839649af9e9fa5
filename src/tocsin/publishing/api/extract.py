"""The figures of the statistics for people: a page with each definition under its number, and a year as a table.

A year gives no violation by country: with the sum of all years, a small cell would follow from what other years give.
The figures of a guarded violation are given everywhere or, where one country or year has too few cases, nowhere.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext_noop as _

from tocsin.core import vocab
from tocsin.publishing import pages
from tocsin.publishing.answers import Answer
from tocsin.publishing.api import statistics
from tocsin.publishing.api.table import ROOT
from tocsin.publishing.api.values import CountryYear, Statistics, Totals
from tocsin.publishing.counting import Counted

COLUMNS: Final = ("figure", "country", "year", "violation", "value", "unit", "definition")
_OF_A_ROW: Final = tuple(each.name for each in fields(CountryYear) if each.name not in ("country", "year"))


def page(language: str, rows: Sequence[Counted]) -> Answer:
    """Make the page of the figures of what stands."""
    found, labels, years = statistics.counted(rows), statistics.labels(), years_of(rows)
    with translation.override(language):
        context = {
            "about": found.about,
            "figures": [
                (labels[each.name], getattr(found.totals, each.name, None), each.text) for each in found.definitions
            ],
            "heads": [labels[name] for name in _OF_A_ROW],
            "by_year": [
                (each, _values(statistics.totals_of(row for row in rows if row.year == each))) for each in years
            ],
            "tables": [
                (name, heading, _labelled(figures, language))
                for name, heading, figures in (
                    ("violations", _("Violations named in headlines"), statistics.violations_of(rows)),
                    ("acts", _("Types of acts that appeals tell"), statistics.acts_of(rows)),
                )
                if figures
            ],
            "years": years,
            "root_path": ROOT,
        }
        return pages.filled("statistics", language, context, here="statistics.html", depth=1)


def year(number: int, rows: Sequence[Counted]) -> Answer:
    """Give the figures of what was issued in a year, of what stands, as CSV, each line with its definition."""
    issued = [each for each in rows if each.year == number]
    if not issued:
        raise Http404
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    found = statistics.counted(issued)
    # What is kept back is so by all years: with one of them a small figure of another would be known.
    whole = statistics.counted(rows)
    named, told = (
        tuple(each for each in figures if each.year == number)
        for figures in (whole.headline_violations_by_year, whole.acts_by_year)
    )
    table.writerow({"figure": "about", "year": number, "definition": found.about})
    table.writerows(_lines(replace(found, headline_violations_by_year=named, acts_by_year=told), number))
    return Answer(written.getvalue().encode(), "text/csv; charset=utf-8; header=present")


def years_of(rows: Iterable[Counted]) -> list[int]:
    """List the years in which something was issued that stands, the newest first."""
    return sorted({each.year for each in rows if each.year}, reverse=True)


def _lines(found: Statistics, number: int) -> Iterator[dict[str, Any]]:
    defined = {each.name: {"unit": each.unit, "definition": each.text} for each in found.definitions}
    for each in fields(Totals):
        yield {"figure": each.name, "year": number, "value": getattr(found.totals, each.name), **defined[each.name]}
    for row in found.by_country_and_year:
        for name in _OF_A_ROW:
            line = {"figure": name, "country": row.country or "", "year": number, "value": getattr(row, name)}
            yield line | defined[name]
    for name, figures in (("headline_violations", found.headline_violations_by_year), ("acts", found.acts_by_year)):
        for named in figures:
            line = {"figure": name, "year": number, "violation": named.violation, "value": named.appeals}
            yield line | defined[name]


def _labelled(
    figures: Iterable[tuple[str, int | None, int | None]], language: str
) -> list[tuple[str, int | None, int | None]]:
    terms = vocab.load("violation_types")
    return [(terms[code].label(language).text, appeals, cases) for code, appeals, cases in figures]


def _values(row: Totals) -> list[int]:
    return [getattr(row, name) for name in _OF_A_ROW]
