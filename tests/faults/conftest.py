"""What all faults share."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django.plugin import DjangoDbBlocker
from site_at_work import World, close, found

from child import must_have_strace
from demonstrations import of_the_run
from two_databases import SQLite


@pytest.fixture(scope="session", autouse=True)
def nobody_watches() -> None:
    """Let the thread that looks after indexes sleep: a database that was cut off or is gone is no news to it."""
    from tocsin.casework.search import memory

    memory.WATCH_SECONDS = 100_000


@pytest.fixture(autouse=True)
def beside_others_or_alone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a test of a module that says `ALONE = True` wait until no other worker tests, and the others wait for it."""
    here = of_the_run(tmp_path_factory)
    with ExitStack() as stack:
        turnstile, room = (stack.enter_context((here / name).open("w")) for name in ("turnstile.lock", "room.lock"))
        # Whoever wants to be alone waits in the turnstile, so that nobody else comes in meanwhile.
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if getattr(request.module, "ALONE", False) else fcntl.LOCK_SH)
        fcntl.flock(turnstile, fcntl.LOCK_UN)
        yield


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[SQLite]:
    """Give databases of SQLite that processes are stopped over."""
    must_have_strace()
    with django_db_blocker.unblock():
        yield SQLite(tmp_path_factory.mktemp("site"))
        close()


@pytest.fixture(scope="module")
def world(maker: SQLite) -> World:
    """Give the site that lies in them, at work."""
    return found(maker.template())
