"""How fast a file of evidence is taken in and opened, and how much memory that takes, whatever its size.

Usage: `python bench/evidence.py [--quick]`. Bytes go block by block through what an upload goes through (hash, seal,
pieces in a SQLite file of its own, each synced by itself) and back through what a download goes through. Beside it
stands a lower bound in the same process: the same blocks hashed with SHA-256 and written into a plain file, synced at
its end. Times are of the processor, so that neighbours on the machine do not change them; beside them those of the
clock.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
SIZES_MB = (10, 50, 150)
_NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
_BLOCK = os.urandom(65_536)


def start() -> None:
    """Start Django on an empty site in a directory of its own, that of the tests."""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "desk_settings"
    import django  # noqa: PLC0415  Django is started here

    django.setup()
    from tocsin.config import founding  # noqa: PLC0415

    founding.make_tables()


def blocks(megabytes: int) -> Iterator[bytes]:
    """Give bytes as Django hands them over."""
    for _ in range(megabytes * 1_000_000 // len(_BLOCK)):
        yield _BLOCK


def plain(megabytes: int, folder: Path) -> None:
    """Hash the blocks and write them into a file: nobody can do less."""
    digest = hashlib.sha256()
    with (folder / "plain").open("wb") as file:
        for block in blocks(megabytes):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


class Room:
    """A case of nobody, with keys in memory, into which files are put."""

    def __init__(self) -> None:
        from tocsin.casework.models import CaseFile  # noqa: PLC0415
        from tocsin.vault.opened import CaseKeys, CompartmentKeys  # noqa: PLC0415
        from tocsin.vault.sealing import DataKey, new_key  # noqa: PLC0415

        case = CaseFile.objects.create(opened_at=_NOW)
        key = DataKey(case.id, "evidence", 1, new_key())
        self.keys = CaseKeys(case.id, {"evidence": CompartmentKeys((key,))})

    def put_in(self, megabytes: int) -> None:
        """Take a file in, and keep it."""
        from tocsin.casework.evidence import files  # noqa: PLC0415
        from tocsin.casework.models import EvidenceFile  # noqa: PLC0415

        taking = files.Intaking(self.keys, "evidence", by=uuid4(), now=_NOW)
        for block in blocks(megabytes):
            taking.take(block)
        came = taking.end()
        self.sheet = files.Sheet("", "", came.media_type, came.size, came.sha256, came.pieces, came.sha3_256)
        self.file = EvidenceFile.objects.get(id=came.id)

    def take_out(self) -> None:
        """Open it again, block by block."""
        from tocsin.casework.evidence import files  # noqa: PLC0415

        for _ in files.content_of(self.keys["evidence"], self.file, self.sheet):
            pass


def measured(work: Callable[[], None]) -> tuple[float, float]:
    """Give the seconds that some work takes of the processor, and of the clock."""
    used, began = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - used, time.perf_counter() - began


def peak(work: Callable[[], None]) -> float:
    """Give the megabytes that Python holds at once beyond what it held before."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main(words: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one small file")
    sizes = (5,) if parser.parse_args(words).quick else SIZES_MB
    start()
    room = Room()
    print("MB a second of the processor (of the clock), and MB of memory at once")
    print(f"{'file':>8} {'put in':>16} {'taken out':>16} {'hash and copy':>16} {'share':>7} {'memory':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            works = (partial(room.put_in, size), room.take_out, partial(plain, size, Path(folder)))
            rows = [measured(work) for work in works]
            shown = " ".join(f"{size / used:7.0f} ({size / clock:6.0f})" for used, clock in rows)
            share = rows[2][0] / rows[0][0]
            print(f"{size:5} MB {shown} {share:6.0%} {peak(partial(room.put_in, size)):7.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
