"""How long a directory of authorities takes to read, write and propose from; run `python bench/directory_files.py`.

Seconds of the processor for 10,000 rows, a quarter of them posts of an invented country. `again` reads the same file
upon what it made, as an import that was broken off is begun anew.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from tocsin.core import vocab
from tocsin.core.addressing import Asked, Directory, Need, from_csv, from_popolo, propose, to_csv, to_popolo

ROWS, FEW = 10_000, 200
TODAY = dt.date(2026, 11, 25)
_Made = TypeVar("_Made")


def table(rows: int) -> str:
    """Give a table of so many rows: a post, who holds it, an address and its check, over and over."""
    offices = list(vocab.load("posts"))
    lines = ["what,key,country,code,name_en,of,person,from,address,on,result"]
    for number in range(rows // 4):
        key, address = f"xzv-{number}", f"office{number}@zarvania.example"
        lines += [
            f"post,{key},XZV,{offices[number % len(offices)]},Office {number},,,,,,",
            f"occupancy,,,,,{key},Person {number},2020-01-01,,,",
            f"contact_point,,,email,,{key},,,{address},,",
            f"check,,,email,,{key},,,{address},2026-11-01,ok",
        ]
    return "\n".join(lines) + "\n"


def timed(what: str, make: Callable[[], _Made]) -> _Made:
    """Make something, and print how long it took."""
    start = time.process_time()
    made = make()
    print(f"{what:<28}{time.process_time() - start:8.2f} s")
    return made


def main(words: Sequence[str]) -> None:
    """Print the table."""
    rows = FEW if "--quick" in words else ROWS
    text = table(rows)
    print(f"a directory of {rows} rows")
    reading = timed("read CSV", lambda: from_csv(text, Directory(), today=TODAY))
    assert reading.refusals == ()
    made = reading.directory
    assert timed("read CSV again", lambda: from_csv(text, made, today=TODAY)).directory == made
    timed("write CSV", lambda: to_csv(made))
    popolo = timed("write Popolo", lambda: to_popolo(made))
    assert timed("read Popolo", lambda: from_popolo(popolo, Directory(), today=TODAY)).directory == made
    asked = tuple(Asked(f"d{number}", str(number), (kind,)) for number, kind in enumerate(("release", "investigate")))
    found = timed(
        "propose for two demands", lambda: propose(Need(frozenset({"XZV"}), asked), made, today=TODAY, turnovers={})
    )
    print(f"proposed: {len(found.proposals)} of {len(made.posts)} posts")


if __name__ == "__main__":
    main(sys.argv[1:])
