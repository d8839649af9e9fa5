"""Precision and recall of the reader on the corpus of tests/corpus, for each kind of fact.

Usage: `python bench/reader_score.py [--misses] [--language en]`. The table stands apart for each language, and apart
for the development and the held-out fixtures; `--misses` lists what was missed or invented, never for held-out ones.

How a found fact is compared with an expected one:

* Text is folded: case, white space, quotation marks and outer punctuation do not count; accents do.
* `a|b` accepts either, an empty alternative accepts nothing at all; a value with `?` in front, or a table with
  `optional = true`, is neither missed when absent nor invented when present; `?` alone accepts anything.
* Documents of a page are paired in order, demands by position, addressees by name (by post where no name is printed).
* People are the same when the full names are; forms, titles, roles and organisations of people are compared for those.
  Forms are compared without their titles, so that `Ms. X` and the `X` of `Mses. X and Y` are one form.
* Groups are the same when one label contains the other word for word, or a wording listed under `also`.
* Organisations compare without article and acronym; a name under `either` may be an organisation or a place. Names
  without a capital letter (`her home`), the publishers and the invented countries are not counted.
* Events are found by the first words of the sentence; date (with `until`), time and precision are compared for the
  found ones, acts for all. An undated event whose acts are all nominal only sums the story up: it is optional.
* Acts are counted as pairs of type and victim, type and actor, type and method; an act without victim pairs with `-`.
  A pair counts once an event, so that it does not matter whether blows are told apart as acts or as methods of one.
  Methods are compared where the fixture gives one for an act of that type.
* Charges compare by offence; proceedings, laws, statuses by their codes; speakers only where a speaker is expected.
* Beneficiaries are named people and organisations; classes (`all human rights defenders`) are not counted.
"""

import argparse
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from reader_corpus import Fixture, Score, Tally, load
from reader_facts import KINDS, compare

from tocsin.core import reader
from tocsin.core.appeal import AppealDocument

EMPTY = AppealDocument(kind="report", language=None)


def score_fixture(fixture: Fixture, found: Sequence[AppealDocument]) -> Score:
    """Compare the documents that were read with those of the fixture."""
    number = Tally(min(len(found), len(fixture.documents)), len(found), len(fixture.documents))
    total: Score = {"documents": number}
    for expected, document in itertools.zip_longest(fixture.documents, found, fillvalue=None):
        if expected is not None:
            add(total, compare(expected, document or EMPTY))
    for tally in total.values():
        tally.misses = [f"{fixture.name}: {miss}" for miss in tally.misses]
        tally.inventions = [f"{fixture.name}: {invention}" for invention in tally.inventions]
    return total


def add(total: Score, score: Score) -> None:
    """Add the counts of a score to a total."""
    for kind, tally in score.items():
        total.setdefault(kind, Tally()).add(tally)


def score(fixtures: Iterable[Fixture], read: Callable[[str], Sequence[AppealDocument]]) -> Score:
    """Read every fixture and add up what was right."""
    total: Score = {}
    for fixture in fixtures:
        add(total, score_fixture(fixture, read(fixture.source)))
    return total


def table(title: str, development: Score, held_out: Score) -> Iterator[str]:
    """Write the table of one language, both splits side by side."""
    columns = "expected found  true  prec.   rec.     F1"
    yield f"{title:<20}{'development':^42}  {'held out':^42}"
    yield f"{'':<20}{columns}  {columns}"
    for kind in ("documents", *KINDS):
        yield f"{kind:<20}{_cells(development.get(kind, Tally()))}  {_cells(held_out.get(kind, Tally()))}"


def _cells(one: Tally) -> str:
    if not one.expected and not one.found:
        return f"{'-':>8}{'-':>6}{'-':>6}{'-':>7}{'-':>7}{'-':>7} "
    return f"{one.expected:8}{one.found:6}{one.true:6}{one.precision:7.2f}{one.recall:7.2f}{one.f1:7.2f} "


def listing(development: Score) -> Iterator[str]:
    """List what was missed and invented."""
    for kind, one in development.items():
        yield from (f"missed    {kind}: {miss}" for miss in one.misses)
        yield from (f"invented  {kind}: {invention}" for invention in one.inventions)


def read_documents(source: str) -> list[AppealDocument]:
    """Read one source text with the reader under measure."""
    return [reading.document for reading in reader.read(source)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--misses", action="store_true", help="list misses and inventions of development fixtures")
    parser.add_argument("--language", help="only this language, such as en")
    chosen = parser.parse_args(arguments)
    fixtures = [one for one in load() if chosen.language in {None, one.language}]
    for language in sorted({one.language for one in fixtures}):
        mine = [one for one in fixtures if one.language == language]
        development = score([one for one in mine if not one.held_out], read_documents)
        held_out = score([one for one in mine if one.held_out], read_documents)
        print("\n".join(table(f"{language} ({len(mine)} fixtures)", development, held_out)), end="\n\n")
        if chosen.misses:
            print("\n".join(listing(development)), end="\n\n")


if __name__ == "__main__":
    main()
