"""Killing the process at every write, sync and send while keys change: old keys or new, never none (`make faults`).

strace kills the child at the Nth such system call, N = 1, 2, 3 … until it gets through. What a power cut does to writes
that were not synced is not tried here. `FAULT_STEP` says at which N: every one (1), or every third, others each day.
"""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connections
from keys_by_hand import PLACE, Shared, left_of

from child import in_child, must_have_strace, one_by_one
from people import NOW
from tocsin.core.errors import Locked, NotAllowed
from tocsin.vault import actions, queries
from tocsin.vault.models import Grant, KeyLink
from tocsin.vault.sealing import DataKey

pytestmark = pytest.mark.usefixtures("committed", "strace")
CALLS = {"sqlite": "pwrite64,fdatasync,fsync,ftruncate,write", "postgresql": "sendto"}
MOST = 400


@pytest.fixture(scope="module")
def strace() -> None:
    must_have_strace()


def killed(at: int, work: Callable[[], object]) -> bool:
    """Tell whether a child was killed at the Nth call of its work; no, if it got through before."""
    calls = CALLS[connections["keys"].vendor]
    for alias in ("default", "keys"):
        connections[alias].close()

    def told(acknowledge: Callable[[str], None]) -> None:
        work()

    _, got_through = in_child(
        told, ["-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={at}"]
    )
    return not got_through


def test_a_revocation_killed_anywhere_leaves_old_keys_or_new_ones() -> None:
    shared = Shared.make()
    before = shared.seal(shared.root, b"before")
    for at in one_by_one(MOST):
        gone = shared.colleague()
        grant = shared.lend(gone)
        kept = queries.open_case(gone, shared.case, NOW)["facts"].newest
        links = KeyLink.objects.count()
        was_killed = killed(at, partial(actions.revoke, shared.root, grant.id, now=NOW))
        for ring in (shared.root, shared.stays):
            assert shared.opens(ring, before) == b"before"
            assert shared.opens(shared.stays, shared.seal(ring, b"now")) == b"now"
        changed = KeyLink.objects.count() > links
        if changed:
            with pytest.raises((Locked, NotAllowed)):
                queries.open_case(gone, shared.case, NOW)
        if Grant.objects.get(id=grant.id).ended_at is None:
            assert was_killed
            actions.revoke(shared.root, grant.id, now=NOW)
        after = shared.seal(shared.stays, b"after")
        assert shared.opens(shared.root, after) == b"after"
        with pytest.raises(Locked):
            DataKey(shared.case, "facts", kept.version + 1, kept.secret).open(after, PLACE)
        with pytest.raises((Locked, NotAllowed)):
            queries.open_case(gone, shared.case, NOW)
        if not was_killed:
            assert at > 5, f"only {at - 1} calls were killed"
            return
    pytest.fail("the child never got through")


def test_shredding_killed_anywhere_and_repeated_leaves_nothing() -> None:
    shared = Shared.make()
    for at in one_by_one(MOST):
        shared = Shared(shared.root, shared.stays, case := queries.UUID(int=at))
        actions.found(shared.root, case, ["facts"], reason="opened it", ends_at=None, now=NOW)
        shared.lend(shared.stays)
        wrapped = shared.wrapped()
        assert len(wrapped) == 2
        was_killed = killed(at, partial(actions.shred, case))
        if was_killed:
            actions.shred(case)
        assert (shared.wrapped(), left_of(wrapped)) == ([], [])
        if not was_killed:
            assert at > 2, f"only {at - 1} calls were killed"
            return
    pytest.fail("the child never got through")
