"""People for tests of the rooms: each with an account, keys that the root stands for, and a session's actor."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.core.journal import Reading
from tocsin.journal import clocks, subscriptions

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
PASSPHRASE = "correct horse battery staple"

Hire = Callable[..., NewAccount]


def just_confirmed(actor: Actor, at: datetime) -> Actor:
    """Give a person as she is right after showing her second factor."""
    return replace(actor, confirmed_at=at)


def waiting_in_tests() -> dict[str, int]:
    """Tell what the subscribers of tests have not seen yet, apart from those that every site has."""
    return {name: count for name, count in subscriptions.waiting().items() if name.startswith("tests.")}


def believe_the_clock(patch: pytest.MonkeyPatch) -> None:
    """Let the machine be one on which as many seconds have passed as the times that a test names say."""
    patch.setattr(clocks, "read", lambda now: Reading(now, str(UUID(int=1)), now.timestamp()))
    patch.setattr(clocks, "ask_database", lambda: None)
