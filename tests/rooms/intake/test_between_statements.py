"""Somebody saves between two statements of somebody who reads: on PostgreSQL, where nobody waits for readers."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections
from reports import look, received

from people import NOW, Hire
from tocsin.accounts.actor import Actor
from tocsin.casework import actions
from tocsin.casework.wholeness import list_broken
from tocsin.core.records import Translation, Wording, from_yaml
from tocsin.intake import actions as intake
from tocsin.intake.queries import get_report

pytestmark = [pytest.mark.database("postgresql"), pytest.mark.usefixtures("committed")]
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
def meanwhile(table: str, act: Callable[[], object]) -> Iterator[list[str]]:
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
            other.join()
        return answer

    with connection.execute_wrapper(watched):
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
