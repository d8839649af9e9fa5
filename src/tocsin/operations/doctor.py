"""What can be wrong with a site and the machine it runs on: one finding for each thing that was looked at."""

import ctypes
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from django.db import DatabaseError, connections

from tocsin.acknowledging import actions as acknowledging
from tocsin.adapters.documents.sandbox import bubblewrap_works
from tocsin.casework import barring, notices, recovery
from tocsin.casework.todo import ENDS_SOON
from tocsin.config import soundness
from tocsin.config.site import Site
from tocsin.core.errors import TocsinError
from tocsin.dispatch.models import Delivery, Mailing
from tocsin.dispatch.progress import at_work
from tocsin.journal import anchors, clocks, subscriptions
from tocsin.journal.models import Cursor, Entry
from tocsin.operations import archive, backup, ballast, duties, keeping, sweeping
from tocsin.operations.models import Duty
from tocsin.publishing import inspecting
from tocsin.replies import queries as inbox
from tocsin.vault import emergency, inspection, organisation, slots

State = Literal["good", "warning", "wrong"]

_LEAST_FREE = 512 * 1024 * 1024
_OLDEST_BACKUP = timedelta(hours=26)
_LONGEST_SILENCE = timedelta(minutes=15)
_MANY_WAITING = 1_000
_FEW_SLOTS = 64
# What docs/postgresql-desk-role.sql takes away from the role of the desk, table by table.
_NOT_FOR_THE_DESK = {
    "journal_entry": "UPDATE, DELETE, TRUNCATE, TRIGGER",
    "journal_anchor": "UPDATE, DELETE, TRUNCATE, TRIGGER",
    "journal_head": "INSERT, DELETE, TRUNCATE, TRIGGER",
    "django_migrations": "INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER",
}
# adjtimex(2) gives this while nobody sets the clock by a better one.
_UNSYNCHRONISED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look gave: in which state something is, what was seen, and what to do about it."""

    about: str
    state: State
    seen: str
    todo: str = ""


def examine(site: Site, *, now: datetime) -> list[Finding]:
    """Look at everything. A look that fails is a finding itself and keeps no other from being made."""
    found: list[Finding] = []
    for look in _LOOKS:
        try:
            found += look(site, now)
        except (DatabaseError, OSError, TocsinError) as error:
            about = look.__name__.lstrip("_").replace("_", " ")
            seen = str(error) if isinstance(error, TocsinError) else f"cannot be looked at ({type(error).__name__})"
            found.append(Finding(about, "wrong", seen, "see whether the databases can be reached and the disk is well"))
    return found


def _settings(_site: Site, _now: datetime) -> Iterator[Finding]:
    findings = soundness.settings_findings()
    for each in findings:
        yield Finding("settings", "wrong", each, "mend site.toml, or: tocsin site upgrade")
    if not findings:
        yield Finding("settings", "good", "can be read, and the tables are of this version")


def _permissions(site: Site, _now: datetime) -> Iterator[Finding]:
    own = [site.directory, *site.directory.iterdir()]
    for path in own:
        status = path.lstat()
        if stat.S_IMODE(status.st_mode) & 0o077:
            yield Finding("permissions", "wrong", f"others can reach {path.name}", f"chmod go= {path.name}")
        if status.st_uid != os.geteuid():
            yield Finding("permissions", "wrong", f"{path.name} belongs to somebody else", f"chown it: {path.name}")
        if stat.S_ISLNK(status.st_mode):
            yield Finding("permissions", "wrong", f"{path.name} leads elsewhere", "keep the files of a site in it")
    if all(not stat.S_IMODE(path.lstat().st_mode) & 0o077 for path in own):
        yield Finding("permissions", "good", f"{len(own)} files are for their owner alone")


def _disk(site: Site, _now: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(site.directory).free
    state: State = "good" if free >= _LEAST_FREE else "wrong"
    yield Finding("disk", state, f"{free >> 20} MB free", "" if state == "good" else "make room: at least 512 MB")
    if not ballast.is_kept(site.directory):
        yield Finding("disk", "warning", "no room is kept for an emergency", "tocsin site worker --once")


def _memory(_site: Site, _now: datetime) -> Iterator[Finding]:
    swaps = Path("/proc/swaps")
    lines = swaps.read_text("utf-8").splitlines()[1:] if swaps.exists() else []
    if lines:
        yield Finding("memory", "warning", "the machine swaps: keys may reach a disk", "swapoff -a, or encrypt it")
    else:
        yield Finding("memory", "good", "nothing is swapped to a disk")


def _clock(_site: Site, now: datetime) -> Iterator[Finding]:
    last = Entry.objects.order_by("-number").values_list("at", flat=True).first()
    if told := clocks.list_doubts(now=now):
        seen = (
            f"in doubt, so that nothing that is due is destroyed, and so that nothing is published: {clocks.said(told)}"
        )
        yield Finding("clock", "wrong", seen, clocks.HINT)
    elif last is not None and last > now + timedelta(minutes=1):
        yield Finding("clock", "wrong", "the journal's last entry lies in the future", "set the clock of this machine")
    elif _nobody_sets_the_clock():
        yield Finding("clock", "warning", "nobody sets this machine's clock", "install chrony or systemd-timesyncd")
    else:
        yield Finding("clock", "good", "runs after the journal's last entry")


def _nobody_sets_the_clock() -> bool:
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return False
    # `struct timex` with no mode asks only; it has 208 bytes on 64-bit machines.
    return bool(adjtimex(ctypes.create_string_buffer(512)) == _UNSYNCHRONISED)


def _sandbox(_site: Site, _now: datetime) -> Iterator[Finding]:
    if bubblewrap_works():
        yield Finding("sandbox", "good", "bubblewrap works")
    else:
        yield Finding("sandbox", "warning", "bubblewrap does not work", "install it; allow user namespaces")


def _backups(site: Site, now: datetime) -> Iterator[Finding]:
    if not archive.recipients(site.backup_recipients):
        todo = "set backup_recipients in site.toml"
        yield Finding("backups", _unless_demonstration(site), "nobody to seal them to", todo)
    last = backup.last_made()
    if last is None:
        yield Finding("backups", _unless_demonstration(site), "none was ever made", "tocsin site backup")
    elif now - last > _OLDEST_BACKUP:
        hours = int((now - last) / timedelta(hours=1))
        yield Finding("backups", _unless_demonstration(site), f"the last is {hours} hours old", "tocsin site backup")
    else:
        yield Finding("backups", "good", f"the last is of {last:%Y-%m-%d %H:%M} UTC")


def _unless_demonstration(site: Site) -> State:
    return "warning" if site.is_demonstration else "wrong"


def _key_store(_site: Site, now: datetime) -> Iterator[Finding]:
    found = inspection.inspect(now)
    if found.missing:
        yield Finding("key store", "wrong", f"{found.missing} keys are missing", "are the databases of one backup?")
    if not found.belong_together and not found.missing:
        todo = "are the databases of one backup? no key was destroyed"
        yield Finding("key store", "wrong", f"{len(found.orphans)} keys have no row", todo)
    elif found.orphans:
        yield Finding("key store", "warning", f"{len(found.orphans)} keys have no row", "tocsin site worker --once")
    if not slots.has_room():
        yield Finding("key store", "wrong", "shredding would need room on the disk", "tocsin site worker --once")
    if found.free < _FEW_SLOTS:
        yield Finding("key store", "good", f"{found.free} free slots of {found.slots}; it grows by itself")
    if not found.missing and found.belong_together:
        yield Finding("key store", "good", f"{found.slots - found.free} keys, none missing; {found.free} free slots")


def _journal(_site: Site, _now: datetime) -> Iterator[Finding]:
    count = soundness.count_journal()
    yield Finding("journal", "good", f"{count} entries, and their chain is whole")
    words, _ = emergency.owed()
    if words or emergency.list_doomed(shredded=True):
        yield Finding("journal", "warning", "it was not told of an emergency yet", "tocsin site worker --once")


def _anchors(site: Site, now: datetime) -> Iterator[Finding]:
    for each in keeping.list_waiting(site.anchors, now=now):
        seen = f"none has left to {each.called} since {each.since:%Y-%m-%d %H:%M} UTC"
        elsewhere = "is it there, and does the mail server take mail?"
        todo = "tocsin site journal anchor; [anchors] in site.toml" if each.called == keeping.PAPER else elsewhere
        yield Finding("anchors", _unless_demonstration(site), seen, todo)
    own = site.directory.stat().st_dev
    for number, directory in enumerate(site.anchors.directories, 1):
        if directory.exists() and directory.stat().st_dev == own:
            todo = "mount another medium there"
            yield Finding("anchors", "warning", f"directory {number} lies on the disk of this site", todo)
    last = anchors.last_signed()
    seen = f"the last is of {last.at:%Y-%m-%d %H:%M} UTC, up to entry {last.number}" if last else "none is due yet"
    yield Finding("anchors", "good", seen)


def _worker(site: Site, now: datetime) -> Iterator[Finding]:
    start, tasks = "start it: systemctl start tocsin-worker", sweeping.tasks()
    known = {duty.name: duty for duty in Duty.objects.all()}
    if not known:
        yield Finding("worker", _unless_demonstration(site), "none was ever at work", start)
        return
    silent, is_doubted = [], bool(clocks.list_doubts(now=now))
    for task in tasks:
        duty = known.get(task.name)
        if duty is not None and duty.failures:
            todo = "see the log of the worker, and what else is wrong here"
            yield Finding("worker", "wrong", f"{task.name} failed {duty.failures} times in a row", todo)
        elif duties.why_it_waits(task, is_doubted=is_doubted):
            continue
        elif duty is None or duty.done_at is None or duty.done_at + task.every + _LONGEST_SILENCE < now:
            silent.append(task.name)
    if silent:
        yield Finding("worker", _unless_demonstration(site), f"not done in time: {', '.join(silent)}", start)
    else:
        yield Finding("worker", "good", f"{len(tasks)} duties, done in time")


def _subscribers(_site: Site, _now: datetime) -> Iterator[Finding]:
    waiting = subscriptions.waiting()
    failing = dict(Cursor.objects.exclude(failures=0).values_list("subscriber", "failures"))
    for name, count in waiting.items():
        if name in failing:
            seen = f"{name} failed {failing[name]} times at an entry; {count} wait"
            yield Finding("subscribers", "wrong", seen, "see the log of the worker")
        elif count > _MANY_WAITING:
            yield Finding("subscribers", "warning", f"{count} entries wait for {name}", "tocsin site worker --once")
    if not failing:
        yield Finding(
            "subscribers", "good", f"{len(waiting)} subscribers of the journal; {sum(waiting.values())} entries wait"
        )


def _emergency(_site: Site, _now: datetime) -> Iterator[Finding]:
    if emergency.is_frozen():
        waiting = sum(not task.while_frozen for task in sweeping.tasks())
        seen = f"the site is frozen, and {waiting} duties of the worker wait"
        yield Finding("emergency", "wrong", seen, "tocsin site panic lift")
    else:
        yield Finding("emergency", "good", f"not frozen; {len(emergency.list_doomed())} cases are chosen for shredding")


def _recovery(_site: Site, now: datetime) -> Iterator[Finding]:
    if not organisation.is_made():
        seen = "there is no key of the organisation: what its last holder loses is lost"
        yield Finding("recovery", "warning", seen, "tocsin site recovery make")
    cases = recovery.list_cases(now)
    closed = sum(case.until is None for case in cases)
    ending = sum(case.until is not None and case.until <= now + ENDS_SOON for case in cases)
    for count, words in ((closed, "open to nobody in part or whole"), (ending, "open to nobody in a week")):
        if count:
            todo = "let their holders prolong access; tocsin site recovery list"
            yield Finding("recovery", "warning", f"{count} cases are {words}", todo)
    if not closed + ending:
        yield Finding("recovery", "good", f"{len(cases)} cases, each open to somebody for more than a week")


def _notices(site: Site, _now: datetime) -> Iterator[Finding]:
    wanted, failing = notices.count_wanted(), notices.count_failing()
    if site.notices is None and wanted:
        seen = f"{wanted} people want to be told by mail, and no mail server is set: they are told by nobody"
        yield Finding("notices", "warning", seen, "[notices] in site.toml, or let them know")
    elif site.notices is None:
        yield Finding("notices", "good", "no mail server is set: people learn at the desk what waits for them")
    elif failing:
        seen = f"the mail server took no mail for {failing} of {wanted} people"
        yield Finding("notices", "warning", seen, "does it take mail from this machine? [notices] in site.toml")
    else:
        yield Finding("notices", "good", f"a mail server is set; {wanted} people want to be told")


def _sealed_cases(_site: Site, now: datetime) -> Iterator[Finding]:
    if overdue := barring.count_overdue(now=now):
        seen = f"nobody looked within a day at what is public of {overdue} sealed cases"
        yield Finding("sealed cases", "warning", seen, "it stands on the first page of all who may open them again")
    else:
        yield Finding("sealed cases", "good", "somebody looked at what is public of each, or has time left")


def _published(_site: Site, now: datetime) -> Iterator[Finding]:
    found = inspecting.inspect(now=now)
    if found.unsigned:
        seen = f"{found.unsigned} of {found.count} publications are not signed as they have to be, and shown nowhere"
        todo = "who can write into the database? compare with a backup: docs/operating.md"
        yield Finding("public site", "wrong", seen, todo)
    if found.unvouched:
        seen = f"{found.unvouched} keys of signatories are vouched for by nobody of this site"
        yield Finding("public site", "wrong", seen, "who put them there? nothing that they sign is published")
    if found.ahead:
        seen = f"{found.ahead} publications lie in the future: an embargo may end too early or too late"
        yield Finding("public site", "wrong", seen, "set the clock of this machine")
    if found.astray:
        seen = f"{found.astray} rows by which appeals are found and counted do not say what was signed"
        todo = "who can write into the database? compare with a backup: docs/operating.md"
        yield Finding("public site", "wrong", seen, todo)
    if not found.findable:
        seen = "the index by which readers find appeals does not hold their words"
        yield Finding("public site", "wrong", seen, "make a backup and restore it: the index is made anew")
    if found.findable and not found.unsigned + found.unvouched + found.ahead + found.astray:
        void = f"; {found.void} of them are void since a key that signed them is disavowed" if found.void else ""
        yield Finding("public site", "good", f"{found.count} publications, and the signatures of each are right{void}")


def _databases(_site: Site, _now: datetime) -> Iterator[Finding]:
    for alias, journal_mode in (("default", "wal"), ("keys", "persist")):
        connection = connections[alias]
        wanted = (
            {"journal_mode": journal_mode, "synchronous": "2", "secure_delete": "1", "trusted_schema": "0"}
            if connection.vendor == "sqlite"
            else {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
        )
        ask = "PRAGMA" if connection.vendor == "sqlite" else "SHOW"
        with connection.cursor() as cursor:
            for name, value in wanted.items():
                cursor.execute(f"{ask} {name}")
                is_now = str((cursor.fetchone() or [""])[0])
                if is_now != value:
                    todo = "a power cut could lose what was saved" if "sync" in name else "set it as it was"
                    yield Finding("databases", "wrong", f"{alias}: {name} is {is_now}, not {value}", todo)
        yield Finding("databases", "good", f"{alias}: {connection.vendor}")


def _desk_role(_site: Site, _now: datetime) -> Iterator[Finding]:
    connection = connections["default"]
    if connection.vendor != "postgresql":
        yield Finding("desk role", "good", "SQLite knows no roles: triggers and signed steps guard the journal")
        return
    # Who owns a table, or may become its owner, gives herself whatever was taken away.
    ask = (
        "SELECT pg_has_role(relowner, 'MEMBER') OR has_table_privilege(oid, %s)"
        " OR has_schema_privilege(relnamespace, 'CREATE') FROM pg_class WHERE oid = to_regclass(%s)"
    )
    with connection.cursor() as cursor:
        for table, rights in _NOT_FOR_THE_DESK.items():
            cursor.execute(ask, [rights, table])
            if cursor.fetchone() != (False,):
                seen = f"the role that this site works as may change more of {table} than it has to"
                todo = "give the desk a role of its own: docs/postgresql-desk-role.sql"
                yield Finding("desk role", "warning", seen, todo)
                return
    yield Finding("desk role", "good", "to the role of this site the journal takes entries and nothing else")


def _inbox(_site: Site, _now: datetime) -> Iterator[Finding]:
    stock = inbox.take_stock()
    if stock.missing:
        todo = "compare with the last backup; rows were taken away or put in"
        yield Finding("inbox", "wrong", f"{stock.taken} mails were taken, and {abs(stock.missing)} do not fit", todo)
    elif unread := inbox.count_unread():
        todo = "tocsin site journal verify; rows were changed by hand"
        yield Finding("inbox", "wrong", f"{unread} mails were sorted without being read", todo)
    else:
        yield Finding("inbox", "good", f"all {stock.taken} mails that were taken lie in it")


def _acknowledgements(site: Site, now: datetime) -> Iterator[Finding]:
    about, ours = "acknowledgements", site.mailings
    if ours is None or not ours.acknowledges:
        yield Finding(about, "good", "no program answers mail")
    elif not site.receiving_host:
        seen = "they are to be sent, and nothing says who proves senders: nobody gets one"
        yield Finding(about, "wrong", seen, "receiving_host in site.toml, or take acknowledges out of [mailings]")
    elif not at_work(now).exists():
        seen = "they are to be sent, and no mailer is at work: nobody gets one"
        yield Finding(about, "warning", seen, "start it: systemctl start tocsin-mailer")
    else:
        owed, begun = acknowledging.counts()
        yield Finding(about, "good", f"{owed} are owed or were in the last seven days; {begun} of them went out")


def _mailings(site: Site, now: datetime) -> Iterator[Finding]:
    about, mailers = "mailings", at_work(now)
    going = Mailing.objects.filter(state__in=("scheduled", "sending", "paused"))
    held = {*mailers.values_list("holds_for", flat=True), *going.values_list("held_for", flat=True)}
    # An embargo ends by itself.
    said = ", ".join(sorted(held - {"", "embargo"}))
    wait = going.exclude(state="paused").count()
    if site.mailings is None:
        yield Finding(about, "good", "nothing is mailed to readers")
    elif wait and not mailers.exists():
        todo = "start it: systemctl start tocsin-mailer"
        yield Finding(about, "warning", f"{wait} on their way, and no mailer is at work", todo)
    elif said:
        todo = "journalctl -u tocsin-mailer tells more; the page of each mailing says it in words"
        yield Finding(about, "warning", f"something is held: {said}", todo)
    elif doubted := Delivery.objects.filter(state="uncertain", mailing__in=going).count():
        todo = "an officer, on the page of each mailing; the log of the mail server says by Message-ID which it took"
        yield Finding(about, "warning", f"{doubted} messages may have arrived or not: somebody has to decide", todo)
    else:
        yield Finding(about, "good", f"{wait} on their way")


_LOOKS: tuple[Callable[[Site, datetime], Iterator[Finding]], ...] = (
    _settings,
    _permissions,
    _disk,
    _memory,
    _clock,
    _sandbox,
    _databases,
    _desk_role,
    _key_store,
    _journal,
    _anchors,
    _worker,
    _subscribers,
    _backups,
    _emergency,
    _recovery,
    _notices,
    _sealed_cases,
    _published,
    _inbox,
    _acknowledgements,
    _mailings,
)
