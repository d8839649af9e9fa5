"""How preflight does: milliseconds a document, growth with length, the start of the command, and what it finds.

Usage: `python bench/preflight.py [--quick]`. Documents are read before the clock starts, and the time is set beside
that of reading them. Findings are counted a rule over all texts of tests/corpus, as if each were published on its day;
`preflight_false_alarms.toml` lists those that a person judged to be wrong.
"""

import argparse
import datetime as dt
import resource
import statistics
import subprocess
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from reader_corpus import load
from reading_speed import crowd, median_seconds, page, story, text_sets

from tocsin.core import preflight, reader, treaties
from tocsin.core.appeal import AppealDocument
from tocsin.core.preflight import Finding

ROOT = Path(__file__).resolve().parent.parent
APPEAL = ROOT / "examples" / "appeal.txt"
CASE = ROOT / "examples" / "case.yaml"
FALSE_ALARMS = Path(__file__).with_name("preflight_false_alarms.toml")
TARGET_START_SECONDS = 0.5
_UNDATED = dt.date(2021, 10, 15)
_PATIENCE_SECONDS = 30
_TREATIES = treaties.bundled()


def check(document: AppealDocument) -> preflight.Report:
    """Check a document on its date of issue."""
    return preflight.check(document, on=document.issued_on or _UNDATED, treaties=_TREATIES)


def print_speed(runs: int) -> None:
    """Print the time to check a document beside the time to read it."""
    print(f"{'text':<26}{'documents':>10}{'check ms':>10}{'read ms':>10}{'ratio':>8}")
    for name, texts in text_sets().items():
        documents = [reading.document for text in texts for reading in reader.read(text)]
        seconds = median_seconds(lambda documents=documents: [check(one) for one in documents], runs)  # type: ignore[misc]
        reading = median_seconds(lambda texts=texts: [reader.read(text) for text in texts], runs)  # type: ignore[misc]
        each, bound = seconds / len(documents) * 1e3, reading / len(documents) * 1e3
        print(f"{name:<26}{len(documents):>10}{each:>10.2f}{bound:>10.2f}{each / bound:>8.2f}")
    print()


def print_growth(sizes: Sequence[int]) -> None:
    """Print the time for each kilobyte of longer and longer texts; linear means that it stays."""
    print(f"{'ms for each kB':<26}" + "".join(f"{f'{size // 1000} kB':>12}" for size in sizes) + f"{'last/first':>12}")
    texts = {
        "one long appeal": story,
        "many appeals in a page": page,
        "ever new people": crowd,
        "every fault, no paragraph": faults,
    }
    for name, make in texts.items():
        points = _growth(make, sizes)
        cells = "".join(f"{point:>12.2f}" for point in points) + f"{'too slow':>12}" * (len(sizes) - len(points))
        print(f"{name:<26}{cells}{points[-1] / points[0]:>12.2f}")
    print()


def faults(size: int) -> str:
    """Put all lines that the rules find and do not find into one paragraph of about `size` characters."""
    lines = [
        example["situation"]
        for rule in preflight.load_rules().values()
        for examples in rule.examples.values()
        for example in examples
        if isinstance(example.get("situation"), str)
    ]
    told = " ".join(lines)
    head, _, tail = APPEAL.read_text("utf-8").partition("\n\nDescription of the situation:")
    return f"{head}\n\nDescription of the situation:\n\n{told * (size // len(told) + 1)}"[:size] + tail[-2_000:]


def _growth(make: Callable[[int], str], sizes: Sequence[int]) -> list[float]:
    points: list[float] = []
    for size in sizes:
        if points and points[-1] * size / 1e6 > _PATIENCE_SECONDS:
            break
        text = make(size)
        documents = [reading.document for reading in reader.read(text)]
        seconds = median_seconds(lambda documents=documents: [check(one) for one in documents], 1)  # type: ignore[misc]
        points.append(seconds * 1e6 / len(text))
    return points


def print_start(runs: int) -> None:
    """Print how long whole processes take, beside the smallest thing Python can do."""
    tocsin = [sys.executable, "-m", "tocsin", "check", str(APPEAL)]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "tocsin check APPEAL": tocsin,
        "tocsin check --case CASE": [*tocsin, "--case", str(CASE)],
    }
    print(f"{'cold start, median of runs':<26}{'ms':>10}{'of them processor':>20}")
    for name, command in commands.items():
        walls, processors = zip(*(_process_seconds(command) for _ in range(runs)), strict=True)
        print(f"{name:<26}{statistics.median(walls) * 1e3:>10.0f}{statistics.median(processors) * 1e3:>20.0f}")
    print(f"wanted: {TARGET_START_SECONDS * 1e3:.0f} ms or less\n")


def _process_seconds(command: Sequence[str]) -> tuple[float, float]:
    """Run a process; give its time by the clock on the wall, and that of the processor, whatever else it has to do."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # An error that stands ends with 1.
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def findings_of_the_corpus() -> list[tuple[str, Finding]]:
    """Give what is found in each fixture, with its name."""
    return [
        (fixture.name, finding)
        for fixture in load()
        for reading in reader.read(fixture.source)
        for finding in check(reading.document).findings
    ]


def is_false_alarm(name: str, finding: Finding, judged: Sequence[dict[str, str]]) -> bool:
    """Tell whether a person judged a finding to be wrong."""
    words = finding.places[0].words
    return any(
        one["fixture"] == name and one["rule"] == finding.rule and words.startswith(one["words"]) for one in judged
    )


def print_findings() -> None:
    """Print for each rule how often it speaks in the corpus, in how many texts, and how often it is wrong."""
    judged = tomllib.loads(FALSE_ALARMS.read_text("utf-8"))["false_alarm"]
    counted: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    texts: dict[str, set[str]] = defaultdict(set)
    for name, finding in findings_of_the_corpus():
        counted[finding.rule] += 1
        errors[finding.rule] += finding.severity == "error"
        texts[finding.rule].add(name)
        wrong[finding.rule] += is_false_alarm(name, finding, judged)
    number = len(load())
    print(f"{'rule':<8}{'findings':>10}{'errors':>8}{'texts':>7}{'wrong':>7}{'precision':>11}  what it catches")
    for id_, rule in preflight.load_rules().items():
        if counted[id_]:
            precision = 1 - wrong[id_] / counted[id_]
            row = f"{counted[id_]:>10}{errors[id_]:>8}{len(texts[id_]):>7}{wrong[id_]:>7}{precision:>11.2f}"
            print(f"{id_:<8}{row}  {rule.title[:60]}")
    total, mistaken = counted.total(), wrong.total()
    row = f"{total:>10}{errors.total():>8}{number:>7}{mistaken:>7}{1 - mistaken / max(total, 1):>11.2f}"
    print(f"{'all':<8}{row}")
    silent = [id_ for id_, rule in preflight.load_rules().items() if rule.find and not counted[id_]]
    print(f"silent in the corpus: {', '.join(silent)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs, and texts of up to 30 kB")
    quick = parser.parse_args(arguments).quick
    print_speed(1 if quick else 5)
    print_growth([10_000, 30_000] if quick else [10_000, 100_000, 1_000_000])
    print_start(1 if quick else 7)
    print_findings()


if __name__ == "__main__":
    main()
