"""What has to be done from time to time, by any process: each step may be repeated, and done by several at once."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tocsin.accounts import actions as accounts
from tocsin.journal import anchors, subscriptions
from tocsin.operations import ballast
from tocsin.operations.settling import settle
from tocsin.vault import actions as vault
from tocsin.vault import inspection, slots


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found to do."""

    settled: bool
    sessions: int
    grants: int
    orphans: int

    def __str__(self) -> str:
        """Give it as one line."""
        told = "" if self.settled else "; the journal could not be told what it is owed"
        return f"swept: {self.sessions} sessions, {self.grants} expired grants, {self.orphans} orphaned keys{told}"


def sweep(directory: Path, *, now: datetime, thorough: bool) -> Swept:
    """Tell the journal what it is owed; end what is over; let subscribers see what a crash kept from them.

    What takes long is done in a thorough sweep only.
    """
    swept = Swept(
        settled=settle(now),
        sessions=accounts.remove_ended_sessions(now),
        grants=vault.end_expired(now),
        orphans=inspection.destroy_orphans(now) if thorough else 0,
    )
    anchors.anchor_if_due(now=now)
    for name in subscriptions.names():
        subscriptions.deliver(name, now=now)
    if thorough:
        slots.keep_room()
        ballast.keep(directory)
    return swept
