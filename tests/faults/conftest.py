"""What all faults share."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def nobody_watches() -> None:
    """Let the thread that looks after indexes sleep: a database that was cut off or is gone is no news to it."""
    from tocsin.casework.search import memory

    memory.WATCH_SECONDS = 100_000
