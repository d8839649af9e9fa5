"""A process that is killed at each write and sync while it saves, grants, ends access, shreds or takes mail (SQLite).

`FAULT_STEP` says at which: every one (1), or every third, others each day.
"""

from pathlib import Path

import pytest
from site_at_work import DEEDS, World, close, must_hold

from child import in_child, one_by_one
from two_databases import SQLite, point_at

MOST = 1_000


@pytest.mark.parametrize("call", ["pwrite64", "fdatasync,fsync"])
@pytest.mark.parametrize("deed", DEEDS)
def test_killed_at_each_call_a_site_is_whole_and_keeps_what_it_said_was_done(
    maker: SQLite, world: World, deed: str, call: str
) -> None:
    def work(acknowledge: object) -> None:
        DEEDS[deed](world)
        acknowledge(deed)  # type: ignore[operator]

    acknowledged: set[str] = set()
    killed = 0
    for at in one_by_one(MOST):
        point_at(maker.copy("crashed"))
        close()
        inject = ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={at}"]
        acknowledged, ended = in_child(work, inject)
        try:
            must_hold(world, acknowledged)
        except Exception as error:
            raise AssertionError(f"killed at {call} number {at} of {deed}") from error
        if ended:
            break
        killed += 1
    assert acknowledged == {deed}
    # Fewer would mean that strace counted nothing, and that nobody was killed.
    assert killed
    assert at > 3
    print(f"{deed}: killed at {killed} of {at - 1} calls of {call}")


def test_the_control_a_deed_that_is_acknowledged_before_it_is_done_is_noticed(maker: SQLite, world: World) -> None:
    def work(acknowledge: object) -> None:
        acknowledge("save")  # type: ignore[operator]
        DEEDS["save"](world)

    point_at(maker.copy("crashed"))
    close()
    acknowledged, ended = in_child(
        work, ["-o", "/dev/null", "-e", "trace=pwrite64", "-e", "inject=pwrite64:signal=SIGKILL:when=1"]
    )
    assert (acknowledged, ended) == ({"save"}, False)
    with pytest.raises(AssertionError):
        must_hold(world, acknowledged)


def test_the_files_of_a_site_are_where_the_faults_are_looked_for(maker: SQLite, world: World) -> None:
    settings = maker.copy("crashed")
    assert {Path(each["NAME"]).name for each in settings.values()} == {"crashed-data.db", "crashed-keys.db"}
