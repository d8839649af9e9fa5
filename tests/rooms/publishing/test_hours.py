"""Nothing shows on the public site by a wrong clock, nor while all is frozen; what is taken back goes all the same."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invented_appeals import ENGLISH
from people import NOW
from public_site import Clock, Press, slug_of
from tocsin.core.journal import Reading
from tocsin.core.publication import PublicAppeal
from tocsin.journal import clocks
from tocsin.operations import panic
from tocsin.operations.sweeping import sweep
from tocsin.publishing import actions, answers
from tocsin.publishing.models import Catalogue
from tocsin.vault import emergency

SOON, MINUTE = NOW + timedelta(hours=1), timedelta(minutes=1)
pytestmark = pytest.mark.database("sqlite")


def shown(site: Client, clock: Clock, held: PublicAppeal) -> list[int]:
    """Ask for the page, a letter and an answer to a program."""
    clock.seconds += answers.LOOK_SECONDS
    slug = slug_of(held)
    return [site.get(each).status_code for each in (f"/appeals/{slug}/en.html", f"/appeals/{slug}/proof.json")]


def test_an_embargo_holds_while_the_site_is_frozen_and_what_stands_can_be_taken_back(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal, tmp_path: Path
) -> None:
    held, other = (press.publish([ENGLISH], now=NOW, not_before=SOON) for _ in range(2))
    sweep(tmp_path, now=NOW, thorough=True)
    panic.stop(emergency.freeze, tmp_path, now=NOW)
    clock.now = SOON + MINUTE
    sweep(tmp_path, now=clock.now, thorough=True)
    assert shown(site, clock, held) == [404, 404]
    assert shown(site, clock, lawyer) == [200, 200]
    press.retract(lawyer, now=clock.now)
    assert shown(site, clock, lawyer)[0] == 410
    assert actions.hold_back(other.code, now=SOON - MINUTE)
    panic.stop(emergency.lift, tmp_path, now=clock.now)
    assert shown(site, clock, held) == [404, 404], "before the worker has looked"
    sweep(tmp_path, now=clock.now, thorough=False)
    assert (shown(site, clock, held), shown(site, clock, other)) == ([200, 200], [404, 404])


def test_a_page_asks_once_what_was_let_in_and_the_next_one_asks_again(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert shown(site, clock, lawyer) == [200, 200]
    looks = [each["sql"] for each in asked.captured_queries if Catalogue._meta.db_table in each["sql"]]
    # Whether what is kept still holds, and once for each of the two that are made.
    assert len(looks) == 3
    press.retract(lawyer, now=clock.now)
    assert shown(site, clock, lawyer)[0] == 410


def test_an_embargo_holds_by_a_clock_that_was_set_ahead_and_ends_by_one_that_is_right(
    site: Client, press: Press, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = press.publish([ENGLISH], now=NOW, not_before=SOON)
    sweep(tmp_path, now=NOW, thorough=True)
    clock.now = SOON + timedelta(days=1)
    with monkeypatch.context() as wrong:
        wrong.setattr(clocks, "read", lambda now: Reading(now, str(UUID(int=1)), NOW.timestamp() + 60))
        sweep(tmp_path, now=clock.now, thorough=True)
        assert shown(site, clock, held) == [404, 404]
    clock.now = SOON
    assert shown(site, clock, held) == [404, 404], "the site has no clock of its own"
    sweep(tmp_path, now=clock.now, thorough=False)
    assert shown(site, clock, held) == [200, 200]


def test_what_is_released_shows_at_once_and_not_a_turn_of_the_worker_later(
    site: Client, press: Press, clock: Clock, tmp_path: Path
) -> None:
    press.publish([ENGLISH], now=NOW)
    sweep(tmp_path, now=NOW, thorough=True)
    clock.now = NOW + MINUTE / 2
    assert shown(site, clock, press.publish([ENGLISH], now=clock.now)) == [200, 200]
