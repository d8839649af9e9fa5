"""Nothing is released before its day by a clock that is wrong: held, with an alarm on the desk and in the doctor."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction

from desk import client_of
from desk_of_appeals import Office
from people import NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import DEMONSTRATION
from tocsin.appeals import actions, releasing
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import AppealKey
from tocsin.casework import actions as casework
from tocsin.core.errors import BadRequest, ClockDoubted, NotAllowed, StepUpNeeded
from tocsin.core.journal import Reading
from tocsin.core.records import from_yaml
from tocsin.journal import actions as journal
from tocsin.journal import clocks
from tocsin.journal.models import Entry
from tocsin.operations import clock
from tocsin.publishing.models import Publication
from tocsin.vault import slots
from tocsin.vault.models import Grant

CASE = from_yaml((Path(__file__).parent.parent / "casework/case.yaml").read_text("utf-8"))
# As they are, before any test puts a machine of its own in their place.
REAL_READ, REAL_DATABASE = clocks.read, clocks.ask_database
MONDAY, TUESDAY = str(UUID(int=2)), str(UUID(int=3))
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
YEARS = 3652 * DAY


@dataclass
class Machine:
    """A machine whose clock is wrong by something, and on which it really is some time after noon."""

    boot: str = MONDAY
    really: datetime = NOW
    wrong: timedelta = timedelta()

    @property
    def now(self) -> datetime:
        """What its clock shows."""
        return self.really + self.wrong

    def read(self, now: datetime) -> Reading:
        """Read it as `clocks.read` does: whoever asks says what the clock shows."""
        return Reading(now, self.boot, self.really.timestamp())


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clocks, "read", made.read)
    return made


def for_tomorrow(office: Office) -> AppealKey:
    key = office.draft()
    actions.set_day(office.lead, key, (NOW + DAY).date(), seen=office.version(key), now=NOW)
    office.submit_and_clear(key)
    office.approve(key)
    return key


def release(office: Office, key: AppealKey, now: datetime) -> str:
    version = Appeal.objects.get(id=key.appeal).version
    return releasing.release(just_confirmed(office.first, now), key, seen=version, now=now)


def write_an_entry(machine: Machine) -> None:
    with transaction.atomic():
        journal.record(None, "site.upgraded", now=machine.now, changes=1)


def test_an_appeal_of_tomorrow_goes_out_neither_today_nor_by_a_clock_that_was_set_but_tomorrow(
    office: Office, machine: Machine
) -> None:
    key = for_tomorrow(office)
    with pytest.raises(BadRequest, match="its day of issue"):
        release(office, key, machine.now)
    for wrong in (DAY, YEARS, 3 * DAY):
        machine.wrong = wrong
        with pytest.raises(ClockDoubted, match="set while the machine was running"):
            release(office, key, machine.now)
        write_an_entry(machine)
        with pytest.raises(ClockDoubted, match="set while"):
            release(office, key, machine.now)
    assert not Publication.objects.exists()
    machine.wrong, machine.really = timedelta(), NOW + DAY
    assert release(office, key, machine.now)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(DAY, "off for long"), (YEARS, "off for long"), (-DAY, "from before entries"), (-YEARS, "from before entries")],
)
def test_a_machine_that_was_started_with_a_wrong_clock_holds_a_release(
    office: Office, machine: Machine, wrong: timedelta, said: str
) -> None:
    key = for_tomorrow(office)
    machine.boot, machine.really, machine.wrong = TUESDAY, NOW + HOUR, wrong
    write_an_entry(machine)
    with pytest.raises(ClockDoubted, match=said):
        release(office, key, machine.now)
    assert not Publication.objects.exists()


def test_a_clock_that_goes_backwards_is_held_and_one_that_was_moved_by_seconds_is_not(machine: Machine) -> None:
    write_an_entry(machine)
    machine.really, machine.wrong = NOW + HOUR, timedelta(seconds=-20)
    clocks.demand_right(now=machine.now)
    machine.wrong = -2 * HOUR
    with pytest.raises(ClockDoubted):
        clocks.demand_right(now=machine.now)


def test_after_a_week_off_an_administrator_says_that_the_clock_is_right(
    office: Office, machine: Machine, administrator: NewAccount
) -> None:
    machine.boot, machine.really = TUESDAY, NOW + 7 * DAY
    with pytest.raises(ClockDoubted, match="tocsin site clock"):
        clocks.demand_right(now=machine.now)
    with pytest.raises(NotAllowed):
        clock.confirm(just_confirmed(office.first, machine.now), now=machine.now)
    with pytest.raises(StepUpNeeded):
        clock.confirm(administrator.actor, now=machine.now)
    clock.confirm(just_confirmed(administrator.actor, machine.now), now=machine.now)
    clocks.demand_right(now=machine.now)
    assert Entry.objects.order_by("-number")[0].kind == "site.clock.confirmed"


def test_a_clock_that_disagrees_with_the_database_server_is_held_whatever_people_say(
    machine: Machine, administrator: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "ask_database", lambda: NOW - DAY)
    clock.confirm(just_confirmed(administrator.actor, NOW), now=NOW)
    with pytest.raises(ClockDoubted, match="database server shows another time"):
        clocks.demand_right(now=NOW)


def test_the_clock_of_a_database_server_is_asked_and_that_of_a_file_is_not() -> None:
    shown = REAL_DATABASE()
    assert shown is None if connection.vendor == "sqlite" else shown is not None and shown.tzinfo is not None


def test_seconds_since_the_start_of_this_machine_only_grow() -> None:
    first, second = REAL_READ(NOW), REAL_READ(NOW)
    assert 0 < first.uptime <= second.uptime
    assert first.boot == second.boot


def test_the_desk_says_that_nothing_is_published(office: Office, machine: Machine, frozen: None) -> None:
    key = office.approved()
    at = f"/cases/{key.case}/appeals/{key.appeal}"
    client = client_of(office.first, DEMONSTRATION)
    alarm = "The clock of this machine is in doubt. Nothing is published"
    assert alarm not in client.get(at).content.decode()
    machine.really = NOW - 2 * HOUR
    assert alarm in client.get(at).content.decode()
    answer = client.post(f"{at}/release", {"seen": Appeal.objects.get(id=key.appeal).version})
    assert answer.status_code == 400
    assert "the clock of this machine is in doubt, and nothing goes out" in answer.content.decode()
    assert not Publication.objects.exists()


@pytest.mark.database("sqlite")
def test_whoever_saves_or_gives_access_by_a_wrong_clock_destroys_no_key(hire: Hire, machine: Machine) -> None:
    tomas, amina = just_confirmed(hire("tomas", "case_lead").actor, NOW), hire("amina", "verifier").actor
    opened = casework.open_new_case(tomas, CASE, reason="a report", now=machine.now)
    ends = NOW + 2 * DAY
    given = casework.give_access(tomas, opened.id, "facts", amina.id, reason="r", ends_at=ends, now=machine.now)
    for machine.wrong in (3 * DAY, 30 * DAY):
        # Refused is right; the key stays, whoever does something in the case.
        with pytest.raises(NotAllowed):
            casework.read_case(amina, opened.id, now=machine.now)
        newest = casework.read_case(tomas, opened.id, now=machine.now)
        manner = f"after {machine.wrong.days} days"
        events = (replace(newest.case.events[0], manner=manner), *newest.case.events[1:])
        casework.save_case(tomas, newest, replace(newest.case, events=events), now=machine.now)
        sure, later = just_confirmed(tomas, machine.now), machine.now + DAY
        with pytest.raises(ClockDoubted):
            casework.give_access(sure, opened.id, "facts", amina.id, reason="r", ends_at=later, now=machine.now)
    machine.wrong, machine.really = timedelta(), NOW + DAY
    assert Grant.objects.get(id=given.id).ended_at is None
    assert casework.read_case(amina, opened.id, now=machine.now).case.events[0].manner == manner
    # By a clock that is right her day comes.
    machine.really = NOW + 3 * DAY
    casework.save_case(tomas, casework.read_case(tomas, opened.id, now=machine.now), CASE, now=machine.now)
    assert Grant.objects.get(id=given.id).ended_at is not None
    assert slots.read_one(given.slot) == b""
