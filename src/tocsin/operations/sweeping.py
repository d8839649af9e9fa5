"""What has to be done from time to time, by any worker: each duty bears being done twice.

On a frozen site go on: telling the journal and the mailers of the emergency, anchors and their way out, by which it is
seen afterwards whether somebody changed the journal meanwhile, and the room that shredding needs. All else waits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction

from tocsin.accounts import actions as accounts
from tocsin.casework import actions as casework
from tocsin.casework.evidence import files
from tocsin.casework.queries import list_forgotten
from tocsin.core.errors import TocsinError
from tocsin.dispatch import asking, forgetting
from tocsin.intake import actions as intake
from tocsin.intake import queries as reports
from tocsin.journal import anchors, clocks, subscriptions
from tocsin.letterbox import actions as letterbox
from tocsin.operations import ballast, duties, keeping, noticing
from tocsin.operations.duties import EVERY_TURN, Foresee, Foreseen, Task, Why
from tocsin.operations.settling import tell
from tocsin.publishing import finished, hours
from tocsin.replies import outcomes
from tocsin.vault import actions as vault
from tocsin.vault import inspection, slots

_HOURLY = timedelta(hours=1)
_WAITS = {"clock": "the clock is in doubt", "frozen": "the site is frozen"}


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found to do, by the names of duties.

    Attributes:
        found: How much there was to do, for each duty that was done.
        failed: The kind of error, for each that was not.
        elsewhere: Those that another worker is at.
        waiting: Why, for each that waits whether it is due or not.
    """

    found: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    waiting: dict[str, Why] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Tell whether there was anything to do, or anything failed."""
        return bool(self.failed) or any(self.found.values())

    def __str__(self) -> str:
        """Give it as one line."""
        words = _words()
        said = [f"{self.found[name]} {what}" for name, what in words.items() if what and self.found.get(name)]
        said += [f"{name} failed ({kind})" for name, kind in self.failed.items()]
        said += [f"{name} is done by another worker" for name in self.elsewhere]
        said += [f"{name} waits: {_WAITS[why]}" for name, why in self.waiting.items()]
        return f"swept: {', '.join(said) or 'nothing was to be done'}"


def tasks() -> list[Task]:
    """Give all duties in their order: first what an emergency left, last what other rooms want to see."""
    fixed = [
        Task("emergency", EVERY_TURN, lambda _, now: tell(now), "entries that the journal was owed", while_frozen=True),
        Task("sessions", EVERY_TURN, lambda _, now: accounts.remove_ended_sessions(now), "ended sessions"),
        _destroying("grants", EVERY_TURN, vault.end_expired, "expired grants", _grants),
        _destroying("files", EVERY_TURN, files.remove_left_over, "files that belong to nothing any more", _files),
        _destroying("reports", EVERY_TURN, _erase_reports, "erased reports", _reports),
        _destroying("told", _HOURLY, _drop_reports, "dropped mails", _mails),
        Task("asks", EVERY_TURN, lambda _, now: asking.look_at_asks(now), "wishes of readers"),
        _destroying("readers", _HOURLY, forgetting.forget_old, "forgotten readers", _readers),
        _destroying("conversations", _HOURLY, letterbox.forget_old, "forgotten conversations", _conversations),
        Task("hour", EVERY_TURN, lambda _, now: hours.come_to(now), needs_clock=True),
        Task("anchor", EVERY_TURN, _anchor, "anchors", while_frozen=True),
        Task("keepers", EVERY_TURN, _let_anchors_leave, "places got an anchor", while_frozen=True),
        _destroying("orphans", _HOURLY, inspection.destroy_orphans, "orphaned keys", _orphans),
        Task("room", _HOURLY, _keep_room, while_frozen=True),
    ]
    deliveries = [_delivery(name) for name in subscriptions.names()]
    # Last, since nobody waits for it and it takes seconds.
    making = Task("finished", EVERY_TURN, lambda _, now: finished.make_missing(now=now), "appeals with finished files")
    # After the deliveries, which say for whom something waits.
    return [*fixed, *deliveries, Task("notices", EVERY_TURN, _send_notices, "notices by mail"), making]


def sweep(directory: Path, *, now: datetime, thorough: bool, stopped: Callable[[], bool] = lambda: False) -> Swept:
    """Do what is due, or, thoroughly, everything whether it is due or not.

    What the machine or a database refuses is counted and tried again later; a mistake of the program is raised.

    Args:
        directory: Of the site.
        now: When.
        thorough: Whether to do also what is not due.
        stopped: Asked between two duties; once it is true, no other is begun.

    Raises:
        DatabaseError: if the main database cannot even say what is due.
    """
    swept = Swept()
    # Asked once: it is about the time that was read at the beginning, by which all of this is done.
    is_doubted = bool(clocks.list_doubts(now=now))
    for task in tasks():
        if stopped():
            break
        try:
            if why := duties.why_it_waits(task, is_doubted=is_doubted):
                swept.waiting[task.name] = why
                continue
        except DatabaseError as lost:  # a key store that hangs keeps no anchor from being made
            swept.failed[task.name] = type(lost).__name__
            continue
        worker = duties.take(task, now=now, at_once=thorough)
        if worker is None:
            if duties.is_at_work(task.name, now):
                swept.elsewhere.append(task.name)
            continue
        try:
            swept.found[task.name] = duties.perform(task, worker, directory, now=now)
        except (DatabaseError, OSError, TocsinError) as error:
            swept.failed[task.name] = type(error).__name__
    return swept


def _words() -> Mapping[str, str]:
    return {task.name: task.found for task in tasks()}


def _destroying(name: str, every: timedelta, destroy: Callable[[datetime], int], found: str, foresee: Foresee) -> Task:
    return Task(name, every, lambda _, now: destroy(now), found, needs_clock=True, foresee=foresee)


def _grants(now: datetime) -> tuple[Foreseen, ...]:
    over = vault.list_expired(now)
    return (Foreseen("keys of access", len(over), tuple(f"{each.case} {each.compartment}" for each in over)),)


def _files(now: datetime) -> tuple[Foreseen, ...]:
    left = files.list_left_over(now)
    return (Foreseen("files of destroyed cases, or never whole", len(left), tuple(str(each.id) for each in left)),)


def _reports(now: datetime) -> tuple[Foreseen, ...]:
    declined = tuple(map(str, reports.declined_by(now).order_by("erase_on", "id").values_list("id", flat=True)))
    shredded = tuple(map(str, reports.went_into(list_forgotten()).values_list("id", flat=True)))
    return (
        Foreseen("declined reports", len(declined), declined),
        Foreseen("reports of destroyed cases", len(shredded), shredded),
    )


def _mails(now: datetime) -> tuple[Foreseen, ...]:
    due = tuple(map(str, outcomes.list_due(now)))
    return (Foreseen("mails about letters, and of destroyed cases", len(due), due),)


def _readers(now: datetime) -> tuple[Foreseen, ...]:
    return (
        Foreseen("readers who left or never confirmed", forgetting.due(now).count()),
        Foreseen("links, tests and notes of lists", forgetting.count_besides(now)),
    )


def _conversations(now: datetime) -> tuple[Foreseen, ...]:
    return (Foreseen("conversations of the public form", letterbox.forgotten_by(now).count()),)


def _orphans(now: datetime) -> tuple[Foreseen, ...]:
    return (Foreseen("keys that a crash left", len(inspection.list_orphans(now))),)


def _erase_reports(now: datetime) -> int:
    return intake.erase_due(now) + casework.erase_reports(now)


def _drop_reports(now: datetime) -> int:
    return outcomes.drop_counted(now) + outcomes.drop_uncounted(now) + outcomes.drop_shredded(now)


def _anchor(_directory: Path, now: datetime) -> int:
    return int(anchors.anchor_if_due(now=now) is not None)


def _let_anchors_leave(_directory: Path, now: datetime) -> int:
    return keeping.leave(settings.SITE.anchors, now=now)


def _send_notices(_directory: Path, now: datetime) -> int:
    return noticing.send_due(settings.SITE.notices, settings.SITE.address, now=now)


def _keep_room(directory: Path, _now: datetime) -> int:
    slots.keep_room()
    ballast.keep(directory)
    return 0


def _delivery(name: str) -> Task:
    return Task(f"entries for {name}", EVERY_TURN, lambda _, now: _deliver(name, now), f"entries for {name}")


def _deliver(name: str, now: datetime) -> int:
    seen: list[int] = []
    # As after every commit: what a subscriber raises is logged, and counted at its cursor, and ends no worker.
    with transaction.atomic():
        transaction.on_commit(lambda: seen.append(subscriptions.deliver(name, now=now)), robust=True)
    return sum(seen)
