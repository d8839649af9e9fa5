"""Somebody saves between two statements of somebody who reads: on PostgreSQL, where nobody waits for readers."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connections
from reports import look, received

from people import LATER, NOW, Hire
from tocsin.accounts.actor import Actor
from tocsin.casework import actions
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.wholeness import list_broken
from tocsin.core.records import Translation, Wording, from_yaml
from tocsin.intake import actions as intake
from tocsin.intake.queries import get_report
from tocsin.vault import queries as vault
from tocsin.vault import slots

pytestmark = [pytest.mark.database("postgresql"), pytest.mark.usefixtures("committed")]
LONGEST = 20.0
CASE = from_yaml((Path(__file__).parents[1] / "casework/case.yaml").read_text("utf-8"))


@pytest.fixture
def lead(hire: Hire) -> Actor:
    return hire("tomas", "case_lead").actor


@pytest.fixture
def opened(lead: Actor) -> actions.OpenCase:
    return actions.open_new_case(lead, CASE, reason="a report came in", now=NOW)


def save(lead: Actor, opened: actions.OpenCase) -> actions.OpenCase:
    first, *others = opened.case.events
    event = dataclasses.replace(first, what=Wording((Translation("en", f"As of state {opened.version}."),)))
    return actions.save_case(lead, opened, dataclasses.replace(opened.case, events=(event, *others)), now=NOW)


@contextmanager
def meanwhile(table: str, act: Callable[[], object], alias: str = "default") -> Iterator[list[str]]:
    """Let somebody else act, in a connection of her own, as soon as a table was asked; give the statements so far."""
    asked: list[str] = []

    def elsewhere() -> None:
        try:
            act()
        finally:
            connections.close_all()

    def watched(execute: Callable[..., Any], sql: str, params: object, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if f'FROM "{table}"' in sql and not asked:
            asked.append(sql)
            other = Thread(target=elsewhere)
            other.start()
            other.join(LONGEST)
            assert not other.is_alive(), "she waits for the reader, so nothing happens between the statements"
        return answer

    with connections[alias].execute_wrapper(watched):
        yield asked


def test_a_case_that_is_saved_while_it_is_read_was_not_set_back(lead: Actor, opened: actions.OpenCase) -> None:
    with meanwhile("casework_casefile", lambda: save(lead, opened)) as asked:
        read = actions.read_case(lead, opened.id, now=NOW)
    assert asked
    assert read.version == opened.version, "it is the state of one moment"
    assert actions.read_case(lead, opened.id, now=NOW).version == opened.version + 1


def test_a_case_that_is_saved_while_a_list_is_made_is_not_called_broken(lead: Actor, opened: actions.OpenCase) -> None:
    for table in ("casework_sealedrecord", "casework_casefile"):
        now_opened = actions.read_case(lead, opened.id, now=NOW)
        with meanwhile(table, lambda: save(lead, now_opened)) as asked:  # noqa: B023 - it acts inside of the block
            assert list_broken(lead, [opened.id], now=NOW) == set()
        assert asked


@pytest.mark.parametrize(
    ("alias", "table"), [("default", "vault_grant"), ("keys", "vault_slot"), ("keys", "vault_keylink")]
)
def test_a_case_whose_key_is_changed_while_it_is_opened_opens(
    hire: Hire, lead: Actor, opened: actions.OpenCase, monkeypatch: pytest.MonkeyPatch, alias: str, table: str
) -> None:
    """Whoever ends a colleague's access changes the key under which the next words are sealed."""
    # What washes the key store waits for whoever reads in it; the change itself does not.
    monkeypatch.setattr(slots, "wash", lambda: None)
    colleague = hire("sefa", "case_lead").actor

    def change_key() -> None:
        given = actions.give_access(lead, opened.id, "facts", colleague.id, reason="helps", ends_at=LATER, now=NOW)
        actions.end_access(lead, given.id, reason=next(iter(reasons_to_end())), now=NOW)

    change_key()
    with meanwhile(table, change_key, alias) as asked:
        keys = vault.open_case(lead.ring, opened.id, NOW)
    assert asked
    assert keys["facts"].newest.version in {2, 3}, "it is the key of one moment"


def test_a_report_that_is_decided_while_it_is_read_was_not_set_back(hire: Hire, lead: Actor) -> None:
    hire("sefa", "source_handler")
    report = received(lead)
    opened = look(lead, report)
    fact, seen = opened.facts[0].key, opened.report.version

    def decide() -> None:
        intake.decide(lead, report, [fact], "confirmed", seen=seen, now=NOW)

    with meanwhile("intake_report", decide) as asked:
        assert get_report(report).version == seen
    assert asked
    assert get_report(report).version == seen + 1
