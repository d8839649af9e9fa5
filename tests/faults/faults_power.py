"""The power is cut behind each write and sync while a site saves, grants, ends access, shreds, takes mail (SQLite).

`FAULT_SEEDS` says how many disks are made for each cut (5, which take a minute and a quarter).
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import power_cuts
import pytest
from django.db import DatabaseError, connections
from power_cuts import Call, Disk
from site_at_work import DEEDS, World, close, must_hold

from child import in_child
from tocsin.core.errors import TocsinError
from two_databases import SQLite, point_at

SEEDS = int(os.environ.get("FAULT_SEEDS", "5"))


def folder_of(maker: SQLite) -> Path:
    return Path(maker.template()["default"]["NAME"]).parent


def recorded(maker: SQLite, world: World, synchronous: str | None = None) -> tuple[Disk, list[Call]]:
    """Record what a process does to the files; give them as they were before, and the calls."""
    point_at(maker.copy("cut"))
    close()
    folder = folder_of(maker)
    before = {each.name: bytearray(each.read_bytes()) for each in folder.glob("cut-*") if "-shm" not in each.name}

    def work(acknowledge: Callable[[str], None]) -> None:
        if synchronous:
            for alias in ("default", "keys"):
                with connections[alias].cursor() as cursor:
                    cursor.execute(f"PRAGMA synchronous={synchronous}")
        for name, deed in DEEDS.items():
            deed(world)
            acknowledge(name)

    log = folder / "calls.log"
    acknowledged, ended = in_child(work, ["-o", str(log), *power_cuts.STRACE])
    assert (acknowledged, ended) == (set(DEEDS), True)
    return before, power_cuts.read(log, folder)


def broken_by(
    maker: SQLite, world: World, before: Disk, calls: list[Call], seeds: int
) -> Iterator[tuple[str, Exception | None]]:
    """Give each cut by name, with what it broke."""
    folder = folder_of(maker)
    for cut in power_cuts.cuts(before, calls, seeds):
        point_at(maker.copy("cut"))
        close()
        for left in folder.glob("cut-*"):
            left.unlink()
        for name, content in cut.disk.items():
            (folder / name).write_bytes(content)
        try:
            must_hold(world, set(cut.acknowledged))
        except (AssertionError, DatabaseError, TocsinError) as error:
            yield cut.name, error
        else:
            yield cut.name, None
        finally:
            close()


def test_after_a_power_cut_a_site_is_whole_and_keeps_what_it_said_was_done(maker: SQLite, world: World) -> None:
    before, calls = recorded(maker, world)
    kinds = [call.kind for call in calls]
    assert kinds.count("write") > 50
    assert kinds.count("sync") > 6
    assert kinds.count("acknowledge") == len(DEEDS)
    results = list(broken_by(maker, world, before, calls, SEEDS))
    assert [(name, repr(error)) for name, error in results if error] == []
    print(f"{len(results)} disks after power cuts behind {len(calls)} calls: all whole")


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_control_less_syncing_loses_what_was_acknowledged(maker: SQLite, world: World, synchronous: str) -> None:
    before, calls = recorded(maker, world, synchronous)
    # The first is enough: with less syncing it lies behind the first acknowledgement.
    broken = next((name for name, error in broken_by(maker, world, before, calls, 1) if error), None)
    assert broken is not None
    print(f"{synchronous}: broken, or something lost, at the {broken}")
