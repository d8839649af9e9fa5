"""Every test of the rooms runs on SQLite and on PostgreSQL, but for those of modules that say `NO_DATABASE = True`
and those that are marked with one `database`.

A test finds the tables of a new site and is rolled back. One that needs commits to be real (threads, crashes, washing)
asks for `committed` and gets databases of its own.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.template.base import Template
from django.test.utils import _TestState
from django.utils import translation
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from desk_of_appeals import Office, open_office
from lacking import lacking
from looks import held_to_the_journal
from people import NOW, PASSPHRASE, Hire, believe_the_clock
from remembering import Memory, Remembering
from tables_once import OnceMade
from tocsin.accounts import actions as accounts
from tocsin.accounts import demonstration, door
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import PASSKEY
from tocsin.casework.evidence import actions as evidence
from tocsin.intake import actions as intake
from tocsin.operations import rows
from two_databases import PostgreSQL, SQLite, in_memory, make_tables, point_at, start_postgresql

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Begin and end each test in English: a request leaves its language to whatever comes after it in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def every_look_is_told() -> Iterator[None]:
    """Hold every request of every test to the journal."""
    with held_to_the_journal():
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_watches() -> None:
    """Let the thread that looks after indexes sleep: no test lasts as long, and tests own their databases alone."""
    from tocsin.casework.search import memory

    memory.WATCH_SECONDS = 100_000


@pytest.fixture(scope="session", autouse=True)
def clock_of_tests() -> Iterator[None]:
    """Believe whatever time a test names."""
    with pytest.MonkeyPatch.context() as patch:
        believe_the_clock(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_template_is_watched(django_test_environment: None) -> None:
    """Draw templates as a site does: no test asks what was drawn with what, and to note it copies every context."""
    Template._render = _TestState.saved_data.template_render


@pytest.fixture(scope="session", autouse=True)
def a_file_is_opened_once() -> Iterator[None]:
    """Open the same bytes once: each time starts a sandbox, which is tested where it lives, and gives the same."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(intake, "read_report", cache(intake.read_report))
        patched.setattr(evidence, "make_copy", cache(evidence.make_copy))
        patched.setattr(evidence, "look_at", cache(evidence.look_at))
        yield


@pytest.fixture(scope="session", autouse=True)
def tables_are_made_once() -> Iterator[None]:
    """Let a backup be restored into tables that the migrations have made before, where they would make the same."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "MigrationExecutor", OnceMade)
        yield
    OnceMade.forget()


@pytest.fixture(autouse=True)
def nothing_is_known_of_other_sites() -> None:
    """Forget what was verified before: tests share a process, and each has a site with keys of its own."""
    from tocsin.publishing import answers, queries, standings
    from tocsin.replies import knowing

    queries.forget()
    standings.forget()
    knowing.forget()
    answers.kept.forget()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if wanted := config.getoption("--database"):
        config.hook.pytest_deselected(items=[item for item in items if not _is_for(item, wanted)])
        items[:] = [item for item in items if _is_for(item, wanted)]
    for item in items:
        if HERE in item.path.parents and _has_database(item) and "committed" not in item.fixturenames:
            item.add_marker(pytest.mark.django_db(databases=["default", "keys"]))


def _is_for(item: pytest.Item, kind: str) -> bool:
    """Tell whether a test belongs to the run on one kind of database; what has none belongs to that on SQLite."""
    runs_on = item.callspec.params.get("maker", "sqlite") if hasattr(item, "callspec") else "sqlite"
    return bool(runs_on == kind)


def _has_database(item: pytest.Item) -> TypeGuard[pytest.Function]:
    return isinstance(item, pytest.Function) and not hasattr(item.module, "NO_DATABASE")


@pytest.fixture(scope="session")
def makers(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, SQLite | PostgreSQL]]:
    made: dict[str, SQLite | PostgreSQL] = {}
    yield made
    with django_db_blocker.unblock():
        connections.close_all()
    for maker in made.values():
        maker.end()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if not hasattr(metafunc.module, "NO_DATABASE"):
        only = metafunc.definition.get_closest_marker("database")
        kinds = only.args if only else ("sqlite", "postgresql")
        metafunc.parametrize("maker", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def maker(
    request: pytest.FixtureRequest,
    makers: dict[str, SQLite | PostgreSQL],
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
    testrun_uid: str,
    django_db_blocker: DjangoDbBlocker,
) -> SQLite | PostgreSQL | None:
    """Point Django at the template databases of one kind; they are made once a worker."""
    if not hasattr(request, "param"):
        return None
    fresh = request.param not in makers
    if fresh and request.param == "sqlite":
        makers["sqlite"] = SQLite(tmp_path_factory.mktemp("sqlite"))
    elif fresh:
        try:
            server = start_postgresql(testrun_uid, in_memory())
        except RuntimeError as missing:
            lacking(str(missing))
        makers["postgresql"] = PostgreSQL(server, worker_id)
    chosen = makers[request.param]
    with django_db_blocker.unblock():
        point_at(chosen.template())
        if fresh:
            make_tables()
    return chosen


@pytest.fixture(autouse=True)
def settings_as_before() -> Iterator[None]:
    """Let a test that leaves other settings behind fail itself, and not hundreds after it in the same worker."""
    before = django_settings._wrapped
    yield
    left, django_settings._wrapped = django_settings._wrapped, before
    assert left is before, "settings are put back in the opposite order in which they were changed"


@pytest.fixture(scope="session")
def django_db_setup(maker: SQLite | PostgreSQL) -> None:
    """Take the place of pytest-django's own: `maker` has made the databases."""


@pytest.fixture
def committed(maker: SQLite | PostgreSQL, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give the test databases of its own, in which commits are real."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        point_at(maker.copy("committed"))
        stack.callback(lambda: point_at(maker.template()))
        yield


@pytest.fixture(scope="session")
def memories() -> dict[tuple[str, bool], Memory]:
    """What tests of this worker have begun with, on each kind of database, rolled back or committed."""
    return {}


@pytest.fixture(autouse=True)
def remember(
    request: pytest.FixtureRequest, maker: SQLite | PostgreSQL, memories: dict[tuple[str, bool], Memory]
) -> Remembering | None:
    """Give a way to begin with something that other tests began with, too: `remember(key, act)`.

    It looks on from before the test has written anything, if the test begins with somebody at all.
    """
    if "administrator" not in request.fixturenames:
        return None
    committed = "committed" in request.fixturenames
    if committed:
        request.getfixturevalue("committed")
    return memories.setdefault((type(maker).__name__, committed), Memory(committed=committed)).of_a_test()


@pytest.fixture
def administrator(settings: Settings, remember: Remembering) -> NewAccount:
    """The person a site begins with."""

    def begin() -> NewAccount:
        return accounts.create_first_account("vera", "Vera Lindqvist", PASSPHRASE, ["administrator"], now=NOW)

    first = remember("administrator", begin)
    settings.TOCSIN_ROOTS = (first.actor.ring.public().sign.hex(),)
    # As one who has just shown her passkey.
    return replace(first, actor=replace(first.actor, proof=PASSKEY))


@pytest.fixture
def hire(administrator: NewAccount, remember: Remembering) -> Hire:
    """Create colleagues: `hire("tomas", "case_lead")`."""

    def hire(login: str, *roles: str) -> NewAccount:
        def settle() -> NewAccount:
            return demonstration.settle(administrator.actor, login, login.title(), PASSPHRASE, roles, now=NOW)

        return remember(("hire", login, roles), settle)

    return hire


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request come at one time."""
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)


@pytest.fixture
def tomas(hire: Hire) -> NewAccount:
    """Give the case worker of the cast."""
    return hire("tomas", "case_lead")


@pytest.fixture
def office(hire: Hire, administrator: NewAccount, remember: Remembering) -> Office:
    """Give a case that is fit to be published, with everybody who is needed for it."""
    return replace(remember("office", lambda: open_office(hire, administrator)), remember=remember)
