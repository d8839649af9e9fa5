"""The journal keeps what was done, in order, and shows when somebody changed it."""

import re
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from people import NOW
from tocsin.core.errors import BrokenJournal
from tocsin.journal import actions, queries
from tocsin.journal.models import Entry, Head

KIND = "casework.case.read"


def write(count: int = 5) -> None:
    for number in range(count):
        actions.record(uuid4(), KIND, uuid4(), now=NOW, version=number, grant=uuid4())


def without_triggers() -> None:
    """Do what only the owner of the database can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in ("entry", "anchor"):
                for verb in ("update", "delete", "replace"):
                    cursor.execute(f"DROP TRIGGER journal_{table}_no_{verb}")
        else:
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE journal_anchor DISABLE TRIGGER USER")


def test_entries_are_numbered_without_a_gap_and_their_chain_is_whole() -> None:
    write()
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert queries.verify() == 5


def test_an_empty_journal_is_whole() -> None:
    assert queries.verify() == 0


@pytest.mark.parametrize("what", ["update", "delete"])
def test_the_database_refuses_to_change_an_entry(what: str) -> None:
    write(2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(number=1).update(facts="{}") if what == "update" else Entry.objects.filter(
            number=1
        ).delete()
    assert queries.verify() == 2


@pytest.mark.parametrize("at", [1, 3, 5])
@pytest.mark.parametrize("column", ["at", "actor", "kind", "subject", "facts", "digest"])
def test_a_changed_column_breaks_the_chain(at: int, column: str) -> None:
    write()
    without_triggers()
    forged = {
        "at": NOW.replace(year=2027),
        "actor": uuid4(),
        "kind": "site.created",
        "subject": uuid4(),
        # No longer and no shorter than it was.
        "facts": Entry.objects.get(number=at).facts.translate(str.maketrans("0123456789", "1234567890")),
        "digest": b"\0" * 32,
    }
    assert forged["facts"] != Entry.objects.get(number=at).facts
    Entry.objects.filter(number=at).update(**{column: forged[column]})
    with pytest.raises(BrokenJournal):
        queries.verify()


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_removed_entry_breaks_the_chain(at: int) -> None:
    write()
    without_triggers()
    Entry.objects.filter(number=at).delete()
    with pytest.raises(BrokenJournal):
        queries.verify()


def _write_and_fail() -> None:
    write(1)
    _ = 1 / 0


def test_an_entry_belongs_to_the_transaction_of_its_action() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _write_and_fail()
    assert queries.verify() == 0


@pytest.mark.parametrize("fact", ["Lena Marosh", "a\nb", "", "x" * 41, "имя"])
def test_no_text_gets_into_an_entry(fact: str) -> None:
    with pytest.raises(ValueError, match="no code"):
        actions.record(None, KIND, now=NOW, compartment=fact)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no such kind"):
        actions.record(None, "casework.case.looked_at", now=NOW)


@pytest.mark.parametrize("kind", actions.kinds())
def test_a_kind_says_where_what_and_how(kind: str) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+){1,2}", kind)
    assert len(kind) <= 60


def test_the_head_follows_the_last_entry() -> None:
    write(3)
    head = Head.objects.get()
    assert (head.number, bytes(head.digest)) == (3, bytes(Entry.objects.get(number=3).digest))
