"""Facts in, facts out: an appeal is composed or read, printed as text, and read again; what comes back is counted.

Usage: `python bench/round_trip.py [--cases N] [--seed N] [--misses]`

* *cases*: the bundled case, those of tests/cases, and cases made by dice (the seed is printed) are composed; the facts
  that composing took from the records are compared with those that the reader finds in the printed text.
* *fixtures*: the texts of tests/corpus are read; their facts are compared with those of the same document, printed and
  read again.

Names compare without case and articles. `unknown persons` and the like, which composing prints where nobody knows who
did it, are nobody. Acts compare as type with victim, and type with actor. Recall is what came back of what went in,
precision what went in of what came back. A held-out fixture is counted and never listed.
"""

import argparse
import re
import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from invented_cases import invented_cases
from reader_corpus import load

from tocsin.core import reader
from tocsin.core.appeal import Act, AppealDocument, Event
from tocsin.core.compose import compose
from tocsin.core.records import from_yaml
from tocsin.core.render import render

ROOT = Path(__file__).resolve().parent.parent
_NOBODY = re.compile(r"\b(?:unknown|unidentified) (?:persons|people|men|individuals)\b|who have not been named")
_ARTICLE = re.compile(r"^(?:(?:the|a|an|some|le|la|les|el|los|las)\s+|l’)", re.IGNORECASE)

Fact = tuple[str, ...]


def facts_of(document: AppealDocument) -> Iterator[tuple[str, Fact]]:
    """Give the facts of a document as pairs of a kind and what is compared."""
    yield from _facts_of_story(document)
    yield from _facts_of_asks(document)
    yield from (("defenders", (_name(one.name),)) for one in document.facts.people if one.role == "defender")
    for charge in document.facts.charges:
        yield "charges", ((charge.offence or "").casefold(), _name(charge.person or ""))
    for quotation in document.facts.quotations:
        yield "quotations", (quotation.text.casefold().strip('“”" .,'),)
    for status in document.facts.status_as_of:
        yield "states", (_name(status.person), status.status)
    if document.reference:
        yield "codes", (document.reference.canonical,)
    for violation in document.violations:
        yield "violation line", (violation.code or violation.as_printed.casefold(),)


def _facts_of_story(document: AppealDocument) -> Iterator[tuple[str, Fact]]:
    for event in document.facts.events:
        summed_up = event.date is None and all(act.voice == "nominal" for act in event.acts)
        for act in () if summed_up else event.acts:
            yield from _facts_of_act(event, act)


def _facts_of_act(event: Event, act: Act) -> Iterator[tuple[str, Fact]]:
    for victim in act.victims:
        yield "acts", (act.type, _name(victim))
        yield "dates of acts", (act.type, event.date or "")
        if event.time:
            yield "times of acts", (act.type, event.date or "", event.time)
        if act.method:
            yield "methods", (act.type, act.method)
    for actor in act.actors:
        if not _NOBODY.search(actor):
            yield "actors", (act.type, _name(actor))


def _facts_of_asks(document: AppealDocument) -> Iterator[tuple[str, Fact]]:
    for demand in document.demands:
        for kind in demand.types:
            yield "demands", (demand.ordinal or "", kind)
        for name in demand.beneficiaries:
            yield "beneficiaries", (demand.ordinal or "", _name(name))
    for addressee in document.addressees:
        yield "addressees", (_name(addressee.name or addressee.post or ""),)
        for channel in addressee.channels:
            yield "channels", (channel.kind, channel.value or channel.display)


def _name(text: str) -> str:
    return _ARTICLE.sub("", text.strip()).casefold()


def again(document: AppealDocument) -> AppealDocument:
    """Print a document as text and read it."""
    readings = reader.read(render(document, "txt"))
    return readings[0].document if readings else AppealDocument(kind="report", language=None)


class Table:
    """What went in, what came out, and what is in both, for each kind of fact."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.lost: list[str] = []

    def add(self, name: str, before: AppealDocument, after: AppealDocument) -> None:
        """Count one document; `name` is for the list of what was lost, and empty where nothing may be listed."""
        put, got = set(facts_of(before)), set(facts_of(after))
        for kind, _ in put:
            self.counts[kind, "in"] += 1
        for kind, _ in got:
            self.counts[kind, "out"] += 1
        for kind, _ in put & got:
            self.counts[kind, "both"] += 1
        if name:
            self.lost += [f"{name}: lost {kind} {fact}" for kind, fact in sorted(put - got)]
            self.lost += [f"{name}: came {kind} {fact}" for kind, fact in sorted(got - put)]

    def recall(self) -> float:
        """Give the part of all facts that came back."""
        put = sum(number for (_, side), number in self.counts.items() if side == "in")
        return sum(number for (_, side), number in self.counts.items() if side == "both") / max(1, put)

    def show(self, title: str) -> None:
        """Print the table."""
        print(f"\n{title:<18} {'in':>7} {'out':>7} {'recall':>7} {'precision':>9}")
        for kind in sorted({kind for kind, _ in self.counts}):
            put, got, both = (self.counts[kind, side] for side in ("in", "out", "both"))
            recall = f"{both / put:.3f}" if put else "-"
            precision = f"{both / got:.3f}" if got else "-"
            print(f"{kind:<18} {put:>7} {got:>7} {recall:>7} {precision:>9}")
        print(f"{'all':<18} {'':>7} {'':>7} {self.recall():>7.3f}")


def of_cases(number: int, seed: int) -> Table:
    """Compose the bundled cases and invented ones, and read them back."""
    table = Table()
    for path in [ROOT / "examples/case.yaml", *sorted((ROOT / "tests/cases").glob("*.yaml"))]:
        document = compose(from_yaml(path.read_text("utf-8"))).document
        table.add(path.stem, document, again(document))
    for index, case in enumerate(invented_cases(number, seed)):
        document = compose(case).document
        table.add(f"made by dice {index}", document, again(document))
    return table


def of_fixtures() -> Table:
    """Read the fixtures, print them, and read them again."""
    table = Table()
    for fixture in load():
        for reading in reader.read(fixture.source):
            table.add("" if fixture.held_out else fixture.name, reading.document, again(reading.document))
    return table


def main(arguments: Iterable[str]) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Facts in, facts out")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--misses", action="store_true", help="list what was lost and what came without having gone in")
    asked = parser.parse_args(list(arguments))
    print(f"seed {asked.seed}, {asked.cases} cases made by dice")
    for title, table in (("cases", of_cases(asked.cases, asked.seed)), ("fixtures", of_fixtures())):
        table.show(title)
        if asked.misses:
            print(*table.lost, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
