"""What all faults share."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from site_at_work import World, close, found

from child import must_have_strace
from two_databases import SQLite


@pytest.fixture(scope="session", autouse=True)
def nobody_watches() -> None:
    """Let the thread that looks after indexes sleep: a database that was cut off or is gone is no news to it."""
    from tocsin.casework.search import memory

    memory.WATCH_SECONDS = 100_000


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
