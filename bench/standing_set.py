"""How one installation with many appeals beside many cases does: a page, a search, a draft that is composed, a copy.

Usage: `python bench/standing_set.py [--appeals 1000 --cases 5000 | --full] [--postgresql] [--only PART…]`. What other
benches measure each on a site of its own is measured here on one: `--full` is 20,000 published appeals in the public
database beside 100,000 cases of the desk, a fifth of them held by who composes (`--held` for another number). They are
filled in as `desk_speed.py` and `public_site_speed.py` do it, and measured by the functions of those and of
`public_server_speed.py`; how each figure is taken is said there.
"""

import argparse
import os
import random
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import desk_speed
import public_server_speed
import public_site_speed
from public_site_speed import NOW, end, postgresql, row
from strongroom import first_person, set_up

APPEALS, CASES = 20_000, 100_000
PARTS = ("draft", "page", "search", "copy")
RUNS = 7


def main(arguments: list[str] | None = None) -> None:
    """Make the set, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--appeals", type=int, default=1_000)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--held", type=int, help="how many of the cases one person holds; by default a fifth")
    parser.add_argument("--full", action="store_true", help=f"{APPEALS} appeals and {CASES} cases: an hour")
    parser.add_argument("--seed", type=int, default=20_261_126)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL that is started for it")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    chosen = parser.parse_args(arguments)
    appeals, cases = (APPEALS, CASES) if chosen.full else (chosen.appeals, chosen.cases)
    held = cases // 5 if chosen.held is None else min(chosen.held, cases)
    with tempfile.TemporaryDirectory() as name, postgresql() if chosen.postgresql else nullcontext():
        folder, start = Path(name), time.perf_counter()
        set_up(folder)
        from django.db import connection  # noqa: PLC0415  Django has to be started before

        root = replace(first_person(), confirmed_at=NOW)
        lead, others = (desk_speed.hire(root, login) for login in ("amina", "jon"))
        desk_speed.fill(lead.actor, held, 2)
        desk_speed.crowd(others.actor, cases - held, 3)
        desk_speed.tell_nobody()
        press = public_site_speed.fill(appeals, random.Random(chosen.seed), root)
        print(f"seed {chosen.seed}, {appeals} appeals beside {cases} cases, {held} of them held, {connection.vendor}")
        print(f"filled in {time.perf_counter() - start:.0f} s, load {os.getloadavg()[0]:.1f}")
        if "draft" in chosen.only:
            for each in desk_speed.pages_of_an_appeal(lead, RUNS):
                row(each.name, each.ms, "ms", f"≤ {each.wanted}")
        if "page" in chosen.only:
            public_site_speed.measure_pages(appeals)
            public_server_speed.measure(folder, 4_000, 8)
        if "search" in chosen.only:
            public_site_speed.measure_search()
        if "copy" in chosen.only:
            public_site_speed.measure_copy(folder, press)
    end()


if __name__ == "__main__":
    main()
