"""By how long an answer takes nobody finds out what is there: neither which cases, nor who has an account (SQLite).

That both take the same path is shown by `test_authorisation` and `test_throttle`; a clock looks for the rest.
It counts the time that this process computed, and ranks two samples taken in turns (Mann and Whitney). What chance
makes once in a hundred times is looked for again, and counts when it is there twice.
"""

import random
import time
from collections.abc import Callable, Iterator
from math import erfc, sqrt
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker
from site_at_work import World, close, found

from desk import client_of
from people import NOW
from tocsin.accounts import door, throttle
from tocsin.casework.models import CaseFile
from two_databases import SQLite

PAIRS = 500
RARE = 0.01


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        yield found(SQLite(tmp_path_factory.mktemp("timing")).template())
        close()


@pytest.fixture(autouse=True)
def at_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request come at one time, and nobody wait for guessing too often."""
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)
    for limit in ("FROM_ONE_PLACE", "FROM_ONE_NETWORK", "AT_ONE_NAME"):
        monkeypatch.setattr(throttle, limit, 1_000_000)


def chance(ours: list[float], theirs: list[float]) -> float:
    """Give how often chance alone would part two samples as far as these: the rank test of Mann and Whitney."""
    ranked = sorted([(each, True) for each in ours] + [(each, False) for each in theirs])
    ranks = sum(at for at, (_, is_ours) in enumerate(ranked, start=1) if is_ours)
    count, other = len(ours), len(theirs)
    expected, spread = count * (count + other + 1) / 2, sqrt(count * other * (count + other + 1) / 12)
    return erfc(abs(ranks - expected) / spread / sqrt(2))


def compared(one: Callable[[], object], other: Callable[[], object], pairs: int = PAIRS) -> float:
    """Measure two things in turns, in an order that is drawn anew for each pair."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    dice = random.Random(pairs)
    for _ in range(20):
        one(), other()
    for _ in range(pairs):
        for is_one in dice.sample([True, False], 2):
            before = time.process_time()
            (one if is_one else other)()
            taken[is_one].append(time.process_time() - before)
    return chance(taken[True], taken[False])


def must_take_the_same(one: Callable[[], object], other: Callable[[], object], pairs: int = PAIRS) -> None:
    chances = [compared(one, other, pairs)]
    if chances[0] < RARE:
        chances.append(compared(one, other, pairs))
    print(f"{pairs} pairs: by chance in {', '.join(f'{each:.3f}' for each in chances)} of all trials")
    assert max(chances) >= RARE


def test_a_case_of_others_takes_as_long_as_one_that_is_not_there(world: World) -> None:
    client = client_of(world.colleague)
    assert client.get(f"/cases/{world.case}").status_code == 404
    must_take_the_same(lambda: client.get(f"/cases/{world.case}"), lambda: client.get(f"/cases/{uuid4()}"))


@pytest.mark.usefixtures("world")
def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_passphrase() -> None:
    client = Client()

    def guess(login: str) -> None:
        sent = {"login": login, "passphrase": "a wrong passphrase", "code": "000000"}
        assert client.post("/sign-in", sent).status_code == 400

    must_take_the_same(lambda: guess("tomas"), lambda: guess("nemos"), pairs=250)


def test_the_control_five_look_ups_more_are_noticed(world: World) -> None:
    client = client_of(world.colleague)

    def ask(more: int) -> None:
        client.get(f"/cases/{uuid4()}")
        for _ in range(more):
            CaseFile.objects.filter(id=world.case).first()

    assert compared(lambda: ask(0), lambda: ask(5), pairs=200) < RARE
