"""What is done and what the journal says of it are there together or not at all.

That no call reaches the journal but inside a transaction is read from the source, for all kinds. For deeds of each room
a process is killed right after the entry was written, and once more between the commit and its subscribers. Keys lie in
a database of their own: killed right behind each commit there, no key that was in use is gone or another one unless the
journal says at least that it was begun.
"""

import ast
import dataclasses
import itertools
import os
import re
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from command_line import ROOT
from people import LATER, NOW, PASSPHRASE, Hire
from tocsin.accounts import actions as accounts
from tocsin.accounts import factors, staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.accounts.models import Account
from tocsin.casework import actions as casework
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.together import remarks
from tocsin.core.records import from_yaml
from tocsin.intake import actions as intake
from tocsin.intake.models import Report
from tocsin.journal import queries, subscriptions
from tocsin.journal.actions import kinds
from tocsin.journal.models import Entry
from tocsin.operations import panic
from tocsin.vault import emergency, slots
from tocsin.vault.models import Grant, Slot

CASE = from_yaml((Path(__file__).parent.parent / "casework/case.yaml").read_text("utf-8"))
CHANGED = dataclasses.replace(CASE, events=(dataclasses.replace(CASE.events[0], manner="quickly"), *CASE.events[1:]))
SOURCE = ROOT / "src/tocsin"

# --- in the source ---

Function = tuple[str, str]
RECORD: Function = ("tocsin.journal.actions", "record")
ANNOUNCE: Function = ("tocsin.journal.actions", "announce")
# A method of something whose class cannot be told from the source.
SOMETHING = "?"


@cache
def trees() -> dict[Path, ast.Module]:
    """Read the source once for all tests that look into it."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


@cache
def opens_a_transaction() -> re.Pattern[str]:
    """Give what opens a transaction: Django's own, and context managers of ours that yield within one."""
    managers = [
        node
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "contextmanager" in map(ast.unparse, node.decorator_list)
    ]
    found = ["transaction.atomic"]
    while True:
        opener = re.compile(rf"(\w+\.)?({'|'.join(map(re.escape, found))})\(")
        # One may yield within another one.
        more = [node.name for node in managers if node.name not in found and _yields_within(node, opener)]
        if not more:
            return opener
        found += more


def _yields_within(manager: ast.FunctionDef, opener: re.Pattern[str]) -> bool:
    """Tell whether a context manager lets its block run inside what opens a transaction."""
    blocks = [each for each in manager.body if isinstance(each, ast.With)]
    return any(
        opener.match(ast.unparse(item)) and any(isinstance(each, ast.Yield) for each in ast.walk(block))
        for block in blocks
        for item in block.items
    )


@dataclass(frozen=True)
class Call:
    """A call: of what, in which function, and whether a transaction is around it there."""

    of: Function
    within: Function
    is_inside: bool


@cache
def calls() -> list[Call]:
    found = []
    for path, tree in trees().items():
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        names = {
            each.asname or each.name: (str(node.module), each.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for each in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.Module):
                dot = "." if isinstance(node, ast.ClassDef) else ""
                for each in node.body:
                    if isinstance(each, ast.FunctionDef):
                        found += list(_calls_of(each, (module, dot + each.name), names))
    return found


def _calls_of(function: ast.FunctionDef, within: Function, names: dict[str, Function]) -> Iterator[Call]:
    def look(node: ast.AST, is_inside: bool) -> Iterator[Call]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield Call(_called(child.func, within[0], names), within, is_inside)
            opener = opens_a_transaction()
            opens = isinstance(child, ast.With) and any(opener.match(ast.unparse(each)) for each in child.items)
            yield from look(child, is_inside or opens)

    yield from look(function, any("atomic" in ast.unparse(each) for each in function.decorator_list))


def _called(func: ast.expr, module: str, names: dict[str, Function]) -> Function:
    if isinstance(func, ast.Name):
        return names.get(func.id, (module, func.id))
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in names:
        return ".".join(names[func.value.id]), func.attr
    return SOMETHING, f".{func.attr}" if isinstance(func, ast.Attribute) else ""


def is_of(call: Call, function: Function) -> bool:
    """Tell whether a call may be one of a function; a method by its name, in its own room."""
    if call.of[0] != SOMETHING:
        return call.of == function
    return call.of[1] == function[1] and call.within[0].split(".")[:2] == function[0].split(".")[:2]


@cache
def calls_by_name() -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for each in calls():
        found.setdefault(each.of[1], []).append(each)
    return found


def calls_of(functions: set[Function]) -> list[Call]:
    """Give the calls that may be of some functions."""
    return [each for one in functions for each in calls_by_name().get(one[1], ()) if is_of(each, one)]


@pytest.mark.database("sqlite")
def test_no_call_reaches_the_journal_but_inside_a_transaction() -> None:
    """A function that records outside of a transaction of its own is called only from within one, and so on upwards."""
    assert len([each for each in calls() if each.of == RECORD]) > 50
    exposed, more = set[Function](), {RECORD}
    while more:
        exposed |= more
        more = {each.within for each in calls_of(more) if not each.is_inside} - exposed
    # Who is exposed and called by nobody is where a path begins that has no transaction around it.
    beginnings = [one for one in exposed if not calls_of({one})]
    assert beginnings == []


@pytest.mark.database("sqlite")
def test_nothing_is_announced_inside_a_transaction_that_could_take_it_back() -> None:
    announcing, more = set[Function](), {ANNOUNCE}
    while more:
        announcing |= more
        more = {each.within for each in calls_of(more)} - announcing
    assert len(announcing) > 8
    inside = [each for each in calls_of(announcing) if each.is_inside]
    assert [each for each in inside if each.within[0].startswith("tocsin.")] == []


@pytest.mark.database("sqlite")
def test_every_kind_is_written_somewhere() -> None:
    """As a text of its own, or put together of a text with places to fill."""
    found = [node for tree in trees().values() for node in ast.walk(tree)]
    texts = {each.value for each in found if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    begun = [re.escape(each) + "[a-z_]+" for each in texts if re.fullmatch(r"[a-z]+\.[a-z]+\.", each)]
    filled = re.compile("|".join([*begun, *filter(lambda each: each.count(r"\.") > 1, map(_pattern, found))]))
    assert [kind for kind in kinds() if kind not in texts and not filled.fullmatch(kind)] == []
    assert not filled.fullmatch("casework.case.burnt")


def _pattern(node: ast.AST) -> str:
    """Give what a text with places may become; what begins with a place could become anything, and says nothing."""
    if not isinstance(node, ast.JoinedStr) or not isinstance(node.values[0], ast.Constant):
        return ""
    return "".join(re.escape(str(each.value)) if isinstance(each, ast.Constant) else "[a-z_]+" for each in node.values)


# --- in a process that is killed ---


@dataclass
class World:
    """People and what they work on."""

    root: Actor
    lead: Actor
    other: Actor
    opened: casework.OpenCase

    @property
    def case(self) -> UUID:
        return self.opened.id

    def grant(self) -> UUID:
        return Grant.objects.get(case=self.case, holder=self.other.id, ended_at=None).id


def change(world: World) -> None:
    casework.save_case(world.lead, world.opened, CHANGED, now=NOW)


def give(world: World) -> None:
    casework.give_access(world.lead, world.case, "facts", world.other.id, reason="helps", ends_at=LATER, now=NOW)


def end(world: World) -> None:
    casework.end_access(world.lead, world.grant(), reason=next(iter(reasons_to_end())), now=NOW)


def ask(world: World) -> None:
    remarks.set_task(world.lead, world.case, "look at it", to=world.other.id, until=None, now=NOW)


def receive(world: World) -> None:
    intake.receive(world.lead, intake.Incoming(b"Two were arrested.", source_type="lawyer"), now=NOW)


def sign_in(world: World) -> None:
    accounts.open_session(Account.objects.get(id=world.lead.id), world.lead.ring, now=NOW)


def decline(world: World) -> None:
    intake.decline(world.lead, Report.objects.get().id, "no_report", now=NOW)


# By the kind of the entry; each finds what those before it left.
DEEDS: dict[str, Callable[[World], object]] = {
    "accounts.session.opened": sign_in,
    "accounts.session.closed": lambda world: accounts.sign_out(world.lead, now=NOW),
    "accounts.passphrase.changed": lambda world: accounts.change_passphrase(
        world.lead, PASSPHRASE, "another long passphrase", now=NOW
    ),
    "accounts.recovery.changed": lambda world: factors.change_recovery_code(world.lead, now=NOW),
    "accounts.account.created": lambda world: staff.invite(world.root, "new", "New", ["verifier"], now=NOW),
    "accounts.account.roles": lambda world: staff.set_roles(world.root, world.other.id, ["verifier"], now=NOW),
    "casework.case.opened": lambda world: casework.open_new_case(world.lead, CASE, reason="a report", now=NOW),
    "casework.record.saved": change,
    "casework.grant.given": give,
    "casework.task.set": ask,
    "casework.grant.ended": end,
    "intake.report.received": receive,
    "intake.report.declined": decline,
    "intake.report.resumed": lambda world: intake.resume(world.lead, Report.objects.get().id, now=NOW),
    "site.panic.chosen": lambda world: panic.choose([world.case], now=NOW),
    "casework.case.shredded": lambda world: casework.shred_case(world.lead, world.case, now=NOW),
    "accounts.factor.cleared": lambda world: accounts.clear_factors(world.other.id, world.root.id, now=NOW),
    "accounts.account.disabled": lambda world: staff.disable(world.root, world.other.id, now=NOW),
    "accounts.account.enabled": lambda world: staff.enable(world.root, world.other.id, now=NOW),
}
# What changes in the key store alone; other deeds put keys there first, which open nothing without their rows.
IN_THE_KEY_STORE = {"accounts.passphrase.changed", "accounts.recovery.changed", "site.panic.chosen"}
# What is announced before keys in use are changed or destroyed, by the kind of the deed.
ANNOUNCED = {
    "accounts.passphrase.changed": "accounts.passphrase.begun",
    "accounts.recovery.changed": "accounts.recovery.begun",
    "casework.grant.ended": "casework.ending.begun",
    "site.panic.chosen": "site.panic.begun",
    "casework.case.shredded": "casework.shredding.begun",
    "accounts.account.disabled": "accounts.closing.begun",
}
THE_JOURNAL = {"journal_entry", "journal_head", "journal_anchor"}
# Rows that are not what a deed is about: tries are counted before it, and cursors move behind it.
BESIDE = {"accounts_tries", "journal_cursor"}


def plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def rows(alias: str) -> dict[str, list[str]]:
    """Give all rows of a database, table by table."""
    found = {}
    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
            if table not in BESIDE:
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(repr(tuple(map(plain, row))) for row in cursor.fetchall())
    return found


def in_a_process(work: Callable[[], object]) -> int:
    """Do something in a process of its own; give by which signal it ended, or 0."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - told by how the process ends
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_after_the_entry(deed: Callable[[World], object], world: World, kind: str) -> None:
    """Do it, and be killed when its entry has been written and nothing was committed."""
    written: list[bool] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: object) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "journal_entry"') and kind in params:
            written.append(True)
        if written and sql.startswith('UPDATE "journal_head"'):
            die()
        return done

    with connection.execute_wrapper(watch):
        deed(world)


def killed_before_its_subscribers(deed: Callable[[World], object], world: World, kind: str) -> None:
    """Do it, and be killed when it was committed and nobody has been told."""
    deliver = subscriptions.deliver

    def die_at_the_probe(name: str, *, now: Any) -> int:
        if name == "tests.probe" and Entry.objects.filter(kind=kind, number__gt=_seen_by_the_probe()).exists():
            die()
        return deliver(name, now=now)

    subscriptions.deliver = die_at_the_probe
    deed(world)


def _seen_by_the_probe() -> int:
    from tocsin.journal.models import Cursor

    return Cursor.objects.filter(subscriber="tests.probe").values_list("number", flat=True).first() or 0


class Killed:
    """Kills the process right behind a commit of the key store: the first, the second, and so on."""

    def __init__(self, number: int) -> None:
        self._left, self._commit = number, connections["keys"].commit

    def __call__(self) -> None:
        self._commit()
        self._left -= 1
        if not self._left:
            die()


def killed_behind_a_commit_of_keys(deed: Callable[[World], object], world: World, number: int) -> None:
    connections["keys"].commit = Killed(number)  # type: ignore[method-assign]
    deed(world)


@pytest.fixture
def world(committed: None, administrator: NewAccount, hire: Hire) -> World:
    lead, other = hire("tomas", "case_lead").actor, hire("amina", "case_lead").actor
    opened = casework.open_new_case(lead, CASE, reason="a report", now=NOW)
    return World(administrator.actor, lead, other, opened)


def differing(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    return {table for table in before if before[table] != after[table]}


def must_be_both_or_none(kind: str, world: World, told: list[str]) -> None:
    alias = "keys" if kind in IN_THE_KEY_STORE else "default"
    before, keys_before, last = rows("default"), rows(alias), Entry.objects.count()
    assert in_a_process(lambda: killed_after_the_entry(DEEDS[kind], world, kind)) == signal.SIGKILL, kind
    assert (differing(before, rows("default")) | differing(keys_before, rows(alias))) <= THE_JOURNAL, kind
    said = list(Entry.objects.filter(number__gt=last).values_list("kind", flat=True))
    assert said == ([ANNOUNCED[kind]] if kind in ANNOUNCED else []), kind
    assert in_a_process(lambda: killed_before_its_subscribers(DEEDS[kind], world, kind)) == signal.SIGKILL, kind
    assert "journal_entry" in differing(before, rows("default")), kind
    assert differing(keys_before, rows(alias)) - THE_JOURNAL, kind
    assert subscriptions.waiting()["tests.probe"] >= 1, kind
    told.clear()
    # The process that died took the lease with it.
    subscriptions.deliver("tests.probe", now=NOW + 2 * subscriptions.LEASE)
    assert told.count(kind) == 1, kind


@pytest.mark.long
def test_a_deed_and_its_entry_are_there_together_or_not_at_all(world: World) -> None:
    told: list[str] = []
    subscriptions.subscribe("tests.probe", DEEDS, lambda entry: told.append(entry.kind))
    try:
        subscriptions.deliver("tests.probe", now=NOW)
        for kind in DEEDS:
            must_be_both_or_none(kind, world, told)
        assert queries.verify() == Entry.objects.count()
    finally:
        subscriptions.unsubscribe("tests.probe")


def keys_in_use() -> dict[int, bytes]:
    return dict(slots.read(Slot.objects.exclude(taken_at=None).values_list("number", flat=True)))


def doomed() -> list[UUID]:
    return emergency.list_doomed()


@pytest.mark.long
def test_no_key_in_use_is_changed_or_destroyed_that_the_journal_says_nothing_of(world: World) -> None:
    """Each deed is repeated until it comes to its end, since what was begun is completed by whoever does it again."""
    begun: dict[str, str] = {}
    for kind, deed in DEEDS.items():
        for number in itertools.count(1):
            keys, chosen, last = keys_in_use(), doomed(), Entry.objects.count()
            ended = in_a_process(lambda: killed_behind_a_commit_of_keys(deed, world, number))  # noqa: B023
            after = keys_in_use()
            changed = {each for each in keys if after.get(each) != keys[each]}
            said = list(Entry.objects.filter(number__gt=last).order_by("number").values_list("kind", flat=True))
            if changed or doomed() != chosen:
                assert said, (kind, number)
                begun[kind] = said[0]
            if not ended or kind in IN_THE_KEY_STORE:
                assert ended or kind in said
                break
    assert begun == ANNOUNCED
    assert queries.verify() == Entry.objects.count()
