"""Whoever writes into the database, or takes the machine, cannot change what the journal said before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from test_journal import KIND, without_triggers, write

from key_files import files
from people import NOW
from tocsin.core.errors import BadRequest, BrokenJournal
from tocsin.journal import actions, anchors, queries, verifying
from tocsin.journal.chain import GENESIS, Link, digest
from tocsin.journal.models import Anchor, Entry, Head
from tocsin.journal.verifying import KeptAnchor
from tocsin.vault import steps
from tocsin.vault.models import StepKey
from tocsin.vault.steps import Step

ANCHORED, ALL = 6, 10


@pytest.fixture
def journal() -> None:
    """Ten entries, anchors after the third and the sixth, and no trigger in the way of who owns the database."""
    write(3)
    anchors.anchor(now=NOW)
    write(3)
    anchors.anchor(now=NOW)
    write(4)
    without_triggers()


def kept(number: int = ANCHORED) -> KeptAnchor:
    anchor = Anchor.objects.get(number=number, signature__gt=b"")
    return KeptAnchor(number, bytes(anchor.digest), anchors.first_key_of(anchor))


def rows() -> list[dict[str, Any]]:
    return list(Entry.objects.order_by("number").values())


def rewrite(entries: list[dict[str, Any]], step: Step | None = None) -> None:
    """Write the whole journal anew with right numbers and digests, as who knows how they are made would do."""
    Entry.objects.all().delete()
    previous = GENESIS
    for number, row in enumerate(entries, 1):
        link = Link(number, row["at"], row["actor"], row["kind"], row["subject"], row["facts"])
        previous = digest(previous, link)
        mark = step.mark(previous) if step else row["mark"]
        Entry.objects.create(**{**row, "number": number, "digest": previous, "mark": mark})
    Head.objects.update(number=len(entries), digest=previous)


def edit(entries: list[dict[str, Any]], at: int) -> None:
    entries[at]["facts"] = "{}"


def delete(entries: list[dict[str, Any]], at: int) -> None:
    del entries[at]


def insert(entries: list[dict[str, Any]], at: int) -> None:
    entries.insert(at, {**entries[at], "actor": uuid4()})


def swap(entries: list[dict[str, Any]], at: int) -> None:
    entries[at], entries[at - 1] = entries[at - 1], entries[at]


def cut(entries: list[dict[str, Any]], at: int) -> None:
    del entries[at:]


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("at", range(1, ALL))
@pytest.mark.parametrize("tamper", [edit, delete, insert, swap, cut], ids=lambda each: each.__name__)
def test_whoever_rewrites_the_database_with_right_digests_is_found(
    tamper: Callable[[list[dict[str, Any]], int], None], at: int
) -> None:
    assert queries.verify() == ALL
    entries = rows()
    tamper(entries, at)
    rewrite(entries)
    with pytest.raises(BrokenJournal):
        queries.verify()


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("at", range(ANCHORED, ALL))
@pytest.mark.parametrize("after", [lambda: anchors.anchor(now=NOW), lambda: write(1)], ids=["anchor", "entry"])
def test_no_anchor_and_no_entry_covers_up_for_who_rewrote_the_end(after: Callable[[], object], at: int) -> None:
    entries = rows()
    edit(entries, at)
    rewrite(entries)
    with pytest.raises(BrokenJournal, match="cut off or set"):
        after()


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("at", range(ANCHORED, ALL))
def test_the_first_entry_after_the_anchor_that_was_forged_is_named(at: int) -> None:
    """The mark of the head alone would tell that something was forged; those of the entries tell where it begins."""
    entries = rows()
    edit(entries, at)
    rewrite(entries)
    with pytest.raises(BrokenJournal, match=rf"^entry {at + 1}\b.*not written by this site"):
        queries.verify()


@pytest.mark.usefixtures("journal")
def test_whoever_rewrites_nothing_is_not_accused() -> None:
    """The control: what finds the tampering is the tampering."""
    rewrite(rows())
    assert queries.verify() == ALL


@dataclass(frozen=True)
class Intruder:
    """Somebody who took the machine: she has the secret of the present step, and writes whatever she wants."""

    step: Step

    def rewrite(self, entries: list[dict[str, Any]]) -> None:
        rewrite(entries, self.step)
        head = Head.objects.get()
        head.mark = self.step.mark(anchors.head_words(head.number, bytes(head.digest)))
        head.save()


@pytest.fixture
def intruder(journal: None) -> Intruder:
    step = steps.get(Head.objects.get().step)
    assert step is not None
    return Intruder(step)


@pytest.mark.parametrize("at", range(1, ANCHORED))
@pytest.mark.parametrize("tamper", [edit, delete, insert, swap, cut], ids=lambda each: each.__name__)
def test_whoever_takes_the_machine_forges_nothing_from_before_the_last_anchor(
    intruder: Intruder, tamper: Callable[[list[dict[str, Any]], int], None], at: int
) -> None:
    entries = rows()
    tamper(entries, at)
    intruder.rewrite(entries)
    with pytest.raises(BrokenJournal):
        queries.verify()
    # She sets the anchors right too, and signs them with the key that she has.
    for anchor in Anchor.objects.exclude(number=0):
        anchor.digest = bytes(Entry.objects.get(number=min(anchor.number, len(entries))).digest)
        anchor.number = min(anchor.number, len(entries))
        anchor.signature = intruder.step.signature(anchors.signed_words(anchor))
        anchor.save()
    with pytest.raises(BrokenJournal):
        queries.verify()


def test_what_came_after_the_last_anchor_is_the_intruders_to_forge_and_we_say_so(intruder: Intruder) -> None:
    """Not found: the present step's secret is on the machine that she has. The next anchor ends that."""
    entries = rows()
    del entries[ANCHORED:]
    intruder.rewrite(entries)
    assert queries.verify() == ANCHORED
    verifying.inspect([kept()])


def test_a_journal_that_was_written_anew_with_a_key_of_her_own_is_found_by_an_anchor_on_paper(
    intruder: Intruder,
) -> None:
    paper = kept()
    own = steps.draw(1)
    StepKey.objects.exclude(step=1).delete()
    Anchor.objects.all().delete()
    Anchor.objects.create(step=1, number=0, digest=GENESIS, at=NOW, public=own.public(), signature=b"")
    Head.objects.update(step=1)
    Intruder(own).rewrite(rows())
    assert queries.verify() == ALL
    with pytest.raises(BrokenJournal, match="first key"):
        verifying.inspect([paper])


@pytest.mark.usefixtures("journal")
def test_both_databases_set_back_together_are_found_by_a_later_anchor_alone() -> None:
    before = [list(model.objects.values()) for model in (Entry, Anchor, Head, StepKey)]
    write(2)
    anchors.anchor(now=NOW)
    paper = kept(ALL + 2)
    for model, old in zip((Entry, Anchor, Head, StepKey), before, strict=True):
        model.objects.all().delete()
        model.objects.bulk_create(model(**row) for row in old)
    assert queries.verify() == ALL, "not found on the machine itself, and we say so"
    with pytest.raises(BrokenJournal, match="set back"):
        verifying.inspect([paper])


def assert_set_back_until_somebody_resumes() -> None:
    with pytest.raises(BrokenJournal, match="set back"):
        queries.verify()
    with pytest.raises(BrokenJournal, match="set back"):
        write(1)
    actions.resume(now=NOW)
    write(1)


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("table", [(Entry, Anchor, Head), (StepKey,)], ids=["the records", "the key store"])
def test_one_database_that_was_set_back_is_found_and_nothing_is_written_until_somebody_resumes(table: Any) -> None:
    before = [list(model.objects.values()) for model in table]
    write(1)
    made = anchors.anchor(now=NOW)
    steps.destroy_before(made.step)
    for model, old in zip(table, before, strict=True):
        model.objects.all().delete()
        model.objects.bulk_create(model(**row) for row in old)
    assert_set_back_until_somebody_resumes()
    report = verifying.inspect()
    assert len(report.starts) == 2
    assert Entry.objects.filter(kind="journal.resumed").count() == 1


@pytest.mark.usefixtures("journal")
def test_a_journal_that_was_emptied_is_no_new_one() -> None:
    Entry.objects.all().delete()
    Anchor.objects.all().delete()
    Head.objects.update(number=0, digest=b"", step=0, mark=b"")
    assert_set_back_until_somebody_resumes()
    assert queries.verify() == 2


@pytest.mark.usefixtures("journal")
def test_a_journal_that_has_its_key_is_not_begun_anew() -> None:
    with pytest.raises(BadRequest):
        actions.resume(now=NOW)


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("column", ["number", "digest", "at", "public", "signature"])
def test_a_changed_anchor_is_found(column: str) -> None:
    forged: dict[str, Any] = {
        "number": 5,
        "digest": b"\1" * 32,
        "at": NOW + timedelta(days=1),
        "public": b"\1" * 32,
        "signature": b"\1" * 64,
    }
    Anchor.objects.filter(number=ANCHORED).update(**{column: forged[column]})
    with pytest.raises(BrokenJournal):
        queries.verify()


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("number", [0, 3, ANCHORED])
def test_a_removed_anchor_is_found(number: int) -> None:
    Anchor.objects.filter(number=number).delete()
    with pytest.raises(BrokenJournal):
        queries.verify()


@pytest.mark.usefixtures("journal")
def test_a_missing_head_is_said() -> None:
    Head.objects.all().delete()
    with pytest.raises(BrokenJournal, match="head"):
        queries.verify()


@pytest.mark.parametrize("table", ["journal_entry", "journal_anchor"])
@pytest.mark.parametrize("how", ["UPDATE", "DELETE", "REPLACE", "TRUNCATE"])
def test_the_database_itself_refuses_to_change_the_journal(table: str, how: str) -> None:
    write(2)
    key = "number" if table == "journal_entry" else "step"
    sqlite = connection.vendor == "sqlite"
    statement = {
        "UPDATE": f"UPDATE {table} SET digest = digest",
        "DELETE": f"DELETE FROM {table}",
        "REPLACE": f"REPLACE INTO {table} SELECT * FROM {table} WHERE {key} = 1"
        if sqlite
        else f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET digest = excluded.digest",
        "TRUNCATE": f"DELETE FROM {table}" if sqlite else f"TRUNCATE {table}",
    }[how]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.verify() == 2


@pytest.mark.parametrize(
    ("entries", "later", "due"),
    [
        (0, timedelta(days=2), False),
        (1, timedelta(minutes=59), False),
        (1, timedelta(hours=1), True),
        (4, timedelta(0), True),
    ],
)
def test_an_anchor_is_due_after_many_entries_or_an_hour(
    monkeypatch: pytest.MonkeyPatch, entries: int, later: timedelta, due: bool
) -> None:
    monkeypatch.setattr(anchors, "MOST_ENTRIES", 4)
    assert anchors.MOST_ENTRIES <= 100
    assert timedelta(hours=1) >= anchors.LONGEST
    write(1)
    anchors.anchor(now=NOW)
    write(entries)
    assert (anchors.anchor_if_due(now=NOW + later) is not None) == due
    assert queries.verify() == entries + 1


@pytest.mark.usefixtures("committed")
def test_the_anchor_that_is_due_comes_after_the_commit_and_the_old_key_is_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(anchors, "MOST_ENTRIES", 2)
    secrets = []
    for _ in range(3):
        with transaction.atomic():
            write(2)
        secrets += [bytes(secret) for secret in StepKey.objects.values_list("secret", flat=True)]
    assert [anchor.number for anchor in Anchor.objects.order_by("step")] == [0, 2, 4, 6]
    assert list(StepKey.objects.values_list("step", flat=True)) == [4]
    assert verifying.inspect().since_anchor == 0
    kept_by_the_database = b"".join(files().values())
    assert [secret in kept_by_the_database for secret in secrets[:-1]] == [False] * (len(secrets) - 1)
    if connection.vendor == "sqlite":
        assert secrets[-1] in kept_by_the_database, "the control: the present one is there"


def test_a_key_that_a_crash_left_undestroyed_is_destroyed_by_the_next_anchor() -> None:
    write(1)
    anchors.anchor(now=NOW)
    assert StepKey.objects.filter(step=1).exists(), "no commit, so nothing was destroyed"
    write(1)
    steps.destroy_before(anchors.anchor(now=NOW).step)
    assert list(StepKey.objects.values_list("step", flat=True)) == [3]


def test_a_step_that_a_crash_left_drawn_breaks_nothing() -> None:
    write(1)
    steps.draw(2)
    assert queries.verify() == 1
    anchors.anchor(now=NOW)
    write(1)
    assert queries.verify() == 2


@pytest.mark.parametrize("zone_hours", [0, 5])
@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_the_time_of_an_entry_reads_back_as_it_was_chained(microsecond: int, zone_hours: int) -> None:
    at = NOW.replace(microsecond=microsecond).astimezone(timezone(timedelta(hours=zone_hours)))
    actions.record(None, KIND, now=at)
    assert queries.verify() == 1
