"""How fast the reader is: documents a second, where the time goes, growth with length, and the start of the command.

Usage: `python bench/reading_speed.py [--quick]`. Everything is measured on one core after a warm-up: Python makes code
faster that it has met some times, most of the reader once a text, so the first dozen texts are read more slowly than
those that follow. Times are medians of several runs, in seconds of the processor, beside a lower bound in the same
process: one pass of a regular expression that only cuts the same text into words. Neighbours on the same core slow even
those seconds, so the best run stands beside the median: it is what the machine does when it is left alone. The command
is measured as a whole process by the clock on the wall. The published appeal is read where it lies beside the project;
elsewhere only the invented fixtures are.
"""

import argparse
import cProfile
import itertools
import pstats
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from reader_corpus import load

from tocsin.adapters.collecting import collect_seldom
from tocsin.core import reader

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
PACKAGE = Path(reader.__file__).parents[2]
TARGET_PER_SECOND = 200
WARM_UP_READINGS = 20
TARGET_START_SECONDS = 0.5
_PATIENCE_SECONDS = 30
_WORD = re.compile(r"\w+|[^\w\s]")


def median_seconds(work: Callable[[], object], runs: int, clock: Callable[[], float] = time.process_time) -> float:
    """Give the median time of some runs, after one that does not count.

    The usual clock counts the time of this process on the processor.
    """
    return statistics.median(run_seconds(work, runs, clock))


def run_seconds(work: Callable[[], object], runs: int, clock: Callable[[], float] = time.process_time) -> list[float]:
    """Give the times of some runs, after one that does not count."""
    work()
    times = []
    for _ in range(runs):
        start = clock()
        work()
        times.append(clock() - start)
    return times


def read_all(texts: Sequence[str]) -> int:
    """Read the texts; gives the number of documents in them."""
    return sum(len(reader.read(text)) for text in texts)


def cut_all(texts: Sequence[str]) -> int:
    """Do what no reader can do without: cut the texts into words."""
    return sum(len(_WORD.findall(text)) for text in texts)


def text_sets() -> dict[str, list[str]]:
    """Give the texts to read, by the name of the row."""
    sets = {path.stem[:3] + " (a published appeal)": [path.read_text("utf-8")] for path in sorted(SEEDS.glob("*.txt"))}
    fixtures = load()
    for language in sorted({one.language for one in fixtures}):
        sets[f"fixtures {language}"] = [one.source for one in fixtures if one.language == language]
    sets["all fixtures"] = [one.source for one in fixtures]
    return sets


def print_speed(sets: dict[str, list[str]], runs: int) -> None:
    """Print documents a second for each set of texts, beside the lower bound."""
    print(
        f"{'text':<26}{'documents':>10}{'kB each':>9}{'ms each':>9}{'documents/s':>13}{'at best':>9}"
        f"{'words only/s':>14}{'ratio':>8}"
    )
    for name, texts in sets.items():
        documents = read_all(texts)
        for _ in range(0 if runs == 1 else WARM_UP_READINGS // documents):
            read_all(texts)
        times = run_seconds(lambda texts=texts: read_all(texts), runs)  # type: ignore[misc]
        seconds = statistics.median(times)
        bound = median_seconds(lambda texts=texts: cut_all(texts), runs)  # type: ignore[misc]
        size = sum(map(len, texts)) / documents / 1e3
        print(
            f"{name:<26}{documents:>10}{size:>9.1f}{seconds / documents * 1e3:>9.2f}{documents / seconds:>13.0f}"
            f"{documents / min(times):>9.0f}{documents / bound:>14.0f}{seconds / bound:>8.0f}"
        )
    print(f"wanted: {TARGET_PER_SECOND} documents/s or more\n")


def shares(texts: Sequence[str]) -> Counter[str]:
    """Give the share of time spent in each module of the package, with what it calls in libraries."""
    profile = cProfile.Profile()
    profile.enable()
    read_all(texts)
    profile.disable()
    spent: Counter[str] = Counter()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for (file, _, _), (_, _, own, _, callers) in stats.items():
        if (module := _module(file)) is not None:
            spent[module] += own
            continue
        # Built-in functions and libraries are on the account of the module that calls them.
        for (caller, _, _), (_, _, part, _) in callers.items():
            spent[_module(caller) or "libraries"] += part
    total = sum(spent.values())
    return Counter({module: part / total for module, part in spent.items()})


def _module(file: str) -> str | None:
    path = Path(file)
    return str(path.relative_to(PACKAGE).with_suffix("")) if path.is_relative_to(PACKAGE) else None


def print_shares(texts: Sequence[str], rows: int) -> None:
    """Print where the time goes, by module, the most expensive first."""
    print("where the time goes (profiled, which makes small functions dearer)")
    for module, share in shares(texts).most_common(rows):
        print(f"  {module.removeprefix('core/'):<32}{share:>7.1%}")
    print()


def story(size: int) -> str:
    """Put an appeal of about `size` characters together: one fixture whose narrative is told again and again."""
    fixture = next(one for one in load() if one.name == "en-2021-judicial-harassment").source
    paragraphs = fixture.split("\n\n")
    longest = max(range(len(paragraphs)), key=lambda number: len(paragraphs[number]))
    again = max(1, (size - len(fixture)) // (len(paragraphs[longest]) + 2))
    return "\n\n".join([*paragraphs[:longest], *[paragraphs[longest]] * again, *paragraphs[longest:]])


def page(size: int) -> str:
    """Put a page of about `size` characters together: all fixtures of the corpus one after the other."""
    sources = "\n\n".join(one.source for one in load())
    return (sources * (size // len(sources) + 1))[:size]


def crowd(size: int) -> str:
    """Put a report of about `size` characters together in which every sentence brings new people and organisations."""
    syllables = "ba ce di fo gu ha ke li mo nu pa re si to vu".split()
    names = ("".join(each).title() for each in itertools.product(syllables, repeat=5))
    sentence = "On 3 May 2021, {} {}, a member of the {} Committee, was arrested with {} {} in {} by the police."
    paragraphs = size // 95 // 5 + 1
    sentences = (sentence.format(*itertools.islice(names, 6)) for _ in range(paragraphs * 5))
    return "\n\n".join(" ".join(itertools.islice(sentences, 5)) for _ in range(paragraphs))[:size]


def growth(make: Callable[[int], str], sizes: Sequence[int]) -> list[float]:
    """Give for each size the milliseconds for a kilobyte of it; stops before a text that would take minutes."""
    points: list[float] = []
    for size in sizes:
        if points and points[-1] * size / 1e6 > _PATIENCE_SECONDS:
            break
        text = make(size)
        seconds = median_seconds(lambda text=text: reader.read(text), 3 if size <= 10_000 else 1)  # type: ignore[misc]
        points.append(seconds * 1e6 / len(text))
    return points


def print_growth(sizes: Sequence[int]) -> None:
    """Print the time for each kilobyte of longer and longer texts; linear means that it stays."""
    print(f"{'ms for each kB':<26}" + "".join(f"{f'{size // 1000} kB':>12}" for size in sizes) + f"{'last/first':>12}")
    for name, make in (("one long appeal", story), ("many appeals in a page", page), ("ever new people", crowd)):
        points = growth(make, sizes)
        cells = "".join(f"{point:>12.2f}" for point in points) + f"{'too slow':>12}" * (len(sizes) - len(points))
        print(f"{name:<26}{cells}{points[-1] / points[0]:>12.2f}")
    print()


def print_start(runs: int) -> None:
    """Print how long whole processes take, beside the smallest thing Python can do."""
    appeal = next(iter(sorted(SEEDS.glob("*.txt"))), None) or next((ROOT / "tests" / "corpus").glob("en-*/source.txt"))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "tocsin --version": [sys.executable, "-m", "tocsin", "--version"],
        "tocsin read APPEAL": [sys.executable, "-m", "tocsin", "read", str(appeal)],
    }
    print(f"{'cold start':<26}{'median ms':>10}{'times pass':>12}")
    bound = 0.0
    for name, command in commands.items():
        seconds = median_seconds(
            lambda command=command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL),  # type: ignore[misc]
            runs,
            time.perf_counter,
        )
        bound = bound or seconds
        print(f"{name:<26}{seconds * 1e3:>10.0f}{seconds / bound:>12.1f}")
    print(f"wanted: {TARGET_START_SECONDS * 1e3:.0f} ms or less")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs, and texts of up to 30 kB")
    quick = parser.parse_args(arguments).quick
    collect_seldom()  # as every process does that reads
    sets = text_sets()
    if not any(SEEDS.glob("*.txt")):
        print("the published appeal is not there; only the invented fixtures are read")
    print_speed(sets, 1 if quick else 7)
    print_shares(sets["all fixtures"], 8 if quick else 25)
    print_growth([10_000, 30_000] if quick else [10_000, 100_000, 1_000_000])
    print_start(1 if quick else 7)


if __name__ == "__main__":
    main()
