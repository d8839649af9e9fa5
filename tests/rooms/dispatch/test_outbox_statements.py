"""What the statements of the outbox do with many rows at once, and by which indexes they find them."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from mailroom import Mailroom

from tocsin.dispatch import audience, outbox
from tocsin.dispatch.models import Delivery, Subscriber
from tocsin.dispatch.outbox import End, Mine

KEY = bytes(range(32))


@pytest.mark.parametrize("count", [1, 3, 16, 17, 31, 40])
def test_whatever_the_number_of_rows_each_is_changed_once_and_no_other(mailroom: Mailroom, count: int) -> None:
    mailroom.readers(count + 1)
    mine, row = Mine(uuid4()), mailroom.send()
    claims = outbox.claim(row, mine, count, KEY)
    assert outbox.write(mine, [], claims) == {each.id for each in claims}
    ends = [End(each.id, "waiting", "again", queue_id=f"Q{each.id}", tried=True) for each in claims]
    outbox.write(mine, ends, [])
    rows = Delivery.objects.order_by("id").values_list("id", "tries", "queue_id")
    assert list(rows) == [*((each.id, 1, f"Q{each.id}") for each in claims), (max(e.id for e in claims) + 1, 0, "")]


def queue(mailroom: Mailroom) -> int:
    """Fill a queue of which most was put off until tomorrow; give how many may go, some of them put off before."""
    mailroom.readers(1)
    row = mailroom.send()
    now = timezone.now()
    kinds = [("handed_over", None, 2_000), ("waiting", now + timedelta(days=1), 6_000)]
    kinds += [("waiting", now - timedelta(minutes=1), 40), ("waiting", None, 1_500)]
    Delivery.objects.bulk_create(
        Delivery(mailing=row, subscriber=uuid4(), language="en", state=state, not_before=at)
        for state, at, count in kinds
        for _ in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return 1 + 40 + 1_500


def plan(statement: str) -> list[str]:
    """List what a database does with the table of deliveries for a statement; of a sort, what is below it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            (said,) = cursor.fetchone()
            return list(_steps((said if isinstance(said, list) else json.loads(said))[0]["Plan"], limited=False))
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        rows = cursor.fetchall()
    # In a claim `d` is what was found, in all else the table itself.
    inner = {number for number, _, _, detail in rows if detail.startswith(("CO-ROUTINE d", "MATERIALIZE d"))}
    sorts = [detail for _, parent, _, detail in rows if parent in inner and "TEMP B-TREE" in detail]
    tables = ["dispatch_delivery"] if inner else ["d", "dispatch_delivery"]
    ways = [[way, table] for way in ("SEARCH", "SCAN") for table in tables]
    return [detail for *_, detail in rows if detail.split()[:2] in ways] + sorts


def _steps(node: dict[str, Any], *, limited: bool) -> Iterator[str]:
    limited = limited or node["Node Type"] == "Limit"
    if node.get("Relation Name") == "dispatch_delivery" and node["Node Type"] != "ModifyTable":
        yield f"{node['Node Type']} {node.get('Index Name', '')}"
    elif limited and "Sort" in node["Node Type"]:
        yield node["Node Type"]
    for each in node.get("Plans", ()):
        yield from _steps(each, limited=limited)


def test_nothing_between_claim_and_end_goes_through_the_queue_or_sorts_it(mailroom: Mailroom) -> None:
    due, mine = queue(mailroom), Mine(uuid4())
    with CaptureQueriesContext(connection) as asked:
        claims = outbox.claim(mailroom.mailing(), mine, 60, KEY)
        granted = outbox.write(mine, [], claims[:20])
        outbox.write(mine, [End(each, "handed_over") for each in granted], [])
    assert due > 60
    steps = {each["sql"]: plan(each["sql"]) for each in asked if "dispatch_delivery" in each["sql"]}
    found = [step for those in steps.values() for step in those]
    assert any("deliveries_fresh" in step for step in found)
    assert any("deliveries_put_off" in step for step in found)
    # From the two indexes of claims, and everything else from id to id.
    known = ("deliveries_fresh", "deliveries_put_off", "PRIMARY KEY", "dispatch_delivery_pkey")
    assert [step for step in found if not any(name in step for name in known)] == []
    assert all(steps.values())


def test_a_look_for_readers_goes_from_id_to_id_and_through_no_others(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "_A_LOOK", 20)
    more = {"address": b"", "languages": " en ", "topics": " killings ", "state": "active", "asked_at": timezone.now()}
    Subscriber.objects.bulk_create(
        Subscriber(id=uuid4(), fingerprint=n.to_bytes(32, "big"), **more) for n in range(3_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    mailroom.send()
    with CaptureQueriesContext(connection) as asked:
        assert audience.go_on(mailroom.id)
    (found,) = (each["sql"] for each in asked if each["sql"].startswith("INSERT INTO dispatch_delivery"))
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'' if postgresql else 'QUERY PLAN '}{found}")
        steps = "\n".join(str(row[-1]) for row in cursor.fetchall())
    ids = r"Index Cond: \(\(id > [^\n]+ AND \(id <= " if postgresql else r"\(id>\? AND id<\?\)"
    assert re.search(ids, steps), steps
    # What PostgreSQL sorts is no more than it looks at.
    assert not re.search("Seq Scan on dispatch_subscriber|SCAN dispatch_subscriber|TEMP B-TREE", steps), steps


def test_what_was_put_off_goes_when_it_is_due_and_not_before(mailroom: Mailroom) -> None:
    due, mine = queue(mailroom), Mine(uuid4())
    taken = [each for _ in range(4) for each in outbox.claim(mailroom.mailing(), mine, 500, KEY)]
    left = Delivery.objects.exclude(state="handed_over")
    assert left.filter(state="waiting").count() == 6_000
    assert not left.filter(state="waiting", not_before__lte=timezone.now()).exists()
    # But for the one reader there is, all of them are of readers who were erased.
    assert left.filter(state="suppressed", reason="erased").count() + len(taken) == due


def test_the_table_of_deliveries_has_no_index_that_another_one_begins_with() -> None:
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, Delivery._meta.db_table)
        # Those of a part of the rows do not stand for others.
        parts = {each.name for each in Delivery._meta.indexes if each.condition}
    columns = {name: of["columns"] for name, of in there.items() if of["index"] or of["unique"]}
    whole = {name: each for name, each in columns.items() if name not in parts}
    assert [a for a, x in whole.items() for b, y in whole.items() if a != b and x == y[: len(x)]] == []
