"""How many connections share one transaction of a mailer's ledger."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from tocsin.dispatch import ledger as ledgers
from tocsin.dispatch import outbox
from tocsin.dispatch.ledger import Ledger
from tocsin.dispatch.outbox import End, Mine

NO_DATABASE = True


def groups(monkeypatch: pytest.MonkeyPatch, answered: int, on_their_way: int) -> list[int]:
    """Let some connections hear from their server, one after the other; tell how many asked in each transaction."""
    seen: list[int] = []

    def write(_: Mine, __: Sequence[End], intents: Sequence[Any]) -> set[int]:
        seen.append(len(intents))
        return {each.id for each in intents}

    monkeypatch.setattr(outbox, "write", write)
    monkeypatch.setattr(outbox, "renew", lambda _, ids: set(ids))

    async def work() -> None:
        ledger, line = Ledger(Mine(uuid4())), SimpleNamespace(release=lambda: None)
        ledger._on_their_way = set(range(on_their_way))
        running = asyncio.create_task(ledger.run())
        for number in range(answered):
            ledger.settle(End(number, "handed_over"))
            ledger.ask(SimpleNamespace(id=100 + number), line)  # type: ignore[arg-type]
            await asyncio.sleep(0)
        while sum(seen) < answered:
            await asyncio.sleep(0.001)
        ledger.end()
        await running

    asyncio.run(asyncio.wait_for(work(), 10))
    return seen


def test_a_transaction_waits_until_three_of_four_connections_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "_GATHERS", 10.0)
    assert groups(monkeypatch, 6, 8) == [6]


def test_a_transaction_waits_for_slow_servers_but_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert groups(monkeypatch, 1, 8) == [1]
