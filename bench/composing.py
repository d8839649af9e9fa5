"""How long composing takes, and how it grows: milliseconds for cases of some tens and some hundreds of records.

Usage: `python bench/composing.py [--quick]`. Cases are made by dice with a fixed seed; times are medians of the
processor. *per record* says whether a long case costs more for each record than a short one.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterable

from invented_cases import invented_cases

from tocsin.core.compose import compose
from tocsin.core.records import Case

EVENTS = (20, 290)


def of_length(events: int) -> Case:
    """Give a case of so many events, the same each time."""
    return next(invented_cases(1, 1, events=events))


def median_ms(case: Case, runs: int) -> float:
    """Give the median milliseconds of composing a case, after one run that does not count."""
    compose(case)
    times = []
    for _ in range(runs):
        start = time.process_time()
        compose(case)
        times.append(time.process_time() - start)
    return statistics.median(times) * 1e3


def main(arguments: Iterable[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Milliseconds for composing")
    parser.add_argument("--quick", action="store_true", help="few runs, to see that it works")
    runs = 2 if parser.parse_args(list(arguments)).quick else 15
    print(f"{'records':>8} {'sentences':>10} {'ms':>8} {'ms per record':>14}")
    for events in EVENTS:
        case = of_length(events)
        records, sentences = len(case.by_id), len(compose(case).grounds)
        ms = median_ms(case, runs)
        print(f"{records:>8} {sentences:>10} {ms:>8.1f} {ms / records:>14.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
