"""On PostgreSQL the desk has a role of its own, to which the journal is closed but for new entries."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from command_line import ROOT
from people import LATER, NOW, PASSPHRASE, Hire
from tocsin.accounts import actions as accounts
from tocsin.accounts import second_factor
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions as casework
from tocsin.casework.ending import reasons_to_end
from tocsin.core.records import from_yaml
from tocsin.journal import actions, queries
from tocsin.journal.models import Anchor, Entry
from two_databases import working_as

pytestmark = pytest.mark.database("postgresql")
CASE = from_yaml((Path(__file__).parent.parent / "casework/case.yaml").read_text("utf-8"))
CHANGED = dataclasses.replace(CASE, events=(dataclasses.replace(CASE.events[0], manner="quickly"), *CASE.events[1:]))
GRANTS = (ROOT / "docs/postgresql-desk-role.sql").read_text("utf-8")
INSERT = "INSERT INTO journal_entry SELECT * FROM journal_entry"
FORBIDDEN = {
    "change an entry": "UPDATE journal_entry SET facts = '{}'",
    "remove an entry": "DELETE FROM journal_entry",
    "empty the journal": "TRUNCATE journal_entry",
    "take the place of an entry": f"{INSERT} ON CONFLICT (number) DO UPDATE SET facts = '{{}}'",
    "change an anchor": "UPDATE journal_anchor SET number = 0",
    "remove an anchor": "DELETE FROM journal_anchor",
    "remove the head": "DELETE FROM journal_head",
    "drop a trigger": "DROP TRIGGER journal_entry_no_change ON journal_entry",
    "let triggers sleep": "ALTER TABLE journal_entry DISABLE TRIGGER USER",
    "let all triggers sleep": "SET session_replication_role = replica",
    "make the trigger harmless": "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NEW; END $$",
    "put a rule before the table": "CREATE RULE forget AS ON INSERT TO journal_entry DO INSTEAD NOTHING",
    "put a trigger of one's own": "CREATE TRIGGER forget BEFORE INSERT ON journal_entry "
    "FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    "drop the journal": "DROP TABLE journal_entry",
    "put another in its place": "ALTER TABLE journal_entry RENAME TO journal_before",
    "make a table": "CREATE TABLE journal_forged (number bigint)",
    "become the owner": "SET ROLE postgres",
    "give oneself the right": "GRANT UPDATE ON journal_entry TO CURRENT_USER; UPDATE journal_entry SET number = 0",
    "forget a migration": "DELETE FROM django_migrations",
}


@pytest.fixture
def desk(committed: None, tomas: NewAccount) -> Iterator[None]:
    """Let the site work as the role of the desk from here on."""
    with working_as("tocsin_desk", GRANTS):
        yield


@pytest.mark.usefixtures("desk")
def test_a_day_of_the_desk_needs_no_more(tomas: NewAccount, hire: Hire) -> None:
    code = second_factor.code_at(tomas.totp, NOW)
    cookie = accounts.sign_in("tomas", PASSPHRASE, code, now=NOW)
    actor = accounts.resume(cookie, now=NOW)
    assert actor is not None
    amina = hire("amina", "case_lead").actor
    opened = casework.open_new_case(actor, CASE, reason="a report", now=NOW)
    casework.save_case(actor, opened, CHANGED, now=NOW)
    given = casework.give_access(actor, opened.id, "facts", amina.id, reason="helps", ends_at=LATER, now=NOW)
    assert casework.read_case(amina, opened.id, now=NOW).case.events[0].manner == "quickly"
    casework.end_access(actor, given.id, reason=next(iter(reasons_to_end())), now=NOW)
    casework.shred_case(actor, opened.id, now=NOW)
    anchors = Anchor.objects.count()
    for number in range(120):
        with transaction.atomic():
            actions.record(actor.id, "casework.case.read", opened.id, now=NOW + timedelta(seconds=number))
    assert Anchor.objects.count() > anchors
    assert queries.verify() == Entry.objects.count()


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_role_of_the_desk_cannot(what: str) -> None:
    before = list(Entry.objects.values_list())
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), connection.cursor() as cursor:
        cursor.execute(FORBIDDEN[what])
    assert list(Entry.objects.values_list()) == before
    assert queries.verify() == len(before) > 0
