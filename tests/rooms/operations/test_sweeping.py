"""The sweep ends what is over and completes what a crash left, however often and by however many it is done."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from people import LATER, NOW, Hire
from tocsin.accounts import actions as accounts
from tocsin.accounts.actor import Actor
from tocsin.accounts.models import Session
from tocsin.casework import actions as casework
from tocsin.core.errors import NotAllowed
from tocsin.core.journal import Reading
from tocsin.core.records import from_yaml
from tocsin.dispatch.models import Subscriber
from tocsin.intake import actions as intake
from tocsin.intake.actions import Incoming
from tocsin.intake.models import Report, ReportPart
from tocsin.journal import clocks
from tocsin.journal.models import Entry
from tocsin.operations import panic
from tocsin.operations.models import Duty
from tocsin.operations.retention import look_ahead, without_an_end
from tocsin.operations.sweeping import sweep, tasks
from tocsin.vault import actions as vault
from tocsin.vault import emergency, inspection, slots
from tocsin.vault import queries as keys
from tocsin.vault.models import Grant, Holder, Slot

pytestmark = pytest.mark.usefixtures("committed")
CASE = from_yaml(Path(__file__).parents[1].joinpath("casework/case.yaml").read_text("utf-8"))
TOMORROW = NOW + timedelta(days=1)


def test_access_whose_day_has_come_ends_and_its_key_is_destroyed(hire: Hire, tmp_path: Path) -> None:
    lead, reader = hire("tomas", "case_lead").actor, hire("amina", "verifier").actor
    case = casework.open_new_case(lead, CASE, reason="a report", now=NOW).id
    given = casework.give_access(lead, case, "facts", reader.id, reason="to read", ends_at=TOMORROW, now=NOW)
    assert sweep(tmp_path, now=NOW, thorough=True).found["grants"] == 0
    assert slots.read_one(given.slot)
    assert sweep(tmp_path, now=TOMORROW, thorough=False).found["grants"] == 1
    assert slots.read_one(given.slot) == b""
    assert Grant.objects.get(id=given.id).ended_at == TOMORROW
    with pytest.raises(NotAllowed):
        keys.open_case(reader.ring, case, TOMORROW)
    assert casework.read_case(lead, case, now=TOMORROW).case == CASE
    assert sweep(tmp_path, now=TOMORROW, thorough=True).found["grants"] == 0


@pytest.mark.parametrize(("later", "left"), [(timedelta(minutes=29), 1), (accounts.IDLE, 0), (accounts.LONGEST, 0)])
def test_sessions_that_are_over_are_removed(hire: Hire, tmp_path: Path, later: timedelta, left: int) -> None:
    tomas = hire("tomas", "case_lead").actor
    accounts.open_session(accounts.Account.objects.get(id=tomas.id), tomas.ring, now=NOW)
    if later == accounts.LONGEST:
        Session.objects.update(seen_at=NOW + later)
    assert sweep(tmp_path, now=NOW + later, thorough=False).found["sessions"] == 1 - left
    assert Session.objects.count() == left


def test_a_key_that_a_crash_left_without_a_row_is_destroyed_after_an_hour(hire: Hire, tmp_path: Path) -> None:
    lead = hire("tomas", "case_lead").actor
    casework.open_new_case(lead, CASE, reason="a report", now=NOW)
    orphan = slots.take(b"a key without a row", NOW)
    soon, late = NOW + timedelta(minutes=59), NOW + timedelta(minutes=61)
    assert sweep(tmp_path, now=soon, thorough=True).found["orphans"] == 0
    assert "orphans" not in sweep(tmp_path, now=late, thorough=False).found, "it is not due"
    assert slots.read_one(orphan)
    assert sweep(tmp_path, now=late, thorough=True).found["orphans"] == 1
    assert slots.read_one(orphan) == b""
    assert inspection.inspect(late).missing == 0, "no key that a row names was touched"
    assert sweep(tmp_path, now=late, thorough=True).found["orphans"] == 0


def test_keys_of_another_day_than_the_main_database_are_left_alone(hire: Hire, tmp_path: Path) -> None:
    hire("tomas", "case_lead")
    numbers = [slots.take(b"a key of a row that may come back", NOW) for _ in range(101)]
    assert sweep(tmp_path, now=LATER, thorough=True).found["orphans"] == 0
    assert not inspection.inspect(LATER).belong_together
    assert all(slots.read(numbers).values())


def test_a_key_that_a_row_names_and_the_key_store_lacks_is_noticed(hire: Hire, tmp_path: Path) -> None:
    lead = hire("tomas", "case_lead").actor
    case = casework.open_new_case(lead, CASE, reason="a report", now=NOW).id
    assert inspection.inspect(LATER).missing == 0
    slots.destroy([Grant.objects.filter(case=case).values_list("slot", flat=True)[0]])
    assert inspection.inspect(NOW).missing == 1
    vault.shred(case)
    assert inspection.inspect(NOW).missing == 0, "a shredded case lacks nothing"
    slots.destroy([Holder.objects.values_list("recovery_slot", flat=True)[0]])
    assert inspection.inspect(NOW).missing == 1
    assert slots.take(b"another", NOW, uuid4())


def everything_that_falls_due(hire: Hire, lead: Actor | None = None) -> tuple[int, int]:
    """Let access end tomorrow and leave a key without a row; give where their keys are."""
    lead, reader = lead or hire("tomas", "case_lead").actor, hire("amina", "verifier").actor
    case = casework.open_new_case(lead, CASE, reason="a report", now=NOW).id
    given = casework.give_access(lead, case, "facts", reader.id, reason="to read", ends_at=TOMORROW, now=NOW)
    return given.slot, slots.take(b"a key without a row", NOW)


def test_by_a_clock_that_was_set_ahead_nothing_is_destroyed_and_by_one_that_is_right_again_what_is_due(
    hire: Hire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = everything_that_falls_due(hire)
    with monkeypatch.context() as wrong:
        # A day is shown, and an hour has passed.
        wrong.setattr(clocks, "read", lambda now: Reading(now, str(UUID(int=1)), NOW.timestamp() + 3600))
        swept = sweep(tmp_path, now=TOMORROW, thorough=True)
        assert all(slots.read(list(kept)).values())
        waits = {"grants", "files", "reports", "told", "readers", "conversations", "orphans", "hour"}
        assert swept.waiting == dict.fromkeys(waits, "clock")
        assert "grants waits: the clock is in doubt" in str(swept)
        assert {"sessions", "anchor"} <= set(swept.found), "what destroys nothing is done"
    assert sweep(tmp_path, now=TOMORROW, thorough=False).found["grants"] == 1
    assert not any(slots.read(list(kept)).values())


@pytest.mark.database("sqlite")
def test_what_would_be_destroyed_is_told_before_and_nothing_is_destroyed_by_telling(hire: Hire, tmp_path: Path) -> None:
    lead = hire("tomas", "case_lead").actor
    kept = everything_that_falls_due(hire, lead)
    for report in (
        intake.receive(lead, Incoming(b"Nothing of ours.", source_type="lawyer"), now=NOW) for _ in range(2)
    ):
        intake.decline(lead, report, "no_report", now=NOW)
    Subscriber.objects.create(
        id=uuid4(), languages=" en ", state="left", asked_at=NOW, left_at=NOW, address=b"", fingerprint=b"f" * 32
    )

    def everything() -> list[list[Any]]:
        rows = [list(each.objects.order_by("pk").values()) for each in (Grant, Slot, Report, ReportPart, Subscriber)]
        return [*rows, list(Entry.objects.values()), list(Duty.objects.order_by("pk").values())]

    before = everything()
    ahead = {each.what: each for each in look_ahead(now=NOW)}
    assert everything() == before
    counts = {what: each.counts for what, each in ahead.items() if any(each.counts)}
    # At once, in a day, a week, a month, 90 days: her access is over with the day, the reader after thirty.
    assert counts.pop("keys of access") == (0, 1, 1, 1, 1)
    assert counts.pop("keys that a crash left") == (0, 1, 1, 1, 1)
    assert counts.pop("readers who left or never confirmed") == (0, 0, 0, 0, 1)
    (declined,) = (counts.pop(each) for each in list(counts))
    assert (declined[0], declined[-1]) == (0, 2)
    (grant,) = ahead["keys of access"].handles
    assert grant == f"{Grant.objects.get(slot=kept[0]).case} facts"
    # What is told of a day is what a sweep of that day does.
    later = NOW + timedelta(days=90, seconds=1)
    told = {each.what: each.counts[0] for each in look_ahead(now=later)}
    found = sweep(tmp_path, now=later, thorough=True).found
    assert told["keys of access"] == found["grants"]
    assert told["declined reports"] == found["reports"] == 2
    assert told["readers who left or never confirmed"] == found["readers"] == 1
    assert told["keys that a crash left"] == found["orphans"]
    # Then there is nothing left, in three years either; what has no end is said.
    assert not any(any(each.counts) for each in look_ahead(now=NOW + timedelta(days=3 * 365)))
    assert without_an_end() == {"cases": 1, "reports that went into cases": 0}


def test_every_duty_that_destroys_says_what_it_would() -> None:
    by_the_clock = {task.name for task in tasks() if task.needs_clock}
    assert {task.name for task in tasks() if task.foresee} == by_the_clock - {"hour"}


def test_of_a_frozen_site_nothing_is_changed_by_the_worker_but_that_it_is_anchored_and_has_room(
    hire: Hire, tmp_path: Path
) -> None:
    kept = everything_that_falls_due(hire)
    panic.stop(emergency.freeze, tmp_path, now=NOW)
    swept = sweep(tmp_path, now=TOMORROW, thorough=True)
    assert all(slots.read(list(kept)).values())
    assert set(swept.found) == {"emergency", "anchor", "keepers", "room"}
    assert set(swept.waiting.values()) == {"frozen"}
    assert not swept.failed
    panic.stop(emergency.lift, tmp_path, now=TOMORROW)
    assert sweep(tmp_path, now=TOMORROW, thorough=False).found["grants"] == 1
    assert not any(slots.read(list(kept)).values())
