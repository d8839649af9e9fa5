"""A process that is killed while a file of evidence comes in: it is whole in its case, or garbage that is swept.

`FAULT_STEP` says how many of the samples of calls are tried: all, or a third.
"""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connections
from site_at_work import World, close

from child import STEP, in_child
from people import LATER, NOW
from tocsin.casework import actions as casework
from tocsin.casework.evidence import actions, files
from tocsin.casework.evidence.naming import file_of
from tocsin.casework.models import KEPT, EvidenceFile, EvidencePiece
from tocsin.journal import queries as journal
from two_databases import ALIASES, SQLite, point_at

CONTENT = bytes(range(256)) * 9_000
BLOCK = 65_536
# The first calls one by one, the others by samples, up to the last one.
POINTS = [*range(1, 8), *range(10, 4_000, 55 * STEP)]


def put_in(world: World) -> UUID:
    """Put a file into the case, block by block, as it comes from a request."""
    taking = actions.begin(world.lead, world.case, now=NOW)
    for at in range(0, len(CONTENT), BLOCK):
        taking.take(CONTENT[at : at + BLOCK])
    told = actions.AboutFiles("a letter", "en", came="by hand")
    actions.receive(world.lead, world.case, [("letter.txt", taking.end())], told, now=NOW)
    return taking.id


def must_hold(world: World, acknowledged: bool) -> bool:
    """Look at what a fault left; tell whether the file is in the case."""
    for alias in ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
    assert journal.verify() > 0
    case = casework.read_case(world.lead, world.case, now=NOW).case
    described = {each for record in case.evidence if (each := file_of(record.id))}
    kept = set(EvidenceFile.objects.filter(state=KEPT).values_list("id", flat=True))
    assert described == kept
    assert kept or not acknowledged
    for file in kept:
        seen = actions.open_file(world.lead, world.case, file, now=NOW)
        assert seen.chain is not None
        assert seen.chain.faults == ()
        with actions.hold(world.lead, world.case, file, now=NOW) as held:
            assert b"".join(files.content_of(held.keys, held.file, held.sheet)) == CONTENT
    files.remove_left_over(LATER)
    assert set(EvidenceFile.objects.values_list("id", flat=True)) == kept
    assert set(EvidencePiece.objects.values_list("file_id", flat=True)) == kept
    return bool(kept)


@pytest.mark.parametrize("call", ["pwrite64", "fdatasync,fsync"])
def test_killed_while_it_comes_a_file_is_whole_or_garbage(maker: SQLite, world: World, call: str) -> None:
    def work(acknowledge: Callable[[str], None]) -> None:
        put_in(world)
        acknowledge("in")

    outcomes = []
    for at in POINTS:
        point_at(maker.copy("crashed"))
        close()
        inject = ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={at}"]
        acknowledged, ended = in_child(work, inject)
        try:
            outcomes.append(must_hold(world, "in" in acknowledged))
        except Exception as error:
            raise AssertionError(f"killed at {call} number {at}") from error
        if ended:
            break
    print(f"{call}: killed {len(outcomes)} times, {sum(outcomes)} files came in whole")
    assert len(outcomes) > 3
    assert {True, False} == set(outcomes)
    assert ended


def test_the_control_what_is_not_swept_is_noticed(maker: SQLite, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(maker.copy("crashed"))
    close()
    actions.begin(world.lead, world.case, now=NOW).take(CONTENT)
    monkeypatch.setattr(files, "remove_left_over", lambda _now: 0)
    with pytest.raises(AssertionError):
        must_hold(world, acknowledged=False)
