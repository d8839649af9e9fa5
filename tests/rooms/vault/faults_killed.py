"""Killing the process at every write, sync and send while keys change: old keys or new, never none (`make faults`).

strace kills the child at the Nth such system call, N = 1, 2, 3 … until it gets through. What a power cut does to writes
that were not synced is not tried here.
"""

import shutil

import pytest
from django.conf import settings
from django.db import connections
from keys_by_hand import PLACE, Shared, left_of

from child import run_child
from people import NOW
from tocsin.core.errors import Locked, NotAllowed
from tocsin.vault import actions, queries
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, KeyLink
from tocsin.vault.sealing import DataKey

pytestmark = pytest.mark.usefixtures("committed")
CALLS = {"sqlite": "pwrite64,fdatasync,fsync,ftruncate,write", "postgresql": "sendto"}
MOST = 400
_WORK = """
from datetime import datetime
from uuid import UUID
from tocsin.vault import actions
from tocsin.vault.keyring import Keyring
what, holder, box, sign, subject, now = sys.argv[1:]
if what == "revoke":
    ring = Keyring(UUID(holder), bytes.fromhex(box), bytes.fromhex(sign))
    actions.revoke(ring, UUID(subject), now=datetime.fromisoformat(now))
else:
    actions.shred(UUID(subject))
"""


def killed(at: int, what: str, ring: Keyring, subject: object) -> bool:
    """Tell whether the child was killed at the Nth call; no, if it got through before."""
    if shutil.which("strace") is None:
        pytest.fail("strace is missing: nothing was killed (Debian: apt install strace)")
    calls = CALLS[connections["keys"].vendor]
    under = ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={at}"]
    words = (what, str(ring.holder), ring.box.hex(), ring.sign.hex(), str(subject), NOW.isoformat())
    ended = run_child(_WORK, *words, roots=settings.TOCSIN_ROOTS, under=under)
    assert ended.returncode in {0, -9, 137}, ended.stderr
    return ended.returncode != 0


def test_a_revocation_killed_anywhere_leaves_old_keys_or_new_ones() -> None:
    shared = Shared.make()
    before = shared.seal(shared.root, b"before")
    for at in range(1, MOST):
        gone = shared.colleague()
        grant = shared.lend(gone)
        kept = queries.open_case(gone, shared.case, NOW)["facts"].newest
        links = KeyLink.objects.count()
        was_killed = killed(at, "revoke", shared.root, grant.id)
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
    for at in range(1, MOST):
        shared = Shared(shared.root, shared.stays, case := queries.UUID(int=at))
        actions.found(shared.root, case, ["facts"], reason="opened it", ends_at=None, now=NOW)
        shared.lend(shared.stays)
        wrapped = shared.wrapped()
        assert len(wrapped) == 2
        was_killed = killed(at, "shred", shared.root, case)
        if was_killed:
            actions.shred(case)
        assert (shared.wrapped(), left_of(wrapped)) == ([], [])
        if not was_killed:
            assert at > 2, f"only {at - 1} calls were killed"
            return
    pytest.fail("the child never got through")
